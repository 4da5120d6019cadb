"""The command line: `ecomsim import`, `template`, `simulate`, `backtest`, `demo`, ..."""

import os

# Small regressions on many threads spend more on handing work over than on the work; read before numpy loads.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

from ecomsim.cli.main import main  # noqa: E402

__all__ = ["main"]
