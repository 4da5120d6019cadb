"""Ask every peer about both data sets, so that a later run of the figures finds the answers."""

from __future__ import annotations

import sys

from benchmarks.forecast.cases import STORES, event_order, journey_order
from benchmarks.forecast.peers import NAMES, ask


def main() -> None:
    """Ask the peers named, or all."""
    for name in sys.argv[1:] or NAMES:
        # only Prophet takes the windows of the event set
        orders = [journey_order(), *(event_order(seed) for seed in STORES if name == "Prophet")]
        for order in orders:
            found = ask(name, *order[:4], holidays=order[4])
            print(name, f"{found.cpu_seconds:.0f} s CPU", f"{found.failed} failed", flush=True)


if __name__ == "__main__":
    main()
