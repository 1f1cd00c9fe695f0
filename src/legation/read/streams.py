"""Bytes in bounded portions."""

from __future__ import annotations

import io
from typing import BinaryIO, cast

from legation.problems import DocumentError, Problem
from legation.read.limits import megabytes


def bounded(stream: BinaryIO, limit: int, name: str) -> bytes:
    """The whole stream, or a Problem as soon as it is longer than the limit."""
    chunks: list[bytes] = []
    size = 0
    while chunk := stream.read(1 << 20):
        size += len(chunk)
        if size > limit:
            raise DocumentError(Problem("too-large", f"is longer than {megabytes(limit)}", name, name))
        chunks.append(chunk)
    return b"".join(chunks)


def peekable(stream: BinaryIO) -> io.BufferedReader:
    """The stream with `peek`."""
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(cast(io.RawIOBase, stream), 1 << 16)


def head_of(stream: io.BufferedReader) -> bytes:
    """The first bytes (some kilobytes at most), left where they are."""
    return stream.peek(8192)[:8192]
