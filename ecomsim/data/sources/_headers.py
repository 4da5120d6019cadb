"""Writing down many headers in few lines."""

from __future__ import annotations

__all__ = ["listed"]


def listed(text: str) -> tuple[str, ...]:
    """Return the headers of a comma-separated list.

    Examples
    --------
    >>> listed("Day, Orders, Net sales")
    ('Day', 'Orders', 'Net sales')
    """
    return tuple(header.strip() for header in text.split(",") if header.strip())
