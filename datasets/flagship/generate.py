"""Write the sample store: `python datasets/flagship/generate.py [--into FOLDER]`.

An independent program (numpy, pandas, XlsxWriter); it never imports ecomsim. Same seed, same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from generator import (  # noqa: E402
    truth,
    write_ads,
    write_items,
    write_orders,
    write_service,
    write_sycm,
    write_templates,
)
from generator.shop import live_through  # noqa: E402
from generator.world import World  # noqa: E402


def write_all(into: Path) -> None:
    """Simulate and write `exports/` and `truth.yaml` below `into`."""
    book = live_through(World(), _progress if sys.stderr.isatty() else None)
    exports = into / "exports"
    write_sycm.write_store(book, exports)
    write_sycm.write_traffic(book, exports)
    write_items.write_items(book, exports)
    write_ads.write_ads(book, exports)
    write_service.write_service(book, exports)
    write_orders.write_orders(book, exports)
    write_templates.write_catalogue(book, exports)
    write_templates.write_promotions(book, exports)
    write_templates.write_service_plan(book, exports)
    write_templates.write_plans(book, exports)
    truth.write_truth(book, into / "truth.yaml")


def _progress(done: int, total: int) -> None:
    if done % 20 == 0 or done == total:
        sys.stderr.write(f"\r{done}/{total} days" + ("\n" if done == total else ""))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Write the simulated sample store.")
    parser.add_argument("--into", type=Path, default=HERE, help="folder that gets exports/ and truth.yaml")
    write_all(parser.parse_args().into)


if __name__ == "__main__":
    main()
