"""What the tests of the readers share: files on the spot, and what came out in short."""

from __future__ import annotations

from pathlib import Path

from legation.model.text import RawDocument
from legation.problems import Problem
from legation.read import read_paths


def read(path: str | Path, content: bytes | str | None = None, **more: object) -> list[RawDocument | Problem]:
    """Everything that comes out of one path, which is written first when there is something to write."""
    if content is not None:
        Path(path).write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_paths([str(path)], **more))  # type: ignore[arg-type]


def document(found: RawDocument | Problem) -> RawDocument:
    """It is one."""
    assert isinstance(found, RawDocument), found
    return found


def problem(found: RawDocument | Problem) -> Problem:
    """It is one, and says something."""
    assert isinstance(found, Problem), found
    assert found.message and found.name
    return found


def short(found: list[RawDocument | Problem]) -> list[tuple[str, str]]:
    """(ok or the problem's code, the name) of everything."""
    return [(x.code if isinstance(x, Problem) else "ok", x.name) for x in found]
