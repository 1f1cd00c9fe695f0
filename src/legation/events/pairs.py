"""The type of a relation when the pair is given: `legation classify`.

The words of both sides are known; the question is only which predicate joins them and what it means. Rules
answer where one puts the pair on its two sides, then where one touches either side, then by the type words
between them. The encoder, where it is installed, is always asked, and both are weighed (rules/arbitration.yml,
`classify`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from legation.events.engine import make_coder
from legation.events.match import Match
from legation.events.opinion import FLOOR, NONE, Encoder, Question
from legation.events.rules import Rules
from legation.model.actors import Mention
from legation.model.events import Participant
from legation.model.parse import Parse
from legation.model.text import Span


@dataclass(frozen=True, slots=True)
class Join:
    """How the best match of a type joins the pair: `fit` from `_fit`, the rule's score, used up by another event."""

    value: float
    fit: float
    score: float
    used: bool

    def features(self) -> dict[str, float]:
        """What is weighed: both sides in their places, one of them, only near; the score counts for the first two."""
        tier = "both" if self.fit >= 4 else "one" if self.fit >= 2 else "near"
        return {tier: 1.0, "used": float(self.used), "score": self.score if self.fit >= 2 else 0.0}


@dataclass(frozen=True, slots=True)
class PairType:
    """The type of what the source does to the target, with the score of every type that was considered.

    `type` is None when no rule says anything and there is no encoder. `rule` names the rules' winner. With the
    encoder the scores are probabilities over the sixteen types, given that there is an event; `none` is the
    encoder's own probability that there is none.
    """

    type: str | None
    scores: dict[str, float]
    rule: str | None
    none: float | None = None
    joins: Mapping[str, Join] = field(default_factory=dict)


def locate(text: str, words: str) -> Span | None:
    """Where the words stand in the text: exactly, then without regard to case, then by their longest part."""
    for hay, needle in ((text, words), (text.lower(), words.lower().strip())):
        at = hay.find(needle)
        if at >= 0 and needle:
            return Span(at, at + len(needle))
    parts = sorted((p.strip() for p in words.split(",") if len(p.strip()) > 2), key=len, reverse=True)
    for part in parts[:3]:
        at = text.find(part)
        if at >= 0 and part != words:
            return Span(at, at + len(part))
    return None


def classify_pair(
    parse: Parse,
    mentions: Sequence[Mention],
    source: str,
    target: str,
    rules: Rules,
    encoder: Encoder | None = None,
) -> PairType:
    """The type of the relation from source to target in a parsed text.

    The two sides are taken as given: they count as actors whether the lexicon knows them or not.
    """
    told = by_rules(parse, mentions, source, target, rules)
    return told if encoder is None else _weighed(told, parse.text, source, target, rules, encoder)


def _weighed(told: PairType, text: str, source: str, target: str, rules: Rules, encoder: Encoder) -> PairType:
    """The rules' scores and the encoder's probabilities in one log-linear sum."""
    spans = {name: (s.start, s.end) for name, words in (("source", source), ("target", target))
             if (s := locate(text, words)) is not None}  # fmt: skip
    opinion = encoder.ask([Question(text, spans)])[0]
    weights = rules.arbitration.classify
    sums = {t: weights["encoder"] * math.log(max(p, FLOOR)) for t, p in opinion.types.items() if t != NONE}
    for t, join in told.joins.items():
        sums[t] += sum(weights[name] * value for name, value in join.features().items())
    top = max(sums.values())
    raised = {t: math.exp(v - top) for t, v in sums.items()}
    scores = {t: round(v / sum(raised.values()), 4) for t, v in sorted(raised.items())}
    return PairType(max(sorted(sums), key=lambda t: sums[t]), scores, told.rule, opinion.types[NONE], told.joins)


def by_rules(parse: Parse, mentions: Sequence[Mention], source: str, target: str, rules: Rules) -> PairType:
    """What the rules alone say of the pair."""
    a, b = locate(parse.text, source), locate(parse.text, target)
    given = tuple(_given(parse, span, side) for span, side in ((a, "source"), (b, "target")) if span is not None)
    known = [m for m in mentions if not any(m.start < g.end and g.start < m.end for g in given)]
    everyone = sorted([*known, *given], key=lambda m: (m.start, -m.end))
    coder = make_coder(parse, everyone, rules)
    scores: dict[str, float] = {}
    joins: dict[str, Join] = {}
    winner: tuple[float, str] | None = None
    used: set[int] = set()
    matches = [m for i in range(len(parse.tokens)) if (m := coder.code(i)) is not None]
    for m in matches:
        used |= set(m.used)
    for m in matches:
        fit = _fit(m, a, b, parse)
        value = fit + 0.1 * m.score - (0.6 if m.predicate in used else 0.0)
        if m.type not in joins or value > joins[m.type].value:
            joins[m.type] = Join(value, fit, m.score, m.predicate in used)
        scores[m.type] = max(scores.get(m.type, 0.0), round(value, 3))
        if winner is None or value > winner[0]:
            winner = value, m.rule
    if not scores:
        return PairType(None, {}, None)
    best = max(sorted(scores), key=lambda t: scores[t])
    return PairType(best, dict(sorted(scores.items())), winner[1] if winner else None, joins=joins)


def _given(parse: Parse, span: Span, side: str) -> Mention:
    head = parse.head_of(span.start, span.end) or 0
    return Mention(
        span.start,
        span.end,
        parse.text[span.start : span.end],
        head,
        "name",
        -1 if side == "source" else -2,
        None,
        "UNK",
        basis="given",
    )


def _fit(m: Match, a: Span | None, b: Span | None, parse: Parse) -> float:
    """How well a match joins the pair: both sides in their places, swapped, one side, or only near."""

    def hits(parties: tuple[Participant, ...], span: Span | None) -> bool:
        return span is not None and any(p.start < span.end and span.start < p.end for p in parties)

    actor, target = hits(m.actors, a), hits(m.recipients, b)
    if m.reciprocal:
        actor, target = hits(m.actors, a), hits(m.actors, b)
    value = 2.0 * actor + 2.0 * target
    value += 0.5 * hits(m.recipients, a) + 0.5 * hits(m.actors, b)
    if a is not None and b is not None:
        token = parse.tokens[m.predicate]
        low, high = min(a.end, b.end), max(a.start, b.start)
        value += 0.5 * (low <= token.start < high)
    return value
