"""What is packed: gzip and ZIP, unpacked while it is read, with an eye on bombs."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from legation.problems import DocumentError, Problem
from legation.read.limits import FREE_UNPACKED_BYTES, MAX_SPOOL_BYTES, MAX_UNPACKED_RATIO, megabytes

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
_BLOCK = 1 << 16
_MOST_MEMBERS = 1_000_000


class _Counted(io.RawIOBase):
    """Passes bytes on and counts them."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.count = stream, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self.stream.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


class _Unpacked(io.RawIOBase):
    """The unpacked bytes of a gzip stream. DocumentError "damaged" or "too-large" while reading."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self.name, self.size = name, 0
        self.packed = _Counted(stream)
        self.plain = gzip.GzipFile(fileobj=cast(BinaryIO, self.packed), mode="rb")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self.plain.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise damaged(self.name, "gzip", error) from error
        self.size += len(data)
        check_ratio(self.size, self.packed.count, self.name)
        buffer[: len(data)] = data
        return len(data)


def damaged(name: str, what: str, error: Exception) -> DocumentError:
    """The Problem of a packed file that cannot be unpacked (further)."""
    cut = isinstance(error, EOFError)
    reason = f"is a {what} file that ends too early" if cut else f"is a damaged {what} file ({error})"
    return DocumentError(Problem("damaged", f"{reason}; what stood before that has been read", name, name))


def check_ratio(unpacked: int, packed: int, name: str) -> None:
    """DocumentError when so few bytes become so many that they can only be a bomb."""
    if unpacked > FREE_UNPACKED_BYTES and unpacked > MAX_UNPACKED_RATIO * packed:
        reason = f"unpacks to more than {MAX_UNPACKED_RATIO} times its size, like a bomb; the rest was left alone"
        raise DocumentError(Problem("too-large", reason, name, name))


def unpack_gzip(stream: BinaryIO, name: str) -> BinaryIO:
    """The unpacked stream: constant memory, several members are one stream."""
    return cast(BinaryIO, io.BufferedReader(_Unpacked(stream, name), _BLOCK))


class _Member(io.RawIOBase):
    """One file of a ZIP archive, watched like a gzip stream."""

    def __init__(self, plain: BinaryIO, packed: int, name: str) -> None:
        self.plain, self.packed, self.name, self.size = plain, packed, name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self.plain.read(len(buffer))
        except Exception as error:  # the library's faults with damaged archives are of many types
            raise damaged(self.name, "ZIP", error) from error
        self.size += len(data)
        check_ratio(self.size, self.packed, self.name)
        buffer[: len(data)] = data
        return len(data)


def zip_members(stream: BinaryIO, name: str) -> Iterator[tuple[str, BinaryIO] | Problem]:
    """(name, stream) of every file in an archive, in the order of their names. Folders and hidden files are left out.

    DocumentError when it is no archive; a Problem for a file that is locked or cannot be unpacked.
    """
    try:
        archive = zipfile.ZipFile(stream)
    except Exception as error:  # as below
        reason = f"is no ZIP archive that can be opened ({error})"
        raise DocumentError(Problem("damaged", reason, name, name)) from error
    with archive:
        members = sorted(
            (m for m in archive.infolist() if m.filename and not m.filename.endswith("/")), key=lambda m: m.filename
        )
        if len(members) > _MOST_MEMBERS:
            raise DocumentError(Problem("too-large", f"holds more than {_MOST_MEMBERS:,} files", name, name))
        for member in members:
            inner = f"{name}/{member.filename}"
            if any(part.startswith((".", "__MACOSX")) for part in member.filename.split("/")):
                continue
            if member.flag_bits & 1:
                yield Problem("encrypted", "is locked with a password in the archive", inner, inner)
                continue
            try:
                plain = archive.open(member)
            except Exception as error:  # the library's faults with damaged archives are of many types
                yield Problem("damaged", f"cannot be unpacked ({type(error).__name__}: {error})", inner, inner)
                continue
            with plain:
                raw = _Member(cast(BinaryIO, plain), member.compress_size, inner)
                yield inner, cast(BinaryIO, io.BufferedReader(raw, _BLOCK))


def spool(stream: BinaryIO, name: str) -> BinaryIO:
    """The stream as a temporary file that can be read from any place. DocumentError when it is too long."""
    import tempfile

    if stream.seekable():
        return stream
    kept = tempfile.SpooledTemporaryFile(max_size=16_000_000)  # noqa: SIM115 (closed by whoever reads it to its end)
    size = 0
    while block := stream.read(1 << 20):
        size += len(block)
        if size > MAX_SPOOL_BYTES:
            kept.close()
            raise DocumentError(Problem("too-large", f"is longer than {megabytes(MAX_SPOOL_BYTES)}", name, name))
        kept.write(block)
    kept.seek(0)
    return cast(BinaryIO, kept)


def unpack_bytes(data: bytes, encoding: str, limit: int) -> bytes | None:
    """The plain bytes of an HTTP body ("gzip", "deflate"), at most `limit` of them and one more; None when broken."""
    if encoding in ("gzip", "x-gzip"):
        if not data.startswith(GZIP):
            return data[: limit + 1]  # many archives keep the header of a body that they have unpacked
        ways = [16 + zlib.MAX_WBITS]
    elif encoding == "deflate":
        ways = [zlib.MAX_WBITS, -zlib.MAX_WBITS]  # with and without the wrapper: both are sent
    else:
        return None
    for bits in ways:
        try:
            return zlib.decompressobj(bits).decompress(data, limit + 1)
        except zlib.error:
            continue
    return None
