"""Several faults told at once, so a file is mended in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ecomsim.checks import EcomsimError

__all__ = ["ScenarioError", "raise_all"]


class ScenarioError(EcomsimError):
    """Every fault found, one a line.

    Attributes
    ----------
    faults : the single errors, in the order of the file

    Examples
    --------
    >>> one, two = EcomsimError("a", "1", "2"), EcomsimError("b", "3", "4")
    >>> print(ScenarioError("push.yaml", [one, two]))
    push.yaml: 2 faults
      a: got 1. Allowed: 2.
      b: got 3. Allowed: 4.
    """

    def __init__(self, where: str, faults: Sequence[EcomsimError]) -> None:
        self.faults = tuple(faults)
        first = self.faults[0]
        super().__init__(where, first.given, first.allowed, first.remedy)
        self.args = ("\n  ".join([f"{where}: {len(self.faults)} faults", *map(str, self.faults)]),)

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[str, tuple[EcomsimError, ...]]]:  # type: ignore[override]
        return type(self), (self.where, self.faults)


def raise_all(where: str, faults: Iterable[EcomsimError]) -> None:
    """Raise nothing, the one fault, or all of them together."""
    flat: list[EcomsimError] = []
    for fault in faults:
        flat += fault.faults if isinstance(fault, ScenarioError) else (fault,)
    if len(flat) == 1:
        raise flat[0]
    if flat:
        raise ScenarioError(where, flat)
