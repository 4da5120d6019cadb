"""Will we make the month? Forecasts with joint paths, held against targets."""

from ecomsim.forecast.cleaning import panel_of
from ecomsim.forecast.panel import Panel

__all__ = ["Panel", "panel_of"]
