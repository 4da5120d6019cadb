"""Channels and choice of the store, put together from the departments' estimates."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ecomsim.calibrate.conversion import Conversion
from ecomsim.calibrate.events import Event
from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.calibrate.noise import Shocks
from ecomsim.calibrate.response import Lever, make_driver
from ecomsim.calibrate.traffic import Traffic
from ecomsim.store import Channel, Choice, Paid, Returning
from ecomsim.uncertain import Number, Uncertain

__all__ = ["make_channels", "make_choice"]

_PLAN_DAYS = 200


def make_channels(
    history: History,
    traffic: Traffic,
    conversion: Conversion,
    shocks: Shocks,
    events: Sequence[Event],
    ledger: Ledger,
) -> dict[str, Channel]:
    """Return the channels with their posterior draws."""
    out = {}
    searched = [n for n, f in traffic.channels.items() if f.lever.kind == "free" and "search" in n]
    for name, one in traffic.channels.items():
        plan, spend = _spend_plan(history, name, one.lever, events)
        driver = make_driver(name, one.lever, one.found, one.response(), ledger, plan, spend)
        if plan:
            _note_plan(history, name, ledger)
        base = one.base()
        if isinstance(driver, Paid) and "search" in name and searched:
            taken = traffic.channels[searched[0]].displaced
            driver = dataclasses.replace(driver, displaces={searched[0]: taken})
            ledger.estimated(
                f"channels.{name}.driver.displaces", "channel_day", "free search against paid response"
            )
        if isinstance(driver, Returning):
            driver, base = _returning_now(driver, one.lever, one.response()[:, 0], base, ledger)
        path = f"channels.{name}"
        season = one.at["season"].stop > one.at["season"].start
        for part in ("base", "weekday", "growth", *(("season",) if season else ())):
            ledger.estimated(f"{path}.{part}", "channel_day")
        if not season:
            ledger.note_assumed(
                f"{path}.season", "flat", "Less than thirteen months of data.",
                "thirteen months of days or more", rule="channels.*.season",
            )  # fmt: skip
        free = one.lever.kind == "free" and "event" not in name
        ledger.assume(f"{path}.reputation", "channels.*.reputation")
        week = one.weekday()
        months = one.season()
        out[name] = Channel(
            name=name,
            base=ledger.joint(base, "traffic"),
            p_silent=ledger.joint(conversion.p_silent[name], "conversion"),
            p_enquiring=ledger.joint(conversion.p_enquiring[name], "conversion"),
            enquiry_share=_enquiry_share(name, conversion, ledger),
            weekday=tuple(ledger.joint(week[:, d], "traffic") for d in range(7)),
            season=tuple(ledger.joint(months[:, m], "traffic") if season else 1.0 for m in range(12)),
            growth=ledger.joint(np.clip(one.growth(), -0.9, 5.0), "traffic"),
            dispersion=shocks.dispersion[name],
            reputation=1.0 if free else 0.0,
            driver=driver,
        )
    return out


def _enquiry_share(name: str, conversion: Conversion, ledger: Ledger) -> Number:
    if not conversion.answering.share_known:
        return conversion.answering.usual_share
    return ledger.joint(conversion.asking[name], "conversion")


def _returning_now(
    driver: Returning, lever: Lever, theta: Floats, base: Floats, ledger: Ledger
) -> tuple[Returning, Floats]:
    """Restate base and share at the recent buyers of today, from which the simulated day starts."""
    share = 1 / (1 + np.exp(-theta))
    ratio = float(lever.series[-1] / lever.ref)
    scale = 1 - share + share * ratio
    return (
        dataclasses.replace(
            driver,
            share=ledger.joint(np.clip(share * ratio / scale, 0, 1), "traffic"),
            ref_buyers=float(lever.series[-1]),
        ),
        base * scale,
    )


def _note_plan(history: History, name: str, ledger: Ledger) -> None:
    path = f"channels.{name}.driver.plan"
    if "spend_plan" in history.tables:
        ledger.given(
            path, "spend_plan", "days beyond it: usual spend times what past events of the family got"
        )
    else:
        ledger.note_assumed(
            path, "the usual spend, as past events of the family got", "No spend is planned.",
            "the spend plan template", rule="channels.*.driver.plan",
        )  # fmt: skip


def _spend_plan(
    history: History, name: str, lever: Lever, events: Sequence[Event]
) -> tuple[dict[str, float], float]:
    """Return planned spend by date and the usual spend of a day.

    Days of the spend plan come from it. Other days of coming promotions get the usual spend times what the
    store spent in the same phase of the family before.
    """
    if lever.kind != "paid":
        return {}, 0.0
    dates = history.dates
    ordinary = np.ones(len(dates), bool)
    past: dict[tuple[str, str], list[float]] = {}
    weights = [(e, e.weights(dates)) for e in events]
    for _, phases in weights:
        for weight in phases.values():
            ordinary &= weight == 0
    usual_days = ordinary & (lever.series > 0)
    recent = np.flatnonzero(usual_days)[-90:]
    usual = float(np.mean(lever.series[recent])) if len(recent) else lever.ref
    for event, phases in weights:
        for phase, weight in phases.items():
            if (weight > 0).any():
                past.setdefault((event.family, phase), []).extend(lever.series[weight > 0] / max(usual, 1e-9))
    future = pd.date_range(dates[-1] + pd.Timedelta(days=1), periods=_PLAN_DAYS)
    factor = np.ones(_PLAN_DAYS)
    for event in events:
        for phase, weight in event.weights(future).items():
            seen = past.get((event.family, phase))
            if seen:
                factor *= 1 + weight * (float(np.mean(seen)) - 1)
    plan = {
        d.date().isoformat(): round(float(usual * f), 2)
        for d, f in zip(future, factor, strict=True)
        if f != 1
    }
    table = history.tables.get("spend_plan")
    if table is not None:
        mine = table[(table["channel"].astype(str) == name) & (table["date"] > dates[-1])]
        plan |= {d.date().isoformat(): float(x) for d, x in zip(mine["date"], mine["spend"], strict=True)}
    return plan, round(usual, 2)


def make_choice(conversion: Conversion, ledger: Ledger) -> Choice:
    """Return market expansion as estimated, substitution and rank as assumed."""
    learnt = ledger.provenance["choice.theta"].how == "estimated"
    theta: Uncertain = ledger.joint(conversion.theta, "conversion")
    return Choice(
        theta=theta if learnt else ledger.assume("choice.theta"),
        substitution=ledger.assume("choice.substitution"),
        rank_loss=ledger.assume("choice.rank_loss"),
        rank_half_life_days=ledger.assume("choice.rank_half_life_days"),
    )
