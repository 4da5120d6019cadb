"""Writing so that a reader sees all of a change or none of it, even after a crash.

A change is a new *generation*: a folder of Parquet files, unchanged ones linked from the last. It is written
under a temporary name, flushed to disk and renamed; then the pointer file ``current`` is replaced at once.
Whatever a crash leaves behind is swept by the next writer.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ecomsim.checks import EcomsimError

__all__ = ["advance", "current", "lock", "replace_text"]

_POINTER = "current"
_GENERATIONS = "generations"
_KEEP = 2


def _flush(path: Path) -> None:
    """Make a file or folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_text(path: Path, text: str) -> None:
    """Write a text file in one step: its readers see the old text or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with fresh.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(fresh, path)
    _flush(path.parent)


@contextlib.contextmanager
def lock(folder: Path, *, wait_s: float = 10.0) -> Iterator[None]:
    """Hold the folder against a second writer.

    The lock belongs to the process, not to the file: when a writer dies the system frees it, so a lock file
    left behind never blocks.

    Raises
    ------
    EcomsimError
        When another writer still holds it after `wait_s` seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / ".lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        end = time.monotonic() + wait_s
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if time.monotonic() >= end:
                    owner = os.pread(handle, 40, 0).decode(errors="replace").strip() or "another process"
                    remedy = "Wait until it is done, or end that process"
                    raise EcomsimError(
                        str(folder), f"a workbook {owner} is writing to", "", remedy
                    ) from error
                time.sleep(0.05)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def current(folder: Path) -> Path | None:
    """Return the folder of the current generation, None before the first."""
    try:
        name = (folder / _POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    generation = folder / _GENERATIONS / name
    if not name.isdigit() or not generation.is_dir():
        remedy = f"Write the name of a folder in {_GENERATIONS}/ into it, or import again into a new workbook"
        raise EcomsimError(str(folder / _POINTER), repr(name)[:40], "the name of a generation", remedy)
    return generation


def advance(folder: Path, write: Callable[[Path], None], *, drop: Callable[[str], bool]) -> Path:
    """Make the next generation: link what stays, let `write` add the rest, point to it; under the lock.

    Parameters
    ----------
    folder : workbook
    write : fills the new generation's folder
    drop : whether a file of the last generation (path below it) does not go on
    """
    home = folder / _GENERATIONS
    home.mkdir(parents=True, exist_ok=True)
    for left in home.glob(".new-*"):
        shutil.rmtree(left, ignore_errors=True)
    last = current(folder)
    number = max((int(p.name) for p in home.iterdir() if p.name.isdigit()), default=0) + 1
    fresh = home / f".new-{os.getpid()}"
    fresh.mkdir()
    try:
        if last is not None:
            _carry(last, fresh, drop)
        write(fresh)
        for path in sorted(fresh.rglob("*"), reverse=True):
            _flush(path)
        _flush(fresh)
        target = home / f"{number:06d}"
        os.replace(fresh, target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    _flush(home)
    replace_text(folder / _POINTER, target.name + "\n")
    numbers = sorted(p for p in home.iterdir() if p.name.isdigit())
    for old in numbers[:-_KEEP]:  # the last but one stays for those who still read it
        shutil.rmtree(old, ignore_errors=True)
    return target


def _carry(last: Path, fresh: Path, drop: Callable[[str], bool]) -> None:
    for path in last.rglob("*"):
        name = path.relative_to(last).as_posix()
        if path.is_file() and not drop(name):
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path, fresh / name)
            except OSError:  # a file system without links
                shutil.copy2(path, fresh / name)
