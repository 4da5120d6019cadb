"""What the numbers rest on: beside the simulation, the forecast from past sales says its own number."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ecomsim.ui.basis_view import BasisView
from ecomsim.workbook import Workbook
from tests.ui.planner_shop import opened


def at_once(slow: Callable[[], Any], receive: Callable[[Any], object]) -> None:
    receive(slow())


def view(folder: Path, code: str = "en") -> BasisView:
    made = BasisView(opened(folder), "2026-11", code, at_once, lambda act: act)
    made._later(made._forecast, made._show_forecast)
    return made


def test_the_forecast_says_its_own_number(tmp_path: Path) -> None:
    # Every day the same but for noise: the month's 30 days bring 30 times a day, and the words say so.
    days = pd.date_range("2025-09-01", "2026-10-31")
    gmv = 1e5 + np.random.default_rng(3).normal(0, 1e3, len(days))
    book = Workbook(tmp_path / "book")
    book.commit({"store_day": pd.DataFrame({"date": days, "gmv": gmv})})
    text = view(tmp_path / "book")._second.value
    assert "From past sales alone November 2026 is expected at 3" in text and "8 in 10: " in text
    assert "仅根据历史销售，2026年11月预计为 30" in view(tmp_path / "book", "zh")._second.value


def test_without_sales_by_day_it_says_why(tmp_path: Path) -> None:
    book = Workbook(tmp_path / "book")
    book.commit({"products": pd.DataFrame({"sku": ["a"]})})
    assert "The forecast could not be made: " in view(tmp_path / "book")._second.value
