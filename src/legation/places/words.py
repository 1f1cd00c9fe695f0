"""The word lists of the places stage (words.yml) as one checked value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from legation.datafiles import DataFile, Schema, read_yaml


class WordLists(Schema):
    """Schema of words.yml; what each list is for stands there."""

    inside: tuple[str, ...]
    locative: tuple[str, ...]
    origin: tuple[str, ...]
    institutions: tuple[str, ...]
    divisions: tuple[str, ...]
    streets: tuple[str, ...]
    media: tuple[str, ...]
    not_places: tuple[str, ...]
    directions: tuple[str, ...]
    before: tuple[str, ...]
    titles: tuple[str, ...]
    links: tuple[str, ...]
    particles: tuple[str, ...]
    speech: tuple[str, ...]
    lists: tuple[str, ...]
    datelines: tuple[str, ...]
    dashes: tuple[str, ...]
    diseases: tuple[str, ...]
    at: tuple[str, ...]
    blows: tuple[str, ...]
    passing: tuple[str, ...]
    towards: tuple[str, ...]
    motion: tuple[str, ...]
    acts_on_places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The lists as sets, and the file that they came from."""

    file: DataFile
    inside: frozenset[str]
    locative: frozenset[str]
    origin: frozenset[str]
    institutions: frozenset[str]
    divisions: frozenset[str]
    streets: frozenset[str]
    media: frozenset[str]
    not_places: frozenset[str]
    directions: frozenset[str]
    before: frozenset[str]
    titles: frozenset[str]
    links: frozenset[str]
    particles: frozenset[str]
    speech: frozenset[str]
    lists: frozenset[str]
    datelines: frozenset[str]
    dashes: frozenset[str]
    diseases: frozenset[str]
    at: frozenset[str]
    blows: frozenset[str]
    passing: frozenset[str]
    towards: frozenset[str]
    motion: frozenset[str]
    acts_on_places: frozenset[str]


def load_words(path: Path) -> Words:
    """Read and check words.yml."""
    loaded = read_yaml(path, WordLists)
    return Words(loaded.file, **{name: frozenset(getattr(loaded.value, name)) for name in WordLists.model_fields})


@cache
def event_words() -> Words:
    """The package's own lists, for `place_of`, whose callers hold toponyms but no gazetteer."""
    return load_words(Path(__file__).parent / "words.yml")
