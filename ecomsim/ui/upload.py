"""A file from the user's machine, handed to Python as bytes."""

from __future__ import annotations

from collections.abc import Callable

import anywidget
from traitlets import Int, Unicode

__all__ = ["Upload"]


class Upload(anywidget.AnyWidget):
    """A button that lets somebody choose one file.

    Attributes
    ----------
    label : text of the button
    accept : endings of files that fit, as the browser wants them
    most_bytes : files above are not sent; what is told then is `too_large`
    too_large : sentence for a file above `most_bytes`
    """

    _esm = """
    function render({ model, el }) {
      const id = `es-up-${Math.random().toString(36).slice(2)}`;
      el.className = "es-upload";
      el.innerHTML = `<input type="file" id="${id}"><label for="${id}"></label><span role="status"></span>`;
      const [input, label, status] = el.children;
      input.accept = model.get("accept");
      const name = () => { label.textContent = model.get("label"); };
      name();
      model.on("change:label", name);
      input.addEventListener("change", async () => {
        const file = input.files[0];
        if (!file) return;
        const large = file.size > model.get("most_bytes");
        status.textContent = large ? model.get("too_large") : "";
        if (!large) model.send({ kind: "file", name: file.name }, undefined, [await file.arrayBuffer()]);
        input.value = "";
      });
    }
    export default { render };
    """
    _css = """
    .es-upload { position: relative; }
    .es-upload input { position: absolute; opacity: 0; inset: 0; width: 1px; }
    .es-upload label { display: inline-block; padding: 7px 14px; border-radius: var(--es-radius, 4px);
      background: var(--es-wash, #f4f6f8);
      color: var(--es-ink, #1c2430); font-size: var(--es-small, 13px); cursor: pointer; }
    .es-upload label:hover { box-shadow: inset 0 0 0 1px var(--es-grey, #56606f); }
    .es-upload input:focus-visible + label { outline: 2px solid var(--es-accent, #0064a0); outline-offset: 2px; }
    .es-upload span { font-size: var(--es-small, 13px); color: var(--es-red, #b3261e); margin-left: 8px; }
    """

    label = Unicode("").tag(sync=True)
    accept = Unicode(".xlsx").tag(sync=True)
    most_bytes = Int(3_000_000).tag(sync=True)
    too_large = Unicode("").tag(sync=True)

    def when_chosen(self, act: Callable[[str, bytes], object]) -> None:
        """Call `act` with the file's name and bytes."""

        def heard(_: object, content: object, buffers: object) -> None:
            if (
                isinstance(content, dict)
                and content.get("kind") == "file"
                and isinstance(buffers, list)
                and buffers
            ):
                act(str(content.get("name", ""))[:80], bytes(buffers[0]))

        self.on_msg(heard)
