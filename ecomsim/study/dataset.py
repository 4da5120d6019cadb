"""The arrays of a study as one xarray Dataset."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from ecomsim.metrics import METRICS
from ecomsim.study.origin import Origin
from ecomsim.study.shapes import Arrays, dims_of, unit_of

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["dataset"]


def dataset(origin: Origin, arrays: Arrays) -> xr.Dataset:
    """Return every variable with dimensions (scenario, ...), coordinates, units and labels.

    Values are float32; the attributes name the origin.
    """
    import xarray as xr

    coords = {
        "scenario": list(arrays),
        "replication": np.arange(origin.first, origin.first + origin.replications),
        "date": np.array(origin.dates, "datetime64[ns]"),
        "channel": list(origin.channels),
        "sku": list(origin.skus),
        "slot": list(origin.slots),
    }
    variables = {}
    used = {"scenario"}
    for name in next(iter(arrays.values())):
        dims = ("scenario", *dims_of(name))
        used.update(dims)
        stacked = np.stack([arrays[scenario][name] for scenario in arrays])
        variables[name] = (dims, stacked, _attributes(name, origin))
    plain = origin.plain()
    attrs = {key: plain[key] for key in ("seed", "store", "store_hash", "currency", "version")}
    attrs |= {"scenarios": json.dumps(plain["scenarios"], ensure_ascii=False), "horizon": origin.horizon}
    return xr.Dataset(variables, {k: v for k, v in coords.items() if k in used}, attrs)


def _attributes(name: str, origin: Origin) -> dict[str, str]:
    unit = unit_of(name)
    attrs = {"units": origin.currency if unit == "money" else unit}
    if name in METRICS:
        found = METRICS[name]
        attrs |= {"long_name": found.en, "long_name_zh": found.zh, "description": found.means}
    return attrs
