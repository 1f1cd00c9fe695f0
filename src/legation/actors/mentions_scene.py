"""The scene a phrase is read against: text, parse, word tables, lexicon hits on tokens and what a hit is worth."""

from __future__ import annotations

from dataclasses import dataclass

from legation.actors.lexicon import Entry, Hit, Lexicon
from legation.actors.mentions_words import ActorWords, Noun, singulars
from legation.model.actors import Reading
from legation.model.parse import Parse
from legation.model.text import Article

STATES = ("country", "demonym", "metonym")
ADJECTIVES = ("demonym",)
MAX_TITLE_WORDS = 6
NO_STATE = ("UNO", "EUR", "IGO", "NGO", "MNC", "IMG")


@dataclass(frozen=True, slots=True)
class Placed:
    """A lexicon hit with the tokens it covers."""

    hit: Hit
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a phrase is read against; made once for each article."""

    article: Article
    parse: Parse
    lexicon: Lexicon
    words: ActorWords
    hits: tuple[Placed, ...]
    hit_at: dict[int, int]  # token -> index into hits
    label_at: dict[int, tuple[int, int, str]]  # token -> (first, last, label) of its named entity
    countries: frozenset[str]  # countries named by name, demonym or capital
    sure_countries: frozenset[str]  # those among them named by a strong name
    person_words: frozenset[str]  # lower-case words of the full names the parser took for persons

    @property
    def day(self) -> str | None:
        """The day on which titles without a name are looked up."""
        return self.article.published


def make_scene(article: Article, parse: Parse, lexicon: Lexicon, words: ActorWords) -> Scene:
    """Place the lexicon's hits and the parser's entities on the tokens."""
    hits: list[Placed] = []
    hit_at: dict[int, int] = {}
    for hit in lexicon.find(article.text):
        first, last = parse.token_at(hit.start), parse.token_at(max(hit.start, hit.end - 1))
        if first is None or last is None or not hit.entries:
            continue
        for k in range(first, last + 1):
            hit_at.setdefault(k, len(hits))
        hits.append(Placed(hit, first, last))
    labels = {k: (e.first, e.last, e.label) for e in parse.entities for k in range(e.first, e.last + 1)}
    states = [p.hit for p in hits if p.hit.entries[0].kind in ("country", "metonym", "region")]
    return Scene(
        article, parse, lexicon, words, tuple(hits), hit_at, labels,
        countries=frozenset(h.entries[0].country or "" for h in states),
        sure_countries=frozenset(h.entries[0].country or "" for h in states if h.strong),
        person_words=frozenset(
            parse.tokens[k].lower for e in parse.entities if e.label == "PERSON" and e.last > e.first
            for k in range(e.first, e.last + 1)
        ),
    )


def match_noun(scene: Scene, first: int, last: int) -> tuple[Noun, int, str] | None:
    """The longest title or description whose last word is token `last`, with its first token and its words."""
    tokens = scene.parse.tokens
    end = tokens[last]
    forms = singulars(end.lower, end.lemma.lower())
    for size in range(min(MAX_TITLE_WORDS, last - first + 1), 0, -1):
        start = last - size + 1
        before = scene.parse.text[tokens[start].start : end.start].lower().replace("\n", " ").replace("’", "'")
        for form in forms:
            noun = scene.words.nouns.get(before + form)
            if noun:
                return noun, start, before + form
    return None


def is_people(placed: Placed, scene: Scene) -> bool:
    """Whether the words name a people or are its adjective; a country called like its adjective is the country."""
    hit = placed.hit
    return hit.kind in ("demonym", "people") and scene.parse.text[hit.start : hit.end] != hit.entries[0].name


def stands_apart(scene: Scene, placed: Placed) -> bool:
    """Whether "pro-", "anti-" or "-backed" takes the country away from the noun that follows."""
    text, hit = scene.parse.text, placed.hit
    before = text[max(0, hit.start - 5) : hit.start].lower()
    if before.endswith(("pro-", "anti-", "non-")):
        return True
    if text[hit.end : hit.end + 1] == "-":
        k = scene.parse.token_at(hit.end + 1)
        return k is not None and scene.parse.tokens[k].lower in scene.words.detached
    return False


def believable(scene: Scene, placed: Placed) -> bool:
    """Whether a hit may stand for its entries here: "Jordan" the player and "Washington Post" may not."""
    hit, best = placed.hit, placed.hit.entries[0]
    if best.kind == "person":
        return True
    name = scene.parse.text[hit.start : hit.end].lower()
    if name in scene.words.first_names and best.kind != "country":
        label_here = scene.label_at.get(placed.last)
        if label_here is None or label_here[2] == "PERSON":
            return False
    if best.kind == "mnc" and placed.first and scene.parse.tokens[placed.first - 1].lower == "the":
        return False  # "the Amazon" is no company
    letters = hit.kind == "acronym" and best.kind in ("party", "group", "body", "mnc", "ngo")
    if letters and not _supported(scene, placed):
        return False
    label = scene.label_at.get(placed.last)
    if label is None:
        return hit.strong or best.kind not in STATES or scene.parse.tokens[placed.last].pos == "PROPN"
    first, last, kind = label
    tokens = scene.parse.tokens
    while first < placed.first and tokens[first].pos in ("DET", "ADJ", "ADV"):
        first += 1
    while last > placed.last and tokens[last].tag == "POS":
        last -= 1
    longer = first < placed.first or last > placed.last
    if kind == "PERSON" and longer and best.kind in STATES:
        rest = [tokens[k] for k in range(first, last + 1) if not placed.first <= k <= placed.last]
        names = [t for t in rest if t.pos == "PROPN" and not match_noun(scene, t.i, t.i) and t.i not in scene.hit_at]
        if hit.kind in ADJECTIVES:
            return last > placed.last or not names  # "Ruritanian Ada Brandt", not "Ada English"
        return not names
    if kind == "PERSON" and not hit.strong and best.kind in STATES:
        # "Jordan" alone: a country where its adjective stands in the text too or nobody of that name does
        return best.country in scene.sure_countries or name not in scene.person_words
    if kind in ("ORG", "FAC", "WORK_OF_ART", "PRODUCT", "LAW") and longer and hit.kind in ("capital", "seat"):
        after_hit = placed.last + 1
        return after_hit <= last and tokens[after_hit].tag == "POS"
    return True


def _supported(scene: Scene, placed: Placed) -> bool:
    """Letters count for a party or group only where its country or its full name stands in the text too."""
    best = placed.hit.entries[0]
    label = scene.label_at.get(placed.last)
    if label is not None and label[1] > placed.last and label[2] == "ORG":
        return False  # "NTC News"
    if best.country in scene.countries or best.country in NO_STATE or best.name in scene.parse.text:
        return True
    return len(placed.hit.entries) == 1 and placed.hit.end - placed.hit.start > 4


def active(start: str | None, end: str | None, day: str | None) -> bool:
    """Whether a term with partial ISO dates covers the day."""
    return day is not None and (start or "0") <= day and (end is None or day <= end + "~")


def readings(entries: tuple[Entry, ...]) -> tuple[Reading, ...]:
    """The first few possible entities, for `explain`."""
    return tuple(Reading(e.id, e.name, e.country, e.sector, 1.0 / (k + 1)) for k, e in enumerate(entries[:5]))
