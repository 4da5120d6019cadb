"""A tiny store, and the one way these tests ask for a refusal: it must leave everything as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from ecomsim.checks import EcomsimError
from ecomsim.scenario import Scenario
from ecomsim.store import Channel, Effect, Paid, Product, Promotion, Receipt, Store, Supplier, Team
from ecomsim.study.origin import store_hash

D = dt.date


def make_store(**parts: Any) -> Store:
    """Two channels, two products of two suppliers, one team, one promotion; `parts` replace any of them."""
    channels = {
        "search": Channel("search", 1000.0, 0.02, 0.1),
        "paid": Channel(
            "paid", 500.0, 0.02, 0.1, driver=Paid(spend=100.0, ref_spend=100.0, displaces={"search": 0.1})
        ),
    }
    products = {
        "A": Product("A", 10.0, 5.0, on_hand=500.0, on_order=(Receipt(D(2026, 11, 4), 60.0),)),
        "B": Product("B", 20.0, 5.0, on_hand=300.0, supplier="far"),
    }
    d11 = Promotion(
        "d11", D(2026, 11, 1), D(2026, 11, 11), peaks=(D(2026, 11, 11),), discount=0.1, skus=("A",),
        traffic={"search": Effect(peak=2.0)}, conversion=Effect(peak=2.0),
    )  # fmt: skip
    made: dict[str, Any] = {
        "channels": channels,
        "products": products,
        "promotions": {"d11": d11},
        "teams": {"desk": Team("desk", 3.0)},
        "suppliers": {"default": Supplier("default"), "far": Supplier("far", 5.0)},
        "as_of": D(2026, 10, 31),
    }
    return Store("shop", **{**made, **parts})


@pytest.fixture(scope="session")
def store_of() -> Callable[..., Store]:
    """`make_store`, for tests that need another store than the usual one."""
    return make_store


@pytest.fixture(scope="session")
def shop() -> Store:
    return make_store()


@pytest.fixture
def refusal(shop: Store) -> Callable[..., str]:
    """Apply changes that cannot be; return the message, the store being what it was."""

    def ask(*changes: Any) -> str:
        fresh = make_store()
        with pytest.raises(EcomsimError) as caught:
            Scenario("idea", changes).apply(shop)
        assert store_hash(shop) == store_hash(fresh), "the store was touched"
        return str(caught.value)

    return ask
