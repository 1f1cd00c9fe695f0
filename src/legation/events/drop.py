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
        if c.dropped is None and not _political(c, mentions, rules):
            c = replace(c, dropped="no political actor")
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


def _political(c: Candidate, mentions: Sequence[Mention], rules: Rules) -> bool:
    """Whether anyone in the event is a state, an office, a force, a party, a movement; data in political.yml."""
    who = rules.political
    if c.type in who.exempt or (c.speech and not c.actors):
        return True
    for p in (*c.actors, *c.recipients):
        if p.mention is None:
            continue
        m = mentions[p.mention]
        if m.sector in who.sectors or m.country in who.codes or (m.kind in who.kinds and m.country is not None):
            return True
        if m.plural and m.country is not None:  # "Rohirric settlers": a people or a crowd, not a private person
            return True
        if set(m.other_sectors) & set(who.sectors):
            return True
    return False
