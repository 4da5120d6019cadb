"""The colours of every chart, once: colour-blind safe, one hue a scenario, light and dark."""

from __future__ import annotations

import re

__all__ = [
    "BAD",
    "DASHES",
    "FAINT",
    "GOOD",
    "GREY",
    "INK",
    "PALETTE",
    "WATCH",
    "css_variables",
    "themed",
    "token",
]

PALETTE = ("#4d5866", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""Okabe-Ito hues after a slate for the baseline, always in scenario order."""

DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 4", "1 3", "12 4")
"""A dash a scenario, so that hue is never the only sign."""

INK, GREY, FAINT, GOOD, BAD = "#1c2430", "#5b6675", "#e3e7ec", "#0072b2", "#b23c00"
WATCH = "#c47f00"

_DARK_PALETTE = ("#aab4c1", "#4aa8e0", "#ef8a4a", "#3cc79f", "#dfa0c4", "#8ccdf2", "#f0b94a")
_LIGHT = {"ink": INK, "grey": GREY, "faint": FAINT, "good": GOOD, "bad": BAD, "watch": WATCH}
_DARK = {
    "ink": "#e8ecf1",
    "grey": "#a3aebb",
    "faint": "#333d4a",
    "good": "#4aa8e0",
    "bad": "#ef8a4a",
    "watch": "#e3a93c",
}


def token(name: str | int) -> str:
    """Return a colour as a CSS variable with its light value behind it: light and dark need no new chart.

    Parameters
    ----------
    name : 'ink', 'grey', 'faint', 'good', 'bad', 'watch', or the position of a scenario

    Examples
    --------
    >>> token(1), token("ink")
    ('var(--ecs-1,#0072b2)', 'var(--ecs-ink,#1c2430)')
    """
    if isinstance(name, int):
        at = name % len(PALETTE)
        return f"var(--ecs-{at},{PALETTE[at]})"
    return f"var(--ecs-{name},{_LIGHT[name]})"


def css_variables(dark: bool = False) -> str:
    """Return the declarations behind `token`, for a style sheet's light or dark block."""
    hues, plain = (_DARK_PALETTE, _DARK) if dark else (PALETTE, _LIGHT)
    pairs = [*((str(i), hue) for i, hue in enumerate(hues)), *plain.items()]
    return "".join(f"--ecs-{name}:{value};" for name, value in pairs)


def themed(svg: str) -> str:
    """Return drawn SVG with its colours as CSS variables, so that light and dark need no second drawing.

    Examples
    --------
    >>> themed('<path stroke="#0072b2"/>')
    '<path stroke="var(--ecs-1,#0072b2)"/>'
    """
    named: list[tuple[str, str | int]] = [(value, name) for name, value in _LIGHT.items()]
    names = dict(named + [(hue, i) for i, hue in enumerate(PALETTE)])
    return re.sub(r'"(#[0-9a-f]{6})"', lambda m: f'"{token(names[m[1]]) if m[1] in names else m[1]}"', svg)
