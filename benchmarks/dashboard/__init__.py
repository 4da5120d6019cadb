"""The dashboards in a browser: how soon, how smoothly, how cleanly; on the sample store's month."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.dashboard.clean import clean
from benchmarks.dashboard.lasting import lasting
from benchmarks.dashboard.moving import moving
from benchmarks.dashboard.opening import crowd, opening
from benchmarks.harness import Figure
from tests.browser.kit import private_shop

__all__ = ["figures"]

_PARTS = {"opening": opening, "crowd": crowd, "moving": moving, "clean": clean, "lasting": lasting}


def figures() -> Iterator[Figure]:
    """Yield the figures of all parts; ECOMSIM_BENCH_PARTS=opening,clean takes some of them."""
    wanted = os.environ.get("ECOMSIM_BENCH_PARTS", ",".join(_PARTS)).split(",")
    flagship = Path(__file__).resolve().parents[2] / "datasets" / "flagship"
    with tempfile.TemporaryDirectory() as folder:
        shop = private_shop(flagship, Path(folder) / "shop")
        for name, part in _PARTS.items():
            if name in wanted:
                yield from part(shop)
