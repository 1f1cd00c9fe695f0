"""Reading the package's own data files: validated, hashed, with the line named when something is wrong.

Every stage owns the schema of its files and calls these functions once, at load time.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from legation.problems import ResourceError

T = TypeVar("T")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C loader where it was built
    """YAML in which on, off, yes and no are words: "on" is a preposition and "no" a negation in our files."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:bool"]
    for first, pairs in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


class Schema(BaseModel):
    """Base of every schema: unknown keys are errors, values cannot be changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class DataFile:
    """One file that was read, for `legation info` and the run: path relative to the package, SHA-256, size."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Loaded(Generic[T]):
    """A validated value and the file it came from."""

    value: T
    file: DataFile


def fingerprint(path: Path, content: bytes) -> DataFile:
    """The identity of a data file; files of the package are named relative to it."""
    root = Path(__file__).parent
    name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    return DataFile(name, hashlib.sha256(content).hexdigest(), len(content))


def read_bytes(path: Path) -> bytes:
    """The file's content; ResourceError when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ResourceError(str(path), f"cannot be read ({error.strerror})") from error


def read_yaml(path: Path, schema: type[T] | TypeAdapter[T]) -> Loaded[T]:
    """One YAML file, validated against a pydantic type. ResourceError names file, line and key."""
    content = read_bytes(path)
    adapter: TypeAdapter[T] = schema if isinstance(schema, TypeAdapter) else TypeAdapter(schema)
    try:
        data = yaml.load(content.decode("utf8"), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise ResourceError(str(path), f"not YAML ({error})", mark.line + 1 if mark else None) from error
    try:
        value = adapter.validate_python(data)
    except ValidationError as error:
        found = error.errors()
        # a misspelt key is both unknown and missing under its right name: the unknown one says where to look
        first = next((e for e in found if e["type"] == "extra_forbidden"), found[0])
        line = _line_of(content.decode("utf8"), first["loc"])
        key = ".".join(str(x) for x in first["loc"])
        raise ResourceError(str(path), first["msg"], line, key) from error
    return Loaded(value, fingerprint(path, content))


def _line_of(text: str, loc: tuple[Any, ...]) -> int | None:
    """The line of a YAML node by its path, as near as it can be found."""
    node = yaml.compose(text, Loader=_Loader)
    line: int | None = None
    for step in loc:
        if isinstance(node, yaml.MappingNode):
            pairs = [(k, v) for k, v in node.value if k.value == str(step)]
            if not pairs:
                break
            line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def read_tsv(path: Path, columns: tuple[str, ...]) -> Loaded[list[list[str]]]:
    """One tab-separated file with exactly this header; comment lines start with "#". No quoting.

    Every row has as many cells as the header, else ResourceError names the line.
    """
    content = read_bytes(path)
    try:
        text = content.decode("utf8")
    except UnicodeDecodeError as error:
        raise ResourceError(str(path), f"not UTF-8 ({error.reason} at byte {error.start})") from error
    rows: list[list[str]] = []
    seen_header = False
    width = len(columns)
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line[0] == "#":
            continue
        cells = line.rstrip("\r").split("\t")
        if not seen_header:
            if tuple(cells) != columns:
                raise ResourceError(str(path), f"header is {cells}, expected {list(columns)}", number)
            seen_header = True
            continue
        if len(cells) != width:
            raise ResourceError(str(path), f"{len(cells)} cells, expected {width}", number)
        rows.append(cells)
    if not seen_header:
        raise ResourceError(str(path), "is empty")
    return Loaded(rows, fingerprint(path, content))
