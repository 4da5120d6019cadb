"""Festivals and days off in China: lunar New Year by lunar date, the others by the `holidays` package."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from ecomsim.calendar.horizon import Horizon
from ecomsim.calendar.phases import Event, Phase
from ecomsim.checks import EcomsimError

__all__ = ["feasts", "makeup_workdays", "spring_festival", "supported"]

FIRST, LAST = 1950, 2099
_FAMILIES = {
    "New Year's Day": ("new_year", "New Year", "元旦"),
    "Chinese New Year (Spring Festival)": ("spring_festival", "Spring Festival", "春节"),
    "Tomb-Sweeping Day": ("qingming", "Qingming", "清明节"),
    "Labor Day": ("labour_day", "Labour Day", "劳动节"),
    "Dragon Boat Festival": ("dragon_boat", "Dragon Boat Festival", "端午节"),
    "Mid-Autumn Festival": ("mid_autumn", "Mid-Autumn Festival", "中秋节"),
    "National Day": ("national_day", "National Day", "国庆节"),
}
_DAY = dt.timedelta(days=1)


def supported(days: Horizon) -> None:
    """Raise for days whose festivals are not known."""
    if days.start.year < FIRST or days.end.year > LAST:
        raise EcomsimError("calendar", f"{days.start} to {days.end}", f"years from {FIRST} to {LAST}", "")


def spring_festival(year: int) -> dt.date:
    """Return the first day of the lunar year that begins in `year`.

    Examples
    --------
    >>> spring_festival(2026)
    datetime.date(2026, 2, 17)
    """
    from lunardate import LunarDate

    if not FIRST <= year <= LAST:
        raise EcomsimError("spring_festival.year", str(year), f"a year from {FIRST} to {LAST}")
    lunar = LunarDate(year, 1, 1)
    convert = getattr(lunar, "to_solar_date", None) or lunar.toSolarDate  # named so before lunardate 0.3
    day: dt.date = convert()
    return day


def makeup_workdays(start: dt.date | str, end: dt.date | str) -> tuple[dt.date, ...]:
    """Return the weekend days that were declared workdays, from `start` to `end`.

    Empty for years without an official schedule (it is published in the autumn before).

    Examples
    --------
    >>> makeup_workdays("2026-10-01", "2026-10-31")
    (datetime.date(2026, 10, 10),)
    """
    days = Horizon(start, end)
    supported(days)
    worked = {day for year in range(days.start.year, days.end.year + 1) for day in _schedule(year)[1]}
    return tuple(sorted(day for day in worked if day in days))


@lru_cache(maxsize=256)
def _schedule(year: int) -> tuple[dict[dt.date, tuple[str, ...]], frozenset[dt.date]]:
    """Names of the days off in a year, and the weekend days worked."""
    import holidays

    off = holidays.country_holidays("CN", years=year, language="en_US")
    names = {
        day: tuple(part.partition(" (estimated")[0].strip() for part in text.split("; "))
        for day, text in off.items()
    }
    worked: set[dt.date] = getattr(off, "weekend_workdays", set())
    return names, frozenset(day for day in worked if day.year == year)


def feasts(days: Horizon) -> list[Event]:
    """Return the festivals of every year the days touch, with the days off around each."""
    # New Year's days off may begin in December.
    return [e for year in range(days.start.year, min(days.end.year + 1, LAST) + 1) for e in _year(year)]


@lru_cache(maxsize=256)
def _year(year: int) -> tuple[Event, ...]:
    names, worked = _schedule(year)
    official = bool(worked)
    peaks: dict[str, dt.date] = {}
    for day in sorted(names):
        for name in names[day]:
            if name in _FAMILIES:
                peaks.setdefault(name, day)
    peaks["Chinese New Year (Spring Festival)"] = spring_festival(year)
    made = []
    for name, day in peaks.items():
        family, english, chinese = _FAMILIES[name]
        start, end = _days_off(day, name, names, worked)
        phase = Phase(
            "holiday", dt.datetime.combine(start, dt.time()), dt.datetime.combine(end + _DAY, dt.time())
        )
        source = "lunardate" if family == "spring_festival" else "holidays (CN)"
        made.append(
            Event(
                f"{english} {year}", f"{year} {chinese}", family, year, (phase,), (day,),
                source=f"{source}; days off {'as published' if official else 'by rule'}",
                confidence="high" if official else "low",
            )
        )  # fmt: skip
    return tuple(made)


def _days_off(
    feast: dt.date, name: str, names: dict[dt.date, tuple[str, ...]], worked: frozenset[dt.date]
) -> tuple[dt.date, dt.date]:
    """Return the first and last day of the unbroken days off around a festival, up to another festival."""

    def free(day: dt.date) -> bool:
        others = {n for n in names.get(day, ()) if n in _FAMILIES and n != name}
        if others and name not in names.get(day, ()):
            return False
        return day in names or (day.weekday() >= 5 and day not in worked)

    start = end = feast
    while free(start - _DAY):
        start -= _DAY
    while free(end + _DAY):
        end += _DAY
    return start, end
