"""Boxes for what is not a result: empty, loading, stale, and faults with their remedy."""

from __future__ import annotations

from enum import Enum
from html import escape

from ecomsim.checks import EcomsimError
from ecomsim.chinese import in_chinese
from ecomsim.ui.language import Words
from ecomsim.ui.phrases import SHELL

__all__ = ["State", "fault_html", "message_html", "skeleton_html"]


class State(Enum):
    """What a box tells instead of numbers."""

    EMPTY = "empty"
    LOADING = "loading"
    STALE = "stale"
    ERROR = "error"


def message_html(state: State, title: str, text: str = "", remedy: str = "", *, language: str = "en") -> str:
    """Return the HTML of a box; every text is escaped, as names and values in it are the user's.

    Parameters
    ----------
    state : decides colour, sign and whether a screen reader interrupts
    title : what happened, in a few words
    text : the sentence below it, or several, one a line
    remedy : what to do about it

    Examples
    --------
    >>> "&lt;b&gt;" in message_html(State.ERROR, "<b>")
    True
    """
    role = "alert" if state is State.ERROR else "status"
    parts = [f'<div class="es-box es-{state.value}" role="{role}">', f"<strong>{escape(title)}</strong>"]
    if text:
        parts += [f"<p>{escape(line)}</p>" for line in text.split("\n")]
    if remedy:
        parts.append(f'<p class="es-remedy">{escape(SHELL.say("remedy", language))}: {escape(remedy)}</p>')
    return "".join([*parts, "</div>"])


def fault_html(fault: BaseException, language: str = "en", words: Words = SHELL) -> str:
    """Return the box of an exception: the user's faults with what is allowed, ours by their kind only."""
    if not isinstance(fault, EcomsimError):
        text = words.say("bug", language, kind=type(fault).__name__)
        return message_html(
            State.ERROR,
            words.say("fault", language),
            text,
            words.say("bug_remedy", language),
            language=language,
        )
    title, said = words.say("fault", language), in_chinese if language == "zh" else str
    several = getattr(fault, "faults", None) or (fault,)
    remedies = dict.fromkeys(said(one.remedy) for one in several if one.remedy)
    return message_html(
        State.ERROR, title, "\n".join(_sentence(one, language, words) for one in several), " · ".join(remedies),
        language=language,
    )  # fmt: skip


def _sentence(fault: EcomsimError, language: str, words: Words) -> str:
    said = in_chinese if language == "zh" else str
    colon = "：" if language == "zh" else ": "
    text = f"{said(fault.where)}{colon}{said(fault.given)}" if fault.given else said(fault.where)
    return text + (
        f" — {words.say('allowed', language)}{colon}{said(fault.allowed)}" if fault.allowed else ""
    )


def skeleton_html(height_px: int = 320, *, language: str = "en") -> str:
    """Return a grey block of the size of what is being computed, so that nothing jumps when it comes."""
    words = escape(SHELL.say("loading", language))
    return f'<div class="es-skeleton" role="status" style="height:{height_px}px"><span>{words}</span></div>'
