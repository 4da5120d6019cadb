"""A day in the store, simulated many times, all departments in one picture.

The names a notebook needs, each fetched from its module when it is first used; nothing is defined here.
"""

import importlib
import sys
from types import ModuleType
from typing import Any

from ecomsim.version import __version__ as __version__

_HOME = {
    "Add": "ecomsim.scenario",
    "Affiliate": "ecomsim.store",
    "AnswerCurve": "ecomsim.store",
    "BaseStock": "ecomsim.store",
    "Basket": "ecomsim.store",
    "Beta": "ecomsim.uncertain",
    "BoostedTrees": "ecomsim.forecast",
    "Break": "ecomsim.staffing",
    "Calibration": "ecomsim.calibrate",
    "Channel": "ecomsim.store",
    "ChatDesk": "ecomsim.formulas.chat",
    "Choice": "ecomsim.store",
    "Conduct": "ecomsim.staffing",
    "Costs": "ecomsim.store",
    "CoverDays": "ecomsim.store",
    "Deferrable": "ecomsim.staffing",
    "EcomsimError": "ecomsim.checks",
    "EcomsimWarning": "ecomsim.checks",
    "Effect": "ecomsim.store",
    "Empirical": "ecomsim.uncertain",
    "Fixed": "ecomsim.uncertain",
    "FixedQuantity": "ecomsim.store",
    "Forecast": "ecomsim.forecast",
    "Free": "ecomsim.store",
    "Fulfilment": "ecomsim.store",
    "FullReduction": "ecomsim.store",
    "Goal": "ecomsim.staffing",
    "HeadcountPlan": "ecomsim.staffing",
    "Hiring": "ecomsim.staffing",
    "Horizon": "ecomsim.calendar",
    "Live": "ecomsim.store",
    "LogNormal": "ecomsim.uncertain",
    "METRICS": "ecomsim.metrics",
    "MinMax": "ecomsim.store",
    "Mol": "ecomsim.staffing",
    "Need": "ecomsim.staffing",
    "Night": "ecomsim.staffing",
    "Noise": "ecomsim.store",
    "Normal": "ecomsim.uncertain",
    "Overlay": "ecomsim.store",
    "Paid": "ecomsim.store",
    "Person": "ecomsim.staffing",
    "Product": "ecomsim.store",
    "Promise": "ecomsim.staffing",
    "Proven": "ecomsim.staffing",
    "Promotion": "ecomsim.store",
    "Provenance": "ecomsim.store",
    "Receipt": "ecomsim.store",
    "Remove": "ecomsim.scenario",
    "Reputation": "ecomsim.store",
    "Returning": "ecomsim.store",
    "Role": "ecomsim.store",
    "Roster": "ecomsim.staffing",
    "RosterTask": "ecomsim.staffing",
    "Rules": "ecomsim.staffing",
    "Scale": "ecomsim.scenario",
    "Scenario": "ecomsim.scenario",
    "Service": "ecomsim.store",
    "Set": "ecomsim.scenario",
    "Shift": "ecomsim.scenario",
    "ShiftKind": "ecomsim.staffing",
    "ShiftPlan": "ecomsim.staffing",
    "Sipp": "ecomsim.staffing",
    "SpeedUps": "ecomsim.formulas.chat_levels",
    "Store": "ecomsim.store",
    "Study": "ecomsim.study",
    "Supplier": "ecomsim.store",
    "Target": "ecomsim.target",
    "Team": "ecomsim.store",
    "TimePhased": "ecomsim.store",
    "Triangular": "ecomsim.uncertain",
    "Uniform": "ecomsim.uncertain",
    "Week": "ecomsim.staffing",
    "Window": "ecomsim.staffing",
    "Workbook": "ecomsim.workbook",
    "Workload": "ecomsim.staffing",
    "Worth": "ecomsim.staffing",
    "all_hands": "ecomsim.staffing",
    "attainment": "ecomsim.target",
    "backtest": "ecomsim.backtest",
    "baseline": "ecomsim.scenario",
    "calibrate": "ecomsim.calibrate",
    "check_roster": "ecomsim.staffing",
    "diff": "ecomsim.scenario",
    "forecast": "ecomsim.forecast",
    "forecast_drivers": "ecomsim.forecast",
    "from_ics": "ecomsim.staffing",
    "gather": "ecomsim.report",
    "get": "ecomsim.store.paths",
    "import_folder": "ecomsim.workbook",
    "label": "ecomsim.metrics",
    "load_scenario": "ecomsim.scenario",
    "metric": "ecomsim.metrics",
    "open_store": "ecomsim.opening",
    "outcomes": "ecomsim.report",
    "one_person": "ecomsim.staffing",
    "people_worth": "ecomsim.staffing",
    "plan_headcount": "ecomsim.staffing",
    "plan_roster": "ecomsim.staffing",
    "plan_shifts": "ecomsim.staffing",
    "plan_year": "ecomsim.staffing",
    "proven_agents": "ecomsim.staffing",
    "read_people": "ecomsim.staffing",
    "read_roster": "ecomsim.staffing",
    "read_tables": "ecomsim.opening",
    "read_team": "ecomsim.staffing",
    "repair": "ecomsim.staffing",
    "requirement": "ecomsim.staffing",
    "roster_duties": "ecomsim.staffing",
    "roster_on_duty": "ecomsim.staffing",
    "save_scenario": "ecomsim.scenario",
    "shift_demand": "ecomsim.staffing",
    "simulate": "ecomsim.simulate",
    "staff_roster": "ecomsim.staffing",
    "staffed": "ecomsim.staffing",
    "team_template": "ecomsim.staffing",
    "template": "ecomsim.data.templates",
    "to_ics": "ecomsim.staffing",
    "work_hours": "ecomsim.staffing",
    "workload": "ecomsim.staffing",
    "with_forecast": "ecomsim.forecast",
    "write_calendars": "ecomsim.staffing",
    "write_excel": "ecomsim.report",
    "write_html": "ecomsim.report",
    "write_roster": "ecomsim.staffing",
    "year_ahead": "ecomsim.staffing",
}

__all__ = sorted(_HOME)


class _Face(ModuleType):
    """The package, on which a name of the face is never covered by the module of the same name."""

    def __setattr__(self, name: str, value: object) -> None:
        # Loading ecomsim.simulate hangs that module on the package, where it would cover es.simulate().
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name in _HOME:
            value = getattr(importlib.import_module(_HOME[name]), name)
            self.__dict__[name] = value
            return value
        hint = ""
        if not name.startswith("_"):
            from ecomsim.checks import nearest

            near = nearest(name, __all__)
            hint = f". Did you mean '{near}'?" if near else ""
        raise AttributeError(f"ecomsim has no name '{name}'{hint}", name=name, obj=self)

    def __dir__(self) -> list[str]:
        return sorted({*_HOME, "__version__", "__doc__", "__file__", "__path__"})


sys.modules[__name__].__class__ = _Face
