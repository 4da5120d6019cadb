"""Will we make the month? Forecasts with joint paths, held against targets."""

from ecomsim.forecast.panel import Panel

__all__ = ["Panel"]
