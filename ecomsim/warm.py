"""Compile every kernel of the simulated day into the cache, so that a new installation's first simulation is quick.

Run ``python -m ecomsim.warm``; it simulates one day of two tiny stores, one with certain and one with drawn numbers.
"""

from __future__ import annotations

from pathlib import Path

from ecomsim.calendar import Horizon
from ecomsim.store import Channel, Product, Store
from ecomsim.uncertain import Beta, LogNormal

__all__ = ["warm"]


def warm() -> Path | None:
    """Compile what is not compiled yet; returns the folder of the cache, or None where nothing can be written."""
    import warnings

    from ecomsim.jit import CACHE
    from ecomsim.simulate import simulate

    for rate, elasticity in ((0.03, 1.5), (Beta(30, 970), LogNormal(1.5, 0.1))):
        product = Product("x", 50.0, 20.0, elasticity=elasticity, on_hand=100.0)
        store = Store("warm", {"a": Channel("a", 1000.0, rate, 0.1)}, {"x": product})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a day is shorter than any lead time
            simulate(store, Horizon("2026-03-02", "2026-03-02"), replications=64, threads=1, detail=True)
    return CACHE


if __name__ == "__main__":
    warm()
