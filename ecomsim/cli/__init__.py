"""The command line: `ecomsim import`, `template`, `simulate`, `backtest`, `demo`, ..."""

from ecomsim.cli.main import main

__all__ = ["main"]
