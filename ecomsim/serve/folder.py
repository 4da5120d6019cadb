"""The served folder: a private copy of the packaged dashboards, so that nothing else can be reached."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ecomsim.checks import EcomsimError
from ecomsim.ui.place import DASHBOARDS

__all__ = ["packaged", "private_copy"]


def packaged() -> Path:
    """Return the folder of the dashboards: beside this file when installed, in the checkout otherwise."""
    for home in (Path(__file__).with_name("dashboards"), Path(__file__).parents[2] / "dashboards"):
        if (home / "index.ipynb").is_file():
            return home
    raise EcomsimError("dashboards", "no index.ipynb", "an installed ecomsim", "Install the package again")


@contextmanager
def private_copy() -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield a new folder that holds the dashboards and nothing else, and their names; gone at the end."""
    home = packaged()
    served = tuple(name for name in DASHBOARDS if (home / f"{name}.ipynb").is_file())
    with tempfile.TemporaryDirectory(prefix="ecomsim-dashboards-") as folder:
        for name in served:
            shutil.copyfile(home / f"{name}.ipynb", Path(folder) / f"{name}.ipynb")
        yield Path(folder), served
