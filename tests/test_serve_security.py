"""Attacks on the served dashboards: what is not a dashboard cannot be reached, whoever asks and however."""

from __future__ import annotations

import http.client
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from .browser.kit import App, private_shop, start

websocket = pytest.importorskip("websocket", reason="websocket-client is not installed")
pytest.importorskip("voila", reason="voila is not installed")

TOKEN = "a-secret-of-the-test-0123456789"
KERNEL = re.compile(r'"kernelId": "([0-9a-f-]{36})"')


@pytest.fixture(scope="module")
def shop(flagship: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = private_shop(flagship, tmp_path_factory.mktemp("security") / "shop")
    (home / "secret.csv").write_text("do not leak this")
    (home / ".env").write_text("PASSWORD=do not leak this")
    return home


@pytest.fixture(scope="module")
def open_app(shop: Path) -> Iterator[App]:
    running = start(shop, "--pool", "0")
    yield running
    assert running.stop() == []


@pytest.fixture(scope="module")
def locked_app(shop: Path) -> Iterator[App]:
    running = start(shop, "--pool", "0", token=TOKEN)
    yield running
    assert running.stop() == []


def ask(
    app: App, path: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: str = ""
) -> tuple[int, str, Mapping[str, str]]:
    """Ask for exactly this path: no client tidies the dots away, no redirect is followed."""
    line = http.client.HTTPConnection("127.0.0.1", app.port, timeout=60)
    line.putrequest(method, path, skip_host=headers is not None and "Host" in headers)
    for name, value in (headers or {}).items():
        line.putheader(name, value)
    if body or method == "POST":
        line.putheader("Content-Length", str(len(body.encode())))
    line.endheaders(body.encode() if body else None)
    answer = line.getresponse()
    text = answer.read().decode(errors="replace")
    line.close()
    return answer.status, text, dict(answer.getheaders())


def kernel_of(app: App, headers: Mapping[str, str] | None = None) -> str:
    status, text, _ = ask(app, "/voila/render/index.ipynb", headers=headers)
    assert status == 200
    found = KERNEL.search(text)
    assert found is not None
    return found.group(1)


def socket_status(app: App, kernel: str, origin: str | None, query: str = "") -> int:
    url = f"ws://127.0.0.1:{app.port}/api/kernels/{kernel}/channels{query}"
    given = {"origin": origin} if origin else {"suppress_origin": True}
    try:
        websocket.create_connection(url, timeout=20, **given).close()
    except websocket.WebSocketBadStatusException as refused:
        return int(refused.status_code)
    return 101


FILES = [
    "index.ipynb", "secret.csv", ".env", "../secret.csv", "..%2fsecret.csv", "%2e%2e/%2e%2e/etc/passwd",
    "../../../../../../etc/passwd", "..%252f..%252fetc%252fpasswd", "....//....//etc/passwd",
    "/etc/passwd", "public/../../../etc/passwd", "public/%2e%2e/%2e%2e/secret.csv", "..\\..\\etc\\passwd",
]  # fmt: skip
PLACES = ["/voila/files/", "/voila/static/", "/voila/templates/ecomsim/static/", "/voila/render/", "/voila/tree/",
          "/files/", "/voila/labextensions/", "/voila/api/contents/", "/voila/api/themes/"]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_file_of_the_machine_is_served(open_app: App, place: str) -> None:
    for name in FILES:
        if place == "/voila/render/" and name == "index.ipynb":
            continue
        status, text, _ = ask(open_app, place + name)
        assert status in (302, 400, 403, 404), (place + name, status)
        for leak in ("do not leak this", "root:", "from ecomsim.ui"):
            assert leak not in text, place + name


@pytest.mark.parametrize(
    "path",
    ["/api/kernels", "/api/sessions", "/api/contents", "/api/contents/x.ipynb", "/api/terminals", "/api/kernelspecs",
     "/voila/api/contents/", "/voila/query/00000000-0000-0000-0000-000000000000", "/nbconvert/html/index.ipynb"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_nothing_can_be_started_written_or_listed(open_app: App, path: str, method: str) -> None:
    before = len(open_app.kernels())
    status, text, _ = ask(open_app, path, method, body='{"name": "python3"}' if method != "GET" else "")
    assert status in (403, 404, 405), status
    assert "index.ipynb" not in text
    assert len(open_app.kernels()) <= before


def test_a_kernel_cannot_be_deleted_or_restarted_from_outside(open_app: App) -> None:
    kernel = kernel_of(open_app)
    for method, path in (
        ("DELETE", f"/api/kernels/{kernel}"),
        ("POST", f"/api/kernels/{kernel}/restart"),
        ("POST", f"/api/kernels/{kernel}/interrupt"),
    ):
        assert ask(open_app, path, method)[0] in (403, 404, 405)
    assert ask(open_app, f"/voila/api/shutdown/{kernel}", "POST")[0] == 403
    foreign = {"Origin": "http://evil.example"}
    assert ask(open_app, f"/voila/api/shutdown/{kernel}", "POST", foreign)[0] == 403
    assert ask(open_app, f"/api/kernels/{kernel}")[0] == 200


def test_the_source_of_a_dashboard_is_not_in_its_page(open_app: App) -> None:
    _, text, _ = ask(open_app, "/voila/render/index.ipynb")
    assert "from ecomsim.ui" not in text
    assert "Traceback" not in text


def test_a_page_may_load_only_from_this_server(open_app: App) -> None:
    _, _, headers = ask(open_app, "/voila/render/index.ipynb")
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert not re.search(r"https?:|\*", policy)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_another_name_for_this_machine_is_refused(open_app: App) -> None:
    status, text, _ = ask(open_app, "/voila/render/index.ipynb", headers={"Host": "evil.example"})
    assert status == 403
    assert not KERNEL.search(text)


def test_the_socket_opens_for_our_own_pages_only(open_app: App) -> None:
    kernel = kernel_of(open_app)
    assert socket_status(open_app, kernel, None) == 403
    assert socket_status(open_app, kernel, "http://evil.example") == 403
    assert socket_status(open_app, kernel, f"http://127.0.0.1:{open_app.port + 1}") == 403
    assert socket_status(open_app, kernel, "null") == 403
    assert socket_status(open_app, kernel, open_app.base) == 101
    assert socket_status(open_app, str(uuid.uuid4()), open_app.base) in (403, 404)


def message(kind: str, content: Mapping[str, Any], channel: str = "shell") -> str:
    header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "x", "session": "x", "version": "5.3"}
    parts = {"header": header, "parent_header": {}, "metadata": {}, "content": dict(content)}
    return json.dumps({**parts, "channel": channel, "buffers": []})


def test_code_sent_over_the_socket_never_runs(open_app: App, tmp_path: Path) -> None:
    kernel = kernel_of(open_app)
    url = f"ws://127.0.0.1:{open_app.port}/api/kernels/{kernel}/channels"
    line = websocket.create_connection(url, timeout=20, origin=open_app.base)
    mark = tmp_path / "ran"
    code = {"code": f"open({str(mark)!r}, 'w').write('x')", "silent": False, "store_history": False}
    for channel in ("shell", "control"):
        line.send(message("execute_request", code, channel))
        line.send(message("inspect_request", {"code": "open", "cursor_pos": 4, "detail_level": 1}, channel))
    line.send(message("kernel_info_request", {}))
    answers = []
    while "kernel_info_reply" not in answers:
        answers.append(json.loads(line.recv())["header"]["msg_type"])
    line.close()
    assert "execute_reply" not in answers
    assert "inspect_reply" not in answers
    assert not mark.exists()


def test_without_the_token_nothing_opens(locked_app: App) -> None:
    for path in ("/", "/voila/render/index.ipynb", "/voila/tree", "/voila/render/planner.ipynb"):
        status, text, _ = ask(locked_app, path)
        assert status in (302, 403, 404), path
        assert not KERNEL.search(text)
    wrong = ("?token=", "?token=wrong", f"?token={TOKEN[:-1]}", f"?token={TOKEN}x")
    for query in wrong:
        status, text, _ = ask(locked_app, "/voila/render/index.ipynb" + query)
        assert status in (302, 403), query
        assert not KERNEL.search(text)
    assert locked_app.kernels() == []


def test_with_the_token_the_page_opens_and_the_kernel_stays_closed_to_others(locked_app: App) -> None:
    kernel = kernel_of(locked_app, {"Authorization": f"token {TOKEN}"})
    assert ask(locked_app, f"/api/kernels/{kernel}")[0] == 403
    assert ask(locked_app, f"/voila/api/shutdown/{kernel}", "POST", {"Origin": locked_app.base})[0] in (
        302,
        403,
    )
    assert socket_status(locked_app, kernel, locked_app.base) == 403
    assert socket_status(locked_app, kernel, None) == 403
    assert socket_status(locked_app, kernel, locked_app.base, "?token=wrong") == 403
    assert socket_status(locked_app, kernel, "http://evil.example", f"?token={TOKEN}") == 403
    assert socket_status(locked_app, kernel, locked_app.base, f"?token={TOKEN}") == 101


def test_the_login_page_tells_nothing_and_redirects_nowhere_else(locked_app: App) -> None:
    status, text, headers = ask(locked_app, "/login?next=http://evil.example/")
    assert status == 200
    assert TOKEN not in text
    assert "evil.example" not in headers.get("Location", "")


def test_a_wrong_token_is_refused_with_the_remedy_and_the_right_one_lets_in(locked_app: App) -> None:
    _, text, headers = ask(locked_app, "/login?next=%2Fvoila%2Frender%2Findex.ipynb")
    assert "Jupyter" not in text and "请输入访问令牌" in text and 'role="alert"' not in text
    xsrf = re.search(r'name="_xsrf" value="([^"]+)"', text)
    cookie = headers["Set-Cookie"].split(";")[0]
    assert xsrf
    for typed, expected in (("wrong", 401), ("<script>alert(1)</script>", 401), ("", 401), (TOKEN, 302)):
        form = urlencode({"_xsrf": xsrf.group(1), "password": typed})
        given = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        status, text, answer = ask(
            locked_app, "/login?next=%2Fvoila%2Frender%2Findex.ipynb", "POST", given, form
        )
        assert status == expected, typed
        if status == 401:
            assert (
                "That is not the token." in text and "Copy it whole" in text and "<script>alert" not in text
            )
            assert "username" not in answer.get("Set-Cookie", "")
    assert answer["Location"] == "/voila/render/index.ipynb"
    assert ask(locked_app, "/login", "POST", {"Cookie": cookie}, form.replace(xsrf.group(1), "x"))[0] == 403
