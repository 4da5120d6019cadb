"""Labelled results of a simulation and their summaries."""

from ecomsim.study.origin import Origin, store_hash
from ecomsim.study.shapes import dims_of
from ecomsim.study.study import Study
from ecomsim.study.tally import Tally

__all__ = ["Origin", "Study", "Tally", "dims_of", "store_hash"]
