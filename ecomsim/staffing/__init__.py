"""How many people, when and who: from the contacts expected to a roster that has been checked.

`workload` says what comes, `promise` what customers are promised, `window` when the desk is open; `requirement` finds
the `need`, the people for every slot, by the chain of `day` (or the simpler `rules`), with `deferrable` work between.
"""

from ecomsim.staffing.change import people_worth
from ecomsim.staffing.check import Conduct, check_roster
from ecomsim.staffing.cover import Goal, Week
from ecomsim.staffing.deferrable import Deferrable
from ecomsim.staffing.duty import Duty, desk_count
from ecomsim.staffing.headcount import HeadcountPlan, Hiring, plan_headcount, work_hours
from ecomsim.staffing.history import counted, workload_from_counts
from ecomsim.staffing.infeasible import Relaxation
from ecomsim.staffing.kinds import Break, Night, ShiftKind
from ecomsim.staffing.methods import Forward, Mol, Sipp
from ecomsim.staffing.month import StaffedRoster, staff_roster
from ecomsim.staffing.need import Need, need_from_rows
from ecomsim.staffing.one_person import PersonWorth, one_person
from ecomsim.staffing.outcome import RosterCheck, Worth
from ecomsim.staffing.people import Person, RosterTask, Rules, all_hands
from ecomsim.staffing.placing import roster_duties, roster_on_duty, staffed
from ecomsim.staffing.promise import Promise
from ecomsim.staffing.proof import Proven, proven_agents
from ecomsim.staffing.requirement import Requirement, requirement
from ecomsim.staffing.roster import Roster, plan_roster, repair, shift_demand
from ecomsim.staffing.roster_excel import read_people, read_roster, roster_bytes, write_roster
from ecomsim.staffing.roster_ics import from_ics, to_ics, write_calendars
from ecomsim.staffing.shifts import ShiftPlan, plan_shifts
from ecomsim.staffing.team_book import TeamBook, usual_shifts
from ecomsim.staffing.team_read import read_team
from ecomsim.staffing.team_write import team_template
from ecomsim.staffing.week import StaffedWeek, staff_week
from ecomsim.staffing.window import Window
from ecomsim.staffing.workload import Workload, workload
from ecomsim.staffing.year import MonthAhead, YearPlan, plan_year, year_ahead

__all__ = [
    "Break",
    "Conduct",
    "Deferrable",
    "Duty",
    "Forward",
    "Goal",
    "HeadcountPlan",
    "Hiring",
    "Mol",
    "MonthAhead",
    "Need",
    "Night",
    "Person",
    "PersonWorth",
    "Promise",
    "Proven",
    "Relaxation",
    "Requirement",
    "Roster",
    "RosterCheck",
    "RosterTask",
    "Rules",
    "ShiftKind",
    "ShiftPlan",
    "Sipp",
    "StaffedRoster",
    "StaffedWeek",
    "TeamBook",
    "Week",
    "Window",
    "Workload",
    "Worth",
    "YearPlan",
    "all_hands",
    "check_roster",
    "counted",
    "desk_count",
    "from_ics",
    "need_from_rows",
    "one_person",
    "people_worth",
    "plan_headcount",
    "plan_roster",
    "plan_shifts",
    "plan_year",
    "proven_agents",
    "read_people",
    "read_roster",
    "read_team",
    "repair",
    "requirement",
    "roster_bytes",
    "roster_duties",
    "roster_on_duty",
    "shift_demand",
    "staff_roster",
    "staff_week",
    "staffed",
    "team_template",
    "to_ics",
    "usual_shifts",
    "work_hours",
    "workload",
    "workload_from_counts",
    "write_calendars",
    "write_roster",
    "year_ahead",
]
