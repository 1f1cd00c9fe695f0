"""Why a candidate is no political event: sport, film, weather, metaphor, chrome (data: rules/drop.yml)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from legation.events.rules import Rules
from legation.model.actors import Mention
from legation.model.events import Candidate
from legation.model.parse import Parse
from legation.model.text import Article


def drop_reasons(
    candidates: Sequence[Candidate], article: Article, parse: Parse, mentions: Sequence[Mention], rules: Rules
) -> tuple[Candidate, ...]:
    """The same candidates, those that a drop rule names with their reason."""
    cache: dict[int, tuple[set[str], str]] = {}
    out: list[Candidate] = []
    for c in candidates:
        if c.dropped is None:
            s = parse.sentence(c.predicate)
            if s.i not in cache:
                inside = (parse.tokens[k] for k in range(s.first, s.last + 1))
                lemmas = {t.lemma.lower() for t in inside if t.pos in ("NOUN", "PROPN", "ADJ")}
                cache[s.i] = lemmas, parse.text[s.start : s.end].lower()
            lemmas, text = cache[s.i]
            for rule in rules.drops:
                if rule.types and c.type not in rule.types:
                    continue
                hits = len(lemmas & set(rule.words)) + sum(p in text for p in rule.phrases)
                if hits >= rule.at_least:
                    c = replace(c, dropped=f"{rule.reason} ({rule.id})")
                    break
        out.append(c)
    return tuple(out)
