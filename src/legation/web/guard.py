"""What stands between the network and the desk: host names, login, headers, form tokens, limits, errors.

Why by hand and in one place: every answer passes here, so that no screen can forget a header or leak a trace.
The desk trusts nobody's browser: another site must be able neither to read it (host check against DNS rebinding,
no CORS) nor to write to it (form tokens, origin check), and text in an article can run nothing (the policy below
allows no inline script or style, no `eval`, no other host).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger("legation.web")

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
MAX_BODY = 2_000_000  # bytes of one request; the longest form is a note on a correction
TOO_LARGE = f"A request may hold {MAX_BODY:,} bytes at most."
SESSION = "legation_desk"
SESSION_DAYS = 7
TRIES, TRIES_SECONDS = 10, 60.0  # wrong tokens in this time, from everybody together, before all have to wait

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),  # with "no-referrer" browsers send forms with the origin "null"
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


@dataclass(slots=True)
class Guard:
    """Who may come in. `people` maps a token to the name of the person; empty: no token is needed (loopback only).

    `hosts` are the names under which the desk may be addressed, without port. `secret` signs sessions and form
    tokens; a fresh one with every start, so that a restart ends all sessions.
    """

    hosts: frozenset[str] = frozenset(LOOPBACK)
    people: Mapping[str, str] = field(default_factory=dict)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    wrong: deque[float] = field(default_factory=deque)

    def known_host(self, header: str) -> bool:
        """Whether a Host header names this desk; the port does not matter."""
        name = header.rsplit(":", 1)[0] if not header.endswith("]") else header
        return name.lower() in self.hosts

    def name_of(self, token: str) -> str | None:
        """Whose token this is. Every token is compared in full: the time taken tells nothing."""
        found = None
        for known, name in self.people.items():
            if hmac.compare_digest(known.encode(), token.encode()):
                found = name
        return found

    def sign(self, words: str) -> str:
        """A signature over words of ours."""
        digest = hmac.new(self.secret, words.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def new_session(self, name: str = "") -> str:
        """The value of a session cookie: random id, name and time of its end, signed."""
        ends = int(time.time()) + SESSION_DAYS * 86400
        body = f"{secrets.token_urlsafe(18)}.{base64.urlsafe_b64encode(name.encode()).decode()}.{ends}"
        return f"{body}.{self.sign('session ' + body)}"

    def session(self, cookie: str) -> tuple[str, str] | None:
        """(session id, name) of a cookie that we signed and that has not ended; else None."""
        body, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(self.sign("session " + body).encode(), signature.encode()):
            return None
        id_, name, ends = body.split(".")
        return (id_, base64.urlsafe_b64decode(name).decode()) if int(ends) > time.time() else None

    def form_token(self, session_id: str) -> str:
        """The word that every form of this session carries."""
        return self.sign("form " + session_id)

    def must_wait(self) -> bool:
        """Whether too many wrong tokens came in the last minute."""
        now = time.monotonic()
        while self.wrong and now - self.wrong[0] > TRIES_SECONDS:
            self.wrong.popleft()
        return len(self.wrong) >= TRIES


class Gate:
    """The ASGI application around the desk."""

    def __init__(self, app: App, guard: Guard) -> None:
        self.app, self.guard = app, guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, pass on, and put our headers on whatever comes back."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                return
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        state = scope.setdefault("state", {})
        cookie = _cookies(headers.get("cookie", "")).get(SESSION, "")
        session = self.guard.session(cookie) if cookie else None
        fresh = None
        if session is None:
            fresh = self.guard.new_session()
            session = self.guard.session(fresh)
        assert session is not None
        state["session_id"], state["person"] = session
        state["form_token"] = self.guard.form_token(session[0])
        state["bearer"] = False
        secure = scope.get("scheme") == "https"
        answered = False

        async def reply(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                own = {name for name, _ in HEADERS}
                kept = [(k, v) for k, v in message.get("headers", ()) if k.lower() not in own and k != b"server"]
                kept += HEADERS
                if not any(k.lower() == b"cache-control" for k, _ in kept):
                    # our own files carry an ETag: the browser may keep them and asks whether they changed
                    fixed = scope["path"].startswith("/static/")
                    kept.append((b"cache-control", b"no-cache" if fixed else b"no-store"))
                if fresh is not None and not any(k == b"set-cookie" and SESSION.encode() in v for k, v in kept):
                    kept.append((b"set-cookie", cookie_header(fresh, secure)))
                message = {**message, "headers": kept}
            await send(message)

        refused = self._refusal(scope, headers, state)
        if refused is not None:
            await _plain(reply, *refused)
            return
        try:
            await self.app(scope, _limited(receive), reply)
        except _TooLargeError:
            if not answered:
                await _plain(reply, 413, TOO_LARGE)
        except Exception:  # whatever it is, the browser learns nothing of it
            number = secrets.token_hex(4)
            log.exception("error %s at %s", number, scope["path"])
            if not answered:
                await _plain(
                    reply,
                    500,
                    f"The desk failed here. The terminal that runs it says why (error {number}).",
                )

    def _refusal(
        self, scope: Scope, headers: Mapping[str, str], state: MutableMapping[str, Any]
    ) -> tuple[int, str] | tuple[int, str, str] | None:
        """Status and words of a refusal (with the address to go to, for a login), or None."""
        guard = self.guard
        if not guard.known_host(headers.get("host", "")):
            return 421, "This desk does not answer to that host name (legation serve --name NAME allows one)."
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, "The desk knows GET and POST."
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            return 413, TOO_LARGE
        origin = headers.get("origin")
        if scope["method"] == "POST" and (
            (origin is not None and urlsplit(origin).netloc != headers.get("host"))
            or headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
        ):
            return 403, "The desk takes forms from its own pages only."
        if not guard.people:
            return None
        given = headers.get("authorization", "")
        if given.lower().startswith("bearer "):
            if guard.must_wait():
                return 429, "Too many wrong tokens. Wait a minute."
            name = guard.name_of(given[7:].strip())
            if name is None:
                guard.wrong.append(time.monotonic())
                return 401, "That token is not known."
            state["person"], state["bearer"] = name, True
            return None
        if state["person"] or scope["path"].startswith("/static/") or scope["path"] == "/login":
            return None
        if scope["path"].startswith("/api/") or scope["method"] != "GET":
            return 401, "A token is needed: send it as 'Authorization: Bearer TOKEN', or log in at /login."
        query = scope.get("query_string", b"").decode("latin-1")
        target = scope["path"] + (f"?{query}" if query else "")
        return 303, "Log in first.", "/login?next=" + quote(target, safe="")


class _TooLargeError(Exception):
    pass


def _limited(receive: Receive) -> Receive:
    """The request's body, cut off with an error when it is too long."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MAX_BODY:
            raise _TooLargeError
        return message

    return limited


def cookie_header(value: str, secure: bool) -> bytes:
    """The session cookie: not for scripts; other sites can open a page with it but send no form."""
    end = f"; Max-Age={SESSION_DAYS * 86400}"
    return f"{SESSION}={value}; Path=/; HttpOnly; SameSite=Lax{end}{'; Secure' if secure else ''}".encode()


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.strip().split("=", 1) for part in header.split(";"))
    return {p[0]: p[1] for p in pairs if len(p) == 2}


async def _plain(send: Send, status: int, words: str, location: str | None = None) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if location:
        headers.append((b"location", location.encode("latin-1", "replace")))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": (words + "\n").encode()})


def safe_next(target: str) -> str:
    """Where to go after a login: a path of this desk, never another site ("//evil.example")."""
    parts = urlsplit(target)
    good = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if good and target.isprintable() and "\\" not in target else "/"
