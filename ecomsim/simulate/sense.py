"""Whether a horizon fits a store, and whether a scenario acts inside it."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.store import Store

__all__ = ["refuse_days_before_the_opening", "warn_of_changes_outside"]


def refuse_days_before_the_opening(store: Store, horizon: Horizon) -> None:
    """Raise when the horizon starts before the store's opening state, which is the evening of `store.as_of`."""
    if store.as_of is not None and horizon.start <= store.as_of:
        raise EcomsimError(
            "horizon.start",
            str(horizon.start),
            f"{store.as_of + dt.timedelta(days=1)} or later: stock and backlog are those of {store.as_of}, evening",
            "Calibrate with as_of on the day before the horizon",
        )


def warn_of_changes_outside(name: str, old: Store, new: Store, horizon: Horizon) -> None:
    """Warn of dated changes and added promotions that act on no day of the horizon."""
    for what, start, end in _dated(old, new):
        if (start is not None and start > horizon.end) or (end is not None and end < horizon.start):
            days = f"{start or '...'} to {end or '...'}"
            warnings.warn(
                f"scenario {name}: {what} acts from {days}, outside the horizon {horizon.start} to {horizon.end}: "
                "it changes nothing. Move it, or simulate those days.",
                EcomsimWarning,
                stacklevel=5,
            )


def _dated(old: Store, new: Store) -> Iterator[tuple[str, dt.date | None, dt.date | None]]:
    known = set(old.overlays)
    for overlay in new.overlays:
        if overlay not in known:
            yield f"the change of {overlay.path}", overlay.start, overlay.end
    for name, promotion in new.promotions.items():
        if name not in old.promotions:
            before, after = (dt.timedelta(days=n) for n in (promotion.before_days, promotion.after_days))
            yield f"promotions.{name}", promotion.start - before, promotion.end + after
