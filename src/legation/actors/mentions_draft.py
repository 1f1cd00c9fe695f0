"""A mention while it is being worked on. Only this folder sees it; the result is the frozen `Mention`."""

from __future__ import annotations

from dataclasses import dataclass, field

from legation.actors.lexicon import Entry
from legation.actors.mentions_words import Gender, Noun, PronounWords
from legation.model.actors import MentionKind, Reading


@dataclass(slots=True)
class Draft:
    """What is known so far. `parent` is the union-find link of its cluster (an index into the drafts)."""

    start: int
    end: int
    first: int
    head: int
    kind: MentionKind
    country: str | None = None
    sector: str | None = None
    others: tuple[str, ...] = ()
    entry: Entry | None = None
    candidates: tuple[Entry, ...] = ()
    strong: bool = False
    office: str | None = None
    modifier: str | None = None
    antecedent: int | None = None
    plural: bool = False
    basis: str = "unknown"
    by: str = ""
    readings: tuple[Reading, ...] = ()
    noun: Noun | None = None
    pronoun: PronounWords | None = None
    name: str = ""  # the bare name without titles, "" when there is none
    words: str = ""  # the words of the title or description that matched
    gender: Gender | None = None
    person: bool = False  # a single human being
    nested: bool = False  # lies inside a larger mention
    definite: bool = False
    possessor: int | None = None  # draft index
    inner: int | None = None  # head token of the inner phrase of "thousands of refugees"
    kin: bool = False
    associate: bool = False
    place_hint: str | None = None  # country of a place in a trailing phrase ("police in Barcelona")
    acronym: str = ""
    located: bool = False  # an unknown place name that the sentence stands in ("in the town of ..."), not one "from" it
    ethnic: bool = False  # "ethnic Albanians": descent, so the country of the text goes before that of the word
    stateless: bool = False  # its country comes from a people of several states ("Kurdish fighters in ...")
    foreign: bool = False  # an unknown name stands before the noun; no country from the context then
    parent: int = field(default=-1)


def find(drafts: list[Draft], i: int) -> int:
    """The representative of draft i's cluster."""
    root = i
    while drafts[root].parent >= 0:
        root = drafts[root].parent
    while drafts[i].parent >= 0:
        drafts[i].parent, i = root, drafts[i].parent
    return root


def unite(drafts: list[Draft], a: int, b: int) -> int:
    """Make a and b one actor; the earlier representative stays."""
    a, b = find(drafts, a), find(drafts, b)
    if a == b:
        return a
    a, b = min(a, b), max(a, b)
    drafts[b].parent = a
    return a
