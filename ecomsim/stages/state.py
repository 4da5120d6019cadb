"""The state of a chunk of replications: what today has written and what yesterday left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecomsim.checks import require_name
from ecomsim.stages.layout import CARRIED, CHANNEL, RECORDED, SKU, TILE, WIDTH

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

    @property
    def tiles(self) -> int:
        """Tiles of 64 products."""
        return -(-self.products // TILE)


class State:
    """Arrays of one chunk, with named views for people.

    Attributes
    ----------
    M : (days + 1, recorded, n) the record; row d + 1 is day d, row 0 is what the first day finds
    Y : (carried, n) one number a replication
    X : (kinds, channels, n) by channel
    Z : (n, tiles, width) by product, in tiles of 64 with every variable at a constant offset
    DUE, BACK : (ring, n, tiles, 64) receipts and returns to the shelf by day, slot day % ring
    T : (2, n, tiles, 64) units sold and not sold so far, when asked for
    W : (1 or n, tiles, 64) weight of every product at today's prices; one row when it is certain
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
        self.Z: Singles = np.zeros((n, size.tiles, int(WIDTH)), np.float32)
        shelf = (n, size.tiles, TILE)
        self.DUE: Singles = np.zeros((size.receipt_ring, *shelf), np.float32)
        self.BACK: Singles = np.zeros((size.return_ring, *shelf), np.float32)
        self.T: Singles = np.zeros((2 if detail else 0, *shelf), np.float32)
        self.W: Singles = np.zeros((n if size.drawn else 1, size.tiles, TILE), np.float32)
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
        at = SKU.index(name) * TILE
        view = self.Z[:, :, at : at + TILE].reshape(self.n, -1)[:, : self.size.products]
        view.setflags(write=False)  # a copy: writing into it would be lost
        return view

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in SKU:
            object.__setattr__(self, name, value)
            return
        at = SKU.index(name) * TILE
        full = np.zeros((self.n, self.size.tiles * TILE), np.float32)
        full[:, : self.size.products] = value
        self.Z[:, :, at : at + TILE] = full.reshape(self.n, self.size.tiles, TILE)

    def carried(self) -> dict[str, Singles]:
        """Return a copy of what tomorrow needs besides the record."""
        return {name: getattr(self, name).copy() for name in _CARRIED_ARRAYS}

    def restore(self, kept: dict[str, Singles]) -> None:
        """Put back what `carried` returned."""
        for name, value in kept.items():
            getattr(self, name)[...] = value
