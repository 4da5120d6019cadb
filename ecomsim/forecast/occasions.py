"""Which dated events and known drivers a forecast reckons with, checked before it is made."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

import pandas as pd

from ecomsim.calendar import Event, Phase, missing_events
from ecomsim.calendar import events as dated_events
from ecomsim.checks import EcomsimError

__all__ = ["occasions", "unseen_families"]

_DAY = dt.timedelta(days=1)
_WINDOW = 21


def occasions(
    first: dt.date,
    last: dt.date,
    given: Sequence[Event] | None,
    promotions: pd.DataFrame | None,
    notes: list[str],
) -> tuple[Event, ...]:
    """Return the events from `first` to `last`, in order.

    Parameters
    ----------
    given : the user's own list, taken as it is; None takes the calendar's festivals and platform events, with the
        shop's own promotion calendar in place of the platform's dates where it has them
    promotions : canonical table of promotions

    Raises
    ------
    EcomsimError
        For two events of one family that overlap, or an event that is none.
    """
    if given is not None:
        for place, event in enumerate(given, start=1):
            if not isinstance(event, Event):
                raise EcomsimError(
                    f"forecast.events, entry {place}", repr(event)[:60], "ecomsim.calendar.Event",
                    "Take them from ecomsim.calendar.events(start, end)",
                )  # fmt: skip
        found = list(given)
    else:
        own = [] if promotions is None else _promotions(promotions)
        known = {(e.family, e.year) for e in own}
        found = own + [e for e in dated_events(first, last) if (e.family, e.year) not in known]
        families = {e.family for e in own if e.end >= first and e.start <= last}
        notes += [s for s in missing_events(first, last) if not _told_by(s, own, families)]
    near = dt.timedelta(days=_WINDOW)
    found = sorted(
        (e for e in found if e.start <= last + near and e.end >= first - near), key=lambda e: e.start
    )
    for family in {e.family for e in found}:
        for before, after in itertools.pairwise(e for e in found if e.family == family):
            if after.start <= before.end:
                raise EcomsimError(
                    f"forecast.events, {after.name}", f"{after.start} to {after.end}, inside {before.name} "
                    f"({before.start} to {before.end}) of the same family '{family}'",
                    "events of one family one after the other",
                    "Make them one event with two phases, or give one of them a family of its own",
                )  # fmt: skip
    return tuple(found)


def _told_by(sentence: str, own: Sequence[Event], families: set[str]) -> bool:
    years = {str(e.year) for e in own if e.family in families}
    return any(f in sentence.casefold().replace(" ", "") and y in sentence for f in families for y in years)


def _promotions(frame: pd.DataFrame) -> list[Event]:
    """Return the shop's own promotions, one event each; days shared by two of a family belong to the first."""
    out = []
    for name, rows in frame.groupby("promotion", sort=False):
        start, end = rows["start"].min().date(), rows["end"].max().date()
        head = rows["family"].dropna() if "family" in rows else pd.Series([], dtype=object)
        family = str(head.iloc[0]).strip() if len(head) else "own"
        text = ";".join(str(p) for p in rows["peaks"].dropna().unique()) if "peaks" in rows else ""
        days = pd.to_datetime(
            pd.Series([p for p in text.replace("；", ";").split(";") if p.strip()]), errors="coerce"
        )
        peaks = tuple(sorted({d.date() for d in days.dropna() if start <= d.date() <= end}))
        out.append(_event(str(name), family or "own", start, end, peaks))
    out.sort(key=lambda e: e.start)
    kept: list[Event] = []
    for event in out:
        before = next((k for k in reversed(kept) if k.family == event.family), None)
        if before is not None and event.start <= before.end:
            joined = _event(
                before.name, event.family, before.start, max(before.end, event.end),
                tuple(sorted({*before.peaks, *event.peaks})),
            )  # fmt: skip
            kept[kept.index(before)] = joined
        else:
            kept.append(event)
    return kept


def _event(name: str, family: str, start: dt.date, end: dt.date, peaks: tuple[dt.date, ...]) -> Event:
    phase = Phase("event", dt.datetime.combine(start, dt.time()), dt.datetime.combine(end + _DAY, dt.time()))
    return Event(
        name, name, family, start.year, (phase,), peaks, source="promotion calendar", confidence="high"
    )


def unseen_families(
    events: Sequence[Event], first: dt.date, last: dt.date, until: dt.date
) -> tuple[str, ...]:
    """Return families with an event from the day after `last` to `until` and none from `first` to `last`."""
    seen = {e.family for e in events if e.start <= last and e.end >= first}
    ahead = {e.family for e in events if e.end > last and e.start <= until}
    return tuple(sorted(ahead - seen))
