"""The main job from end to end: import, calibrate, look back, simulate, compare, report."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError, require_name
from ecomsim.cli.running import compare, wanted, write_reports
from ecomsim.cli.show import console, print_frame, print_page
from ecomsim.report.kept import kept_backtest
from ecomsim.report.track import track_record
from ecomsim.report.words import say

if TYPE_CHECKING:
    from rich.console import Console

    from ecomsim.data.report import ImportReport
    from ecomsim.workbook import Workbook

__all__ = ["run_demo"]

DATASETS = Path(__file__).parents[2] / "datasets"

_WORDS = {
    "import": ("Importing {name}", "导入 {name}"),
    "calibrate": ("Calibrating the store", "标定店铺"),
    "backtest": ("Simulating past months as of their first day", "以月初信息模拟过去各月"),
    "kept": ("kept from the last run: neither data nor program changed", "沿用上次结果：数据与程序均未改变"),
    "simulate": ("Simulating {month}, {runs:,} times a scenario", "模拟 {month}，每个方案 {runs:,} 次"),
    "write": ("Writing the reports", "生成报告"),
    "flagship": ("the sample store (simulated data)", "示例店铺（模拟数据）"),
    "completejourney": (
        "completejourney: a real grocery chain's orders, 2017",
        "completejourney：真实零售订单，2017 年",
    ),
}


_SCENARIOS_ZH = {
    "bigger Double 11": "更大的双11",
    "more service staff": "增加客服",
    "leaner stock": "压缩库存",
    "lower prices": "降价",
    "more visitors": "增加访客",
}


@dataclass(frozen=True)
class Sample:
    """One store of the demo: how it is read, which month, which scenarios."""

    name: str
    month: str
    read: Callable[[Workbook], ImportReport]
    backtest_months: int
    currency: str = "CNY"


def run_demo(out: Path, *, replications: int, language: str, sample: str) -> None:
    """Run the main job on one or both samples, print it, and write everything under `out`."""
    require_name(sample, ["both", "flagship", "completejourney"], "--sample", "sample")
    if not (DATASETS / "flagship" / "exports").is_dir():
        raise EcomsimError(
            str(DATASETS), "no sample store", "a source checkout", "Run the demo from the repository"
        )
    screen = console()
    for one in (_flagship(), _completejourney()):
        if sample in ("both", one.name):
            _run(one, out / one.name, screen, replications, language)


def _flagship() -> Sample:
    from ecomsim.workbook import import_folder

    return Sample(
        "flagship", "2026-11", lambda book: import_folder(DATASETS / "flagship" / "exports", book), 6
    )


def _completejourney() -> Sample:
    def read(book: Workbook) -> ImportReport:
        from ecomsim.workbook import import_package

        if book.names():  # a package never changes, and reading it takes longer than everything else
            return book.report()
        return import_package("completejourney", book)

    return Sample("completejourney", "2018-01", read, 3, "USD")


def _run(sample: Sample, folder: Path, screen: Console, replications: int, language: str) -> None:
    from ecomsim.calibrate import calibrate
    from ecomsim.scenario import load_scenario
    from ecomsim.workbook import Workbook

    name = _word(sample.name, language)
    screen.rule(f"[bold]{name}[/]", align="left")
    workbook = Workbook(folder / "workbook")
    with _step(screen, "import", language, name=name):
        report = sample.read(workbook)
    screen.print(report.text(language, limit=3), markup=False, highlight=False)
    tables = workbook.tables()
    with _step(screen, "calibrate", language):
        found = calibrate(tables, name=sample.name)
        calibration = dataclasses.replace(found, store=found.store.replace(currency=sample.currency))
    for line in calibration.missing[:6]:
        screen.print(f"  {line}", style="yellow", markup=False)
    with _step(screen, "backtest", language):
        days = tables["store_day"]
        known = [name for name in ("gmv", "orders", "visitors") if name in days and days[name].notna().any()]
        past, kept = kept_backtest(
            workbook, tables, months=sample.backtest_months, replications=200, metrics=known
        )
    if kept:
        screen.print(f"  {_word('kept', language)}", style="dim")
    record = track_record(past, language)
    print_frame(screen, say("track_record", language), record)
    horizon = Horizon.month(sample.month)
    scenarios = [
        load_scenario(path) for path in sorted((DATASETS / sample.name / "scenarios").glob("*.yaml"))
    ]
    with _step(screen, "simulate", language, month=sample.month, runs=replications):
        page = compare(
            calibration,
            horizon,
            scenarios,
            title=f"{say('report', language)}: {name}",
            target=wanted(tables, horizon, None),
            replications=replications,
            language=language,
            tables=[(say("track_record", language), record)],
            names=_SCENARIOS_ZH if language == "zh" else None,
        )
    print_page(screen, page)
    with _step(screen, "write", language):
        paths = write_reports(page, folder)
    for path in paths:
        screen.print(f"  {path}", markup=False, highlight=False)


@contextmanager
def _step(screen: Console, key: str, language: str, **parts: Any) -> Iterator[None]:
    start = time.perf_counter()
    with screen.status(_word(key, language, **parts) + " ..."):
        yield
    screen.print(f"[green]✓[/] {_word(key, language, **parts)} [dim]{time.perf_counter() - start:.1f} s[/]")


def _word(key: str, language: str, **parts: Any) -> str:
    english, chinese = _WORDS[key]
    return (chinese if language == "zh" else english).format(**parts)
