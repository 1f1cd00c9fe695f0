"""How sure the rules are: a probability-like number from what was seen (data: rules/confidence.yml)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from legation.events.rules import Rules
from legation.model.actors import Mention
from legation.model.events import Candidate, Participant
from legation.model.parse import Parse

_CLOSE = 0.3
_LONG = 45


def confidence(candidate: Candidate, parse: Parse, mentions: Sequence[Mention], rules: Rules) -> float:
    """Between 0 and 1: how sure it is that type and both sides are right.

    A logistic sum, fitted on the project's own sentences (training/encoder/fit_arbitration.py); never null. The
    features that counted are those of `signs` and, where the encoder was asked, the log-odds of the type.
    """
    own = signs(candidate, parse, mentions, rules)
    if candidate.certainty is None:
        return _logistic(rules.confidence.rules, own)
    return _logistic(rules.confidence.asked, own, odds=log_odds(candidate.certainty))


def type_certainty(candidate: Candidate, parse: Parse, mentions: Sequence[Mention], rules: Rules) -> float:
    """Between 0 and 1: how sure the rules alone are of the type."""
    return _logistic(rules.confidence.type, signs(candidate, parse, mentions, rules))


def log_odds(probability: float) -> float:
    """Bounded, so that a rounded 1.0 does not weigh without limit."""
    p = min(max(probability, 0.01), 0.99)
    return math.log(p / (1.0 - p))


def _logistic(weights: Mapping[str, float], own: Sequence[str], **values: float) -> float:
    total = weights["bias"] + sum(weights.get(name, 0.0) for name in own)
    total += sum(weights[name] * value for name, value in values.items())
    return round(1.0 / (1.0 + math.exp(-total)), 4)


def signs(candidate: Candidate, parse: Parse, mentions: Sequence[Mention], rules: Rules) -> tuple[str, ...]:
    """Names of the signs in confidence.yml that hold for this candidate, sorted."""

    def country(p: Participant) -> bool:
        return p.mention is not None and mentions[p.mention].country is not None

    def sector(p: Participant) -> bool:
        return p.mention is not None and mentions[p.mention].sector is not None

    out: list[str] = []
    actors, recipients = candidate.actors, candidate.recipients
    if any(country(a) for a in actors):
        out.append("actor_country")
    elif any(sector(a) for a in actors):
        out.append("actor_sector_only")
    if any(country(r) for r in recipients) or (candidate.reciprocal and sum(country(a) for a in actors) > 1):
        out.append("recipient_country")
    elif recipients:
        out.append("recipient_unknown")
    else:
        out.append("recipient_missing")
    if any(r.by.startswith("nearby") for r in recipients):
        out.append("nearby")
    if any(
        ":" in p.by and not p.by.endswith(":pronoun") and not p.by.startswith("light") for p in (*actors, *recipients)
    ):
        out.append("through_noun")
    if candidate.frame == "nominal":
        out.append("nominal")
    if candidate.frame.startswith("operator"):
        out.append("operator")
    if candidate.rule.startswith("open."):
        out.append("open")
    weight = rules.weights.get(candidate.rule, 1.0)
    if candidate.score - weight >= 1.2:
        out.append("narrow")
    if weight < 0.8:
        out.append("weak_rule")
    if candidate.runner_up is not None and candidate.score - candidate.runner_up[1] < _CLOSE:
        out.append("close_rival")
    sentence = parse.sentence(candidate.predicate)
    if sentence.last - sentence.first > _LONG:
        out.append("long_sentence")
    return tuple(sorted(out))
