"""What the pages can tell of faults exists in Chinese: collected from the source, and driven."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.chinese import in_chinese

from .said import said_by

HAN = re.compile(r"[\u4e00-\u9fff]")
SPOKEN = (
    "ui", "checks.py", "scenario", "store", "opening.py", "workbook", "simulate", "calendar/horizon.py",
)  # fmt: skip
"""Where what a page shows of a user's faults comes from. What only Python code can cause (wrong shapes, wrong types
of arguments in formulas, forecast and study) is not among it."""


def test_the_collector_sees_sentences_with_gaps_branches_and_names(tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    path.write_text(
        "def f(x):\n  hint = 'Leave it'\n  words = f'{x} days'\n"
        "  raise EcomsimError('w', words, 'low' if x else 'high', hint)\n",
        encoding="utf-8",
    )
    assert said_by(path) == {"7 days", "low", "high", "Leave it"}


@pytest.mark.parametrize("place", SPOKEN)
def test_every_fault_and_warning_a_page_can_show_has_a_chinese_form(place: str, root: Path) -> None:
    home = root / "ecomsim" / place
    files = [home] if home.is_file() else sorted(home.rglob("*.py"))
    texts = {text for path in files for text in said_by(path)}
    assert texts
    lacking = [
        one for one in sorted(texts) if re.search("[A-Za-z]{2}", one) and not HAN.search(in_chinese(one))
    ]
    assert lacking == []


@pytest.mark.parametrize(
    ("low", "high", "open_low"),
    [(-math.inf, math.inf, False), (0, math.inf, True), (0, math.inf, False), (-math.inf, 5, False),
     (0, 5, True), (0, 1, False)],
)  # fmt: skip
@pytest.mark.parametrize("value", ["many", "5 %", "7", math.nan, 10**400, None, -1e9, 50.0])
def test_numbers_are_asked_for_in_chinese(value: object, low: float, high: float, open_low: bool) -> None:
    try:
        require_number(value, "x", low=low, high=high, open_low=open_low, unit="yuan")
    except EcomsimError as fault:
        assert HAN.search(in_chinese(fault.allowed)) and not re.search(
            "[a-z]{2,} [a-z]", in_chinese(fault.allowed)
        )
        assert not fault.remedy or HAN.search(in_chinese(fault.remedy))


@pytest.mark.parametrize("known", [[], ["paid_search", "live"]])
@pytest.mark.parametrize("name", ["paid_serch", "zzz"])
def test_names_are_asked_for_in_chinese(name: str, known: list[str]) -> None:
    with pytest.raises(EcomsimError) as told:
        require_name(name, known, "x", "channel")
    assert HAN.search(in_chinese(told.value.given)) and "渠道" in in_chinese(told.value.given)
    assert HAN.search(in_chinese(told.value.remedy))


@pytest.mark.parametrize(
    "sentence",
    [
        "Mon 2026-11-09 08:00-09:00, short 10",
        "Lin: more than 6 days in a row by Sat 2026-11-14",
        "Lin: late then early on Tue 2026-11-10, less than 11 hours of rest",
        "Lin: late on Tue 2026-11-10, while on leave",
        "Lin: 6 days of work, 5 by contract",
        "Mon 2026-11-09 early: short 2. Could come: Lin if 6 days of work, 5 by contract; Wang is free",
        "Mon 2026-11-09 late: short 1 with 'English'. Nobody could come by loosening one rule",
        "impossible whatever the roster: Mon 2026-11-09: 9 people wanted, 8 not on leave, short 1",
        "gmv by channel: parts add up to 101.2% of the store; scaled day by day to its total.",
        "scenario plan: 'scale channels.live.base, by 1.0' changes nothing.",
    ],
)
def test_what_rosters_forecasts_and_simulations_tell_is_chinese(sentence: str) -> None:
    said = in_chinese(sentence)
    assert HAN.search(said)
    kept = re.sub(r"'[^']*'|“[^”]*”", "", said)
    assert not re.search(r"\b(?!Lin|Wang|late|early|plan|gmv)[A-Za-z]{3,}", kept), said
