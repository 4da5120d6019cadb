"""Which canonical channel a platform's own name of a traffic source or advertising tool belongs to.

The names stand in ``channels.yaml`` beside this file, one family for each kind of export.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd
import yaml

from ecomsim.data.source import TOTALS, Note, fold

__all__ = ["Family", "assign", "family", "slug"]


@dataclass(frozen=True)
class Family:
    """The names one platform gives to channels, folded.

    Attributes
    ----------
    exact : folded name -> channel
    contains : (folded word, channel) in the order in which they are tried
    """

    exact: dict[str, str]
    contains: tuple[tuple[str, str], ...]

    def find(self, names: Sequence[str]) -> str | None:
        """Return the channel of the first of `names` that is known, exact names before contained words."""
        folded = [fold(n) for n in names if n]
        for name in folded:
            if name in self.exact:
                return self.exact[name]
        for name in folded:
            for word, channel in self.contains:
                if word in name:
                    return channel
        return None


@cache
def family(name: str) -> Family:
    """Return one family of ``channels.yaml``.

    Examples
    --------
    >>> family("ga4").find(["Organic Search"]), family("sycm").find(["关键词推广", "搜索", "广告流量"])
    ('free_search', 'paid_search')
    """
    text = resources.files("ecomsim.data.sources").joinpath("channels.yaml").read_text(encoding="utf-8")
    part: dict[str, Any] = yaml.safe_load(text)[name]
    exact = {fold(str(n)): channel for channel, names in part["exact"].items() for n in names}
    words = tuple((fold(str(w)), channel) for channel, names in part["contains"].items() for w in names)
    return Family(exact, words)


def slug(name: str) -> str:
    """Return a name fit for a dotted path: lower case, anything but letters and digits becomes ``_``.

    Examples
    --------
    >>> slug("Spring Sale / Wave 1"), slug("手淘·新品")
    ('spring_sale_wave_1', '手淘_新品')
    """
    return (
        re.sub(r"[\W_]+", "_", fold(name) if not name.isascii() else name.casefold()).strip("_") or "unnamed"
    )


def assign(
    kind: str, levels: Sequence[pd.Series[Any]], *, unnamed: str, prefix: str = ""
) -> tuple[pd.Series[Any], tuple[Note, ...]]:
    """Return the channel of every row, and a note for names nobody knows.

    Parameters
    ----------
    kind : family of ``channels.yaml``
    levels : columns of names, the most telling first
    unnamed : channel of rows with no name at all
    prefix : put before the slug of an unknown name
    """
    table = pd.concat([c.astype("str").fillna("").str.strip() for c in levels], axis=1)
    table.columns = pd.RangeIndex(len(levels))
    distinct = table.drop_duplicates()
    known = family(kind)
    channels: list[str] = []
    strange: dict[str, str] = {}
    for names in distinct.itertuples(index=False, name=None):
        named = [n for n in names if n and n != "-" and n.casefold() not in TOTALS]
        channel = known.find(named)
        if channel is None:
            channel = prefix + slug(named[0]) if named else unnamed
            if named:
                strange[named[0]] = channel
        channels.append(channel)
    lookup = dict(zip(distinct.itertuples(index=False, name=None), channels, strict=True))
    found = pd.Series(
        [lookup[row] for row in table.itertuples(index=False, name=None)], index=table.index, dtype="str"
    )
    return found, _unknown(strange.items())


def _unknown(strange: Iterable[tuple[str, str]]) -> tuple[Note, ...]:
    names = sorted(f"{name} -> {channel}" for name, channel in strange)
    if not names:
        return ()
    shown = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return (Note(f"sources without a canonical channel, kept under their own name: {shown}"),)
