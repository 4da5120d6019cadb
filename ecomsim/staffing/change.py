"""What one more or one fewer person is worth: the same customers, met by another number of people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ecomsim.checks import EcomsimError
from ecomsim.formulas.chat import ChatDesk
from ecomsim.formulas.chat_levels import SpeedUps
from ecomsim.staffing.check import Conduct, check_roster
from ecomsim.staffing.deferrable import Deferrable
from ecomsim.staffing.need import Need, people
from ecomsim.staffing.outcome import Worth
from ecomsim.staffing.promise import Promise
from ecomsim.staffing.workload import Workload

__all__ = ["people_worth"]


def people_worth(
    on_duty: ArrayLike,
    need: Need,
    load: Workload,
    desk: ChatDesk | SpeedUps,
    promise: Promise,
    worth: Worth,
    *,
    changes: Sequence[int] = (-1, 0, 1),
    where: ArrayLike | None = None,
    conduct: Conduct = Conduct(),  # noqa: B008  frozen
    message_share: float = 1.0,
    messages_within: dt.timedelta | None = None,
    deferrable: Sequence[Deferrable] = (),
    replications: int = 200,
    seed: int = 7,
) -> pd.DataFrame:
    """Return service and money with more or fewer people, one row a change, against the plan as it is.

    Parameters
    ----------
    on_duty, need, load, desk, promise, worth, conduct, message_share, messages_within, deferrable, replications, seed
        As for `check_roster`; the seed brings the same customers every time.
    changes : sequence of int
        People added; 0 is always there.
    where : (days, slots) array_like of bool, optional
        Slots the change is for (one person's shift); default all with somebody on duty.

    Returns
    -------
    DataFrame
        Indexed by change: share answered in time, lost enquiries, lost sales and wages for the whole period, and
        `gain`, the margin won less the wages against no change.
    """
    there = people(on_duty, "on_duty", need.agents.shape)
    mask = there > 0 if where is None else np.asarray(where, dtype=bool)
    if mask.shape != there.shape:
        raise EcomsimError("where", f"shape {mask.shape}", f"shape {there.shape} (days, slots)")
    rows = []
    for change in sorted({0, *(int(c) for c in changes)}):
        agents = np.maximum(there + change * mask, 0)
        seen = check_roster(
            agents, need, load, desk, promise, conduct=conduct, worth=worth, message_share=message_share,
            messages_within=messages_within, deferrable=deferrable, replications=replications, seed=seed,
        )  # fmt: skip
        wages = float(agents.sum()) * need.slot_minutes / 60 * worth.wage_hour
        rows.append(
            {
                "change": change,
                "in_time": seen.share,
                "lost_enquiries": float(seen.lost_enquiries.sum()),
                "lost_sales": float(seen.lost_sales.sum()),
                "wages": wages,
                "cost": float(seen.cost.sum()),
            }
        )
    frame = pd.DataFrame(rows).set_index("change")
    frame["gain"] = float(frame["cost"].loc[0]) - frame["cost"]
    return frame
