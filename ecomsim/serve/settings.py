"""What a server is told: where the data are, who may come, how many at once."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from ecomsim.checks import EcomsimError, require_number

__all__ = ["Serving", "is_loopback", "make_token", "require_free_port", "warming"]

_KERNEL_MB = 220
_TOKEN = re.compile(r"[A-Za-z0-9_\-.~]{16,128}")


@dataclass(frozen=True)
class Serving:
    """How the dashboards are served.

    Attributes
    ----------
    workbook : the planner's folder every session works on
    host : address to listen on; any but a loopback address needs a token
    port : TCP port
    token : the secret a browser must bring once; empty for none
    pool : warm kernels kept ready for each dashboard
    seats : sessions at once; the next visitor sees a friendly page
    idle_s : seconds a session without an open page is kept
    check_s : seconds between looks for such sessions
    quiet_s : seconds nobody must have come for before the next warm kernel is made

    Examples
    --------
    >>> Serving(Path("workbook"), host="0.0.0.0")
    Traceback (most recent call last):
    ecomsim.checks.EcomsimError: --host: got 0.0.0.0 without a token. Allowed: ...
    """

    workbook: Path
    host: str = "127.0.0.1"
    port: int = 8866
    token: str = ""
    pool: int = 1
    seats: int = 12
    idle_s: int = 300
    check_s: int = 30
    quiet_s: float = 6.0

    def __post_init__(self) -> None:
        require_number(self.port, "--port", low=1, high=65535)
        require_number(self.pool, "--pool", low=0, high=64)
        require_number(self.seats, "--seats", low=1, high=1000)
        require_number(self.idle_s, "idle_s", low=1)
        require_number(self.check_s, "check_s", low=1)
        require_number(self.quiet_s, "quiet_s", low=0)
        if self.token and not _TOKEN.fullmatch(self.token):
            allowed = "16 to 128 letters, digits, '-', '_', '.' or '~'"
            raise EcomsimError(
                "--token", f"{len(self.token)} characters", allowed, "Leave it out: one is made"
            )
        if not self.token and not is_loopback(self.host):
            raise EcomsimError(
                "--host", f"{self.host} without a token", "127.0.0.1, or another address with --token",
                "Others could open your store's numbers",
            )  # fmt: skip

    @property
    def url(self) -> str:
        """The address to open in a browser, without the token."""
        shown = socket.gethostname() if self.host in ("", "0.0.0.0", "::") else self.host
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{self.port}/"


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach `host`.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def make_token() -> str:
    """Return a secret nobody can guess."""
    return secrets.token_urlsafe(24)


def machine_pool() -> int:
    """Return how many warm kernels a dashboard may keep on this machine: half its cores, a tenth of its memory."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20
    return max(1, min(len(os.sched_getaffinity(0)) // 2, int(memory_mb / 10 / _KERNEL_MB)))


def warming() -> int:
    """Return how many warm kernels may be made at the same time: half of the cores, the rest is for visitors."""
    return max(1, len(os.sched_getaffinity(0)) // 2)


def machine_seats() -> int:
    """Return how many sessions fit into half of this machine's memory, 4 to 100."""
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20
    return max(4, min(100, int(memory_mb / 2 / _KERNEL_MB)))


def require_free_port(host: str, port: int) -> None:
    """Raise, naming the next free port, when another program listens on this one."""
    if _free(host, port):
        return
    following = next((p for p in range(port + 1, min(port + 200, 65536)) if _free(host, p)), None)
    remedy = f"The next free one: --port {following}" if following else "Choose another with --port"
    raise EcomsimError("--port", f"{port}, which another program uses", "a free port", remedy)


def _free(host: str, port: int) -> bool:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as fault:
        raise EcomsimError(
            "--host", host, "an address of this machine", str(fault.strerror or fault)
        ) from None
    with socket.socket(family, kind) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
        except PermissionError:
            raise EcomsimError("--port", str(port), "a port we may open", "Choose one above 1023") from None
        except OSError as fault:
            if fault.errno == 99:
                raise EcomsimError("--host", host, "an address of this machine", "Use 127.0.0.1") from None
            return False
    return True
