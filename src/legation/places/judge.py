"""How surely a name of the gazetteer is a place where it stands.

What speaks for it: the entity recogniser, a preposition of place, a division after a comma. What speaks against it:
it is part of a longer name (a person's, a paper's, a street's), or an everyday word with a capital.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from legation.model.parse import NamedEntity, Parse, Token
from legation.model.text import Article
from legation.places.gazetteer import Gazetteer, Reading

OTHER_LABELS = frozenset({"PERSON", "ORG", "WORK_OF_ART", "PRODUCT", "LAW", "EVENT", "NORP", "LANGUAGE"})
SMALL = 20_000  # people: such a place's name alone needs a preposition or another mention
BIG = 100_000  # people: such a city's name needs no preposition before it


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of the text that is a name of the gazetteer, with what stands around it in its sentence."""

    first: int
    last: int
    name: str
    readings: tuple[Reading, ...]
    entity: NamedEntity | None  # of its last token
    label: str
    before: Token | None
    after: Token | None

    @property
    def major(self) -> bool:
        """Whether our own tables know a country, division, region or sea of this name."""
        return any(r.place.own and r.place.feature != "city" for r in self.readings)

    @property
    def division(self) -> bool:
        """Whether a second-level division has this very name ("Butte County")."""
        return any(r.place.feature == "admin2" and r.how == "name" for r in self.readings)

    @property
    def people(self) -> int:
        """The largest population of the places whose own name this is (not an alternate or shortened one).

        A city of our own tables counts as a big one: it stands there because news speaks of it.
        """
        if any(r.place.own and r.place.feature == "city" for r in self.readings):
            return BIG
        return max((r.place.population for r in self.readings if r.how == "name" or r.place.own), default=0)


@dataclass(frozen=True, slots=True)
class Found:
    """A name in the text. Tokens `first`..`last` inclusive; `readings` empty = named, but not in the gazetteer.

    `strength`: 2 = sure, 1 = likely, 0 = only if the text elsewhere says so.
    """

    start: int
    end: int
    text: str
    first: int
    last: int
    readings: tuple[Reading, ...]
    strength: int
    demonym: bool = False


def is_name(word: str) -> bool:
    return word[:1].isupper()


class Judge:
    """Says of a name in one article how surely it is a place."""

    def __init__(self, article: Article, parse: Parse, gazetteer: Gazetteer) -> None:
        self.text = article.text
        self.parse = parse
        self.gazetteer = gazetteer
        self.words = gazetteer.words
        self.entity: dict[int, NamedEntity] = {}
        for e in parse.entities:
            for k in range(e.first, e.last + 1):
                self.entity[k] = e
        self.surnames = {  # and first names
            parse.tokens[k].text
            for e in parse.entities
            if e.label == "PERSON" and e.last > e.first
            for k in (e.first, e.last)
            if is_name(parse.tokens[k].text)
        }

    def judge(self, i: int, k: int, name: str, readings: tuple[Reading, ...]) -> Found:
        """How surely the match of tokens i..k is a place here: `Found` with its strength, -1 = not a place."""
        tokens = self.parse.tokens
        entity = self.entity.get(k)
        m = Match(
            i,
            k,
            name,
            tuple(r for r in readings if r.how != "demonym"),
            entity,
            entity.label if entity else "",
            tokens[i - 1] if i and self.same_sentence(i, i - 1) else None,
            tokens[k + 1] if k + 1 < len(tokens) and self.same_sentence(k, k + 1) else None,
        )
        found = Found(tokens[i].start, tokens[k].end, self.text[tokens[i].start : tokens[k].end], i, k, m.readings, -1)
        demonyms = tuple(r for r in readings if r.how == "demonym")
        if demonyms and (not m.readings or m.label == "NORP" or not any(r.place.own for r in m.readings)):
            person = m.label == "PERSON" and m.before is not None and is_name(m.before.text)
            return replace(found, readings=demonyms, strength=-1 if person else 2, demonym=True)
        return replace(found, strength=-1 if self._barred(m) else self._strength(m))

    def _barred(self, m: Match) -> bool:
        """Whether the words themselves or their neighbours say that this is no place."""
        words, low, after = self.words, m.name.lower().rstrip("."), m.after
        if m.name not in self.gazetteer.exact:
            placed = self.locative(m.first)
            dateline = after is not None and after.text in words.datelines
            if m.name.isupper() and len(m.name) <= 4 and not (dateline or placed):
                return True
            if m.first == m.last and (low in words.directions or low in words.titles):
                return True
            sure = m.label == "GPE" and (placed or (after is not None and after.text == ","))
            if (low in words.not_places or len(m.name) < 3) and not sure:
                return True
        if m.before is not None and m.before.text[:1].isdigit() and "." in m.name:  # "in 100 B.C."
            return True
        entity = m.entity
        if entity is not None and entity.label == "ORG" and (entity.first, entity.last) != (m.first, m.last):
            parts = self.parse.tokens[entity.first : entity.last + 1]
            if any(t.lower in words.media for t in parts):
                return True
        if after is not None and after.lower in words.diseases:
            return True
        named = after is not None and is_name(after.text)
        if (
            after is not None
            and named
            and (after.lower in words.media or (after.lower in words.streets and not m.major))
        ):
            return True
        return m.before is not None and m.before.lower in words.titles and is_name(m.before.text)

    def _strength(self, m: Match) -> int:
        """2, 1, 0 or -1 for a match that nothing bars outright: what the entity recogniser and the syntax say."""
        words, entity = self.words, m.entity
        directed = m.before is not None and m.before.lower in words.directions | words.before
        named_before = m.before is not None and is_name(m.before.text) and m.before.pos == "PROPN" and not directed
        institution = m.after is not None and m.after.lower.rstrip(".") in words.institutions
        follows = m.after is not None and is_name(m.after.text) and m.after.pos in ("PROPN", "NOUN", "ADJ", "VERB")
        county = m.division and self.parse.tokens[m.last].lower in words.divisions
        placed = self.locative(m.first)
        inside = self.division_follows(m.last)
        whole = entity is not None and entity.first >= m.first and entity.last <= m.last
        opening = m.first == self.parse.sentence(m.first).first
        if opening and m.name.isupper() and m.after is not None and m.after.text in words.dashes:
            return 2
        if county and (entity is None or entity.first >= m.first or directed or m.label != "PERSON"):
            return 2
        if entity is not None and m.label == "PERSON":
            if entity.last > m.last or entity.first < m.first:
                return -1
            if inside:
                return 2
            return -1 if m.name in self.surnames else int(placed or institution or m.people >= BIG)
        if inside and not named_before:
            return 2
        if m.name in self.surnames and not placed:
            return -1
        if entity is not None and m.label in ("GPE", "LOC"):
            if entity.last > m.last and follows and not institution and not m.major:
                return -1
            if m.first == m.last and not (m.major or placed or institution) and m.people < SMALL:
                return 0  # the recogniser takes many a surname for a place
            return 2 if m.major or (entity.first >= m.first - 1 and entity.last <= m.last) else 1
        if entity is not None and m.label in OTHER_LABELS:
            if whole:
                return int(placed or m.major or m.people >= BIG)
            begins = entity.first >= m.first or directed or self.parse.tokens[entity.first].lower == "the"
            if m.major or (begins and institution):
                return 1
            return 0 if begins and m.label == "ORG" else -1
        if (follows and not institution and not m.major) or named_before:
            return -1
        if m.major:
            return 2
        inner = m.first > self.parse.sentence(m.first).first or m.last > m.first
        return int(placed or m.label == "FAC" or institution or (m.people >= BIG and inner))

    def same_sentence(self, a: int, b: int) -> bool:
        return self.parse.sentence_of[a] == self.parse.sentence_of[b]

    def locative(self, i: int) -> bool:
        """Whether a preposition of place stands before, with at most an article or a kind word between."""
        tokens = self.parse.tokens
        k = i - 1
        for _ in range(3):
            if k < 0 or not self.same_sentence(k, i):
                return False
            low = tokens[k].lower
            if low in self.words.locative or low in self.words.origin:
                return True
            if low == "of" and k and tokens[k - 1].lower in self.words.before | self.words.divisions:
                return True
            if low not in self.words.before and low not in self.words.directions:
                return False
            k -= 1
        return False

    def division_follows(self, k: int) -> bool:
        """Whether ", Oregon" or ", Ore." or ", OR" stands after token k."""
        tokens = self.parse.tokens
        if k + 2 >= len(tokens) or tokens[k + 1].text != "," or not self.same_sentence(k, k + 2):
            return False
        if tokens[k + 2].text in self.gazetteer.abbreviations:
            return True
        for last in range(min(k + 4, len(tokens) - 1), k + 1, -1):
            name = self.text[tokens[k + 2].start : tokens[last].end]
            if any(
                r.place.own and r.place.feature in ("country", "admin1") and r.how != "demonym"
                for r in self.gazetteer.lookup(name)
            ):
                return True
        return False
