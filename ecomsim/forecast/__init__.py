"""Will we make the month? Forecasts with joint paths, held against targets."""

from ecomsim.forecast.asking import forecast
from ecomsim.forecast.changes import Change
from ecomsim.forecast.cleaning import panel_of
from ecomsim.forecast.drivers import Drivers, forecast_drivers
from ecomsim.forecast.handover import with_forecast
from ecomsim.forecast.levers import Conversion, Lever, Price, Promote, Spend, Traffic, Unpromote
from ecomsim.forecast.model import Model
from ecomsim.forecast.outlook import Forecast
from ecomsim.forecast.panel import Panel
from ecomsim.forecast.second import BoostedTrees

__all__ = [
    "BoostedTrees", "Change", "Conversion", "Drivers", "Forecast", "Lever", "Model", "Panel", "Price", "Promote",
    "Spend", "Traffic", "Unpromote", "forecast", "forecast_drivers", "panel_of", "with_forecast",
]  # fmt: skip
