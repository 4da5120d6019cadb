"""What has been simulated for a planner, by scenario and piece: a lever moved back costs nothing."""

from __future__ import annotations

import dataclasses
import threading
import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimWarning
from ecomsim.scenario import Scenario
from ecomsim.scenario.scenario import baseline
from ecomsim.simulate.session import Session
from ecomsim.store import Store
from ecomsim.study import Study
from ecomsim.study.origin import Origin
from ecomsim.ui.refiner import PIECES

__all__ = ["Runs"]

_KEPT_ARRAYS = 6
"""Pieces kept of scenarios nobody looks at now: at most 6 x 2 MB for a store of seven channels."""


class Runs:
    """Simulations of one store over one horizon, kept.

    Parameters
    ----------
    store, horizon : what is simulated, and when
    seed : of the random streams
    """

    def __init__(self, store: Store, horizon: Horizon, seed: int = 7) -> None:
        self.store, self.horizon = store, horizon
        # Checkpoints would cost more memory than a kernel of a dashboard may take.
        self._session = Session(store, horizon, seed, every=10 * horizon.days, kept=1)
        self._kept: OrderedDict[tuple[str, int], Mapping[str, Any]] = OrderedDict()
        self._origins: dict[int, Origin] = {}
        self._joined: dict[tuple[str, ...], tuple[int, Study]] = {}
        self._told: dict[str, tuple[str, ...]] = {}  # hash of a scenario -> what its simulation warned of
        self._one = threading.Lock()  # the screen's thread and the worker's may both ask

    def study(
        self, scenarios: Sequence[Scenario], pieces: int, stale: Callable[[], None] = lambda: None
    ) -> Study:
        """Return the baseline and `scenarios` over the first `pieces` pieces.

        Parameters
        ----------
        scenarios : beside the baseline; equal changes are simulated once
        pieces : how many of `PIECES`
        stale : called between chunks; what it raises ends the simulation

        Raises
        ------
        EcomsimError
            For a scenario that does not fit the store.
        """
        with self._one:
            return self._study(scenarios, pieces, stale)

    def told(self, scenarios: Sequence[Scenario]) -> tuple[str, ...]:
        """Return what the simulations of the baseline and of `scenarios` warned of, each once."""
        with self._one:
            hashes = (baseline.hash, *(one.hash for one in scenarios))
            return tuple(dict.fromkeys(text for key in hashes for text in self._told.get(key, ())))

    def _study(self, scenarios: Sequence[Scenario], pieces: int, stale: Callable[[], None]) -> Study:
        hashes = (baseline.hash, *(one.hash for one in scenarios))
        names = ("baseline", *(one.name for one in scenarios))
        texts = ("", *(one.text for one in scenarios))
        key = (*hashes, *names)
        begun, study = self._joined.get(key, (0, None))
        if begun > pieces:
            begun, study = 0, None
        for piece in range(begun, pieces):
            part = self._part(scenarios, hashes, names, texts, piece, stale)
            study = part if study is None else Study.concat([study, part])
        assert study is not None
        self._joined = {key: (pieces, study)}  # the next piece is joined to it
        return study

    def _part(
        self,
        scenarios: Sequence[Scenario],
        hashes: Sequence[str],
        names: Sequence[str],
        texts: Sequence[str],
        piece: int,
        stale: Callable[[], None],
    ) -> Study:
        missing = {one.hash: one for one in scenarios if (one.hash, piece) not in self._kept}
        if missing or (baseline.hash, piece) not in self._kept:
            self._simulate(list(missing.values()), piece, stale)
        arrays = {}
        for name, hash_ in zip(names, hashes, strict=True):
            self._kept.move_to_end((hash_, piece))
            arrays[name] = self._kept[hash_, piece]
        origin = dataclasses.replace(self._origins[piece], scenarios=dict(zip(names, texts, strict=True)))
        self._forget(hashes)
        return Study(origin, arrays)

    def _simulate(self, scenarios: list[Scenario], piece: int, stale: Callable[[], None]) -> None:
        # Names may collide with those of the shelf; here a scenario is what it changes.
        plain = [Scenario(f"s{i}", one.changes) for i, one in enumerate(scenarios)]
        first, count = PIECES[piece]
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always", EcomsimWarning)
            study = self._session.run(
                plain, replications=count, first=first, progress=lambda done, total: stale()
            )
        said = [str(w.message) for w in heard if issubclass(w.category, EcomsimWarning)]
        for hash_ in (baseline.hash, *(one.hash for one in scenarios)):
            # Warnings name what they are about, not whose they are: those of the baseline are everybody's.
            before = self._told.get(baseline.hash, ()) + self._told.get(hash_, ())
            new = [] if hash_ == baseline.hash and scenarios else [one for one in said if one not in before]
            self._told[hash_] = (*self._told.get(hash_, ()), *dict.fromkeys(new))
        self._origins[piece] = study.origin
        self._kept[baseline.hash, piece] = study.arrays["baseline"]
        for name, one in zip(study.scenarios[1:], scenarios, strict=True):
            self._kept[one.hash, piece] = study.arrays[name]

    def _forget(self, wanted: Sequence[str]) -> None:
        idle = [key for key in self._kept if key[0] not in wanted and key[0] != baseline.hash]
        for key in idle[: max(len(idle) - _KEPT_ARRAYS, 0)]:
            del self._kept[key]
            if not any((key[0], piece) in self._kept for piece in range(len(PIECES))):
                self._told.pop(key[0], None)
