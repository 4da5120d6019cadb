"""The one place that imports numba: kernels are cached where we may write, under a name that changes with their source.

`cache=True` alone crashes where package and home are read-only, and runs a stale kernel when a file it imports
changes. So the kernels of a module are cached in a folder named by a hash of the module, of the kernel modules it uses
in turn, and of the numbers they freeze: an edit recompiles the kernels of that file and their callers, and no others.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core import cgutils
from numba.extending import intrinsic, is_jitted

__all__ = ["CACHE", "borrowed", "inlined", "jit", "kernel_hash"]

_F = TypeVar("_F", bound=Callable[..., Any])
_PACKAGE = __name__.partition(".")[0] + "."
_PLAIN = (int, float, complex, str, np.generic)


def kernel_hash(module: str) -> str:
    """Return a short hash of what the kernels of an imported module are made of.

    That is its source and the numbers among its globals (a kernel freezes them, wherever they come from), and the same
    of every module whose kernels, or which itself, it holds under a global name; and so on.
    """
    found: dict[str, bytes] = {}
    ahead = [module, __name__]  # how they are compiled is written here
    while ahead:
        name = ahead.pop()
        if name not in found:
            # a module still being imported grows, and has no final answer yet
            found[name], others = _own(name, len(vars(sys.modules[name])))
            ahead.extend(others)
    digest = hashlib.blake2b(digest_size=8)
    for name in sorted(found):
        digest.update(found[name])
    return digest.hexdigest()


@lru_cache(maxsize=1024)
def _own(name: str, size: int) -> tuple[bytes, tuple[str, ...]]:
    """Return the digest of a module's source and numbers, and the names of the modules it may take kernels from."""
    numbers, others = [], set()
    for key, value in vars(sys.modules[name]).items():
        if key.startswith("__"):
            continue
        if isinstance(value, _PLAIN):
            numbers.append((key, type(value).__name__, str(value)))
        elif isinstance(value, tuple):
            if all(isinstance(item, _PLAIN) for item in value):
                numbers.append((key, "tuple", str(value)))
        elif isinstance(value, np.ndarray):
            numbers.append((key, value.dtype.str, value.tobytes().hex()))
        elif isinstance(value, ModuleType):
            if value.__name__.startswith(_PACKAGE):
                others.add(value.__name__)
        elif is_jitted(value):
            others.add(value.py_func.__module__)
    digest = hashlib.blake2b(_source(name) + repr(sorted(numbers)).encode(), digest_size=16)
    return digest.digest(), tuple(sorted(others & set(sys.modules)))


@lru_cache(maxsize=1024)
def _source(name: str) -> bytes:
    try:
        return Path(sys.modules[name].__file__ or "").read_bytes()
    except OSError:
        return b""


def _cache_folder() -> Path | None:
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
        folder = Path(base) / "ecomsim-kernels"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return None


CACHE = _cache_folder()
"""Folder of compiled kernels, or None where nothing can be written."""

_numba: Any = numba


def jit(function: _F) -> _F:
    """Compile a kernel: strict arithmetic (same bits in every block size), GIL released, cached if possible."""
    module = function.__module__
    cached = CACHE is not None and module in sys.modules
    config = _numba.config
    before = config.CACHE_DIR
    # read as the function is decorated; others' kernels keep their own folder
    if CACHE is not None and cached:
        config.CACHE_DIR = str(CACHE / f"{module}-{kernel_hash(module)}")
    try:
        compiled: _F = _numba.njit(error_model="numpy", nogil=True, cache=cached)(function)
    finally:
        config.CACHE_DIR = before
    return compiled


def inlined(function: _F) -> _F:
    """Compile a helper into every kernel that calls it, so loops around it still vectorise."""
    compiled: _F = _numba.njit(error_model="numpy", nogil=True, inline="always")(function)
    return compiled


def _borrow(typing: Any, array: Any) -> Any:
    def make(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        view = context.make_array(array)(context, builder, given[0])
        nobody: Any = cgutils.get_null_value
        view.meminfo, view.parent = nobody(view.meminfo.type), nobody(view.parent.type)
        return view._getvalue()

    return array(array), make


borrowed: Any = intrinsic(_borrow)
"""An array argument without its owner, inside a kernel: the caller must keep the array.

Every view of an owned array counts its owner's references up and down by atomic operations, each as dear as a hundred
additions; views of a borrowed one are free.
"""
