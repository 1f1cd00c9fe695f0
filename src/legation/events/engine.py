"""Rules x frames -> candidates.

Every predicate of a sentence is coded once, from the inside out: an operator ("threatened to E") first asks
what E is. What an operator has used up is no event of its own. The best-scoring rule wins; the second best is
kept as runner-up for `why`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from legation.events.arguments import Frames
from legation.events.drop import drop_reasons
from legation.events.match import Match
from legation.events.operators import OperatorMatcher
from legation.events.participants import Resolver, index_mentions
from legation.events.rules import Rules
from legation.events.slots import Slots
from legation.events.triggers import TriggerMatcher
from legation.model.actors import Mention
from legation.model.events import Candidate, Participant
from legation.model.parse import Parse, Token
from legation.model.text import Article

# a purpose clause ("flew to Rohan to discuss the border") with one of these is no deed of its own
_ONLY_PURPOSE = frozenset(("CONSULT", "AGREE", "SUPPORT", "COOPERATE", "REJECT", "AID"))
_NOUN_PLACES = frozenset(("csubj", "nsubj", "nsubjpass", "pobj", "dobj", "conj"))
_NAMES = frozenset(("WORK_OF_ART", "PRODUCT", "PERSON", "FAC"))


@dataclass(slots=True)
class Coder:
    """Codes the predicates of one parse. Results are memoised per predicate."""

    slots: Slots
    triggers: TriggerMatcher
    memo: dict[int, Match | None] = field(default_factory=dict)
    lemmas: dict[int, frozenset[str]] = field(default_factory=dict)  # of each sentence, when first asked for

    @property
    def operators(self) -> OperatorMatcher:
        """The operators, which ask back for the event of an inner predicate."""
        return OperatorMatcher(self.slots, self.code)

    def code(self, i: int) -> Match | None:
        """The best match for the predicate token, or None."""
        if i not in self.memo:
            self.memo[i] = None  # guards against cycles
            found = sorted(self.matches(i), key=lambda m: (-m.score, m.rule))
            found = [self.operators.turned(found[0]), *found[1:]] if found else found
            if found:
                best = found[0]
                other = next((m for m in found[1:] if (m.type, m.mode) != (best.type, best.mode)), None)
                if other is not None:
                    best = replace(
                        best, runner_up=(f"{other.type}{'/' + other.mode if other.mode else ''}", other.score)
                    )
                self.memo[i] = best
        return self.memo[i]

    def matches(self, i: int) -> Iterable[Match]:
        t = self.slots.parse.tokens[i]
        if t.dep == "amod" and t.tag in ("VBN", "VBG", "JJ"):
            return  # "alleged bombers", "fighting units": a description, not a report
        if t.ent in _NAMES and t.pos in ("NOUN", "PROPN") and not self.slots.parse.sentence(i).in_title:
            return  # part of a name: a film, a product, a house
        gerund = t.tag == "VBG" and t.dep in _NOUN_PLACES and t.lower in self.slots.rules.noun_triggers
        if gerund and self.slots.parse.kid(i, "dobj") is None:
            t = replace(t, pos="NOUN", tag="NN", lemma=t.lower)  # "fighting between X and Y", whatever the tagger says
        if t.pos == "NOUN" and self.slots.parse.kid(i, "nsubj") and not self.slots.parse.kid(i, "cop", "det", "amod"):
            t = replace(t, pos="VERB", tag="VBZ")  # headlines: "minister apologises to X" read as a noun
        lemma = t.lemma.lower()
        if t.pos in ("VERB", "AUX") or (t.tag.startswith("VB") and t.pos != "ADJ"):
            triggers, operators = self.slots.rules.verb_triggers, self.slots.rules.verb_operators
        elif t.pos in ("NOUN", "PROPN"):
            triggers, operators = self.slots.rules.noun_triggers, self.slots.rules.noun_operators
        elif t.pos == "ADJ":
            triggers, operators = self.slots.rules.adjective_triggers, self.slots.rules.adjective_operators
        else:
            return
        said, required = self.said(i), self.slots.rules.required
        for trigger in (*triggers.get(lemma, ()), *triggers.get("*", ())):
            if any(words.isdisjoint(said) for words in required.get(trigger.id, ())):
                continue
            m = self.triggers.trigger(trigger, t)
            if m is not None:
                yield m
        for operator in operators.get(lemma, ()):
            m = self.operators.operator(operator, t)
            if m is not None:
                yield m

    def said(self, i: int) -> frozenset[str]:
        """Lemmas of the token's sentence."""
        s = self.slots.parse.sentence(i)
        if s.i not in self.lemmas:
            self.lemmas[s.i] = frozenset(self.slots.lemma(k) for k in range(s.first, s.last + 1))
        return self.lemmas[s.i]

    def purpose(self, t: Token) -> bool:
        """Whether the verb only says what another deed is for ("flew to Rohan to discuss the border")."""
        return t.dep == "advcl" and any(c.tag == "TO" for c in self.slots.parse.kids(t.i, "aux", "mark"))


def make_coder(parse: Parse, mentions: Sequence[Mention], rules: Rules) -> Coder:
    """A coder for one parse and its mentions."""
    frames = Frames(parse, rules.frame_words)
    slots = Slots(parse, rules, frames, Resolver(parse, frames, index_mentions(mentions, parse)))
    return Coder(slots, TriggerMatcher(slots))


def find_candidates(article: Article, parse: Parse, mentions: Sequence[Mention], rules: Rules) -> tuple[Candidate, ...]:
    """All events the rules propose, in text order; rejected ones carry `dropped`.

    Errors: none; a sentence that no rule fits gives nothing.
    """
    coder = make_coder(parse, mentions, rules)
    out: list[Candidate] = []
    for s in parse.sentences:
        matches = [m for i in range(s.first, s.last + 1) if (m := coder.code(i)) is not None]
        out += _settle(matches, coder, article, parse)
    return drop_reasons(out, article, parse, mentions, rules)


def _settle(matches: list[Match], coder: Coder, article: Article, parse: Parse) -> list[Candidate]:
    """Within one sentence: what others used up goes; one event told twice becomes one."""
    used = {k for m in matches for k in m.used}
    kept: list[Match] = []
    out: list[Candidate] = []
    for m in sorted(matches, key=lambda m: (-m.score, m.predicate)):
        dropped = None
        if m.dropped is not None:
            dropped = m.dropped
        elif coder.purpose(parse.tokens[m.predicate]) and m.type in _ONLY_PURPOSE:
            dropped = "purpose of another deed"
        elif m.predicate in used:
            dropped = "part of " + next(x.rule for x in matches if m.predicate in x.used)
        elif any(_same_event(m, k, coder) for k in kept):
            dropped = "told twice in one sentence"
        else:
            kept.append(m)
        out.append(candidate_of(m, parse, dropped, coder.slots.resolver.index.mentions))
    return sorted(out, key=lambda c: (c.start, c.end, c.rule))


def _same_event(a: Match, b: Match, coder: Coder) -> bool:
    """Same type and nobody new: the same deed in other words."""
    if a.type != b.type:
        return False

    def covered(xs: tuple[Participant, ...], ys: tuple[Participant, ...]) -> bool:
        return all(any(coder.slots.resolver.same(x, y) for y in ys) for x in xs)

    if a.reciprocal or b.reciprocal:
        return covered((*a.actors, *a.recipients), (*b.actors, *b.recipients))
    if covered(a.actors, b.actors) and (covered(a.recipients, b.recipients)):
        return True
    if a.type == "ASSAULT" and covered(a.actors, b.actors) and b.recipients:
        # "shelled the town, killing 20": the dead are the result, not a second attack
        t = coder.slots.parse.tokens[a.predicate]
        return t.dep == "advcl" and t.tag == "VBG"
    return False


def _named(p: Participant, parse: Parse, mentions: Sequence[Mention]) -> Participant:
    """A pronoun's antecedent where the same sentence names it: "Arnor said it had ..." is read as Arnor."""
    if p.mention is None or mentions[p.mention].kind != "pronoun":
        return p
    back = mentions[p.mention].antecedent
    if back is None or mentions[back].kind == "pronoun":
        return p
    m = mentions[back]
    if parse.sentence(m.head).i != parse.sentence(p.head).i:
        return p
    return Participant(m.start, m.end, m.text, m.head, back, p.by + ":pronoun")


def candidate_of(m: Match, parse: Parse, dropped: str | None, mentions: Sequence[Mention]) -> Candidate:
    """A match as the other stages see it, with the words it stands on."""
    first, last = parse.tokens[m.anchor[0]], parse.tokens[m.anchor[-1]]
    if last.i - first.i > 6:  # a long gap is no phrase: quote the predicate alone
        first = last = parse.tokens[m.predicate]
    return Candidate(
        predicate=m.predicate,
        start=first.start,
        end=last.end,
        type=m.type,
        mode=m.mode,
        actors=tuple(_named(p, parse, mentions) for p in m.actors),
        recipients=tuple(_named(p, parse, mentions) for p in m.recipients),
        rule=m.rule,
        frame=m.frame,
        score=round(m.score, 3),
        speech=m.speech,
        reciprocal=m.reciprocal,
        dropped=dropped,
        why=m.why,
        runner_up=m.runner_up,
    )
