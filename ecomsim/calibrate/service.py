"""The chat desk: when chats come, how long they take, who is on duty, what orders and refunds bring back."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ecomsim.calibrate.answering import Answering
from ecomsim.calibrate.assume import assumption
from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.calibrate.orders import plain_name
from ecomsim.store import SLOTS, AnswerCurve, Service, Team
from ecomsim.uncertain import LogNormal, mean_of

__all__ = ["fit_service", "fit_teams"]

_RECENT = 56
# Share of chats by hour from midnight where none was counted: quiet nights, long evenings.
_HOURS = (1, 1, 0, 0, 0, 0, 1, 1, 2, 4, 5, 5, 5, 5, 5, 6, 5, 5, 5, 6, 8, 8, 6, 3)
_OCCUPIED = 0.75


def fit_service(history: History, answering: Answering, ledger: Ledger) -> Service:
    """Return the desk's arrivals and handling."""
    turns, work, think = _handling(history, ledger)
    parcel, refund = _aftersale(history, ledger)
    return Service(
        profile=_profile(history, ledger),
        work_s=work,
        think_s=think,
        turns=turns,
        patience_s=ledger.assume("service.patience_s"),
        aftersale_per_parcel=parcel,
        aftersale_per_refund=refund,
        aftersale_per_late=ledger.assume("service.aftersale_per_late"),
        answer_curve=AnswerCurve(
            floor=ledger.joint(np.clip(answering.floor, 0, 1), "conversion"),
            decay_s=ledger.joint(np.maximum(answering.decay_s, 1.0), "conversion"),
        ),
    )


def _slot(text: pd.Series) -> np.ndarray:
    parts = text.astype(str).str.split(":", expand=True)
    return (parts[0].astype(int) * 2 + (parts[1].astype(int) >= 30)).to_numpy(int) % SLOTS


def _profile(history: History, ledger: Ledger) -> tuple[float, ...]:
    contacts = history.tables.get("contacts")
    if contacts is not None:
        known = contacts[(contacts["date"] <= history.dates[-1]) & contacts["kind"].isin(["presale", "售前"])]
        if len(known) and known["contacts"].sum() >= 200:
            count = np.bincount(_slot(known["slot"]), known["contacts"].to_numpy(float), SLOTS)
            # One contact a half-hour and month smooths the empty night.
            share = (count + 1) / (count + 1).sum()
            ledger.estimated("service.profile", "contacts", first=known["date"].min().date())
            return _summing(share)
    ledger.note_assumed(
        "service.profile", "a usual day's curve", "Chats by half-hour are not known.", "the contacts template"
    )
    share = np.repeat(np.array(_HOURS, float) + 0.2, 2)
    return _summing(share / share.sum())


def _summing(share: Floats) -> tuple[float, ...]:
    out = [float(x) for x in share]
    out[-1] += 1 - sum(out)
    return tuple(out)


def _handling(history: History, ledger: Ledger) -> tuple[float | LogNormal, ...]:
    """Return replies a chat, work and think seconds a reply, from messages and chat lengths."""
    service = history.service
    served, sent, length = (_recent(service[x]) for x in ("served", "agent_messages", "handle_s"))
    both = np.isfinite(served) & np.isfinite(sent) & (served > 0)
    if both.any() and np.nansum(sent[both]) > 0:
        turns = float(np.clip(sent[both].sum() / served[both].sum(), 1.0, 60.0))
        ledger.estimated("service.turns", "service_day", "agent messages a served person")
    else:
        turns = mean_of(ledger.assume("service.turns"))
    work = ledger.assume("service.work_s")
    assert isinstance(work, LogNormal)
    known = np.isfinite(length) & (length > 0)
    if not known.any():
        return turns, work, _lognormal(ledger, "service.think_s")
    per_reply = float(np.median(length[known])) / turns
    # A chat's length is replies times (work + think); the split stays assumed, its sum is data.
    share = min(work.mean, 0.6 * per_reply)
    ledger.estimated("service.think_s", "service_day", "chat length a reply, less the assumed work")
    return turns, LogNormal(max(share, 1.5), 0.2), LogNormal(max(per_reply - share, 1.0), 0.1)


def _lognormal(ledger: Ledger, path: str) -> LogNormal:
    value = ledger.assume(path)
    assert isinstance(value, LogNormal)
    return value


def _recent(values: Floats) -> Floats:
    return values[-180:]


def _aftersale(history: History, ledger: Ledger) -> tuple[LogNormal | float, LogNormal | float]:
    """Return after-sale chats a parcel and a refunded unit, by least squares on past orders and refunds."""
    after = _aftersale_days(history)
    orders, refunds = history.store["orders"], history.store["refunds"]
    gmv, units = history.store["gmv"], history.store["units"]
    refunded = np.where(
        (gmv > 0) & np.isfinite(refunds), refunds * np.nansum(units) / max(np.nansum(gmv), 1.0), np.nan
    )
    week = pd.Series(orders).shift(1).rolling(7, min_periods=4).mean().to_numpy()
    good = np.isfinite(after) & np.isfinite(week) & np.isfinite(refunded)
    priors = [_assumed_mean(x) for x in ("service.aftersale_per_parcel", "service.aftersale_per_refund")]
    if good.sum() < 21:
        return (
            _as_lognormal(ledger, "service.aftersale_per_parcel"),
            _as_lognormal(ledger, "service.aftersale_per_refund"),
        )
    x = np.stack([week[good], refunded[good]], axis=1)
    y = after[good]
    noise = max(float(np.var(y - x @ np.array(priors))) / 10, float(np.mean(y)))
    precision = np.diag([1 / 0.15**2, 1 / 0.3**2])
    normal = x.T @ x / noise + precision
    value = np.linalg.solve(normal, x.T @ y / noise + precision @ np.array(priors))
    value = np.maximum(value, [0.005, 0.02])
    sd = np.sqrt(np.diag(np.linalg.inv(normal)))
    ledger.estimated(
        "service.aftersale_per_parcel", "contacts or service_day", "against orders of the week before"
    )
    ledger.estimated("service.aftersale_per_refund", "contacts or service_day", "against refunds completed")
    spread = [float(np.clip(s / v, 0.02, 0.5)) for s, v in zip(sd, value, strict=True)]
    return LogNormal(float(value[0]), spread[0]), LogNormal(float(value[1]), spread[1])


def _assumed_mean(path: str) -> float:
    """Return the mean of an assumption without recording it as one."""
    return assumption(path).value.mean


def _as_lognormal(ledger: Ledger, path: str) -> LogNormal:
    value = ledger.assume(path)
    low, high = value.interval(0.9)
    return LogNormal(value.mean, float(np.log(high / low) / 3.29))


def _aftersale_days(history: History) -> Floats:
    contacts = history.tables.get("contacts")
    if contacts is not None:
        known = contacts[contacts["kind"].isin(["aftersale", "售后"])]
        if len(known):
            return known.groupby("date")["contacts"].sum().reindex(history.dates).to_numpy(float)
    return np.asarray(history.service["enquirers"] - history.service["presale_enquirers"])


def fit_teams(history: History, service: Service, asked: float, ledger: Ledger) -> dict[str, Team]:
    """Return the teams of the roster with planned days, or one assumed team big enough for the contacts.

    Parameters
    ----------
    asked : pre-sale chats of an ordinary day
    """
    roster = history.tables.get("roster")
    if roster is None or not len(roster):
        return {"service": _assumed_team(history, service, asked, ledger)}
    names = (
        roster["team"].astype(str).str.strip()
        if "team" in roster
        else pd.Series("service", index=roster.index)
    )
    out = {}
    for name in dict.fromkeys(names):
        safe = plain_name(name) or "service"
        out[safe] = _team(history, safe, roster[names == name], ledger)
    return out


def _team(history: History, name: str, rows: pd.DataFrame, ledger: Ledger) -> Team:
    slots = _slot(rows["slot"])
    dates = pd.DatetimeIndex(rows["date"])
    today = history.dates[-1]
    every = dates.unique().sort_values()
    grid = np.zeros((len(every), SLOTS))
    np.add.at(grid, (every.get_indexer(dates), slots), rows["agents"].to_numpy(float))
    past = every <= today
    usual = grid[past][-_RECENT:] if past.any() else grid
    days = every[past][-_RECENT:] if past.any() else every
    # The median day: event rosters are not the ordinary headcount.
    shape = np.median(usual, axis=0)
    shape = shape if shape.max() > 0 else usual.mean(axis=0)
    headcount = float(shape.max())
    totals = usual.sum(axis=1)
    weekday = [
        float(np.median(totals[days.day_of_week == w])) if (days.day_of_week == w).any() else np.nan
        for w in range(7)
    ]
    middle = float(np.nanmedian(weekday))
    factor = tuple(round(w / middle, 3) if np.isfinite(w) and middle > 0 else 1.0 for w in weekday)
    planned = {
        d.date().isoformat(): tuple(float(x) for x in row)
        for d, row in zip(every[~past], grid[~past], strict=True)
    }
    ledger.given(f"teams.{name}", "roster", "median of the last weeks; planned days as rostered")
    wage = ledger.assume(f"teams.{name}.wage_hour", "teams.*.wage_hour")
    ledger.provenance[f"teams.{name}.shrinkage"] = ledger.provenance[f"teams.{name}"]
    return Team(
        name, headcount=headcount, shape=tuple(float(x) for x in np.clip(shape / max(headcount, 1e-9), 0, 1)),
        weekday=factor, roster=planned, wage_hour=wage, shrinkage=0.0,
    )  # fmt: skip


def _assumed_team(history: History, service: Service, asked: float, ledger: Ledger) -> Team:
    handle = mean_of(service.turns) * (mean_of(service.work_s) + mean_of(service.think_s))
    open_hours = tuple(1.0 if 16 <= h < SLOTS else 0.0 for h in range(SLOTS))
    orders = history.store["orders"][-_RECENT:]
    orders = orders[np.isfinite(orders)]
    after = mean_of(service.aftersale_per_parcel) * float(orders.mean()) if len(orders) else 0.0
    busiest = max(service.profile) * (asked + after)
    agents = busiest * handle / (service.concurrency * _OCCUPIED * 1800.0)
    headcount = float(max(1, int(np.ceil(agents))))
    path = "teams.service"
    ledger.note_assumed(
        f"{path}.headcount", f"{headcount:g}",
        "Enough agents for the busiest half-hour at three quarters of their time.",
        "the roster template",
    )  # fmt: skip
    return Team(
        "service", headcount=headcount, shape=open_hours,
        wage_hour=ledger.assume(f"{path}.wage_hour", "teams.*.wage_hour"), shrinkage=0.0,
    )  # fmt: skip
