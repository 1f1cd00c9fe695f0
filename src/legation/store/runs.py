"""What differs between two runs over the same articles, and why: which data file, setting or version changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from legation.store.overlay import words_of

Record = dict[str, Any]
SILENT = ("run", "evidence", "why", "id", "content_key", "article")  # told by what they explain


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing in which the runs themselves differ. `kind`: package, resource or setting; None = was not there."""

    kind: Literal["package", "resource", "setting"]
    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One record that differs. `fields`: name -> (old, new), only for changed ones. `old_id` and `new_id` differ
    where the change was in what an id is made of (type, actor, source): still the same words of the same article."""

    kind: Literal["added", "gone", "changed"]
    article_id: str
    old: Record | None
    new: Record | None
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class RunDiff:
    """Two runs side by side. `changes` are sorted by article; `same` counts records that did not change."""

    a: str
    b: str
    reasons: tuple[Reason, ...]
    articles: int
    only_a: int
    only_b: int
    same: int
    changes: tuple[Change, ...]

    def count(self, kind: str) -> int:
        """How many changes of a kind."""
        return sum(change.kind == kind for change in self.changes)


def reasons(a: dict[str, Any], b: dict[str, Any]) -> Iterator[Reason]:
    """Why two runs can differ, from their rows in `runs`."""
    if a["package"] != b["package"]:
        yield Reason("package", "legation", a["package"], b["package"])
    for kind, column in (("resource", "resources"), ("setting", "settings")):
        old, new = (json.loads(row[column] or "{}") for row in (a, b))
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                yield Reason(kind, name, old.get(name), new.get(name))  # type: ignore[arg-type]


def changes(rows: Iterable[tuple[str, str | None, str | None]]) -> Iterator[Change]:
    """From rows (article, old record, new record): a record that went and one that came on the same words are one."""
    for article_id, group in groupby(rows, key=lambda row: row[0]):
        gone: list[Record] = []
        come: list[Record] = []
        for _, old_text, new_text in group:
            old = json.loads(old_text) if old_text else None
            new = json.loads(new_text) if new_text else None
            if old is not None and new is not None:
                if fields := _fields(old, new):
                    yield Change("changed", article_id, old, new, fields)
            elif old is not None:
                gone.append(old)
            elif new is not None:
                come.append(new)
        for new in come:
            old = next((one for one in gone if words_of(one) == words_of(new)), None)
            if old is None:
                yield Change("added", article_id, None, new, {})
            else:
                gone.remove(old)
                yield Change("changed", article_id, old, new, _fields(old, new))
        yield from (Change("gone", article_id, old, None, {}) for old in gone)


def _fields(old: Record, new: Record) -> dict[str, tuple[Any, Any]]:
    """Fields that say something else. What only stands somewhere else is no change."""
    found = {}
    for name in sorted(old.keys() | new.keys()):
        if name not in SILENT:
            before, after = (_said(name, record.get(name)) for record in (old, new))
            if before != after:
                found[name] = (before, after)
    return found


def _said(name: str, value: Any) -> Any:
    """A value without its offsets: parties by code or words, spans by their words."""
    if name in ("actor", "recipient"):
        return [party["code"] or party["sector"] or party["text"] for party in value or ()]
    if name == "attribution":
        return [f"{link['code'] or link['text']} {link['stance']}" for link in value or ()]
    if name == "place":
        return value and f"{value['name']}, {value['country']} ({value['basis']})"
    if name == "date":
        return f"{value['start']}..{value['end']} ({value['basis']})" if value["start"] else None
    if name in ("anchor", "sentence", "quote"):
        return value and value["text"]
    if name == "facets":
        return " ".join(str(value[key]) for key in ("polarity", "actuality", "certainty"))
    return value
