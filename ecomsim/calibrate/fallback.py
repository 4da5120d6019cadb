"""Stores that export less: one channel from the total, visitors from buyers, a channel without visitors."""

from __future__ import annotations

import warnings
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.checks import EcomsimWarning
from ecomsim.uncertain import mean_of

__all__ = ["complete_traffic"]


def complete_traffic(history: History, ledger: Ledger) -> tuple[History, Floats | None]:
    """Return a history with visitors by channel, and buyers by channel (None: only the total is known)."""
    known = [
        c for c, name in enumerate(history.channels)
        if np.nansum(history.channel["visitors"][:, c]) > 0 or np.nansum(history.channel["buyers"][:, c]) > 0
    ]  # fmt: skip
    for c, name in enumerate(history.channels):
        if c not in known:
            ledger.notes.append(f"channels.{name}: neither visitors nor buyers on any day; left out.")
    if not known or np.nansum(history.channel["visitors"]) <= 0:
        return _one_channel(history, ledger)
    history = replace(
        history,
        channels=tuple(history.channels[c] for c in known),
        channel=MappingProxyType({q: v[:, known] for q, v in history.channel.items()}),
    )
    visitors, buyers = history.channel["visitors"].copy(), history.channel["buyers"]
    has_buyers = np.nansum(buyers) > 0
    for c, name in enumerate(history.channels):
        if np.nansum(visitors[:, c]) > 0:
            continue
        rate = float(np.nansum(buyers) / max(np.nansum(visitors), 1.0))
        visitors[:, c] = buyers[:, c] / max(rate, 1e-4)
        message = (
            f"channels.{name}.visitors: buyers but no visitors on any day. Visitors are taken as buyers over "
            f"the store's conversion of {rate:.3g}. Import the channel's visitors, or merge it with another."
        )
        warnings.warn(message, EcomsimWarning, stacklevel=4)
        ledger.notes.append(message)
        ledger.note_assumed(
            f"channels.{name}.base", "buyers over the store's conversion", "The channel counts no visitors.",
            "the channel's visitors (channel_day.visitors)",
        )  # fmt: skip
    odd = np.nansum((buyers > visitors) & (visitors >= 0), axis=0)
    for c in (int(x) for x in np.flatnonzero(odd)):
        ledger.notes.append(
            f"channels.{history.channels[c]}: more buyers than visitors on {int(odd[c])} days; they pull its "
            "conversion up."
        )
    channel = MappingProxyType({**history.channel, "visitors": visitors})
    return replace(history, channel=channel), buyers if has_buyers else None


def _one_channel(history: History, ledger: Ledger) -> tuple[History, Floats | None]:
    """Return a history with the single channel 'all'."""
    visitors, buyers = history.store["visitors"], history.store["buyers"]
    orders = history.store["orders"]
    if not np.isfinite(buyers).any():
        buyers = orders if np.isfinite(orders).any() else history.store["units"]
        ledger.notes.append("Buyers are not known; each order counts as one buyer.")
    if not np.nansum(visitors) > 0:
        belief = ledger.assume("conversion")
        # Only the product visitors x conversion is known: it matches the buyers of history whatever the rate.
        rate = mean_of(belief)
        visitors = buyers / rate
        for path in ("channels.all.base", "channels.all.p_silent", "channels.all.p_enquiring"):
            ledger.note_assumed(
                path, f"from a conversion of {rate:.3g}",
                "Visitors are not known; their product with conversion matches the buyers of history.",
                "the store's daily export with visitors (store_day)",
            )  # fmt: skip
    n = len(history.dates)
    nothing = np.full((n, 1), np.nan)
    return (
        replace(
            history,
            channels=("all",),
            store=MappingProxyType({**history.store, "buyers": buyers}),
            channel=MappingProxyType({
                "visitors": np.asarray(visitors)[:, None], "buyers": np.asarray(buyers)[:, None],
                "spend": nothing, "commission": nothing, "attributed_gmv": nothing,
            }),
        ),
        np.asarray(buyers)[:, None],
    )  # fmt: skip
