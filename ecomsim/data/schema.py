"""The form of a canonical table: named, typed columns with unit, range and labels in English and Chinese.

One description serves validation on import, the templates, the mapping proposals and the documentation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from ecomsim.checks import require_name

__all__ = ["Column", "Kind", "Table"]


class Kind(Enum):
    """What a cell holds."""

    DATE = "date"
    MONTH = "month"
    TIME = "time"
    DATETIME = "datetime"
    TEXT = "text"
    COUNT = "count"
    NUMBER = "number"
    SHARE = "share"
    MONEY = "money"
    SECONDS = "seconds"
    FLAG = "flag"


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    Attributes
    ----------
    name : canonical name, also the English template header
    kind : what a cell holds
    zh : Chinese template header
    means : one sentence
    unit : shown in templates and messages
    required : whether a row without it is refused
    low, high : allowed range of numbers
    also : other headers that mean this column, for mapping proposals
    choices : allowed values of a text column, if closed
    choices_zh : the same in Chinese, in the same order; they are read as `choices`
    default : text that stands in where nothing is given
    moves : later exports give later states (an order's status): a difference is an update, no contradiction
    """

    name: str
    kind: Kind
    zh: str
    means: str
    unit: str = ""
    required: bool = False
    low: float = -math.inf
    high: float = math.inf
    also: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    choices_zh: tuple[str, ...] = ()
    default: str = ""
    moves: bool = False


@dataclass(frozen=True)
class Table:
    """A canonical table: its key identifies a row across all files.

    Attributes
    ----------
    name : stable id, also the file name in the workbook
    title, title_zh : for people
    means : what one row is
    key : columns that identify a row
    columns : in reading order
    template : whether it is offered by `ecomsim template`
    """

    name: str
    title: str
    title_zh: str
    means: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    template: bool = False
    by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {c.name: c for c in self.columns})

    def column(self, name: str) -> Column:
        """Return a column by canonical name, or raise naming the nearest."""
        return self.by_name[require_name(name, list(self.by_name), f"table {self.name}", "column")]
