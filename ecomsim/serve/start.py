"""Starting the server: the nursery first, so that it loads while the server does."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

from ecomsim.serve.folder import private_copy
from ecomsim.serve.nursed import Nursery
from ecomsim.serve.settings import Serving, require_free_port
from ecomsim.ui.place import DASHBOARDS_VARIABLE, WEB, WORKBOOK_VARIABLE

__all__ = ["serve"]


def serve(
    serving: Serving, *, log_level: int = logging.WARNING, ready: Callable[[], None] = lambda: None
) -> None:
    """Serve the dashboards until stopped by Ctrl-C or SIGTERM.

    Parameters
    ----------
    serving : how
    log_level : of the server's messages on the terminal
    ready : called when everything is loaded, just before the first visitor may come

    Raises
    ------
    EcomsimError
        When the port is taken, naming the next free one.
    """
    require_free_port(serving.host, serving.port)
    with private_copy() as (folder, served):
        _tell_kernels(serving, served)
        nursery = Nursery()
        try:
            if sys.platform == "linux":  # elsewhere a fork of a process with these libraries is not safe
                nursery.start()
            run = _load_server()
            nursery.wait()
            ready()
            run(serving, folder, served, nursery, log_level)
        finally:
            nursery.stop()


def _load_server() -> Callable[[Serving, Path, tuple[str, ...], Nursery, int], None]:
    # Merely importing this checker of international addresses compiles a grammar for three seconds; jsonschema
    # does without where it is missing, and nothing here checks such addresses.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    from ecomsim.serve.app import run

    return run


def _tell_kernels(serving: Serving, served: tuple[str, ...]) -> None:
    """Set what kernels inherit: the workbook, what is served, where templates lie, one thread a regression."""
    paths = [str(WEB), *filter(None, os.environ.get("JUPYTER_PATH", "").split(os.pathsep))]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(paths)
    os.environ[WORKBOOK_VARIABLE] = str(Path(serving.workbook).resolve())
    os.environ[DASHBOARDS_VARIABLE] = ",".join(served)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # A session's worker threads would each keep freed memory to themselves.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
