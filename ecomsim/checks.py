"""One form of error message: where, what was given, what is allowed, the nearest name, the remedy."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Sequence

__all__ = ["EcomsimError", "EcomsimWarning", "explain", "nearest", "require_name", "require_number"]


class EcomsimError(ValueError):
    """A fault the user can mend; its text is the whole explanation.

    Parameters
    ----------
    where : str
        Dotted path, or file with row and column.
    given : str
        What was found there.
    allowed : str
        What would have been accepted.
    remedy : str
        What to do about it.

    Examples
    --------
    >>> print(EcomsimError("channels.live.base", "-3", "a number of at least 0", "Give visitors per day."))
    channels.live.base: got -3. Allowed: a number of at least 0. Give visitors per day.
    """

    def __init__(self, where: str, given: str = "", allowed: str = "", remedy: str = "") -> None:
        self.where = where
        self.given = given
        self.allowed = allowed
        self.remedy = remedy
        super().__init__(explain(where, given, allowed, remedy))

    def __reduce__(self) -> tuple[type[EcomsimError], tuple[str, str, str, str]]:
        return type(self), (self.where, self.given, self.allowed, self.remedy)


class EcomsimWarning(UserWarning):
    """Something legal that is rarely meant."""


def explain(where: str, given: str = "", allowed: str = "", remedy: str = "") -> str:
    """Join the four parts of a message into the house's one form."""
    parts = []
    if given:
        parts.append(given if given.startswith(("no ", "not ", "got ")) else f"got {given}")
    if allowed:
        parts.append(f"Allowed: {allowed}")
    if remedy:
        parts.append(remedy.rstrip("."))
    text = f"{where}: " + ". ".join(parts)
    return text if text.endswith(("?", "!")) else text + "."


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name closest to `name`, or None when nothing is near.

    Examples
    --------
    >>> nearest("paid_serch", ["paid_search", "display"])
    'paid_search'
    """
    names = [str(k) for k in known]
    hits = difflib.get_close_matches(str(name), names, n=1, cutoff=0.6)
    if hits:
        return hits[0]
    folded = {n.casefold(): n for n in names}
    hits = difflib.get_close_matches(str(name).casefold(), list(folded), n=1, cutoff=0.6)
    return folded[hits[0]] if hits else None


def require_name(name: str, known: Sequence[str], where: str, kind: str) -> str:
    """Return `name` if it is known, else raise naming the nearest known one."""
    if name in known:
        return name
    shown = ", ".join(list(known)[:8]) + (", ..." if len(known) > 8 else "")
    hit = nearest(name, known)
    remedy = f"Did you mean '{hit}'?" if hit else f"Choose one of the known {kind}s"
    raise EcomsimError(where, f"no such {kind} '{name}'", shown or f"(there are no {kind}s yet)", remedy)


def require_number(
    value: object,
    where: str,
    *,
    low: float = -math.inf,
    high: float = math.inf,
    open_low: bool = False,
    unit: str = "",
    remedy: str = "",
) -> float:
    """Return `value` as a finite float within [low, high], else raise.

    Raises
    ------
    EcomsimError
        For text, NaN, infinities and numbers out of range, with the range and the unit.
    """
    words = _range_words(low, high, open_low, unit)
    if isinstance(value, (bool, str)) or not hasattr(value, "__float__"):
        hint = remedy or _text_remedy(value, high)
        raise EcomsimError(where, repr(value)[:80], words, hint)
    try:
        number = float(value)
    except OverflowError:
        raise EcomsimError(where, "a number beyond 1e308", words, remedy or "Count its zeros") from None
    if math.isnan(number):
        raise EcomsimError(where, "NaN", words, remedy or "Fill the missing value or leave the entry out")
    below = number <= low if open_low else number < low
    if below or number > high or math.isinf(number):
        if not remedy and high == 1.0 and 1.0 < number <= 100.0:
            remedy = f"Rates are fractions: did you mean {number / 100:g}?"
        raise EcomsimError(where, f"{number:g}", words, remedy)
    return number


def _range_words(low: float, high: float, open_low: bool, unit: str) -> str:
    tail = f" ({unit})" if unit else ""
    if math.isinf(low) and math.isinf(high):
        return f"a finite number{tail}"
    if math.isinf(high):
        return f"a number above {low:g}{tail}" if open_low else f"a number of at least {low:g}{tail}"
    if math.isinf(low):
        return f"a number of at most {high:g}{tail}"
    if open_low:
        return f"a number above {low:g} and up to {high:g}{tail}"
    return f"a number from {low:g} to {high:g}{tail}"


def _text_remedy(value: object, high: float) -> str:
    if isinstance(value, str):
        text = value.strip().rstrip("%％")
        try:
            number = float(text.replace(",", ""))
        except ValueError:
            return "Give a plain number"
        if value.strip()[-1] in "%％" or (high == 1.0 and 1.0 < number <= 100.0):
            return f"Write the fraction {number / 100:g} instead of '{value}'"
        return f"Write {number:g} without quotes"
    return "Give a plain number"
