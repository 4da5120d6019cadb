"""What the server answers, made stricter than Voila's: known pages only, a cap, same-origin sockets."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import tornado.web
from jupyter_server._tz import utcnow
from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.base.handlers import FileFindHandler
from tornado.escape import url_escape
from voila.handler import BaseVoilaHandler
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler
from voila.static_file_handler import MultiStaticFileHandler, TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

__all__ = [
    "Close",
    "Extensions",
    "Home",
    "Login",
    "Logout",
    "Missing",
    "Render",
    "Socket",
    "Static",
    "TemplateStatic",
]

_KERNEL = re.compile(r'"kernelId":\s*"([0-9a-f-]{36})"')
_STATIC_PATH = re.compile(r"\w+/static/[\w-]+(?:\.[\w-]+)*")
_HASHED = re.compile(r"[.\-/]?[0-9a-f]{8,}\.\w+$")


def same_origin(handler: tornado.web.RequestHandler) -> bool:
    """Return whether the request says that it comes from a page of this very server."""
    origin = handler.request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc.casefold() == handler.request.host.casefold()


class Home(BaseVoilaHandler):
    """The address alone leads to the front page."""

    @tornado.web.authenticated
    def get(self) -> None:
        """Send the browser to the front page."""
        self.redirect(f"{self.base_url}voila/render/index.ipynb")


class Login(LoginFormHandler, BaseVoilaHandler):
    """Ask for the token in the workbench's own words; who has it and who not is Jupyter's business."""

    def _render(self, message: object = None) -> None:
        page = {
            "next": url_escape(self.get_argument("next", default=self.base_url)),
            "wrong": message is not None,
        }
        self.write(self.render_template("login.html", **page))  # type: ignore[no-untyped-call]


class Logout(BaseVoilaHandler):
    """Forget who has logged in."""

    @allow_unauthenticated
    def get(self) -> None:
        """Take the cookie away and ask for the token again."""
        self.identity_provider.clear_login_cookie(self)
        self.redirect(f"{self.base_url}login")


class Missing(BaseVoilaHandler):
    """Everything else: a page in our words, with status 404."""

    def check_xsrf_cookie(self) -> None:
        """Check nothing: there is nothing here to protect, and every method is answered alike."""

    async def prepare(self, *given: Any, **named: Any) -> None:
        """Answer any method, so that no answer tells one path from another."""
        await super().prepare(*given, **named)
        if not self._finished:
            self.set_status(404)
            self.finish(self.render_template("error.html", status_code=404, status_message="Not Found"))


class Render(TornadoVoilaHandler):
    """A dashboard, if it is one of ours and a seat is free."""

    def initialize(self, **kwargs: Any) -> None:
        """Take what Voila takes, and who sits where."""
        self.served: frozenset[str] = kwargs.pop("served")
        self.seats: int = kwargs.pop("seats")
        self.taken: dict[object, str] = kwargs.pop("taken")
        super().initialize(**kwargs)

    @tornado.web.authenticated
    async def get(self, path: str | None = None) -> None:
        """Send the page as it is made."""
        if path not in self.served:
            self.set_status(404)
            self.finish(self.render_template("error.html", status_code=404, status_message="Not Found"))
            return
        for ticket, kernel in list(self.taken.items()):
            if kernel and kernel not in self.kernel_manager:
                del self.taken[ticket]
        if len(self.taken) >= self.seats:
            self.set_status(503)
            self.set_header("Retry-After", "20")
            self.finish(self.render_template("full.html", seats=self.seats))
            return
        ticket = object()
        self.taken[ticket] = ""
        try:
            async for html in self.get_generator(path=path):
                found = _KERNEL.search(html)
                if found:
                    self.taken[ticket] = found.group(1)
                    self._wake(found.group(1))
                self.write(html)
                self.flush()
        finally:
            if not self.taken[ticket]:
                del self.taken[ticket]

    def _wake(self, kernel_id: str) -> None:
        """Count the kernel's idle time anew: one that waited long must not be given up before its page connects."""
        if kernel_id in self.kernel_manager:
            self.kernel_manager.get_kernel(kernel_id).last_activity = utcnow()


class Socket(VoilaKernelWebsocketHandler):
    """A kernel's socket, for pages of this server only: a client that names no origin is no browser."""

    async def get(self, kernel_id: str) -> None:
        """Open the socket."""
        if not same_origin(self):
            raise tornado.web.HTTPError(403, "A page of this server must ask")
        await super().get(kernel_id)


class Close(VoilaShutdownKernelHandler):
    """Give up the kernel of a page that is being left.

    A beacon sent while leaving carries no XSRF token, so Voila's own handler refuses it and the kernel stays
    (voila #1458). The origin says what the token would.
    """

    def check_xsrf_cookie(self) -> None:
        """Accept pages of this server."""
        if not same_origin(self):
            raise tornado.web.HTTPError(403, "A page of this server must ask")

    @tornado.web.authenticated
    async def post(self, kernel_id: str) -> None:
        """Shut the kernel down, if it is there."""
        if kernel_id in self.kernel_manager:
            await super().post(kernel_id)
        else:
            self.set_status(204)


class _Kept:
    """Files whose name holds a hash of their content never change: browsers may keep them."""

    def set_extra_headers(self, path: str) -> None:
        """Say how long the file may be kept."""
        if _HASHED.search(path):
            self.set_header("Cache-Control", "public, max-age=31536000, immutable")  # type: ignore[attr-defined]
        else:
            super().set_extra_headers(path)  # type: ignore[misc]


class Static(_Kept, MultiStaticFileHandler):
    """Voila's scripts."""


class TemplateStatic(_Kept, TemplateStaticFileHandler):
    """Our styles and scripts."""

    async def get(self, path: str, include_body: bool = True) -> None:
        """Send a file of the template; Voila's own reading of the path breaks on any other form."""
        if not _STATIC_PATH.fullmatch(path):
            raise tornado.web.HTTPError(404)
        await super().get(path, include_body)


class Extensions(_Kept, FileFindHandler):
    """The widget libraries' scripts."""

    def set_headers(self) -> None:
        """Leave out the no-cache header for names with a hash."""
        super().set_headers()
        if _HASHED.search(self.path):
            self.set_header("Cache-Control", "public, max-age=31536000, immutable")
