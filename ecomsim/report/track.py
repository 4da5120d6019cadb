"""The track record as people read it: how far off past months were, and how often the range held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecomsim.metrics import label
from ecomsim.report.words import percent

if TYPE_CHECKING:
    import pandas as pd

    from ecomsim.backtest import Backtest

__all__ = ["track_record"]

_HEADS = {
    "en": ("metric", "method", "months", "off by (mean)", "leaning", "months in range", "days in range"),
    "zh": ("指标", "方法", "月数", "平均误差", "偏向", "落入区间的月", "落入区间的天"),
}
_METHODS = {"simulation": "模拟", "seasonal naive": "去年同期", "4-week mean": "近四周均值"}


def track_record(past: Backtest, language: str = "en") -> pd.DataFrame:
    """Return one row a metric and method: mean error of the month, leaning, and how often the range held.

    The range holds `past.share` of outcomes, so about that share of months and days should lie in it.
    """
    import pandas as pd

    head = _HEADS[language]
    rows = []
    for row in past.summary().to_dict("records"):
        method = _METHODS.get(row["method"], row["method"]) if language == "zh" else row["method"]
        leaning = ("+" if row["bias"] > 0 else "−") + percent(abs(row["bias"]))
        kept = [percent(row[key]) if row[key] == row[key] else "" for key in ("months_inside", "days_inside")]
        cells = (
            label(row["metric"], language),
            method,
            str(row["months"]),
            percent(row["mape"]),
            leaning,
            *kept,
        )
        rows.append(dict(zip(head, cells, strict=True)))
    return pd.DataFrame(rows, columns=list(head))
