"""The server: Voila with everything but the dashboards taken away."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_server.services.kernels.handlers import KernelHandler
from traitlets.config import Config
from voila.app import Voila

from ecomsim.serve import handlers
from ecomsim.serve.gate import gate
from ecomsim.serve.nursed import NURSED, Nursery
from ecomsim.serve.settings import Serving, is_loopback, warming
from ecomsim.serve.templates import compile_once

__all__ = ["Dashboards", "run"]

_DENIED = (
    "@voila-dashboards/jupyterlab-preview",
    "@voila-dashboards/widgets-manager7",
    "jupyterlab-jupytext",
    "jupyterlab_pygments",
)
"""Extensions of JupyterLab that a dashboard has no use for; a list of the wanted ones draws no chart."""

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # widgets bring their script in a blob
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob: data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)

_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "same-origin",  # the token may stand in the first address
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class Dashboards(Voila):
    """Voila that serves a closed list of pages to a limited number of people."""

    serving: Serving
    served: tuple[str, ...]
    nursery: Nursery

    def init_settings(self) -> dict[str, Any]:
        """Add to Voila's settings what keeps strangers out."""
        settings: dict[str, Any] = super().init_settings()
        # A name that leads here but is not ours would let a foreign page talk to us (DNS rebinding).
        # Who has the token may come by any name: behind a proxy the name is the proxy's.
        settings["allow_remote_access"] = bool(self.serving.token) or not is_loopback(self.serving.host)
        settings["local_hostnames"] = ["localhost", "127.0.0.1", "::1"]
        settings["xsrf_cookies"] = True
        gate(self.kernel_manager, warming(), self.serving.quiet_s)
        # Application reads this one when it is made, before Voila's own tornado_settings come in. On this
        # machine compressing costs more than sending; a proxy in front of us compresses for us.
        settings["compress_response"] = not is_loopback(self.serving.host)
        return settings

    def init_handlers(self) -> list[Any]:
        """Return the few addresses that are answered."""
        usual = {entry[1].__name__: entry for entry in super().init_handlers()}
        plain = {"voila_configuration": self.voila_configuration}
        ours = {"/login": handlers.Login, "/logout": handlers.Logout}
        identity = [(at, ours[at], plain) for at, _ in self.identity_provider.get_handlers() if at in ours]
        render = dict(
            usual["TornadoVoilaHandler"][2],
            served=frozenset(f"{name}.ipynb" for name in self.served),
            seats=self.serving.seats,
            taken={},
        )
        return [
            (usual["KernelHandler"][0], _Ask),
            (usual["VoilaKernelWebsocketHandler"][0], handlers.Socket),
            (usual["TemplateStaticFileHandler"][0], handlers.TemplateStatic),
            (usual["MultiStaticFileHandler"][0], handlers.Static, usual["MultiStaticFileHandler"][2]),
            (usual["VoilaShutdownKernelHandler"][0], handlers.Close),
            (usual["FileFindHandler"][0], handlers.Extensions, usual["FileFindHandler"][2]),
            (usual["TornadoVoilaHandler"][0], handlers.Render, render),
            *identity,
            (self.server_url, handlers.Home, plain),
            (r".*", handlers.Missing, plain),
        ]


class _Ask(KernelHandler):
    """Tell whether a kernel lives; deleting goes through `Close`."""

    async def delete(self, kernel_id: str) -> None:
        """Refuse."""
        self.set_status(405)


def run(serving: Serving, folder: Path, served: tuple[str, ...], nursery: Nursery, log_level: int) -> None:
    """Serve until stopped.

    Parameters
    ----------
    serving : how
    folder, served : where the notebooks lie, and their names
    nursery : where kernels come from; one that was not started is not used
    log_level : of the server's messages on the terminal
    """
    compile_once()
    app = Dashboards(config=_config(serving, folder, log_level))
    app.serving, app.served, app.nursery = serving, served, nursery
    app.initialize([])
    if nursery.started:
        factory = KernelProvisionerFactory.instance(parent=app)
        group = KernelProvisionerFactory.GROUP_NAME
        factory.provisioners[NURSED] = EntryPoint(NURSED, "ecomsim.serve.nursed:Nursed", group)
        factory.default_provisioner_name = NURSED
    app.start()


def _lean(page_config: dict[str, Any], *, notebook_path: str = "", **_: Any) -> dict[str, Any]:
    """Return what a page loads: the front page has no charts, so it does without their library."""
    if Path(notebook_path).name == "index.ipynb":
        wanted = [one for one in page_config["federated_extensions"] if one["name"] != "ipecharts"]
        return {**page_config, "federated_extensions": wanted}
    return page_config


def _config(serving: Serving, folder: Path, log_level: int) -> Config:
    return Config(
        {
            "Voila": {
                "root_dir": str(folder),
                "ip": serving.host,
                "port": serving.port,
                "port_retries": 0,
                "token": serving.token,
                "open_browser": False,
                "log_level": log_level,
                "config_file_paths": [],
                "tornado_settings": {"headers": _HEADERS},
            },
            "VoilaConfiguration": {
                "template": "ecomsim",
                "theme": "light",
                "allow_template_override": "NO",
                "allow_theme_override": "NO",
                "show_tracebacks": False,
                "strip_sources": True,
                "file_allowlist": ["public/.*"],
                "extension_denylist": list(_DENIED),
                "page_config_hook": _lean,
                "preheat_kernel": serving.pool > 0,
                "default_pool_size": serving.pool,
            },
            "MappingKernelManager": {
                "cull_idle_timeout": serving.idle_s,
                "cull_interval": serving.check_s,
                "cull_connected": False,
                "cull_busy": False,
            },
            # Under load the messages of a page's widgets take longer than the usual 4 s after the cell; whoever stops
            # listening then shows an empty page.
            "VoilaExecutor": {"timeout": 300, "iopub_timeout": 300},
            "KernelManager": {"transport": "ipc"},  # nothing of a kernel can be reached over the network
        }
    )
