"""Which stretches of the text are names of places.

Two witnesses: the parser's entity recogniser and the gazetteer. A name of the gazetteer counts unless something
speaks against it (it is part of a person's, a paper's or a street's name, an everyday word with a capital); an
entity that the gazetteer does not know is kept, unresolved. What a name stands for is settled in resolve.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from legation.model.actors import Mention
from legation.model.parse import NamedEntity, Parse, Token
from legation.model.text import Article
from legation.places.gazetteer import Gazetteer, Reading
from legation.places.names import fold

LONGEST = 7  # tokens in a name
PLACE_LABELS = frozenset({"GPE", "LOC", "FAC"})
OTHER_LABELS = frozenset({"PERSON", "ORG", "WORK_OF_ART", "PRODUCT", "LAW", "EVENT", "NORP", "LANGUAGE"})
BIG = 100_000  # people: such a city's name needs no preposition before it


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
    short: bool = False  # an abbreviation after a comma


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
        """The largest population that the name can stand for."""
        return max((r.place.population for r in self.readings), default=0)


def _is_name(word: str) -> bool:
    return word[:1].isupper()


class Finder:
    """Walks once over the tokens of one article."""

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
            if _is_name(parse.tokens[k].text)
        }

    def find(self) -> list[Found]:
        """All names, in text order, none overlapping another."""
        out: list[Found] = []
        tokens, n = self.parse.tokens, len(self.parse.tokens)
        i = 0
        while i < n:
            word = tokens[i].text
            if not (_is_name(word) or (word.lower() in self.words.particles and i + 1 < n)):
                i += 1
                continue
            hit = self._abbreviation(i, out) or self._longest(i)
            if hit is None:
                i += 1
                continue
            if hit.strength >= 0:
                out.append(hit)
                i = hit.last + 1
            else:
                i += 1
        return self._settle(out)

    def _abbreviation(self, i: int, out: list[Found]) -> Found | None:
        """A two-letter division after a comma after a name: "Salem, OR"."""
        t = self.parse.tokens[i]
        readings = self.gazetteer.abbreviations.get(t.text)
        if not readings or i < 2 or self.parse.tokens[i - 1].text != ",":
            return None
        if not _is_name(self.parse.tokens[i - 2].text) or self.parse.tokens[i - 2].text.isupper():
            return None
        return Found(t.start, t.end, t.text, i, i, readings, 2, short=True)

    def _longest(self, i: int) -> Found | None:
        """The longest name of the gazetteer that begins at token i, judged; strength -1 = known, but not a place."""
        tokens, words = self.parse.tokens, self.words
        sentence = self.parse.sentence(i)
        last = min(sentence.last, i + LONGEST - 1)
        ends: list[int] = []
        for k in range(i, last + 1):
            word = tokens[k].text
            if _is_name(word) or (k > i and word[:1].isdigit()):
                ends.append(k)
            elif k == i or word.lower() in words.links or word.lower() in words.divisions:
                if word.lower() in words.divisions and k > i:
                    ends.append(k)
            else:
                break
        for k in reversed(ends):
            if tokens[i].lower in words.particles and not any(_is_name(tokens[m].text) for m in range(i + 1, k + 1)):
                continue
            start, end = tokens[i].start, tokens[k].end
            name = self.text[start:end]
            if "\n" in name:
                name = name.replace("\n", " ")
            readings = self.gazetteer.lookup(name)
            if not readings and name.isupper() and len(name) > 3:
                readings = self.gazetteer.lookup(name.title())
            if readings and not _is_name(tokens[i].text) and not any(r.place.own for r in readings):
                readings = ()
            if readings:
                return self._judge(i, k, name, readings)
        return self._unknown(i)

    def _unknown(self, i: int) -> Found | None:
        """A place entity that the gazetteer does not know; its parts may be known and are tried next."""
        e = self.entity.get(i)
        if e is None or e.first != i or e.label not in ("GPE", "LOC"):
            return None
        tokens = self.parse.tokens
        first = e.first
        while first < e.last and not _is_name(tokens[first].text):
            first += 1
        if not _is_name(tokens[first].text) or tokens[first].lower in self.words.not_places:
            return None
        if first != i or (first == e.last and not (self._locative(first) or self._division_follows(first))):
            return None
        for k in range(first + 1, e.last + 1):
            if _is_name(tokens[k].text) and self.gazetteer.lookup(self.text[tokens[k].start : tokens[e.last].end]):
                return None
        start, end = tokens[first].start, tokens[e.last].end
        return Found(start, end, self.text[start:end], first, e.last, (), 1)

    def _judge(self, i: int, k: int, name: str, readings: tuple[Reading, ...]) -> Found:
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
            tokens[i - 1] if i and self._same_sentence(i, i - 1) else None,
            tokens[k + 1] if k + 1 < len(tokens) and self._same_sentence(k, k + 1) else None,
        )
        found = Found(tokens[i].start, tokens[k].end, self.text[tokens[i].start : tokens[k].end], i, k, m.readings, -1)
        demonyms = tuple(r for r in readings if r.how == "demonym")
        if demonyms and (not m.readings or m.label == "NORP" or not any(r.place.own for r in m.readings)):
            person = m.label == "PERSON" and m.before is not None and _is_name(m.before.text)
            return replace(found, readings=demonyms, strength=-1 if person else 2, demonym=True)
        return replace(found, strength=-1 if self._barred(m) else self._strength(m))

    def _barred(self, m: Match) -> bool:
        """Whether the words themselves or their neighbours say that this is no place."""
        words, low, after = self.words, m.name.lower(), m.after
        if m.name not in self.gazetteer.exact:
            placed = self._locative(m.first)
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
        named = after is not None and _is_name(after.text)
        if (
            after is not None
            and named
            and (after.lower in words.media or (after.lower in words.streets and not m.major))
        ):
            return True
        return m.before is not None and m.before.lower in words.titles and _is_name(m.before.text)

    def _strength(self, m: Match) -> int:
        """2, 1, 0 or -1 for a match that nothing bars outright: what the entity recogniser and the syntax say."""
        words, entity = self.words, m.entity
        directed = m.before is not None and m.before.lower in words.directions | words.before
        named_before = m.before is not None and _is_name(m.before.text) and m.before.pos == "PROPN" and not directed
        institution = m.after is not None and m.after.lower.rstrip(".") in words.institutions
        follows = m.after is not None and _is_name(m.after.text) and m.after.pos in ("PROPN", "NOUN", "ADJ", "VERB")
        county = m.division and self.parse.tokens[m.last].lower in words.divisions
        placed = self._locative(m.first)
        inside = self._division_follows(m.last)
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

    def _same_sentence(self, a: int, b: int) -> bool:
        return self.parse.sentence_of[a] == self.parse.sentence_of[b]

    def _locative(self, i: int) -> bool:
        """Whether a preposition of place stands before, with at most an article or a kind word between."""
        tokens = self.parse.tokens
        k = i - 1
        for _ in range(3):
            if k < 0 or not self._same_sentence(k, i):
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

    def _division_follows(self, k: int) -> bool:
        """Whether ", Oregon" or ", Ore." or ", OR" stands after token k."""
        tokens = self.parse.tokens
        if k + 2 >= len(tokens) or tokens[k + 1].text != "," or not self._same_sentence(k, k + 2):
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

    def _settle(self, found: list[Found]) -> list[Found]:
        """Weak names stay only where the same name is surely a place elsewhere in the text."""
        for k in range(1, len(found)):  # in a list of places: "Mali, Niger and Chad"
            f = found[k]
            if f.strength != 0 or not self._joined(found, k - 1):
                continue
            country = any(r.place.own and r.place.feature == "country" for r in f.readings)
            if country or self._gap(found, k - 1) != "," or (k + 1 < len(found) and self._joined(found, k)):
                found[k] = replace(f, strength=1)
        sure = Counter(fold(f.text) for f in found if f.strength >= 1)
        return [f for f in found if f.strength >= 1 or sure[fold(f.text)]]

    def _gap(self, found: list[Found], k: int) -> str:
        return self.text[found[k].end : found[k + 1].start].strip()

    def _joined(self, found: list[Found], k: int) -> bool:
        """Whether names k and k + 1 stand in one list and one of them at least is likely a place."""
        a, b = found[k], found[k + 1]
        return (
            max(a.strength, b.strength) >= 1
            and not (a.demonym or b.demonym)
            and self._gap(found, k) in self.words.lists
        )


def find_names(article: Article, parse: Parse, mentions: Sequence[Mention], gazetteer: Gazetteer) -> list[Found]:
    """All place names of an article, in text order; none inside the longer name of a person that actors/ knows."""
    people = [m for m in mentions if m.kind in ("name", "title") and m.entity_id and m.country and m.sector != "GOV"]
    found = Finder(article, parse, gazetteer).find()
    return [f for f in found if not any(m.start < f.start and f.end <= m.end and m.head == f.last for m in people)]


def home_names(article: Article, gazetteer: Gazetteer) -> list[tuple[Reading, ...]]:
    """Places in the name of the newspaper ("The Salem Courier"): where its small places lie. No place of the text."""
    words = (article.publication or "").replace(",", " ").split()
    for size in range(min(3, len(words)), 0, -1):
        for k in range(len(words) - size + 1):
            name = " ".join(words[k : k + size])
            readings = gazetteer.lookup(name)
            cities = tuple(r for r in readings if r.place.feature in ("city", "admin2", "admin1") and r.how == "name")
            if cities and _is_name(name) and name.lower() not in gazetteer.words.not_places | gazetteer.words.media:
                return [cities]
    return []


def given_names(article: Article, parse: Parse, gazetteer: Gazetteer, spans: Sequence[tuple[int, int]]) -> list[Found]:
    """The names at the given offsets, as they are: one for each span, in order."""
    out: list[Found] = []
    for start, end in spans:
        text = article.text[start:end]
        inside = parse.tokens_in(start, end)
        first = inside[0] if inside else (parse.token_at(start) or 0)
        last = inside[-1] if inside else first
        readings = readings_of(text, gazetteer)
        if not readings and len(text) == 2 and text in gazetteer.abbreviations:
            readings = gazetteer.abbreviations[text]
        demonym = bool(readings) and all(r.how == "demonym" for r in readings)
        out.append(Found(start, end, text, first, last, readings, 2, demonym))
    return out


def readings_of(text: str, gazetteer: Gazetteer) -> tuple[Reading, ...]:
    """Readings of a name, or of what is left of it without article, kind and direction words."""
    name = " ".join(text.split())
    tried: list[str] = [name]
    words = name.split(" ")
    g = gazetteer.words
    if name.isupper() and len(name) > 3:
        tried.append(name.title())
    if name.endswith(("'s", "’s")):
        tried.append(name[:-2])
    while len(words) > 1 and words[0].lower() in g.before | g.directions | {"of"}:
        words = words[1:]
        tried.append(" ".join(words))
    while len(words) > 1 and words[-1].lower() in g.divisions | g.institutions:
        words = words[:-1]
        tried.append(" ".join(words))
    for candidate in tried:
        readings = gazetteer.lookup(candidate)
        if readings:
            return readings
    return ()
