"""What every test may use: where things lie, and how hypothesis behaves."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]

# Deadlines measure the machine, not the code. In CI the same examples are tried every time.
hypothesis.settings.register_profile("local", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def flagship(root: Path) -> Path:
    """The folder of the sample store's exports."""
    return root / "datasets" / "flagship"
