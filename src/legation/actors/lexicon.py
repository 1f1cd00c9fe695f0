"""The dated lexicon: who is named by these words, and what they were on a day.

Names stand in plain files under `actors/lexicon/`; an automaton over all of them finds the names in a text.
Persons are many (some 40,000), so their rows stay strings until one is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ahocorasick_rs

from legation.datafiles import DataFile, read_tsv

FOLDER = Path(__file__).parent / "lexicon"


@dataclass(frozen=True, slots=True)
class Term:
    """One dated term of office.

    `start`/`end` are ISO dates, partial ("2014-05") where no more is known, or None. An open term is certain up
    to `as_of` (the last day on which the source showed it) and likely for a while after it.
    """

    office: str
    kind: str
    country: str | None
    sector: str | None
    start: str | None
    end: str | None
    as_of: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody or something that can act. The entity does not depend on time; `terms` do.

    `id` is stable and readable ("person:Q7747", "country:RUS", "body:RUS:foreign-ministry", "group:hamas").
    `country` and `sector` hold without regard to time (for persons: those of their latest term).
    """

    id: str
    name: str
    kind: str
    country: str | None
    sector: str | None
    other_sectors: tuple[str, ...]
    terms: tuple[Term, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Lexicon names at text[start:end]: all entries with that name, best first.

    `strong` is false for names that need support from the context ("Jordan", "Georgia", bare surnames, short
    acronyms). `kind` is the kind of the words: name, alias, acronym, surname, demonym, people, capital, seat.
    """

    start: int
    end: int
    entries: tuple[Entry, ...]
    strong: bool
    kind: str


_FOLDS = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "‑": "-", "‐": "-", "\u00a0": " ", "ı": "i", "ł": "l", "Ł": "L",
          "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "æ": "a", "Æ": "A", "ß": "s"}
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def _fold_one(match: re.Match[str]) -> str:
    char = match.group()
    if char in _FOLDS:
        return _FOLDS[char]
    base = unicodedata.normalize("NFD", char)[0]
    return base


def fold(text: str) -> str:
    """The text with accents, typographic quotes and line ends made plain, one character for one character.

    Names are written with and without accents; offsets must not move.
    """
    if not text.isascii():
        text = _NOT_ASCII.sub(_fold_one, text)
    return text.replace("\n", " ")


COUNTRY_COLUMNS = ("code", "name", "names", "weak_names", "adjectives", "people", "capitals", "seats", "from", "to",
                   "source")


class Lexicon:
    """All names, ready to search. Made once by `load_lexicon`, never changed."""

    def __init__(self, files: tuple[DataFile, ...], entries: dict[str, Entry],
                 names: dict[str, list[tuple[str, str, bool]]]) -> None:
        self.files = files
        self._entries = entries
        self._patterns = sorted(names)
        self._names = [
            (tuple(entries[i] for i, _, _ in names[p]), names[p][0][2], names[p][0][1]) for p in self._patterns
        ]
        self._automaton = ahocorasick_rs.AhoCorasick(
            self._patterns, implementation=ahocorasick_rs.Implementation.ContiguousNFA, store_patterns=False
        )
        self._demonyms = {}
        for p in self._patterns:
            for i, kind, _ in names[p]:
                if kind in ("demonym", "people"):
                    self._demonyms.setdefault(p, entries[i].country)

    def find(self, text: str) -> list[Hit]:
        """All names in the text, leftmost and longest first, at word boundaries, never overlapping."""
        folded = fold(text)
        found: list[Hit] = []
        size = len(folded)
        best: list[tuple[int, int, int]] = []
        for k, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if start and (folded[start - 1].isalnum()) or end < size and folded[end].isalnum():
                continue
            best.append((start, -end, k))
        best.sort()
        last = 0
        for start, minus_end, k in best:
            if start >= last:
                entries, strong, kind = self._names[k]
                last = -minus_end
                found.append(Hit(start, last, entries, strong, kind))
        return found

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with this id."""
        return self._entries.get(entry_id)

    def surname(self, name: str) -> tuple[Entry, ...]:
        """All persons whose surname this is."""
        return ()

    def holders(self, country: str, office_kind: str, day: str) -> tuple[Entry, ...]:
        """Persons who held that kind of office on that day."""
        return ()

    def demonym(self, word: str) -> str | None:
        """The country code of an adjective or a people's name ("Russian", "Russians")."""
        return self._demonyms.get(fold(word))

    def country_name(self, code: str) -> str | None:
        """The usual English name of a country code."""
        entry = self._entries.get(f"country:{code}")
        return entry.name if entry else None


def _values(cell: str) -> Iterator[str]:
    return (x for x in cell.split("|") if x)


def load_lexicon(overlay: Path | None = None) -> Lexicon:
    """Read all files and build the automaton. `overlay`: the user's own TSV, which takes precedence."""
    entries: dict[str, Entry] = {}
    names: dict[str, list[tuple[str, str, bool]]] = {}
    loaded = read_tsv(FOLDER / "countries.tsv", COUNTRY_COLUMNS)
    for code, name, strong, weak, adjectives, people, capitals, seats, _from, _to, source in loaded.value:
        i = f"country:{code}"
        entries[i] = Entry(i, name, "country", code, "GOV", (), (), source)
        for cell, kind, is_strong in ((name, "name", True), (strong, "name", True), (weak, "name", False),
                                      (adjectives, "demonym", True), (people, "people", True)):
            for word in _values(cell):
                names.setdefault(fold(word), []).append((i, kind, is_strong))
        for cell, kind in ((capitals, "capital"), (seats, "seat")):
            for word in _values(cell):
                j = f"metonym:{code}:{fold(word).lower().replace(' ', '-')}"
                entries.setdefault(j, Entry(j, word, "metonym", code, "GOV", (), (), source))
                names.setdefault(fold(word), []).append((j, kind, True))
    return Lexicon((loaded.file,), entries, names)
