"""The command that serves the dashboards."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from ecomsim.checks import EcomsimError
from ecomsim.cli.show import console
from ecomsim.opening import open_workbook
from ecomsim.workbook import Workbook

__all__ = ["run_dashboard"]

_CHECKOUT = Path(__file__).parents[2]


def run_dashboard(
    workbook: Path | None, *, host: str, port: int, token: str, seats: int, pool: int, idle_s: int
) -> None:
    """Serve the dashboards on a workbook until Ctrl-C."""
    for name in ("voila", "ipywidgets", "anywidget", "ipecharts"):
        if importlib.util.find_spec(name) is None:
            remedy = "Install them: pip install 'ecomsim[notebook]'"
            raise EcomsimError("ecomsim dashboard", f"no package {name}", "the notebook packages", remedy)
    from ecomsim.serve.settings import (
        Serving,
        is_loopback,
        machine_pool,
        machine_seats,
        make_token,
        require_free_port,
    )

    made = token == "new" or (not token and not is_loopback(host))
    secret = make_token() if made else token
    require_free_port(host, port)
    screen = console(stderr=True)
    book = open_workbook(workbook) if workbook is not None else _sample()
    serving = Serving(
        workbook=book.path,
        host=host,
        port=port,
        token=secret,
        pool=machine_pool() if pool < 0 else pool,
        seats=seats or machine_seats(),
        idle_s=idle_s,
        check_s=max(1, min(30, idle_s)),
    )
    # Only a secret we made is shown, and only this once: the one given to us is known already.
    shown = f"{serving.url}?token={secret}" if made else serving.url

    def ready() -> None:
        screen.print(f"Store: {book.path}", markup=False, highlight=False, soft_wrap=True)
        screen.print(f"Open:  {shown}", markup=False, highlight=False, soft_wrap=True)
        screen.print("Stop with Ctrl-C.", style="dim")

    from ecomsim.serve.start import serve

    screen.print("Reading the store and warming up ...", style="dim")
    serve(serving, ready=ready)


def _sample() -> Workbook:
    exports = _CHECKOUT / "datasets" / "flagship"
    if not (exports / "exports").is_dir():
        example = "Write for example: ecomsim import EXPORTS --into shop, then ecomsim dashboard shop"
        raise EcomsimError("ecomsim dashboard", "no workbook", "a workbook or a folder of exports", example)
    return open_workbook(exports)
