"""A stage or an answer curve of one's own, in plain NumPy."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.scenario import Scale, Scenario
from ecomsim.simulate import Options, Session, simulate
from ecomsim.stages import STREET, Stage, check_street
from ecomsim.stages.layout import CARRIED, CHANNEL, RECORDED, SKU
from ecomsim.store import AnswerCurve, Store
from tests.engine.kit import Witness, daily, differing, horizon_of, lone, run
from tests.engine_shop import shop

DATES = Horizon("2026-11-01", "2026-11-14")


@pytest.fixture(scope="module")
def store() -> Store:
    return shop(30)


def hype(day: int, state: Any, params: Any, first: int, seed: int) -> None:
    """Twice the visitors on day 5, in the news."""
    if day == 5:
        state["visitors_by_channel"][...] *= 2
        state["visitors"][...] *= 2


def spoil(day: int, state: Any, params: Any, first: int, seed: int) -> None:
    """A tenth of every shelf is thrown away in the evening, and told as shrinkage."""
    gone = np.floor(state["stock"] * 0.1)
    state["stock"] = state["stock"] - gone
    state["shrinkage"][...] += gone.sum(axis=1)


HYPE = Stage("hype", (), (), hype, changes=("visitors_by_channel", "visitors"))
SPOIL = Stage("spoil", (), (), spoil, changes=("stock", "shrinkage"))


def test_hype_doubles_the_visitors_of_its_day_and_what_follows_from_them(store: Store) -> None:
    plain, loud = run(store, DATES), run(store, DATES, stages=[HYPE])
    was, now = daily(plain, "visitors"), daily(loud, "visitors")
    assert (was[:, :5] == now[:, :5]).all() and (2 * was[:, 5] == now[:, 5]).all()
    for name in ("contacts", "demand", "gmv"):
        one, two = daily(plain, name), daily(loud, name)
        assert (one[:, :5] == two[:, :5]).all()
        assert 1.5 < two[:, 5].mean() / one[:, 5].mean() < 2.1, name


def test_spoilage_empties_the_shelf_and_the_ledger_still_closes(store: Store) -> None:
    witness = Witness("stock", "shrinkage")
    study = run(store, DATES, stages=[SPOIL, witness.stage])
    stock = witness["stock"].sum(axis=2)
    assert (stock == daily(study, "on_hand").T).all()
    received, returned, units, gone = (
        daily(study, n).T for n in ("received", "returned", "units", "shrinkage")
    )
    change = received + returned - units - gone
    assert (np.diff(stock, axis=0) == change[1:]).all()
    plain = run(store, DATES)
    assert daily(study, "shrinkage").mean() > 10 * daily(plain, "shrinkage").mean()
    assert daily(study, "lost_sales").sum() > daily(plain, "lost_sales").sum()


def test_a_stage_without_effect_changes_no_bit(store: Store) -> None:
    seen: list[tuple[int, int, int]] = []
    idle = Stage(
        "idle", ("units",), (), lambda day, state, params, first, seed: seen.append((day, first, seed))
    )
    one, two = run(store, DATES), run(store, DATES, stages=[idle], seed=7)
    assert not differing(one.arrays["baseline"], two.arrays["baseline"])
    assert seen == [(day, 0, 7) for day in range(14)]


@dataclass(frozen=True)
class Rain:
    """What the rain stage prepares: the share of visitors that stays at home, by day."""

    share: Any


def test_a_stage_prepares_its_own_arrays_and_opens_the_state() -> None:
    opened: list[int] = []

    def prepare(p: Any) -> Rain:
        return Rain(np.linspace(0, 1, p.days))

    def step(day: int, state: Any, params: Rain, first: int, seed: int) -> None:
        state["visitors_by_channel"] = np.floor(state["visitors_by_channel"] * (1 - params.share[day]))
        state["visitors"] = state["visitors_by_channel"].sum(axis=0)

    rain = Stage(
        "rain", (), (), step, prepare, lambda state, params, first, seed: opened.append(first),
        changes=("visitors_by_channel", "visitors"),
    )  # fmt: skip
    study = run(lone(visitors=10_000.0, p=0.05), horizon_of(11), replications=256, stages=[rain])
    visitors = daily(study, "visitors").mean(axis=0)
    assert visitors == pytest.approx(10_000 * np.linspace(1, 0, 11), abs=35)
    assert (daily(study, "buyers")[:, -1] == 0).all()
    assert sorted(opened) == list(range(0, 256, opened[1] - opened[0] if len(opened) > 1 else 256))


def test_levers_and_own_stages_work_together_from_checkpoints(store: Store) -> None:
    late = Scenario("late", [Scale("channels.search.base", 1.2, start="2026-11-10")])
    session = Session(store, DATES, 7, Options(stages=(HYPE,), threads=1), every=3)
    session.run([], replications=64)
    found = session.run([late], replications=64)
    fresh = simulate(store, DATES, [late], replications=64, seed=7, stages=[HYPE], threads=1)
    for name in ("baseline", "late"):
        assert not differing(found.arrays[name], fresh.arrays[name])


def refused(stage: Stage) -> str:
    """The message a stage is refused with."""
    with pytest.raises(EcomsimError) as caught:
        run(lone(), horizon_of(1), stages=[stage])
    return str(caught.value)


def nothing(day: int, state: Any, params: Any, first: int, seed: int) -> None:
    """Do nothing."""


def test_a_stage_that_overwrites_anothers_variable_is_refused_by_name() -> None:
    told = refused(Stage("mine", (), ("visitors",), nothing))
    assert "mine" in told and "visitors" in told and "traffic" in told and "changes" in told


def test_a_stage_that_reads_what_nobody_wrote_yet_is_refused_by_name() -> None:
    early = [Stage("early", ("gmv",), (), nothing), *STREET]
    with pytest.raises(EcomsimError, match=r"early.*gmv"):
        check_street(early)
    without = tuple(stage for stage in STREET if stage.name != "traffic")
    with pytest.raises(EcomsimError, match=r"service.*visitors_by_channel"):
        check_street(without)
    with pytest.raises(EcomsimError, match=r"traffic.*buyers@yesterday"):
        check_street([stage for stage in STREET if stage.name != "fulfilment"])


def test_unknown_variables_second_names_and_strangers_are_refused() -> None:
    assert "vistors" in refused(Stage("mine", ("vistors",), (), nothing))
    assert "traffic" in refused(Stage("traffic", (), (), nothing))
    with pytest.raises(EcomsimError, match="Stage"):
        run(lone(), horizon_of(1), stages=[nothing])
    with pytest.raises(EcomsimError, match="speed"):
        run(lone(), horizon_of(1), stages=[Stage("odd", (), (), lambda day, state, *_: state["speed"])])


def test_the_streets_own_declarations_hold() -> None:
    check_street(STREET)
    written = [name for stage in STREET for name in stage.writes]
    assert len(written) == len(set(written))
    assert [stage.name for stage in STREET] == [
        "traffic", "service", "conversion", "demand", "inventory", "fulfilment", "reputation", "economics",
    ]  # fmt: skip


@pytest.mark.parametrize("stage", STREET, ids=lambda stage: stage.name)
def test_a_stage_writes_only_what_it_declares(stage: Stage) -> None:
    names = [*RECORDED, *CARRIED, *CHANNEL, *SKU]
    touched: set[str] = set()

    def watched(day: int, state: Any, params: Any, first: int, seed: int) -> None:
        before = {name: np.array(state[name]) for name in names}
        stage.step(day, state, params, first, seed)
        touched.update(name for name in names if before[name].tobytes() != np.array(state[name]).tobytes())

    street = [dataclasses.replace(one, step=watched) if one is stage else one for one in STREET]
    run(shop(20), horizon_of(12, "2026-11-06"), stages=street, detail=True)
    assert touched and touched <= set(stage.writes)


def test_an_own_answer_curve_is_used(store: Store) -> None:
    slow = dataclasses.replace(
        store, teams={n: dataclasses.replace(t, headcount=3.0) for n, t in store.teams.items()}
    )
    curve = AnswerCurve(floor=0.4, decay_s=90.0)
    stored = dataclasses.replace(slow, service=dataclasses.replace(slow.service, answer_curve=curve))

    def same(seconds: Any) -> Any:
        return 0.4 + 0.6 * np.exp(-seconds / 90.0)

    by_store, by_function, plain = (
        run(stored, DATES), run(slow, DATES, curves={"answer": same}), run(slow, DATES)
    )  # fmt: skip
    assert daily(plain, "first_response_time_s").max() > 30
    demand = [daily(x, "demand").sum() for x in (by_store, by_function, plain)]
    assert demand[1] == pytest.approx(demand[0], rel=2e-3)
    assert abs(demand[2] / demand[0] - 1) > 5e-3


def steps(seconds: float) -> float:
    """A curve that answers one time at a time."""
    return 1.0 if seconds < 3.0 else 0.5


def test_a_curve_may_be_written_for_one_time() -> None:
    found = run(lone(), horizon_of(1), curves={"answer": steps})
    same = run(lone(), horizon_of(1), curves={"answer": lambda s: np.where(s < 3.0, 1.0, 0.5)})
    assert not differing(found.arrays["baseline"], same.arrays["baseline"])


def test_own_stages_run_in_the_order_given() -> None:
    order: list[str] = []

    def calls(name: str) -> Stage:
        return Stage(name, ("stock",), (), lambda *_: order.append(name))

    run(lone(), horizon_of(1), stages=[calls("one"), calls("two")])
    assert order == ["one", "two"]


def test_an_own_stage_sees_what_an_earlier_one_wrote() -> None:
    seen: list[float] = []
    look = Stage(
        "look", ("visitors", "gmv"), (), lambda d, state, *_: seen.append(float(state["visitors"].sum()))
    )
    study = run(lone(visitors=10_000.0), horizon_of(6), stages=[HYPE, look])
    assert seen == daily(study, "visitors").sum(axis=0).tolist()


@pytest.mark.parametrize("curve", [lambda s: -s, lambda s: np.nan * s, lambda s: 1 / 0, lambda s: "fast"])
def test_a_curve_that_makes_no_sense_is_refused(curve: Any) -> None:
    with pytest.raises(EcomsimError, match="curve"):
        run(lone(), horizon_of(1), curves={"answer": curve})


def test_an_unknown_curve_is_refused_naming_the_known_one() -> None:
    with pytest.raises(EcomsimError, match=r"anwser.*answer"):
        run(lone(), horizon_of(1), curves={"anwser": lambda s: s})
