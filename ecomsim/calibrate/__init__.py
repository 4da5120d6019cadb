"""Canonical tables -> a store with uncertainty: one file a department, and an account of every number."""

from ecomsim.calibrate.assume import ASSUMPTIONS, Assumption
from ecomsim.calibrate.calibration import Calibration, calibrate, calibrate_history
from ecomsim.calibrate.history import History, read_history
from ecomsim.calibrate.ledger import Gap

__all__ = [
    "ASSUMPTIONS",
    "Assumption",
    "Calibration",
    "Gap",
    "History",
    "calibrate",
    "calibrate_history",
    "read_history",
]
