"""Numbers we are not sure of: every distribution is a frozen object with `ppf(u)`.

Inversion is the only way in, so one uniform per replication and parameter gives common random numbers across
scenarios and lets a Gaussian copula tie parameters together.
"""

from ecomsim.uncertain.base import Fixed, Linear, Number, Uncertain, mean_of, ppf_of
from ecomsim.uncertain.copula import correlate
from ecomsim.uncertain.shapes import Beta, Empirical, LogNormal, Normal, Triangular, Uniform

__all__ = [
    "Beta",
    "Empirical",
    "Fixed",
    "Linear",
    "LogNormal",
    "Normal",
    "Number",
    "Triangular",
    "Uncertain",
    "Uniform",
    "correlate",
    "mean_of",
    "ppf_of",
]
