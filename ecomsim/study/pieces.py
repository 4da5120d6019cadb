"""Studies made in pieces: ranges of replications by chunk or worker, scenarios by job."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecomsim.checks import EcomsimError
from ecomsim.study.origin import Origin
from ecomsim.study.shapes import dims_of
from ecomsim.study.study import Study

__all__ = ["concat", "refuse_strangers"]


def concat(studies: tuple[Study, ...]) -> Study:
    """Return one study of the pieces, in any order.

    Pieces of one scenario are joined along replications, which must follow one another without gap or
    overlap; all scenarios must end up with the same replications. Means over replications (by channel and
    day, by SKU and day, by half-hour) are weighed by the number of replications.

    Raises
    ------
    EcomsimError
        If pieces differ in seed, horizon, store, version or labels, or leave a gap.
    """
    if not studies:
        raise EcomsimError("Study.concat", "no studies", "at least one", "Simulate first")
    head = studies[0].origin
    for study in studies[1:]:
        refuse_strangers(head, study.origin)
    names = list(dict.fromkeys(name for study in studies for name in study.scenarios))
    arrays: dict[str, dict[str, NDArray[Any]]] = {}
    spans: dict[str, tuple[int, int]] = {}
    for name in names:
        pieces = sorted((s for s in studies if name in s.arrays), key=lambda s: s.origin.first)
        _refuse_gaps(name, pieces)
        arrays[name] = {variable: _joined(pieces, name, variable) for variable in pieces[0].variables}
        spans[name] = pieces[0].origin.first, sum(p.replications for p in pieces)
    if len(set(spans.values())) > 1:
        told = ", ".join(f"{name}: {n} from {first}" for name, (first, n) in spans.items())
        raise EcomsimError("Study.concat", told, "the same replications of every scenario", "Add the missing")
    texts = {name: text for study in studies for name, text in study.origin.scenarios.items()}
    first, count = spans[names[0]]
    origin = replace(head, first=first, replications=count, scenarios={name: texts[name] for name in names})
    return Study(origin, arrays)


def _joined(pieces: list[Study], scenario: str, variable: str) -> NDArray[Any]:
    parts = [piece.array(variable, scenario) for piece in pieces]
    if len(parts) == 1:
        return parts[0]
    if dims_of(variable)[0] == "replication":
        return np.concatenate(parts)
    weights = [piece.replications for piece in pieces]
    return np.average(np.stack(parts).astype(np.float64), axis=0, weights=weights).astype(np.float32)


def refuse_strangers(one: Origin, two: Origin) -> None:
    """Raise unless both are pieces of one simulation."""
    for name in ("seed", "horizon", "store_hash", "version", "channels", "skus", "slots", "currency"):
        mine, theirs = getattr(one, name), getattr(two, name)
        if mine != theirs:
            raise EcomsimError(
                f"Study.concat: {name}",
                f"{mine} and {theirs}"[:120],
                f"the same {name} in all pieces",
                "Run them alike",
            )
    for name in set(one.scenarios) & set(two.scenarios):
        if one.scenarios[name] != two.scenarios[name]:
            raise EcomsimError(f"Study.concat: scenario {name}", "two texts", "one text a name", "Rename one")


def _refuse_gaps(name: str, pieces: list[Study]) -> None:
    for before, after in pairwise(pieces):
        if set(before.variables) != set(after.variables):
            raise EcomsimError(
                f"Study.concat: {name}", "pieces with other variables", "the same variables", ""
            )
        expected = before.origin.first + before.replications
        if after.origin.first != expected:
            raise EcomsimError(
                f"Study.concat: {name}",
                f"replications {before.origin.span}, then {after.origin.span}",
                f"the next piece from {expected}",
                "Give each replication once",
            )
