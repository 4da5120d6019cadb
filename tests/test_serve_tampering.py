"""Widget messages no page of ours would send, over a real socket to a served planner: the model holds."""

from __future__ import annotations

import http.client
import json
import re
import struct
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from .browser.kit import App, private_shop, start

websocket = pytest.importorskip("websocket", reason="websocket-client is not installed")
pytest.importorskip("voila", reason="voila is not installed")


class Wire:
    """A kernel's socket, spoken by hand: widget states come in, whatever one likes goes out."""

    def __init__(self, app: App) -> None:
        line = http.client.HTTPConnection("127.0.0.1", app.port, timeout=300)
        line.request("GET", "/voila/render/planner.ipynb")
        found = re.search(r'"kernelId": "([0-9a-f-]{36})"', line.getresponse().read().decode())
        assert found
        url = f"ws://127.0.0.1:{app.port}/api/kernels/{found.group(1)}/channels"
        self.socket = websocket.create_connection(url, timeout=120, origin=app.base)
        self.control = uuid.uuid4().hex
        opening = {"comm_id": self.control, "target_name": "jupyter.widget.control", "data": {}}
        self.send("comm_open", opening, {"version": "1.0.0"})

    def send(
        self, kind: str, content: Mapping[str, Any], metadata: Mapping[str, Any] | None = None
    ) -> list[Any]:
        """Send a message; return what came until the kernel was done with it."""
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": kind,
            "username": "x",
            "session": "x",
            "version": "5.3",
        }
        parts = {"header": header, "parent_header": {}, "metadata": metadata or {}, "content": dict(content)}
        self.socket.send(json.dumps({**parts, "channel": "shell", "buffers": []}))
        came = []
        while True:
            raw = self.socket.recv()
            one = json.loads(_first_part(raw) if isinstance(raw, bytes) else raw)
            if one["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            if one["header"]["msg_type"] == "status" and one["content"]["execution_state"] == "idle":
                return came
            came.append(one)

    def states(self) -> dict[str, dict[str, Any]]:
        """Return the state of every widget by its id, as a page that reconnects gets it."""
        came = self.send("comm_msg", {"comm_id": self.control, "data": {"method": "request_states"}})
        told = [one["content"]["data"] for one in came if one["header"]["msg_type"] == "comm_msg"]
        (states,) = [data["states"] for data in told if data.get("method") == "update_states"]
        return {id: one["state"] for id, one in states.items()}

    def find(self, **traits: Any) -> str:
        """Return the id of the widget with these traits; a value ending in ~ is how it begins."""
        hits = [
            id
            for id, state in self.states().items()
            if all(
                str(state.get(k, "")).startswith(v[:-1]) if str(v).endswith("~") else state.get(k) == v
                for k, v in traits.items()
            )
        ]
        assert len(hits) == 1, (traits, len(hits))
        return hits[0]

    def set(self, id: str, **state: Any) -> dict[str, Any]:
        """Set traits as a browser would; return the widget's state afterwards."""
        self.send(
            "comm_msg", {"comm_id": id, "data": {"method": "update", "state": state, "buffer_paths": []}}
        )
        return self.states()[id]

    def click(self, id: str) -> None:
        self.send("comm_msg", {"comm_id": id, "data": {"method": "custom", "content": {"event": "click"}}})

    def told(self) -> str:
        """Return the message on top of the page, if there is one."""
        states = self.states()
        (box,) = [one for one in states.values() if "es-messages" in one.get("_dom_classes", ())]
        shown = [states[child.removeprefix("IPY_MODEL_")] for child in box["children"]]
        return " ".join(str(one.get("value", "")) for one in shown)

    def cards(self) -> str:
        return next(
            str(s["value"]) for s in self.states().values() if '"es-cards"' in str(s.get("value", ""))
        )


def _first_part(raw: bytes) -> bytes:
    """Return the JSON of a message that came with buffers."""
    count = struct.unpack(">I", raw[:4])[0]
    begins = [*struct.unpack(f">{count}I", raw[4 : 4 * count + 4]), len(raw)]
    return raw[begins[0] : begins[1]]


@pytest.fixture(scope="module")
def shop(flagship: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return private_shop(flagship, tmp_path_factory.mktemp("tampering") / "shop")


@pytest.fixture(scope="module")
def wire(shop: Path) -> Iterator[Wire]:
    app = start(shop, "--pool", "0")
    made = Wire(app)
    yield made
    made.socket.close()
    assert app.stop() == []


def test_a_slider_pushed_out_of_its_bounds_stands_at_them(wire: Wire) -> None:
    slider = wire.find(description="Search ads: spend a day~")
    before = wire.states()[slider]
    pushed = wire.set(slider, max=1e9, value=1e8)
    assert pushed["value"] == pushed["max"] == before["max"]
    pushed = wire.set(slider, min=-1e9, value=-1e8)
    assert pushed["value"] == pushed["min"] == before["min"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1], {"a": 1}, None, "<b>", "9" * 5000])
def test_what_is_no_number_leaves_the_slider_in_its_bounds(wire: Wire, value: object) -> None:
    slider = wire.find(description="Search ads: spend a day~")
    after = wire.set(slider, value=value)
    assert after["min"] <= after["value"] <= after["max"] < 1e7


def test_a_choice_that_is_not_on_the_list_chooses_nothing(wire: Wire) -> None:
    month = wire.find(description="Month")
    assert wire.set(month, index=99)["index"] == 0
    assert wire.set(month, index=-3)["index"] == 0
    wire.set(month, _options_labels=[f"x{i}" for i in range(200)], index=150)
    assert wire.find(answer="November 2026~")


@pytest.mark.parametrize(
    "name", ["../../outside", "..\\outside", "<img src=x onerror=alert(1)>", "=HYPERLINK(1)"]
)
def test_a_name_that_leads_elsewhere_or_runs_is_refused_and_shown_as_text(
    wire: Wire, shop: Path, name: str
) -> None:
    field = wire.find(placeholder="e.g. bigger Double 11")
    wire.set(field, value=name)
    wire.click(wire.find(description="Save", button_style="primary"))
    told = wire.told()
    assert re.search("scenario.name", told) and "<img" not in told
    assert not list(shop.parent.rglob("*outside*")) and not list(shop.glob("scenarios/*"))


def test_targets_days_and_languages_nobody_knows_are_refused(wire: Wire) -> None:
    target = wire.find(placeholder="e.g. 4.6m")
    before = wire.states()[target]["value"]
    for value in ("1e99", "-4", "NaN", 5, None):
        assert wire.set(target, value=value)["value"] == before
    assert wire.set(wire.find(question="~", name="planner"), language="fr")["language"] == "en"


def test_after_all_that_the_planner_still_plans(wire: Wire) -> None:
    slider = wire.find(description="Search ads: spend a day~")
    before = wire.states()[slider]
    wire.set(slider, value=before["min"])
    first = wire.cards()
    wire.set(slider, value=before["max"])
    end = time.monotonic() + 120
    while wire.cards() == first and time.monotonic() < end:
        time.sleep(0.05)
    assert wire.cards() != first and not wire.told()
