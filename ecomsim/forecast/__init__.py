"""Will we make the month? Forecasts with joint paths, held against targets."""

from ecomsim.forecast.changes import Change
from ecomsim.forecast.cleaning import panel_of
from ecomsim.forecast.model import Model
from ecomsim.forecast.outlook import Forecast, forecast
from ecomsim.forecast.panel import Panel

__all__ = ["Change", "Forecast", "Model", "Panel", "forecast", "panel_of"]
