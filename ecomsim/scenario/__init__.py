"""What we might CHANGE: named lists of changes over dotted paths, as Python or YAML; applied, a new store."""

from ecomsim.scenario.changes import Add, Change, Remove, Scale, Set, Shift
from ecomsim.scenario.compare import diff
from ecomsim.scenario.faults import ScenarioError
from ecomsim.scenario.file import load_scenario, parse_scenario, save_scenario
from ecomsim.scenario.names import safe_name
from ecomsim.scenario.scenario import Scenario, baseline

__all__ = [
    "Add",
    "Change",
    "Remove",
    "Scale",
    "Scenario",
    "ScenarioError",
    "Set",
    "Shift",
    "baseline",
    "diff",
    "load_scenario",
    "parse_scenario",
    "safe_name",
    "save_scenario",
]
