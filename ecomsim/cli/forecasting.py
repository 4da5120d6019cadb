"""The command that forecasts a month and holds it against its target."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecomsim.calendar import Horizon, parse_date
from ecomsim.checks import EcomsimError, require_name, require_number
from ecomsim.cli.show import console, print_frame
from ecomsim.forecast.overlaps import OVERLAPS
from ecomsim.forecast.words import chance_text, part_text, say
from ecomsim.metrics import label, metric
from ecomsim.report.words import amount, change

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from ecomsim.forecast import Forecast
    from ecomsim.forecast.lifts import Lift
    from ecomsim.target import Target

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
    asked = Horizon.month(month) if month else None
    day = parse_date(as_of, "--as-of") if as_of else None
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
    goal = _goal(tables, outlook, target)
    screen = console()
    if as_json:
        screen.print_json(json.dumps(_plain(outlook, goal, by), ensure_ascii=False))
    else:
        _show(screen, outlook, goal, by, language)


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


def _goal(tables: Any, outlook: Forecast, given: float | None) -> Target | None:
    """Return the month's target: the given one, else the workbook's, else none."""
    from ecomsim.target import Target

    month = outlook.horizon.months[-1]
    if given is not None:
        return Target(outlook.metric, {month: given})
    frame = tables.get("targets")
    if frame is None:
        return None
    rows = frame[(frame["metric"] == outlook.metric) & (frame["month"] == month)]
    return Target(outlook.metric, {month: float(rows["target"].iloc[-1])}) if len(rows) else None


def _show(screen: Console, outlook: Forecast, goal: Target | None, by: str, language: str) -> None:
    import pandas as pd

    month = outlook.horizon.months[-1]
    title = say(
        "title", language, metric=label(outlook.metric, language), period=month, day=str(outlook.as_of)
    )
    print_frame(screen, title, pd.DataFrame(_answers(outlook, goal, language), columns=["", " "]))
    parts = outlook.explain(month)["total"]
    rows = [(part_text(str(k), language), _money(outlook, v, language, str(k))) for k, v in parts.items()]
    heads = [say("part", language), label(outlook.metric, language)]
    print_frame(screen, say("parts", language), pd.DataFrame(rows, columns=heads))
    if goal is not None:
        print_frame(screen, say("needed", language), _days(outlook, goal, language))
    if by:
        print_frame(screen, say("by", language, level=say(by, language)), _by(outlook, by, language))
    for note in outlook.notes:
        screen.print(note, style="yellow", markup=False)


def _answers(outlook: Forecast, goal: Target | None, language: str) -> list[tuple[str, str]]:
    month = outlook.horizon.months[-1]
    total = outlook.total(month).iloc[0]

    def money(value: float) -> str:
        return amount(value, outlook.metric, language)

    rows = [
        (say("known", language), money(total["known"])),
        (say("middle", language), money(total["p50"])),
        (say("range", language), f"{money(total['p10'])} – {money(total['p90'])}"),
    ]
    if goal is None:
        return [*rows, (say("target", language), say("none", language))]
    row = outlook.attainment(goal).iloc[0]
    gaps = " / ".join(change(row[f"gap_p{q}"], outlook.metric, language) for q in (10, 50, 90))
    following = outlook.dates[0] if row["days_left"] == len(outlook.dates) else Horizon.month(month).start
    rows += [
        (say("target", language), money(row["target"])),
        (say("chance", language), chance_text(row["p_hit"], bool(row["calibrated"]), language)),
        (say("gap", language), gaps),
        (say("required", language), money(row["required"])),
        (say("daily", language), money(row["required_daily"])),
        (say("next", language, day=str(following)), money(row["required_next"])),
        (say("factor", language), f"x {row['required_factor']:.2f}"),
        (say("basis", language), outlook.basis_of(month, language=language)),
    ]
    return rows


def _money(outlook: Forecast, value: float, language: str, part: str) -> str:
    plain = part in ("known", "level")
    return amount(value, outlook.metric, language) if plain else change(value, outlook.metric, language)


def _days(outlook: Forecast, goal: Target, language: str) -> pd.DataFrame:
    import pandas as pd

    days = outlook.needed(goal).head(14)
    rows = [
        (f"{day:%m-%d %a}" if language == "en" else f"{day:%m-%d}", row["expected"], row["required"])
        for day, row in days.iterrows()
    ]
    return pd.DataFrame(rows, columns=[say(key, language) for key in ("day", "expected", "needs")])


def _by(outlook: Forecast, by: str, language: str) -> pd.DataFrame:
    import pandas as pd

    level = by if by in outlook.panel.levels else "leaf"
    total = outlook.total(outlook.horizon.months[-1], level).sort_values("mean", ascending=False)
    rows = [
        (str(name), *(amount(row[key], outlook.metric, language) for key in ("known", "p10", "p50", "p90")))
        for name, row in total.head(40).iterrows()
    ]
    return pd.DataFrame(rows, columns=[say(by, language), say("known", language), "P10", "P50", "P90"])


def _plain(outlook: Forecast, goal: Target | None, by: str) -> dict[str, Any]:
    month = outlook.horizon.months[-1]
    out: dict[str, Any] = {
        "metric": outlook.metric, "month": month, "as_of": str(outlook.as_of),
        "total": _row(outlook.total(month).iloc[0]),
        "parts": _row(outlook.explain(month)["total"]),
        "notes": list(outlook.notes),
    }  # fmt: skip
    if goal is not None:
        out["attainment"] = _row(outlook.attainment(goal).iloc[0])
    if by:
        level = by if by in outlook.panel.levels else "leaf"
        out["by"] = {str(name): _row(row) for name, row in outlook.total(month, level).iterrows()}
    return out


def _row(row: Any) -> dict[str, Any]:
    plain = {}
    for key, value in row.items():
        found = value.item() if hasattr(value, "item") else value
        plain[str(key)] = (
            None if found != found else found if isinstance(found, (bool, int, str)) else float(found)
        )
    return plain


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
