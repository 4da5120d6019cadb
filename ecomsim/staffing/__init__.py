"""How many people, when and who: from the contacts expected to a roster that has been checked.

`window` and `need` say when the desk is open and how many people it takes; `requirement` finds that number.
"""

from ecomsim.staffing.cover import Goal, Week
from ecomsim.staffing.duty import Duty, desk_count
from ecomsim.staffing.infeasible import Relaxation
from ecomsim.staffing.kinds import Break, Night, ShiftKind
from ecomsim.staffing.need import Need, need_from_rows
from ecomsim.staffing.shifts import ShiftPlan, plan_shifts
from ecomsim.staffing.window import Window

__all__ = [
    "Break",
    "Duty",
    "Goal",
    "Need",
    "Night",
    "Relaxation",
    "ShiftKind",
    "ShiftPlan",
    "Week",
    "Window",
    "desk_count",
    "need_from_rows",
    "plan_shifts",
]
