"""From a store, a horizon and scenarios to a study; and sessions that recompute only what changed."""

from ecomsim.simulate.options import Options
from ecomsim.simulate.run import Executor, simulate, studies
from ecomsim.simulate.session import Session

__all__ = ["Executor", "Options", "Session", "simulate", "studies"]
