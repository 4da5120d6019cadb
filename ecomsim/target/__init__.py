"""What a metric should bring and how likely it will."""

from ecomsim.target.attain import attainment
from ecomsim.target.periods import period_days, period_months
from ecomsim.target.reach import COLUMNS, chance, reach
from ecomsim.target.target import Target

__all__ = ["COLUMNS", "Target", "attainment", "chance", "period_days", "period_months", "reach"]
