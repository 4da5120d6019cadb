"""How many people, when and who: from the contacts expected to a roster that has been checked.

`workload` says what comes, `promise` what customers are promised, `window` when the desk is open; `requirement` finds
the `need`, the people for every slot, by the chain of `day` (or the simpler `rules`), with `deferrable` work between.
"""

from ecomsim.staffing.change import people_worth
from ecomsim.staffing.check import Conduct, check_roster
from ecomsim.staffing.cover import Goal, Week
from ecomsim.staffing.deferrable import Deferrable
from ecomsim.staffing.duty import Duty, desk_count
from ecomsim.staffing.infeasible import Relaxation
from ecomsim.staffing.kinds import Break, Night, ShiftKind
from ecomsim.staffing.need import Need, need_from_rows
from ecomsim.staffing.outcome import RosterCheck, Worth
from ecomsim.staffing.people import Person, RosterTask, Rules, all_hands
from ecomsim.staffing.promise import Promise
from ecomsim.staffing.requirement import Forward, Mol, Requirement, Sipp, requirement
from ecomsim.staffing.roster import Roster, plan_roster, repair, shift_demand
from ecomsim.staffing.shifts import ShiftPlan, plan_shifts
from ecomsim.staffing.window import Window
from ecomsim.staffing.workload import Workload, workload

__all__ = [
    "Break",
    "Conduct",
    "Deferrable",
    "Duty",
    "Forward",
    "Goal",
    "Mol",
    "Need",
    "Night",
    "Person",
    "Promise",
    "Relaxation",
    "Requirement",
    "Roster",
    "RosterCheck",
    "RosterTask",
    "Rules",
    "ShiftKind",
    "ShiftPlan",
    "Sipp",
    "Week",
    "Window",
    "Workload",
    "Worth",
    "all_hands",
    "check_roster",
    "desk_count",
    "need_from_rows",
    "people_worth",
    "plan_roster",
    "plan_shifts",
    "repair",
    "requirement",
    "shift_demand",
    "workload",
]
