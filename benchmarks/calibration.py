"""Figures of import and calibration: what is found of the sample store's true parameters, and how fast data come in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml

from benchmarks.harness import Figure, cpu, figure, fresh
from ecomsim.backtest import backtest
from ecomsim.calibrate import calibrate
from ecomsim.uncertain import mean_of
from ecomsim.workbook import Workbook, import_folder
from tests.test_calibrate_flagship import CHANNELS, checked

FLAGSHIP = Path(__file__).parents[1] / "datasets" / "flagship"

_JOURNEY = """
import tempfile
from ecomsim.workbook import import_package
import_package("completejourney", tempfile.mkdtemp() + "/book")
"""


def figures() -> Iterator[Figure]:
    """Yield recovery of true parameters, the track record, and times."""
    with tempfile.TemporaryDirectory() as folder:
        book = Workbook(Path(folder) / "book")
        import_folder(FLAGSHIP / "exports", book)
        tables = book.tables()
        truth = yaml.safe_load((FLAGSHIP / "truth.yaml").read_text(encoding="utf-8"))
        found = calibrate(tables, name="flagship")
        frame = checked(found, truth)
        answered = truth["conversion"]["g_mean_ordinary"]
        worst = 0.0
        for name in CHANNELS:
            channel, true = found.store.channels[name], truth["channels"][name]
            asks = true["enquiry_share"]
            rate = (1 - asks) * mean_of(channel.p_silent) + asks * mean_of(channel.p_enquiring) * answered
            worst = max(worst, abs(rate / true["conversion_reference"] - 1))
        yield figure("channel conversion, worst error", worst, "share", "<= 0.05", n=len(CHANNELS))
        for group, name, bound in (("visitors", "event multipliers of visitors", 0.10),
                                   ("conversion effect", "event multipliers of conversion", 0.10),
                                   ("elasticity", "price elasticities", 0.20)):  # fmt: skip
            part = frame[frame["group"] == group]
            within = float((part["error"].abs() < bound).mean())
            yield figure(f"{name} within {bound:.0%}", within, "share", ">= 1", n=len(part))
            yield figure(f"{name}, mean error", float(part["error"].abs().mean()), "share", n=len(part))
        inside = float(frame["inside"].mean())
        yield figure("90 % intervals holding the truth, at least", inside, "share", ">= 0.8", n=len(frame))
        yield figure("90 % intervals holding the truth, at most", inside, "share", "<= 0.98", n=len(frame))
        yield figure("calibration of the sample store", cpu(lambda: calibrate(tables), 2), "s CPU", n=2)
        past = backtest(tables, months=6, replications=200).summary().set_index(["metric", "method"])
        for metric in ("gmv", "orders", "visitors"):
            own = float(past.loc[(metric, "simulation"), "mape"])
            for rule in ("seasonal naive", "4-week mean"):
                ratio = own / float(past.loc[(metric, rule), "mape"])
                yield figure(f"{metric} of six months, MAPE", own, "share", peer=rule, ratio=ratio, n=6)
    seconds, megabytes = fresh(_JOURNEY, 1)
    yield figure("import of all of completejourney", seconds, "s CPU", "<= 30")
    yield figure("import of all of completejourney, peak memory", megabytes, "MB", "<= 2000")
