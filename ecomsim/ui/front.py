"""The front page: who comes here, where they go, how fresh the store's data are."""

from __future__ import annotations

import datetime as dt
import os
import shlex
from html import escape

from ecomsim.checks import EcomsimError
from ecomsim.data.tables import TABLES
from ecomsim.ui import lean as widgets
from ecomsim.ui.freshness import Age, Freshness, TableState, freshness
from ecomsim.ui.front_words import FRONT
from ecomsim.ui.messages import State, message_html
from ecomsim.ui.opened import opened_workbook
from ecomsim.ui.phrases import SHELL
from ecomsim.ui.place import served
from ecomsim.ui.shell import Page
from ecomsim.workbook import Workbook

__all__ = ["front"]

_USERS = ("planner", "targets", "staffing")
_SIGNS = {Age.FRESH: "●", Age.BEHIND: "◐", Age.MISSING: "○"}
_TONES = {Age.FRESH: "es-good", Age.BEHIND: "es-watch", Age.MISSING: "es-sub"}


def front(path: str | os.PathLike[str] | None = None) -> Page:
    """Return the front page of the workbook at `path`, or of the one the server was started with."""
    page = Page("index", "question", FRONT)
    users, data = widgets.HTML(), widgets.HTML()
    page.show(users, data)
    try:
        book = opened_workbook(path)
    except EcomsimError as fault:
        told = fault  # the name `fault` ends with this block

        def empty(code: str) -> None:
            users.value = _users_html(code)
            data.value = message_html(
                State.EMPTY, FRONT.say("no_book", code), str(told.where), told.remedy, language=code
            )

        page.language.follow(empty)
        return page
    found = freshness(book.spans())

    def speak(code: str) -> None:
        page.answer(_reach(book, found, code))
        users.value = _users_html(code)
        data.value = _mend_html(book, found, code) + _tables_html(found, code)

    page.language.follow(speak)
    return page


def _reach(book: Workbook, found: Freshness, code: str) -> str:
    if found.as_of is None:
        return FRONT.say("no_sales", code, store=book.path.name)
    return FRONT.say("reach", code, store=book.path.name, day=day_words(found.as_of, code))


def day_words(day: dt.date, code: str) -> str:
    """Write a day as the language does.

    Examples
    --------
    >>> day_words(dt.date(2026, 10, 31), "en"), day_words(dt.date(2026, 10, 31), "zh")
    ('31 October 2026', '2026年10月31日')
    """
    return f"{day.year}年{day.month}月{day.day}日" if code == "zh" else f"{day.day} {day:%B} {day.year}"


def _users_html(code: str) -> str:
    cards = []
    for name in _USERS:
        who, asks = (escape(FRONT.say(f"{name}_{part}", code)) for part in ("who", "asks"))
        if name in served():
            label = escape(FRONT.say("open", code, name=SHELL.say(name, code)))
            way = f'<a class="es-way" href="{name}.ipynb">{label}</a>'
        else:
            way = f'<span class="es-sub">{escape(FRONT.say("unserved", code))}</span>'
        cards.append(f'<li class="es-user"><h3>{who}</h3><p>{asks}</p>{way}</li>')
    return f'<h2>{escape(FRONT.say("where", code))}</h2><ul class="es-users">{"".join(cards)}</ul>'


def _mend_html(book: Workbook, found: Freshness, code: str) -> str:
    wanting = [*found.missing, *found.behind]
    title = f"<h2>{escape(FRONT.say('mend', code))}</h2>"
    if not wanting:
        return f'{title}<p class="es-sub">{escape(FRONT.say("all_here", code))}</p>'
    how = escape(FRONT.say("import_how", code, book=shlex.quote(book.path.name)))
    rows = "".join(
        f"<li><strong>{escape(_title(table, code))}</strong> "
        f'<span class="{_TONES[table.age]}">{_SIGNS[table.age]} {escape(_age(table, code))}</span>'
        f'<br><span class="es-sub">{escape(_fills(table, code))}</span></li>'
        for table in wanting
    )
    return f'{title}<ul class="es-wanting">{rows}</ul><p class="es-sub">{how}</p>'


def _tables_html(found: Freshness, code: str) -> str:
    title = escape(FRONT.say("data", code))
    heads = [escape(FRONT.say(key, code)) for key in ("table", "rows", "first", "last", "state")]
    kinds = ["", "n", "n", "n", ""]
    head = "".join(f'<th scope="col" class="{k}">{h}</th>' for h, k in zip(heads, kinds, strict=True))
    body = "".join(
        f'<tr><th scope="row">{escape(_title(table, code))}</th><td class="n">{table.rows:,}</td>'
        f'<td class="n">{table.first or "–"}</td><td class="n">{table.last or "–"}</td>'
        f'<td class="{_TONES[table.age]}">{_SIGNS[table.age]} {escape(_age(table, code))}</td></tr>'
        for table in found.tables
        if table.age is not Age.MISSING
    )
    return (
        f'<h2 class="es-apart">{title}</h2><div class="es-scroll" tabindex="0" role="region" aria-label="{title}">'
        f'<table class="es-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _title(table: TableState, code: str) -> str:
    about = TABLES[table.name]
    return about.title_zh if code == "zh" else about.title


def _age(table: TableState, code: str) -> str:
    if table.age is Age.BEHIND:
        key = "behind_one" if table.days_behind == 1 else "behind"
        return FRONT.say(key, code, days=str(table.days_behind))
    return FRONT.say(table.age.value, code)


def _fills(table: TableState, code: str) -> str:
    ways = list(table.fills[:2])
    if table.template:
        ways.append(FRONT.say("template", code, name=table.name))
    return f"{FRONT.say('fills', code)}: {FRONT.say('or', code).join(ways)}"
