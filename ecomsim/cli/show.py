"""What the command line prints: tables that fit a terminal and an 80-column log alike."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ecomsim.checks import EcomsimError
from ecomsim.metrics import label, metric
from ecomsim.report.page import Page
from ecomsim.report.words import amount, change, percent, say, unit_words

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["console", "print_frame", "print_page", "told_in"]


def console(stderr: bool = False) -> Console:
    """Return a console; in a log without a terminal it is 132 columns wide."""
    from rich.console import Console

    plain = Console(stderr=stderr)
    return plain if plain.is_terminal else Console(stderr=stderr, width=132)


@contextmanager
def told_in(language: str) -> Iterator[None]:
    """Tell the user's faults in the language asked for, and end with code 1."""
    try:
        yield
    except EcomsimError as fault:
        if language != "zh":
            raise
        from ecomsim.chinese import fault_in_chinese

        sys.stderr.write(f"{fault_in_chinese(fault)}\n")
        raise SystemExit(1) from None


def print_page(out: Console, page: Page) -> None:
    """Print target attainment and the outcome table of a report."""
    from rich.markup import escape

    language = page.language
    if page.reaches:
        _print_reaches(out, page)
    table = _table(say("outcome", language), [(say("outcome", language), "left")])
    for scenario in page.study.scenarios:
        table.add_column(escape(page.names[scenario]), justify="right", overflow="fold")
    for name, group in groupby(page.outcomes, key=lambda o: o.metric):
        unit = "" if metric(name).unit == "share" else unit_words(metric(name).unit, language, page.currency)
        cells = []
        for row in group:
            lines = [f"[bold]{row.value_words(language)}[/]", f"[dim]{row.range_words(language)}[/]"]
            if row.scenario != page.base:
                lines.append(_coloured(row.change_words(language), row.good))
                lines.append(f"[dim]{row.change_range_words(language)}[/]")
            cells.append("\n".join(lines))
        table.add_row(label(name, language) + (f"\n[dim]{unit}[/]" if unit else ""), *cells)
    out.print(table)
    runs = f"{page.study.replications:,}"
    base = page.names[page.base]
    words = f"{runs} 次模拟。每格：中位；其下：{say('range', 'zh')}；再下：与{base}的逐次配对差。"
    if language == "en":
        words = (
            f"{runs} runs. Each cell: the middle, below it {say('range')}, below that the paired difference "
        )
        words += f"to {base} with its own range."
    out.print(words, style="dim", markup=False)


def print_frame(out: Console, title: str, frame: Any) -> None:
    """Print a small data frame as a table."""
    from rich.markup import escape

    columns = [(str(c), "right" if frame[c].dtype.kind in "fiu" else "left") for c in frame.columns]
    table = _table(title, columns)
    for values in frame.itertuples(index=False):
        table.add_row(*[escape(_cell(v)) for v in values])
    out.print(table)


def _print_reaches(out: Console, page: Page) -> None:
    from rich.markup import escape

    language, first = page.language, page.reaches[0]
    title = say("month_target", language, metric=label(first.metric, language), month=first.month)
    title += f": {amount(first.target, first.metric, language)}"
    heads = [say(key, language) for key in ("scenario", "chance", "gap", "daily")]
    table = _table(title, [(heads[0], "left"), *[(h, "right") for h in heads[1:]]])
    for reach in page.reaches:
        chance = f"{percent(reach.probability)} ± {percent(reach.error)}"
        daily = amount(reach.daily, reach.metric, language) if reach.daily is not None else ""
        gap = change(reach.gap, reach.metric, language)
        table.add_row(escape(page.names[reach.scenario]), f"[bold]{chance}[/]", gap, daily)
    out.print(table)


def _table(title: str, columns: Sequence[tuple[str, str]]) -> Any:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(
        title=escape(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for name, side in columns:
        table.add_column(escape(name), justify=side, overflow="fold")  # type: ignore[arg-type]
    return table


def _coloured(text: str, good: bool | None) -> str:
    if good is None:
        return f"[dim]{text}[/]"
    return f"[{'cyan' if good else 'yellow'}]{text}[/]"


def _cell(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    return str(value)
