"""Agents on duty by half-hour, and what they cost: read by service and by economics."""

from __future__ import annotations

from typing import Any

import numpy as np

from ecomsim.parameters import Floats, Parameters
from ecomsim.store import SLOTS, Team

__all__ = ["HOURS_A_SLOT", "at_desk", "paid_agents", "wages"]

HOURS_A_SLOT = 24.0 / SLOTS


def paid_agents(p: Parameters, team: Team) -> Floats:
    """Return agents of a team on duty, (D, 48, 1 or count): headcount · shape · weekday, or the day's roster.

    A dated change of the headcount changes a roster too: scale multiplies it, shift adds that many at the fullest
    half-hour, and set puts the new headcount in its place.
    """
    at = f"teams.{team.name}.headcount"
    headcount = _column(p.daily(at, team.headcount))
    weekday = np.array([team.weekday[day.weekday()] for day in p.horizon.dates])
    out = (headcount * weekday[:, None])[:, None, :] * np.array(team.shape)[None, :, None]
    pattern = out.copy()
    for day, agents in team.roster.items():
        if (i := p.day_of(day)) is not None:
            out[i] = np.array(agents)[:, None]
            for overlay, days in p.dated(at):
                if not days.start <= i < days.stop:
                    continue
                if overlay.how == "set":
                    out[i] = pattern[i]
                elif overlay.how == "scale":
                    out[i] = out[i] * overlay.value
                else:
                    shape = np.array(team.shape) * weekday[i]
                    out[i] = np.maximum(out[i] + overlay.value * shape[:, None], 0)
    return np.asarray(out)


def at_desk(p: Parameters) -> Floats:
    """Return agents of all teams at their desks, (D, 48, 1 or count): those on duty less shrinkage."""
    out: Any = np.zeros((p.days, SLOTS, 1))
    for name, team in p.store.teams.items():
        stay = 1 - _column(p.daily(f"teams.{name}.shrinkage", team.shrinkage))
        out = out + paid_agents(p, team) * stay[:, None, :]
    return np.asarray(out)


def wages(p: Parameters) -> tuple[Floats, Floats]:
    """Return agent hours and wages by day, each (D, 1 or count); agents above `ref_headcount` cost overtime."""
    hours: Any = np.zeros((p.days, 1))
    money: Any = np.zeros((p.days, 1))
    for name, team in p.store.teams.items():
        agents = paid_agents(p, team)
        at = f"teams.{name}"
        wage = _column(p.daily(f"{at}.wage_hour", team.wage_hour))
        factor = _column(p.daily(f"{at}.overtime_factor", team.overtime_factor))
        if team.ref_headcount is None:
            over: Any = np.zeros(1)
        else:
            weekday = np.array([team.weekday[day.weekday()] for day in p.horizon.dates])
            regular = team.ref_headcount * weekday[:, None] * np.array(team.shape)[None, :]
            over = np.maximum(agents - regular[:, :, None], 0).sum(axis=1) * HOURS_A_SLOT
        own = agents.sum(axis=1) * HOURS_A_SLOT
        hours = hours + own
        money = money + wage * (own + (factor - 1) * over)
    return np.asarray(hours), np.asarray(money)


def _column(values: Any) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    return array[:, None] if array.ndim == 1 else array
