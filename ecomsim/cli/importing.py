"""Commands that bring data in: imports, packages, templates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ecomsim.checks import EcomsimError, require_name
from ecomsim.cli.show import console, print_frame

__all__ = ["import_exports", "write_templates"]

PACKAGES = ("completejourney",)


def import_exports(sources: Sequence[Path], into: Path, *, package: str, confirm: str, language: str) -> None:
    """Import files or a data package into a workbook, show progress, print the report."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from ecomsim.workbook import Workbook

    workbook = Workbook(into)
    if confirm:
        mapping = workbook.confirm(confirm)
        console().print(f"{mapping.name}: confirmed", markup=False)
        if not sources:
            return
    if bool(sources) == bool(package):
        given = "both files and --package" if sources else "no source"
        example = "Write for example: ecomsim import exports --into workbook"
        raise EcomsimError("ecomsim import", given, "a folder of exports, or --package NAME", example)
    screen = console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task("import", total=None)

        def step(done: int, total: int, name: str) -> None:
            bar.update(task, completed=done, total=total, description=name[:40])

        if package:
            require_name(package, PACKAGES, "--package", "data package")
            from ecomsim.workbook import import_package

            report = import_package(package, workbook, progress=step)
        else:
            from ecomsim.workbook import import_folder

            report = import_folder(list(sources), workbook, progress=step)
    console().print(report.text(language), markup=False, highlight=False)
    if not report.files["status"].isin(["read", "unchanged"]).any():
        given = "no file" if report.files.empty else "no file that could be read"
        raise EcomsimError(
            "ecomsim import", given, "exports as .csv, .xlsx, .xls or .zip", "See the report for each file"
        )


def write_templates(name: str, to: Path, *, language: str) -> None:
    """Write one template as CSV and Excel, or list what there is."""
    import pandas as pd

    from ecomsim.data.tables import TABLES
    from ecomsim.data.templates import template

    offered = [t for t in TABLES.values() if t.template]
    if name == "list":
        rows = [
            {"name": t.name, "title": t.title, "标题": t.title_zh, "one row is": t.means} for t in offered
        ]
        print_frame(console(), "ecomsim template NAME", pd.DataFrame(rows))
        return
    for ending in (".csv", ".xlsx"):
        console().print(str(template(name, to / (name + ending), language=language)), markup=False)
