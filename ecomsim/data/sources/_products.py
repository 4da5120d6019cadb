"""The products a report by product names along the way, and the code each goes by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ecomsim.data.cells import MISSING
from ecomsim.data.source import Note, Piece, Sheet

__all__ = ["products", "sku_or"]


def sku_or(sheet: Sheet, header: str, *instead: str) -> tuple[pd.Series[Any], tuple[Note, ...]]:
    """Return the product code of every row; where blank, the first filled of `instead`, told in a note."""
    sku = _text(sheet, header)
    notes: list[Note] = []
    for other in instead:
        blank = sku == ""
        if not blank.any():
            break
        code = _text(sheet, other)
        filled = blank & (code != "")
        sku = sku.where(~filled, code)
        if filled.any():
            rows = tuple(sheet.rows[filled.to_numpy()].tolist())
            notes.append(Note(f"{header} is blank: {other} stands in as the product code", rows))
    return sku, tuple(notes)


def products(sheet: Sheet, sku: pd.Series[Any], columns: Mapping[str, str]) -> Piece:
    """Return one row a product, as last seen in the file; rows without a code are left to their own table."""
    frame = pd.DataFrame({"sku": sku}, index=sheet.cells.index)
    for name, header in columns.items():
        if header in sheet.cells.columns:
            frame[name] = _text(sheet, header)
    last = (~frame.duplicated("sku", keep="last") & (frame["sku"] != "")).to_numpy()
    return Piece("products", frame[last].reset_index(drop=True), sheet.rows[last])


def _text(sheet: Sheet, header: str) -> pd.Series[Any]:
    cells = sheet.get(header).astype("str").fillna("").str.strip()
    # Wrappings of Excel, and the dashes exports write for nothing.
    cells = cells.str.replace(r'^="(.*)"$', r"\1", regex=True).str.removeprefix("'")
    return cells.mask(cells.isin(MISSING), "")
