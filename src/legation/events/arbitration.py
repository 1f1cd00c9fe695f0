"""Rules and encoder together: who is asked about what, and what comes of it.

The rules find the words and the parties. The encoder is asked where they are unsure, where two of them disagree, and
where a predicate joins two political actors and no rule speaks ("open" questions, rules/open.yml). Both opinions are
weighed in one log-linear sum whose weights were fitted on the project's own sentences that neither had seen
(training/encoder/fit_arbitration.py writes rules/arbitration.yml); `why` keeps both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from legation.events.confidence import signs, type_certainty
from legation.events.drop import drop_reasons
from legation.events.engine import candidate_of, make_coder
from legation.events.match import Match
from legation.events.opinion import FLOOR, NONE, Encoder, Opinion, Question
from legation.events.participants import is_known
from legation.events.rules import Rules
from legation.model.actors import Mention
from legation.model.events import Candidate, Participant
from legation.model.parse import Parse, Sentence
from legation.model.text import Article

OPEN = "open"  # the type of a candidate that only the encoder can name
_SHOWN = 3  # types kept for `why`


def second_opinion(
    article: Article,
    parse: Parse,
    mentions: Sequence[Mention],
    candidates: Sequence[Candidate],
    rules: Rules,
    encoder: Encoder | None,
) -> tuple[Candidate, ...]:
    """The candidates, with what the encoder says where it was asked, and those that only it sees; in text order.

    Without an encoder they come back as they are. A candidate that both together hold for no event carries
    `dropped`.
    """
    if encoder is None:
        return tuple(candidates)
    out: list[Candidate] = []
    for c in candidates:
        question = None if c.dropped is not None or sure(c, parse, mentions, rules) else asked(c, parse)
        out.append(c if question is None else judged(c, encoder.ask([question])[0], parse, mentions, rules, encoder))
    found = [
        judged(c, encoder.ask([question])[0], parse, mentions, rules, encoder)
        for c in open_candidates(parse, mentions, candidates, rules)
        if (question := asked(c, parse)) is not None
    ]
    named = [c for c in found if c.dropped is None]
    out += drop_reasons(named, article, parse, mentions, rules)
    return tuple(sorted(out, key=lambda c: (parse.sentence(c.predicate).i, c.start, c.end, c.rule)))


def sure(c: Candidate, parse: Parse, mentions: Sequence[Mention], rules: Rules) -> bool:
    """Whether the rules' own estimate that the type is right needs no second opinion."""
    return type_certainty(c, parse, mentions, rules) >= rules.arbitration.ask_below


def sides(c: Candidate) -> tuple[Participant | None, Participant | None]:
    """Source and target of an event: the first on each side, or the first two of a list without sides."""
    source = c.actors[0] if c.actors else None
    target = c.recipients[0] if c.recipients else c.actors[1] if len(c.actors) > 1 else None
    return source, target


def asked(c: Candidate, parse: Parse) -> Question | None:
    """The question about a candidate, or None when it has no party in the sentence of its predicate."""
    sentence = parse.sentence(c.predicate)
    spans = {}
    source, target = sides(c)
    for name, party in (("source", source), ("target", target)):
        if party is not None and sentence.start <= party.start and party.end <= sentence.end:
            spans[name] = (party.start - sentence.start, party.end - sentence.start)
    if not spans:
        return None
    if sentence.start <= c.start and c.end <= sentence.end:
        spans["trigger"] = (c.start - sentence.start, c.end - sentence.start)
    return Question(parse.text[sentence.start : sentence.end], spans)


def posterior(c: Candidate, opinion: Opinion, own_signs: Sequence[str], rules: Rules) -> dict[str, float]:
    """Probability of each type and of "none" from both opinions."""
    weights = rules.arbitration.weights
    sums = {t: weights["encoder"] * math.log(max(p, FLOOR)) for t, p in opinion.types.items()}
    if c.type == OPEN:
        sums[NONE] += weights["none_open"]
    else:
        sums[NONE] += weights["none"]
        sums[c.type] += weights["rule"] + sum(weights.get(f"sign.{name}", 0.0) for name in own_signs)
        if c.runner_up is not None:
            sums[c.runner_up[0].partition("/")[0]] += weights["runner_up"]
    top = max(sums.values())
    raised = {t: math.exp(v - top) for t, v in sums.items()}
    total = sum(raised.values())
    return {t: v / total for t, v in raised.items()}


def judged(
    c: Candidate, opinion: Opinion, parse: Parse, mentions: Sequence[Mention], rules: Rules, encoder: Encoder
) -> Candidate:
    """The candidate with both opinions weighed: another type, dropped, or as it was but surer."""
    limits = rules.arbitration
    both = posterior(c, opinion, signs(c, parse, mentions, rules), rules)
    ranked = sorted(both, key=lambda t: (-both[t], t))
    event = next(t for t in ranked if t != NONE)
    told = tuple((t, round(both[t], 3)) for t in ranked[:_SHOWN])
    said = max(sorted(opinion.types), key=lambda t: opinion.types[t])
    why = (*c.why, f"{encoder.name} says {said} ({opinion.types[said]:.2f})")
    c = replace(c, opinion=told, certainty=round(both[event], 4), why=why)
    if c.type == OPEN:
        if both[event] < limits.open_at_least:
            return replace(c, dropped="no type is likely enough")
        mode = opinion.mode(event)
        return replace(c, type=event, mode=mode[0] if mode[1] >= limits.mode_at_least else None)
    if both[NONE] >= limits.drop_at_least:
        return replace(c, dropped=f"no event: {encoder.name}")
    if event != c.type and both[event] < limits.outvote_at_least:
        return replace(c, certainty=round(both[c.type], 4))  # neither is likely: the words that the rule saw stand
    if event != c.type:
        mode = opinion.mode(event)
        return replace(
            c,
            type=event,
            mode=mode[0] if mode[1] >= limits.mode_at_least else None,
            runner_up=(c.type, c.score),
            why=(*why, f"type {c.type} of rule {c.rule} outvoted"),
        )
    return c


def open_candidates(
    parse: Parse, mentions: Sequence[Mention], candidates: Sequence[Candidate], rules: Rules
) -> Iterator[Candidate]:
    """Predicates that join two known actors and of which no rule says anything, in text order."""
    spoken = {c.predicate for c in candidates}
    coder = None
    for sentence in parse.sentences:
        if sum(1 for m in mentions if _inside(m, sentence) and is_known(m)) < 2:
            continue
        coder = coder or make_coder(parse, mentions, rules)
        here = [c for c in candidates if parse.sentence(c.predicate).i == sentence.i and c.dropped is None]
        asked_for: list[Candidate] = []
        for i in range(sentence.first, sentence.last + 1):
            if i in spoken or len(asked_for) >= rules.arbitration.open_most:
                continue
            t = parse.tokens[i]
            for rule in rules.open:
                if t.pos not in rule.pos or t.lemma.lower() in rule.without_words:
                    continue
                nominal = t.pos != "VERB"
                match = coder.triggers.fill(
                    rule, t, nominal, not nominal and coder.slots.frames.passive(i), [], [i], rule.weight
                )
                if match is None or not _two_known(match, coder.slots.known):
                    continue
                c = candidate_of(match, parse, None, coder.slots.resolver.index.mentions)
                if not any(_same_pair(c, other) for other in (*here, *asked_for)):
                    asked_for.append(c)
                    break
        yield from asked_for


def _inside(m: Mention, sentence: Sentence) -> bool:
    return sentence.start <= m.start and m.end <= sentence.end


def _two_known(match: Match, known: Callable[[Participant], bool]) -> bool:
    """Whether two different known actors stand on the sides of an open question."""
    actors, recipients = [p for p in match.actors if known(p)], [p for p in match.recipients if known(p)]
    return bool(actors and recipients) or len(actors) > 1


def _same_pair(a: Candidate, b: Candidate) -> bool:
    """Whether two candidates join the same words."""

    def spans(c: Candidate) -> set[tuple[int, int]]:
        return {(p.start, p.end) for p in (*c.actors, *c.recipients)}

    return spans(a) == spans(b)
