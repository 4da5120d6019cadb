"""Large amounts as people write and type them: 4,600,000, 4.6m, 460 万."""

from __future__ import annotations

import re
import unicodedata

from ecomsim.checks import EcomsimError, require_number
from ecomsim.ui import lean as widgets

__all__ = ["amount_field", "amount_of", "amount_words"]

_MOST = 1e12
_WORDS = {
    "": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9,
    "千": 1e3, "万": 1e4, "w": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8,
}  # fmt: skip
_TYPED = re.compile(
    r"[¥$]?\s*(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?\s*(?P<word>[a-z千万百亿]*?)\s*(?:元|yuan|cny|rmb)?",
    re.IGNORECASE,
)


def amount_of(raw: object, where: str) -> float:
    """Return an amount that was typed; nothing typed is 0.

    Parameters
    ----------
    raw : a number, or text such as '4,600,000', '4.6m', '460万'
    where : what it is, for the message

    Raises
    ------
    EcomsimError
        For text that is no such number, NaN, and amounts below 0 or above a million million.

    Examples
    --------
    >>> [amount_of(text, "target") for text in ("4,600,000", "4.6m", "460万", "")]
    [4600000.0, 4600000.0, 4600000.0, 0.0]
    """
    if isinstance(raw, str):
        text = unicodedata.normalize("NFKC", raw).strip()
        if not text:
            return 0.0
        found = _TYPED.fullmatch(text[:60])
        factor = _WORDS.get(found["word"].lower()) if found else None
        if not found or factor is None:
            raise EcomsimError(
                where,
                repr(raw)[:80],
                "an amount such as 4,600,000, 4.6m or 460万",
                "Type digits, or leave it empty",
            )
        raw = round(float(found["whole"].replace(",", "") + (found["part"] or "")) * factor, 2)
    return require_number(raw, where, low=0.0, high=_MOST)


def amount_words(value: float, code: str) -> str:
    """Write an amount with all its digits, in 万 where they come out even.

    Examples
    --------
    >>> amount_words(4_600_000, "en"), amount_words(4_600_000, "zh"), amount_words(4_601_250.5, "zh")
    ('4,600,000', '460 万', '4,601,250.5')
    """
    if code == "zh" and value >= 1e4 and value % 1e4 == 0:
        return f"{value / 1e4:,.0f} 万"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def amount_field(value: float | None, description: str, code: str) -> widgets.Text:
    """Return a field to type an amount in; its value is the text, for `amount_of`."""
    return widgets.Text(
        value=amount_words(value, code) if value else "", description=description, continuous_update=False,
        placeholder={"en": "e.g. 4.6m", "zh": "例如 460万"}[code],
    )  # fmt: skip
