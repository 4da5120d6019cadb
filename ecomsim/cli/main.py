"""The commands and their options; the work is done elsewhere, so `--help` stays quick."""

from __future__ import annotations

import io
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from ecomsim.checks import EcomsimError, EcomsimWarning
from ecomsim.cli.base import Language, Runs, Seed, app
from ecomsim.cli.staff_commands import headcount, staff

__all__ = ["app", "headcount", "main", "staff"]


@app.command("import")
def import_(
    source: Annotated[list[Path] | None, typer.Argument(help="Folder or files of exports.")] = None,
    into: Annotated[Path, typer.Option("--into", help="Workbook folder; made if missing.")] = Path(
        "workbook"
    ),
    package: Annotated[str, typer.Option(help="Import a data package instead: completejourney.")] = "",
    confirm: Annotated[str, typer.Option(help="Confirm a proposed mapping by name and import with it.")] = "",
    lang: Language = "en",
) -> None:
    """Import exports into a workbook; bad rows are set aside with their reason, good ones are kept."""
    from ecomsim.cli.importing import import_exports

    import_exports(source or [], into, package=package, confirm=confirm, language=lang)


@app.command()
def template(
    name: Annotated[str, typer.Argument(help="Template name; 'list' shows all.")] = "list",
    to: Annotated[Path, typer.Option("--to", help="Folder to write into.")] = Path(),
    lang: Language = "en",
) -> None:
    """Write the CSV and Excel template of what no platform exports: costs, stock, promotions, targets."""
    from ecomsim.cli.importing import write_templates

    write_templates(name, to, language=lang)


@app.command()
def calibrate(
    workbook: Annotated[Path, typer.Argument(help="Workbook folder.")],
    as_of: Annotated[str, typer.Option(help="Use data up to this day only (YYYY-MM-DD).")] = "",
    match: Annotated[str, typer.Option(help="Show only parameters whose path contains this.")] = "",
    lang: Language = "en",
) -> None:
    """Estimate the store's parameters and show what each rests on."""
    from ecomsim.cli.running import show_calibration

    show_calibration(workbook, as_of=as_of, match=match, language=lang)


@app.command()
def simulate(
    workbook: Annotated[Path, typer.Argument(help="Workbook folder, or a folder of exports.")],
    month: Annotated[
        str, typer.Option(help="Month to simulate (YYYY-MM); default the month after the data.")
    ] = "",
    scenario: Annotated[
        list[Path] | None, typer.Option("--scenario", "-s", help="Scenario YAML; repeatable.")
    ] = None,
    target: Annotated[
        float | None, typer.Option(help="GMV target of the month; default the workbook's.")
    ] = None,
    replications: Runs = 1000,
    seed: Seed = 7,
    out: Annotated[Path | None, typer.Option(help="Folder for the study, Excel and HTML report.")] = None,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print outcomes as JSON.")] = False,
) -> None:
    """Simulate a month under the baseline and scenarios, and compare them run by run."""
    from ecomsim.cli.running import run_month

    run_month(
        workbook, month=month, scenarios=scenario or [], target=target, replications=replications, seed=seed,
        out=out, language=lang, as_json=as_json,
    )  # fmt: skip


@app.command()
def forecast(
    workbook: Annotated[Path, typer.Argument(help="Workbook folder, or a folder of exports.")],
    metric: Annotated[str, typer.Option(help="gmv, orders, buyers, visitors, units, net_sales.")] = "gmv",
    month: Annotated[
        str,
        typer.Option(help="Month (YYYY-MM), quarter (YYYY-Qn) or year; default the month of the next day."),
    ] = "",
    target: Annotated[float | None, typer.Option(help="Target of the month; default the workbook's.")] = None,
    as_of: Annotated[str, typer.Option(help="Use data up to this day only (YYYY-MM-DD).")] = "",
    by: Annotated[
        str, typer.Option(help="Split by channel, category, sku, or store for no split; default channel.")
    ] = "",
    lift: Annotated[
        list[str] | None,
        typer.Option(
            help="Assumed factor of an event never seen: double11=1.8 or double11=1.5..2.2; repeatable."
        ),
    ] = None,
    calendar: Annotated[str, typer.Option(help="Festivals and platform events: cn or none.")] = "cn",
    missing: Annotated[str, typer.Option(help="What days without data were: closed, zero or unknown.")] = "",
    overlaps: Annotated[
        str,
        typer.Option(help="Days that two events share: multiply their effects, strongest alone, or refuse."),
    ] = "multiply",
    since: Annotated[str, typer.Option(help="Tell what moved since this day's forecast (YYYY-MM-DD).")] = "",
    trees: Annotated[
        bool, typer.Option("--trees", help="Boosted trees as second member (extra ml).")
    ] = False,
    paths: Annotated[int, typer.Option(min=50, max=20_000, help="Joint paths.")] = 400,
    seed: Seed = 7,
    lang: Language = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Forecast a month and say how likely its target is reached, and what would close the gap."""
    from ecomsim.cli.forecasting import forecast_month

    forecast_month(
        workbook, name=metric, month=month, target=target, as_of=as_of, by=by, lifts=lift or [], calendar=calendar,
        missing=missing, overlaps=overlaps, since=since, trees=trees, paths=paths, seed=seed, language=lang,
        as_json=as_json,
    )  # fmt: skip


@app.command()
def backtest(
    workbook: Annotated[Path, typer.Argument(help="Workbook folder.")],
    months: Annotated[int, typer.Option(min=1, max=36, help="How many of the last months.")] = 6,
    replications: Runs = 300,
    forecaster: Annotated[
        str, typer.Option(help="Instead of the simulation, the forecast of this metric: gmv, orders, ...")
    ] = "",
    lang: Language = "en",
) -> None:
    """Simulate past months as of their first day, or forecast them, and hold them against what happened."""
    if forecaster:
        from ecomsim.cli.forecasting import forecast_record

        forecast_record(workbook, name=forecaster, months=months, language=lang)
        return
    from ecomsim.cli.running import show_backtest

    show_backtest(workbook, months=months, replications=replications, language=lang)


@app.command("scenario")
def scenario_(
    files: Annotated[list[Path], typer.Argument(help="One scenario to check, or two to compare.")],
    workbook: Annotated[Path | None, typer.Option(help="Workbook to check the paths against.")] = None,
) -> None:
    """Check a scenario file, or show where two differ."""
    from ecomsim.cli.running import check_scenarios

    check_scenarios(files, workbook)


@app.command()
def demo(
    lang: Language = "en",
    replications: Runs = 1000,
    out: Annotated[Path, typer.Option(help="Folder for everything the demo writes.")] = Path("build/demo"),
    sample: Annotated[str, typer.Option(help="flagship, completejourney or both.")] = "both",
) -> None:
    """Run the main job on the sample store, then on the completejourney data set."""
    from ecomsim.cli.demo import run_demo

    run_demo(out, replications=replications, language=lang, sample=sample)


@app.command()
def dashboard(
    workbook: Annotated[
        Path | None, typer.Argument(help="Workbook folder, or a folder of exports; default the sample store.")
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than this machine need a token.")
    ] = ("127.0.0.1"),
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8866,
    token: Annotated[str, typer.Option(help="Secret a browser must bring; 'new' makes one.")] = "",
    seats: Annotated[int, typer.Option(help="Sessions at once; 0 for what the memory allows.")] = 0,
    pool: Annotated[
        int, typer.Option(help="Warm kernels for each dashboard; -1 for what the machine allows.")
    ] = -1,
    idle: Annotated[int, typer.Option(help="Seconds a session without an open page is kept.")] = 300,
) -> None:
    """Open the dashboards in a browser: the planner's and the others'."""
    from ecomsim.cli.serving import run_dashboard

    run_dashboard(workbook, host=host, port=port, token=token, seats=seats, pool=pool, idle_s=idle)


def _plainly(usual: Callable[..., None]) -> None:
    """Tell our own warnings as one sentence, without the place in the code."""

    def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
        if issubclass(category, EcomsimWarning):
            sys.stderr.write(f"{message}\n")
        else:
            usual(message, category, *place, **more)

    warnings.showwarning = show


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; a fault of the user's is one sentence and exit code 1, never a traceback."""
    for stream in (sys.stdout, sys.stderr):  # a name the terminal cannot write must not end the run
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with warnings.catch_warnings():
            _plainly(warnings.showwarning)
            app(arguments)
    except EcomsimError as fault:
        sys.stderr.write(f"{fault}\n")
        raise SystemExit(1) from None
    except OSError as fault:  # a disk that is full, a folder we may not write to, a name too long
        place = str(fault.filename or "the disk")[:200]
        told = EcomsimError(
            place, str(fault.strerror or fault), "a path we can read and write", "Choose another"
        )
        sys.stderr.write(f"{told}\n")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        raise SystemExit(130) from None
