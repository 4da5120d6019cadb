"""A quiet little store of endless stock, for tests of single stages."""

from __future__ import annotations

from ecomsim.calendar import Horizon
from ecomsim.simulate import simulate
from ecomsim.store import (
    BaseStock,
    Basket,
    Channel,
    Noise,
    Product,
    Service,
    Store,
)  # fmt: skip
from tests.engine_shop import PROFILE

WEEKS = Horizon("2026-03-02", "2026-03-15")
PLENTY = BaseStock(1e6)
QUIET = Noise(level_sigma=0.0, store_dispersion=1e7, phi=0.0)


def small(**parts) -> Store:
    """One channel, two products, no noise beyond Poisson, endless stock, no promotions."""
    made = {
        "name": "small",
        "channels": {"a": Channel("a", 2000.0, 0.03, 0.1, enquiry_share=0.0, dispersion=1e7)},
        "products": {
            s: Product(s, 50.0, 20.0, w, on_hand=1e6, policy=PLENTY, refund_rate=0.0)
            for s, w in (("x", 2.0), ("y", 1.0))
        },
        "noise": QUIET,
        "basket": Basket(extra_units=0.0, orders_per_buyer=1.0, member_share=0.0),
        "service": Service(profile=PROFILE),
    }
    return Store(**{**made, **parts})


def run(store: Store, horizon: Horizon = WEEKS, replications: int = 256, **options):
    return simulate(store, horizon, replications=replications, **options).arrays["baseline"]


# --- who writes what
