"""Time as the store lives it: local business days, weeks from Monday, dated events and holidays."""

from ecomsim.calendar.horizon import Horizon, parse_date, parse_month

__all__ = ["Horizon", "parse_date", "parse_month"]
