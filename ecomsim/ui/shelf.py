"""The scenario shelf: what was saved in the workbook, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ecomsim.checks import EcomsimError, require_name
from ecomsim.scenario import Scenario, load_scenario
from ecomsim.scenario.names import safe_name

__all__ = ["Shelf"]


class Shelf(Mapping[str, Scenario]):
    """The scenarios in a workbook's folder, read when asked for.

    Parameters
    ----------
    workbook : its folder
    """

    def __init__(self, workbook: Path) -> None:
        self._workbook = workbook
        self._folder = workbook / "scenarios"

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(path.stem for path in self._folder.glob("*.yaml")))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, name: str) -> Scenario:
        """Return a saved scenario.

        Raises
        ------
        EcomsimError
            For a name that is not there, or leads out of the folder, and for a file that cannot be read.
        """
        return load_scenario(self._file(name))

    def save(self, scenario: Scenario) -> None:
        """Keep a scenario under its name; one of the same name is replaced."""
        from ecomsim.workbook import Workbook

        if scenario.name == "baseline":
            raise EcomsimError("scenario.name", "'baseline'", "another name", "It is the store as it is")
        Workbook(self._workbook).save_scenario(safe_name(scenario.name), scenario.text)

    def duplicate(self, name: str, copy: str) -> str:
        """Keep a copy of `name` as `copy`, numbered if that is taken; return the copy's name."""
        found = self[name]
        final, number = copy, 2
        while final in list(self):
            final, number = f"{copy} {number}", number + 1
        self.save(Scenario(final, found.changes, found.note))
        return final

    def delete(self, name: str) -> None:
        """Take a scenario off the shelf."""
        self._file(name).unlink()

    def _file(self, name: str) -> Path:
        plain = require_name(safe_name(name), list(self), "scenario", "scenario")
        return self._folder / f"{plain}.yaml"
