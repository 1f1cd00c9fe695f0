"""Fetching: only on request, only what is public, never more than the limits; against a server in this process."""

from __future__ import annotations

import gzip
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from read_support import document, problem, read, short

from legation.problems import DocumentError
from legation.read import read_paths
from legation.read.addresses import why_refused
from legation.read.fetch import Fetched, Fetcher, FetchLimits
from legation.read.robots import parse_robots

PAGE = "<!DOCTYPE html><html><head><title>News</title></head><body><p>Gondor – met Harad.</p></body></html>"
RSS = (
    "<rss version='2.0'><channel><title>Post</title><item><title>One</title><link>https://post.example/1</link>"
    "<description>Gondor met Harad.</description></item></channel></rss>"
)


BOMB = gzip.compress(b"x" * 80_000_000)


class Site(http.server.BaseHTTPRequestHandler):
    """Answers by path; `asked` keeps the requests, `robots` is the text of robots.txt (None: 404, a number: that)."""

    asked: list[tuple[str, dict[str, str]]] = []  # noqa: RUF012
    robots: str | int | None = None

    def log_message(self, *_: object) -> None:
        pass

    def send(self, body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for key, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        type(self).asked.append((self.path, dict(self.headers)))
        try:
            if path == "/robots.txt":
                if isinstance(self.robots, str):
                    self.send(self.robots.encode(), "text/plain")
                else:
                    self.send(b"", status=self.robots or 404)
            elif path == "/page":
                self.send(PAGE.encode())
            elif path == "/latin":
                self.send(PAGE.replace("–", "é").encode("latin-1"), "text/html; charset=iso-8859-1")
            elif path == "/packed":
                self.send(gzip.compress(PAGE.encode()), Content_Encoding="gzip")
            elif path == "/bomb":
                self.send(BOMB, Content_Encoding="gzip")
            elif path == "/half-packed":
                self.send(gzip.compress(PAGE.encode() * 50)[:-40], Content_Encoding="gzip")
            elif path == "/broken-packed":
                self.send(b"\x1f\x8b\x08" + b"x" * 90, Content_Encoding="gzip")
            elif path == "/br":
                self.send(b"xxxx", Content_Encoding="br")
            elif path == "/feed":
                self.send(RSS.encode(), "application/rss+xml")
            elif path == "/feed-error":
                self.send(b"<html><body>Sorry, no feed today</body></html>", "application/rss+xml")
            elif path == "/text":
                self.send(b"Gondor met Harad.", "text/plain")
            elif path == "/picture":
                self.send(b"\x89PNG\r\n\x1a\n" + b"\x00" * 90, "image/png")
            elif path == "/big":
                self.send_response(200)
                self.end_headers()
                for _ in range(70):
                    self.wfile.write(b"y" * 1_000_000)
            elif path == "/cut":
                self.send(b"abc", Content_Length="5000")
            elif path == "/chunks":
                self.protocol_version = "HTTP/1.1"
                body = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in (PAGE[:40].encode(), PAGE[40:].encode()))
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                self.wfile.write(body + b"0\r\n\r\n")
                self.close_connection = True
            elif path == "/loop":
                self.send(b"", status=302, Location="/loop")
            elif path == "/to":
                self.send(b"", status=301, Location=self.path.partition("?")[2])
            elif path == "/drip":
                self.send_response(200)
                self.end_headers()
                for _ in range(100):
                    self.wfile.write(b"z")
                    self.wfile.flush()
                    time.sleep(0.05)
            elif path == "/silent":
                time.sleep(1.5)
            elif path == "/rubbish":
                self.wfile.write(b"this is not HTTP at all\r\n\r\n")
            elif path == "/headers":
                self.wfile.write(b"HTTP/1.0 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\nhello")
            else:
                self.send(b"no", status=404)
        except OSError:
            pass  # the other side has had enough


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    site.daemon_threads = True
    thread = threading.Thread(target=site.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{site.server_address[1]}"
    site.shutdown()


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Site.asked, Site.robots = [], None


FAST = FetchLimits(size=2_000_000, total=1.0, silence=0.5, redirects=3, pause=0.0)


def fetched(url: str, *hosts: str) -> Fetched:
    return Fetcher(hosts, FAST).fetch(url)


def refusal(url: str, *hosts: str) -> tuple[str, str]:
    with pytest.raises(DocumentError) as caught:
        fetched(url, *hosts)
    return caught.value.problem.code, caught.value.problem.message


def test_nothing_is_fetched_without_being_asked_for(server: str) -> None:
    (found,) = read(f"{server}/page", allow_hosts=["127.0.0.1"])
    assert problem(found).code == "not-fetched" and "--fetch" in found.message
    (found,) = read("list.urls", f"{server}/page\n")
    assert problem(found).code == "not-fetched"
    assert Site.asked == []


def test_pages_feeds_and_lists(server: str) -> None:
    more = {"fetch": True, "allow_hosts": ["127.0.0.1"], "date": "2031-03-03"}
    one = document(read(f"{server}/to?/page", **more)[0])
    assert (one.id, one.url, one.kind) == (f"{server}/to?/page", f"{server}/page", "html")
    assert "Gondor – met Harad." in one.content
    assert "Gondor é met" in document(read(f"{server}/latin", **more)[0]).content
    entry = document(read(f"{server}/feed", **more)[0])
    assert (entry.id, entry.title, entry.publication, entry.date) == (
        "https://post.example/1",
        "One",
        "Post",
        "2031-03-03",
    )
    assert document(read(f"{server}/text", **more)[0]).kind == "text"
    for path in ("packed", "chunks"):
        assert "Gondor – met Harad." in document(read(f"{server}/{path}", **more)[0]).content
    rows = f"# mine\n{server}/page\n\nftp://post.example/x\n{server}/nowhere\n{server}/feed\n{server}/picture\n"
    for name in ("list.urls", "list.dat"):
        found = read(name, rows, **more, **({"input_format": "urls"} if name.endswith("dat") else {}))
        assert short(found) == [
            ("ok", f"{server}/page"),
            ("bad-item", f"{name} line 4"),
            ("fetch-failed", f"{server}/nowhere"),
            ("ok", f"{server}/feed entry 1"),
            ("binary", f"{server}/picture"),
        ]
    (found,) = read(f"{server}/feed-error", input_format="feed", **more)
    assert problem(found).code == "not-a-feed"


def test_how_we_ask(server: str) -> None:
    fetched(f"{server}/page?q=Łódź&x=1#part", "127.0.0.1")
    path, headers = Site.asked[-1]
    assert path == "/page?q=%C5%81%C3%B3d%C5%BA&x=1"
    assert headers["User-Agent"].startswith("legation/") and headers["Accept-Encoding"] == "gzip"
    assert "Cookie" not in headers and headers["Host"] == server.removeprefix("http://")
    assert [p for p, _ in Site.asked] == ["/robots.txt", path]


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("nowhere", "fetch-failed", "404 (Not Found)"),
        ("big", "too-large", "2 MB"),
        ("bomb", "too-large", "2 MB"),
        ("half-packed", "fetch-failed", "breaks off"),
        ("broken-packed", "fetch-failed", "unpacked"),
        ("br", "fetch-failed", "br"),
        ("cut", "fetch-failed", "breaks off"),
        ("loop", "fetch-failed", "3 redirects"),
        ("drip", "fetch-failed", "longer than 1 seconds"),
        ("silent", "fetch-failed", "silent"),
        ("rubbish", "fetch-failed", "web server"),
        ("headers", "fetch-failed", "web server"),
        ("to?ftp://127.0.0.1/x", "refused", "only http and https"),
        ("to?file:///etc/passwd", "refused", "only http and https"),
        ("to?http://u:p@127.0.0.1/x", "refused", "password"),
        ("to?http://10.0.0.1/x", "refused", "private"),
        ("to?http://169.254.169.254/latest/meta-data", "refused", "link-local"),
        ("to?http://localhost:1/x", "refused", "loopback"),
    ],
)
def test_what_goes_wrong(server: str, path: str, code: str, words: str) -> None:
    begun = time.monotonic()
    found, message = refusal(f"{server}/{path}", "127.0.0.1")
    assert found == code and words in message
    assert time.monotonic() - begun < 6


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1/", "loopback"), ("http://127.1/", "loopback"), ("http://2130706433/", "loopback"),
        ("http://0x7f000001/", "loopback"), ("http://[::1]/", "loopback"), ("http://[::ffff:127.0.0.1]/", "loopback"),
        ("http://[::ffff:10.1.2.3]/", "private"), ("http://[64:ff9b::a01:203]/", "private"),
        ("http://[2002:c0a8:101::]/", "private"), ("http://10.1.2.3/", "private"), ("http://172.16.0.1/", "private"),
        ("http://192.168.1.1/", "private"), ("http://169.254.1.1/", "link-local"), ("http://[fe80::1]/", "link-local"),
        ("http://[fc00::1]/", "private"), ("http://224.0.0.1/", "multicast"), ("http://[ff02::1]/", "multicast"),
        ("http://100.64.0.1/", "not public"), ("http://0.0.0.0/", "unspecified"), ("http://[::]/", "unspecified"),
        ("http://255.255.255.255/", "private|reserved"), ("http://localhost/", "loopback"),
        ("http://[fec0::1]/", "private"), ("http:///x", "only http"), ("ftp://post.example/", "only http"),
        ("http://post.example:99999/", "no address"), ("http://a b/", "blanks"), ("http://a\r\nX: y/", "blanks"),
        ("http://x.example/" + "a" * 5_000, "too long"), ("http://u@post.example/", "user or password"),
        ("http://a\\@b/", "blanks"), ("http://" + "a" * 70 + ".example/", "no name of a host"),
    ],
)  # fmt: skip
def test_addresses_that_are_not_asked(url: str, words: str) -> None:
    code, message = refusal(url)
    assert code == "refused"
    assert any(w in message for w in words.split("|")), message


def test_public_addresses_are_not_refused() -> None:
    for address in ("93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"):
        assert why_refused(address) is None, address
    assert why_refused("no address") is not None


def test_the_address_that_was_checked_is_the_one_that_is_asked(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is looked up, and private when it is looked up again."""
    port = int(server.rpartition(":")[2])
    answers = iter([["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]])
    connected: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address)
        raise OSError("not in a test")

    monkeypatch.setattr(socket, "create_connection", connect)
    fetcher = Fetcher((), FAST, resolver=lambda host, port: next(answers))
    with pytest.raises(DocumentError) as caught:
        fetcher.fetch(f"http://rebind.example:{port}/page")
    # robots.txt could not be had from the public address, which counts as a no; the private one was never asked
    assert connected == [("93.184.216.34", port)]
    assert caught.value.problem.code == "refused"
    with pytest.raises(DocumentError) as caught:
        Fetcher((), FAST, resolver=lambda host, port: next(answers)).fetch(f"http://rebind.example:{port}/page")
    assert "loopback" in caught.value.problem.message
    assert connected == [("93.184.216.34", port)]


def test_a_name_with_one_private_address_among_public_ones() -> None:
    fetcher = Fetcher((), FAST, resolver=lambda host, port: ["93.184.216.34", "10.0.0.1"])
    with pytest.raises(DocumentError) as caught:
        fetcher.fetch("http://mixed.example/")
    assert "private" in caught.value.problem.message and "--allow-host mixed.example" in caught.value.problem.message


def test_allowing_a_host_allows_only_this_host(server: str) -> None:
    port = int(server.rpartition(":")[2])
    fetcher = Fetcher([f"127.0.0.1:{port}", "Desk.example"], FAST, resolver=lambda host, port: ["127.0.0.1"])
    assert fetcher.fetch(f"http://desk.example:{port}/page").kind == "text/html"
    assert fetcher.fetch(f"{server}/page").charset == "utf-8"
    with pytest.raises(DocumentError):
        fetcher.fetch(f"http://other.example:{port}/page")
    code, message = refusal(f"{server}/to?http://localhost:{port}/page", "127.0.0.1")
    assert code == "refused" and "localhost" in message


def test_hosts_that_cannot_be_found_or_reached() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(DocumentError) as caught:
        Fetcher((), FAST, resolver=nobody).fetch("http://no.example/")
    assert (
        caught.value.problem.code in ("fetch-failed", "refused") and caught.value.problem.name == "http://no.example/"
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert refusal(f"http://127.0.0.1:{port}/x", "127.0.0.1")[0] in ("refused", "fetch-failed")
    with pytest.raises(DocumentError):
        Fetcher((), FAST, resolver=lambda host, port: []).fetch("http://no.example/")


@pytest.mark.parametrize(
    ("robots", "refused"),
    [
        (None, False), (403, False), (503, True), (429, True), ("", False),
        ("User-agent: *\nDisallow: /", True), ("User-agent: *\nDisallow: /pa", True),
        ("User-agent: *\nDisallow: /other", False), ("User-agent: otherbot\nDisallow: /", False),
        ("User-agent: legation\nDisallow: /\n\nUser-agent: *\nAllow: /", True),
        ("User-agent: Legation/1.0\nAllow: /\n\nUser-agent: *\nDisallow: /", False),
        ("User-agent: *\nCrawl-delay: 900", True), ("User-agent: *\nDisallow: /\nAllow: /page", False),
    ],
)  # fmt: skip
def test_robots(server: str, robots: str | int | None, refused: bool) -> None:
    Site.robots = robots
    if refused:
        code, message = refusal(f"{server}/page", "127.0.0.1")
        assert code == "refused" and "robots.txt" in message
        assert [p for p, _ in Site.asked] == ["/robots.txt"]
    else:
        assert fetched(f"{server}/page", "127.0.0.1").body == PAGE.encode()


@pytest.mark.parametrize(
    ("rule", "path", "allowed"),
    [
        ("/a", "/abc", False), ("/a$", "/abc", True), ("/a$", "/a", False), ("/*.pdf$", "/x/y.pdf", False),
        ("/*.pdf$", "/x/y.pdf?z", True), ("/*/b", "/a/b", False), ("/*/b", "/b", True), ("/%C3%A9", "/é", False),
        ("/a%2Fb", "/a/b", True), ("/a?x=", "/a?x=1", False), ("*", "/", False), ("", "/", True), ("/A", "/a", True),
        ("/a*b*c*d", "/" + "abc" * 5_000, True),
    ],
)  # fmt: skip
def test_patterns_of_robots(rule: str, path: str, allowed: bool) -> None:
    assert parse_robots(f"User-agent: *\nDisallow: {rule} # note", "legation").allows(path) == allowed


def test_groups_of_robots() -> None:
    text = "\ufeffuser-AGENT: a\nUser-agent: legation\nDisallow: /x\n\nSitemap: y\nCrawl-delay: 2.5\n"
    text += "User-agent: *\nDisallow: /"
    rules = parse_robots(text, "legation")
    assert rules.delay == 2.5 and rules.allows("/y") and not rules.allows("/x")
    assert not parse_robots(text, "other").allows("/y")
    assert parse_robots("rubbish\x00\n: :\nDisallow: /\n", "legation").allows("/")


class Watch:
    """A clock that only goes on when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 100.0, []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_pauses_between_pages_of_one_host(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(server.rpartition(":")[2])
    real = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda address, timeout: real(("127.0.0.1", port), timeout))
    Site.robots = "User-agent: *\nCrawl-delay: 7"
    watch = Watch()
    fetcher = Fetcher((), FetchLimits(pause=1.0), resolver=lambda host, port: ["93.184.216.34"], clock=watch)
    for url in ("http://a.example/page", "http://b.example/page", "http://a.example/text"):
        fetcher.fetch(url)
    assert watch.slept == [7.0]
    assert [p for p, _ in Site.asked].count("/robots.txt") == 2


def test_secure_connections_are_checked(server: str) -> None:
    url = server.replace("http://", "https://") + "/page"
    assert refusal(url, "127.0.0.1")[0] == "refused"  # robots.txt cannot be had: the server speaks no TLS
    assert Site.asked == []


def test_one_bad_address_does_not_stop_the_others(server: str) -> None:
    paths = ["http://10.0.0.1/", f"{server}/page", "https://", "nowhere.txt", f"{server}/text"]
    found = list(read_paths(paths, fetch=True, allow_hosts=["127.0.0.1"]))
    assert [x[0] for x in short(found)] == ["refused", "ok", "refused", "not-found", "ok"]
