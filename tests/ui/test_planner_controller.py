"""The planner's dashboard without a browser: levers, shelf, language, downloads, faults that show."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from ecomsim.ui import controller
from ecomsim.ui.actions import Actions
from ecomsim.ui.controller import Planner
from ecomsim.ui.levers import Group
from tests.ui.planner_shop import opened


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Planner:
    monkeypatch.setattr(controller, "open_calibrated", lambda path: opened(tmp_path / "book"))
    made = Planner([tmp_path / "book"])
    settle(made)
    return made


def settle(plan: Planner, seconds: float = 300.0) -> None:
    end = time.monotonic() + seconds
    while plan.refiner.busy and time.monotonic() < end:
        time.sleep(0.005)
    assert not plan.refiner.busy


def message(plan: Planner) -> str:
    return " ".join(one.value for one in plan.page.messages.children if hasattr(one, "value"))


def act(plan: Planner) -> Actions:
    return Actions(plan)


def test_the_page_opens_with_numbers_of_a_thousand_runs(plan: Planner) -> None:
    assert plan.page.masthead.answer.startswith("November 2026")
    assert "1,000" in plan.board.status.value
    assert plan.board.cards.value.count("es-card") == 7  # the list and six cards
    assert "At the foot" in plan.board._stock_title.value or "No product" in plan.board._stock_title.value
    assert plan.board.stock._widget.option["series"] and plan.board.service._widget.option["series"]
    assert not message(plan)


def test_a_lever_moves_the_numbers_and_back(plan: Planner) -> None:
    before = plan.board.cards.value
    act(plan).move("spend:paid_search", 2000.0)
    settle(plan)
    assert plan.board.cards.value != before and "better in" in plan.board.cards.value
    assert len(plan.board.fan._widget.option["series"]) > 4
    act(plan).reset()
    settle(plan)
    assert plan.board.cards.value == before


def test_what_a_simulation_warns_of_is_shown_with_its_plan_and_goes_with_it(plan: Planner) -> None:
    assert plan.board.warned.value == ""
    act(plan).announce("again", "d11", "2026-11-10", "2026-11-12", 0.1)
    settle(plan)
    assert "es-told" in plan.board.warned.value and "overlaps" in plan.board.warned.value
    act(plan).reset()
    settle(plan)
    assert plan.board.warned.value == ""


@pytest.mark.parametrize("value", [float("nan"), "1e9", None, [], "<b>"])
def test_a_tampered_value_shows_an_error_and_changes_nothing(plan: Planner, value: object) -> None:
    state = plan.state
    act(plan).move("spend:paid_search", value)
    assert plan.state == state and "es-error" in message(plan) and "<b>" not in message(plan)
    act(plan).move("spend:paid_search", 1500.0)
    settle(plan)
    assert not message(plan), "the next success takes the message away"


def test_a_slider_whose_bounds_were_moved_is_put_back(plan: Planner) -> None:
    view = plan.panel._views["spend:paid_search"]
    view.control.max = 1e9
    view.control.value = 1e8
    assert plan.state.values["spend:paid_search"] == view.lever.high
    assert view.control.value == view.control.max == view.lever.high


def test_every_group_opens_with_its_levers(plan: Planner) -> None:
    for group, fold in plan.panel._folds.items():
        if not fold.is_open:
            fold.button.click()
        assert fold.body.children, group
    assert not message(plan)


def rows(plan: Planner) -> list[str]:
    """Texts of the changes of some days and of the further changes."""
    view = plan.panel._dated
    boxes = [*view._fold.body.children, *view._others.children]
    return [one.children[0].value for one in boxes if "es-row" in one._dom_classes]


def pressed(plan: Planner, label: str) -> None:
    """Press a button of the form of changes of some days."""
    (ways,) = [one for one in plan.panel._dated._fold.body.children if "es-ways" in one._dom_classes]
    (button,) = [one for one in ways.children if one.description == label]
    button.click()


def test_a_lever_is_moved_on_some_days_edited_and_taken_back_from_the_page(plan: Planner) -> None:
    before, view = plan.board.cards.value, plan.panel._dated
    view._fold.button.click()
    pressed(plan, "Add the change")  # what the form proposes: the first lever, 20 %, the month's first week
    assert rows(plan) == ["<span>Visitors from Free search +20 % from 1 to 7 November</span>"]
    settle(plan)
    assert plan.board.cards.value != before
    view._fold.body.children[0].children[1].click()
    value = view._fold.body.children[3].children[0]
    assert value.description == "Change, %" and value.value == 20.0
    value.value = -30.0
    pressed(plan, "Save the change")
    assert rows(plan) == ["<span>Visitors from Free search −30 % from 1 to 7 November</span>"]
    plan.page.language.code = "zh"
    assert rows(plan) == ["<span>免费搜索访客 −30 %，11月1日至7日</span>"]
    view = plan.panel._dated
    view._fold.body.children[0].children[2].click()
    settle(plan)
    assert rows(plan) == [] and not plan.state.changed and not message(plan)


def test_a_loaded_scenario_shows_its_dated_and_other_changes_in_words(plan: Planner) -> None:
    folder = plan.workbooks[0] / "scenarios"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "given.yaml").write_text(
        "changes:\n- {scale: channels.paid_search.spend, by: 1.5, start: 2026-11-05, end: 2026-11-11}\n"
        "- {set: costs.freight, to: 7.0}\n- {remove: promotions.old}\n",
        encoding="utf-8",
    )
    act(plan).load("given")
    told = rows(plan)
    assert told[0] == "<span>Spend on Search ads +50 % from 5 to 11 November</span>"
    assert told[1:] == ["<span>costs: freight a parcel at 7</span>", "<span>Taken out: promotions old</span>"]
    plan.page.language.code = "zh"
    assert rows(plan)[1:] == ["<span>成本：每件运费为 7</span>", "<span>移除：活动old</span>"]


def test_a_fault_in_opening_a_group_shows(plan: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    fold = plan.panel._folds[Group.SERVICE]
    monkeypatch.setattr(fold, "_build", lambda: 1 / 0)
    fold.button.click()
    assert "es-error" in message(plan)


def test_a_fault_of_the_simulation_shows_with_its_remedy(plan: Planner) -> None:
    act(plan).announce("mine", "d11", "2026-11-10", "2026-11-20", 0.1)
    act(plan).move("start:d11", 0.0)
    act(plan).move("end:d11", 0.0)
    settle(plan)
    act(plan).move("coupon_off:d11", 60.0)
    act(plan).move("coupon_threshold:d11", 20.0)
    settle(plan)
    assert "es-error" in message(plan) and "threshold" in message(plan)


def test_a_plan_is_saved_loaded_copied_compared_and_deleted(plan: Planner, tmp_path: Path) -> None:
    act(plan).move("spend:paid_search", 1500.0)
    act(plan).save("more ads 推广", "<script>alert(1)</script>")
    act(plan).reset()
    assert list(plan.at.shelf) == ["more ads 推广"] and not plan.state.changed
    act(plan).load("more ads 推广")
    assert plan.state.values == {"spend:paid_search": pytest.approx(1500.0)}
    act(plan).duplicate("more ads 推广")
    assert len(plan.at.shelf) == 2
    act(plan).move("rate:affiliate", 0.2)
    act(plan).compare(list(plan.at.shelf))
    settle(plan)
    assert len(plan.board.fan._widget.option["series"]) == 1 + 3 * 4
    act(plan).delete("more ads 推广")
    settle(plan)
    assert len(plan.at.shelf) == 1 and len(plan.state.compared) == 1
    assert not message(plan)


@pytest.mark.parametrize("name", ["../x", "", "a/b", "con", "baseline", "x" * 300, "=HYPERLINK(1)", None, 3])
def test_a_name_that_leads_elsewhere_is_refused(plan: Planner, name: object, tmp_path: Path) -> None:
    act(plan).move("spend:paid_search", 1500.0)
    act(plan).save(name, "")
    assert "es-error" in message(plan) and len(plan.at.shelf) == 0
    for verb in (act(plan).load, act(plan).delete, act(plan).duplicate):
        verb(str(name))
        assert "es-error" in message(plan)


def test_a_saved_file_somebody_broke_is_told(plan: Planner, tmp_path: Path) -> None:
    folder = tmp_path / "book" / "scenarios"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "broken.yaml").write_text("changes: [{scale: nothing.here}]", encoding="utf-8")
    act(plan).load("broken")
    assert "es-error" in message(plan) and "broken.yaml" in message(plan)


def test_the_language_changes_everything_but_the_state(plan: Planner) -> None:
    act(plan).move("spend:paid_search", 1500.0)
    settle(plan)
    state = plan.state
    plan.page.language.code = "zh"
    settle(plan)
    assert plan.page.masthead.answer.startswith("2026年11月")
    assert plan.state.values == state.values and "支付金额" in plan.board.cards.value
    assert plan.panel._views["spend:paid_search"].control.value == pytest.approx(1500.0)
    plan.page.language.code = "en"
    settle(plan)
    assert plan.state == state


def test_the_target_is_shown_as_people_write_it_and_nonsense_is_refused(plan: Planner) -> None:
    field = plan.head.target
    assert field.value == "1,500,000"
    field.value = "1.2m"
    assert plan.state.goal == 1.2e6 and field.value == "1,200,000" and not message(plan)
    field.value = "lots"
    assert plan.state.goal == 1.2e6 and field.value == "1,200,000"
    assert "lots" in message(plan) and "4.6m or 460万" in message(plan) and "Type digits" in message(plan)
    plan.page.language.code = "zh"
    assert plan.head.target.value == "120 万"


def test_another_month_keeps_what_can_be_kept(plan: Planner) -> None:
    act(plan).move("discount:d11", 0.3)
    act(plan).move("prices:*", 0.9)
    act(plan).choose("2026-12")
    settle(plan)
    assert plan.state.month == "2026-12" and plan.state.values == {"prices:*": pytest.approx(0.9)}
    assert "Double 11: discount" in message(plan), "what was left out is told, as it is called on the screen"
    act(plan).choose("1999-01")
    assert "es-error" in message(plan) and plan.state.month == "2026-12"


def test_the_excel_and_the_page_are_handed_over_as_bytes(
    plan: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: dict[str, bytes] = {}
    monkeypatch.setattr(plan.download, "hand_over", lambda name, made, kind: handed.__setitem__(name, made))
    act(plan).move("spend:paid_search", 1500.0)
    act(plan).save("more ads", "=cmd()<script>alert(1)</script>")
    for ending in ("xlsx", "html"):
        act(plan).download(ending)
    end = time.monotonic() + 300
    while len(handed) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    book = openpyxl.load_workbook(io.BytesIO(handed["more ads-2026-11.xlsx"]))
    texts = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    assert not any(isinstance(cell, str) and cell.startswith("=") for cell in texts)
    assert zipfile.is_zipfile(io.BytesIO(handed["more ads-2026-11.xlsx"]))
    page = handed["more ads-2026-11.html"].decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_page_opened_later_shows_what_was_saved_since(plan: Planner) -> None:
    assert "No saved scenario yet" in plan.shelf_view._rows.children[0].value
    other = Planner(plan.workbooks)
    act(other).move("spend:paid_search", 1500.0)
    act(other).save("from elsewhere", "")
    for content in ("shown", {"kind": "other"}, None):
        plan.download._handle_custom_msg(content, [])
        assert "No saved scenario yet" in plan.shelf_view._rows.children[0].value
    plan.download._handle_custom_msg({"kind": "shown"}, [])
    assert plan.shelf_view._rows.children[0].children[0].description == "from elsewhere"


def test_without_a_workbook_the_page_says_what_to_import(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Planner([])
    (state,) = made.page.main.children
    assert "ecomsim import" in state.children[0].value
    made.page.language.code = "zh"
    assert "尚未打开店铺" in made.page.main.children[0].children[0].value


def test_a_workbook_that_cannot_be_read_is_told_with_the_remedy(tmp_path: Path) -> None:
    made = Planner([tmp_path / "nowhere"])
    told = " ".join(one.value for one in made.page.messages.children if hasattr(one, "value"))
    assert "es-error" in told and "nowhere" in told
