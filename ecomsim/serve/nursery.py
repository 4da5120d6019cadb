"""The nursery: a process that has everything loaded once, and forks a kernel in milliseconds.

Importing the libraries takes a kernel some seconds; a fork of a process that has them takes none, and the
memory they fill is shared by all sessions. The nursery runs one thread and owns no event loop or socket of
its own, so a fork of it is a clean start. It ends when the server does, and its kernels end with it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

__all__ = ["main"]

_LOADED = (
    "ipykernel.kernelapp", "ipykernel.ipkernel", "IPython.core.completer", "ipywidgets", "anywidget",
    "ipecharts", "pandas", "pyarrow.parquet", "numba", "ecomsim.simulate", "ecomsim.opened",
    "ecomsim.ui.front", "ecomsim.ui.planner", "ecomsim.ui.targets", "ecomsim.ui.staffing",
)  # fmt: skip
"""What a session needs; a name that is not there is passed over."""

_NAME_OF_PROCESS = 15  # prctl: PR_SET_NAME


def main() -> None:
    """Load everything, then fork a kernel for every line that comes through the socket."""
    line = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in the terminal is the server's to answer
    for name in _LOADED:
        with contextlib.suppress(ModuleNotFoundError):
            importlib.import_module(name)
    # What calibrating and compiling leave in memory, every kernel would inherit: a fork does them first, so
    # that here they come from the caches on disk.
    pid = os.fork()
    if pid == 0:
        _warm_and_leave()
    os.waitpid(pid, 0)
    _warm()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the kernels that end
    gc.collect()
    gc.freeze()  # a collection in a kernel must not touch, and so copy, what is shared
    line.sendall(b"ready\n")
    reader = line.makefile("r", encoding="utf-8")
    for text in reader:
        request = json.loads(text)
        pid = os.fork()
        if pid == 0:
            _become_kernel(line, request["cmd"], request["env"], request["cwd"])
        line.sendall(f"{pid}\n".encode())


def _warm() -> None:
    """Open the store and simulate a few days, so that its calibration and the compiled kernels are at hand."""
    import datetime as dt

    from ecomsim.calendar import Horizon
    from ecomsim.opened import open_calibrated
    from ecomsim.simulate import simulate

    # A store that cannot be opened is told by the dashboard, where somebody reads it.
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        store = open_calibrated(os.environ.get("ECOMSIM_WORKBOOK", "")).store
        first = (store.as_of or dt.date(2026, 1, 1)) + dt.timedelta(days=1)
        simulate(store, Horizon(first, first + dt.timedelta(days=6)), replications=32, threads=1)


def _warm_and_leave() -> NoReturn:
    try:
        _warm()
    finally:
        os._exit(0)


def _become_kernel(
    line: socket.socket, command: Sequence[str], env: Mapping[str, str], folder: str
) -> NoReturn:
    """Turn this fork into a Jupyter kernel; never returns."""
    status = 1
    try:
        nursery = os.getppid()
        line.close()
        os.setsid()
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(env)
        os.environ["JPY_PARENT_PID"] = str(nursery)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_NAME_OF_PROCESS, b"ecomsim-kernel", 0, 0, 0)
        kernel: Any = importlib.import_module("ipykernel.kernelapp").IPKernelApp
        given = list(command[command.index("ipykernel_launcher") + 1 :])
        ours = [
            f"--IPKernelApp.parent_handle={nursery}",  # without the nursery the kernel ends
            "--IPKernelApp.log_level=50",
            "--HistoryManager.enabled=False",
        ]
        app = kernel.instance()
        app.initialize([*given, *ours])
        # ipywidgets does this when it is imported into a kernel; here it was imported before there was one.
        # Without it a page asks for its widgets one by one, and may draw half of itself.
        importlib.import_module("ipywidgets").register_comm_target()
        app.start()
        status = 0
    except SystemExit as end:
        status = int(end.code or 0) if isinstance(end.code, int | None) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
