"""The event calendar: promotions as bars over the days of the month, peaks dark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

from ecomsim.calendar import Horizon
from ecomsim.charts.figures import event_name
from ecomsim.store import Promotion

__all__ = ["calendar_html", "promotion_name"]


def calendar_html(promotions: Sequence[Promotion], horizon: Horizon, code: str, title: str) -> str:
    """Return a table: a row a promotion, a bar from its first to its last day inside the horizon."""
    days = horizon.days
    rows = []
    for promotion in promotions:
        first = max((promotion.start - horizon.start).days, 0)
        last = min((promotion.end - horizon.start).days, days - 1)
        if last < first:
            continue
        name = escape(promotion_name(promotion, code))
        span = f"{_day(promotion.start)} – {_day(promotion.end)}"
        peaks = "".join(
            f'<i class="es-peak" style="left:{100 * (day - horizon.start).days / days:.2f}%;'
            f'width:{100 / days:.2f}%"></i>'
            for day in promotion.peaks
            if day in horizon
        )
        bar = f'<i style="left:{100 * first / days:.2f}%;width:{100 * (last - first + 1) / days:.2f}%"></i>'
        rows.append(
            f'<li><span>{name}</span> <span class="es-sub">{span}</span>'
            f'<div class="es-track" aria-hidden="true">{bar}{peaks}</div></li>'
        )
    return f'<h3>{escape(title)}</h3><ul class="es-calendar">{"".join(rows)}</ul>' if rows else ""


def promotion_name(promotion: Promotion, code: str) -> str:
    """Return how a promotion is called: its family's name, with the day where it is one of the store's own.

    Examples
    --------
    >>> own = Promotion("own_1", dt.date(2026, 11, 27), dt.date(2026, 11, 29))
    >>> promotion_name(own, "zh")
    '活动 11/27'
    """
    family = event_name(promotion.family, code)
    return f"{family} {_day(promotion.start)}" if promotion.family == "own" else family


def _day(day: dt.date) -> str:
    return f"{day.month}/{day.day}"
