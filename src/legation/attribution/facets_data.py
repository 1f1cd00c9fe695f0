"""The cue files of the status facets: their schema, their loading, and the tables made from them once.

Why tables: `find_facets` looks up every token a few times; a dictionary by word keeps that linear. The idea of
cues with a scope, terminators and pseudo-cues is ConText's (Chapman et al. 2007); the two columns `affirmed` and
`negated` of an embedding word are the implication signatures of Karttunen (1971) and Nairn et al. (2006).
"""

from __future__ import annotations

import importlib.resources
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, model_validator

from legation.datafiles import DataFile, Schema, read_yaml
from legation.model.claims import Actuality, Certainty
from legation.problems import ResourceError

Aux = Literal["actual", "historical", "future", "hypothetical", "negated"]
Frame = Literal["to", "ing", "that", "subjunctive", "wh", "object", "prep", "subject"]
Pos = Literal["verb", "noun", "adjective"]
Where = Literal[
    "auxiliary", "adverb", "adjective", "determiner", "participant", "marker", "consequence", "future-time", "phrase"
]
Field_ = Literal["polarity", "actuality", "certainty", "condition", "historical", "generic"]
Words = Annotated[tuple[str, ...], Field(min_length=1)]


class Effect(Schema):
    """One way an event can stand in the world, with its facets and its number.

    `rank` orders effects that meet: the higher one stays ("may plan to": possible, not planned).
    `spoken` is the number where the one who is to act is I, we or you.
    `future`: what it becomes under "will" ("think that E" believed, "think that E will" expected).
    `negated_number` is the number of the same standing when the event is negated.
    """

    name: str
    means: str
    actuality: Actuality
    certainty: Certainty
    number: Annotated[float, Field(ge=-3, le=3)]
    spoken: Annotated[float, Field(ge=-3, le=3)]
    negated_number: Annotated[float, Field(ge=-3, le=3)]
    rank: Annotated[int, Field(ge=0)]
    future: str | None = None


class _Cue(Schema):
    """What every cue has: an id, and examples in which the predicate it is about stands between asterisks.

    In each `yes` sentence the cue must be among the predicate's cues (and `aux` must come out, when given);
    in each `no` sentence it must not be.
    """

    id: str
    aux: Aux | None = None
    yes: Words
    no: tuple[str, ...] = ()
    note: str | None = None


class Embedding(_Cue):
    """A word that decides how the event in its complement stands.

    `takes`: the complements it speaks about (`to` infinitive, `ing` form, `that` clause, `wh` clause, `object` noun
    (also the subject of its passive and the noun its participle modifies), `prep` = after one of `preps`, `subject`).
    `affirmed` and `negated` are the effect on the complement when the word itself is affirmed or negated:
    `holds`, `fails`, `free` (the complement stands for itself, whatever stands above), the name of an
    effect, or "not " and the name of an effect.
    `tags` restricts the word to some Penn tags ("going to" but not "went to"); `needs` to words with a certain
    dependent (a word beside it: "yet" in "has yet to"); `not_with`: dependency labels it must not have ("called for
    talks" but not "called him back for talks").
    """

    lemma: Words
    pos: Pos
    takes: Annotated[tuple[Frame, ...], Field(min_length=1)]
    preps: tuple[str, ...] = ()
    affirmed: str
    negated: str
    tags: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    not_with: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _preps_when_prep(self) -> Embedding:
        if ("prep" in self.takes) != bool(self.preps):
            raise ValueError("`preps` must be given exactly when `takes` has `prep`")
        return self


class Modifier(_Cue):
    """A word beside the predicate that sets a facet of it.

    `where`: `auxiliary` (may, will), `adverb`, `adjective` (before an event noun), `determiner` (of the event noun),
    `participant` (subject or object of the predicate, or a determiner there: "nobody", "no troops"), `marker` (the
    word that opens the predicate's clause or stands before its -ing form: if, without), `consequence` (the marker of a
    clause that hangs on the predicate), `future-time` (a time beside a present tense), `phrase` (a word sequence that
    looks forward to the next predicate, up to eight words on, not across `until` or a comma).
    `sets` says which facet; `to` is the effect name, or negated/affirmed/probable/possible/certain/true.
    `negated` (auxiliaries): the effect when the predicate is negated.
    `until`: terminators, words between cue and predicate that end its scope.
    """

    words: Words
    where: Where
    sets: Field_
    to: str
    negated: str | None = None
    until: tuple[str, ...] = ()


class Pseudo(_Cue):
    """Words that look like a cue and are none ("not only", "no doubt"): nothing inside them fires.

    `hides` lists the words of the phrase that are hidden; by default all.
    """

    words: Words
    hides: tuple[str, ...] = ()


class Time(_Cue):
    """Words that place an event before the news window. `words`: a token sequence.

    `as_of` says how the phrase is tied to its event: `clause` (an adverbial of the event), `noun` (it modifies an event
    noun), `after` (the event noun follows after "of"), `object` (the event is the object of the verb).
    """

    words: Words
    as_of: Literal["clause", "noun", "after", "object"]


class BuiltIn(_Cue):
    """A cue whose pattern is grammar rather than words (a question, the past perfect, a year): code finds it."""

    sets: Field_


Entry = Embedding | Modifier | Pseudo | Time | BuiltIn


class WordLists(Schema):
    """Plain lists: nouns that denote events and nouns that only look so, and small grammatical classes."""

    nouns: Words
    endings: Words
    not_events: Words
    occasions: Words
    occurrence_verbs: Words
    factive_verbs: Words
    recent: Words
    never_imperative: Words
    wh_words: Words
    spoken_subjects: Words
    particles: Words
    placing_prepositions: Words
    definite: Words
    temporal: Words
    carriers: Words
    performatives: Words
    causal_prepositions: Words


P = TypeVar("P", Pseudo, Time, Modifier)


class _Effects(Schema):
    effects: tuple[Effect, ...]


class _Embeddings(Schema):
    embeddings: tuple[Embedding, ...]


class _Modifiers(Schema):
    modifiers: tuple[Modifier, ...]
    pseudo: tuple[Pseudo, ...]


class _Times(Schema):
    times: tuple[Time, ...]
    built_in: tuple[BuiltIn, ...]


@dataclass(frozen=True, slots=True)
class StatusCues:
    """All status cues, by what `find_facets` looks up. `files` are the data files they were read from.

    `embeddings` by (lemma, pos); `modifiers` by (where, lower-case first word of single words);
    `pseudo` and `times` by their first word.
    """

    effects: dict[str, Effect]
    embeddings: dict[tuple[str, str], tuple[Embedding, ...]]
    modifiers: dict[tuple[str, str], tuple[Modifier, ...]]
    phrases: dict[str, tuple[tuple[tuple[str, ...], Modifier], ...]]
    pseudo: dict[str, tuple[tuple[tuple[str, ...], Pseudo], ...]]
    times: dict[str, tuple[tuple[tuple[str, ...], Time], ...]]
    words: dict[str, frozenset[str]]
    endings: tuple[str, ...]
    entries: tuple[Entry, ...]
    files: tuple[DataFile, ...]


def load_status_cues() -> StatusCues:
    """Read and check `cues/status*.yml`. ResourceError names the file and the key of what is wrong."""
    folder = Path(str(importlib.resources.files("legation.attribution"))) / "cues"
    effects = read_yaml(folder / "status_effects.yml", _Effects)
    embeddings = read_yaml(folder / "status_embeddings.yml", _Embeddings)
    modifiers = read_yaml(folder / "status_modifiers.yml", _Modifiers)
    times = read_yaml(folder / "status_times.yml", _Times)
    lists = read_yaml(folder / "status_words.yml", WordLists)
    by_name = {e.name: e for e in effects.value.effects}
    _check(embeddings.value.embeddings, modifiers.value.modifiers, by_name, folder)
    entries: tuple[Entry, ...] = (
        *embeddings.value.embeddings,
        *modifiers.value.modifiers,
        *modifiers.value.pseudo,
        *times.value.times,
        *times.value.built_in,
    )
    ids = [e.id for e in entries]
    for k, name in enumerate(ids):
        if name in ids[:k]:
            raise ResourceError(str(folder), f"the cue id {name!r} stands twice", key=name)
    n = lists.value
    return StatusCues(
        effects=by_name,
        embeddings=_embedding_table(embeddings.value.embeddings),
        modifiers=_modifier_table(modifiers.value.modifiers),
        phrases=_phrases(tuple(m for m in modifiers.value.modifiers if m.where == "phrase")),
        pseudo=_phrases(modifiers.value.pseudo),
        times=_phrases(times.value.times),
        words={name: frozenset(getattr(n, name)) for name in WordLists.model_fields if name != "endings"},
        endings=n.endings,
        entries=entries,
        files=tuple(x.file for x in (effects, embeddings, modifiers, times, lists)),
    )


def _check(
    embeddings: tuple[Embedding, ...], modifiers: tuple[Modifier, ...], effects: dict[str, Effect], folder: Path
) -> None:
    """Every effect that is named exists."""
    special = {"holds", "fails", "free"}
    for e in embeddings:
        for name in (e.affirmed, e.negated):
            if name not in special and name.removeprefix("not ") not in effects:
                raise ResourceError(str(folder / "status_embeddings.yml"), f"no effect {name!r}", key=e.id)
    for m in modifiers:
        for value in (m.to, m.negated or "holds"):
            known = {
                "polarity": value in ("negated", "affirmed", "holds"),
                "actuality": value in special or value.removeprefix("not ") in effects,
                "certainty": value in ("certain", "probable", "possible", "holds"),
                "condition": value in effects or value == "holds",
                "historical": value in ("true", "holds"),
                "generic": value in ("true", "holds"),
            }[m.sets]
            if not known:
                raise ResourceError(str(folder / "status_modifiers.yml"), f"{m.sets} cannot be {value!r}", key=m.id)


def _embedding_table(entries: tuple[Embedding, ...]) -> dict[tuple[str, str], tuple[Embedding, ...]]:
    table: dict[tuple[str, str], list[Embedding]] = {}
    for e in sorted(entries, key=lambda e: not (e.tags or e.needs)):  # the particular before the general
        for lemma in e.lemma:
            table.setdefault((lemma, e.pos), []).append(e)
    return {k: tuple(v) for k, v in table.items()}


def _modifier_table(entries: tuple[Modifier, ...]) -> dict[tuple[str, str], tuple[Modifier, ...]]:
    table: dict[tuple[str, str], list[Modifier]] = {}
    for m in entries:
        for word in m.words:
            table.setdefault((m.where, word), []).append(m)
    return {k: tuple(v) for k, v in table.items()}


def _phrases(entries: tuple[P, ...]) -> dict[str, tuple[tuple[tuple[str, ...], P], ...]]:
    table: dict[str, list[tuple[tuple[str, ...], P]]] = {}
    for e in entries:
        for phrase in e.words:
            words = tuple(phrase.split())
            table.setdefault(words[0], []).append((words, e))
    return {k: tuple(sorted(v, key=lambda x: -len(x[0]))) for k, v in table.items()}
