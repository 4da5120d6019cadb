"""The state of a chunk of replications: what today has written and what yesterday left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.checks import require_name
from ecomsim.stages.layout import CARRIED, CHANNEL, LANES, RECORDED, SKU, WIDTH

_CARRIED_ARRAYS = ("Y", "X", "Z", "DUE", "BACK", "T", "W", "PAY", "Q")

__all__ = ["Size", "State"]

Singles: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Size:
    """Dimensions of a run: days, channels, products, and the rings of receipts, returns and payments in days.

    `drawn` tells whether a product's weight differs between replications.
    """

    days: int
    channels: int
    products: int
    receipt_ring: int
    return_ring: int
    pay_ring: int
    drawn: bool = False


class State:
    """Arrays of one chunk, with named views for people.

    Attributes
    ----------
    M : (days + 1, recorded, n) the record; row d + 1 is day d, row 0 is what the first day finds
    Y : (carried, n) one number a replication
    X : (kinds, channels, n) by channel
    Z : (n / 64, products, width) by product, 64 replications in a row, every variable at a constant offset
    DUE, BACK : (ring, n / 64, products, 64) receipts and returns to the shelf by day, slot day % ring
    T : (2, n / 64, products, 64) units sold and not sold so far, when asked for
    W : (1 or n / 64, products, 64) weight of every product at today's prices; one block when it is certain
    PAY : (pay ring, n) supplier payments by due day
    Q : (ages, n) orders waiting by age in days
    day, first, n : today, the first replication of the chunk, and how many

    `state["visitors"]` is today's (n,) view, `state["score@yesterday"]` the day before's; write through it with
    `state["visitors"][...] = ...`. `state.stock` is an (n, products) read-only copy; assign to set it.
    """

    def __init__(self, size: Size, first: int, n: int, ages: int, *, detail: bool = False) -> None:
        self.size = size
        self.first, self.n, self.day = first, n, 0
        self.M: Singles = np.zeros((size.days + 1, len(RECORDED), n), np.float32)
        self.Y: Singles = np.zeros((len(CARRIED), n), np.float32)
        self.X: Singles = np.zeros((len(CHANNEL), size.channels, n), np.float32)
        blocks = n // LANES
        self.Z: Singles = np.zeros((blocks, size.products, int(WIDTH)), np.float32)
        shelf = (blocks, size.products, LANES)
        self.DUE: Singles = np.zeros((size.receipt_ring, *shelf), np.float32)
        self.BACK: Singles = np.zeros((size.return_ring, *shelf), np.float32)
        self.T: Singles = np.zeros((2 if detail else 0, *shelf), np.float32)
        self.W: Singles = np.zeros((blocks if size.drawn else 1, size.products, LANES), np.float32)
        self.PAY: Singles = np.zeros((size.pay_ring, n), np.float32)
        self.Q: Singles = np.zeros((ages, n), np.float32)

    def __getitem__(self, name: str) -> Any:
        bare = name.removesuffix("@yesterday")
        require_name(bare, [*RECORDED, *CARRIED, *CHANNEL, *SKU], "state", "variable")
        if bare in RECORDED:
            return self.M[self.day + (bare == name), RECORDED.index(bare)]
        if bare in CARRIED:
            return self.Y[CARRIED.index(bare)]
        if bare in CHANNEL:
            return self.X[CHANNEL.index(bare)]
        return getattr(self, bare)

    def __setitem__(self, name: str, value: Any) -> None:
        if name in SKU:
            setattr(self, name, value)
        else:
            self[name][...] = value

    def __getattr__(self, name: str) -> Any:
        if name not in SKU:
            raise AttributeError(name)
        copy = self._lanes(name).transpose(0, 2, 1).reshape(self.n, self.size.products)
        copy.setflags(write=False)  # writing into it would be lost
        return copy

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in SKU:
            object.__setattr__(self, name, value)
            return
        by_product = np.broadcast_to(value, (self.n, self.size.products))
        self._lanes(name)[...] = by_product.reshape(-1, LANES, self.size.products).transpose(0, 2, 1)

    def _lanes(self, name: str) -> Singles:
        at = SKU.index(name) * LANES
        return self.Z[:, :, at : at + LANES]

    def carried(self) -> dict[str, Singles]:
        """Return a copy of what tomorrow needs besides the record."""
        return {name: getattr(self, name).copy() for name in _CARRIED_ARRAYS}

    def restore(self, kept: dict[str, Singles]) -> None:
        """Put back what `carried` returned."""
        for name, value in kept.items():
            getattr(self, name)[...] = value
