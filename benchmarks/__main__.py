"""Run one area of benchmarks, or all: `python -m benchmarks engine`."""

from __future__ import annotations

import sys

from benchmarks.harness import areas, run


def main() -> int:
    """Run the named areas; without a name, list them."""
    wanted = sys.argv[1:]
    known = areas()
    unknown = [name for name in wanted if name not in known and name != "all"]
    if unknown or not wanted:
        said = f"no such area '{unknown[0]}'. " if unknown else ""
        print(f"{said}Usage: python -m benchmarks AREA. Areas: {', '.join(known)}, all", file=sys.stderr)
        return 2
    missed = sum(run(name) for name in (known if "all" in wanted else wanted))
    if missed:
        print(f"{missed} figure(s) short of their reach", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
