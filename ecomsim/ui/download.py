"""A file made when it is asked for and handed to the browser as bytes: nothing lies on the server to be fetched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
from traitlets import Unicode

__all__ = ["KINDS", "Download"]

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar;charset=utf-8",
    "html": "text/html;charset=utf-8",
}
"""MIME type by file ending."""


class Download(anywidget.AnyWidget):
    """Hands files to the browser.

    Attributes
    ----------
    last : name of the file handed over last, for tests and screen readers
    """

    _esm = """
    function render({ model, el }) {
      el.setAttribute("role", "status");
      el.className = "es-download";
      model.on("msg:custom", (message, buffers) => {
        if (message.kind !== "file") return;
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([buffers[0]], { type: message.type }));
        link.download = message.name;
        document.body.append(link);
        link.click();
        link.remove();
        setTimeout(() => URL.revokeObjectURL(link.href), 60000);
        el.textContent = message.name;
      });
      model.send({ kind: "shown" });
    }
    export default { render };
    """

    last = Unicode("").tag(sync=True)

    def when_shown(self, act: Callable[[], object]) -> None:
        """Call `act` whenever a browser has drawn the page: a kernel may have waited for it for hours."""

        def heard(_: object, content: object, buffers: object) -> None:
            if isinstance(content, dict) and content.get("kind") == "shown":
                act()

        self.on_msg(heard)

    def hand_over(self, name: str, content: bytes, kind: str) -> None:
        """Let the browser save `content` as `name`.

        Parameters
        ----------
        name : plain file name
        content : its bytes
        kind : MIME type
        """
        self.last = name
        message: dict[str, Any] = {"kind": "file", "name": name, "type": kind}
        self.send(message, buffers=[content])
