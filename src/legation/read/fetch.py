"""Fetching from the web, on request only: public hosts, robots.txt, limits on size, time and redirects.

A name is resolved here, every address it has is checked, and the connection goes to the very address that was
checked: what the name points to a moment later does not matter. No proxy, cookie, password or script is used.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, cast
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from legation.problems import DocumentError, Problem
from legation.read.addresses import why_refused
from legation.read.limits import megabytes
from legation.read.robots import ALLOW_ALL, MAX_ROBOTS_BYTES, REFUSE_ALL, Robots, parse_robots

AGENT = "legation"  # the name that robots.txt may use for us
ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.5"
_REDIRECTS = (301, 302, 303, 307, 308)
_SAFE_PATH = "/%:@!$&'()*+,;=~-._[]"
_LONGEST_URL = 4_000
_MOST_ROBOTS = 2_000  # hosts whose rules are remembered


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much one address may cost. Times in seconds."""

    size: int = 50_000_000  # bytes, as sent and as unpacked; each reader has its own, smaller limit
    total: float = 60.0  # one answer from the first byte asked to the last one read
    silence: float = 20.0  # without a single byte
    redirects: int = 5
    pause: float = 1.0  # between two requests to one host
    longest_pause: float = 30.0  # a robots.txt that asks for more is not waited for


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `url` is where it came from in the end; `kind` and `charset` are what the server says they are."""

    url: str
    body: bytes
    kind: str
    charset: str | None


class Clock(Protocol):
    """What the fetcher needs of time: tests bring their own."""

    def monotonic(self) -> float:
        """Seconds from any beginning."""

    def sleep(self, seconds: float, /) -> None:
        """Wait."""


Resolver = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a host, each once, in the system's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _Timed(io.RawIOBase):
    """What comes from a connection; TimeoutError when all of it takes too long, however steadily it drips."""

    def __init__(self, sock: socket.socket, until: float, silence: float, clock: Clock) -> None:
        self.sock, self.until, self.silence, self.clock = sock, until, silence, clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self.until - self.clock.monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(min(left, self.silence))
        return self.sock.recv_into(buffer)


class _Socket:
    """The part of a socket that http.client uses, with the time watched."""

    def __init__(self, sock: socket.socket, until: float, silence: float, clock: Clock) -> None:
        self.sock = sock
        self.watched = _Timed(sock, until, silence, clock)

    def sendall(self, data: bytes) -> None:
        self.sock.sendall(data)

    def makefile(self, *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(self.watched)

    def close(self) -> None:
        """Nothing yet: the library closes as soon as the head is read, and the body comes afterwards."""


class Fetcher:
    """Fetches addresses one after the other; remembers robots.txt of their hosts. `allow_hosts` may be private."""

    def __init__(
        self,
        allow_hosts: Iterable[str] = (),
        limits: FetchLimits | None = None,
        *,
        resolver: Resolver = resolve,
        clock: Clock | None = None,
    ) -> None:
        self.allowed = frozenset(h.strip().lower().rstrip(".") for h in allow_hosts)
        self.limits = limits or FetchLimits()
        self.resolver = resolver
        self.clock = clock or cast(Clock, time)
        self.robots: dict[str, Robots] = {}
        self.last: dict[str, float] = {}

    def fetch(self, url: str) -> Fetched:
        """The answer. DocumentError with "refused" (we may not ask) or "fetch-failed" (we asked, and got none)."""
        asked, current = url, url
        for _ in range(self.limits.redirects + 1):
            current = self._checked(current, asked)
            self._may(current, asked)
            self._wait(current)
            status, headers, body = self._get(current, asked, self.limits.size)
            if status in _REDIRECTS and headers.get("location"):
                current = urljoin(current, headers["location"])
                continue
            if status != 200:
                raise _failed(asked, f"the server answered {status}{_word(status)}" + _via(asked, current))
            return Fetched(current, body, *_kind(headers.get("content-type", "")))
        raise _failed(asked, f"more than {self.limits.redirects} redirects one after the other")

    def _checked(self, url: str, asked: str) -> str:
        """The address in its plain form. Only http and https, no password in it, nothing that could break the line."""
        if len(url) > _LONGEST_URL or re.search(r"[\x00-\x20\x7f\\]", url):
            raise _refused(asked, "it is no address that can be asked (blanks, control characters, or too long)")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise _refused(asked, f"it is no address ({error})") from error
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            raise _refused(asked, f"only http and https are fetched{_via(asked, url)}")
        if parts.username is not None or parts.password is not None:
            raise _refused(asked, "addresses with a user or password in them are not fetched")
        try:
            host = parts.hostname if ":" in parts.hostname else parts.hostname.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise _refused(asked, f"{parts.hostname!r} is no name of a host") from error
        shown = f"[{host}]" if ":" in host else host
        path, query = quote(parts.path or "/", safe=_SAFE_PATH), quote(parts.query, safe=_SAFE_PATH + "?")
        return urlunsplit((parts.scheme.lower(), f"{shown}:{port}" if port else shown, path, query, ""))

    def _may(self, url: str, asked: str) -> None:
        """robots.txt. Where a server fails to give it, nothing is asked; where it has none, everything may be."""
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self.robots:
            if len(self.robots) >= _MOST_ROBOTS:
                self.robots.clear()
            self.robots[root] = self._robots(root, asked)
        rules = self.robots[root]
        if not rules.allows(parts.path + (f"?{parts.query}" if parts.query else "")):
            why = "could not be read, which counts as a no" if rules is REFUSE_ALL else "asks robots not to fetch this"
            raise _refused(asked, f"{root}/robots.txt {why}")
        if rules.delay is not None and rules.delay > self.limits.longest_pause:
            raise _refused(asked, f"{root}/robots.txt asks for a pause of {rules.delay:.0f} seconds between requests")

    def _robots(self, root: str, asked: str) -> Robots:
        url = f"{root}/robots.txt"
        for _ in range(self.limits.redirects + 1):
            try:
                status, headers, body = self._get(url, asked, MAX_ROBOTS_BYTES, cut=True)
            except DocumentError as error:
                if error.problem.code == "refused":
                    raise
                return REFUSE_ALL
            if status in _REDIRECTS and headers.get("location"):
                url = self._checked(urljoin(url, headers["location"]), asked)
                continue
            if status == 200:
                return parse_robots(body.decode("utf-8", "replace"), AGENT)
            return ALLOW_ALL if 400 <= status < 500 and status != 429 else REFUSE_ALL
        return ALLOW_ALL  # the standard: too many redirects are as if there were none

    def _addresses(self, host: str, port: int, asked: str) -> list[str]:
        """The host's addresses, all of them public, unless the caller has allowed this host."""
        try:
            found = self.resolver(host, port)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise _failed(asked, f"the host {host} cannot be found ({reason})") from error
        if not found:
            raise _failed(asked, f"the host {host} has no address")
        if host in self.allowed or f"{host}:{port}" in self.allowed:
            return found
        for address in found:
            reason = why_refused(address)
            if reason:
                text = f"the host {host} has a {reason} address ({address}); --allow-host {host} would permit it"
                raise _refused(asked, text)
        return found

    def _get(self, url: str, asked: str, limit: int, *, cut: bool = False) -> tuple[int, dict[str, str], bytes]:
        """Status, headers, unpacked body. With `cut` a longer body is cut off instead of refused."""
        parts = urlsplit(url)
        host, secure = (parts.hostname or "").lower().rstrip("."), parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        addresses = self._addresses(host, port, asked)
        until = self.clock.monotonic() + self.limits.total
        connection = http.client.HTTPConnection(host, port)
        sock: socket.socket | None = None
        try:
            # given a socket, the library resolves and connects nothing itself
            sock = self._connect(addresses, port, host if secure else None)
            connection.sock = cast(socket.socket, _Socket(sock, until, self.limits.silence, self.clock))
            target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
            connection.putrequest("GET", target, skip_host=True, skip_accept_encoding=True)
            for key, value in (
                ("Host", parts.netloc),
                ("User-Agent", user_agent()),
                ("Accept", ACCEPT),
                ("Accept-Encoding", "gzip"),
                ("Connection", "close"),
            ):
                connection.putheader(key, value)
            connection.endheaders()
            answer = connection.getresponse()
            headers = {k.lower(): v for k, v in reversed(answer.getheaders())}
            if answer.status in _REDIRECTS:
                return answer.status, headers, b""
            return answer.status, headers, self._body(answer, headers, asked, limit, cut)
        except TimeoutError as error:
            raise _failed(asked, f"{host} took longer than {self.limits.total:.0f} seconds, or was silent") from error
        except ssl.SSLError as error:
            raise _failed(asked, f"{host} gives no secure connection ({error.reason or error})") from error
        except OSError as error:
            raise _failed(asked, f"{host} cannot be reached ({error.strerror or error})") from error
        except http.client.HTTPException as error:
            raise _failed(asked, f"{host} does not answer as a web server ({type(error).__name__})") from error
        finally:
            if sock is not None:
                sock.close()

    def _connect(self, addresses: list[str], port: int, secure_name: str | None) -> socket.socket:
        """A connection to the first of the checked addresses that answers."""
        first: OSError | None = None
        for address in addresses[:4]:
            try:
                sock = socket.create_connection((address, port), timeout=self.limits.silence)
            except OSError as error:
                first = first or error
                continue
            if secure_name is None:
                return sock
            try:
                return ssl.create_default_context().wrap_socket(sock, server_hostname=secure_name)
            except BaseException:
                sock.close()
                raise
        raise first or OSError("no address")

    def _body(
        self, answer: http.client.HTTPResponse, headers: dict[str, str], asked: str, limit: int, cut: bool
    ) -> bytes:
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding in ("gzip", "x-gzip"):
            inflate: Any = zlib.decompressobj(16 + zlib.MAX_WBITS)
        elif encoding in ("", "identity"):
            inflate = None
        else:
            raise _failed(asked, f"it is packed in a way that was not asked for ({encoding[:40]})")
        parts: list[bytes] = []
        size = 0
        while size <= limit and (block := answer.read1(1 << 16)):
            try:
                plain = inflate.decompress(block, limit + 1 - size) if inflate else block
            except zlib.error as error:
                raise _failed(asked, f"it cannot be unpacked ({error})") from error
            parts.append(plain)
            size += len(plain)
        if size > limit and not cut:
            raise DocumentError(Problem("too-large", f"is longer than {megabytes(limit)}", asked, asked))
        if size <= limit and (answer.length or (inflate and not inflate.eof)):
            raise _failed(asked, "the answer breaks off")
        return b"".join(parts)[:limit]

    def _wait(self, url: str) -> None:
        """A pause since the last page of this host; none for hosts of one's own."""
        parts = urlsplit(url)
        host = parts.netloc.lower()
        rules = self.robots.get(f"{parts.scheme}://{parts.netloc}")
        pause = max(self.limits.pause, min((rules.delay or 0.0) if rules else 0.0, self.limits.longest_pause))
        if host in self.allowed or (parts.hostname or "") in self.allowed:
            pause = 0.0
        now = self.clock.monotonic()
        if host in self.last and pause > 0:
            left = self.last[host] + pause - now
            if left > 0:
                self.clock.sleep(left)
        self.last[host] = self.clock.monotonic()


def user_agent() -> str:
    """How we name ourselves to servers."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("legation")
    except PackageNotFoundError:
        number = "0"
    return f"{AGENT}/{number} (news reader for research; obeys robots.txt)"


def _kind(value: str) -> tuple[str, str | None]:
    """(type, charset) of a Content-Type."""
    charset = re.search(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", value, re.I)
    return value.partition(";")[0].strip().lower(), charset.group(1) if charset else None


def _word(status: int) -> str:
    phrase = http.client.responses.get(status)
    return f" ({phrase})" if phrase else ""


def _via(asked: str, current: str) -> str:
    return "" if current == asked else f", after a redirect to {current[:200]}"


def _refused(url: str, reason: str) -> DocumentError:
    return DocumentError(Problem("refused", f"is not fetched: {reason}", url, url))


def _failed(url: str, reason: str) -> DocumentError:
    return DocumentError(Problem("fetch-failed", f"could not be fetched: {reason}", url, url))
