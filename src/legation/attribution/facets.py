"""Status facets: did it happen, and how surely, for every token that can denote an event.

One walk down each sentence's tree. Every token receives a standing from above (what the embedding word does to its
complement), changes it by the words beside it (negation, modals, adverbs, markers) and hands it on. Each token is seen
once from its head and a fixed number of times from itself: linear time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from legation.attribution.facets_standing import Effects, Standing
from legation.attribution.facets_time import past_marks
from legation.attribution.facets_tree import Below
from legation.attribution.facets_words import Words, is_event_noun, progressive
from legation.model.claims import Facets
from legation.model.parse import Parse, Sentence, Token
from legation.model.text import Article

if TYPE_CHECKING:
    from legation.attribution.cues import Cues
    from legation.attribution.facets_data import StatusCues


def find_facets(article: Article, parse: Parse, cues: Cues) -> Mapping[int, Facets]:
    """Token index -> facets, for every word that can denote an event.

    Verbs, predicates of a copula, event nouns; and every other common noun that is not known to denote no event, since
    an event rule may have any noun as its trigger. Sorted by token. A sentence is looked at when one of its tokens is
    asked for: few sentences hold an event.
    """
    return SentenceFacets(article, parse, cues.status)


class SentenceFacets(Mapping[int, Facets]):
    """The facets of a parse, sentence by sentence as they are asked for. What was asked before changes no answer."""

    def __init__(self, article: Article, parse: Parse, cues: StatusCues) -> None:
        self._article, self._parse, self._cues = article, parse, cues
        self._done: dict[int, dict[int, Facets]] = {}

    @cached_property
    def _walk(self) -> Walk:
        return Walk(self._article, self._parse, self._cues)

    def _of(self, sentence: Sentence) -> dict[int, Facets]:
        known = self._done.get(sentence.i)
        if known is None:
            standings, parse = self._walk.of(sentence), self._parse
            inside = range(sentence.first, sentence.last + 1)
            shown = [k for k in inside if k in self._walk.chosen or _is_other_noun(parse.tokens[k], self._cues)]
            known = {k: self._walk.effects.facets(k, standings[k], progressive(parse, k)) for k in shown}
            self._done[sentence.i] = known
        return known

    def __getitem__(self, token: int) -> Facets:
        if not 0 <= token < len(self._parse.tokens):
            raise KeyError(token)
        return self._of(self._parse.sentence(token))[token]

    def __iter__(self) -> Iterator[int]:
        for sentence in self._parse.sentences:
            yield from self._of(sentence)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Walk:
    """One walk down the trees of single sentences."""

    def __init__(self, article: Article, parse: Parse, cues: StatusCues) -> None:
        self.parse = parse
        self.chosen = predicates(parse, cues)
        self.effects = Effects(cues.effects)
        marks = past_marks(article, parse, cues, self.chosen)
        self._words = Words(parse, cues, self.effects, self.chosen, marks)
        self._below = Below(parse, cues, self.effects, self.chosen, self._words.hidden)

    def of(self, sentence: Sentence) -> Mapping[int, Standing]:
        """The standings of the sentence's tokens, and of those of sentences walked before."""
        for k in _downwards(self.parse, sentence):
            incoming = self._below.incoming(k)
            self._below.own[k] = self._words.local(k, incoming)
        return self._below.own


def find_standings(article: Article, parse: Parse, cues: StatusCues) -> Mapping[int, Standing]:
    """The standing of every token, with all marks, also those that decided nothing."""
    walk = Walk(article, parse, cues)
    standings: Mapping[int, Standing] = {}
    for sentence in parse.sentences:
        standings = walk.of(sentence)
    return standings


def _downwards(parse: Parse, sentence: Sentence) -> Iterator[int]:
    """The sentence's tokens, each after its head."""
    queue = [k for k in range(sentence.first, sentence.last + 1) if parse.tokens[k].head == k]
    for k in queue:
        yield k
        queue.extend(parse.children[k])


def predicates(parse: Parse, cues: StatusCues) -> frozenset[int]:
    """Tokens that denote an event or a state: verbs but auxiliaries, their particles,
    predicates of a copula, event nouns, and the pronouns that stand for an event or a clause (this, which)."""
    return frozenset(t.i for t in parse.tokens if _is_predicate(parse, t, cues))


def _is_predicate(parse: Parse, t: Token, cues: StatusCues) -> bool:
    if t.pos in ("VERB", "AUX"):
        return t.dep not in ("aux", "auxpass") or t.lemma == "get"
    if t.ent == "EVENT" and t.pos in ("NOUN", "PROPN"):
        return True
    if t.dep in ("acomp", "attr", "oprd") and t.pos in ("ADJ", "NOUN", "ADV", "PROPN", "PRON", "NUM"):
        return True
    if t.dep == "prt" or (t.dep == "advmod" and t.lower in cues.words["particles"]):
        return True
    if t.lower in ("this", "that", "which") and t.dep in ("nsubj", "nsubjpass", "dobj", "pobj"):
        return True
    if t.pos in ("NOUN", "PROPN"):
        if t.pos == "NOUN" and t.dep in ("xcomp", "advcl", "ccomp", "relcl", "acl"):
            return True  # a verb that the tagger took for a noun ("set to land")
        joined = "-".join(x.lower for x in parse.tokens[max(0, t.i - 2) : t.i + 1 : 2])
        return is_event_noun(t, cues) or (parse.tokens[t.i - 1].text == "-" and joined in cues.words["nouns"])
    if t.pos == "ADJ" and t.dep == "amod":
        return t.lower.endswith(("ing", "ed"))
    if t.pos == "ADJ" and t.tag != "CD":
        return t.dep not in ("compound", "det", "nummod", "poss")
    return t.pos in ("ADV", "ADP") and t.dep in ("ROOT", "ccomp", "xcomp", "advcl", "conj", "relcl")


def _is_other_noun(t: Token, cues: StatusCues) -> bool:
    """Common nouns in no list, outside names and dates: any may be the trigger of an event rule."""
    return t.pos == "NOUN" and not t.ent and t.lemma not in cues.words["not_events"]


def aux_of(facets: Facets) -> str:
    """PLOVER's auxiliary mode: `actual`, `historical`, `future`, `hypothetical` or `negated`.

    What is only possible stays hypothetical when it is negated ("may not have fired"); a future that is ruled out
    is negated ("will not attend"). What is demanded is nobody's plan yet: hypothetical.
    """
    if facets.actuality in ("conditional", "hypothetical"):
        return "hypothetical"
    if facets.polarity == "negated":
        return "negated"
    if facets.actuality == "demanded":
        return "hypothetical"
    if facets.actuality in ("planned", "promised", "threatened", "predicted"):
        return "future"
    return "historical" if facets.historical else "actual"


def status_of(aux: str, stances: Sequence[str], own_plan: bool, outermost_is_actor: bool) -> str:
    """The record's derived word: the first row of the contract's table that fits.

    `stances` are those of the attribution chain, outermost first; `own_plan`: a future event told by its own actor.
    """
    if "denies" in stances:
        return "denied"
    if aux in ("negated", "hypothetical"):
        return aux
    if aux == "future":
        return "planned" if own_plan else "predicted"
    if stances and not outermost_is_actor:
        return "alleged"
    return "historical" if aux == "historical" else "happened"
