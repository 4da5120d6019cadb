"""Names that are safe as file names on every system; Chinese is welcome."""

from __future__ import annotations

import re
import unicodedata

from ecomsim.checks import EcomsimError

__all__ = ["safe_name"]

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
_LONGEST_BYTES = 120


def safe_name(name: object, where: str = "scenario.name") -> str:
    """Return `name` (Unicode NFC) if it is usable as a file name that stays in its folder.

    Raises
    ------
    EcomsimError
        For separators, `..`, control characters, names reserved by Windows, blanks or dots at an end, or more
        than 120 bytes of UTF-8.

    Examples
    --------
    >>> safe_name("双11加码")
    '双11加码'
    >>> safe_name("../push")
    Traceback (most recent call last):
    ecomsim.checks.EcomsimError: scenario.name: got '../push'. Allowed: a plain name... Leave out '/'.
    """
    allowed = "a plain name of letters (any language), digits, blanks, '-', '_' and '.'"
    if not isinstance(name, str):
        raise EcomsimError(where, repr(name)[:80], allowed, "Put the name in quotes")
    text = unicodedata.normalize("NFC", name)
    shown = ascii(name) if not name.isprintable() else repr(name)
    shown = shown[:80]
    bad = _FORBIDDEN.search(text)
    if bad:
        raise EcomsimError(where, shown, allowed, f"Leave out {bad[0]!r}")
    if any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in text):
        raise EcomsimError(where, shown, allowed, "Leave out the invisible characters")
    if not text or text != text.strip() or text[0] in ".-~" or text[-1] == ".":
        raise EcomsimError(where, shown, allowed, "Begin and end it with a letter or digit")
    if text.split(".")[0].strip().casefold() in _RESERVED:
        raise EcomsimError(where, shown, "a name the operating system does not reserve", "Choose another")
    if len(text.encode()) > _LONGEST_BYTES:
        raise EcomsimError(where, shown, f"at most {_LONGEST_BYTES} bytes", "Shorten it")
    return text
