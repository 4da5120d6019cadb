"""The command line's root, and the options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from ecomsim.checks import require_name

__all__ = ["Language", "Runs", "Seed", "app"]

app = typer.Typer(
    name="ecomsim",
    help="A day in the store, simulated many times: import exports, ask what if, see every part at once.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _language(name: str) -> str:
    return require_name(name, ["en", "zh"], "--lang", "language")


Language = Annotated[str, typer.Option("--lang", callback=_language, help="Language of labels: en or zh.")]
Runs = Annotated[
    int, typer.Option("--replications", "-r", min=20, max=100_000, help="Simulated months per scenario.")
]
Seed = Annotated[int, typer.Option(help="Seed of the random streams.")]
