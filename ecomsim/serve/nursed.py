"""Kernels that come from the nursery: how the server asks for one, watches it and ends it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from ecomsim.checks import EcomsimError

__all__ = ["NURSED", "Nursed", "Nursery"]

NURSED = "ecomsim-nursery"
"""Name of the provisioner among Jupyter's."""


_READY = b"ready\n"


class Nursery:
    """The process kernels are forked from; started when the server is."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._ours: socket.socket | None = None
        self._ready = False

    @property
    def started(self) -> bool:
        """Whether there is a process to fork."""
        return self._process is not None

    def start(self) -> None:
        """Start the process; it loads while the server goes on."""
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "ecomsim.serve.nursery", str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        self._ours, self._streams = ours, None

    def wait(self, wait_s: float = 300.0) -> None:
        """Wait until it has loaded everything; EcomsimError when it takes longer than `wait_s`."""
        if self._ours is not None:
            self._ours.settimeout(wait_s)
            try:
                self._ready = self._ours.recv(len(_READY)) == _READY
            except TimeoutError:
                raise EcomsimError(
                    "dashboards", f"nothing loaded within {wait_s:.0f} s", "a machine with time to load them",
                    "Start again when it has less to do; the first start after an update takes longest",
                ) from None  # fmt: skip
            self._ours.settimeout(None)

    async def fork(self, command: Sequence[str], env: Mapping[str, str], folder: str) -> int:
        """Return the process id of a new kernel; a nursery that died is replaced."""
        async with self._turn:
            for _ in range(2):
                if self._process is None or self._process.poll() is not None:
                    self.stop()
                    self.start()
                with contextlib.suppress(OSError, ValueError):
                    return await self._ask({"cmd": list(command), "env": dict(env), "cwd": folder})
            raise RuntimeError("the nursery does not answer")

    async def _ask(self, request: Mapping[str, Any]) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection(sock=self._ours)
        reader, writer = self._streams
        if not self._ready:
            self._ready = await reader.readline() == _READY
        writer.write(json.dumps(request).encode() + b"\n")
        await writer.drain()
        return int(await reader.readline())

    def stop(self) -> None:
        """End the process; kernels that are left notice within a second."""
        if self._streams is not None:
            self._streams[1].close()
        elif self._ours is not None:
            self._ours.close()
        self._ours = self._streams = None
        self._ready = False
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(3)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None


class _Grandchild:
    """A kernel as `subprocess.Popen` would show it; the nursery is its parent, so its exit code is unknown."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._born = _birth(pid)

    def poll(self) -> int | None:
        return None if self._born and _birth(self.pid) == self._born else 0

    def wait(self, timeout: float | None = None) -> int:
        end = time.monotonic() + (timeout if timeout is not None else 60.0)
        while self.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        return 0

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class Nursed(LocalProvisioner):
    """Jupyter's local provisioner, with the launch replaced by a fork of the nursery."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork the kernel and return how to connect to it."""
        manager: Any = self.parent
        nursery: Nursery = manager.parent.parent.nursery  # the manager of all kernels, the server
        folder = kwargs.get("cwd") or os.getcwd()
        pid = await nursery.fork(cmd, kwargs.get("env") or os.environ, str(folder))
        self.process = cast(Any, _Grandchild(pid))
        self.pid, self.pgid = pid, None
        return self.connection_info


def _birth(pid: int) -> str:
    """Return when a process was started, in ticks since boot; '' when there is none or only its shell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ""
    return "" if fields[0] in "ZX" else fields[19]
