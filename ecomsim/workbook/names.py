"""Names of things in a workbook: they become file names, so they cannot lead out of their folder."""

from __future__ import annotations

import re
from pathlib import Path

from ecomsim.checks import EcomsimError

__all__ = ["child", "require_plain"]

_PLAIN = re.compile(r"[^\W_][\w .\-]*", re.UNICODE)
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
)


def require_plain(name: str, what: str) -> str:
    """Return `name` if it is one plain file name, else raise.

    Examples
    --------
    >>> require_plain("bigger double 11", "scenario")
    'bigger double 11'
    """
    good = isinstance(name, str) and len(name.encode()) <= 120 and _PLAIN.fullmatch(name) is not None
    if not good or ".." in name or name != name.strip(" .") or name.split(".")[0].casefold() in _RESERVED:
        allowed = "letters, digits, blanks, '-', '_' and '.', beginning with a letter or digit"
        raise EcomsimError(f"{what} name", repr(name)[:80], allowed, "Choose a plain name")
    return name


def child(folder: Path, name: str, ending: str, what: str) -> Path:
    """Return the path of a named thing directly below `folder`."""
    return folder / f"{require_plain(name, what)}{ending}"
