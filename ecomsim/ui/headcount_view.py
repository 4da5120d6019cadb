"""The year's headcount on the staffing dashboard: people and cost by month, and whom to decide on when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from ecomsim.calendar import parse_month
from ecomsim.charts.scale import compact
from ecomsim.checks import EcomsimError
from ecomsim.chinese import in_chinese
from ecomsim.forecast.words import family_text
from ecomsim.opened import Opened
from ecomsim.opening import read_tables
from ecomsim.staffing import Hiring, YearPlan, plan_year, year_ahead
from ecomsim.staffing.year import first_month, people_now
from ecomsim.ui import lean as widgets
from ecomsim.ui.amount import amount_of
from ecomsim.ui.fold import Fold
from ecomsim.ui.later import Later
from ecomsim.ui.screens import table_html
from ecomsim.ui.staffing_levers import stacked
from ecomsim.ui.staffing_words import STAFFING
from ecomsim.uncertain import mean_of

__all__ = ["HeadcountView", "year_html"]

_FIELDS = {
    "hc_people": (1, 5_000, 1), "hc_lead": (0, 11, 1), "hc_first": (0, 100, 5), "hc_second": (0, 100, 5),
    "hc_leaving": (0, 50, 1), "hc_hours": (20, 300, 5), "hc_wage": (0, 200_000, 100), "hc_hire": (0, 200_000, 100),
    "hc_overtime": (0, 50, 5),
}  # fmt: skip
"""Smallest and largest value and step of every field; whatever a browser sends is brought within."""

_LONGEST = 2_000


class HeadcountView:
    """A fold that plans the year when it is opened and whenever a field changes.

    Parameters
    ----------
    reference : returns hours at the desk and GMV of 30 ordinary days, as staffed and simulated just now
    """

    def __init__(
        self,
        opened: Opened,
        later: Later,
        guard: Callable[[Callable[..., Any]], Callable[..., Any]],
        code: str,
        reference: Callable[[], tuple[float, float] | None],
    ) -> None:
        self._opened, self._later, self._guard, self._code, self._reference = (
            opened,
            later,
            guard,
            code,
            reference,
        )
        wages = [mean_of(team.wage_hour) for team in opened.store.teams.values()]
        hourly = sum(wages) / len(wages) if wages else 30.0
        self.values: dict[str, float] = {
            "hc_people": people_now(opened.store, 150.0), "hc_lead": 1, "hc_first": 50, "hc_second": 80,
            "hc_leaving": 2, "hc_hours": 150, "hc_wage": round(hourly * 174, -2), "hc_hire": 1_500, "hc_overtime": 10,
        }  # fmt: skip
        self.targets = ""
        self.table = widgets.HTML()
        self.fold = Fold(self._say("headcount"), self._build, guard)
        self.root = self.fold.root

    def _say(self, key: str, **parts: str) -> str:
        return STAFFING.say(key, self._code, **parts)

    def _build(self) -> Sequence[widgets.Widget]:
        fields = []
        for name, (low, high, step) in _FIELDS.items():
            field = widgets.BoundedIntText(
                value=int(self.values[name]), min=low, max=high, step=step, description=self._say(name),
                continuous_update=False,
            )  # fmt: skip
            field.observe(
                self._guard(lambda change, name=name: self._moved(name, change["new"])), names="value"
            )
            fields.append(stacked(field))
        form = widgets.Box(fields)
        form.add_class("es-edit")
        targets = widgets.Textarea(
            value=self.targets, description=self._say("hc_targets"), continuous_update=False, rows=3,
            placeholder="2026-12 5200000",
        )  # fmt: skip
        targets.observe(self._guard(lambda change: self._targets(change["new"])), names="value")
        self.plan()
        note = widgets.HTML(f'<p class="es-sub">{escape(self._say("headcount_sub"))}</p>')
        return [note, form, stacked(targets), self.table]

    def _moved(self, name: str, value: Any) -> None:
        low, high, _ = _FIELDS[name]
        self.values[name] = min(max(float(value), low), high)
        self.plan()

    def _targets(self, text: str) -> None:
        _parsed(text)
        self.targets = text
        self.plan()

    def plan(self) -> None:
        """Plan the year off the screen's thread; without a staffed week there is nothing to go by yet."""
        if (base := self._reference()) is None:
            self.table.value = f'<p class="es-sub">{escape(self._say("working"))}</p>'
            return
        v, given = self.values, _parsed(self.targets)
        hiring = Hiring(
            v["hc_people"], int(v["hc_lead"]), (v["hc_first"] / 100, v["hc_second"] / 100), v["hc_leaving"] / 100,
            v["hc_hours"], v["hc_wage"], v["hc_hire"], v["hc_overtime"] / 100,
        )  # fmt: skip
        self.table.add_class("es-stale")

        def slow() -> YearPlan:
            tables = read_tables(self._opened.path)
            known = {**self._opened.targets.get("gmv", {}), **given}
            months = year_ahead(tables, known, first_month(self._opened.store.as_of))
            return plan_year(months, *base, hiring, within_s=5.0)

        self._later.newest(slow, self._show)

    def _show(self, found: YearPlan) -> None:
        self.table.value = year_html(found, self._code)
        self.table.remove_class("es-stale")

    def refresh(self) -> None:
        """Plan anew after the week or month has changed, if the fold is open."""
        if self.fold.is_open:
            self.plan()


def _parsed(text: str) -> Mapping[str, float]:
    """Return targets written a line each as '2026-12 5200000'."""
    found = {}
    for number, line in enumerate(text[:_LONGEST].splitlines(), start=1):
        if not line.strip():
            continue
        month, _, amount = line.replace("=", " ").replace("：", " ").replace(":", " ").strip().partition(" ")
        where = f"line {number}"
        parse_month(month, where)
        value = amount_of(amount.strip(), where)
        if value <= 0:
            raise EcomsimError(
                where, "no amount", "an amount such as 4,600,000, 4.6m or 460万", "Write 2026-12 5200000"
            )
        found[month] = float(value)
    return found


def year_html(found: YearPlan, code: str) -> str:
    """Return the plan as a sentence and a table by month."""

    def say(key: str, **parts: str) -> str:
        return STAFFING.say(key, code, **parts)

    table = found.plan.table
    heads = (
        "month",
        "hc_target",
        "hc_events",
        "hc_there",
        "hc_start",
        "hc_decide",
        "hc_work",
        "hc_able",
        "hc_extra",
        "hc_cost",
    )
    lines: list[Sequence[str]] = [[say(key) for key in heads]]
    for one, row in zip(found.months, table.to_dict("records"), strict=True):
        extra = f"{row['overtime']:,.0f}"
        if row["short"] > 0.5:
            extra += "\n" + say("hc_short", hours=f"{row['short']:,.0f}")
        happens = ", ".join(family_text(event, code) for event in one.events)
        lines.append(
            [
                one.month, compact(one.gmv, code) + ("" if one.given else " *"), happens or "–", f"{row['people']:.1f}",
                f"{row['starters']:.0f}", f"{row['decide']:.0f}", f"{row['hours']:,.0f}", f"{row['able']:,.0f}", extra,
                f"¥ {compact(row['cost'], code)}",
            ]
        )  # fmt: skip
    decide = [f"{month}: {int(n)}" for month, n in table["decide"].items() if n]
    now = int(table["starters"].iloc[0])
    if now:
        decide.insert(0, f"{table.index[0]}: {now}")
    told = (
        say("hc_told", cost=f"¥ {compact(found.plan.cost, code)}", decide=", ".join(decide))
        if decide
        else say("hc_nobody", cost=f"¥ {compact(found.plan.cost, code)}")
    )
    short = [in_chinese(text) if code == "zh" else text for text in found.plan.shortages]
    notes = "".join(f"<li>{escape(text)}</li>" for text in short)
    warned = f'<div class="es-told"><ul>{notes}</ul></div>' if notes else ""
    star = (
        "" if all(one.given for one in found.months) else f'<p class="es-sub">{escape(say("hc_assumed"))}</p>'
    )
    return f'<p>{escape(told)}</p>{warned}<div class="es-headcount">{table_html(lines, say("headcount"))}</div>{star}'
