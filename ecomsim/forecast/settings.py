"""The forecaster's choices, each a number with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ecomsim.checks import require_number

__all__ = ["Model"]


def _effects() -> Mapping[str, float]:
    return MappingProxyType(
        {"weekday": 0.3, "payday": 0.08, "trend": 0.15, "year": 0.15, "makeup": 0.2, "regressor": 0.3}
    )


def _own() -> Mapping[str, float]:
    return MappingProxyType(
        {"weekday": 0.2, "payday": 0.7, "trend": 0.1, "year": 0.035, "event": 0.3, "regressor": 0.15}
    )


@dataclass(frozen=True)
class Model:
    """Settings of the event regression (docs/decisions/0051).

    Attributes
    ----------
    memory_half_life_days : of the weights in the regression: how fast an old day loses its say
    level_half_lives_days : of the local level, whose logs are averaged: a quick one and one that remembers
    level_prior_days : days of an unchanged level behind each
    level_tame : usual deviations by which one day may at most pull at the level
    block_days : length of residual blocks
    residual_days : how far back residual blocks reach
    effect_sd : prior standard deviation of a log effect in the sum of all series, by kind
    own_sd : prior standard deviation of a series' own departure from that, by kind
    event_year_sd : how much an event's log effect is believed to differ from year to year, as a share of it
    own_event_year_sd : the same of one series beside what all share
    event_prior_years : how many years that belief is worth against what history shows
    """

    memory_half_life_days: float = 400.0
    level_half_lives_days: tuple[float, ...] = (14.0, 60.0)
    level_prior_days: float = 3.0
    level_tame: float = 1.5
    block_days: int = 14
    residual_days: int = 364
    effect_sd: Mapping[str, float] = field(default_factory=_effects)
    own_sd: Mapping[str, float] = field(default_factory=_own)
    event_year_sd: float = 0.12
    own_event_year_sd: float = 0.08
    event_prior_years: float = 4.0

    def __post_init__(self) -> None:
        for name in ("memory_half_life_days", "level_prior_days", "level_tame"):
            require_number(getattr(self, name), f"model.{name}", low=0.0, open_low=True)
        for name in ("block_days", "residual_days"):
            require_number(getattr(self, name), f"model.{name}", low=1.0, unit="days")
        for half_life in self.level_half_lives_days:
            require_number(half_life, "model.level_half_lives_days", low=0.0, open_low=True, unit="days")
        require_number(self.event_year_sd, "model.event_year_sd", low=0.0)
        require_number(self.own_event_year_sd, "model.own_event_year_sd", low=0.0)
        require_number(self.event_prior_years, "model.event_prior_years", low=0.0, open_low=True)
