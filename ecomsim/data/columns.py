"""Short ways to write down the columns of the canonical tables."""

from __future__ import annotations

from typing import Any

from ecomsim.data.schema import Column, Kind

__all__ = ["CHANNEL", "SKU", "count", "date", "money", "seconds", "share", "text"]


def count(name: str, zh: str, means: str, **more: Any) -> Column:
    """Return a column of a count of at least 0."""
    return Column(name, Kind.COUNT, zh, means, more.pop("unit", ""), low=0.0, **more)


def money(name: str, zh: str, means: str, **more: Any) -> Column:
    """Return a column of an amount in the store's currency."""
    return Column(name, Kind.MONEY, zh, means, "money", low=more.pop("low", 0.0), **more)


def share(name: str, zh: str, means: str, **more: Any) -> Column:
    """Return a column of a fraction of one."""
    return Column(name, Kind.SHARE, zh, means, "fraction", low=0.0, high=1.0, **more)


def text(name: str, zh: str, means: str, **more: Any) -> Column:
    """Return a column of a text."""
    return Column(name, Kind.TEXT, zh, means, "", **more)


def seconds(name: str, zh: str, means: str, **more: Any) -> Column:
    """Return a column of a duration in seconds."""
    return Column(name, Kind.SECONDS, zh, means, "seconds", low=0.0, **more)


def date(name: str = "date", zh: str = "日期", means: str = "Local business day.", **more: Any) -> Column:
    """Return a column of a local business day."""
    return Column(name, Kind.DATE, zh, means, "day", required=more.pop("required", True), **more)


SKU = text(
    "sku",
    "货号",
    "Your own product code.",
    required=True,
    also=("商家编码", "SKU", "Variant SKU", "Lineitem sku"),
)
CHANNEL = text("channel", "渠道", "Channel name, e.g. free_search.", required=True, also=("来源", "source"))
