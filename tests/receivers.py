"""A mail server and an HTTP receiver for tests, on 127.0.0.1 with a port of the system's choice.

Each takes a list of things to go wrong, one a message, used up in turn; with none left it behaves. `seen` is what
arrived on the wire, `kept` what a receiver that keeps ids makes of it: every id once.
"""

from __future__ import annotations

import base64
import email
import email.policy
import http.server
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any


@dataclass
class Hook:
    """One POST as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Web:
    """An HTTP receiver. `wrong`: a status, "hang", "drop" (no answer), "late" (takes it, then no answer), "drip",
    "huge", ("redirect", url) or ("wait", seconds)."""

    wrong: list[Any] = field(default_factory=list)
    seen: list[Hook] = field(default_factory=list)
    kept: dict[str, Hook] = field(default_factory=dict)
    port: int = 0
    hang: float = 3.0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def take(self, hook: Hook) -> None:
        self.kept.setdefault(hook.headers["webhook-id"], hook)


@contextmanager
def web(context: ssl.SSLContext | None = None) -> Iterator[Web]:
    """The receiver, answering until the block ends."""
    state = Web()

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook = Hook(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            state.seen.append(hook)
            wrong = state.wrong.pop(0) if state.wrong else 204
            if wrong == "late":
                state.take(hook)
            if wrong in ("drop", "late"):
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if wrong == "hang":
                time.sleep(state.hang)
                return
            if wrong == "drip":
                with suppress(OSError):
                    for _ in range(200):
                        self.wfile.write(b"H")
                        time.sleep(0.05)
                return
            if isinstance(wrong, tuple):
                redirect = wrong[0] == "redirect"
                self.send_response(302 if redirect else 429)
                self.send_header("Location" if redirect else "Retry-After", str(wrong[1]))
                self.end_headers()
                return
            if wrong == "huge":
                state.take(hook)
                self.send_response(200)
                self.end_headers()
                with suppress(OSError):
                    for _ in range(4000):
                        self.wfile.write(b"x" * 65536)
                return
            if 200 <= wrong < 300:
                state.take(hook)
            self.send_response(wrong)
            self.end_headers()

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    state.port = server.server_address[1]
    with _serving(server):
        yield state


@dataclass
class Post:
    """A mail server. `wrong`: "rcpt 550", "data 451", "mail 530" (refusals), "drop" (closes before it takes the
    message), "late" (takes it, then closes without a word), "hello 421"."""

    wrong: list[str] = field(default_factory=list)
    seen: list[tuple[str, EmailMessage]] = field(default_factory=list)
    kept: dict[str, EmailMessage] = field(default_factory=dict)
    logins: list[tuple[str, str]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    port: int = 0
    connections: int = 0
    encrypted: list[bool] = field(default_factory=list)
    password: str | None = None

    def to(self, address: str) -> list[EmailMessage]:
        """What reached one address, every id once."""
        return [m for m in self.kept.values() if m["To"] == address]


@contextmanager
def post(context: ssl.SSLContext | None = None) -> Iterator[Post]:
    """The mail server; with a context it offers STARTTLS."""
    state = Post()

    class Handler(socketserver.StreamRequestHandler):
        timeout = 10

        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")
            self.wfile.flush()

        def handle(self) -> None:
            with suppress(OSError):
                self.talk()

        def talk(self) -> None:
            state.connections += 1
            if state.wrong and state.wrong[0].startswith("hello"):
                self.say(state.wrong.pop(0).removeprefix("hello ") + " not now")
                return
            self.say("220 test")
            recipient, secure = "", False
            while line := self.rfile.readline():
                word, _, rest = line.decode("latin1").strip().partition(" ")
                word = word.upper()
                if word == "EHLO":
                    self.say("250-test")
                    if context is not None and not secure:
                        self.say("250-STARTTLS")
                    self.say("250 AUTH PLAIN")
                elif word == "STARTTLS" and context is not None:
                    self.say("220 go")
                    self.connection = context.wrap_socket(self.connection, server_side=True)
                    self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
                    secure = True
                elif word == "AUTH":
                    _, user, password = base64.b64decode(rest.split()[1]).decode().split("\0")
                    state.logins.append((user, password))
                    good = state.password in (None, password)
                    self.say("235 ok" if good else f"535 no such login {user} {password}")
                elif word == "MAIL":
                    self.say(self.refusal("mail") or "250 ok")
                elif word == "RCPT":
                    recipient = rest.partition("<")[2].partition(">")[0]
                    self.say(self.refusal("rcpt") or "250 ok")
                elif word == "DATA":
                    self.say("354 go")
                    lines = []
                    while (one := self.rfile.readline()) not in (b".\r\n", b""):
                        lines.append(one.removeprefix(b".") if one.startswith(b"..") else one)
                    data = b"".join(lines)
                    message = email.message_from_bytes(data, policy=email.policy.default)
                    assert isinstance(message, EmailMessage)
                    state.seen.append((recipient, message))
                    state.raw.append(data)
                    state.encrypted.append(secure)
                    if state.wrong and state.wrong[0] in ("drop", "late"):
                        if state.wrong.pop(0) == "late":
                            state.kept.setdefault(message["Message-ID"], message)
                        self.connection.shutdown(socket.SHUT_RDWR)
                        return
                    if refused := self.refusal("data"):
                        self.say(refused)
                        continue
                    state.kept.setdefault(message["Message-ID"], message)
                    self.say("250 taken")
                elif word in ("RSET", "NOOP"):
                    self.say("250 ok")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("502 what?")

        def refusal(self, where: str) -> str | None:
            if state.wrong and state.wrong[0].startswith(where):
                return state.wrong.pop(0).partition(" ")[2] + " no"
            return None

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    state.port = server.server_address[1]
    with _serving(server):
        yield state


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
