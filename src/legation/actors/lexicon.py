"""The dated lexicon: who is named by these words, and what they were on a day.

Names stand in plain files under `actors/lexicon/`; an automaton over all of them finds the names in a text.
Persons are many (some 40,000), so their rows stay strings until one is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import ahocorasick_rs

from legation.actors.lexicon_overlay import apply_overlay
from legation.actors.lexicon_read import KINDS, Names, Record, read_folder
from legation.actors.lexicon_terms import Term, coverage, day_bounds, unpack
from legation.actors.lexicon_text import fold
from legation.datafiles import DataFile

__all__ = ["Entry", "Hit", "Lexicon", "Term", "fold", "load_lexicon"]

FOLDER = Path(__file__).parent / "lexicon"
# Who is meant first when one name has several bearers.
_KIND_ORDER = {
    k: i
    for i, k in enumerate(
        ("country", "region", "igo", "metonym", "body", "group", "person", "ngo", "media", "mnc", "party")
    )
}
# Offices that one person at a time holds: a later holder ends an open term.
_EXCLUSIVE = frozenset({"head_of_state", "head_of_government", "foreign_minister", "defence_minister"})
_OFFICE_ORDER = {
    k: i
    for i, k in enumerate(
        (
            "head_of_state",
            "head_of_government",
            "royal",
            "igo_head",
            "foreign_minister",
            "defence_minister",
            "minister",
            "legislator_leader",
            "intelligence_chief",
            "military_chief",
            "central_bank",
            "ambassador",
            "other",
            "candidate",
            "party_leader",
            "group",
        )
    )
}
_SURNAME_FIRST = frozenset({"CHN", "KOR", "PRK", "TWN", "HKG", "MAC", "SGP", "KHM"})
_NOBILITY = frozenset(
    [
        "al",
        "el",
        "ul",
        "bin",
        "ibn",
        "ben",
        "de",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "di",
        "du",
        "la",
        "le",
        "von",
        "van",
        "der",
        "den",
        "ten",
        "ter",
        "mac",
        "abu",
        "abd",
        "af",
        "ould",
    ]
)


_BEGINNING = 10  # characters of each name that the automaton knows
_by_start = itemgetter(1)
_new = tuple.__new__  # makes a Hit without the call of a Python function


def _bits(mask: int) -> tuple[int, ...]:
    """The positions of the set bits, greatest first."""
    return tuple(k for k in range(mask.bit_length() - 1, 0, -1) if mask >> k & 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody or something that can act. The entity does not depend on time; `terms` do.

    `id` is stable and readable ("person:Q7747", "country:RUS", "body:RUS:foreign-ministry", "group:hamas").
    `country` and `sector` hold without regard to time (for persons: those of their chief office).
    """

    id: str
    name: str
    kind: str
    country: str | None
    sector: str | None
    other_sectors: tuple[str, ...]
    terms: tuple[Term, ...]
    source: str


class Hit(NamedTuple):
    """Lexicon names at text[start:end]: all entries with that name, best first.

    `strong` is false for names that need support from the context ("Jordan", "Georgia", bare surnames, short
    acronyms). `kind` is the kind of the words: name, alias, surname, demonym, people, capital, seat. A named tuple:
    political news has a name every fifty characters, and with a frozen dataclass `find` took half as long again.
    """

    start: int
    end: int
    entries: tuple[Entry, ...]
    strong: bool
    kind: str


class Lexicon:
    """All names, ready to search. Made once by `load_lexicon`, never changed afterwards (inner caches apart)."""

    def __init__(
        self,
        files: tuple[DataFile, ...],
        records: list[Record],
        names: Names,
        index: dict[str, int],
        demonyms: dict[str, str],
    ) -> None:
        self.files = files
        self._records = records
        self._index = index
        self._names = names
        # Only the first characters of the names go into the automaton (it is built four times as fast); which name
        # it is follows from the lengths that names with this beginning have, a bit for each.
        beginnings: dict[str, int] = {}
        for name in names:
            key = name[:_BEGINNING]
            beginnings[key] = beginnings.get(key, 0) | 1 << len(name)
        self._lengths: list[int | tuple[int, ...]] = list(beginnings.values())
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(beginnings), implementation=ahocorasick_rs.Implementation.ContiguousNFA, store_patterns=False
        )
        self._demonyms = demonyms
        self._entries: dict[int, Entry] = {}
        self._found: dict[str, tuple[tuple[Entry, ...], bool, str]] = {}
        self._surnames: dict[str, list[int]] | None = None
        self._holders: dict[str, dict[str, list[tuple[str, str, str, int]]]] = {}

    # -- finding -----------------------------------------------------------------------------------------

    def find(self, text: str) -> list[Hit]:
        """All names in the text, leftmost and longest first, at word boundaries, never overlapping. Case counts."""
        folded = fold(text)
        size = len(folded)
        names, lengths, found = self._names, self._lengths, self._found
        hits: list[Hit] = []
        best, at = 0, -1
        # The automaton reports by end of the beginning; a beginning is short, so starts come nearly in order.
        for k, start, _ in sorted(self._automaton.find_matches_as_indexes(folded, overlapping=True), key=_by_start):
            if (start < best and start != at) or (start and folded[start - 1].isalnum()):
                continue
            known = lengths[k]
            if isinstance(known, int):
                known = lengths[k] = _bits(known)
            for length in known:
                end = start + length
                if end > size or (end < size and folded[end].isalnum()):
                    continue
                if start == at and end <= best:
                    break
                name = folded[start:end]
                bearers = found.get(name)
                if bearers is None:
                    if name not in names:
                        continue
                    bearers = self._resolve(name)
                hit = _new(Hit, (start, end, *bearers))
                if start == at:
                    hits[-1] = hit
                else:
                    hits.append(hit)
                at, best = start, end
                break
        return hits

    def _resolve(self, name: str) -> tuple[tuple[Entry, ...], bool, str]:
        owner = self._names[name]
        codes = owner if isinstance(owner, tuple) else (owner,)
        ranked = sorted(codes, key=lambda c: (not c & 1, *self._weight(c >> 4)))
        entries = tuple(dict.fromkeys(self._entry(c >> 4) for c in ranked))
        found = (entries, bool(ranked[0] & 1), KINDS[ranked[0] >> 1 & 7])
        self._found[name] = found
        return found

    def _weight(self, index: int) -> tuple[int, int, str]:
        record = self._records[index]
        office = 99
        if record[2] == "person":
            office = min(
                (_OFFICE_ORDER.get(part.split(";", 2)[1], 50) for part in record[7].split("|") if part), default=99
            )
        return _KIND_ORDER.get(record[2], 50), office, record[0]

    # -- entries -----------------------------------------------------------------------------------------

    def entry(self, entry_id: str) -> Entry | None:
        """The entry with this id."""
        index = self._index.get(entry_id)
        return None if index is None else self._entry(index)

    def _entry(self, index: int) -> Entry:
        entry = self._entries.get(index)
        if entry is None:
            i, name, kind, _, country, sector, others, packed, source = self._records[index]
            terms = unpack(packed)
            if kind == "person" and terms:
                chief = min(terms, key=lambda t: (_OFFICE_ORDER.get(t.kind, 50), t.start or "9"))
                country, sector = country or chief.country or "", sector or chief.sector or ""
                source = source or "+".join(sorted({t.source for t in terms}))
            entry = Entry(
                i, name, kind, country or None, sector or None, tuple(x for x in others.split("|") if x), terms, source
            )
            self._entries[index] = entry
        return entry

    def all_entries(self) -> Iterable[Entry]:
        """Every entry, in the order of the files. Slow: for listings and tests."""
        return (self._entry(k) for k in range(len(self._records)))

    def surname(self, name: str) -> tuple[Entry, ...]:
        """All persons whose surname this is ("Putin", "al-Assad", "de Klerk", "Kim"), chief offices first."""
        if self._surnames is None:
            self._surnames = {}
            for k, record in enumerate(self._records):
                if record[2] == "person":
                    for s in {
                        s
                        for n in (record[1], *filter(None, record[3].split("|")))
                        for s in surnames_of(n, record[7][:3])
                    }:
                        self._surnames.setdefault(s, []).append(k)
        found = self._surnames.get(fold(name).lower().removesuffix("'s"), [])
        return tuple(self._entry(k) for k in sorted(found, key=self._weight))

    def demonym(self, word: str) -> str | None:
        """The country code of an adjective or a people's name ("Russian", "Russians")."""
        return self._demonyms.get(fold(word))

    def country_name(self, code: str) -> str | None:
        """The usual English name of a country code."""
        index = self._index.get(f"country:{code}")
        return None if index is None else self._records[index][1]

    # -- time --------------------------------------------------------------------------------------------

    def holders(self, country: str, office_kind: str, day: str) -> tuple[Entry, ...]:
        """Persons who held that kind of office in that country on that ISO day ("the Russian president").

        Of an exclusive office whose terms overlap in the sources the latest to begin stands first.
        """
        found: list[tuple[str, int]] = []
        for start, end, as_of, k in self._holders_of(office_kind).get(country, ()):
            if self.basis(country, office_kind, start, end, as_of, day):
                found.append((start, k))
        found.sort(key=lambda f: (f[0], self._records[f[1]][0]), reverse=True)
        return tuple(dict.fromkeys(self._entry(k) for _, k in found))

    def basis(self, country: str, kind: str, start: str, end: str, as_of: str, day: str) -> str | None:
        """ "term" or "term-open" when the term covers the day, else None."""
        basis = coverage(start, end, as_of, kind, day)
        if basis == "term-open" and kind in _EXCLUSIVE and start:
            begun = day_bounds(start)[0]
            for later, _, _, _ in self._holders_of(kind).get(country, ()):
                if later and begun < day_bounds(later)[0] <= day and day_bounds(later)[0] > (as_of or begun):
                    return None
        return basis

    def _holders_of(self, kind: str) -> dict[str, list[tuple[str, str, str, int]]]:
        table = self._holders.get(kind)
        if table is None:
            table = {}
            mark = f";{kind};"
            for k, record in enumerate(self._records):
                if mark in record[7]:
                    for part in record[7].split("|"):
                        cells = part.split(";", 6)
                        if cells[1] == kind:
                            table.setdefault(cells[0], []).append((cells[3], cells[4], cells[5], k))
            self._holders[kind] = table
        return table


def office_rank(kind: str) -> int:
    """Which of several offices held at once counts: 0 is the first."""
    return _OFFICE_ORDER.get(kind, 50)


def surnames_of(name: str, country: str = "") -> set[str]:
    """What a second mention may call this person, in lower case without accents."""
    words = fold(name).lower().lstrip("~").split()
    if not words:
        return set()
    out = {words[-1]}
    if len(words) > 1 and words[-2] in _NOBILITY:
        out.add(" ".join(words[-2:]))
        if len(words) > 2 and words[-3] in _NOBILITY:
            out.add(" ".join(words[-3:]))
    if words[-1].startswith(("al-", "el-", "al ", "ad-", "as-", "ar-")):
        out.add(words[-1][3:])
    if len(words) > 2:
        out.add(" ".join(words[-2:]))
    if country in _SURNAME_FIRST and len(words) > 1:
        out.add(words[0])
    return out


def load_lexicon(overlay: Path | None = None, folder: Path = FOLDER) -> Lexicon:
    """Read all files and build the automaton. `overlay`: the user's own TSV, which takes precedence.

    `folder`: the lexicon of another version, to compare; the package's own else.
    Raises ResourceError naming file and line when a file is broken.
    """
    demonyms: dict[str, str] = {}
    files, records, names = read_folder(folder, demonyms)
    index = {r[0]: k for k, r in enumerate(records)}
    for path in (folder / "editor.tsv", *(() if overlay is None else (overlay,))):
        files = (*files, apply_overlay(path, records, names, index))
    return Lexicon(files, records, names, index, demonyms)
