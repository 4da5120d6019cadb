"""Telling which format a grid of text is, by its headers, and making a clean sheet of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ecomsim.data.grid import Grid
from ecomsim.data.lines import Refused
from ecomsim.data.source import TOTALS, Note, Sheet, Source, fold, tidy

__all__ = ["Catalogue", "Header", "Taken", "guess_header", "is_personal", "take"]

# Whole headers are compared folded (no blanks, lower case): what names or reaches a person.
_PERSONAL = re.compile(
    r"姓名|收货人(?!数)|收件人|(?:联系|收货|收件)(?:电话|手机|地址)|手机号|电话|地址|会员名|昵称|支付宝|账号|帐号|身份证|邮箱|微信号|"
    r"买家留言|订单备注|发票抬头|买家旺旺|客服名|^(?:手机|买家|客户姓名)$|"
    r"e-?mail|phone|^mobile|address|(?:first|last|full|customer|buyer|recipient|contact)-?name|username|"
    r"^billing|^shipping(?:name|street|company|city|zip|province|country)|ipaddress|passport|"
    r"^(?:notes|noteattributes|employee|deviceid|paymentreference|street|postcode|zipcode)$"
)


@dataclass(frozen=True)
class Header:
    """Where a header stands: the way the text is parted, row from 0, cells as written."""

    way: int
    row: int
    cells: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Taken:
    """A sheet ready for its source, with the fate of every column and row that did not get there.

    Attributes
    ----------
    sheet : cleaned
    columns : (header as written, fate) with fate ``mapped``, ``ignored``, ``personal`` or ``unknown``
    notes : rows left out on purpose
    refused : rows that do not fit the header
    """

    sheet: Sheet
    columns: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]
    refused: tuple[Refused, ...]


class Catalogue:
    """Known formats, ready for comparison with many rows."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = tuple(sources)
        self._known = [
            (s, frozenset(map(fold, s.required)), {k: fold(h) for k, h in s.spelling().items()})
            for s in self.sources
            if s.required
        ]
        self._words = frozenset(word for _, _, known in self._known for word in known)

    def find(self, grid: Grid) -> tuple[Source, Header] | None:
        """Return the format that knows the largest share of some row's cells, and that row."""
        best: tuple[tuple[float, int, int], Source, Header] | None = None
        for way, rows in enumerate(grid.heads):
            for number, cells in enumerate(rows):
                have = frozenset(fold(c) for c in cells) - {""}
                if len(have & self._words) < 2:
                    continue
                for source, needed, known in self._known:
                    meant = {known[h] for h in have if h in known}
                    if needed <= meant:
                        score = (len(meant) / len(have), len(needed), -number)
                        if score[0] >= source.least and (best is None or score > best[0]):
                            best = score, source, Header(way, number, _cut(cells))
        return None if best is None else (best[1], best[2])

    def close(self, header: Header) -> tuple[Source, list[str]] | None:
        """Return the format this header comes closest to, and what it lacks; None if nothing is near."""
        have = frozenset(fold(c) for c in header.cells) - {""}
        best = max(
            self._known, key=lambda k: len(have & k[2].keys()) / max(len(have | k[1]), 1), default=None
        )
        if best is None or len(have & best[2].keys()) * 2 < len(have):
            return None
        source, needed, known = best
        lacks = needed - {known[h] for h in have if h in known}
        return source, [h for h in source.required if fold(h) in lacks]


def _cut(cells: Sequence[str]) -> tuple[str, ...]:
    last = max((i for i, c in enumerate(cells) if tidy(c)), default=-1)
    return tuple(cells[: last + 1])


def guess_header(grid: Grid) -> Header | None:
    """Return the likeliest header of an unknown format: the widest row of distinct words."""
    best: tuple[tuple[int, int], Header] | None = None
    for way, rows in enumerate(grid.heads):
        for number, cells in enumerate(rows[:20]):
            cut = _cut(cells)
            words = [fold(c) for c in cut if tidy(c)]
            if len(words) < 2 or len(set(words)) < len(words) or any(_is_value(w) for w in words):
                continue
            score = (len(words), -number)
            if best is None or score > best[0]:
                best = score, Header(way, number, cut)
    return None if best is None else best[1]


def _is_value(word: str) -> bool:
    return bool(re.fullmatch(r"[-+¥$]?[\d.,:/\-年月日%]+", word)) or word.startswith("#") or len(word) > 60


def is_personal(header: str) -> bool:
    """Whether a header speaks of a person.

    Examples
    --------
    >>> [is_personal(h) for h in ("收货人姓名", "Billing Phone", "商品名称", "旺旺回复率", "Lineitem name")]
    [True, True, False, False, False]
    """
    return _PERSONAL.search(fold(header)) is not None


def take(label: str, grid: Grid, header: Header, source: Source | None) -> Taken:
    """Read the rows below a header; personal columns, comments, repeated headers and totals stay behind."""
    spelling = source.spelling() if source is not None else {}
    kept = {fold(h) for h in source.keep} if source is not None else set()
    named = {fold(h) for h in source.personal} if source is not None else set()
    uses = {fold(h) for h in source.uses} if source is not None else set()
    names: dict[int, str] = {}
    fates: list[tuple[str, str]] = []
    for at, cell in enumerate(header.cells):
        key = fold(cell)
        if not key:
            continue
        if key in named or (is_personal(cell) and key not in kept):
            fates.append((tidy(cell), "personal"))
            continue
        name = spelling.get(key, tidy(cell))
        while name in names.values():
            name += " (2)"
        names[at] = name
        unknown = source is not None and key not in spelling
        fates.append(
            (tidy(cell), "unknown" if unknown else "ignored" if uses and key not in uses else "mapped")
        )
    table = grid.body(header.way, header.row, len(header.cells))
    frame = table.frame[list(names)].rename(columns=names)
    head = grid.heads[header.way][: header.row]
    preamble = tuple(" ".join(c for c in map(tidy, row) if c) for row in head)
    sheet = Sheet(label, frame, table.rows, tuple(p for p in preamble if p))
    sheet, notes = _without_extras(sheet, source)
    return Taken(sheet, tuple(fates), notes, table.refused)


def _without_extras(sheet: Sheet, source: Source | None) -> tuple[Sheet, tuple[Note, ...]]:
    if not len(sheet) or not len(sheet.cells.columns):
        return sheet, ()
    notes = []
    first = sheet.cells.iloc[:, 0].str.strip()
    starts = [h for h in sheet.cells.columns if h in set(source.totals)] if source is not None else []
    total = np.zeros(len(sheet), dtype=bool)
    for column in starts or [sheet.cells.columns[0]]:
        total |= _isin(sheet.cells[column].str.strip().str.casefold(), TOTALS)
    tests = (
        ("comment lines", _comments(sheet, first)),
        ("repeated headers", _repeats(sheet, first)),
        ("rows of totals (合计, 汇总, 总计)", total),
    )
    drop = np.zeros(len(sheet), dtype=bool)
    for what, hit in tests:
        fresh = hit & ~drop
        if fresh.any():
            notes.append(Note(what, tuple(sheet.rows[fresh].tolist())))
            drop |= fresh
    return (sheet.take(~drop) if drop.any() else sheet), tuple(notes)


def _isin(column: pd.Series[Any], words: Iterable[str]) -> np.ndarray[Any, Any]:
    return np.asarray(column.isin(list(words)), dtype=bool)


def _comments(sheet: Sheet, first: pd.Series[Any]) -> np.ndarray[Any, Any]:
    """Mark lines that begin with ``# ``, or with ``#`` and hold nothing else (``#1001`` is an order)."""
    hash_ = np.asarray(first.str.startswith("#"), dtype=bool)
    if not hash_.any():
        return hash_
    spaced = np.asarray(first.str.match(r"^#+(?:\s|-|$)"), dtype=bool)
    alone = np.ones(len(sheet), dtype=bool)
    for column in sheet.cells.columns[1:]:
        alone &= np.asarray(sheet.cells[column].str.strip() == "", dtype=bool)
    return spaced | (hash_ & alone & (len(sheet.cells.columns) > 1))


def _repeats(sheet: Sheet, first: pd.Series[Any]) -> np.ndarray[Any, Any]:
    same = np.asarray(first == sheet.cells.columns[0], dtype=bool)
    if same.any() and len(sheet.cells.columns) > 1:
        second = sheet.cells.iloc[:, 1].str.strip()
        same &= np.asarray(second == sheet.cells.columns[1], dtype=bool)
    return same
