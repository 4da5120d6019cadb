"""Peers in an environment of their own, below build/: what they need may conflict with what we pin."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def peer_python(name: str, packages: list[str], alone: list[str] | None = None) -> Path:
    """Return the Python of the environment `name`, made when it is not there yet.

    `alone` are installed without what they ask for and whatever Python they ask for: pyworkforce 0.5.4 runs on
    Python 3.11 though its metadata want more.
    """
    home = ROOT / "build" / "peers" / name
    python, mark = home / "bin" / "python", home / "installed.txt"
    wanted = "\n".join([*packages, *(alone or [])])
    if not mark.exists() or mark.read_text() != wanted:
        print(f"making the environment of {name} ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *packages], check=True)
        if alone:
            subprocess.run([*install, "--no-deps", "--ignore-requires-python", *alone], check=True)
        mark.write_text(wanted)
    return python


def pyworkforce() -> Path:
    """Return the Python that has pyworkforce 0.5.4."""
    return peer_python("pyworkforce", ["numpy<2.5", "pandas", "ortools", "joblib"], ["pyworkforce==0.5.4"])


def ask_peer(python: Path, script: Path, question: Any) -> Any:
    """Run a script there with a question as JSON on its standard input; return what it prints, as JSON."""
    done = subprocess.run(
        [str(python), str(script)], input=json.dumps(question), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])
