"""Every metric once: id, unit, definition, labels in English and Chinese, how it adds up, the good direction.

A ratio is derived from recorded metrics and never averaged: `ratio` names its numerator and denominator,
which are added up first. The table is metrics.csv beside this file.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import MappingProxyType

from ecomsim.checks import require_name

__all__ = ["METRICS", "Adds", "Good", "Metric", "label", "metric"]


class Adds(Enum):
    """How days make a month."""

    SUM = "sum"
    LAST = "last"
    MEAN = "mean"
    RATIO = "ratio"


class Good(Enum):
    """Which direction a planner likes."""

    MORE = "more"
    LESS = "less"
    NEITHER = "neither"


@dataclass(frozen=True)
class Metric:
    """One metric of the store.

    Attributes
    ----------
    id : stable name used in code, files and paths
    unit : 'people', 'orders', 'units', 'money', 'share', 'seconds', 'hours', 'SKU-days', 'score', ...
    en, zh : labels
    means : definition, basis and clock in one sentence
    group : traffic, conversion, service, stock, fulfilment, money
    adds : how days add up
    good : the good direction
    ratio : numerator and denominator ids when `adds` is RATIO
    weight : metric that weighs the days when `adds` is MEAN; '' weighs them equally
    """

    id: str
    unit: str
    en: str
    zh: str
    means: str
    group: str
    adds: Adds = Adds.SUM
    good: Good = Good.NEITHER
    ratio: tuple[str, str] | None = None
    weight: str = ""


def _table() -> dict[str, Metric]:
    text = Path(__file__).with_name("metrics.csv").read_text(encoding="utf-8")
    return {
        row["id"]: Metric(
            row["id"], row["unit"], row["en"], row["zh"], row["means"], row["group"],
            Adds(row["adds"]), Good(row["good"]),
            (row["above"], row["below"]) if row["above"] else None, row["weight"],
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip


METRICS: Mapping[str, Metric] = MappingProxyType(_table())
"""Every metric by id, recorded ones first; the table itself is metrics.csv."""


def metric(name: str, where: str = "metric") -> Metric:
    """Return the metric called `name`, or raise naming the nearest known one.

    Examples
    --------
    >>> metric("aov").ratio
    ('gmv', 'buyers')
    """
    return METRICS[require_name(name, list(METRICS), where, "metric")]


def label(name: str, language: str = "en") -> str:
    """Return the label of a metric in 'en' or 'zh'.

    Examples
    --------
    >>> label("gmv", "zh")
    '支付金额'
    """
    require_name(language, ["en", "zh"], "language", "language")
    found = metric(name)
    return found.zh if language == "zh" else found.en
