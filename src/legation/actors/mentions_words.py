"""The words that make a noun phrase an actor: titles, descriptions, modifiers, pronouns, first names.

They stand in YAML and TSV files beside this module; a political scientist adds a word there.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from legation.datafiles import DataFile, Schema, read_tsv, read_yaml

FOLDER = Path(__file__).parent

Sort = Literal["person", "group", "body", "force", "document", "population", "place", "honorific"]
Gender = Literal["m", "f", "n"]


class Title(Schema):
    """An office or rank that stands before a name or alone."""

    id: str
    words: tuple[str, ...] = Field(min_length=1)
    sector: str | None
    others: tuple[str, ...] = ()
    office: str | None = None
    inherits: bool = False
    gender: Gender | None = None
    style: Literal["office", "rank", "honorific"] = "office"
    associate: bool = False


class Description(Schema):
    """A common noun for people, a group or a body."""

    id: str
    words: tuple[str, ...] = Field(min_length=1)
    sector: str | None
    others: tuple[str, ...] = ()
    sort: Sort = Field(alias="is")
    domestic: bool = False
    inherits: bool = False
    gender: Gender | None = None
    code: str | None = None


class SectorWords(Schema):
    """Modifiers that give a noun its sector ("rebel leader")."""

    id: str
    words: tuple[str, ...]
    sector: str
    others: tuple[str, ...] = ()


class TimeWords(Schema):
    """Modifiers that say that an office is not held now, not yet, or provisionally."""

    id: str
    words: tuple[str, ...]
    value: str


class PlainWords(Schema):
    """A named list of words."""

    id: str
    words: tuple[str, ...]


class KinWords(Schema):
    """Family members."""

    id: str
    words: tuple[str, ...]
    gender: Gender | None


class Modifiers(Schema):
    """The file modifiers.yml."""

    sectors: tuple[SectorWords, ...]
    times: tuple[TimeWords, ...]
    against: tuple[SectorWords, ...]
    quantities: tuple[PlainWords, ...]
    kin: tuple[KinWords, ...]
    ethnic: tuple[PlainWords, ...]
    detached: tuple[PlainWords, ...]
    place_prepositions: tuple[PlainWords, ...]
    motion: tuple[PlainWords, ...]
    sums: tuple[PlainWords, ...]
    hypernyms: tuple[KindWords, ...]
    speech: tuple[PlainWords, ...]
    blame: tuple[PlainWords, ...]


class KindWords(Schema):
    """Nouns that stand for a name of these lexicon kinds ("the group")."""

    id: str
    words: tuple[str, ...]
    kinds: tuple[str, ...]


class PronounWords(Schema):
    """One pronoun with its forms."""

    id: str
    words: tuple[str, ...]
    person: Literal[1, 2, 3]
    number: Literal["singular", "plural", "either"]
    gender: Gender | None
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Noun:
    """What a title or description says. `id` names the entry; `domestic` as in descriptions.yml."""

    id: str
    sector: str | None
    others: tuple[str, ...]
    sort: Sort
    office: str | None
    inherits: bool
    domestic: bool
    gender: Gender | None
    title: bool
    associate: bool
    code: str | None = None  # NGO, IGO: what such a body is when no country is named


@dataclass(frozen=True, slots=True)
class ActorWords:
    """All word tables, loaded once. Keys are lower case; several words are joined by one space."""

    nouns: dict[str, Noun]
    sectors: dict[str, SectorWords]
    times: dict[str, str]
    against: dict[str, SectorWords]
    quantities: frozenset[str]
    kin: dict[str, KinWords]
    ethnic: frozenset[str]
    detached: frozenset[str]
    place_prepositions: frozenset[str]
    motion: frozenset[str]
    sums: frozenset[str]
    hypernyms: dict[str, tuple[str, ...]]
    speech: frozenset[str]
    blame: frozenset[str]
    pronouns: dict[str, PronounWords]
    first_names: dict[str, Gender]
    names_alone: dict[str, Gender]  # those that tell the gender without a surname after them
    localities: dict[str, str]  # city or region -> country code
    weights: dict[str, float]
    files: tuple[DataFile, ...]


@functools.cache
def load_words() -> ActorWords:
    """Read and validate all tables (once a process). ResourceError names file, line and key."""
    titles = read_yaml(FOLDER / "titles.yml", tuple[Title, ...])
    descriptions = read_yaml(FOLDER / "descriptions.yml", tuple[Description, ...])
    modifiers = read_yaml(FOLDER / "modifiers.yml", Modifiers)
    pronouns = read_yaml(FOLDER / "pronouns.yml", tuple[PronounWords, ...])
    names = read_tsv(FOLDER / "first_names.tsv", ("name", "gender", "also_surname"))
    places = read_tsv(FOLDER / "localities.tsv", ("name", "country"))
    weights = read_yaml(FOLDER / "coreference_weights.yml", dict[str, float])
    nouns: dict[str, Noun] = {}
    for d in descriptions.value:
        noun = Noun(d.id, d.sector, d.others, d.sort, None, d.inherits, d.domestic, d.gender, False, False, d.code)
        for word in d.words:
            nouns[word] = noun
    for t in titles.value:
        sort: Sort = "honorific" if t.style == "honorific" else "person"
        noun = Noun(t.id, t.sector, t.others, sort, t.office, t.inherits, True, t.gender, True, t.associate)
        for word in t.words:
            nouns[word] = noun
    m = modifiers.value
    genders: dict[str, Gender] = {}
    for name, gender, _ in names.value:
        genders[name.lower()] = "m" if gender == "m" else "f"
    alone: dict[str, Gender] = {n.lower(): genders[n.lower()] for n, _, surname in names.value if surname == "no"}
    return ActorWords(
        nouns=nouns,
        sectors={w: e for e in m.sectors for w in e.words},
        times={w: e.value for e in m.times for w in e.words},
        against={w: e for e in m.against for w in e.words},
        quantities=_words(m.quantities),
        kin={w: e for e in m.kin for w in e.words},
        ethnic=_words(m.ethnic),
        detached=_words(m.detached),
        place_prepositions=_words(m.place_prepositions),
        motion=_words(m.motion),
        sums=_words(m.sums),
        hypernyms={w: e.kinds for e in m.hypernyms for w in e.words},
        speech=_words(m.speech),
        blame=_words(m.blame),
        pronouns={w: e for e in pronouns.value for w in e.words},
        first_names=genders,
        names_alone=alone,
        localities={row[0]: row[1] for row in places.value},
        weights=weights.value,
        files=(titles.file, descriptions.file, modifiers.file, pronouns.file, names.file, places.file,
               weights.file),
    )


def _words(entries: tuple[PlainWords, ...]) -> frozenset[str]:
    return frozenset(w for e in entries for w in e.words)


def singulars(word: str, lemma: str) -> tuple[str, ...]:
    """Forms under which a head noun may stand in the tables: as written, the lemma, simple singulars."""
    forms = [word, lemma]
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("men"):
        forms.append(word[:-3] + "man")
    if word.endswith("es"):
        forms.append(word[:-2])
    if word.endswith("s"):
        forms.append(word[:-1])
    return tuple(dict.fromkeys(forms))
