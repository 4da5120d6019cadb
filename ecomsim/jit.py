"""The one place that imports numba: kernels are cached where we may write, under a name that changes with their source.

`cache=True` alone crashes where package and home are read-only, and runs a stale kernel when a file it imports
changes. So every kernel is cached in a folder named by a hash of all kernel files, wherever one can be made.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

__all__ = ["CACHE", "inlined", "jit", "kernel_hash"]

_F = TypeVar("_F", bound=Callable[..., Any])
_MARK = b"ecomsim.jit"


def kernel_hash(package: Path) -> str:
    """Return a short hash of every source file below `package` that takes something from this module."""
    digest = hashlib.blake2b(digest_size=8)
    for path in sorted(package.rglob("*.py")):
        text = path.read_bytes()
        if _MARK in text or path.parent.name == "stages":
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(text)
    return digest.hexdigest()


def _cache_folder(name: str) -> str | None:
    """Return the first folder we can write to, or None: then nothing is cached."""
    bases = [
        os.environ.get("ECOMSIM_CACHE"),
        os.environ.get("NUMBA_CACHE_DIR"),
        os.environ.get("XDG_CACHE_HOME"),
    ]
    with contextlib.suppress(RuntimeError):
        bases.append(str(Path.home() / ".cache"))
    with contextlib.suppress(FileNotFoundError):
        bases.append(tempfile.gettempdir())
    for base in bases:
        if not base:
            continue
        folder = Path(base) / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return str(folder)
        except OSError:
            continue
    return None


CACHE = _cache_folder("ecomsim-" + kernel_hash(Path(__file__).parent))
"""Folder of compiled kernels, or None where nothing can be written."""

_numba: Any = numba


def jit(function: _F) -> _F:
    """Compile a kernel: strict arithmetic (same bits in every block size), GIL released, cached if possible."""
    config = _numba.config
    before = config.CACHE_DIR
    # read as the function is decorated; others' kernels keep their own folder
    config.CACHE_DIR = CACHE or before
    try:
        options = {"error_model": "numpy", "nogil": True, "cache": CACHE is not None}
        compiled: _F = _numba.njit(**options)(function)
    finally:
        config.CACHE_DIR = before
    return compiled


def inlined(function: _F) -> _F:
    """Compile a helper into every kernel that calls it, so loops around it still vectorise."""
    compiled: _F = _numba.njit(error_model="numpy", nogil=True, inline="always")(function)
    return compiled
