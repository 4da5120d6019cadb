"""Reading a service lead's workbook: every fault is told at once, by sheet, row and column, with what mends it."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from ecomsim.checks import EcomsimError, nearest, require_name
from ecomsim.scenario.faults import raise_all
from ecomsim.staffing.kinds import Break, ShiftKind
from ecomsim.staffing.people import Person, Rules
from ecomsim.staffing.sheet_words import OFF, WORDS, as_text, open_book
from ecomsim.staffing.team_book import TeamBook
from ecomsim.staffing.team_grid import read_cells, read_demand
from ecomsim.staffing.team_sheet import TeamSheet
from ecomsim.staffing.window import clock, minutes_of

__all__ = ["read_team"]

_SHEETS = ("people", "leave", "shift_types", "rules", "skill_needs", "demand", "roster")
_PEOPLE = (
    "name", "skills", "days_a_week", "kinds", "weekdays", "leave", "wishes_off", "run_before", "last_kind",
    "weekend_days_before", "late_before",
)  # fmt: skip
_RULES = {
    "longest_run": "longest_run", "rest_hours": "rest_hours", "weekends_off": "weekends_off_rule",
    "late_after": "late_after", "single_days_off": "single_days_off", "all_hands": "all_hands",
    "compensate_days": "compensate_days",
}  # fmt: skip
_YES, _NO = {"yes", "y", "true", "1", "是"}, {"no", "n", "false", "0", "否"}


def read_team(
    source: Path | str | bytes, *, name: str = "", month: tuple[dt.date, dt.date] | None = None
) -> TeamBook:
    """Return what a workbook of a team holds.

    Sheets, in English or Chinese, in any order: People (人员), Leave (请假), Shift types (班次设置), Rules (规则),
    Skill needs (技能需求), Demand (需求), Roster (排班表). Only People is needed for a plan; a workbook that a plan
    wrote holds all, so that it can be changed, repaired and published again. Rows that begin with # are notes.

    Parameters
    ----------
    source : path, or the bytes of an upload
    name : how messages call it; default the file's name
    month : first and last day of the roster to plan; leave wholly outside it is then a fault. A workbook with a roster
        is held against the days of that instead

    Raises
    ------
    EcomsimError
        All faults together, each with sheet, row and column, what is allowed, and the remedy.
    """
    called = name or ("the file" if isinstance(source, bytes) else Path(source).name)
    if not isinstance(source, bytes) and not Path(source).is_file():
        raise EcomsimError(
            str(source),
            "no such file",
            "an .xlsx workbook",
            "Make one with: ecomsim staff --template team.xlsx",
        )
    rows = open_book(BytesIO(source) if isinstance(source, bytes) else source, called)
    faults: list[EcomsimError] = []
    sheets: dict[str, TeamSheet] = {}
    for title, cells in rows.items():
        key = next((k for k in _SHEETS if title.strip().casefold() in {w.casefold() for w in WORDS[k]}), "")
        if key and any(as_text(cell) for row in cells for cell in row):
            sheets[key] = TeamSheet(called, title, cells, faults)
    alone = next(iter(rows), "")
    if not {"people", "roster"} & set(sheets) and len(rows) == 1 and _names_people(rows[alone]):
        sheets["people"] = TeamSheet(called, alone, rows[alone], faults)
    if not {"people", "roster"} & set(sheets):
        wanted = " / ".join(WORDS["people"])
        hit = next((nearest(t, [*WORDS["people"], *WORDS["roster"]]) for t in rows), None)
        remedy = (
            f"Name the sheet of people '{hit}'"
            if hit
            else "Start from the template: ecomsim staff --template team.xlsx"
        )
        raise EcomsimError(
            called, f"no sheet {wanted}; it has {', '.join(rows)[:80]}", f"a sheet {wanted}", remedy
        )
    book = TeamBook()
    for key, read in _READERS.items():
        if key in sheets:
            book = read(sheets[key], book)
    if "people" in sheets and "leave" in sheets:
        book = _leave(sheets["leave"], book, (book.days[0], book.days[-1]) if book.cells else month)
    raise_all(called, faults)
    return book


def _names_people(rows: list[list[Any]]) -> bool:
    words = {word.casefold() for word in WORDS["name"]}
    return bool(rows) and any(as_text(cell).casefold() in words for cell in rows[0])


def _shift_types(sheet: TeamSheet, book: TeamBook) -> TeamBook:
    keys = ("shift", "starts", "length", "meal_minutes", "meal_from", "meal_to", "least", "most")
    if not sheet.head(keys, ("shift", "starts", "length")):
        return book
    rows, kinds, least, most = list(sheet.body("shift")), [], {}, {}
    sheet.once(rows, "shift")
    for r in rows:
        name, low, high = sheet.text(r, "shift"), sheet.number(r, "least", 0), sheet.number(r, "most", 1e6)
        if low > high:
            sheet.fault(
                r, "least", f"{low:g}, more than the most, {high:g}", "at most that", "Swap the two numbers"
            )
        length = sheet.number(r, "length", 9, low=1, high=24, whole=False)
        meal = sheet.number(r, "meal_minutes", 0, high=240)
        first = sheet.number(r, "meal_from", 3, high=24, whole=False)
        last = sheet.number(r, "meal_to", max(first, min(5, length - meal / 60)), high=24, whole=False)
        if first > last:
            sheet.fault(r, "meal_from", f"{first:g}, later than {last:g}", "the hour given as the latest, or earlier",
                        "Swap the two hours")  # fmt: skip
            continue
        at = sheet.cell(r, "starts")
        text = clock(at.hour * 60 + at.minute) if isinstance(at, (dt.time, dt.datetime)) else as_text(at)
        with sheet.telling(r, "starts"):
            minutes_of(text, "starts")
            pause = (Break("meal", round(meal), round(first * 60), round(last * 60)),) if meal else ()
            kinds.append(ShiftKind(name, length, text, breaks=pause))
            least[name] = int(low)
            if high < 1e6:
                most[name] = int(high)
    return replace(book, kinds=tuple(kinds), least={k: v for k, v in least.items() if v}, most=most)


def _skill_needs(sheet: TeamSheet, book: TeamBook) -> TeamBook:
    if not sheet.head(("skill", "per_shift"), ("skill", "per_shift")):
        return book
    rows = list(sheet.body("skill"))
    sheet.once(rows, "skill")
    return replace(book, skills={sheet.text(r, "skill"): int(sheet.number(r, "per_shift", 0)) for r in rows})


def _rules(sheet: TeamSheet, book: TeamBook) -> TeamBook:
    if not sheet.head(("rule", "value"), ("rule", "value")):
        return book
    known = {word.casefold(): key for key, word_key in _RULES.items() for word in WORDS[word_key]}
    rows = list(sheet.body("rule"))
    sheet.once(rows, "rule")
    found = Rules()
    for r in rows:
        name = sheet.text(r, "rule")
        key = known.get(name.casefold(), "")
        with sheet.telling(r, "rule" if not key else "value"):
            if not key:
                require_name(name, [WORDS[k][0] for k in _RULES.values()], "rule", "rule")
            found = replace(found, **{key: _rule(sheet, r, key)})
    told = any(known.get(sheet.text(r, "rule").casefold()) == "all_hands" for r in rows)
    return replace(book, rules=found, calendar_days=not told)


def _rule(sheet: TeamSheet, r: int, key: str) -> Any:
    text = sheet.text(r, "value").casefold()
    if key == "all_hands":
        if text in OFF:
            return ()
        return sheet.days(r, "value")
    if key == "late_after":
        cell = sheet.cell(r, "value")
        return clock(cell.hour * 60 + cell.minute) if isinstance(cell, dt.time) else sheet.text(r, "value")
    if key == "single_days_off":
        if text not in _YES | _NO:
            raise EcomsimError("value", f"'{text}'", "yes or no", "Write yes or no")
        return text in _YES
    value = sheet.number(r, "value", float(getattr(Rules(), key)), high=1000, whole=key != "rest_hours")
    return value if key == "rest_hours" else int(value)


def _people(sheet: TeamSheet, book: TeamBook) -> TeamBook:
    if not sheet.head(_PEOPLE, ("name",)):
        return book
    rows, people = list(sheet.body("name")), []
    sheet.once(rows, "name")
    kinds = [kind.name for kind in book.kinds]
    for r in rows:
        weekdays = []
        for text in sheet.listed(r, "weekdays"):
            if text in list("1234567"):
                weekdays.append(int(text) - 1)
            else:
                sheet.fault(r, "weekdays", f"'{text}'", "1 for Monday to 7 for Sunday", "List them as 1,2,3")
        if book.skills:
            for skill in sheet.listed(r, "skills"):
                with sheet.telling(r, "skills"):
                    require_name(skill, list(book.skills), "skill", "skill")
        for key in ("kinds", "last_kind") if kinds else ():
            for name in sheet.listed(r, key):
                with sheet.telling(r, key):
                    require_name(name, kinds, "shift", "shift")
        numbers = {
            key: int(sheet.number(r, key, 0, high=400))
            for key in ("run_before", "weekend_days_before", "late_before")
        }
        with sheet.telling(r, "name"):
            week = sheet.number(r, "days_a_week", 5, high=7, whole=False)
            people.append(
                Person(
                    sheet.text(r, "name"), sheet.listed(r, "skills"), week,
                    sheet.listed(r, "kinds"), tuple(weekdays), sheet.days(r, "leave"), sheet.days(r, "wishes_off"),
                    last_kind=sheet.text(r, "last_kind"), **numbers,
                )
            )  # fmt: skip
    known = {skill for person in people for skill in person.skills}
    for skill, count in book.skills.items():
        if count and people and skill not in known:
            sheet.fault(0, "skills", f"nobody with '{skill}'", "a person for every skill that is needed",
                        "Give it to somebody, or take it off the sheet of skill needs")  # fmt: skip
    return replace(book, people=tuple(people))


def _leave(sheet: TeamSheet, book: TeamBook, month: tuple[dt.date, dt.date] | None) -> TeamBook:
    if not sheet.head(("name", "from", "to", "kind_of_leave"), ("name", "from")):
        return book
    names = [person.name for person in book.people]
    spans: list[tuple[str, dt.date, dt.date, int, bool]] = []
    for r in sheet.body("name"):
        who = sheet.text(r, "name")
        with sheet.telling(r, "name"):
            require_name(who, names, "name", "person")
        first = sheet.day(r, "from")
        last = sheet.day(r, "to", first) if first else None
        kind = sheet.text(r, "kind_of_leave").casefold()
        leave, wish = ({w.casefold() for w in WORDS[key]} for key in ("leave", "wish"))
        if kind and kind not in leave | wish:
            sheet.fault(
                r, "kind_of_leave", f"'{kind}'", "leave or wish (请假 或 希望)", "Write leave or wish"
            )
        if first is None or last is None:
            continue
        if last < first:
            sheet.fault(r, "to", f"{last}, before {first}", "that day or later", "Swap the two days")
        elif (last - first).days > 366:
            sheet.fault(
                r,
                "to",
                f"{last}, more than a year after {first}",
                "leave of at most a year",
                "Correct the year",
            )
        elif month and (last < month[0] or first > month[1]):
            sheet.fault(r, "from", f"{first} to {last}", f"days from {month[0]} to {month[1]}",
                        "Correct the day, or take the row out of this roster's workbook")  # fmt: skip
        elif who in names:
            spans.append((who, first, last, r, kind in wish))
    for (who, _, end, r0, _), (other, first, _, r, _) in itertools.pairwise(
        sorted(spans, key=lambda s: s[:2])
    ):
        if who == other and first <= end:
            told = f"{first}, while {who} is away to {end} by row {r0 + 1}"
            remedy = "Join the two rows into one, or correct a day"
            sheet.fault(r, "from", told, "leave that does not overlap", remedy)
    people = []
    for person in book.people:
        own: dict[bool, set[dt.date]] = {False: set(person.leave), True: set(person.wishes_off)}
        for who, first, last, _, wished in spans:
            if who == person.name:
                own[wished] |= {first + dt.timedelta(days=i) for i in range((last - first).days + 1)}
        people.append(replace(person, leave=tuple(sorted(own[False])), wishes_off=tuple(sorted(own[True]))))
    return replace(book, people=tuple(people))


_READERS: dict[str, Callable[[TeamSheet, TeamBook], TeamBook]] = {
    "shift_types": _shift_types, "skill_needs": _skill_needs, "rules": _rules, "demand": read_demand, "people": _people,
    "roster": read_cells,
}  # fmt: skip
"""In the order in which one needs what the others name."""
