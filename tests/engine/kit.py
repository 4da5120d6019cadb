"""What the engine's tests share: a store reduced to one channel and one product, and a stage that looks on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.calendar import Horizon
from ecomsim.simulate import simulate
from ecomsim.stages import Stage
from ecomsim.store import (
    BaseStock,
    Basket,
    Channel,
    Choice,
    Noise,
    Policy,
    Product,
    Reputation,
    Store,
    Supplier,
)
from ecomsim.study import Study

Floats: TypeAlias = NDArray[np.float64]

CALM = 1e9
"""A gamma shape so large that the shock is 1."""
PLENTY = 1e6


def lone(
    *, visitors: float = 1e6, p: float = 1e-5, on_hand: float = PLENTY, policy: Policy | None = None,
    lead_days: float = 0.5, dispersion: float = CALM, channel: Mapping[str, Any] | None = None,
    product: Mapping[str, Any] | None = None, **parts: Any,
) -> Store:  # fmt: skip
    """One channel, one product, no feedback: visits and units are Poisson unless a shock is asked for."""
    made: dict[str, Any] = {
        "name": "lone",
        "channels": {
            "only": Channel(
                "only", visitors, p, p, **{"enquiry_share": 0.0, "dispersion": dispersion, **(channel or {})}
            )
        },
        "products": {
            "A": Product(
                "A", **{
                    "price": 100.0, "cost": 40.0, "on_hand": on_hand, "refund_rate": 0.0,
                    "policy": policy or BaseStock(0.0), "supplier": "s", **(product or {}),
                }
            )
        },
        "suppliers": {"s": Supplier("s", lead_days, 0.0, review_weekdays=(0, 1, 2, 3, 4, 5, 6))},
        "noise": Noise(level_sigma=0.0, store_dispersion=CALM, phi=0.0),
        "basket": Basket(extra_units=0.0, orders_per_buyer=1.0),
        "choice": Choice(theta=0.0, substitution=0.0, rank_loss=0.0),
        "reputation": Reputation(beta_traffic=0.0, beta_conversion=0.0),
    }  # fmt: skip
    return Store(**{**made, **parts})


def horizon_of(count: int, start: str = "2026-03-02") -> Horizon:
    """`count` days from a Monday far from any event."""
    first = Horizon(start, start).start
    return Horizon(first, first + dt.timedelta(days=count - 1))


def run(store: Store, horizon: Horizon, scenarios: Any = (), **options: Any) -> Study:
    """Simulate on one thread."""
    return simulate(store, horizon, scenarios, **{"threads": 1, "replications": 64, **options})


def daily(study: Study, name: str, scenario: str = "baseline") -> Floats:
    """A metric by (replication, day) in float64."""
    return np.asarray(study.daily(name, scenario), np.float64)


def differing(one: Mapping[str, Any], two: Mapping[str, Any]) -> set[str]:
    """Names of the arrays of which any bit differs."""
    assert one.keys() == two.keys()
    return {name for name in one if np.asarray(one[name]).tobytes() != np.asarray(two[name]).tobytes()}


class Witness:
    """A stage at the end of the street that copies variables of every day and changes nothing."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self._seen: dict[tuple[str, int], list[Any]] = {}
        self.stage = Stage("witness", (*names, "cash"), (), self._look)  # cash comes last

    def _look(self, day: int, state: Any, params: Any, first: int, seed: int) -> None:
        for name in self.names:
            self._seen.setdefault((name, first), []).append(np.array(state[name], np.float64))

    def __getitem__(self, name: str) -> Floats:
        """(days, n) of a number a replication, (days, n, products) by product, (days, channels, n) by channel."""
        chunks = [np.stack(self._seen[key]) for key in sorted(self._seen) if key[0] == name]
        by_channel = name.endswith("_by_channel") or name == "channel_shock"
        return np.concatenate(chunks, axis=2 if by_channel else 1)


def sigmas(sample: Floats, expected: float) -> float:
    """How many standard errors the sample's mean is from what is expected."""
    error = sample.std(ddof=1) / np.sqrt(sample.size)
    return float(abs(sample.mean() - expected) / error)
