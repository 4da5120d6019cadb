"""How the server behaves: seats, idle sessions, its end, a busy port; and what an installed package holds."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ecomsim.checks import EcomsimError
from ecomsim.serve.settings import Serving, is_loopback, make_token, require_free_port

from .browser.kit import App, alive, descendants, private_shop, start

pytest.importorskip("voila", reason="voila is not installed")


@pytest.fixture(scope="module")
def shop(flagship: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return private_shop(flagship, tmp_path_factory.mktemp("serving") / "shop")


@pytest.fixture
def running(shop: Path) -> Iterator[Callable[..., App]]:
    """Start servers that are stopped whatever happens."""
    made: list[App] = []

    def make(*options: str) -> App:
        made.append(start(shop, *options))
        return made[-1]

    yield make
    for app in made:
        app.stop()


def status(app: App) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", app.port, timeout=60)
    line.request("GET", "/voila/render/index.ipynb")
    answer = line.getresponse()
    return answer.status, answer.read().decode()


def until(holds: Callable[[], bool], wait_s: float) -> bool:
    end = time.monotonic() + wait_s
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return holds()


def test_seats_are_counted_and_come_free(running: Callable[..., App]) -> None:
    app = running("--seats", "2", "--pool", "0", "--idle", "4")
    assert [status(app)[0] for _ in range(2)] == [200, 200]
    full, text = status(app)
    assert full == 503
    assert "Every seat is taken" in text
    assert "2 people" in text
    # Nobody's page ever connected to these two: they are given up once they have idled.
    assert until(lambda: app.kernels() == [], 30)
    assert status(app)[0] == 200


def test_a_pool_is_refilled_and_never_culled(running: Callable[..., App]) -> None:
    app = running("--pool", "1", "--idle", "2")
    assert until(lambda: len(app.kernels()) >= 1, 30)
    pooled = set(app.kernels())
    time.sleep(6)
    assert pooled <= set(app.kernels())
    assert status(app)[0] == 200
    assert until(lambda: len(set(app.kernels()) - pooled) >= 1, 30)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_no_process(running: Callable[..., App], how: int) -> None:
    app = running("--pool", "1")
    assert status(app)[0] == 200
    assert app.kernels()
    assert app.stop(how) == []
    assert app.process.returncode in (0, 130)


def test_kernels_end_with_a_server_that_is_killed(running: Callable[..., App]) -> None:
    app = running("--pool", "1")
    assert status(app)[0] == 200
    below = descendants(app.process.pid)
    assert below
    app.process.kill()
    assert until(lambda: not any(alive(pid) for pid in below), 15)


def test_a_busy_port_names_the_next_free_one() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            EcomsimError, match=rf"--port: got {port}, which another program uses.*--port {port + 1}"
        ):
            require_free_port("127.0.0.1", port)
    require_free_port("127.0.0.1", port)


def test_a_busy_port_is_told_at_once(shop: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        command = [sys.executable, "-c", "from ecomsim.cli import main; main()", "dashboard", str(shop)]
        done = subprocess.run(
            [*command, "--port", str(other.getsockname()[1])], capture_output=True, text=True, timeout=60,
            env={**os.environ}, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "which another program uses" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"host": "0.0.0.0"}, "--host: got 0.0.0.0 without a token"),
        ({"host": "::"}, "without a token"),
        ({"host": "192.168.1.5"}, "without a token"),
        ({"token": "short"}, "--token: got 5 characters"),
        ({"token": "spaces are not allowed here"}, "--token"),
        ({"port": 0}, "--port"),
        ({"port": 70_000}, "--port"),
        ({"pool": -1}, "--pool"),
        ({"seats": 0}, "--seats"),
        ({"idle_s": 0}, "idle_s"),
    ],
)
def test_bad_settings_are_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises(EcomsimError) as told:
        Serving(Path("shop"), **given)  # type: ignore[arg-type]
    assert says in str(told.value)


def test_a_token_opens_other_hosts() -> None:
    assert Serving(Path("shop"), host="0.0.0.0", token=make_token()).token
    assert make_token() != make_token()
    assert is_loopback("127.8.9.1")
    assert not is_loopback("example.org")


@pytest.mark.slow
def test_the_wheel_holds_dashboards_and_template(root: Path, tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=root, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "ecomsim/serve/dashboards/index.ipynb" in names
    template = "ecomsim/ui/web/voila/templates/ecomsim/"
    assert {template + name for name in ("index.html.j2", "static/shell.js", "static/shell.css")} <= names
