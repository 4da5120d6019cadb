"""What we might change, on the same paths: each lever says what it assumes and what was estimated.

A lever multiplies expected days; where its strength is not known it is drawn once a path, from a stream named after
the lever, so the same lever on another forecast meets the same luck. Which metrics a lever moves follows
sales = visitors x conversion x order value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Event, parse_date
from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.forecast.changes import Change
from ecomsim.forecast.question import Question
from ecomsim.store import Paid, Store
from ecomsim.streams import uniforms
from ecomsim.uncertain import Number, Uncertain, ppf_of

if TYPE_CHECKING:
    from ecomsim.forecast.outlook import Forecast

__all__ = ["Conversion", "Lever", "Price", "Promote", "Spend", "Traffic", "Unpromote", "under"]

Floats: TypeAlias = NDArray[np.float64]

_COUNTS = ("visitors", "buyers", "orders", "units", "demand", "gmv", "net_sales", "refunds")
_MONEY = ("gmv", "net_sales", "refunds")
_LEAST = 1e-6


@dataclass(frozen=True)
class Lever:
    """One change of the days ahead.

    Attributes
    ----------
    name : shown to the user
    start, end : first and last day, both included; None is the forecast's own
    """

    name: str
    start: dt.date | str | None = None
    end: dt.date | str | None = None

    def asked(self, question: Question) -> Question:
        """Return the question with this lever in it."""
        return replace(question, changes=(*question.changes, self.change(question)))

    def change(self, question: Question) -> Change:
        """Return the factor this lever puts on the days ahead."""
        raise NotImplementedError

    def _made(
        self, question: Question, factor: Number | Floats, basis: str, leaves: tuple[str, ...] | None = None
    ) -> Change:
        drawn = self._drawn(question, factor) if isinstance(factor, Uncertain) else factor
        first = None if self.start is None else parse_date(self.start, f"levers.{self.name}.start")
        last = None if self.end is None else parse_date(self.end, f"levers.{self.name}.end")
        if not question.ahead.slice_of(first, last).stop > question.ahead.slice_of(first, last).start:
            raise EcomsimError(
                f"levers.{self.name}", f"days {first or '...'} to {last or '...'}",
                f"days from {question.ahead.start} to {question.ahead.end}", "A lever moves only days ahead",
            )  # fmt: skip
        return Change(self.name, drawn, first, last, leaves, basis)

    def _drawn(self, question: Question, value: Number, part: str = "") -> Floats:
        u = uniforms(question.seed, 0, question.paths, f"forecast.lever.{self.name}{part}")
        return np.maximum(ppf_of(value, u), _LEAST)


@dataclass(frozen=True)
class Traffic(Lever):
    """More or fewer visitors: every metric that follows visitors moves in proportion.

    Attributes
    ----------
    factor : times the visitors; uncertain numbers are drawn once a path
    channels : which; () is all. Needs a forecast by channel
    """

    factor: Number = 1.0
    channels: tuple[str, ...] = ()

    def change(self, question: Question) -> Change:
        """Return the factor, assumed."""
        _moves(self, question, _COUNTS)
        return self._made(
            question, _above(self.factor, self.name), "assumed", _leaves(self, question, self.channels)
        )


@dataclass(frozen=True)
class Conversion(Lever):
    """Buyers of the same visitors: moves all but visitors.

    Attributes
    ----------
    factor : times the conversion rate
    """

    factor: Number = 1.0

    def change(self, question: Question) -> Change:
        """Return the factor, assumed."""
        _moves(self, question, _COUNTS[1:])
        return self._made(question, _above(self.factor, self.name), "assumed")


@dataclass(frozen=True)
class Price(Lever):
    """Prices times `factor`: units times factor^-elasticity, money times factor^(1 - elasticity).

    Attributes
    ----------
    factor : times the prices, 0.9 is ten percent off
    elasticity : own-price elasticity of demand, positive; uncertain numbers are drawn once a path
    estimated : whether the elasticity was estimated from this shop's data
    """

    factor: float = 1.0
    elasticity: Number = 1.5
    estimated: bool = False

    def change(self, question: Question) -> Change:
        """Return the factor for the metric asked."""
        _moves(self, question, _COUNTS[1:])
        require_number(self.factor, f"levers.{self.name}.factor", low=0.0, open_low=True)
        money = 1.0 if question.panel.metric in _MONEY else 0.0
        drawn = self._drawn(question, self.elasticity)
        return self._made(
            question, self.factor ** (money - drawn), "estimated" if self.estimated else "assumed"
        )


@dataclass(frozen=True)
class Spend(Lever):
    """Spend of a paid channel times `factor`, by the channel's own calibrated response.

    Steady pressure s answers s^n / (s^n + kappa^n) with kappa and slope as calibrated; the share of the gain that
    the channel takes from others is taken off. Needs a forecast by channel.

    Attributes
    ----------
    channel : a paid channel
    factor : times the spend
    store : where the response comes from
    """

    channel: str = ""
    factor: float = 1.0
    store: Store | None = None

    def change(self, question: Question) -> Change:
        """Return the factor on the channel; estimated where the store's response was."""
        _moves(self, question, _COUNTS)
        where = f"levers.{self.name}"
        require_number(self.factor, f"{where}.factor", low=0.0)
        if self.store is None:
            raise EcomsimError(
                f"{where}.store",
                "no store",
                "a calibrated store",
                "Give store=es.open_store(path), or use Traffic",
            )
        paid = [name for name, c in self.store.channels.items() if isinstance(c.driver, Paid)]
        driver = self.store.channels[
            require_name(self.channel, paid, f"{where}.channel", "paid channel")
        ].driver
        assert isinstance(driver, Paid)
        kappa, slope = (
            self._drawn(question, driver.kappa, ".kappa"),
            self._drawn(question, driver.slope, ".slope"),
        )
        spend = float(np.mean([float(np.mean(v)) for v in _planned(driver, question)])) / driver.ref_spend
        gain = _hill(spend * self.factor, kappa, slope) / np.maximum(_hill(spend, kappa, slope), _LEAST)
        net = 1 + (gain - 1) * (1 - sum(driver.displaces.values()))
        source = self.store.source_of(f"channels.{self.channel}.driver.kappa").how
        basis = "estimated" if source == "estimated" else "assumed"
        return self._made(question, np.maximum(net, _LEAST), basis, _leaves(self, question, (self.channel,)))


@dataclass(frozen=True)
class Promote(Lever):
    """An event more; what it brings is estimated from the same family's past.

    Attributes
    ----------
    event : with a family that history knows
    """

    event: Event | None = None

    def asked(self, question: Question) -> Question:
        """Return the question with the event in its calendar."""
        if self.event is None:
            raise EcomsimError(
                f"levers.{self.name}.event", "no event", "ecomsim.calendar.Event", "Give its dates"
            )
        known = [e.family for e in question.events if e.start <= question.panel.end]
        if self.event.family not in [*known, *question.lifts]:
            require_name(
                self.event.family,
                list(dict.fromkeys(known)),
                f"levers.{self.name}.event",
                "family seen in history",
            )
        return replace(question, events=tuple(sorted((*question.events, self.event), key=lambda e: e.start)))


@dataclass(frozen=True)
class Unpromote(Lever):
    """A planned event dropped.

    Attributes
    ----------
    family : of the event ahead
    """

    family: str = ""

    def asked(self, question: Question) -> Question:
        """Return the question without the events of that family that end ahead."""
        ahead = [e for e in question.events if e.end > question.panel.end]
        require_name(
            self.family, list(dict.fromkeys(e.family for e in ahead)), f"levers.{self.name}", "event ahead"
        )
        kept = tuple(e for e in question.events if not (e in ahead and e.family == self.family))
        return replace(question, events=kept)


def under(outlook: Forecast, levers: Sequence[Lever]) -> Forecast:
    """Return the forecast under levers, path for path the same luck."""
    question = outlook.question
    for lever in levers:
        if not isinstance(lever, Lever):
            raise EcomsimError(
                "forecast.under",
                repr(lever)[:60],
                "Traffic, Conversion, Price, Spend, Promote or Unpromote",
                "",
            )
        question = lever.asked(question)
    return outlook.asked(question)


def _moves(lever: Lever, question: Question, metrics: Sequence[str]) -> None:
    if question.panel.metric not in metrics:
        raise EcomsimError(
            f"levers.{lever.name}", f"a forecast of '{question.panel.metric}'", ", ".join(metrics),
            f"{type(lever).__name__} does not move this metric",
        )  # fmt: skip


def _leaves(lever: Lever, question: Question, channels: tuple[str, ...]) -> tuple[str, ...] | None:
    if not channels:
        return None
    panel = question.panel
    if "channel" not in panel.levels:
        raise EcomsimError(
            f"levers.{lever.name}.channels", ", ".join(channels), "a forecast by channel",
            "Forecast with by='channel'",
        )  # fmt: skip
    names = panel.level_names["channel"]
    chosen = [
        names.index(require_name(c, names, f"levers.{lever.name}.channels", "channel")) for c in channels
    ]
    return tuple(panel.ids[i] for i in np.flatnonzero(np.isin(panel.levels["channel"], chosen)))


def _above(value: Number, name: str) -> Number:
    if not isinstance(value, Uncertain):
        require_number(value, f"levers.{name}.factor", low=0.0, open_low=True)
    return value


def _planned(driver: Paid, question: Question) -> list[float]:
    """Return the planned spend of every day ahead."""
    usual = float(np.mean(ppf_of(driver.spend, np.array([0.5]))))
    return [float(driver.plan.get(str(day), usual)) for day in question.ahead]


def _hill(pressure: float, kappa: Floats, slope: Floats) -> Floats:
    return np.asarray(pressure**slope / (pressure**slope + kappa**slope))
