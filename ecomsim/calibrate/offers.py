"""Promotions for the store: those still acting or planned, with the effects of their family's past."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ecomsim.calibrate.assume import assumption
from ecomsim.calibrate.conversion import Conversion
from ecomsim.calibrate.events import PHASES, Event, Term, always_on
from ecomsim.calibrate.history import Floats, History
from ecomsim.calibrate.ledger import Ledger
from ecomsim.calibrate.pooling import Pooled
from ecomsim.calibrate.traffic import Traffic
from ecomsim.checks import EcomsimWarning
from ecomsim.store import Effect, Promotion
from ecomsim.uncertain import LogNormal, Number

__all__ = ["make_promotions"]

# Promotions over for longer act on no coming day; the family keeps their lesson.
_REMEMBERED_DAYS = 45
# How much one year's event differs from its siblings, beyond what is known of their mean.
_YEAR_TO_YEAR = 0.05


@dataclass(frozen=True)
class _Family:
    traffic: Mapping[str, Effect]
    conversion: Effect


def make_promotions(
    history: History,
    events: Sequence[Event],
    terms: Mapping[tuple[str, str], Term],
    traffic: Traffic,
    conversion: Conversion,
    pooled: Pooled,
    alive: Sequence[str],
    ledger: Ledger,
) -> dict[str, Promotion]:
    """Return promotions that act or come, and the last of each family; siblings share their effects."""
    today = pd.Timestamp(history.as_of)
    ordinary = always_on(events, history.dates)
    last = {e.family: e.name for e in events if pd.Timestamp(e.start) <= today}
    events = [e for e in events if _acts(e, today) or last.get(e.family) == e.name]
    families = {
        family: _Family({}, Effect())
        if family in ordinary
        else _family(family, terms, traffic, conversion, ledger)
        for family in dict.fromkeys(e.family for e in events)
    }
    badge: Number = ledger.joint(np.exp(pooled.draws[:, -1]), "products")
    if pooled.badge_learnt:
        ledger.estimated(
            "promotions.*.badge", "item_day", "products in scope against the others, beyond their price"
        )
    elif events:
        badge = ledger.assume("promotions.*.badge")
    coupon_use = ledger.assume("promotions.*.coupon_use") if any(e.coupon for e in events) else 0.5
    out = {}
    kept = set(alive)
    for event in events:
        coming = pd.Timestamp(event.end) + pd.Timedelta(days=event.after_days) > today
        seen = families[event.family]
        skus, discount, depth = _scope(event, kept)
        out[event.name] = Promotion(
            name=event.name, start=event.start, end=event.end, peaks=event.peaks, family=event.family,
            discount=discount, skus=skus, depth=depth, reduction=event.reduction, coupon=event.coupon,
            coupon_use=coupon_use, badge=badge if discount > 0 else 1.0, traffic=seen.traffic,
            conversion=seen.conversion, before_days=event.before_days, after_days=event.after_days,
            lift=LogNormal(1.0, _YEAR_TO_YEAR) if coming else 1.0,
        )  # fmt: skip
        ledger.given(f"promotions.{event.name}", "promotions")
        for part, table in (("traffic", "channel_day"), ("conversion", "channel_day")):
            if event.family in ordinary:
                note = "runs on most days, so it is part of the ordinary level"
                ledger.estimated(f"promotions.{event.name}.{part}", table, note)
            elif any((event.family, phase) in terms for phase in PHASES):
                ledger.estimated(
                    f"promotions.{event.name}.{part}", table, f"all events of family {event.family}"
                )
            else:
                gap = assumption(
                    "promotions.*.conversion" if part == "conversion" else "promotions.*.traffic.peak"
                )
                ledger.note_assumed(
                    f"promotions.{event.name}.{part}", "the other families' effects, widened",
                    f"No event of family {event.family} lies in the data.", gap.export,
                )  # fmt: skip
    return out


def _acts(event: Event, today: pd.Timestamp) -> bool:
    return pd.Timestamp(event.end) + pd.Timedelta(days=event.after_days + _REMEMBERED_DAYS) >= today


def _scope(event: Event, kept: set[str]) -> tuple[tuple[str, ...], float, dict[str, float]]:
    """Return products in scope, the cut of the most of them, and how much others differ."""
    cuts: dict[str, float] = {}
    for group in event.groups:
        for sku in sorted(kept) if group.everything else group.skus:
            if sku in kept:
                cuts[sku] = min(cuts.get(sku, 0.0) + group.discount, 0.95)
    if not cuts:
        return (), 0.0, {}
    usual = float(np.median(list(cuts.values())))
    depth = {s: round(c - usual, 6) for s, c in cuts.items() if abs(c - usual) > 1e-9}
    return (() if len(cuts) == len(kept) else tuple(cuts)), usual, depth


def _family(
    family: str,
    terms: Mapping[tuple[str, str], Term],
    traffic: Traffic,
    conversion: Conversion,
    ledger: Ledger,
) -> _Family:
    order = list(terms)
    if not any((family, phase) in terms for phase in PHASES):
        warnings.warn(
            f"promotions of family '{family}': no such event in the data. Their effects are assumed from the "
            "other families, with wide ranges. Set promotions.<name>.traffic or .lift to what you expect.",
            EcomsimWarning,
            stacklevel=5,
        )
        ledger.notes.append(f"Family '{family}' was never seen; its effects are assumed.")
    by_channel = {}
    for name, one in traffic.channels.items():
        effects = one.effects()
        by_channel[name] = Effect(**{
            phase: _number(family, phase, order, effects, f"promotions.*.traffic.{phase}", "traffic", ledger)
            for phase in PHASES
        })  # fmt: skip
    own = Effect(**{
        phase: _number(
            family, phase, order, conversion.effects, "promotions.*.conversion", "conversion", ledger
        )
        for phase in PHASES
    })  # fmt: skip
    return _Family(by_channel, own)


def _number(
    family: str,
    phase: str,
    order: Sequence[tuple[str, str]],
    effects: Floats,
    rule: str,
    department: str,
    ledger: Ledger,
) -> Number:
    """Return the multiplier: its posterior, or where never seen a wide belief around the other families'."""
    if (family, phase) in order:
        return ledger.joint(np.exp(effects[:, order.index((family, phase))]), department)
    belief = assumption(rule).value
    assert isinstance(belief, LogNormal)
    others = [float(np.mean(effects[:, j])) for j, (_, other) in enumerate(order) if other == phase]
    if len(others) >= 2:
        return LogNormal(float(np.exp(np.median(others))), max(belief.sigma, float(np.std(others))))
    return belief
