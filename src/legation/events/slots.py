"""Slots of a rule -> participants, and the small questions rules ask about a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from legation.events.arguments import Frames
from legation.events.participants import Resolver, is_known
from legation.events.rules import Rules
from legation.model.events import Participant
from legation.model.parse import Parse, Token

# what "subject" and "object" mean for a noun, in the order they are tried
_NOUN_SUBJECT = ("possessor", "by", "light", "modifier", "from", "between")
_PARTICLES = ("prt", "prep", "advmod", "agent", "acomp", "dative", "xcomp", "oprd")
_ADDRESSED = ("to", "dative", "upon")
_NOUN_OBJECT = ("against", "on", "at", "toward", "towards", "with", "to", "of", "into", "over", "in")


@dataclass(slots=True)
class Slots:
    """Fills the slots of one parse."""

    parse: Parse
    rules: Rules
    frames: Frames
    resolver: Resolver
    avoid: list[Participant] = field(default_factory=list)  # the actors, while recipients are looked for

    def side(
        self, slots: Sequence[str], i: int, nouns: list[int], nominal: bool, side: str, taken: set[tuple[int, int]]
    ) -> list[Participant]:
        """Participants from the first slot that has any; unknown ones only when no later slot does better."""
        spare: list[Participant] = []
        for slot in slots:
            if slot == "nearby" and any(p.by in _ADDRESSED and self.parse.tokens[p.head].pos == "PROPN" for p in spare):
                return spare  # somebody unknown is named as the recipient
            for name, heads, place_ok in self.heads(slot, i, nouns, nominal, side):
                got = [
                    p
                    for p in self.resolver.resolve(heads, name, side=side, place_ok=place_ok, avoid=self.avoid)
                    if (p.start, p.end) not in taken
                    and not any(self.resolver.same(p, a) for a in self.avoid)
                    and not (name == "nearby" and self.overlaps(p, taken))
                    and not (nominal and p.start <= self.parse.tokens[i].start < p.end)
                ]
                if any(self.known(p) and not (side == "recipient" and self._idle(p)) for p in got):
                    return got
                spare = spare or got
        return spare

    def heads(
        self, slot: str, i: int, nouns: list[int], nominal: bool, side: str
    ) -> Iterable[tuple[str, list[int], bool]]:
        f = self.frames
        if slot == "subject":
            if not nominal:
                yield "subject", f.subject(i), False
                return
            for name in _NOUN_SUBJECT:
                yield from self.heads(name, i, nouns, True, side)
        elif slot == "object":
            if not nominal:
                yield "object", [o for o in f.object(i) if o not in nouns], side == "recipient"
                yield (
                    "object",
                    nouns,
                    side == "recipient",
                )  # the rule's own noun may be the party ("evacuated residents")
                return
            for name in _NOUN_OBJECT:
                yield name, f.prep(i, name), side == "recipient"
        elif slot == "light":
            v = self.light_verb(i)
            if v is not None:
                engaged = f.passive(v) and self.parse.tokens[i].dep == "pobj"  # "were engaged in talks"
                yield "light:subject", f.surface_subject(v) if engaged else f.subject(v), False
        elif slot == "occasion":
            yield "light:subject", self.occasion(i), False
        elif slot == "possessor":
            for n in [i, *nouns] if not nominal else [i]:
                yield "possessor", f.possessor(n), True
        elif slot == "modifier":
            for n in nouns or [i]:
                yield "modifier", f.modifier(n), True
        elif slot == "dative":
            yield "dative", f.dative(i), True
        elif slot == "speaker":
            yield "speaker", f.speaker(i), False
        elif slot == "surface":
            yield "surface", f.surface_subject(i), True
        elif slot == "clause.subject":
            for c in f.clauses(i):
                yield "clause:subject", f.surface_subject(c), True
        elif slot == "object.inside":
            for o in nouns or f.object(i):
                got = self.resolver.inside(o, "object", side, True, 2)
                yield "object:inside", [p.head for p in got], True
        elif slot == "nearby":
            own = {self.resolver.country(a) for a in self.avoid}
            around = [h for h in f.below(i) if h > i and h not in nouns and not self.own_thing(h)]
            abroad = [h for h in around if self.country_at(h) not in (None, *own)]
            for h in [*abroad, *(h for h in around if self.country_at(h) in own - {None})]:
                yield "nearby", [h], True
        elif slot == "accuser":
            for o in nouns or f.object(i):
                yield "accuser", f.accuser(o), True
        elif slot == "object.clause":
            for o in nouns or f.object(i):
                for c in [*f.clauses(o), *(x.i for x in self.parse.kids(o, "relcl") if self.parse.kid(x.i, "mark"))]:
                    yield "object:clause:subject", f.surface_subject(c), True
        elif slot == "clause.any":
            for c in f.clauses(i):
                yield "clause:subject", f.surface_subject(c), True
                yield "clause:object", f.object(c), True
        else:
            verb = self.light_verb(i) if nominal else None
            heads = f.prep_near(i, nouns or ([] if nominal else f.object(i)), slot)
            if not heads and verb is not None:
                heads = f.prep(verb, slot)
            yield slot, heads, side == "recipient"

    def through(self, heads: list[int]) -> list[int]:
        """Heads, and for "part of", "a series of" what they are part of."""
        out: list[int] = []
        for h in heads:
            inner = self.frames.prep(h, "of") if self.lemma(h) in self.rules.transparent else []
            out += [h, *inner]
        return out

    def light_verb(self, i: int) -> int | None:
        """The verb that carries the noun ("launched an attack", "came under attack"), or None."""
        t = self.parse.tokens[i]
        if t.dep in ("dobj", "nsubjpass") and self.parse.tokens[t.head].lemma in self.rules.frame_words.light:
            return t.head
        if t.dep == "conj":
            return self.light_verb(t.head)
        if t.dep == "pobj":
            prep = self.parse.tokens[t.head]
            g = self.parse.tokens[prep.head]
            if prep.lower in ("in", "for", "to", "on", "with", "into") and g.lemma in self.rules.frame_words.light:
                return g.i
        return None

    def occasion(self, i: int) -> list[int]:
        """Whose occasion a noun is: "X, on a visit to Y", "said after talks with Y", "urged Z during a tour of Y"."""
        t = self.parse.tokens[i]
        prep = self.parse.tokens[t.head]
        if self.frames.possessor(i) or self.frames.prep(i, "by") or self.frames.prep(i, "between"):
            return []
        if t.dep != "pobj" or prep.lower not in ("on", "during", "after", "following", "at", "in", "before"):
            return []
        g = self.parse.tokens[prep.head]
        if g.pos in ("VERB", "AUX"):
            return self.frames.surface_subject(g.i) if prep.lower != "before" else []
        return [g.i] if prep.lower in ("on", "in", "during") and g.dep in ("nsubj", "nsubjpass", "dobj", "pobj") else []

    def lemma(self, i: int) -> str:
        return self.parse.tokens[i].lemma.lower()

    def known(self, p: Participant) -> bool:
        return p.mention is not None and is_known(self.resolver.index.mentions[p.mention])

    def clause_lemmas(self, i: int) -> set[str]:
        """Lemmas under the predicate, without those of clauses with a subject of their own."""
        out: set[str] = set()
        stack = [i]
        while stack:
            k = stack.pop()
            out.add(self.lemma(k))
            for c in self.parse.children[k]:
                t = self.parse.tokens[c]
                verbal = t.pos in ("VERB", "AUX")  # "found X guilty": a complement without a verb belongs to the clause
                if (verbal and t.dep in ("ccomp", "relcl", "parataxis")) or (
                    t.dep in ("advcl", "conj") and self.parse.kid(c, "nsubj")
                ):
                    continue
                stack.append(c)
        return out

    def words_match(self, entries: frozenset[str], t: Token) -> tuple[bool, int | None]:
        """Whether the predicate is one of the entries; the particle's token where the entry has one."""
        lemma = t.lemma.lower()
        for particle in self.rules.particles(entries, lemma):
            for c in self.parse.kids(t.i):
                if c.lower == particle and c.dep in _PARTICLES:
                    return True, c.i
        return lemma in entries or "*" in entries, None

    def own_thing(self, token: int) -> bool:
        """Whether the mention here is something of the actor's own ("its troops")."""
        k = self.resolver.index.at(token)
        if k is None:
            return True
        first = self.parse.token_at(self.resolver.index.mentions[k].start)
        return first is not None and self.parse.tokens[first].tag == "PRP$"

    def _idle(self, p: Participant) -> bool:
        """Whether a party is a mere thing of the actor's own ("on its soil"), which a later slot may better."""
        own = {self.resolver.country(a) for a in self.avoid}
        return self.resolver.sector(p) is None and self.resolver.country(p) in own and self.own_thing(p.head)

    def country_at(self, token: int) -> str | None:
        k = self.resolver.index.at(token)
        return self.resolver.index.mentions[k].country if k is not None else None

    def one_side(self, a: Participant, b: Participant) -> bool:
        """One actor, or two of one country ("the minister said the army will ..."), or a pronoun of unknown owner."""
        first, second = self.resolver.country(a), self.resolver.country(b)
        return (
            self.resolver.same(a, b)
            or (first is not None and first == second)
            or self.parse.tokens[a.head].pos == "PRON"
        )

    def overlaps(self, p: Participant, taken: set[tuple[int, int]]) -> bool:
        return any(p.start < b and a < p.end for a, b in taken)

    def sector(self, p: Participant) -> str | None:
        """The sector; a country that acts is its government."""
        sector = self.resolver.sector(p)
        return sector if sector is not None or self.resolver.country(p) is None else "GOV"

    def is_actor(self, p: Participant) -> bool:
        return p.mention is not None and self.resolver.index.mentions[p.mention].kind != "place"
