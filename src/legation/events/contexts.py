"""What an event is about: PLOVER's 37 contexts, read from its sentence and the headline (data: rules/contexts.yml)."""

from __future__ import annotations

from dataclasses import dataclass

from legation.events.rules import Rules
from legation.model.events import Candidate
from legation.model.parse import Parse
from legation.model.text import Article

_MOST = 5  # contexts an event gets at most; the manual's own examples have one to three


@dataclass(frozen=True, slots=True)
class ContextCue:
    """A context and the words it was read from (empty span at the anchor where the type carries it)."""

    context: str
    start: int
    end: int
    text: str
    cue_id: str


def find_contexts(article: Article, parse: Parse, candidate: Candidate, rules: Rules) -> tuple[ContextCue, ...]:
    """Contexts of an event with their first words, most often shown first; the headline counts less."""
    found: dict[str, ContextCue] = {}
    weight: dict[str, float] = {}

    def add(context: str, start: int, end: int, value: float) -> None:
        weight[context] = weight.get(context, 0.0) + value
        found.setdefault(context, ContextCue(context, start, end, parse.text[start:end], f"context.{context}"))

    for name, cue in rules.contexts.items():
        if f"{candidate.type}/{candidate.mode}" in cue.types:
            add(name, candidate.start, candidate.end, 10.0)
    own = parse.sentence(candidate.predicate)
    titles = [s for s in parse.sentences[:3] if s.in_title and s.i != own.i]
    for sentence, value in [(own, 1.0), *((t, 0.4) for t in titles)]:
        for k in range(sentence.first, sentence.last + 1):
            t = parse.tokens[k]
            if t.pos in ("NOUN", "PROPN", "ADJ", "VERB"):
                for name in rules.context_words.get(t.lemma.lower(), ()):
                    add(name, t.start, t.end, value)
        text = parse.text[sentence.start : sentence.end].lower()
        for name, cue in rules.contexts.items():
            for phrase in cue.phrases:
                at = text.find(phrase)
                if at >= 0:
                    add(name, sentence.start + at, sentence.start + at + len(phrase), value + 0.5)
    ordered = sorted(found, key=lambda c: (-weight[c], found[c].start, c))
    return tuple(found[c] for c in ordered[:_MOST] if weight[c] >= 0.8)
