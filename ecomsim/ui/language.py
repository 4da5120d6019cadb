"""The language of a page: an observable that re-labels what follows it, and tables of words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from traitlets import Enum, HasTraits

from ecomsim.checks import require_name

__all__ = ["LANGUAGES", "Language", "Words"]

LANGUAGES = ("en", "zh")
"""Codes of the languages every text exists in."""


@dataclass(frozen=True)
class Words:
    """Fixed phrases by key, each in English and Chinese.

    Attributes
    ----------
    table : key -> (English, Chinese); parts in braces are filled in by `say`

    Examples
    --------
    >>> words = Words({"rows": ("{count} rows", "{count} 行")})
    >>> words.say("rows", "zh", count="3")
    '3 行'
    """

    table: Mapping[str, tuple[str, str]]

    def say(self, key: str, language: str = "en", **parts: str) -> str:
        """Return the phrase `key` in `language` with its parts filled in."""
        require_name(language, LANGUAGES, "language", "language")
        english, chinese = self.table[require_name(key, list(self.table), "phrase", "phrase")]
        return (chinese if language == "zh" else english).format(**parts)

    def both(self, key: str) -> dict[str, str]:
        """Return the phrase in every language by its code."""
        english, chinese = self.table[require_name(key, list(self.table), "phrase", "phrase")]
        return {"en": english, "zh": chinese}


class Language(HasTraits):
    """The language a page speaks just now.

    Examples
    --------
    >>> language, heard = Language(), []
    >>> language.follow(heard.append)
    >>> language.code = "zh"
    >>> heard
    ['en', 'zh']
    """

    code = Enum(LANGUAGES, default_value="en")

    def follow(self, show: Callable[[str], object]) -> None:
        """Call `show(code)` now and whenever the language changes."""
        show(self.code)
        self.observe(lambda change: show(change["new"]), names="code")

    def label(self, widget: Any, words: Words, **keys: str) -> None:
        """Keep traits of a widget in the page's language.

        Parameters
        ----------
        widget : anything with traits that hold text
        words : the table the keys are in
        keys : trait name -> key of its phrase, e.g. ``description="reset"``
        """

        def show(code: str) -> None:
            for trait, key in keys.items():
                setattr(widget, trait, words.say(key, code))

        self.follow(show)
