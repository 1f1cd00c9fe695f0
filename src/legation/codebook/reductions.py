"""PLOVER's reductions: what is only announced is coded as another type."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, TypeAdapter

from legation.datafiles import DataFile, Schema, read_yaml

FILE = Path(__file__).with_name("reductions.yml")


class Example(Schema):
    """A type with its status before and what the rules make of it; executed by a test."""

    type: str
    aux: str
    actuality: str
    gives: tuple[str, str]


class Reduction(Schema):
    """One rule of the file."""

    id: str
    from_: tuple[str, ...] = Field(alias="from")
    to: str
    when: tuple[str, ...]
    committed: tuple[str, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Reductions:
    """All rules, in the order of the file: the first that fits counts."""

    rules: tuple[Reduction, ...]
    files: tuple[DataFile, ...]


def load_reductions() -> Reductions:
    """Read reductions.yml. ResourceError names line and key."""
    loaded = read_yaml(FILE, TypeAdapter(tuple[Reduction, ...]))
    return Reductions(loaded.value, (loaded.file,))


def reduce(event_type: str, aux: str, actuality: str, reductions: Reductions) -> tuple[str, str, str | None]:
    """(type, aux, id of the rule or None) after PLOVER's reductions."""
    for rule in reductions.rules:
        if event_type in rule.from_ and aux in rule.when:
            return rule.to, "actual" if actuality in rule.committed else aux, rule.id
    return event_type, aux, None
