"""Commands that calibrate, simulate and compare."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecomsim.calendar import Horizon, parse_date
from ecomsim.checks import EcomsimError, require_number
from ecomsim.cli.show import console, print_frame, print_page
from ecomsim.report.basis import basis
from ecomsim.report.page import Page, gather
from ecomsim.report.reached import reaches
from ecomsim.report.track import track_record
from ecomsim.report.words import say

if TYPE_CHECKING:
    import pandas as pd

    from ecomsim.calibrate import Calibration
    from ecomsim.scenario import Scenario
    from ecomsim.target import Target

__all__ = ["check_scenarios", "compare", "run_month", "show_backtest", "show_calibration", "write_reports"]


_YEARS_AHEAD = 5
"""Beyond this a trend of the last months says nothing."""


def compare(
    calibration: Calibration,
    horizon: Horizon,
    scenarios: Sequence[Scenario],
    *,
    title: str,
    target: Target | None = None,
    replications: int = 1000,
    seed: int = 7,
    language: str = "en",
    tables: Sequence[tuple[str, pd.DataFrame]] = (),
    notes: Sequence[str] = (),
    names: Mapping[str, str] | None = None,
) -> Page:
    """Simulate the baseline and scenarios and return the page that tells the outcome."""
    from ecomsim.simulate import simulate

    store = calibration.store
    study = simulate(store, horizon, scenarios, replications=replications, seed=seed)
    return gather(
        study,
        title=title,
        subtitle=f"{store.name} · {horizon.start} – {horizon.end}",
        language=language,
        reaches=reaches(study, target) if target else (),
        tables=[*tables, (say("rests_on", language), basis(store, language))],
        notes=[*notes, *calibration.notes],
        scenario_texts=[(one.name, one.text) for one in scenarios],
        promotions=store.promotions,
        currency=store.currency,
        names=names,
    )


def write_reports(page: Page, folder: Path) -> list[Path]:
    """Write the study, the Excel workbook and the HTML page into `folder`."""
    from ecomsim.report import write_excel, write_html

    folder.mkdir(parents=True, exist_ok=True)
    page.study.save(folder / "study")
    return [
        folder / "study",
        write_excel(page, folder / "outcomes.xlsx"),
        write_html(page, folder / "report.html"),
    ]


def run_month(
    workbook: Path,
    *,
    month: str,
    scenarios: Sequence[Path],
    target: float | None,
    replications: int,
    seed: int,
    out: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """Simulate one month under the baseline and scenarios; print and write the outcome."""
    from ecomsim.calibrate import calibrate
    from ecomsim.opening import read_tables
    from ecomsim.scenario import load_scenario
    from ecomsim.streams import check_seed

    # What is quick to check comes before what is slow to do.
    asked = Horizon.month(month) if month else None
    loaded = [load_scenario(path) for path in scenarios]
    check_seed(seed)
    if target is not None:
        require_number(target, "--target", low=0.0, open_low=True, unit="money")
    if out is not None and out.exists() and not out.is_dir():
        raise EcomsimError(str(out), "a file", "a folder, or a path that is free", "Choose another --out")
    tables = read_tables(workbook)
    calibration = calibrate(tables, name=workbook.resolve().name)
    horizon = _still_ahead(asked, calibration.store.as_of)
    page = compare(
        calibration,
        horizon,
        loaded,
        title=say("report", language),
        target=wanted(tables, horizon, target),
        replications=replications,
        seed=seed,
        language=language,
    )
    screen = console()
    if as_json:
        screen.print_json(json.dumps(_plain(page), ensure_ascii=False))
    else:
        print_page(screen, page)
    if out is not None:
        paths = write_reports(page, out)
        if not as_json:
            screen.print("\n".join(str(path) for path in paths), markup=False, highlight=False)


def show_calibration(workbook: Path, *, as_of: str, match: str, language: str) -> None:
    """Print what every parameter rests on, and what would have to be imported to know more."""
    from ecomsim.calibrate import calibrate
    from ecomsim.opening import read_tables

    day = parse_date(as_of, "--as-of") if as_of else None
    calibration = calibrate(read_tables(workbook), name=workbook.resolve().name, as_of=day)
    screen = console()
    frame = calibration.report
    if match:
        frame = frame[frame["path"].str.contains(match, regex=False)]
        print_frame(screen, say("rests_on", language), frame)
    else:
        print_frame(screen, say("rests_on", language), basis(calibration.store, language))
    for line in calibration.missing:
        screen.print(str(line), style="yellow", markup=False)


def show_backtest(workbook: Path, *, months: int, replications: int, language: str) -> None:
    """Print the track record of past months."""
    from ecomsim.backtest import backtest
    from ecomsim.opening import read_tables

    result = backtest(read_tables(workbook), months=months, replications=replications)
    screen = console()
    print_frame(screen, say("track_record", language), track_record(result, language))
    print_frame(screen, "", result.months)


def check_scenarios(files: Sequence[Path], workbook: Path | None) -> None:
    """Print one scenario, or the difference of two; check paths against a workbook's store when given."""
    from ecomsim.opening import open_store
    from ecomsim.scenario import diff, load_scenario

    loaded = [load_scenario(path) for path in files]
    screen = console()
    if workbook is not None:
        store = open_store(workbook)
        for one in loaded:
            one.apply(store)
    if len(loaded) == 2:
        print_frame(screen, f"{loaded[0].name} / {loaded[1].name}", diff(loaded[0], loaded[1]))
    else:
        for one in loaded:
            screen.print(one.text, markup=False)


def wanted(tables: Mapping[str, pd.DataFrame], horizon: Horizon, given: float | None) -> Target | None:
    """Return the GMV target of the horizon's first month: the given one, else the workbook's, else none."""
    from ecomsim.target import Target

    month = f"{horizon.start:%Y-%m}"
    if given is not None:
        return Target("gmv", {month: given})
    frame = tables.get("targets")
    if frame is None:
        return None
    rows = frame[(frame["metric"] == "gmv") & (frame["month"] == month)]
    return Target("gmv", {month: float(rows["target"].iloc[-1])}) if len(rows) else None


def _still_ahead(asked: Horizon | None, as_of: Any) -> Horizon:
    """Return the month asked for, or the one after the data; refuse what is over or too far to know."""
    following = _next_month(as_of)
    if asked is None or (as_of < asked.end and asked.start.year <= as_of.year + _YEARS_AHEAD):
        return asked or following
    allowed = f"a month after the data (up to {as_of}), in {as_of.year + _YEARS_AHEAD} at the latest"
    raise EcomsimError("--month", f"{asked.start:%Y-%m}", allowed, f"Write {following.start:%Y-%m}")


def _next_month(as_of: Any) -> Horizon:
    following = as_of.replace(day=28)
    while following.month == as_of.month:
        following = following.fromordinal(following.toordinal() + 1)
    return Horizon.month(f"{following:%Y-%m}")


def _plain(page: Page) -> dict[str, Any]:
    rows = [
        {
            "metric": o.metric, "scenario": o.scenario, "p10": o.low, "p50": o.mid, "p90": o.high,
            "difference": _number(o.difference), "difference_p10": _number(o.difference_low),
            "difference_p90": _number(o.difference_high), "better": _number(o.better),
        }
        for o in page.outcomes
    ]  # fmt: skip
    keys = ("scenario", "metric", "month", "target", "probability")
    reached = [{key: getattr(one, key) for key in keys} for one in page.reaches]
    return {"outcomes": rows, "targets": reached}


def _number(value: float) -> float | None:
    return None if value != value else float(value)
