"""truth.yaml: the parameters, and what follows from them that calibration may also call the truth."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np

from generator.book import HEADCOUNT, Book
from generator.catalogue import CATEGORIES
from generator.chat import HOURLY_NOTE, profile
from generator.traffic import PAID
from generator.world import (
    CHANNELS,
    CONVERSION_EVENTS,
    FAMILIES,
    LAST_EXPORT_DAY,
    PHASES,
    SEED,
    START,
    VISITOR_EVENTS,
    days,
)

RECENT_DAYS = 56


def _channels(book: Book, ordinary: np.ndarray) -> dict[str, object]:
    t, cv, end = book.world.traffic, book.world.conversion, len(ordinary)
    index, out = days()[:end], {}
    g = float(book.day["g"][:end][ordinary].mean())
    weekday = np.array(t.weekday)
    weekday = weekday / weekday.mean(axis=1, keepdims=True)
    for c, name in enumerate(CHANNELS):
        p, q = cv.p_silent[c], cv.enquiry_share[c]
        expected = book.plan.mean[c, :end] / book.plan.event[c, :end]
        out[name] = {
            "base_visitors": t.base[c],
            "level_recent": float(book.plan.level[c, end - RECENT_DAYS : end].mean()),
            "mean_visitors_ordinary": float(expected[ordinary].mean()),
            "weekday": weekday[c].tolist(),
            "season_by_month": {
                m: float(book.plan.season[c, :end][index.month == m].mean()) for m in range(1, 13)
            },
            "p_silent": p,
            "p_enquiring_answered_at_once": p * cv.kappa,
            "enquiry_share": q,
            "conversion_reference": p * ((1 - q) + q * cv.kappa * g),
            "conversion_ordinary": float(book.channel["p_expected"][c, :end][ordinary].mean()),
            "shock_sd": t.channel_shock_sd[c],
        }
    return out


def _events(book: Book, ordinary: np.ndarray) -> dict[str, object]:
    end, cal = len(ordinary), book.calendar
    usual = book.plan.response[:, :end][:, ordinary].mean(axis=1)
    total = book.plan.event[:, :end] * book.plan.response[:, :end] / usual[:, None]
    p = book.channel["p_expected"][:, :end]
    lift = (p / p[:, ordinary].mean(axis=1, keepdims=True)).mean(axis=0)
    out: dict[str, object] = {}
    for f, family in enumerate(FAMILIES):
        tree: dict[str, object] = {}
        for i, phase in enumerate(PHASES):
            when = (cal.family[:end] == f) & (cal.phase[:end] == i)
            tree[phase] = {
                "days": int(when.sum()),
                "visitors": dict(zip(CHANNELS, VISITOR_EVENTS[family][phase], strict=True)),
                "visitors_total": dict(zip(CHANNELS, total[:, when].mean(axis=1).tolist(), strict=True)),
                "conversion": CONVERSION_EVENTS[family][i],
                "conversion_total": float(lift[when].mean()),
            }
        out[family] = tree
    return out


def _products(book: Book) -> dict[str, object]:
    c, last = book.catalogue, int((days() <= LAST_EXPORT_DAY).sum()) - 1
    index = days()
    return {
        c.sku[k]: {
            "category": CATEGORIES[c.category[k]][0],
            "role": "traffic" if c.role_traffic[k] else "profit",
            "elasticity": float(c.elasticity[k]),
            "ref_price": float(c.ref_price[k]),
            "share_recent": float(c.attraction[k, last - RECENT_DAYS : last + 1].mean()),
            "refund_rate": float(c.refund_rate[k]),
            "lead_time_days": float(c.lead_days[k]),
            "cost": float(c.cost[k]),
            "launched": index[c.launch[k]].strftime("%Y-%m-%d"),
            "retired": index[c.retire[k]].strftime("%Y-%m-%d") if c.retire[k] < len(index) else None,
        }
        for k in range(len(c.sku))
    }


def _answer_curve(book: Book, end: int) -> list[list[float]]:
    """[mean first response in s, mean g] in ten groups of days: the curve as daily exports show it."""
    seconds, g = book.day["response_s"][:end], book.day["g"][:end]
    groups = np.array_split(np.argsort(seconds, kind="stable"), 10)
    return [[float(seconds[i].mean()), float(g[i].mean())] for i in groups]


def _hidden(book: Book) -> dict[str, object]:
    end = int((days() <= LAST_EXPORT_DAY).sum())
    return {
        "note": "one run of the month nobody exported, with the planned spend; absences drawn as usual",
        "gmv": float(book.day["gmv"][end:].sum()),
        "orders": int(book.day["buyers"][end:].sum()),
        "visitors": int(book.day["uv"][end:].sum()),
        "units": int(book.day["units"][end:].sum()),
    }


def truth(book: Book) -> dict[str, object]:
    """The whole tree."""
    w, end = book.world, int((days() <= LAST_EXPORT_DAY).sum())
    ordinary = book.calendar.family[:end] < 0
    t, cv, s = w.traffic, w.conversion, w.service
    return {
        "meta": {
            "simulated": True,
            "seed": SEED,
            "currency": "CNY",
            "first_day": START.strftime("%Y-%m-%d"),
            "last_day": LAST_EXPORT_DAY.strftime("%Y-%m-%d"),
            "ordinary_days": int(ordinary.sum()),
            "after_phase": "the multiplier holds on the first day after and fades in a straight line to 1",
        },
        "channels": _channels(book, ordinary),
        "events": _events(book, ordinary),
        "products": _products(book),
        "categories": {x[0]: {"elasticity_mean": x[5], "refund_rate_mean": x[6]} for x in CATEGORIES},
        "conversion": {
            "theta": cv.theta,
            "badge": cv.badge,
            "kappa": cv.kappa,
            "g_floor": cv.g_floor,
            "g_tau_s": cv.g_tau_s,
            "g_mean_ordinary": float(book.day["g"][:end][ordinary].mean()),
            "shock_sd": cv.shock_sd,
            "g_by_daily_first_response": _answer_curve(book, end),
            "payday_days": list(cv.payday[0]),
            "payday_factor": cv.payday[1],
            "enquiry_event_by_phase": dict(zip(PHASES, cv.enquiry_event, strict=True)),
        },
        "paid": {
            name: {
                "ref_spend": t.ref_spend[i],
                "hill_n": t.hill_n[i],
                "hill_kappa_in_ref_spend": t.hill_kappa[i],
                "carry_over": t.carry_over[i],
            }
            for i, name in enumerate(PAID)
        }
        | {
            "displacement_of_free_search": t.displacement,
            "cps_ref_rate": t.cps_ref_rate,
            "cps_eta": t.cps_eta,
        },
        "shocks": {
            "store_sd": t.store_shock_sd,
            "phi": t.shock_phi,
            "student_df": t.shock_t_df,
            "level_step_sd": t.level_step_sd,
            "trend_breaks_free_search": [list(x) for x in t.trend_breaks],
        },
        "overlap": {
            "store_ordinary": t.overlap_ordinary,
            "store_platform_event": t.overlap_event,
            "returning_leaves": t.leaf_overlap,
        },
        "basket": asdict(w.basket),
        "service": {
            "concurrency": s.concurrency,
            "chat_mean_s": s.chat_mean_s,
            "chat_cv": s.chat_cv,
            "patience_mean_s": s.patience_mean_s,
            "shrinkage": s.shrinkage,
            "aftersale_per_order": s.aftersale_per_order,
            "aftersale_per_refund": s.aftersale_per_refund,
            "presale_contacts_per_visitor": float(
                book.day["presale"][:end].sum() / book.channel["visitors"][:, :end].sum()
            ),
            "headcount_ordinary": HEADCOUNT,
            "short_staffed": [list(x) for x in s.short_staffed],
            "profile_note": HOURLY_NOTE,
            "profile": {
                kind: {day: profile(kind, day == "weekend").tolist() for day in ("weekday", "weekend")}
                for kind in ("presale", "aftersale")
            },
        },
        "stock": asdict(w.stock),
        "wrinkles": asdict(w.wrinkles),
        "hidden_2026_11": _hidden(book),
    }


def _emit(value: object, indent: int) -> str:
    """Block YAML for mappings, flow (JSON) for leaves; every key quoted where YAML could misread it."""
    if not isinstance(value, dict):
        return " " + json.dumps(_rounded(value), ensure_ascii=False)
    if value and all(not isinstance(v, dict) for v in value.values()) and indent > 2:
        return " " + json.dumps({str(k): _rounded(v) for k, v in value.items()}, ensure_ascii=False)
    pad = "  " * indent
    return "\n" + "\n".join(f"{pad}{json.dumps(str(k))}:{_emit(v, indent + 1)}" for k, v in value.items())


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, (list, tuple)):
        return [_rounded(v) for v in value]
    return value


def write_truth(book: Book, path: Path) -> None:
    """Write the tree as YAML (keys are strings, also the months)."""
    head = "# TRUE parameters of the simulated store, to check calibration; nothing may calibrate from it.\n"
    path.write_text(head + _emit(truth(book), 0).lstrip("\n") + "\n", encoding="utf-8")
