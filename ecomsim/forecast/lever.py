"""What every lever of a forecast is: a factor on chosen series and days ahead, drawn once a path if uncertain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import parse_date
from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.forecast.changes import Change
from ecomsim.forecast.question import Question
from ecomsim.streams import uniforms
from ecomsim.uncertain import Number, Uncertain, ppf_of

__all__ = ["COUNTS", "MONEY", "Lever", "above", "leaves_of", "moves"]

Floats: TypeAlias = NDArray[np.float64]

COUNTS = ("visitors", "buyers", "orders", "units", "demand", "gmv", "net_sales", "refunds")
"""Metrics that follow visitors."""

MONEY = ("gmv", "net_sales", "refunds")
"""Metrics that follow prices too."""

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

    def made(
        self,
        question: Question,
        factor: Number | Floats,
        basis: str,
        leaves: tuple[str, ...] | None = None,
        source: str = "",
    ) -> Change:
        """Return the change of the days this lever acts on; an uncertain factor is drawn once a path."""
        drawn = self.drawn(question, factor) if isinstance(factor, Uncertain) else factor
        first = None if self.start is None else parse_date(self.start, f"levers.{self.name}.start")
        last = None if self.end is None else parse_date(self.end, f"levers.{self.name}.end")
        if not question.ahead.slice_of(first, last).stop > question.ahead.slice_of(first, last).start:
            raise EcomsimError(
                f"levers.{self.name}", f"days {first or '...'} to {last or '...'}",
                f"days from {question.ahead.start} to {question.ahead.end}", "A lever moves only days ahead",
            )  # fmt: skip
        return Change(self.name, drawn, first, last, leaves, basis, source)

    def drawn(self, question: Question, value: Number, part: str = "") -> Floats:
        """Return one draw a path, from a stream named after the lever: the same luck on every forecast."""
        u = uniforms(question.seed, 0, question.paths, f"forecast.lever.{self.name}{part}")
        return np.maximum(ppf_of(value, u), _LEAST)


def moves(lever: Lever, question: Question, metrics: Sequence[str]) -> None:
    """Raise unless the forecast's metric is one the lever moves."""
    if question.panel.metric not in metrics:
        raise EcomsimError(
            f"levers.{lever.name}", f"a forecast of '{question.panel.metric}'", ", ".join(metrics),
            f"{type(lever).__name__} does not move this metric",
        )  # fmt: skip


def leaves_of(lever: Lever, question: Question, channels: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the series of the channels; None for all."""
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


def above(value: Number, name: str) -> Number:
    """Return a factor above 0, or raise."""
    if not isinstance(value, Uncertain):
        require_number(value, f"levers.{name}.factor", low=0.0, open_low=True)
    return value
