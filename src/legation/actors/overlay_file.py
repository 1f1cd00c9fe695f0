"""A user's own file of actors: reading it line by line with every problem named, and laying new rows into it.

Why beside `lexicon_overlay`: that one stops at the first broken row, because a run must not start with half a file;
here somebody is at work on the file and wants to see all that is wrong at once. Comments and the order of the rows
survive, because later rows see what earlier ones made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from legation.actors.lexicon_overlay import OVERLAY_COLUMNS, check_row
from legation.actors.lexicon_text import fold
from legation.datafiles import read_bytes

DEFAULTS = {"action": "add", "source": "user"}
_KIND, _NAME, _ID = (OVERLAY_COLUMNS.index(c) for c in ("kind", "name", "id"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: the number of its line (from 1) and its cells in the order of OVERLAY_COLUMNS."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """A file's text with new rows in it: how many came, how many went for them, how many stood there already."""

    text: str
    added: int
    replaced: int
    there: int


def read_own(path: Path, whole: bool = True) -> tuple[list[Row], list[str]]:
    """The good rows of a file, and every problem as "FILE, line N (NAME): reason".

    `whole`: the header must be that of an overlay. Without it any of its columns will do, in any order, as long as
    kind and name are among them; `action` is then "add" and `source` "user". ResourceError when it cannot be read.
    """
    content = read_bytes(path)
    try:
        text = content.decode("utf8" if whole else "utf-8-sig")
    except UnicodeDecodeError as error:
        bad_line = content.count(b"\n", 0, error.start) + 1
        return [], [f"{path}, line {bad_line}: not UTF-8 ({error.reason})"]
    header: list[str] | None = None
    rows: list[Row] = []
    problems: list[str] = []
    first: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        if not line or line[0] == "#":
            continue
        cells = line.split("\t")
        if header is None:
            header = cells
            if bad := _bad_header(header, whole):
                return [], [f"{path}, line {number}: {bad}"]
            continue
        name = cells[header.index("name")] if len(cells) > header.index("name") else ""
        where = f"{path}, line {number} ({name or 'no name'})"
        if len(cells) != len(header):
            problems.append(f"{where}: {len(cells)} cells, expected {len(header)}")
            continue
        given = dict(zip(header, cells, strict=True))
        row = tuple(given.get(c) or ("" if whole else DEFAULTS.get(c, "")) for c in OVERLAY_COLUMNS)
        if bad := check_row(list(row)):
            problems.append(f"{where}: {bad}")
        elif row in first:
            problems.append(f"{where}: the same row stands on line {first[row]}")
        else:
            first[row] = number
            rows.append(Row(number, row))
    if header is None:
        problems.append(f"{path}: is empty")
    return rows, problems


def _bad_header(header: list[str], whole: bool) -> str | None:
    """What is wrong with a header, or None."""
    if whole:
        expected = " ".join(OVERLAY_COLUMNS)
        return None if tuple(header) == OVERLAY_COLUMNS else f"the header is not, with tabs between: {expected}"
    if unknown := [c for c in header if c not in OVERLAY_COLUMNS]:
        return f"no such column: {', '.join(unknown)} (there are {', '.join(OVERLAY_COLUMNS)})"
    if missing := [c for c in ("kind", "name") if c not in header]:
        return f"no column {' and '.join(missing)}"
    if len(set(header)) != len(header):
        return "a column stands twice"
    return None


def same_actor(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two rows speak of one actor: the same id, else the same kind and name where the ids do not differ."""
    if one[_ID] and other[_ID]:
        return one[_ID] == other[_ID]
    return one[_KIND] == other[_KIND] and fold(one[_NAME]) == fold(other[_NAME])


def merge(text: str | None, old: Iterable[Row], new: Iterable[Row], replace: bool) -> Merged:
    """The text of an overlay (None: there is none yet) with new rows. `old` are its rows as `read_own` gave them.

    `replace`: the rows of the actors that `new` speaks of go, and the new ones stand where the first of them stood.
    Without it, and for actors that were not there, new rows come at the end; a row that stands there already is left.
    """
    lines = [] if text is None else text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if not any(line and line[0] != "#" for line in lines):
        lines.append("\t".join(OVERLAY_COLUMNS))
    before, fresh = list(old), list(new)
    known = {row.cells for row in before}
    there = sum(row.cells in known for row in fresh)
    if not replace:
        coming = ["\t".join(row.cells) for row in fresh if row.cells not in known]
        return Merged("\n".join([*lines, *coming]) + "\n", len(coming), 0, there)
    gone = {row.line: row for row in before if any(same_actor(row.cells, n.cells) for n in fresh)}
    left = dict.fromkeys(range(len(fresh)))
    out: list[str] = []
    for number, line in enumerate(lines, 1):
        if number not in gone:
            out.append(line)
            continue
        mine = [k for k in left if same_actor(gone[number].cells, fresh[k].cells)]
        out += ["\t".join(fresh[k].cells) for k in mine]
        for k in mine:
            del left[k]
    out += ["\t".join(fresh[k].cells) for k in left]
    kept = {row.cells for row in fresh}
    replaced = sum(row.cells not in kept for row in gone.values())
    return Merged("\n".join(out) + "\n", len(fresh) - there, replaced, there)
