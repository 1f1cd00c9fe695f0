"""Where an event happened, as its own clause says; None when it does not say.

Looked for, in this order (`by` names which): a phrase of place on the predicate ("exploded at a market in Kirkuk"),
on one of its arguments ("killed three people near Goma"), on the verb that carries a noun predicate ("talks were
held in Geneva"), before a noun predicate ("the Geneva talks"), as the object of a verb that acts on places
("shelled Kharkiv"), on the verb that the predicate is joined to ("crossed into Mali and attacked ..."), and last the
dateline, for what the lead reports as its news. Never the place where a speaker speaks or works, never a name that
stands for a government or a people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from legation.model.claims import Facets
from legation.model.events import Participant
from legation.model.parse import Parse
from legation.model.text import Article
from legation.model.when_where import EventPlace, Toponym
from legation.places.words import Words, event_words

UP = frozenset(
    {"appos", "compound", "nmod", "conj", "flat", "poss", "pobj", "npadvmod", "amod", "nummod", "dep", "pcomp"}
)
ARGUMENTS = frozenset({"dobj", "nsubj", "nsubjpass", "attr", "agent", "oprd", "dative"})
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
JOINED = frozenset({"conj", "xcomp", "advcl"})
CLIMB = 12  # steps; longer ways up a tree are parse errors
DATELINE = re.compile(
    r"\s*(?:,\s*[A-Z][\w.]*(?:\s[A-Z][\w.]*){0,2})?\s*(?:,\s*[A-Z][a-z]{2,8}\.?\s\d{1,2}\s*)?(?:\([^)\n]{2,40}\)\s*)?(?:—|–|--|-\s|:\s)"
)
DATELINE_WITHIN = 40  # characters from the beginning of the body


@dataclass(frozen=True, slots=True)
class Route:
    """How a toponym hangs in its sentence: the word it reaches, through which last link, by which preposition."""

    reached: int
    through: int  # the last token before `reached`
    preposition: str | None


def place_of(
    article: Article,
    parse: Parse,
    toponyms: Sequence[Toponym],
    predicate: int,
    participants: Sequence[Participant],
    facets: Facets | None,
) -> EventPlace | None:
    """The place of the event whose predicate is token `predicate`; None when the text does not say where.

    `participants` are the event's parties: a phrase of place inside one counts as an argument's, also when the parser
    hung that party elsewhere. `facets` None = nothing known. `basis` is "clause", "argument", "modifier", "object",
    "joined" or "dateline".
    """
    if not 0 <= predicate < len(parse.tokens):
        return None
    words = event_words()
    sentence = parse.sentence(predicate)
    places: list[tuple[int, int, int, EventPlace]] = []
    for toponym in toponyms:
        if toponym.end <= sentence.start or toponym.start >= sentence.end or toponym.basis == "demonym":
            continue
        head = parse.head_of(toponym.start, toponym.end)
        if head is None or parse.sentence_of[head] != sentence.i:
            continue
        answer = _in_clause(parse, toponym, head, predicate, participants, words)
        if answer is None:
            continue
        rank, basis = answer
        place = EventPlace(toponym, basis, f"place:{basis}")
        places.append((rank, abs(head - predicate), toponym.start, place))
    if places:
        best = min(places, key=lambda p: p[:3])
        inner = [p for p in places if p[0] <= best[0] + 1 and _lies_in(p[3].toponym, best[3].toponym)]
        return min(inner, key=lambda p: p[:3])[3] if inner else best[3]
    return _dateline(article, parse, toponyms, predicate, facets, words)


def _lies_in(small: Toponym, large: Toponym) -> bool:
    """Whether the first place is a smaller one inside the second: "near the town of Salem in Oregon"."""
    if small.feature != "city" or large.feature not in ("country", "admin1", "region"):
        return False
    if large.feature == "admin1":
        return small.admin1 == large.admin1 and small.country == large.country
    return small.country == large.country and small.country is not None


def _in_clause(
    parse: Parse, toponym: Toponym, head: int, predicate: int, participants: Sequence[Participant], words: Words
) -> tuple[int, str] | None:
    """(rank, basis) of a toponym as the place of the predicate, or None; a lower rank is better."""
    tokens = parse.tokens
    route = _route(parse, head, predicate, words)
    verb = tokens[predicate]
    speaks = verb.lemma in words.speech and verb.pos == "VERB"
    if route is None:
        return None
    reached, through, preposition = route.reached, route.through, route.preposition
    located = preposition in words.at or (preposition in words.towards and verb.lemma in words.motion)
    if reached == predicate:
        dep = tokens[through].dep
        if preposition is None:
            if verb.pos in ("NOUN", "PROPN") and dep in ("compound", "nmod", "poss") and not toponym.metonym:
                return (3, "modifier") if toponym.feature != "country" else None
            if dep in ("dobj", "nsubjpass") and verb.lemma in words.acts_on_places:
                if through != head:  # "bombed the airport of Damascus", "Kirkuk's market"
                    return None if toponym.metonym or toponym.feature == "country" else (2, "object")
                return (2 if toponym.feature == "country" else 0), "object"
            return None
        if toponym.metonym and preposition not in words.at:
            return None
        if dep == "prep" or tokens[through].pos == "ADP":
            if preposition == "on":
                blow = verb.lemma in words.blows and toponym.feature != "country"
                return (1, "clause") if blow or toponym.feature == "water" else None
            if dep == "agent":
                return 1, "argument"
            return (0, "clause") if located else None
        if dep in SUBJECTS and speaks:
            return None
        if dep in ARGUMENTS or dep == "pobj":
            return (1, "argument") if preposition in words.at and preposition != "on" else None
        return (1, "clause") if located else None
    if preposition is None or not located or preposition == "on":
        return None
    if tokens[reached].lemma in words.speech and tokens[reached].pos == "VERB":
        return None
    if any(p.start <= tokens[reached].start < p.end and p.head == reached for p in participants) and not speaks:
        return 2, "argument"
    # a noun predicate and the verb that carries it: "talks were held in Geneva"
    if verb.pos in ("NOUN", "PROPN") and verb.head == reached and verb.dep in ARGUMENTS:
        return (1, "clause") if tokens[through].dep == "prep" else None
    if verb.dep in JOINED and verb.head == reached and verb.pos in ("VERB", "AUX") and tokens[through].dep == "prep":
        return 4, "joined"
    return None


def _route(parse: Parse, head: int, predicate: int, words: Words) -> Route | None:
    """Up the tree from a toponym to the predicate or to the first verb; None when something bars the way."""
    tokens = parse.tokens
    preposition: str | None = None
    cur, through = head, head
    for _ in range(CLIMB):
        if cur == predicate and cur != head:
            return Route(cur, through, preposition)
        t = tokens[cur]
        if cur != head and t.pos in ("VERB", "AUX"):
            return Route(cur, through, preposition) if preposition else None
        if t.dep == "prep" or (t.pos == "ADP" and cur != head):
            low = t.lower
            if preposition is None and (low in words.at or low in words.towards):
                preposition = low
            elif low != "of" and (preposition is None or low not in words.at | words.passing):
                return None
        elif t.dep not in UP and t.dep not in ARGUMENTS:
            return None
        if t.head == cur:
            return None
        through, cur = cur, t.head
    return None


def dateline(article: Article, toponyms: Sequence[Toponym]) -> Toponym | None:
    """The toponym of the dateline ("GOMA, Congo (XYZ) — ..."), or None."""
    body = article.title_end
    while body < len(article.text) and article.text[body].isspace():
        body += 1
    for t in toponyms:
        if t.start < body or t.basis == "demonym":
            continue
        if t.start > body + DATELINE_WITHIN:
            return None
        if t.start == body and DATELINE.match(article.text, t.end):
            return t
    return None


def _dateline(
    article: Article,
    parse: Parse,
    toponyms: Sequence[Toponym],
    predicate: int,
    facets: Facets | None,
    words: Words,
) -> EventPlace | None:
    """The dateline's place, for the news of the lead sentence only: affirmed, happened or under way, no speech."""
    if facets is not None and (
        facets.polarity != "affirmed" or facets.actuality not in ("happened", "ongoing") or facets.historical
    ):
        return None
    verb = parse.tokens[predicate]
    if verb.lemma in words.speech and verb.pos == "VERB":
        return None
    if any(a.lemma in words.speech and a.pos == "VERB" for a in parse.ancestors(predicate)):
        return None
    found = dateline(article, toponyms)
    if found is None:
        return None
    lead = next((s for s in parse.sentences if s.end > found.end and not s.in_title), None)
    if lead is None:
        return None
    line_end = article.text.find("\n", found.end)
    same_paragraph = line_end < 0 or verb.start < line_end
    k = parse.sentence_of[predicate]
    if k > lead.i + 1 or (k == lead.i + 1 and not (same_paragraph and lead.end - lead.start < 60)):
        return None
    return EventPlace(found, "dateline", "place:dateline")
