"""One record per event and outermost source: puts together what the stages saw.

Order matters: the chain of sources first (it may name the actor of an act of speech), then the status, the date,
and only then the roles, because who somebody was depends on the day.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

from legation.attribution.facets import aux_of, status_of
from legation.codebook.reductions import reduce
from legation.dates import date_of
from legation.events import confidence, find_contexts
from legation.model.claims import Facets, default_facets
from legation.model.coded import Coded
from legation.model.events import Candidate, EventRecord, Participant, Rejected
from legation.model.text import Span
from legation.model.when_where import EventDate
from legation.places import place_of
from legation.record.answers import addressee, with_answers
from legation.record.chain import chains
from legation.record.evidence import gather, quote, verified
from legation.record.identity import content_key, record_id
from legation.record.parties import clusters, entry, is_source, source_link, speaker
from legation.resources import Resources

NEWS_WINDOW = 92  # days: what is older is told as background (event-record.md: "about three months")
OWN_PLAN = ("planned", "promised", "threatened")


def assemble(seen: Coded, resources: Resources) -> Coded:
    """The same document with its records, the candidates that became none, and the id of the run."""
    records: dict[str, EventRecord] = {}
    rejected: list[Rejected] = []
    run = resources.run.id
    seen = replace(seen, attributions=with_answers(seen, resources.cues.speech.deniable), run=run)
    for candidate in seen.candidates:
        if candidate.dropped is not None:
            rejected.append(Rejected(candidate, candidate.dropped))
            continue
        for made in _records(candidate, seen, resources):
            if isinstance(made, Rejected):
                rejected.append(made)
            elif made.id in records:
                rejected.append(Rejected(candidate, "duplicate"))
            else:
                records[made.id] = made
    ordered = sorted(records.values(), key=lambda r: (r.anchor, r.type, r.id))
    return replace(seen, records=tuple(ordered), rejected=tuple(rejected))


def _records(candidate: Candidate, seen: Coded, resources: Resources) -> Iterator[EventRecord | Rejected]:
    """One record for each chain of sources that the words of the event stand in."""
    if _facets(candidate.predicate, seen).generic:
        yield Rejected(candidate, "generic")
        return
    for chain in chains(Span(candidate.start, candidate.end), seen.attributions):
        yield _record(candidate, chain, seen, resources)


def _facets(token: int, seen: Coded) -> Facets:
    return seen.facets.get(token) or default_facets(token)


def _record(
    candidate: Candidate, chain: tuple[int, ...], seen: Coded, resources: Resources
) -> EventRecord | Rejected:
    """The record of one event on one chain of sources, or why there is none."""
    candidate = _without_times(candidate, seen)
    actors, chain, predicate = _with_speaker(candidate, chain, seen)
    recipients = _recipients(candidate, actors, seen, resources)
    parties = (*actors, *recipients)
    if not parties:
        return Rejected(candidate, "no-actor")
    if candidate.speech and not actors:
        return Rejected(candidate, "no-speaker")
    taken = clusters(actors, seen.mentions)
    if taken and recipients and not candidate.reciprocal and len(actors) == 1:
        others = clusters(recipients, seen.mentions)
        if others == taken:
            return Rejected(candidate, "only-one-party")

    facets = _facets(predicate, seen)
    date = date_of(seen.article, seen.parse, seen.timexes, predicate, facets, resources.patterns)
    aux = _by_time(aux_of(facets), date, seen.article.published)

    day = date.start or seen.article.published
    actor = tuple(entry(p, seen.mentions, day, resources.lexicon) for p in actors)
    recipient = tuple(entry(p, seen.mentions, day, resources.lexicon) for p in recipients)
    links = tuple(
        source_link(seen.attributions[k], seen, seen.article.published or day, resources.lexicon) for k in chain
    )
    own = bool(links) and is_source(actors, links[0].attribution, seen.mentions)
    announced = own or not links
    event_type, aux, reduction = reduce(candidate.type, aux, _commitment(facets, announced), resources.reductions)
    mode = candidate.mode if event_type == candidate.type else None
    if reduction and aux == "actual":
        date = _of_announcement(date, seen.article.published)
        links = links[1:] if own else links  # a promise is an act of speech of its own speaker
    own_plan = own or (not links and facets.actuality in OWN_PLAN)
    status = status_of(aux, tuple(link.attribution.stance for link in links), own_plan, own)
    place = place_of(seen.article, seen.parse, seen.toponyms, candidate.predicate, parties, facets)
    contexts = find_contexts(seen.article, seen.parse, candidate, resources.rules)
    shown = tuple(quote(seen.article, f"contexts.{c.context}", c.start, c.end, c.cue_id) for c in contexts)
    evidence = (*gather(seen.article, candidate, actor, recipient, facets, links, date, place), *shown)
    if not verified(evidence, seen.article):  # a stage broke its promise: say so instead of printing wrong words
        return Rejected(candidate, "evidence-not-in-text")
    codes = resources.codebook
    cameo = codes.cameo(event_type, mode)
    sentence = seen.parse.sentence(candidate.predicate)
    return EventRecord(
        id=record_id(seen, (candidate.start, candidate.end), event_type, actor, links),
        content_key=content_key(event_type, actor, recipient, date.start, date.end),
        candidate=candidate,
        type=event_type,
        mode=mode,
        contexts=tuple(c.context for c in contexts),
        actor=actor,
        recipient=recipient,
        aux=aux,
        status=status,
        facets=facets,
        attribution=links,
        date=date,
        place=place,
        quote=_quotation(candidate, seen),
        anchor=(candidate.start, candidate.end),
        sentence=(sentence.start, sentence.end),
        evidence=evidence,
        confidence=confidence(candidate, seen.parse, seen.mentions, resources.rules),
        why=_why(candidate, reduction),
        cameo=cameo,
        quad=codes.quad(event_type, resources.settings.quad_scheme, mode),
        score=codes.score(event_type, mode),
        goldstein=codes.goldstein(cameo, resources.settings.goldstein_scheme),
        reduced_from=candidate.type if reduction else candidate.reduced_from,
    )


def _without_times(candidate: Candidate, seen: Coded) -> Candidate:
    """ "agreed on Wednesday": a time expression is no party, whatever the tree says."""

    def parties(side: tuple[Participant, ...]) -> tuple[Participant, ...]:
        return tuple(p for p in side if not any(t.start <= p.start and p.end <= t.end for t in seen.timexes))

    return replace(candidate, actors=parties(candidate.actors), recipients=parties(candidate.recipients))


def _with_speaker(
    candidate: Candidate, chain: tuple[int, ...], seen: Coded
) -> tuple[tuple[Participant, ...], tuple[int, ...], int]:
    """Actors, chain and the token whose status and time count.

    An act of speech is its speaker's own: he is its actor where the sentence names none, and no source of it; what
    counts is then how and when he said it, not what the words said announce. Who denies it stays a source: he says
    that he never spoke so.
    """
    predicate = candidate.predicate
    if not candidate.speech:
        return candidate.actors, chain, predicate
    actors = candidate.actors
    for k in reversed(chain):
        said = seen.attributions[k]
        found = speaker(said, seen)
        if said.stance != "denies" and found is not None and (not actors or is_source(actors, said, seen.mentions)):
            actors = actors or (found,)
            cue = seen.parse.head_of(said.cue.start, said.cue.end) if said.cue else None
            predicate = predicate if cue is None else cue
            break
    kept = tuple(
        k
        for k in chain
        if seen.attributions[k].stance == "denies" or not is_source(actors, seen.attributions[k], seen.mentions)
    )
    return actors, kept, predicate


def _recipients(
    candidate: Candidate, actors: tuple[Participant, ...], seen: Coded, resources: Resources
) -> tuple[Participant, ...]:
    """Those whom the clause names; for a plain denial that names nobody known, the accuser."""
    known = [p for p in candidate.recipients if p.mention is not None and seen.mentions[p.mention].country]
    if candidate.type != "REJECT" or candidate.mode is not None or known:
        return candidate.recipients
    found = addressee(candidate, actors, seen, resources.cues.speech.deniable)
    return candidate.recipients if found is None else (found,)


def _by_time(aux: str, date: EventDate, published: str | None) -> str:
    """What happened before the news window is history, what is dated after the text is still to come.

    The date wins over the words: "will be punished for meddling in 2020" puts no meddling into the future.
    """
    if aux not in ("actual", "future") or published is None or date.start is None or date.end is None:
        return aux
    today, first, last = (datetime.date.fromisoformat(day) for day in (published, date.start, date.end))
    if (today - (first + (last - first) / 2)).days > NEWS_WINDOW and last < today:
        return "historical"
    return "future" if first > today else aux


def _commitment(facets: Facets, announced: bool) -> str:
    """How firm a future is: "will meet", told as a fact or by one of the parties, is a plan and no forecast."""
    told = facets.actuality in ("predicted", "happened", "ongoing") and announced
    return "planned" if told and facets.certainty not in ("probable", "possible") else facets.actuality


def _of_announcement(date: EventDate, published: str | None) -> EventDate:
    """An agreement to do something is not dated by the day on which it is to be done."""
    if date.start is None or (published is not None and date.start <= published):
        return date
    if published is None:
        return EventDate(None, None, "none", "none", None, None, "record/announcement")
    return EventDate(published, published, "day", "publication", None, None, "record/announcement")


def _quotation(candidate: Candidate, seen: Coded) -> tuple[int, int] | None:
    """The direct quotation that the event stands in, the innermost where several do."""
    anchor = Span(candidate.start, candidate.end)
    direct = [
        part
        for attribution in seen.attributions
        if attribution.manner == "direct"
        for part in attribution.content
        if part.covers(anchor)
    ]
    if not direct:
        return None
    part = min(direct, key=lambda p: (p.end - p.start, p.start))
    return part.start, part.end


def _why(candidate: Candidate, reduction: str | None) -> dict[str, object]:
    """Enough to answer "why this code?"."""
    return {
        "rule": candidate.rule,
        "frame": candidate.frame,
        "score": round(candidate.score, 4),
        "notes": list(candidate.why),
        "runner_up": list(candidate.runner_up) if candidate.runner_up else None,
        "weighed": dict(candidate.opinion) or None,  # rules and encoder together, where the encoder was asked
        "reduced_from": candidate.type if reduction else candidate.reduced_from,
        "reduced_by": reduction,
    }
