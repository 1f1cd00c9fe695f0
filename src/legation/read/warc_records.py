"""The records of a WARC archive, from a stream of any kind, with a way on behind a broken one.

Read here and not with a library: the one there is stops for good at the first broken record, lets a record with a
wrong length swallow the ones behind it, and needs a file in which it can jump.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from legation.read.unpack import GZIP, check_ratio

_BLOCK = 1 << 18
_MOST_OUT = 1 << 20  # unpacked at once
_LONGEST_HEAD = 64_000
_VERSION = re.compile(rb"WARC/\d\.\d+\s*\Z")
_MARK = re.compile(rb"WARC/\d\.\d+\r?\n(?:WARC-|Content-)", re.I)
# the beginning of a record inside another one: after a blank line, or anywhere in its exact form
_SWALLOWED = re.compile(
    rb"\n\r?\nWARC/\d\.\d+\r?\n(?:WARC-|Content-)|WARC/\d\.\d+\r\nWARC-(?:Type|Record-ID|Date|Target-URI): "
)
_REACH = 64  # bytes that a mark may need on both sides of a block's end


class Broken(Exception):  # noqa: N818 (it is a state of the archive, handled where it is caught)
    """The archive is broken here; reading can go on with the next record."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `headers` by their names in lower case. `payload` holds at most `keep` bytes; `length` is all."""

    headers: dict[str, str]
    payload: bytes
    length: int


class _Blocks:
    """Plain bytes in blocks; raises Broken where gzip is broken, and goes on with the next member."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.stream, self.name = stream, name
        self.packed, self.plain = 0, 0
        self.waiting = self._more()
        self.gzip = self.waiting.startswith(GZIP)
        self.member: zlib._Decompress | None = None

    def _more(self) -> bytes:
        data = self.stream.read(_BLOCK)
        self.packed += len(data)
        return data

    def next(self) -> bytes:
        """The next block, b"" at the end."""
        if not self.gzip:
            data, self.waiting = self.waiting or self._more(), b""
            return data
        while True:
            if not self.waiting:
                self.waiting = self._more()
                if not self.waiting:
                    if self.member is not None:
                        self.member = None
                        raise Broken("the gzip data end too early")
                    return b""
            if self.member is None:
                self.waiting = self.waiting.lstrip(b"\x00")  # padding between members
                if not self.waiting:
                    continue
                self.member = zlib.decompressobj(16 + zlib.MAX_WBITS)
            given = self.waiting
            try:
                data = self.member.decompress(given, _MOST_OUT)
            except zlib.error as error:
                self.member = None
                self._find_member(given)
                raise Broken(f"the gzip data are damaged: {error}") from error
            self.waiting = self.member.unconsumed_tail
            if self.member.eof:
                self.waiting = self.member.unused_data
                self.member = None
            self.plain += len(data)
            check_ratio(self.plain, self.packed, self.name)
            if data:
                return data

    def _find_member(self, given: bytes) -> None:
        """Go to the next gzip member that begins like a record."""
        self.waiting = given[1:]
        while True:
            at = self.waiting.find(GZIP + b"\x08")
            if at < 0:
                more = self._more()
                self.waiting = self.waiting[-2:] + more if more else b""
                if not more:
                    return
                continue
            if len(self.waiting) - at < 512:
                self.waiting, at = self.waiting[at:] + self._more(), 0
            try:
                begins = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(self.waiting[at : at + 4096], 64)
            except zlib.error:
                begins = b""
            if begins.startswith(b"WARC/"):
                self.waiting = self.waiting[at:]
                return
            self.waiting = self.waiting[at + 1 :]


class Records:
    """Walks over an archive. After Broken the walk goes on with the next record that can be found."""

    def __init__(self, stream: BinaryIO, name: str, keep: int) -> None:
        self.blocks = _Blocks(stream, name)
        self.buffer = b""
        self.keep = keep
        self.lost = False  # reading failed: look for the next record
        self.pending: Broken | None = None  # what is broken behind a record that was read well

    def _fill(self) -> bool:
        try:
            block = self.blocks.next()
        except Broken:
            self.buffer = b""
            raise
        self.buffer += block
        return bool(block)

    def next(self) -> Record | None:
        """The next record, None at the end. Broken when it cannot be read."""
        if self.pending is not None:
            error = self.pending
            self.pending, self.lost = None, True
            raise error
        if self.lost and not self._search():
            return None
        self.lost = True  # until the record has been read to its end
        head = self._head()
        if head is None:
            return None
        headers = _headers(head)
        length = headers.get("content-length", "")
        if not re.fullmatch(r"\d{1,15}", length):
            raise Broken("a record does not say its length")
        payload = self._payload(int(length))
        self.lost = False
        return Record(headers, payload, int(length))

    def _search(self) -> bool:
        """Go to the next beginning of a record; False when there is none."""
        while True:
            match = _MARK.search(self.buffer)
            if match:
                self.buffer = self.buffer[match.start() :]
                return True
            self.buffer = self.buffer[-_REACH:]
            if not self._fill():
                return False

    def _head(self) -> bytes | None:
        """The lines up to the first empty one; None at the end of the archive."""
        while True:
            self.buffer = self.buffer.lstrip(b"\r\n")
            if self.buffer:
                break
            if not self._fill():
                return None
        while not (match := re.search(rb"\r?\n\r?\n", self.buffer[: _LONGEST_HEAD + 4])):
            if len(self.buffer) > _LONGEST_HEAD:
                self._step()
                raise Broken("no record begins here, or its headers do not end")
            if not self._fill():
                self._step()
                raise Broken("the archive ends in the headers of a record")
        head = self.buffer[: match.start()]
        if not _VERSION.match(head.split(b"\n", 1)[0]):
            self._step()
            raise Broken("no record begins here")
        self.buffer = self.buffer[match.end() :]
        return head

    def _step(self) -> None:
        """Leave the place where reading failed, so that the search does not find it again."""
        self.buffer = self.buffer[1:]

    def _payload(self, length: int) -> bytes:
        """The record's bytes, checked to end where the next record begins."""
        kept: list[bytes] = []
        size, left = 0, length
        tail = b""
        while left > 0:
            if not self.buffer and not self._fill():
                raise Broken("the archive ends in a record")
            part = self.buffer[:left]
            joined = tail + part
            swallowed = _SWALLOWED.search(joined)
            if swallowed:
                # the next record begins inside this one: its length is wrong
                self.buffer = joined[swallowed.start() :] + self.buffer[len(part) :]
                raise Broken("a record says that it is longer than it is")
            self.buffer = self.buffer[len(part) :]
            left -= len(part)
            if size < self.keep:
                kept.append(part[: self.keep - size])
                size += len(kept[-1])
            tail = joined[-_REACH:]
        self._check_end(tail)
        return b"".join(kept)

    def _check_end(self, tail: bytes) -> None:
        while len(self.buffer.lstrip(b"\r\n")) < 5:
            try:
                if not self._fill() or len(self.buffer) > _LONGEST_HEAD:
                    break
            except Broken as error:
                self.pending = error
                return
        rest = self.buffer.lstrip(b"\r\n")
        if rest and not rest.startswith(b"WARC/"):
            if self.buffer[:1] in (b"\r", b"\n"):  # this one ends as it should, and something else follows
                self.pending = Broken("no record begins here")
                return
            swallowed = _SWALLOWED.search(tail + self.buffer[:_REACH])
            if swallowed:
                self.buffer = (tail + self.buffer)[swallowed.start() :]
            raise Broken("a record is longer or shorter than it says")


def _headers(head: bytes) -> dict[str, str]:
    """Header lines by name in lower case; the first of several counts."""
    found: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").split("\n")[1:]:
        key, mark, value = line.partition(":")
        if mark:
            found.setdefault(key.strip().lower(), value.strip())
    return found


def http_parts(payload: bytes) -> tuple[int, dict[str, str], bytes] | None:
    """(status, headers, body) of a stored answer of a server; None when it is none."""
    match = re.search(rb"\r?\n\r?\n", payload[:_LONGEST_HEAD])
    head, body = (payload[: match.start()], payload[match.end() :]) if match else (payload, b"")
    status = re.match(rb"HTTP/\d(?:\.\d)? (\d{3})", head)
    if not status:
        return None
    return int(status.group(1)), _headers(head), body


def dechunked(body: bytes) -> bytes | None:
    """A body sent in chunks as one; the body itself when it is not in chunks after all, None when it breaks off."""
    parts: list[bytes] = []
    at = 0
    while True:
        match = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,500})?\r?\n").match(body, at)
        if not match:
            return body if at == 0 else None
        size = int(match.group(1), 16)
        if size == 0:
            return b"".join(parts)
        at = match.end() + size
        if at > len(body):
            return None
        parts.append(body[match.end() : at])
        at += 2 if body[at : at + 2] == b"\r\n" else 1


def records_of(stream: BinaryIO, name: str, keep: int) -> Iterator[Record | str]:
    """Every record, and for each broken place the reason."""
    records = Records(stream, name, keep)
    while True:
        try:
            record = records.next()
        except Broken as error:
            yield str(error)
            continue
        if record is None:
            return
        yield record
