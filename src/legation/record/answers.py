"""Sources that only show when events and attributions are seen together.

Denials of what was said before: "Russia called the accusation baseless" denies what the accusation was. The words
that are denied ("an accusation", "the claim", "it") hold no event themselves; what is denied stands in what another
source said just before, in the same sentence or the one before it.

Accusations: whoever accuses is the source of the event that the accusation is about, and the one whom a denial is
addressed to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from legation.model.claims import Attribution
from legation.model.coded import Coded
from legation.model.events import Candidate, Participant
from legation.model.text import Span
from legation.record.parties import clusters, is_source, speaker

REACH = 1  # sentences back
_OFFERS = ("REQUEST", "AGREE", "ACCUSE")  # what may be refused
REACH_BY_NAME = 4  # sentences back to an accusation of just this actor


def with_answers(seen: Coded, deniable: Collection[str]) -> tuple[Attribution, ...]:
    """The attributions, in their order, then those that accusations imply.

    A denial whose content names no event gets the content that it answers. `deniable`: nouns (lemmas) that stand for
    what was said before (attribution/cues/governors.yml).
    """
    anchors = [Span(c.start, c.end) for c in seen.candidates]
    said = _without_asides(seen, deniable)
    seen = replace(seen, attributions=said)
    return (*(_answering(a, seen, anchors, deniable) for a in said), *_accusations(seen))


def _without_asides(seen: Coded, deniable: Collection[str]) -> tuple[Attribution, ...]:
    """ "A said that X, an accusation B called baseless": the aside is the reporter's, and B denies X.

    What A says ends before the aside; where attribution/ took the aside for a part of it, B's denial is added.
    """
    said = list(seen.attributions)
    for noun, denial in _asides(seen, deniable):
        tokens = seen.parse.tokens
        aside = Span(tokens[seen.parse.left[noun]].start, tokens[seen.parse.right[noun]].end)
        for k, outer in enumerate(said):
            if outer.stance != "asserts" or not any(p.covers(aside) and p.start < aside.start for p in outer.content):
                continue
            kept = tuple(_before(p, aside, seen.article.text) for p in outer.content if p.start < aside.start)
            said[k] = replace(outer, content=kept)
            if denial is not None and not any(
                a.stance == "denies" and a.cue is not None and aside.covers(a.cue) for a in said
            ):
                who, token = denial.actors[0], tokens[denial.predicate]
                source, cue = Span(who.start, who.end), Span(token.start, token.end)
                said.append(Attribution(source, cue, kept, "denies", "indirect", who.mention, denial.rule))
    return tuple(said)


def _asides(seen: Coded, deniable: Collection[str]) -> Iterator[tuple[int, Candidate | None]]:
    """The nouns of asides, each with the event of rejecting where there is one, else denied in an attribution."""
    tokens = seen.parse.tokens
    for denial in seen.candidates:
        token = tokens[denial.predicate]
        aside = token.dep == "relcl" and tokens[token.head].dep in ("appos", "npadvmod")
        if aside and denial.type == "REJECT" and denial.dropped is None and denial.actors:
            yield token.head, denial
    for a in seen.attributions:
        verb = seen.parse.head_of(a.cue.start, a.cue.end) if a.cue is not None and a.stance == "denies" else None
        if verb is not None and tokens[verb].dep in ("relcl", "acl"):
            noun = tokens[tokens[verb].head]
            if noun.dep in ("appos", "npadvmod") and noun.lemma.lower() in deniable:
                yield noun.i, None


def _before(part: Span, aside: Span, text: str) -> Span:
    """What of a stretch stands before an aside, without the comma."""
    if part.end <= aside.start:
        return part
    return Span(part.start, part.start + len(text[part.start : aside.start].rstrip(" ,;:-–—")))


def _accusations(seen: Coded) -> Iterator[Attribution]:
    """The accuser as source of what he accuses somebody of, where attribution/ did not see it."""
    tokens = seen.parse.tokens
    for accusation in seen.candidates:
        token = tokens[accusation.predicate]
        cue = Span(token.start, token.end)
        if accusation.type != "ACCUSE" or accusation.dropped is not None or not accusation.actors:
            continue
        if any(a.cue is not None and a.cue.overlaps(cue) for a in seen.attributions):
            continue
        below = set(seen.parse.subtree(accusation.predicate)) - {accusation.predicate}
        accuser = accusation.actors[0]
        for event in seen.candidates:
            if event.predicate in below:
                first, last = seen.parse.left[event.predicate], seen.parse.right[event.predicate]
                content = Span(tokens[first].start, tokens[last].end)
                source = Span(accuser.start, accuser.end)
                if not content.overlaps(source):
                    yield Attribution(source, cue, (content,), "asserts", "indirect", accuser.mention, accusation.rule)


def addressee(
    rejection: Candidate, actors: Sequence[Participant], seen: Coded, deniable: Collection[str]
) -> Participant | None:
    """The accuser whom a denial answers, where its own clause names nobody: REJECT goes towards the accuser.

    Who accused this actor not long before, else who said last what could be denied. What is refused, not denied ("the
    demand", "the offer"), came from whoever asked or offered.
    """
    here = _sentence_of(rejection.start, seen)
    mine = clusters(actors, seen.mentions)
    thing = seen.parse.kid(rejection.predicate, "dobj", "nsubjpass")
    refused = thing is not None and thing.pos == "NOUN" and thing.lemma.lower() not in deniable
    put = _OFFERS if refused else ("ACCUSE",)
    for accusation in reversed(seen.candidates):
        if accusation.type not in put or accusation.dropped is not None or not accusation.actors:
            continue
        near = accusation.start < rejection.start and here - _sentence_of(accusation.start, seen) <= REACH_BY_NAME
        if near and mine & clusters(accusation.recipients, seen.mentions):
            return replace(accusation.actors[0], by="asker" if refused else "accuser")
    anchors = [Span(c.start, c.end) for c in seen.candidates if c.dropped is None and c is not rejection]
    before = [
        a
        for a in seen.attributions
        if a.content[-1].start < rejection.start
        and here - _sentence_of(a.content[-1].start, seen) <= REACH
        and a.stance == "asserts"
        and not is_source(actors, a, seen.mentions)
        and _holds_event(a, anchors)
    ]
    if not before:
        return None
    found = speaker(max(before, key=lambda a: a.content[-1].end), seen)
    return None if found is None else replace(found, by="accuser")


def _answering(
    denial: Attribution, seen: Coded, anchors: Sequence[Span], deniable: Collection[str]
) -> Attribution:
    """The denial with what it answers: "rejected the charge", "denied it"; a demand or an offer is only refused."""
    if denial.stance == "asserts" or _holds_event(denial, anchors):
        return denial
    head = seen.parse.head_of(denial.content[0].start, denial.content[0].end)
    if head is not None:
        denied = seen.parse.tokens[head]
        if denied.pos in ("NOUN", "PROPN") and denied.lemma.lower() not in deniable:
            return denial
    start = denial.content[0].start
    here = _sentence_of(start, seen)
    before = [
        a
        for a in seen.attributions
        if a is not denial
        and a.stance == "asserts"
        and a.content[-1].end <= start
        and here - _sentence_of(a.content[-1].start, seen) <= REACH
        and not _same_source(a, denial, seen)
        and _holds_event(a, anchors)
    ]
    if not before:
        return denial
    nearest = max(before, key=lambda a: (a.content[-1].end, -a.content[0].start))
    return replace(denial, content=(*denial.content, *nearest.content))


def _holds_event(attribution: Attribution, anchors: Sequence[Span]) -> bool:
    return any(part.covers(anchor) for part in attribution.content for anchor in anchors)


def _sentence_of(offset: int, seen: Coded) -> int:
    token = seen.parse.token_at(offset)
    return seen.parse.sentence_of[token] if token is not None else len(seen.parse.sentences)


def _same_source(a: Attribution, b: Attribution, seen: Coded) -> bool:
    if a.source_mention is None or b.source_mention is None:
        return a.source is not None and a.source == b.source
    return seen.mentions[a.source_mention].cluster == seen.mentions[b.source_mention].cluster
