"""Time as the store lives it: local business days, weeks from Monday, dated events and holidays."""

from ecomsim.calendar.events import events, missing_events
from ecomsim.calendar.feasts import makeup_workdays, spring_festival
from ecomsim.calendar.horizon import Horizon, parse_date, parse_month
from ecomsim.calendar.phases import Event, Phase

__all__ = [
    "Event",
    "Horizon",
    "Phase",
    "events",
    "makeup_workdays",
    "missing_events",
    "parse_date",
    "parse_month",
    "spring_festival",
]
