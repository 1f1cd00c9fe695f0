"""Which stretches of the text are names of places.

Two witnesses: the parser's entity recogniser and the gazetteer. A name of the gazetteer counts unless something
speaks against it (it is part of a person's, a paper's or a street's name, an everyday word with a capital); an
entity that the gazetteer does not know is kept, unresolved. What a name stands for is settled in resolve.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from legation.model.actors import Mention
from legation.model.parse import Parse
from legation.model.text import Article
from legation.places.gazetteer import Gazetteer, Reading
from legation.places.judge import Found, Judge, is_name
from legation.places.names import fold

COUNTIES = {"counties": "County", "parishes": "Parish"}
LONGEST = 7  # tokens in a name


class Finder(Judge):
    """Walks once over the tokens of one article."""

    def find(self) -> list[Found]:
        """All names, in text order, none overlapping another."""
        out: list[Found] = []
        tokens, n = self.parse.tokens, len(self.parse.tokens)
        i = 0
        while i < n:
            word = tokens[i].text
            if not (is_name(word) or (word.lower() in self.words.particles and i + 1 < n)):
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
        return self._counties(self._settle(out))

    def _counties(self, found: list[Found]) -> list[Found]:
        """ "Clay, Grant and Wilkin counties": three counties, whatever else has these names."""
        tokens, more = self.parse.tokens, list[Found]()
        for t in tokens:
            kind = COUNTIES.get(t.lower)
            if kind is None:
                continue
            k = last = t.i - 1
            while (
                k >= 0 and self.same_sentence(k, t.i) and (is_name(tokens[k].text) or tokens[k].lower in (",", "and"))
            ):
                if is_name(tokens[k].text) and (k == 0 or not is_name(tokens[k - 1].text)):
                    end = next(j for j in range(k, last + 2) if j > last or not is_name(tokens[j].text)) - 1
                    name = self.text[tokens[k].start : tokens[end].end]
                    readings = tuple(
                        r
                        for r in self.gazetteer.lookup(f"{name} {kind}")
                        if r.place.feature == "admin2" and r.how == "name"
                    )
                    if readings:
                        more.append(Found(tokens[k].start, tokens[end].end, name, k, end, readings, 2))
                k -= 1
        taken = {k for f in more for k in range(f.first, f.last + 1)}
        kept = [f for f in found if not any(k in taken for k in range(f.first, f.last + 1))]
        return sorted([*kept, *more], key=lambda f: f.start) if more else found

    def _abbreviation(self, i: int, out: list[Found]) -> Found | None:
        """A two-letter division after a comma after a name: "Salem, OR"."""
        t = self.parse.tokens[i]
        readings = self.gazetteer.abbreviations.get(t.text)
        if not readings or i < 2 or self.parse.tokens[i - 1].text != ",":
            return None
        if not is_name(self.parse.tokens[i - 2].text) or self.parse.tokens[i - 2].text.isupper():
            return None
        return Found(t.start, t.end, t.text, i, i, readings, 2)

    def _longest(self, i: int) -> Found | None:
        """The longest name of the gazetteer that begins at token i, judged; strength -1 = known, but not a place."""
        tokens, words = self.parse.tokens, self.words
        sentence = self.parse.sentence(i)
        last = min(sentence.last, i + LONGEST - 1)
        ends: list[int] = []
        for k in range(i, last + 1):
            word = tokens[k].text
            if is_name(word) or (k > i and word[:1].isdigit()):
                ends.append(k)
            elif k == i or word.lower() in words.links or word.lower() in words.divisions:
                if word.lower() in words.divisions and k > i:
                    ends.append(k)
            else:
                break
        for k in reversed(ends):
            if tokens[i].lower in words.particles and not any(is_name(tokens[m].text) for m in range(i + 1, k + 1)):
                continue
            start, end = tokens[i].start, tokens[k].end
            name = self.text[start:end]
            if "\n" in name:
                name = name.replace("\n", " ")
            readings = self.gazetteer.lookup(name)
            if self.text[end : end + 1] == ".":  # the parser cut the stop off: "Vt."
                readings = self.gazetteer.exact.get(name + ".", ()) or readings
            if not readings and name.isupper() and len(name) > 3:
                readings = self.gazetteer.lookup(name.title())
            if readings and not is_name(tokens[i].text) and not any(r.place.own for r in readings):
                readings = ()
            if readings:
                return self.judge(i, k, name, readings)
        return self._unknown(i)

    def _unknown(self, i: int) -> Found | None:
        """A place entity that the gazetteer does not know; its parts may be known and are tried next."""
        e = self.entity.get(i)
        if e is None or e.first != i or e.label not in ("GPE", "LOC"):
            return None
        tokens = self.parse.tokens
        first = e.first
        while first < e.last and not is_name(tokens[first].text):
            first += 1
        if not is_name(tokens[first].text) or tokens[first].lower in self.words.not_places:
            return None
        if first != i or (first == e.last and not (self.locative(first) or self.division_follows(first))):
            return None
        for k in range(first + 1, e.last + 1):
            if is_name(tokens[k].text) and self.gazetteer.lookup(self.text[tokens[k].start : tokens[e.last].end]):
                return None
        start, end = tokens[first].start, tokens[e.last].end
        if end - start < 4:
            return None
        return Found(start, end, self.text[start:end], first, e.last, (), 1)

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
    return [f for f in found if not any(_names_other(f, m, parse) for m in people)]


def _names_other(f: Found, m: Mention, parse: Parse) -> bool:
    """Whether a name is only the last part of a person's, party's or firm's ("United Russia", "the Toyota")."""
    if not (m.start < f.start and f.end <= m.end and m.head == f.last):
        return False
    region = any(r.place.own and r.place.feature != "city" for r in f.readings)
    return not region or (f.first > 0 and is_name(parse.tokens[f.first - 1].text))


def home_names(article: Article, gazetteer: Gazetteer) -> list[tuple[Reading, ...]]:
    """Places in the name of the newspaper ("The Salem Courier"): where its small places lie. No place of the text."""
    words = (article.publication or "").replace(",", " ").split()
    for size in range(min(3, len(words)), 0, -1):
        for k in range(len(words) - size + 1):
            name = " ".join(words[k : k + size])
            readings = gazetteer.lookup(name)
            cities = tuple(r for r in readings if r.place.feature in ("city", "admin2", "admin1") and r.how == "name")
            if cities and is_name(name) and name.lower() not in gazetteer.words.not_places | gazetteer.words.media:
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
