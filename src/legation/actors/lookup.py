"""What people ask the lexicon: who is that, is my own file right, what changed between two versions, what is missing.

Plain functions for `legation actors lookup | add | diff | unknown`; the command line only prints what they return.
"""

from __future__ import annotations

import collections
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from legation.actors.lexicon import FOLDER, Entry, Lexicon, Term
from legation.actors.lexicon_overlay import OVERLAY_COLUMNS, check_row
from legation.actors.lexicon_text import fold
from legation.actors.overlay_file import DEFAULTS, read_own
from legation.actors.roles import role_of
from legation.datafiles import Schema, read_yaml
from legation.model.actors import Mention, Role
from legation.problems import ResourceError


class Licence(Schema):
    """Where facts of the lexicon come from: the key in `source`, the origin, the licence, whom to credit."""

    key: str
    name: str
    url: str | None
    licence: str
    credit: str


def licences() -> tuple[Licence, ...]:
    """All sources with their licences, by key. For `legation info --data`; reads one small file."""
    return tuple(read_yaml(FOLDER / "licences.yml", TypeAdapter(list[Licence])).value)


@dataclass(frozen=True, slots=True)
class Found:
    """One bearer of a name: the entry, whether the name alone is enough (`strong`), and the role on the day asked."""

    entry: Entry
    strong: bool
    role: Role


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two lexicons. `what` is "added", "removed" or "changed"; `detail` says in what."""

    what: str
    id: str
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that was met and not resolved: how often, one example, and entries that it may be meant for."""

    text: str
    count: int
    article: str | None
    suggestions: tuple[Entry, ...]


def lookup(name: str, day: str | None, lexicon: Lexicon) -> list[Found]:
    """All entries with this name, best first; a bare surname gives all its bearers. `day` is an ISO day or None."""
    found: list[Found] = []
    seen: set[str] = set()
    for hit in lexicon.find(name):
        if hit.start == 0 and hit.end == len(name):
            found += [Found(e, hit.strong, _role(e, name, day, lexicon)) for e in hit.entries]
    seen = {f.entry.id for f in found}
    if " " not in name or not found:
        found += [Found(e, False, _role(e, name, day, lexicon)) for e in lexicon.surname(name) if e.id not in seen]
    return found


def _role(entry: Entry, name: str, day: str | None, lexicon: Lexicon) -> Role:
    mention = Mention(
        0,
        len(name),
        name,
        0,
        "name",
        0,
        entry.country,
        entry.sector,
        entry.other_sectors,
        entry.name,
        entry.id,
        basis="lexicon",
    )
    return role_of(mention, day, lexicon)


def check_overlay(path: Path) -> list[str]:
    """Every problem of a user's file, each as a sentence with its line; empty when it can be used."""
    try:
        return read_own(path)[1]
    except ResourceError as error:
        return [str(error)]


def add_to_overlay(path: Path, rows: Iterable[dict[str, str]]) -> list[str]:
    """Append rows (column -> value) to a user's file, made if it does not exist. Nothing is written if one is wrong.

    Returns the problems, empty when all was written. `action` defaults to "add", `source` to "user".
    """
    cells = []
    problems = []
    for number, row in enumerate(rows, 1):
        unknown = sorted(set(row) - set(OVERLAY_COLUMNS))
        if unknown:
            problems.append(f"row {number}: no such column: {', '.join(unknown)}")
            continue
        full = [row.get(c, DEFAULTS.get(c, "")) for c in OVERLAY_COLUMNS]
        bad = check_row(full) or (
            "a value holds a tab or a line end" if any("\t" in c or "\n" in c for c in full) else None
        )
        if bad:
            problems.append(f"row {number} ({full[2] or 'no name'}): {bad}")
        cells.append(full)
    if problems:
        return problems
    old = path.read_text("utf8") if path.exists() else "\t".join(OVERLAY_COLUMNS) + "\n"
    old += "" if old.endswith("\n") else "\n"
    path.write_text(old + "".join("\t".join(c) + "\n" for c in cells), "utf8")
    return []


def describe(term: Term) -> str:
    """One term in words, for tables and for `diff`."""
    until = term.end or (f"open, seen {term.as_of}" if term.as_of else "open")
    since = term.start or ("?" if term.end or not term.as_of else "")
    span = f"{since} - {until}" if since else until
    return f"{term.office or term.kind} ({term.country} {term.sector}), {span} [{term.source}]"


def diff(old: Lexicon, new: Lexicon) -> list[Change]:
    """What differs between two lexicons (two versions, or without and with an overlay), by id."""
    before = {e.id: e for e in old.all_entries()}
    after = {e.id: e for e in new.all_entries()}
    changes = [Change("removed", i, before[i].name, "") for i in before.keys() - after.keys()]
    changes += [
        Change("added", i, after[i].name, "; ".join(map(describe, after[i].terms)))
        for i in after.keys() - before.keys()
    ]
    for i in before.keys() & after.keys():
        a, b = before[i], after[i]
        if a == b:
            continue
        parts = [
            f"{field}: {x} -> {y}"
            for field in ("name", "kind", "country", "sector", "other_sectors")
            if (x := getattr(a, field)) != (y := getattr(b, field))
        ]
        parts += [f"- {describe(t)}" for t in a.terms if t not in b.terms]
        parts += [f"+ {describe(t)}" for t in b.terms if t not in a.terms]
        changes.append(Change("changed", i, b.name, "; ".join(parts)))
    return sorted(changes, key=lambda c: (c.what, c.id))


def unknown(mentions: Iterable[tuple[str, str | None]], lexicon: Lexicon, least: int = 1) -> list[Unknown]:
    """Unresolved names (text, article id), most frequent first, with entries whose names come near."""
    counts: collections.Counter[str] = collections.Counter()
    example: dict[str, str | None] = {}
    for text, article in mentions:
        counts[text] += 1
        example.setdefault(text, article)
    return [
        Unknown(text, n, example[text], suggest(text, lexicon))
        for text, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
        if n >= least
    ]


def suggest(name: str, lexicon: Lexicon, most: int = 3) -> tuple[Entry, ...]:
    """Entries that a name may be meant for: names inside it, then bearers of the surname with the same initial."""
    # an adjective says of which country somebody is, not who
    hits = [h for h in lexicon.find(name) if h.kind not in ("demonym", "people")]
    inside = [e for h in hits for e in h.entries[:1]]
    words = fold(name).split()
    near = [e for e in lexicon.surname(words[-1]) if fold(e.name)[:1] == words[0][:1]] if words else []
    return tuple(dict.fromkeys([*near, *inside]))[:most]
