"""Exact money: whole fen, rates in millionths, discounts shared over lines so that they add up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal

from ecomsim.checks import EcomsimError, require_number

__all__ = ["MILLION", "NEVER", "Rounding", "allocate", "fen", "ppm", "share_of", "yuan"]

MILLION = 1_000_000
NEVER = 2**62  # a threshold no basket reaches
_MOST = 10**12  # keeps value x millionths x 2 within int64

Rounding = Literal["half_up", "down"]


def fen(amount_yuan: float | int | str | Decimal, where: str = "amount", *, endless: bool = False) -> int:
    """Return an amount in yuan as whole fen.

    Parameters
    ----------
    amount_yuan : number or str
        At least 0, with at most two decimals.
    endless : bool
        Allow infinity (a threshold never reached), returned as `NEVER`.

    Raises
    ------
    EcomsimError
        For text, NaN, negative amounts and fractions of a fen.

    Examples
    --------
    >>> fen(0.29), fen("300"), fen(19.9)
    (29, 30000, 1990)
    """
    try:
        value = Decimal(str(amount_yuan))
    except InvalidOperation:
        value = Decimal("NaN")
    if endless and value == Decimal("Infinity"):
        return NEVER
    if isinstance(amount_yuan, bool) or not value.is_finite() or value < 0 or value * 100 > _MOST:
        raise EcomsimError(where, repr(amount_yuan), "an amount in yuan of at least 0", "Give yuan, as 19.90")
    cents = value * 100
    if cents != int(cents):
        raise EcomsimError(where, str(amount_yuan), "yuan with at most two decimals", "Round it to the fen")
    return int(cents)


def yuan(amount_fen: int) -> str:
    """Return fen as text in yuan.

    Examples
    --------
    >>> yuan(30005)
    '300.05'
    """
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}{abs(amount_fen) // 100}.{abs(amount_fen) % 100:02d}"


def ppm(rate: float, where: str = "rate") -> int:
    """Return a fraction in 0..1 as whole millionths (rates are taken to the nearest millionth).

    Raises
    ------
    EcomsimError
        Outside 0..1; 20 for .2 is told the fraction meant.

    Examples
    --------
    >>> ppm(0.15)
    150000
    """
    return round(require_number(rate, where, low=0.0, high=1.0) * MILLION)


def share_of(amount: int, millionths: int, rounding: Rounding) -> int:
    """Return `millionths` of `amount`, in fen: half a fen and more goes up, or every fraction goes down.

    Examples
    --------
    >>> share_of(3333, 150_000, "half_up"), share_of(3333, 150_000, "down")
    (500, 499)
    """
    if rounding == "down":
        return amount * millionths // MILLION
    return (2 * amount * millionths + MILLION) // (2 * MILLION)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Share `total` over lines in proportion to `weights` by largest remainder; the shares add up exactly.

    Parameters
    ----------
    total : int
        Fen to share, from 0 to the sum of the weights.
    weights : sequence of int
        What each line is worth, at least 0.

    Returns
    -------
    list of int
        No share exceeds its weight. Equal remainders: the earlier line first.

    Examples
    --------
    >>> allocate(100, [100, 100, 100])
    [34, 33, 33]
    """
    whole = sum(weights)
    if not 0 <= total <= whole:
        raise EcomsimError("allocate.total", str(total), f"0 to {whole} (sum of weights)", "Cap it first")
    if whole == 0:
        return [0] * len(weights)
    shares = [total * w // whole for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    return shares
