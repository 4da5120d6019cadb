"""The promotion calendar as a design: the family and phase of each day, and how deep each product is cut."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.orders import plain_name
from ecomsim.store import FullReduction

__all__ = ["PHASES", "Event", "Group", "Term", "always_on", "event_terms", "phase_columns", "read_events"]

PHASES = ("before", "during", "peak", "after")
MOST_DAYS = 0.6


@dataclass(frozen=True)
class Group:
    """Products of an event that get the same price cut; no SKUs means all products."""

    skus: tuple[str, ...]
    discount: float
    everything: bool


@dataclass(frozen=True)
class Event:
    """One promotion of the calendar, past or planned."""

    name: str
    family: str
    start: dt.date
    end: dt.date
    peaks: tuple[dt.date, ...]
    before_days: int
    after_days: int
    groups: tuple[Group, ...]
    reduction: FullReduction | None
    coupon: FullReduction | None

    def weights(self, dates: pd.DatetimeIndex) -> dict[str, Floats]:
        """Return the weight of each phase on `dates`, as Promotion.phase gives it."""
        day = dates.to_numpy().astype("datetime64[D]")
        from_start = (day - np.datetime64(self.start)).astype(float)
        from_end = (day - np.datetime64(self.end)).astype(float)
        peak = np.isin(day, np.array(self.peaks, "datetime64[D]"))
        inside = (from_start >= 0) & (from_end <= 0)
        before = (from_start < 0) & (from_start >= -self.before_days)
        after = (from_end > 0) & (from_end <= self.after_days)
        return {
            "before": before.astype(float),
            "during": (inside & ~peak).astype(float),
            "peak": (inside & peak).astype(float),
            "after": np.where(after, 1 - (from_end - 1) / max(self.after_days, 1), 0.0),
        }


@dataclass(frozen=True)
class Term:
    """One column of the event design."""

    family: str
    phase: str
    days: int
    instances: int


def read_events(history: History, notes: list[str]) -> tuple[Event, ...]:
    """Return every promotion of the calendar, past and planned, by start day.

    The calendar is known in advance, so rows after the as-of day are used: they are plans, not outcomes.
    """
    frame = history.tables.get("promotions")
    if frame is None:
        return ()
    scopes = _scopes(history)
    out = []
    for name, rows in frame.groupby("promotion", sort=False):
        head = rows.iloc[0]
        groups = [_group(row, scopes, history.merged, notes, str(name)) for _, row in rows.iterrows()]
        start, end = rows["start"].min().date(), rows["end"].max().date()
        peaks = sorted({d for text in _texts(rows, "peaks") for d in _dates(text, str(name), notes)})
        out.append(
            Event(
                name=plain_name(str(name)),
                family=_text(head, "family") or "own",
                start=start,
                end=end,
                peaks=tuple(d for d in peaks if start <= d <= end),
                before_days=int(_value(head, "before_days")),
                after_days=int(_value(head, "after_days")),
                groups=tuple(g for g in groups if g is not None),
                reduction=_reduction(rows, "threshold", "off", "times"),
                coupon=_reduction(rows, "coupon_threshold", "coupon_off", ""),
            )
        )
    return tuple(sorted(out, key=lambda e: (e.start, e.name)))


def _texts(rows: pd.DataFrame, column: str) -> list[str]:
    return sorted({x for x in rows[column] if isinstance(x, str) and x.strip()}) if column in rows else []


def _text(row: pd.Series, column: str) -> str:
    value = row.get(column)
    return value.strip() if isinstance(value, str) else ""


def _value(row: pd.Series, column: str) -> float:
    value = row.get(column)
    return 0.0 if value is None or pd.isna(value) else float(value)


def _dates(text: str, name: str, notes: list[str]) -> list[dt.date]:
    out = []
    for part in text.replace("；", ";").replace(",", ";").split(";"):
        if part.strip():
            try:
                out.append(dt.date.fromisoformat(part.strip().replace("/", "-")))
            except ValueError:
                notes.append(f"promotions.{name}.peaks: '{part.strip()}' is not a date; left out.")
    return out


def _reduction(rows: pd.DataFrame, threshold: str, off: str, times: str) -> FullReduction | None:
    for _, row in rows.iterrows():
        at, by = _value(row, threshold), _value(row, off)
        if at > 0 and by > 0:
            return FullReduction(at, by, max(int(_value(row, times)), 1) if times else 1)
    return None


_ROLES = {"引流": "traffic", "利润": "profit", "常规": "plain"}


def _scopes(history: History) -> dict[str, list[str]]:
    """Return the products each word of a scope may mean: a SKU, a category, a role."""
    out: dict[str, list[str]] = {}
    products = history.tables.get("products")
    if products is not None:
        for column in ("role", "category"):
            if column in products:
                known = products[column].notna()
                for word, sku in zip(products.loc[known, column], products.loc[known, "sku"], strict=True):
                    out.setdefault(_ROLES.get(str(word), str(word)), []).append(str(sku))
    out.update({sku: [sku] for sku in history.skus})
    return out


def _group(
    row: pd.Series, scopes: Mapping[str, list[str]], merged: Mapping[str, str], notes: list[str], name: str
) -> Group | None:
    scope = _text(row, "scope") or "all"
    discount = min(_value(row, "discount"), 0.95)
    if scope in ("all", "全部", "全店"):
        return Group((), discount, True)
    parts = [plain_name(p) for p in scope.replace("；", ";").split(";") if p.strip()]
    chosen = list(dict.fromkeys(s for p in parts for s in scopes.get(_ROLES.get(p, p), ())))
    if chosen:
        return Group(tuple(chosen), discount, False)
    if not any(p in merged for p in parts):
        shown = scope if len(scope) < 40 else scope[:40] + "..."
        notes.append(
            f"promotions.{name}.scope '{shown}' names no known product, category or role; no price cut."
        )
    return None


def always_on(events: Sequence[Event], dates: pd.DatetimeIndex) -> set[str]:
    """Return the families that run on most days: what they do cannot be told from the ordinary level.

    A weekly mailer is part of the store as it is; only its price cuts on products are its own.
    """
    covered: dict[str, Floats] = {}
    for event in events:
        days = np.sum(list(event.weights(dates).values()), axis=0) > 0
        covered[event.family] = covered.get(event.family, np.zeros(len(dates), bool)) | days
    return {family for family, days in covered.items() if days.mean() > MOST_DAYS}


def event_terms(events: Sequence[Event], dates: pd.DatetimeIndex) -> dict[tuple[str, str], Term]:
    """Return the family-phases that occur within `dates`, with how often; families always on are left out."""
    found: dict[tuple[str, str], list[int]] = {}
    ordinary = always_on(events, dates)
    for event in events:
        if event.family in ordinary:
            continue
        for phase, weight in event.weights(dates).items():
            days = int((weight > 0).sum())
            if days:
                entry = found.setdefault((event.family, phase), [0, 0])
                entry[0] += days
                entry[1] += 1
    return {key: Term(key[0], key[1], days, count) for key, (days, count) in sorted(found.items())}


def phase_columns(
    events: Sequence[Event], terms: Mapping[tuple[str, str], Term], dates: pd.DatetimeIndex
) -> Floats:
    """Return the (days, terms) design; siblings of one family share a column."""
    place = {key: j for j, key in enumerate(terms)}
    out = np.zeros((len(dates), len(terms)))
    for event in events:
        for phase, weight in event.weights(dates).items():
            j = place.get((event.family, phase))
            if j is not None:
                out[:, j] += weight
    return out
