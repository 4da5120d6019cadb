"""The Excel workbook and the HTML page of what is on the screen, as bytes."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ecomsim.metrics import label
from ecomsim.opened import Opened
from ecomsim.report import gather, write_excel, write_html
from ecomsim.report.basis import basis
from ecomsim.report.page import Page
from ecomsim.report.reached import reaches
from ecomsim.report.words import say
from ecomsim.scenario import Scenario
from ecomsim.study import Study
from ecomsim.target import Target
from ecomsim.ui.answers import Question
from ecomsim.ui.planner_words import named

__all__ = ["document"]


def document(
    ending: str, study: Study, scenarios: Sequence[Scenario], ask: Question, opened: Opened, month: str
) -> bytes:
    """Return the report of a study.

    Parameters
    ----------
    ending : 'xlsx' or 'html'
    study, scenarios : what was simulated
    ask : language, labels, target
    opened : the store and what it rests on
    month : YYYY-MM
    """
    page = _page(study, scenarios, ask, opened, month)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{ending}"
        (write_excel if ending == "xlsx" else write_html)(page, path)
        return path.read_bytes()


def _page(study: Study, scenarios: Sequence[Scenario], ask: Question, opened: Opened, month: str) -> Page:
    code, reached = ask.language, []
    if ask.goal:
        day = study.dates[0] - dt.timedelta(days=1)
        known = {month: ask.known} if ask.known else None
        target = Target("gmv", {month: ask.goal})
        reached = reaches(study, target, as_of=day if known else None, actual=known)
    notes = [f"{ask.names.get(one.name, one.name)}: {one.note}" for one in scenarios if one.note]
    return gather(
        study,
        title=f"{label('gmv', code)} · {ask.month} · {opened.store.name}",
        subtitle=f"{opened.store.name} · {study.dates[0]} – {study.dates[-1]}",
        language=code,
        names=ask.names,
        reaches=reached,
        tables=[(say("rests_on", code), basis(opened.store, code))],
        notes=[*notes, *opened.notes],
        scenario_texts=[(one.name, one.text) for one in scenarios],
        promotions=ask.store.promotions,
        channels={name: named(name, code) for name in study.origin.channels},
        currency=opened.store.currency,
    )
