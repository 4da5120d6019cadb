"""Joint paths of every series, and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Horizon
from ecomsim.forecast.basis import Basis
from ecomsim.forecast.changes import Change, factors
from ecomsim.forecast.panel import Panel

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Own", "Sample", "changed"]

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Own:
    """What the leaves have of their own beside the shared shape.

    Attributes
    ----------
    unit : (S,) mean a day, times the local level
    beta, deviation : (S, q) own coefficients and their standard deviations
    columns : (H, q) their columns on the days ahead
    blocks : name -> columns
    methods : how each leaf was forecast: 'own', 'siblings' (fewer than 28 days), 'none' (never sold)
    driven : {regressor: (S, H)} log effects of what each leaf's own driver departs from the shared one
    agreement : (H,) log factors that make the leaves add up to the forecast of their sum, or nothing
    """

    unit: Floats
    beta: Floats
    deviation: Floats
    columns: Floats
    blocks: Mapping[str, slice]
    methods: tuple[str, ...]
    driven: Mapping[str, Floats] = field(default_factory=dict)
    agreement: Floats | None = None


@dataclass(frozen=True, eq=False)
class Sample:
    """Joint paths of all leaf series.

    Attributes
    ----------
    panel : history
    horizon : days forecast
    paths : (S, R, H) in the metric's unit; parents are sums over leaves on every path
    mean : (S, H) expected values before the paths' noise
    basis : what all series share: columns, fit and doubt
    own : what each leaf has of its own
    changes : levers already in the paths
    """

    panel: Panel
    horizon: Horizon
    paths: NDArray[np.float32]
    mean: Floats
    basis: Basis
    own: Own
    changes: tuple[Change, ...] = ()

    @property
    def methods(self) -> tuple[str, ...]:
        """How each leaf was forecast: 'own', 'siblings' or 'none'."""
        return self.own.methods

    @property
    def unseen(self) -> tuple[str, ...]:
        """Families of events ahead that history never saw; nothing is foretold of them."""
        return self.basis.design.unseen

    def at(self, level: str) -> tuple[tuple[str, ...], Floats]:
        """Return the names and the (groups, R, H) paths of a level, added up from the leaves in float64."""
        if level == "leaf":
            return self.panel.ids, self.paths.astype(np.float64)
        return self.panel.at(level)[0], self.panel.sums(level, self.paths.astype(np.float64))

    def contributions(self) -> dict[str, Floats]:
        """Return log contributions (S, H) by name; over all names they add up to the log of `mean`.

        'level' is the log of an ordinary day at today's level; the others are 'weekday', 'payday', 'trend',
        'year', 'makeup', 'event <family>', 'regressor <name>', 'whole' (what days of the leaves were scaled by to add
        up to their sum's own forecast) and 'lever <name>', each 0 where it does nothing.
        """
        design, beta = self.basis.design, self.basis.fit.beta[0]
        ahead = slice(len(design.matrix) - self.horizon.days, None)
        own = self.own
        parts = {"level": np.log(own.unit)[:, None] + np.zeros(self.horizon.days)}
        for name, at in design.blocks.items():
            if name != "level":
                shared = design.matrix[ahead, at] @ beta[at]
                parts[name] = np.broadcast_to(shared, (len(own.unit), self.horizon.days)).copy()
        for name, at in own.blocks.items():
            parts[name] += own.beta[:, at] @ own.columns[:, at].T
        for name, effect in own.driven.items():
            parts[f"regressor {name}"] += effect
        if own.agreement is not None:
            parts["whole"] = np.broadcast_to(own.agreement, parts["level"].shape)
        for change in self.changes:
            chosen, factor = factors(change, self.panel.ids, self.horizon, self.paths.shape[1])
            part = np.zeros((len(chosen), self.horizon.days))
            part[chosen] = np.log(factor.mean(axis=-2))
            key = f"lever {change.name}"
            parts[key] = parts[key] + part if key in parts else part
        return parts

    def coefficients(self) -> pd.DataFrame:
        """Return the shared log effects: block, label, estimate, sd."""
        import pandas as pd

        design, fit = self.basis.design, self.basis.fit
        families = {f"event {family.name}": family for family in design.families}
        rows = []
        for name, at in design.blocks.items():
            labels = (
                families[name].labels
                if name in families
                else tuple(str(i) for i in range(at.stop - at.start))
            )
            sd = np.sqrt(np.diag(fit.covariance[0])[at])
            rows += [
                {"block": name, "label": label, "estimate": float(e), "sd": float(d)}
                for label, e, d in zip(labels, fit.beta[0, at], sd, strict=True)
            ]
        return pd.DataFrame(rows)


def changed(drawn: Sample, changes: Sequence[Change]) -> Sample:
    """Return the paths under more levers: the same luck, other factors."""
    paths, mean = drawn.paths, drawn.mean
    if changes:
        paths, mean = paths.copy(), mean.copy()
    for change in changes:
        chosen, factor = factors(change, drawn.panel.ids, drawn.horizon, paths.shape[1])
        paths[chosen] *= factor.astype(np.float32)
        mean[chosen] *= factor.mean(axis=-2)
    return replace(drawn, paths=paths, mean=mean, changes=(*drawn.changes, *changes))
