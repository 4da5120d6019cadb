"""pyworkforce 0.5.4 in an environment of its own below build/: it asks for Python 3.12 but its source runs on 3.11."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.harness import HERE

VERSION = "0.5.4"
FOLDER = HERE.parent / "build" / "peers" / "pyworkforce"


def python() -> Path:
    """Return the peer's interpreter, its environment made if need be."""
    found = FOLDER / "bin" / "python"
    ready = FOLDER / f".ready-{VERSION}"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
        pip = [str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "numpy", "pandas", "joblib", "ortools"], check=True)
        subprocess.run([*pip, "--ignore-requires-python", "--no-deps", f"pyworkforce=={VERSION}"], check=True)
        ready.touch()
    return found


def ask(script: Path, question: dict[str, Any]) -> dict[str, Any]:
    """Return what the script answers in the peer's environment."""
    done = subprocess.run(
        [str(python()), str(script)], input=json.dumps(question), capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
