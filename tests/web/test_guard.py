"""Who comes in, what every answer carries, what no answer tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from legation.problems import SettingsError
from legation.store import Store
from legation.web.app import create_app
from legation.web.guard import MAX_BODY, TRIES, Guard, safe_next
from legation.web.serve import guard_for, is_loopback, read_tokens

FORM = {"content-type": "application/x-www-form-urlencoded"}
TOKEN = "a-token-of-some-length"
SCREENS = (
    *("/", "/events", "/dyads", "/dyads/quotes", "/claims", "/review", "/watches", "/export", "/api", "/login"),
    *("/api/store", "/api/events", "/api/months", "/api/claims", "/api/watches", "/api/openapi.json", "/charts/quads"),
    *("/static/desk.css", "/static/desk.js", "/static/icon.svg", "/nothing", "/api/nothing", "/event/0000"),
)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "some-secret-folder-name.duckdb", create=True) as store:
        yield store


def client(store: Store, guard: Guard | None = None, **options: Any) -> TestClient:
    options = {"base_url": "http://localhost:8021", "raise_server_exceptions": False, **options}
    return TestClient(create_app(store, guard), **options)


def form_token(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("path", SCREENS)
def test_every_answer_carries_the_policy(empty: Store, path: str) -> None:
    answer = client(empty).get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "cache-control" in answer.headers and "server" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", [p for p in SCREENS if not p.startswith("/static")])
def test_pages_have_no_inline_script_and_name_no_other_host(empty: Store, path: str) -> None:
    text = client(empty).get(path).text
    assert not re.search(r"<script(?![^>]*\ssrc=\"/)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", text)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "0.0.0.0"])
def test_another_host_name_is_refused(empty: Store, host: str) -> None:
    answer = client(empty).get("/", headers={"host": host})
    assert answer.status_code == 421 and "events" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9", "[::1]:8021", "LOCALHOST:8021"])
def test_names_of_this_machine_are_known(empty: Store, host: str) -> None:
    assert client(empty).get("/", headers={"host": host}).status_code == 200


def test_forms_need_their_token(empty: Store) -> None:
    desk = client(empty)
    page = desk.get("/events").text
    for data in ({}, {"form_token": "x"}, {"form_token": ""}):
        answer = desk.post("/filters", data={"name": "a", "condition": "", **data}, follow_redirects=False)
        assert answer.status_code in (403, 422)
    for path in ("/claims/draw", "/review", "/watches", "/logout", "/person", "/event/0/fix/type", "/filters/delete"):
        given = {"form_token": "x", "name": "n", "condition": "NOR", "size": "1"}
        assert desk.post(path, data=given, follow_redirects=False).status_code == 403, path
    assert empty.sql("SELECT count(*) AS n FROM saved_filters").column("n")[0].as_py() == 0
    good = {"name": "a", "condition": "NOR", "form_token": form_token(page)}
    assert desk.post("/filters", data=good, follow_redirects=False).status_code == 303
    # the token of another session does not do
    assert client(empty).post("/filters", data=good, follow_redirects=False).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_other_sites_cannot_send(empty: Store, headers: dict[str, str]) -> None:
    desk = client(empty)
    token = form_token(desk.get("/events").text)
    data = {"name": "a", "condition": "NOR", "form_token": token}
    assert desk.post("/filters", data=data, headers=headers, follow_redirects=False).status_code == 403
    answer = desk.post("/api/events/0/corrections", json={"field": "type", "value": "AID", "by": "x"}, headers=headers)
    assert answer.status_code == 403


def test_the_api_takes_json_only(empty: Store) -> None:
    """A form of another site cannot send JSON without being asked first, and it is never allowed."""
    text = '{"field": "type", "value": "AID", "by": "x"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        answer = client(empty).post("/api/events/0/corrections", content=text, headers={"content-type": kind})
        assert answer.status_code == 422, kind
    assert client(empty).options("/api/events").status_code == 405


def test_a_token_opens_the_desk(empty: Store) -> None:
    guard = Guard(people={TOKEN: "Ada"})
    desk = client(empty, guard)
    assert desk.get("/api/events").status_code == 401
    assert desk.get("/events", follow_redirects=False).headers["location"] == "/login?next=%2Fevents"
    assert desk.post("/filters", data={"name": "a"}).status_code == 401
    assert desk.get("/api/events", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert desk.get("/api/events", headers={"authorization": "Bearer wrong"}).status_code == 401
    page = desk.get("/login")
    data = {"token": "wrong", "form_token": form_token(page.text), "next": "/events"}
    assert desk.post("/login", data=data, follow_redirects=False).status_code == 401
    answer = desk.post("/login", data={**data, "token": TOKEN}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/events")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and TOKEN not in cookie
    page = desk.get("/events")
    assert page.status_code == 200 and "Ada" in page.text
    desk.post("/logout", data={"form_token": form_token(page.text)})
    assert desk.get("/events", follow_redirects=False).status_code == 303


def test_a_session_cannot_be_made_up(empty: Store) -> None:
    guard, other = Guard(people={TOKEN: "Ada"}), Guard(people={TOKEN: "Ada"})
    for value in (other.new_session("Ada"), "a.QWRh.9999999999.x", "...", guard.new_session("Ada")[:-2] + "AA"):
        desk = client(empty, guard, cookies={"legation_desk": value})
        assert desk.get("/events", follow_redirects=False).status_code == 303, value
    body = guard.new_session("Ada").rpartition(".")[0].rsplit(".", 1)[0] + ".1"  # ended in 1970, well signed
    assert guard.session(f"{body}.{guard.sign('session ' + body)}") is None


def test_tokens_cannot_be_tried_at_will(empty: Store) -> None:
    desk = client(empty, Guard(people={TOKEN: "Ada"}))
    tries = [desk.get("/api/events", headers={"authorization": f"Bearer {k}"}).status_code for k in range(TRIES + 3)]
    assert tries == [401] * TRIES + [429] * 3
    assert desk.get("/api/events", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 429


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "evil", "/a\r\nb"]
)
def test_a_login_leads_nowhere_else(target: str) -> None:
    assert safe_next(target) == "/"


def test_a_login_leads_back() -> None:
    assert safe_next("/events?actor=NOR") == "/events?actor=NOR"


def test_long_requests_are_cut_off(empty: Store) -> None:
    answer = client(empty).post("/filters", content=b"x" * (MAX_BODY + 1))
    assert answer.status_code == 413

    def pieces() -> Iterator[bytes]:
        for _ in range(MAX_BODY // 100_000 + 2):
            yield b"x" * 100_000

    assert client(empty).post("/filters", content=pieces(), headers=FORM).status_code in (400, 413)


def test_a_failure_tells_the_browser_nothing(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import legation.web.events as module

    def broken(*_: object) -> None:
        raise RuntimeError(f"secret words about {empty.path}")

    monkeypatch.setattr(module, "table", broken)
    answer = client(empty).get("/events")
    assert answer.status_code == 500 and "content-security-policy" in answer.headers
    assert "secret" not in answer.text and "Traceback" not in answer.text and "RuntimeError" not in answer.text


def test_no_page_tells_a_path(empty: Store) -> None:
    desk = client(empty)
    folder = str(empty.path.parent)
    for path in (
        *SCREENS,
        "/api/events?type=X",
        "/api/counts?field=nothing",
        "/charts/nothing",
        "/dyads/quotes?month=x",
    ):
        assert folder not in desk.get(path).text, path
    answer = desk.post("/api/events/0/corrections", json={"field": "type", "value": "AID", "by": "x"})
    assert answer.status_code == 400 and folder not in answer.text
    assert desk.post("/api/corrections/0/withdraw").status_code == 400


@pytest.mark.parametrize("path", ["/static/../guard.py", "/static/%2e%2e/guard.py", "/static/..%2fguard.py"])
def test_static_files_are_no_way_out(empty: Store, path: str) -> None:
    assert client(empty).get(path).status_code == 404


def test_other_methods_are_refused(empty: Store) -> None:
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"):
        assert client(empty).request(method, "/events").status_code == 405


# --- legation serve


@pytest.mark.parametrize(("host", "loopback"), [
    ("127.0.0.1", True), ("127.9.9.9", True), ("localhost", True), ("::1", True),
    ("0.0.0.0", False), ("192.168.1.5", False), ("::", False), ("example.org", False),
])  # fmt: skip
def test_beyond_loopback_there_is_a_token(host: str, loopback: bool) -> None:
    said: list[str] = []
    guard = guard_for(host, (), None, said.append)
    assert is_loopback(host) is loopback
    assert bool(guard.people) is not loopback
    assert [line.split()[0] for line in said] == ([] if loopback else ["token"])
    if not loopback:
        assert guard.name_of(said[0].split()[1]) == "analyst" and len(said[0].split()[1]) >= 30


def test_tokens_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text(f"# who\nAda Byron  {TOKEN}\nBen other-token-of-length\n", "utf8")
    file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        read_tokens(file)
    file.chmod(0o600)
    assert read_tokens(file) == {TOKEN: "Ada Byron", "other-token-of-length": "Ben"}
    guard = guard_for("127.0.0.1", ("Desk.Example",), file, print)
    assert guard.known_host("desk.example:80") and guard.name_of(TOKEN) == "Ada Byron"
    for wrong in ("Ada short\n", f"{TOKEN}\n", f"A {TOKEN}\nB {TOKEN}\n", "\n"):
        file.write_text(wrong, "utf8")
        with pytest.raises(SettingsError) as error:
            read_tokens(file)
        assert TOKEN not in str(error.value)


def test_serving_what_is_no_store_says_so(legation: Any, tmp_path: Path) -> None:
    ran = legation("serve", "--store", tmp_path / "none.duckdb", "--port", "0")
    assert ran.status == 2 and "no such store" in ran.err
