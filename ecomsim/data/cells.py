"""Reading the cells of an export: text in, typed values and the faults of each cell out.

Every function takes a whole column. Well-formed cells go through vectorised kernels; only the distinct odd
ones are looked at one by one. Nothing raises: a cell that cannot be read is missing in ``values`` and named
in ``faults``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["MISSING", "Parsed", "flags", "fold_odd", "is_text", "number", "numbers", "shares", "texts"]

MISSING = ("", "-", "--", "---", "—", "——", "－", "–", "/")
"""What exports write where there is nothing."""

PLAIN = r"^[+-]?\d{1,300}(\.\d*)?$"
_COMMAS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$"
_PERCENT = r"^[+-]?\d{1,15}(\.\d+)?%$"
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_SCALES = {"万": 1e4, "w": 1e4, "亿": 1e8, "千": 1e3, "k": 1e3, "%": 0.01, "‰": 0.001}
_CURRENCY = re.compile(
    r"^(?:cny|rmb|usd|eur|gbp|us\$|hk\$|[¥$€£])|(?:cny|rmb|usd|eur|gbp|元|[¥$€£])$", re.IGNORECASE
)
_ERRORS = frozenset(
    {"nan", "inf", "infinity", "#n/a", "n/a", "na", "null", "none", "#div/0!", "#value!", "#ref!"}
)
_ROUNDED = r"\d(?:\.\d+)?[eE]\+?\d{2}"
_TRUE = frozenset({"1", "true", "yes", "y", "是", "有", "t"})
_FALSE = frozenset({"0", "false", "no", "n", "否", "无", "f"})


@dataclass(frozen=True, eq=False)
class Parsed:
    """A column read: `values` with a gap where nothing was, and `faults` (position -> reason)."""

    values: np.ndarray[Any, Any]
    faults: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))


def is_text(cells: pd.Series[Any]) -> bool:
    """Whether a column still holds text to be read (else it is already typed)."""
    return isinstance(cells.dtype, pd.StringDtype) or cells.dtype == object


def trimmed(cells: pd.Series[Any]) -> pa.Array:
    """Return the cells as an Arrow string array without outer blanks."""
    array = pa.array(
        cells if isinstance(cells.dtype, pd.StringDtype) else cells.astype("str"), from_pandas=True
    )
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return pc.utf8_trim_whitespace(array.cast(pa.large_string()))


def fold_odd(
    array: pa.Array, left: np.ndarray[Any, Any], read: Callable[[str], float | str]
) -> tuple[np.ndarray[Any, Any], dict[int, str]]:
    """Read the cells where `left` is True one distinct text at a time.

    `read` returns the value, or the reason why it has none.
    Returns the values at these places and the faults.
    """
    places = np.flatnonzero(left)
    coded = array.take(pa.array(places)).dictionary_encode()
    results = [read(word) for word in coded.dictionary.to_pylist()]
    values = np.array([np.nan if isinstance(r, str) else r for r in results], dtype=float)
    codes = coded.indices.to_numpy(zero_copy_only=False)
    wrong = {i: r for i, r in enumerate(results) if isinstance(r, str)}
    faults: dict[int, str] = {}
    if wrong:
        hit = np.isin(codes, list(wrong))
        faults = {int(p): wrong[int(c)] for p, c in zip(places[hit], codes[hit], strict=True)}
    return values[codes] if len(places) else np.empty(0), faults


def gaps(array: pa.Array) -> np.ndarray[Any, Any]:
    """Return where there is nothing: null, empty or one of the dashes of `MISSING`."""
    blank = pc.or_kleene(pc.is_null(array), pc.is_in(array, value_set=pa.array(MISSING, pa.large_string())))
    return np.asarray(blank.to_numpy(zero_copy_only=False), dtype=bool)


def shares(cells: pd.Series[Any]) -> Parsed:
    """Read fractions of one; ``8折`` (pay 80 %) is a cut of 0.2.

    Examples
    --------
    >>> import pandas as pd
    >>> shares(pd.Series(["15%", "0.15", "8.5折"])).values.round(3).tolist()
    [0.15, 0.15, 0.15]
    """
    array = trimmed(cells)
    cut = matches(array, r"^\d(?:\.\d+)?折$|^\d\d折$") & ~gaps(array)
    if not cut.any():
        return numbers(cells)
    rest = numbers(pd.Series(cells).mask(cut, ""))
    paid = np.array([word.as_py()[:-1] for word in array.filter(pa.array(cut))], dtype=float)
    rest.values[cut] = 1.0 - np.where(paid >= 10.0, paid / 100.0, paid / 10.0)
    return rest


def matches(array: pa.Array, pattern: str) -> np.ndarray[Any, Any]:
    """Return where a pattern is found; nothing is found in a gap."""
    found = pc.fill_null(pc.match_substring_regex(array, pattern), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def numbers(cells: pd.Series[Any]) -> Parsed:
    """Read numbers as exports write them; ``%`` becomes a fraction, ``万`` and ``亿`` their size.

    Examples
    --------
    >>> import pandas as pd
    >>> numbers(pd.Series(["1,234.5", "￥１２", "1.2万", "12.5%", "-", "x"])).values.tolist()
    [1234.5, 12.0, 12000.0, 0.125, nan, nan]
    """
    array = trimmed(cells)
    values = np.full(len(array), np.nan)
    left = ~gaps(array)
    for pattern, drop, scale in ((PLAIN, "", 1.0), (_COMMAS, ",", 1.0), (_PERCENT, "%", 100.0)):
        if not left.any():
            break
        hit = matches(array, pattern) & left
        if hit.any():
            found = array.filter(pa.array(hit))
            found = pc.replace_substring(found, drop, "") if drop else found
            found = pc.replace_substring_regex(found, r"^\+", "")
            values[hit] = found.cast(pa.float64()).to_numpy() / scale
            left &= ~hit
    faults: dict[int, str] = {}
    if left.any():
        values[left], faults = fold_odd(array, left, number)
    huge = np.isinf(values)
    if huge.any():
        faults |= {int(i): "too large a number" for i in np.flatnonzero(huge)}
        values[huge] = np.nan
    return Parsed(values, MappingProxyType(faults))


def number(text: str) -> float | str:
    """Read one odd number, or say why not."""
    word = unicodedata.normalize("NFKC", text).replace("−", "-").strip().strip("'\"").replace(" ", "")
    if word in MISSING:
        return float("nan")
    if word.startswith("(") and word.endswith(")"):
        word = "-" + word[1:-1]
    sign = word[:1] if word[:1] in "+-" else ""
    word = sign + _CURRENCY.sub("", _CURRENCY.sub("", word[len(sign) :]))
    scale = 1.0
    while word and word[-1].casefold() in _SCALES:
        scale *= _SCALES[word[-1].casefold()]
        word = word[:-1]
    if "," in word:
        if not _GROUPED.fullmatch(word):
            return "the commas do not part thousands"
        word = word.replace(",", "")
    if _NUMBER.fullmatch(word):
        return float(word) * scale
    lowered = word.casefold().lstrip("+-")
    if lowered in _ERRORS:
        return "not a number; leave the cell empty if the value is unknown"
    return "not a number"


def flags(cells: pd.Series[Any]) -> Parsed:
    """Read yes and no to 1.0 and 0.0."""
    array = trimmed(cells)
    left = ~gaps(array)
    values = np.full(len(array), np.nan)

    def read(text: str) -> float | str:
        word = text.casefold()
        return 1.0 if word in _TRUE else 0.0 if word in _FALSE else "neither yes nor no"

    values[left], faults = fold_odd(array, left, read)
    return Parsed(values, MappingProxyType(faults))


def texts(cells: pd.Series[Any], *, codes: bool = False) -> Parsed:
    """Read text: outer blanks and the wrappings of Excel (``="123"``, a leading ``'``) go; dashes are gaps.

    With `codes` (numbers that name something) what Excel rounded to ``3.2E+17`` is a fault: digits are lost.
    """
    array = trimmed(cells)
    if pc.any(pc.match_substring_regex(array, r"^[=']")).as_py():
        array = pc.replace_substring_regex(array, r"^=\"(.*)\"$", r"\1")
        array = pc.replace_substring_regex(array, r"^'(.*)$", r"\1")
    missing = gaps(array)
    faults: dict[int, str] = {}
    if codes:
        for pattern, why in (
            (rf"^{_ROUNDED}$", "the code was rounded by a spreadsheet; export it again as text"),
            ("\ufffd", "damaged characters; export it again"),
        ):
            faults |= dict.fromkeys(np.flatnonzero(matches(array, pattern) & ~missing).tolist(), why)
        missing = missing | np.isin(np.arange(len(array)), list(faults))
    if missing.any():
        array = pc.if_else(pa.array(missing), pa.scalar(None, array.type), array)
    return Parsed(pd.array(array, dtype="str"), MappingProxyType(faults))
