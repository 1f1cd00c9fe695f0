"""The cue files of this stage: their schema, and one frozen value that holds them all.

A cue is a word that shows that somebody speaks, writes, thinks or shows something. Which words around it are
the content is decided by its *frames* (few, in Python); which words are cues and which frames each of them
takes stands in YAML beside this file, so that a political scientist can add one without reading Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field, TypeAdapter

from legation.attribution.facets_data import StatusCues, load_status_cues
from legation.datafiles import DataFile, Schema, read_yaml
from legation.model.claims import Manner, Stance
from legation.problems import ResourceError

FOLDER = Path(__file__).parent / "cues"

Frame = Literal[
    "quote",  # a direct quotation beside the cue
    "clause",  # a complement clause, with or without "that", also an embedded question, also around the cue
    "infinitive",  # to-infinitive: the source speaks of its own acts (vow to leave)
    "gerund",  # -ing complement (deny having, propose banning)
    "object",  # a noun phrase (announce sanctions)
    "object-predicate",  # object and what is said of it (call the vote a farce)
    "order",  # somebody is told to do something (urge Arnor to leave)
    "preposition",  # noun phrase or -ing form after one of `prepositions` (call for talks)
    "passive-infinitive",  # subject and infinitive (is alleged to have fled)
    "noun-clause",  # noun with that-clause or infinitive (the claim that)
    "noun-preposition",  # noun with one of `prepositions` (criticism of)
    "adjective",  # adjective with clause, infinitive or preposition (confident that)
    "adverb",  # adverb over its clause (reportedly)
    "according-to",  # preposition with the source as its object
]


class CueEntry(Schema):
    """One cue.

    `pos` "mark" is punctuation that grammar finds. `lemmas` are the word forms of the dictionary (lower case);
    `particle` must follow (point OUT); `prepositions` belong to the frames that need one. Words that turn the stance
    round (refuse, decline) stand in `governors.yml`. `examples` hold the expected source `[S ..]`, cue `[C ..]` and
    content `[T ..]`, several `[T ..]` where the content is broken; `[C:denies ..]` names the stance where it differs
    from the entry's. In a sentence of `never` the entry must find nothing.
    """

    id: str
    lemmas: tuple[str, ...]
    pos: Literal["verb", "noun", "adjective", "adverb", "phrase", "mark"] = "verb"
    frames: tuple[Frame, ...]
    prepositions: tuple[str, ...] = ()
    particle: str | None = None
    stance: Stance = "asserts"
    manner: Manner | None = None
    quotes_others: bool = False  # "citing an official": its object is the source of what the main verb says
    only_documents: bool = False  # counts only when the source is a document or a survey ("the study found no trace")
    examples: tuple[str, ...] = Field(min_length=1)
    never: tuple[str, ...] = ()
    note: str | None = None


class Governors(Schema):
    """Words that govern a cue and turn its stance round (`governors.yml`)."""

    doubting: tuple[str, ...]  # refuse to confirm, decline to say, fail to prove
    light: tuple[str, ...]  # make, issue, repeat: their subject is the source of the noun cue
    object_control: tuple[str, ...]  # with an infinitive, their object is its subject (ask him to say)
    denying_predicates: tuple[str, ...]  # baseless, false: said of an accusation they deny it
    denying_phrases: tuple[str, ...]  # without evidence, falsely: the reporter doubts what is said
    deniable: tuple[str, ...]  # accusation, report: who denies it denies what was said; not demand, offer, plan


class SourceWords(Schema):
    """What the head word of a source tells about the manner (`sources.yml`)."""

    documents: tuple[str, ...]
    unnamed: tuple[str, ...]
    unnamed_when_bare: tuple[str, ...]
    anonymity: tuple[str, ...]
    utterances: tuple[str, ...]  # "a statement saying ..." speaks for whoever issued it
    section_words: tuple[str, ...]  # before a colon they head a section and speak for nobody
    nobody: tuple[str, ...]  # subjects that are no source: "nobody said that ...", "that shows that ..."


@dataclass(frozen=True, slots=True)
class SpeechCues:
    """All speech cues, looked up by part of speech and lemma."""

    entries: tuple[CueEntry, ...]
    verbs: Mapping[str, tuple[CueEntry, ...]]
    nouns: Mapping[str, tuple[CueEntry, ...]]
    adjectives: Mapping[str, tuple[CueEntry, ...]]
    adverbs: Mapping[str, tuple[CueEntry, ...]]
    phrases: Mapping[str, tuple[CueEntry, ...]]
    marks: Mapping[str, CueEntry]  # by id
    doubting: frozenset[str]
    light: frozenset[str]
    denying_predicates: frozenset[str]
    denying_phrases: tuple[str, ...]
    deniable: frozenset[str]
    documents: frozenset[str]
    unnamed: frozenset[str]
    unnamed_when_bare: frozenset[str]
    anonymity: tuple[str, ...]
    section_words: frozenset[str]
    nobody: frozenset[str]
    utterances: frozenset[str]
    object_control: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cues:
    """Every cue of this stage: who says so (`speech`), how sure (`status`), and the files they came from."""

    speech: SpeechCues
    status: StatusCues
    files: tuple[DataFile, ...]


def load_cues() -> Cues:
    """Read and check all cue files. ResourceError names file, line and key of what is wrong."""
    speech, files = load_speech_cues()
    status = load_status_cues()
    return Cues(speech, status, (*files, *status.files))


def load_speech_cues() -> tuple[SpeechCues, tuple[DataFile, ...]]:
    """The speech half of the cues alone, for tests and for measuring."""
    entries: list[CueEntry] = []
    files: list[DataFile] = []
    for path in sorted(FOLDER.glob("speech_*.yml")):
        loaded = read_yaml(path, TypeAdapter(tuple[CueEntry, ...]))
        entries.extend(loaded.value)
        files.append(loaded.file)
    _check_ids(entries)
    governors = read_yaml(FOLDER / "governors.yml", Governors)
    sources = read_yaml(FOLDER / "sources.yml", SourceWords)
    files.extend((governors.file, sources.file))
    g, s = governors.value, sources.value
    speech = SpeechCues(
        entries=tuple(entries),
        verbs=_table(entries, "verb"),
        nouns=_table(entries, "noun"),
        adjectives=_table(entries, "adjective"),
        adverbs=_table(entries, "adverb"),
        phrases=_table(entries, "phrase"),
        marks=MappingProxyType({e.id: e for e in entries if e.pos == "mark"}),
        doubting=frozenset(g.doubting),
        light=frozenset(g.light),
        denying_predicates=frozenset(g.denying_predicates),
        denying_phrases=g.denying_phrases,
        deniable=frozenset(g.deniable),
        documents=frozenset(s.documents),
        unnamed=frozenset(s.unnamed),
        unnamed_when_bare=frozenset(s.unnamed_when_bare),
        anonymity=s.anonymity,
        section_words=frozenset(s.section_words),
        nobody=frozenset(s.nobody),
        utterances=frozenset(s.utterances),
        object_control=frozenset(g.object_control),
    )
    return speech, tuple(files)


def _table(entries: Iterable[CueEntry], pos: str) -> Mapping[str, tuple[CueEntry, ...]]:
    """Entries of one part of speech by lemma; those with a particle come first, because they are narrower."""
    table: dict[str, list[CueEntry]] = {}
    for entry in entries:
        if entry.pos == pos:
            for lemma in entry.lemmas:
                table.setdefault(lemma.split()[0], []).append(entry)
    return MappingProxyType({k: tuple(sorted(v, key=lambda e: e.particle is None)) for k, v in sorted(table.items())})


def _check_ids(entries: Iterable[CueEntry]) -> None:
    """Ids are unique over all files, because `evidence.by` names them without the file."""
    seen: set[str] = set()
    for entry in entries:
        if entry.id in seen:
            raise ResourceError("attribution/cues/speech_*.yml", f"two cues have the id {entry.id!r}", key="id")
        seen.add(entry.id)
