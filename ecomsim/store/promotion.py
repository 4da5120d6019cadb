"""Promotions, platform events and holidays: when, how deep, on what, and what they do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ecomsim.checks import EcomsimError
from ecomsim.store.field import Part, number
from ecomsim.uncertain import Number

__all__ = ["Effect", "FullReduction", "Promotion"]


@dataclass(frozen=True)
class Effect(Part):
    """Multipliers by phase; 1 changes nothing."""

    before: Number = number(
        "ratio", "In the days before the start (waiting: often below 1 for conversion).", low=0.0, default=1.0
    )
    during: Number = number("ratio", "On promotion days that are not peaks.", low=0.0, default=1.0)
    peak: Number = number("ratio", "On peak days.", low=0.0, default=1.0)
    after: Number = number(
        "ratio", "On the first day after; fades linearly to 1 over `after_days`.", low=0.0, default=1.0
    )


@dataclass(frozen=True)
class FullReduction(Part):
    """满减: `off` for every full `threshold` of the basket, at most `times` times."""

    threshold: float = number("money", "T.", low=0.0, open_low=True)
    off: float = number("money", "V.", low=0.0)
    times: int = 1

    def check(self, where: str) -> None:
        """Keep the reduction below the threshold."""
        if self.off >= self.threshold:
            raise EcomsimError(
                f"{where}.off", f"{self.off:g}", f"below the threshold {self.threshold:g}", "Lower it"
            )
        if self.times < 1:
            raise EcomsimError(f"{where}.times", str(self.times), "a whole number of at least 1")


@dataclass(frozen=True)
class Promotion(Part):
    """One promotion, platform event or holiday.

    Attributes
    ----------
    start, end : first and last day, both included
    peaks : days with the `peak` multipliers, inside start..end
    discount : price cut on products in `scope`; platform discounts on one product add, they do not multiply
    skus : products in scope; empty means all
    depth : by SKU, added to `discount`, so one lever deepens all and each product keeps its distance
    traffic : Effect by channel name
    lift : strength of every effect: the multiplier used is 1 + lift (multiplier - 1)
    family : siblings share effects ("double11", "618", "spring_festival", "own", ...)
    """

    name: str
    start: dt.date
    end: dt.date
    peaks: tuple[dt.date, ...] = ()
    family: str = "own"
    discount: Number = number("share", "Price cut on products in scope.", low=0.0, high=0.95, default=0.0)
    skus: tuple[str, ...] = ()
    depth: Mapping[str, float] = number(
        "share", "Further price cut on single products, added.", low=-0.95, high=0.95, default={}
    )
    reduction: FullReduction | None = None
    coupon: FullReduction | None = None
    coupon_use: Number = number(
        "share", "Share of eligible buyers who use the coupon.", low=0.0, high=1.0, default=0.5
    )
    badge: Number = number(
        "ratio", "Extra pull of products in scope beyond their price.", low=0.0, default=1.0
    )
    traffic: Mapping[str, Effect] = field(default_factory=dict)
    conversion: Effect = field(default_factory=Effect)
    lift: Number = number("ratio", "Strength of every effect.", low=0.0, high=10.0, default=1.0)
    before_days: int = number("days", "Days of waiting before the start.", low=0, high=365, default=0)
    after_days: int = number(
        "days", "Days until the effect after the end is gone.", low=0, high=365, default=0
    )
    protection_days: int = number(
        "days", "Days before the start whose buyers may claim price protection.", low=0, high=365, default=0
    )
    protection_share: Number = number(
        "share",
        "Share of eligible earlier buyers who claim price protection.",
        low=0.0,
        high=1.0,
        default=0.1,
    )

    def check(self, where: str) -> None:
        """Dates in order, peaks inside, no SKU twice."""
        if self.end < self.start:
            raise EcomsimError(f"{where}.end", str(self.end), f"{self.start} or later", "Swap start and end")
        for day in self.peaks:
            if not self.start <= day <= self.end:
                raise EcomsimError(
                    f"{where}.peaks", str(day), f"a day from {self.start} to {self.end}", "Move the peak"
                )
        for sku in self.depth:
            if self.skus and sku not in self.skus:
                raise EcomsimError(
                    f"{where}.depth[{sku!r}]", "not in scope", "a product in skus", "Add it to skus"
                )
        if len(set(self.skus)) != len(self.skus):
            twice = sorted({s for s in self.skus if self.skus.count(s) > 1})
            raise EcomsimError(
                f"{where}.skus", f"{twice[0]} twice", "every SKU once", "Remove the repetition"
            )

    def phase(self, day: dt.date) -> tuple[str, float]:
        """Return the phase of `day` and its weight: ('peak', 1), ('after', .5) ... or ('', 0) outside.

        Examples
        --------
        >>> own = Promotion("own", dt.date(2026, 5, 2), dt.date(2026, 5, 4), after_days=2)
        >>> own.phase(dt.date(2026, 5, 5))
        ('after', 1.0)
        """
        return self.phases((day,))[0]

    def phases(self, days: Iterable[dt.date]) -> list[tuple[str, float]]:
        """Return `phase` of several days."""
        start, end, peaks = self.start, self.end, self.peaks
        before, after = self.before_days, self.after_days
        found = []
        for day in days:
            late = (day - end).days
            if start <= day <= end:
                found.append(("peak" if day in peaks else "during", 1.0))
            elif 0 < (start - day).days <= before:
                found.append(("before", 1.0))
            elif 0 < late <= after:
                found.append(("after", 1.0 - (late - 1) / after))
            else:
                found.append(("", 0.0))
        return found
