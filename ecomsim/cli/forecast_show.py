"""What `ecomsim forecast` prints: tables in two languages, or plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ecomsim.chinese import in_chinese
from ecomsim.cli.show import print_frame
from ecomsim.forecast.words import cause_text, chance_text, part_text, say
from ecomsim.metrics import label
from ecomsim.report.words import amount, change
from ecomsim.target import Target, period_days

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from ecomsim.forecast import Forecast

__all__ = ["Said", "plain", "show"]


@dataclass(frozen=True, eq=False)
class Said:
    """What is printed: the forecast, the period asked for, its split, language, target, and what moved it."""

    outlook: Forecast
    period: str
    by: str
    language: str
    goal: Target | None
    moves: pd.DataFrame | None


def show(screen: Console, said: Said) -> None:
    """Print the answer, what it is made of, what moved it, what the days must bring, and its parts."""
    import pandas as pd

    outlook, language, period = said.outlook, said.language, said.period
    title = say(
        "title", language, metric=label(outlook.metric, language), period=period, day=str(outlook.as_of)
    )
    print_frame(screen, title, pd.DataFrame(_answers(said), columns=["", " "]))
    parts = outlook.explain(period)["total"]
    rows = [(part_text(str(k), language), _money(outlook, v, language, str(k))) for k, v in parts.items()]
    heads = [say("part", language), label(outlook.metric, language)]
    print_frame(screen, say("parts", language), pd.DataFrame(rows, columns=heads))
    if said.moves is not None:
        print_frame(screen, say("moved", language), _moves(outlook, said.moves, language))
    if said.goal is not None:
        print_frame(screen, say("needed", language), _days(outlook, said.goal, language))
    if said.by:
        print_frame(screen, say("by", language, level=say(said.by, language)), _by(said))
    for note in outlook.notes:
        screen.print(in_chinese(note) if language == "zh" else note, style="yellow", markup=False)


def _answers(said: Said) -> list[tuple[str, str]]:
    outlook, language, period, goal = said.outlook, said.language, said.period, said.goal
    total = outlook.total(period).iloc[0]

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
    following = max(outlook.dates[0], period_days(period)[0])
    rows += [
        (say("target", language), money(row["target"])),
        (say("chance", language), chance_text(row["p_hit"], bool(row["calibrated"]), language)),
        (say("gap", language), gaps),
        (say("required", language), money(row["required"])),
        (say("daily", language), money(row["required_daily"])),
        (say("next", language, day=str(following)), money(row["required_next"])),
        (say("factor", language), f"x {row['required_factor']:.2f}"),
        (say("basis", language), outlook.basis_of(period, language=language)),
    ]
    return rows


def _money(outlook: Forecast, value: float, language: str, part: str) -> str:
    plain = part in ("known", "level")
    return amount(value, outlook.metric, language) if plain else change(value, outlook.metric, language)


def _moves(outlook: Forecast, moves: pd.DataFrame, language: str) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for cause, row in moves.iterrows():
        effect = "" if cause in ("before", "now") else change(row["effect"], outlook.metric, language)
        rows.append(
            (cause_text(str(cause), language), effect, amount(row["outcome"], outlook.metric, language))
        )
    return pd.DataFrame(rows, columns=[say(key, language) for key in ("cause", "effect", "after")])


def _days(outlook: Forecast, goal: Target, language: str) -> pd.DataFrame:
    import pandas as pd

    days = outlook.needed(goal).head(14)
    rows = [
        (f"{day:%m-%d %a}" if language == "en" else f"{day:%m-%d}", row["expected"], row["required"])
        for day, row in days.iterrows()
    ]
    return pd.DataFrame(rows, columns=[say(key, language) for key in ("day", "expected", "needs")])


def _by(said: Said) -> pd.DataFrame:
    import pandas as pd

    outlook, language = said.outlook, said.language
    level = said.by if said.by in outlook.panel.levels else "leaf"
    total = outlook.total(said.period, level).sort_values("mean", ascending=False)
    rows = [
        (str(name), *(amount(row[key], outlook.metric, language) for key in ("known", "p10", "p50", "p90")))
        for name, row in total.head(40).iterrows()
    ]
    return pd.DataFrame(rows, columns=[say(said.by, language), say("known", language), "P10", "P50", "P90"])


def plain(said: Said) -> dict[str, Any]:
    """Return the same as plain numbers and texts."""
    outlook, period = said.outlook, said.period
    out: dict[str, Any] = {
        "metric": outlook.metric, "month": period, "as_of": str(outlook.as_of),
        "total": _row(outlook.total(period).iloc[0]),
        "parts": _row(outlook.explain(period)["total"]),
        "notes": list(outlook.notes),
    }  # fmt: skip
    if said.goal is not None:
        out["attainment"] = _row(outlook.attainment(said.goal).iloc[0])
    if said.moves is not None:
        out["moved"] = _row(said.moves["effect"].drop(["before", "now"]))
    if said.by:
        level = said.by if said.by in outlook.panel.levels else "leaf"
        out["by"] = {str(name): _row(row) for name, row in outlook.total(period, level).iterrows()}
    return out


def _row(row: Any) -> dict[str, Any]:
    plain = {}
    for key, value in row.items():
        found = value.item() if hasattr(value, "item") else value
        plain[str(key)] = (
            None if found != found else found if isinstance(found, (bool, int, str)) else float(found)
        )
    return plain
