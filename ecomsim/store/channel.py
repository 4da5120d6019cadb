"""Where visitors come from: a channel, its rhythm, and what moves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ecomsim.checks import EcomsimError
from ecomsim.store.field import Part, number, require_length
from ecomsim.uncertain import Number

__all__ = ["Affiliate", "Channel", "Driver", "Free", "Live", "Paid", "Returning"]

FLAT_WEEK = (1.0,) * 7
FLAT_YEAR = (1.0,) * 12


@dataclass(frozen=True)
class Driver(Part):
    """What moves a channel's visitors; a factor on its base, 1 at the calibrated state."""


@dataclass(frozen=True)
class Free(Driver):
    """No lever of its own: search rank, store score and the calendar move it."""


@dataclass(frozen=True)
class Paid(Driver):
    """Clicks bought by day.

    Carry-over a[d] = x[d] + carry a[d-1], Hill response a^n / (a^n + kappa^n), scaled so that `ref_spend`
    every day gives exactly the channel's base. Zero spend gives exactly zero visitors.
    """

    spend: Number = number("money/day", "Planned spend a day.", low=0.0, default=0.0)
    ref_spend: float = number(
        "money/day", "Spend at which the base was observed.", low=0.0, open_low=True, default=1.0
    )
    carry: Number = number(
        "share", "Share of yesterday's pressure still working today.", low=0.0, high=0.95, default=0.0
    )
    kappa: Number = number(
        "ratio",
        "Half-saturation as a multiple of steady pressure at ref_spend.",
        low=0.0,
        open_low=True,
        default=3.0,
    )
    slope: Number = number("ratio", "Hill slope n.", low=0.2, high=5.0, default=1.0)
    daily_cap: float | None = number(
        "money/day", "Budget the platform will not exceed.", low=0.0, default=None
    )
    max_seen: float | None = number(
        "money/day", "Highest spend in the data; beyond it answers are extrapolated.", low=0.0, default=None
    )
    displaces: Mapping[str, float] = number(
        "share", "Share of this channel's visitors taken from another channel.", low=0.0, high=1.0, default={}
    )
    plan: Mapping[str, float] = number(
        "money/day", "Spend of single days, by ISO date.", low=0.0, default={}, days=True
    )


@dataclass(frozen=True)
class Affiliate(Driver):
    """CPS: visitors follow (rate / ref_rate)^eta; cost is rate times attributed GMV, never spend."""

    rate: Number = number("share", "Commission rate paid on attributed GMV.", low=0.0, high=0.9, default=0.05)
    ref_rate: float = number(
        "share", "Rate at which the base was observed.", low=0.0, high=0.9, open_low=True, default=0.05
    )
    eta: Number = number("ratio", "Elasticity of visitors to the rate.", low=0.0, high=5.0, default=0.5)


@dataclass(frozen=True)
class Live(Driver):
    """Sessions on a schedule with a heavy-tailed size; other days keep `off_share` of the base."""

    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    size_sigma: Number = number(
        "log", "Log standard deviation of a session's size.", low=0.0, high=2.0, default=0.3
    )
    off_share: Number = number(
        "share", "Visitors on a day without a session, over a day with one.", low=0.0, high=1.0, default=0.2
    )

    def check(self, where: str) -> None:
        """Weekdays count from Monday 0 to Sunday 6."""
        bad = [w for w in self.weekdays if w not in range(7)]
        if bad or len(set(self.weekdays)) != len(self.weekdays):
            raise EcomsimError(
                f"{where}.weekdays", str(self.weekdays), "distinct days from 0 (Monday) to 6 (Sunday)"
            )


@dataclass(frozen=True)
class Returning(Driver):
    """Past buyers come back: visitors = a floor plus a kernel over the buyers of the days before.

    The kernel is `share` of the base at the steady state, spread with `half_life_days`.
    """

    share: Number = number(
        "share", "Share of the base that follows recent buyers.", low=0.0, high=1.0, default=0.5
    )
    half_life_days: Number = number(
        "days", "Half-life of the wish to come back.", low=1.0, high=365.0, default=30.0
    )
    ref_buyers: float = number(
        "people/day", "Buyers a day at which the base was observed.", low=0.0, open_low=True, default=100.0
    )


@dataclass(frozen=True)
class Channel(Part):
    """One source of visitors.

    `p_silent` and `p_enquiring` are conversion at the reference state: no promotion, reference prices, full
    stock, instant answers. `season` has one factor a calendar month; `weekday` one a day from Monday.
    """

    name: str
    base: Number = number("people/day", "Visitors on an ordinary day.", low=0.0)
    p_silent: Number = number("share", "Conversion of visitors who do not ask.", low=0.0, high=1.0)
    p_enquiring: Number = number(
        "share", "Conversion of visitors who ask and are answered at once.", low=0.0, high=1.0
    )
    enquiry_share: Number = number(
        "share", "Share of visitors who ask before buying.", low=0.0, high=1.0, default=0.05
    )
    weekday: tuple[Number, ...] = number(
        "ratio", "Visitors by weekday over the mean.", low=0.0, default=FLAT_WEEK
    )
    season: tuple[Number, ...] = number(
        "ratio", "Visitors by month over the year's mean.", low=0.0, default=FLAT_YEAR
    )
    growth: Number = number("share/year", "Trend of the base.", low=-0.9, high=5.0, default=0.0)
    dispersion: Number = number(
        "ratio", "Gamma shape of the channel's own daily shock; larger is calmer.", low=0.5, default=25.0
    )
    reputation: Number = number(
        "ratio",
        "How far store score and search rank move this channel, 0 not, 1 fully.",
        low=0.0,
        high=3.0,
        default=0.0,
    )
    driver: Driver = field(default_factory=Free)

    def check(self, where: str) -> None:
        """Seven weekdays, twelve months."""
        require_length(self.weekday, 7, f"{where}.weekday", "weekday")
        require_length(self.season, 12, f"{where}.season", "month")
