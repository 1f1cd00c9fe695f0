"""WARC: pages of a crawl, and the way on behind every kind of damage."""

from __future__ import annotations

import gzip
import io
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from read_support import document, problem, read, short

from legation.clean import clean, load_cleaner
from legation.problems import Problem
from legation.read import read_paths

PAGE = (
    "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Gondor recalls envoy</title></head><body><article><p>"
    + "Gondor recalled its ambassador from Harad on Monday, the foreign ministry said in a long statement. " * 3
    + "</p><p>Record %d.</p></article></body></html>"
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def record(
    number: int,
    body: bytes | None = None,
    *,
    kind: bytes = b"response",
    http: bytes = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n",
    extra: bytes = b"",
    off: int = 0,
) -> bytes:
    """One record; `off` is by how much its length is wrong."""
    payload = http + (PAGE % number if body is None else "").encode() + (body or b"")
    head = (
        b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: https://post.example/%d\r\nWARC-Date: 2031-03-09T10:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:%08d>\r\nContent-Type: application/http; msgtype=response\r\n%s"
        b"Content-Length: %d\r\n\r\n"
    ) % (kind, number, number, extra, len(payload) + off)
    return head + payload + b"\r\n\r\n"


INFO = record(0, b"software: test\r\n", kind=b"warcinfo", http=b"")
ASKED = record(9, b"", kind=b"request", http=b"GET / HTTP/1.1\r\nHost: post.example\r\n\r\n")
KINDS = pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])


def warc(*records: bytes, packed: bool) -> bytes:
    return b"".join(gzip.compress(r) if packed else r for r in records)


def numbers(found: list) -> list[str]:
    """Which records came out, and the codes of what did not."""
    return [x.code if isinstance(x, Problem) else x.content.split("Record ")[1].split(".")[0] for x in found]


@KINDS
def test_pages_and_what_is_known_of_them(packed: bool) -> None:
    name = "a.warc.gz" if packed else "a.warc"
    missing = record(2, http=b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n")
    picture = record(3, http=b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n")
    data = warc(INFO, ASKED, record(1), missing, picture, record(4), packed=packed)
    first, second = map(document, read(name, data))
    assert (first.id, first.url, first.kind) == ("urn:uuid:00000001", "https://post.example/1", "html")
    assert first.name == f"{name} record 3 (https://post.example/1)"
    assert first.date is None  # the day of the crawl is none of publication
    assert numbers([first, second]) == ["1", "4"]
    article = clean(first, load_cleaner())
    assert (article.published, article.published_basis, article.url) == (None, "none", "https://post.example/1")
    (again, _) = map(document, read_paths(["-"], stdin=io.BytesIO(data), input_format="warc", date="2031-03-01"))
    assert again.date == "2031-03-01"
    assert numbers(read("b.bin", data)) == ["1", "4"]


def test_a_whole_archive_in_one_gzip_member() -> None:
    assert numbers(read("a.warc.gz", gzip.compress(INFO + record(1) + record(2)))) == ["1", "2"]


def test_contents_as_servers_send_them() -> None:
    page = (PAGE % 1).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    chunks = b"10;x=y\r\n" + page[:16] + b"\r\n%x\r\n" % len(page[16:]) + page[16:] + b"\r\n0\r\n\r\n"
    bare = zlib.compressobj(wbits=-15)
    for body, more in (
        (gzip.compress(page), b"Content-Encoding: gzip\r\n\r\n"),
        (page, b"Content-Encoding: gzip\r\n\r\n"),  # the header was kept, the body unpacked
        (zlib.compress(page), b"Content-Encoding: deflate\r\n\r\n"),
        (bare.compress(page) + bare.flush(), b"Content-Encoding: deflate\r\n\r\n"),
        (chunks, b"Transfer-Encoding: chunked\r\n\r\n"),
        (page, b"Transfer-Encoding: chunked\r\n\r\n"),
    ):
        assert numbers(read("a.warc", record(1, body, http=head + more))) == ["1"], more
    for body, more, code in (
        (gzip.compress(page)[:-30], b"Content-Encoding: gzip\r\n\r\n", "ok"),
        (b"\x1f\x8b" + b"x" * 50, b"Content-Encoding: gzip\r\n\r\n", "damaged"),
        (page, b"Content-Encoding: br\r\n\r\n", "damaged"),
        (chunks[:100], b"Transfer-Encoding: chunked\r\n\r\n", "damaged"),
        (gzip.compress(b"x" * 50_000_000), b"Content-Encoding: gzip\r\n\r\n", "too-large"),
        (b"", b"\r\n", "empty"),
        (b"\x00\x01" * 100, b"\r\n", "binary"),
    ):
        (found,) = read("a.warc", record(1, body, http=head + more))
        assert short([found])[0][0] == code, more
        assert "record 1" in found.name and "https://post.example/1" in found.name


def test_encodings() -> None:
    page = "<html><body><p>Łódź and Éowyn: Record 1.</p></body></html>"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-2\r\n\r\n"
    (found,) = read("a.warc", record(1, page.encode("iso-8859-2"), http=head))
    assert "Łódź" in document(found).content
    (found,) = read("a.warc", record(1, page.encode("utf-8"), http=head))
    assert "Łódź" in document(found).content


def test_texts_made_by_a_crawler() -> None:
    data = record(1, b"Gondor met Harad.", kind=b"conversion", http=b"").replace(
        b"application/http; msgtype=response", b"text/plain"
    )
    one = document(read("a.warc", data, no_clean=True)[0])
    assert (one.kind, one.content, one.already_clean) == ("text", "Gondor met Harad.", True)


@KINDS
@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (record(2, off=100_000), ["1", "damaged", "3", "4"]),
        (record(2, off=10), ["1", "damaged", "3", "4"]),
        (record(2, off=-10), ["1", "damaged", "3", "4"]),
        (record(2).replace(b"Content-Length: ", b"Content-Length: -"), ["1", "damaged", "3", "4"]),
        (record(2).replace(b"Content-Length", b"Content-Size"), ["1", "damaged", "3", "4"]),
        (record(2).replace(b"WARC/1.0", b"WRAC/1.0", 1), ["1", "damaged", "3", "4"]),
        (b"garbage\r\n\r\nmore garbage\r\n", ["1", "damaged", "3", "4"]),
        (record(2, extra=b"X: " + b"a" * 200_000 + b"\r\n"), ["1", "damaged", "3", "4"]),
        (record(2, http=b"nothing"), ["1", "damaged", "3", "4"]),
        (record(2)[:300], ["1", "damaged", "3", "4"]),
        (record(2, b"x" * 9_000_000), ["1", "too-large", "3", "4"]),
        (record(2, b"x" * 9_000_000, http=b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n"), ["1", "3", "4"]),
        (record(2, kind=b"request", off=5_000), ["1", "damaged", "3", "4"]),
    ],
)  # fmt: skip
def test_behind_a_broken_record_the_next_is_read(packed: bool, broken: bytes, expected: list[str]) -> None:
    found = read("a.warc.gz" if packed else "a.warc", warc(record(1), broken, record(3), record(4), packed=packed))
    assert numbers(found) == expected
    for x in found:
        if isinstance(x, Problem):
            assert "record 2" in problem(x).name


@pytest.mark.parametrize("at", [12, 30, 90, -4])
def test_damaged_gzip_members(at: int) -> None:
    members = [gzip.compress(record(k)) for k in range(1, 6)]
    broken = bytearray(members[1])
    broken[at] ^= 0xFF
    broken[at + 1] ^= 0x55
    found = numbers(read("a.warc.gz", members[0] + bytes(broken) + b"".join(members[2:])))
    assert found[0] == "1" and found[-3:] == ["3", "4", "5"]
    assert "damaged" in found and len(found) in (5, 6)


def test_a_gap_between_members() -> None:
    data = (
        gzip.compress(record(1)) + b"\x00" * 700 + gzip.compress(record(2)) + b"rubbish" * 50 + gzip.compress(record(3))
    )
    assert numbers(read("a.warc.gz", data)) == ["1", "2", "damaged", "3"]


@KINDS
def test_an_archive_that_breaks_off(packed: bool) -> None:
    data = warc(record(1), record(2), record(3), packed=packed)
    found = read("a.warc.gz" if packed else "a.warc", data[:-60])
    assert numbers(found) == ["1", "2", "damaged"]
    assert "ends" in problem(found[-1]).message or "end too early" in problem(found[-1]).message


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (INFO, "empty"), (b"<html><body>no</body></html>", "damaged"), (bytes(range(256)) * 90, "damaged"),
     (b"\x1f\x8b\x08\x00" + b"x" * 90, "damaged"), (gzip.compress(b"hello"), "damaged"), (b"\n" * 100_000, "empty")],
)  # fmt: skip
def test_what_is_no_archive(content: bytes, code: str) -> None:
    (found,) = read("a.warc", content)
    assert problem(found).code == code and found.name.startswith("a.warc")


def test_a_bomb() -> None:
    head = record(1, b"", off=2_000_000_000).removesuffix(b"\r\n\r\n")
    packer = zlib.compressobj(9, wbits=31)
    data = packer.compress(head) + b"".join(packer.compress(b"\x00" * 10_000_000) for _ in range(30)) + packer.flush()
    begun = time.process_time()
    found = read("a.warc.gz", data + gzip.compress(record(2)))
    assert [x[0] for x in short(found)] == ["too-large"] and "bomb" in problem(found[0]).message
    assert time.process_time() - begun < 10


class Endless(io.RawIOBase):
    """Records without end, made as they are read."""

    def __init__(self, count: int) -> None:
        self.parts: Iterator[bytes] = (record(k) for k in range(count))
        self.rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        self.rest = self.rest or next(self.parts, b"")
        count = min(len(buffer), len(self.rest))
        buffer[:count] = self.rest[:count]
        self.rest = self.rest[count:]
        return count


def test_memory_is_constant_and_nothing_jumps() -> None:
    tracemalloc.start()
    stream = io.BufferedReader(Endless(6_000))
    count = sum(1 for x in read_paths(["-"], stdin=stream, input_format="warc") if document(x))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 6_000 and peak < 6_000_000, peak


@settings(max_examples=60, deadline=None)
@given(st.data(), st.booleans())
def test_no_damage_raises_or_loops(data: st.DataObject, packed: bool) -> None:
    archive = bytearray(warc(record(1), record(2), record(3), packed=packed))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(archive) - 1))
        past = min(len(archive), at + data.draw(st.integers(0, 40)))
        archive[at:past] = data.draw(st.binary(max_size=30))
        if not archive:
            return
    found = list(read_paths(["-"], stdin=io.BytesIO(bytes(archive)), input_format="warc"))
    assert 1 <= len(found) <= 8
