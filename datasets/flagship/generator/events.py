"""When events happen: one family and phase a day at most, so that phases never overlap."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from generator.world import FAMILIES, PHASES, days


@dataclass(frozen=True)
class Event:
    """One event with the dates of its phases (inclusive)."""

    key: str
    family: str
    title: str
    before: str
    start: str
    end: str
    peaks: tuple[str, ...]
    after_end: str

    def phase_of(self, day: pd.Timestamp) -> str | None:
        """Phase on this day, None outside."""
        text = day.strftime("%Y-%m-%d")
        if text in self.peaks:
            return "peak"
        if self.before <= text < self.start:
            return "before"
        if self.start <= text <= self.end:
            return "during"
        return "after" if self.end < text <= self.after_end else None


PLATFORM = (
    Event(
        "double11_2024",
        "double11",
        "2024双11",
        "2024-10-14",
        "2024-10-21",
        "2024-11-11",
        ("2024-10-21", "2024-11-10", "2024-11-11"),
        "2024-11-20",
    ),
    Event(
        "double12_2024",
        "double12",
        "2024双12",
        "2024-12-06",
        "2024-12-09",
        "2024-12-13",
        ("2024-12-12",),
        "2024-12-17",
    ),
    Event(
        "spring_2025",
        "spring_festival",
        "2025年货节与春节",
        "2025-01-08",
        "2025-01-22",
        "2025-02-04",
        ("2025-01-28", "2025-01-29", "2025-01-30"),
        "2025-02-12",
    ),
    Event(
        "618_2025",
        "618",
        "2025年618",
        "2025-05-13",
        "2025-05-16",
        "2025-06-18",
        ("2025-05-16", "2025-06-17", "2025-06-18"),
        "2025-06-27",
    ),
    Event(
        "double11_2025",
        "double11",
        "2025双11",
        "2025-10-15",
        "2025-10-20",
        "2025-11-14",
        ("2025-10-20", "2025-11-10", "2025-11-11"),
        "2025-11-23",
    ),
    Event(
        "double12_2025",
        "double12",
        "2025双12",
        "2025-12-06",
        "2025-12-09",
        "2025-12-13",
        ("2025-12-12",),
        "2025-12-17",
    ),
    Event(
        "spring_2026",
        "spring_festival",
        "2026年货节与春节",
        "2026-01-27",
        "2026-02-10",
        "2026-02-23",
        ("2026-02-16", "2026-02-17", "2026-02-18"),
        "2026-03-02",
    ),
    Event(
        "618_2026",
        "618",
        "2026年618",
        "2026-05-15",
        "2026-05-20",
        "2026-06-18",
        ("2026-05-20", "2026-06-17", "2026-06-18"),
        "2026-06-27",
    ),
    Event(
        "double11_2026",
        "double11",
        "2026双11",
        "2026-10-15",
        "2026-10-20",
        "2026-11-14",
        ("2026-10-20", "2026-11-10", "2026-11-11"),
        "2026-11-23",
    ),
)
_OWN = (  # title, start, end, peak
    ("99大促", "2024-09-06", "2024-09-10", "2024-09-09"),
    ("秋季焕新", "2024-09-20", "2024-09-23", "2024-09-21"),
    ("国庆狂欢", "2024-10-02", "2024-10-05", "2024-10-02"),
    ("黑五返场", "2024-11-27", "2024-11-29", "2024-11-29"),
    ("暖冬节", "2024-12-24", "2024-12-26", "2024-12-25"),
    ("元旦开门红", "2025-01-01", "2025-01-03", "2025-01-01"),
    ("开春上新", "2025-02-20", "2025-02-23", "2025-02-21"),
    ("38女王节", "2025-03-05", "2025-03-08", "2025-03-08"),
    ("春日焕新", "2025-03-21", "2025-03-24", "2025-03-22"),
    ("会员日", "2025-04-10", "2025-04-13", "2025-04-11"),
    ("五一囤货", "2025-05-01", "2025-05-04", "2025-05-01"),
    ("夏凉节", "2025-07-10", "2025-07-13", "2025-07-11"),
    ("会员日", "2025-07-24", "2025-07-26", "2025-07-25"),
    ("88会员节", "2025-08-08", "2025-08-11", "2025-08-08"),
    ("开学季", "2025-08-22", "2025-08-25", "2025-08-23"),
    ("99大促", "2025-09-05", "2025-09-09", "2025-09-09"),
    ("秋季焕新", "2025-09-19", "2025-09-22", "2025-09-20"),
    ("国庆狂欢", "2025-10-02", "2025-10-05", "2025-10-02"),
    ("黑五返场", "2025-11-27", "2025-11-29", "2025-11-28"),
    ("暖冬节", "2025-12-24", "2025-12-26", "2025-12-25"),
    ("元旦开门红", "2026-01-01", "2026-01-03", "2026-01-01"),
    ("会员日", "2026-01-15", "2026-01-17", "2026-01-16"),
    ("38女王节", "2026-03-06", "2026-03-08", "2026-03-08"),
    ("春日焕新", "2026-03-20", "2026-03-23", "2026-03-21"),
    ("会员日", "2026-04-09", "2026-04-12", "2026-04-10"),
    ("五一囤货", "2026-05-01", "2026-05-04", "2026-05-01"),
    ("夏凉节", "2026-07-09", "2026-07-12", "2026-07-10"),
    ("会员日", "2026-07-23", "2026-07-26", "2026-07-24"),
    ("88会员节", "2026-08-07", "2026-08-10", "2026-08-08"),
    ("开学季", "2026-08-21", "2026-08-24", "2026-08-22"),
    ("99大促", "2026-09-05", "2026-09-09", "2026-09-09"),
    ("秋季焕新", "2026-09-18", "2026-09-21", "2026-09-19"),
    ("国庆狂欢", "2026-10-02", "2026-10-05", "2026-10-02"),
    ("黑五返场", "2026-11-27", "2026-11-29", "2026-11-27"),
)


def _shift(text: str, by: int) -> str:
    return (pd.Timestamp(text) + pd.Timedelta(days=by)).strftime("%Y-%m-%d")


def all_events() -> tuple[Event, ...]:
    """Platform and own events by start date."""
    own = tuple(
        Event(
            f"own_{start[:4]}{start[5:7]}{start[8:]}",
            "own",
            f"{start[:7]} {title}",
            _shift(start, -2),
            start,
            end,
            (peak,),
            _shift(end, 2),
        )
        for title, start, end, peak in _OWN
    )
    return tuple(sorted(PLATFORM + own, key=lambda e: e.start))


@dataclass(frozen=True)
class EventDays:
    """Family and phase of every day as indices (-1: ordinary), and which event it is."""

    family: np.ndarray
    phase: np.ndarray
    event: np.ndarray


def event_days() -> EventDays:
    """Map every day to its event; raises if two events claim a day."""
    index = days()
    family, phase, event = (np.full(len(index), -1) for _ in range(3))
    for i, item in enumerate(all_events()):
        for d, day in enumerate(index):
            name = item.phase_of(day)
            if name is None:
                continue
            if family[d] >= 0:
                raise ValueError(f"{day:%Y-%m-%d} belongs to two events")
            family[d], phase[d], event[d] = FAMILIES.index(item.family), PHASES.index(name), i
    return EventDays(family, phase, event)
