"""A served app, a browser that tells on foreign requests and console errors, pictures, axe."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "build" / "screenshots"
ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
)  # fmt: skip
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def find_chromium() -> str | None:
    """The Chromium of the system; nothing is ever downloaded."""
    return next(
        (p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None
    )


def private_shop(flagship: Path, home: Path) -> Path:
    """Return a copy of the sample store's workbook at `home`, which may be written to."""
    from ecomsim.opening import open_workbook

    shutil.copytree(open_workbook(flagship).path, home)
    return home


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass
class App:
    """A running `ecomsim dashboard`."""

    process: subprocess.Popen[str]
    port: int
    workbook: Path
    token: str = ""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, name: str = "index") -> str:
        return f"{self.base}/voila/render/{name}.ipynb" + (f"?token={self.token}" if self.token else "")

    def kernels(self) -> list[int]:
        """Process ids of the kernels below the server, wherever they were forked."""
        return [pid for pid in descendants(self.process.pid) if is_kernel(pid)]

    def stop(self, how: int = signal.SIGTERM, wait_s: float = 20) -> list[int]:
        """Stop the server; return what is still alive of all its descendants."""
        below = descendants(self.process.pid)
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(wait_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
        end = time.monotonic() + 5
        while time.monotonic() < end and any(alive(pid) for pid in below):
            time.sleep(0.1)
        return [pid for pid in below if alive(pid)]


def start(
    workbook: Path, *options: str, token: str = "", log: Path | None = None, wait_s: float = 600
) -> App:
    """Start the server on a free port and wait until it answers."""
    port = free_port()
    command = [sys.executable, "-c", "from ecomsim.cli import main; main()", "dashboard", str(workbook)]
    command += ["--port", str(port), *options, *(["--token", token] if token else [])]
    out: Any = log.open("w") if log else subprocess.DEVNULL
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, text=True)
    app = App(process, port, workbook, token)
    end = time.monotonic() + wait_s
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(
                f"the server ended with {process.returncode}: {log.read_text() if log else ''}"
            )
        try:
            urllib.request.urlopen(f"{app.base}/nowhere", timeout=5)
            return app
        except urllib.error.HTTPError:
            return app
        except OSError:
            time.sleep(0.1)
    app.stop()
    raise RuntimeError("the server did not answer")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(word) for word in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *descendants(child)]
    return found


def is_kernel(pid: int) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/comm").read_bytes()
    except OSError:
        return False
    return alive(pid) and (b"ipykernel" in words or b"ecomsim-kernel" in words)


@dataclass
class Watch:
    """What a page asked of other hosts and complained of; both must stay empty."""

    host: str
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def follow(self, page: Any) -> None:
        page.on("request", lambda r: self._asked(r.url))
        page.on("websocket", lambda w: self._asked(w.url))
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda fault: self.errors.append(str(fault)))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != self.host:
            self.foreign.append(url)


def shown(page: Any, url: str, *, language: str = "", wait_ms: int = 300_000) -> float:
    """Open a dashboard; return the seconds until its header stands and the skeleton is gone."""
    if language:
        page.add_init_script(f"localStorage.setItem('ecomsim-language', '{language}')")
    begin = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(".es-head", timeout=wait_ms)
    page.wait_for_selector("#es-loading", state="detached", timeout=wait_ms)
    return time.perf_counter() - begin


def picture(page: Any, name: str) -> Path:
    """Keep a picture of the whole page below build/screenshots."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=str(path), full_page=True)
    return path


def grave(page: Any) -> list[str]:
    """Serious and critical findings of axe-core, each with where it is."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{fault['impact']}: {fault['id']} at {[node['target'] for node in fault['nodes']][:4]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


def scrolls_sideways(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def tab_stops(page: Any, count: int) -> Sequence[str]:
    """What gets the focus on `count` presses of Tab, by its text or label."""
    stops = []
    for _ in range(count):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                "(() => { const e = document.activeElement; return e.getAttribute('aria-label') || e.title || "
                "e.textContent.trim() || e.tagName })()"
            )
        )
    return stops
