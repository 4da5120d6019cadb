"""A study on disk and in xarray: all back to the bit, with its labels; SQL that reaches nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest

from ecomsim.calendar import Horizon
from ecomsim.checks import EcomsimError
from ecomsim.scenario import Scale, Scenario, baseline, parse_scenario
from ecomsim.store import Channel, Product, Provenance, Store
from ecomsim.study import Study, Tally, store_hash

SHOP = Store(
    "shop",
    {"live": Channel("live", 10.0, 0.02, 0.1)},
    {"A": Product("A", 9.0, 5.0), "B": Product("B", 9.0, 5.0)},
)
DAYS = Horizon("2026-11-01", "2026-11-30")
PUSH = Scenario("双11", [Scale("channels.live.base", 1.5)], note="more")
RUNS = 40


def arrays(seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    days = len(DAYS)
    made = {
        "visitors": rng.poisson(500, (RUNS, days)), "gmv": rng.normal(4000, 300, (RUNS, days)),
        "gmv_by_channel": rng.random((RUNS, 1)), "visitors_by_channel_day": rng.random((days, 1)),
        "units_by_sku": rng.poisson(40, (RUNS, 2)), "on_hand_by_sku_day": rng.random((days, 2)),
        "contacts_by_slot": rng.random((days, 3)),
    }  # fmt: skip
    return {name: np.asarray(value, np.float32) for name, value in made.items()}


RAW = {"baseline": arrays(1), "双11": arrays(2)}
STUDY = Study.build(
    RAW, dates=DAYS, store=SHOP, seed=7, scenarios=[baseline, PUSH], channels=SHOP.channels, skus=SHOP.skus,
    slots=["00:00", "00:30", "01:00"], first=64,
)  # fmt: skip


def same(one: Study, two: Study) -> bool:
    return one.origin == two.origin and all(
        np.array_equal(one.array(name, scenario), two.array(name, scenario))
        for scenario in two.scenarios
        for name in two.variables
    )


def test_a_saved_study_comes_back_to_the_bit(tmp_path: Path) -> None:
    saved = STUDY.save(tmp_path / "made" / "run 1")
    again = Study.load(tmp_path / "made" / "run 1")
    assert same(again, STUDY)
    assert again.folder == saved.folder
    assert parse_scenario(again.origin.scenarios["双11"]) == PUSH
    assert sorted(f.name for f in (tmp_path / "made").iterdir()) == ["run 1"]


def test_the_files_carry_their_labels_for_any_reader(tmp_path: Path) -> None:
    STUDY.save(tmp_path / "s")
    file = tmp_path / "s" / "daily.parquet"
    meta = json.loads(pq.read_schema(file).metadata[b"ecomsim.study"])
    assert (meta["seed"], meta["first"], meta["replications"]) == (7, 64, RUNS)
    assert meta["store_hash"] == store_hash(SHOP)
    assert {str(f.type) for f in pq.read_schema(file) if f.name in ("gmv", "visitors")} == {"float"}
    assert pq.ParquetFile(file).metadata.row_group(0).column(3).compression == "ZSTD"
    got = duckdb.sql(
        f"select replication, sum(gmv) from '{file}' where scenario = '双11' group by 1 order by 1"
    ).fetchnumpy()
    np.testing.assert_allclose(list(got.values())[1], RAW["双11"]["gmv"].sum(1, dtype=float))
    assert list(got["replication"]) == list(range(64, 64 + RUNS))


def test_a_study_saved_again_replaces_the_old_one(tmp_path: Path) -> None:
    STUDY.save(tmp_path / "s")
    only = Study.build({"baseline": {"gmv": RAW["baseline"]["gmv"]}}, dates=DAYS, store=SHOP, seed=8)
    only.save(tmp_path / "s")
    assert same(Study.load(tmp_path / "s"), only)
    assert [f.name for f in tmp_path.iterdir()] == ["s"]


def test_nothing_of_the_users_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.txt").write_text("mine")
    (tmp_path / "b").write_text("mine")
    for name in ("photos", "b"):
        with pytest.raises(EcomsimError, match="Choose another"):
            STUDY.save(tmp_path / name)
    assert (tmp_path / "photos" / "a.txt").read_text() == (tmp_path / "b").read_text() == "mine"


def test_files_that_are_no_study_are_explained(tmp_path: Path) -> None:
    with pytest.raises(EcomsimError, match=r"no daily\.parquet"):
        Study.load(tmp_path / "none")
    STUDY.save(tmp_path / "s")
    daily = tmp_path / "s" / "daily.parquet"
    whole = daily.read_bytes()
    daily.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(EcomsimError, match="damaged"):
        Study.load(tmp_path / "s")
    table = pq.read_table(tmp_path / "s" / "by_channel.parquet")
    pq.write_table(table.replace_schema_metadata({}), daily)
    with pytest.raises(EcomsimError, match="no study labels"):
        Study.load(tmp_path / "s")
    meta = json.loads(table.schema.metadata[b"ecomsim.study"])
    for change, says in (
        ({"format": 99}, "Update ecomsim"),
        ({"replications": 41}, "every scenario, complete"),
    ):
        pq.write_table(
            table.replace_schema_metadata({"ecomsim.study": json.dumps({**meta, **change})}), daily
        )
        with pytest.raises(EcomsimError, match=says):
            Study.load(tmp_path / "s")
    del meta["seed"]
    pq.write_table(table.replace_schema_metadata({"ecomsim.study": json.dumps(meta)}), daily)
    with pytest.raises(EcomsimError, match="no seed"):
        Study.load(tmp_path / "s")


def test_sql_answers_from_memory_and_from_disk_alike(tmp_path: Path) -> None:
    sql = "select scenario, date, avg(visitors) as v, count(*) as n from daily group by all order by all"
    memory, disk = STUDY.query(sql), STUDY.save(tmp_path / "it's").query(sql)
    assert memory.equals(disk)
    np.testing.assert_allclose(memory["v"][:30], RAW["baseline"]["visitors"].mean(0), rtol=1e-6)
    assert (memory["n"] == RUNS).all()
    got = STUDY.query(
        "select sku, sum(units_by_sku) u from by_sku where scenario = 'baseline' group by 1 order by 1"
    )
    assert got["u"].tolist() == RAW["baseline"]["units_by_sku"].sum(0).tolist()
    for table in ("by_channel", "by_channel_day", "by_sku_day", "by_slot"):
        assert STUDY.query(f"select count(*) as n from {table}")["n"][0] > 0


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("select nothing from daily", "nothing"),
        ("selec 1", "syntax"),
        ("select * from weekly", "Allowed: SQL over daily, by_channel"),
        ("copy daily to '{folder}/out.csv'", "Permission"),
        ("select * from read_text('{folder}/secret')", "Permission"),
        ("attach '{folder}/x.db'", "Permission|disabled"),
        ("set enable_external_access = true", "locked|enable_external_access"),
    ],
)
def test_sql_that_fails_or_reaches_out_is_refused(tmp_path: Path, sql: str, says: str) -> None:
    (tmp_path / "secret").write_text("x")
    for one in (STUDY, STUDY.save(tmp_path / "s")):
        with pytest.raises(EcomsimError, match=says):
            one.query(sql.format(folder=tmp_path))
    assert not (tmp_path / "out.csv").exists()


def test_the_dataset_has_names_units_and_origin() -> None:
    data = STUDY.data
    assert dict(data.sizes) == {
        "scenario": 2, "replication": RUNS, "date": 30, "channel": 1, "sku": 2, "slot": 3
    }  # fmt: skip
    np.testing.assert_array_equal(
        data["gmv"].sel(scenario="双11", date="2026-11-11"), RAW["双11"]["gmv"][:, 10]
    )
    assert data["gmv"].attrs["units"] == "CNY"
    assert data["visitors"].attrs["long_name_zh"] == "访客数"
    assert data["gmv_by_channel"].dims == ("scenario", "replication", "channel")
    assert list(data["replication"].values[[0, -1]]) == [64, 64 + RUNS - 1]
    assert data.attrs["seed"] == 7
    assert "channels.live.base" in json.loads(data.attrs["scenarios"])["双11"]


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda a: {}, "at least one"),
        (lambda a: {"x": {"gmv": a["gmv"][:, :9]}}, r"shape \(40, 9\)"),
        (lambda a: {"x": {"gmv": a["gmv"]}, "y": {}}, "the same in each"),
        (lambda a: {"x": {"gmv": a["gmv"], "visitors": a["gmv"][:3]}}, "one number of replications"),
        (lambda a: {"x": {"gmw": a["gmv"]}}, "Did you mean 'gmv'"),
        (lambda a: {"x": a}, "channel"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(make, says: str) -> None:
    with pytest.raises(EcomsimError, match=says):
        Study.build(make(RAW["baseline"]), dates=DAYS, store=SHOP, seed=1)


def test_the_stores_hash_is_of_what_moves_a_simulation() -> None:
    told = SHOP.replace(provenance={"channels": Provenance("given")})
    assert store_hash(told) == store_hash(SHOP)
    moved = Scenario("x", [Scale("products.A.price", 1.0000001)]).apply(SHOP)
    reordered = SHOP.replace(products=dict(reversed(list(SHOP.products.items()))))
    assert len({store_hash(s) for s in (SHOP, moved, reordered)}) == 3
    code = (
        "from ecomsim.store import *; from ecomsim.study import store_hash; print(store_hash(Store('shop', "
    )
    code += "{'live': Channel('live', 10.0, 0.02, 0.1)}, {k: Product(k, 9.0, 5.0) for k in 'AB'})))"
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "5"}
    )
    assert told.stdout.strip() == store_hash(SHOP)


def test_a_tally_of_batches_says_what_the_whole_study_says() -> None:
    cuts = [slice(0, 9), slice(9, 30), slice(30, RUNS)]

    def batch(cut: slice, first: int) -> Study:
        some = {k: {"gmv": v["gmv"][cut], "visitors": v["visitors"][cut]} for k, v in RAW.items()}
        return Study.build(some, dates=DAYS, store=SHOP, seed=7, scenarios=[baseline, PUSH], first=first)

    whole = batch(slice(0, RUNS), 0)
    tally = Tally.of(batch(cut, cut.start) for cut in cuts)
    assert tally.summary().equals(whole.summary())
    assert tally.against("baseline").equals(whole.against("baseline"))
    mean, sd = tally.daily("gmv", "双11")
    np.testing.assert_allclose(mean, RAW["双11"]["gmv"].mean(0, dtype=float), rtol=1e-12)
    np.testing.assert_allclose(sd, RAW["双11"]["gmv"].astype(float).std(0, ddof=1), rtol=1e-9)
    for wrong in (batch(cuts[0], 0), batch(cuts[0], RUNS + 1)):
        with pytest.raises(EcomsimError, match=f"the next from {RUNS}"):
            tally.add(wrong)
    with pytest.raises(EcomsimError, match="no studies"):
        Tally().summary()
