"""Text of the planner's screen as HTML: cards, tables, lines; everything a user named is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from ecomsim.charts.palette import DASHES, token
from ecomsim.ui.answers import Card

__all__ = ["cards_html", "frame_html", "heading_html", "legend_html", "table_html", "words_table_html"]


def cards_html(cards: Sequence[Card], label: str) -> str:
    """Return the row of headline cards as a list.

    Examples
    --------
    >>> '<div class="es-value">4.4 M</div>' in cards_html([Card("gmv", "GMV", "4.4 M", "", "")], "x")
    True
    """
    parts = []
    for card in cards:
        state = f" es-{card.state}" if card.state else ""
        tone = f" es-{card.tone}" if card.tone else ""
        about = f' title="{escape(card.means)}"' if card.means else ""
        parts.append(
            f'<li class="es-card" data-card="{card.key}"><div class="es-name"{about}>{escape(card.name)}</div>'
            f'<div class="es-value{state}">{escape(card.value)}</div>'
            f'<div class="es-range">{escape(card.range)}</div>'
            f'<div class="es-change{tone}">{escape(card.change)}</div></li>'
        )
    return f'<ul class="es-cards" aria-label="{escape(label)}">{"".join(parts)}</ul>'


def heading_html(title: str, sub: str = "") -> str:
    """Return a section's heading, with a smaller line below it."""
    tail = f'<p class="es-sub">{escape(sub)}</p>' if sub else ""
    return f"<h2>{escape(title)}</h2>{tail}"


def legend_html(names: Sequence[str]) -> str:
    """Return the scenarios' names, each with its line; nothing for one alone.

    Examples
    --------
    >>> legend_html(["baseline"]), legend_html(["baseline", "plan"]).count("<li>")
    ('', 2)
    """
    if len(names) < 2:
        return ""
    lines = []
    for i, name in enumerate(names):
        dash = f' stroke-dasharray="{DASHES[i % len(DASHES)]}"' if DASHES[i % len(DASHES)] else ""
        stroke = f'stroke="{token(i)}" stroke-width="2.4"{dash}'
        line = f'<svg width="28" height="8" aria-hidden="true"><path d="M0 4H28" {stroke}/></svg>'
        lines.append(f"<li>{line} {escape(name)}</li>")
    return f'<ul class="es-legend">{"".join(lines)}</ul>'


def table_html(lines: Sequence[Sequence[str]], label: str) -> str:
    """Return a table of a head row and rows, each beginning with its name; line breaks in cells are kept."""
    head, *rows = lines
    top = "".join(
        f'<th scope="col" class="{"n" if i else ""}">{escape(cell)}</th>' for i, cell in enumerate(head)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(_cell(cell) for cell in row[1:])}</tr>'
        for row in rows
    )
    return (
        f'<div class="es-scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<table class="es-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _cell(text: str) -> str:
    first, *rest = text.split("\n")
    tail = "".join(f'<br><span class="es-sub">{escape(line)}</span>' for line in rest)
    return f'<td class="n"><strong>{escape(first)}</strong>{tail}</td>'


def frame_html(frame: Any, label: str) -> str:
    """Return a DataFrame of texts and numbers as a table."""
    head = [str(column) for column in frame.columns]
    return words_table_html(
        [head, *([_text(v) for v in row] for row in frame.itertuples(index=False))], label
    )


def words_table_html(lines: Sequence[Sequence[str]], label: str) -> str:
    """Return a table of texts: a head row, then rows."""
    head, *rows = lines
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="es-scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<table class="es-table"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
