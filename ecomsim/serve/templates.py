"""Templates are compiled once a server, not once a page."""

from __future__ import annotations

from typing import Any

import voila.notebook_renderer
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from voila.exporter import VoilaExporter

__all__ = ["compile_once"]


class _Memory(BytecodeCache):
    """Compiled templates by their key; jinja2 checks that the source is the same."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


def compile_once() -> None:
    """Let all pages of this process share compiled templates.

    Voila makes a Jinja environment for every page and compiles some twenty templates in each: nearly half of what
    the server does for a visitor. It offers no setting for the exporter's class, so its name is replaced.
    """
    compiled = _Memory()

    class Exporter(VoilaExporter):
        def _create_environment(self) -> Any:
            made = super()._create_environment()
            made.bytecode_cache = compiled
            return made

    voila.notebook_renderer.VoilaExporter = Exporter
