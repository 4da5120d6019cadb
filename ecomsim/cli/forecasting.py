"""The command that forecasts a month and holds it against its target."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecomsim.calendar import Horizon, parse_date
from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.cli.forecast_show import Said, plain, show
from ecomsim.cli.show import console, print_frame
from ecomsim.forecast.overlaps import OVERLAPS
from ecomsim.forecast.words import say
from ecomsim.metrics import metric
from ecomsim.target import Target, period_days, period_months

if TYPE_CHECKING:
    import pandas as pd

    from ecomsim.forecast import Forecast
    from ecomsim.forecast.lifts import Lift

__all__ = ["forecast_month", "forecast_record"]

_BY = ("", "store", "channel", "category", "sku")


def forecast_month(
    workbook: Path,
    *,
    name: str,
    month: str,
    target: float | None,
    as_of: str,
    by: str,
    lifts: Sequence[str],
    calendar: str,
    missing: str,
    overlaps: str,
    since: str,
    trees: bool,
    paths: int,
    seed: int,
    language: str,
    as_json: bool,
) -> None:
    """Forecast one month of a metric; print what it will bring and the chance of its target."""
    from ecomsim.forecast import BoostedTrees, forecast
    from ecomsim.opening import read_tables
    from ecomsim.streams import check_seed

    # What is quick to check comes before what is slow to do.
    metric(name, "--metric")
    require_name(by, _BY, "--by", "level")
    require_name(calendar, ["cn", "none"], "--calendar", "calendar")
    require_name(overlaps, OVERLAPS, "--overlaps", "way to count overlapping events")
    asked = Horizon(*period_days(month, "--month")) if month else None
    day = parse_date(as_of, "--as-of") if as_of else None
    earlier = parse_date(since, "--since") if since else None
    check_seed(seed)
    given = dict(_lift(text) for text in lifts)
    if target is not None:
        require_number(target, "--target", low=0.0, open_low=True)
    tables = read_tables(workbook)
    horizon = asked or _following(tables, day)

    def ask(split: str) -> Forecast:
        return forecast(
            tables, horizon, metric=name, by=split, events=() if calendar == "none" else None, lifts=given,
            as_of=day, missing=missing or None, overlaps=overlaps, paths=paths, seed=seed,
            second=BoostedTrees() if trees else None,
        )  # fmt: skip

    # Where channels can be told apart they are shown too; the total is the same however it is split.
    by = "" if by == "store" else by or _usual(tables, name)
    outlook = ask(by)
    period = month or horizon.months[-1]
    goal = _goal(tables, outlook, period, target)
    said = Said(outlook, period, by, language, goal, _moved(outlook, period, earlier))
    screen = console()
    if as_json:
        screen.print_json(json.dumps(plain(said), ensure_ascii=False))
    else:
        show(screen, said)


def _moved(outlook: Forecast, period: str, earlier: dt.date | None) -> pd.DataFrame | None:
    """Return why the number moved since an earlier day, asked the same way then."""
    if earlier is None:
        return None
    if not outlook.panel.start <= earlier < outlook.as_of:
        raise EcomsimError(
            "--since", str(earlier), f"a day from {outlook.panel.start} to the day before {outlook.as_of}",
            "Choose an earlier day",
        )  # fmt: skip
    return outlook.compare(outlook.asked(outlook.question.until(earlier)), period)


def _usual(tables: Mapping[str, pd.DataFrame], name: str) -> str:
    from ecomsim.forecast.cleaning import panel_of

    try:
        panel_of(tables, name, by="channel", missing="unknown")
    except EcomsimError:
        return ""  # this store or this metric has no such parts
    return "channel"


def _lift(text: str) -> tuple[str, Lift]:
    family, _, value = text.partition("=")
    low, dots, high = value.partition("..")
    try:
        return family.strip(), (float(low), float(high)) if dots else float(low)
    except ValueError:
        raise EcomsimError(
            "--lift", repr(text)[:60], "FAMILY=FACTOR or FAMILY=LOW..HIGH",
            "Write for example double11=1.8, or double11=1.5..2.2 if unsure",
        ) from None  # fmt: skip


def _following(tables: Any, day: Any) -> Horizon:
    """Return the month after the data, or the one the as-of day lies in."""
    from ecomsim.calibrate import read_history

    last = day or read_history(tables).as_of
    following = last.fromordinal(last.toordinal() + 1)
    return Horizon.month(f"{following:%Y-%m}")


def _goal(tables: Any, outlook: Forecast, period: str, given: float | None) -> Target | None:
    """Return the period's target: the given one, else the workbook's, whose months add up to it, else none."""
    if given is not None:
        return Target(outlook.metric, {period: given})
    frame = tables.get("targets")
    if frame is None:
        return None
    rows = (
        frame[frame["metric"] == outlook.metric]
        .drop_duplicates("month", keep="last")
        .set_index("month")["target"]
    )
    months = period_months(period)
    return (
        Target(outlook.metric, {period: float(rows[list(months)].sum())})
        if set(months) <= set(rows.index)
        else None
    )


def forecast_record(workbook: Path, *, name: str, months: int, language: str) -> None:
    """Print the forecaster's track record: past months foretold as of several of their days, beside plain rules."""
    from ecomsim.forecast import panel_of
    from ecomsim.forecast.occasions import occasions
    from ecomsim.forecast.rolling import backtest
    from ecomsim.opening import read_tables

    metric(name, "--forecaster")
    tables = read_tables(workbook)
    panel = panel_of(tables, name)
    events = occasions(panel.start, panel.end, None, tables.get("promotions"), [])
    record = backtest(panel, months=months, elapsed_days=(0, 10, 20), events=events, levels=["total"])
    scores = record.scores()
    for column in ("mape", "bias", "crps", "inside80", "inside95"):
        scores[column] = (100 * scores[column]).map("{:.1f} %".format)
    screen = console()
    print_frame(screen, say("record", language), scores)
    print_frame(screen, "", record.reliability())
