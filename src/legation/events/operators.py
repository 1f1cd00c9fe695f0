"""Operators: words that make something else of the event inside them ("threatened to E", "lifted E", "will not E")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from legation.events.match import Match
from legation.events.rules import Operator
from legation.events.slots import Slots
from legation.model.events import Participant
from legation.model.parse import Token

_FUTURE = {"will", "would", "'ll", "shall", "wo", "’ll"}
_REACH_DEPTH = 3  # how far below an operator the inner event may stand ("agreed to begin to hold talks")


@dataclass(frozen=True, slots=True)
class OperatorMatcher:
    """Tries operators on a token; `code` gives the event of an inner predicate."""

    slots: Slots
    code: Callable[[int], Match | None]

    def turned(self, m: Match) -> Match:
        """What negation or future of the predicate itself makes of it ("will not release" is a refusal)."""
        aux = {c.lower for c in self.slots.parse.kids(m.predicate, "aux")}
        negated = self.slots.parse.kid(m.predicate, "neg") is not None
        for op in self.slots.rules.self_operators:
            if (op.negated is not None and op.negated != negated) or not aux & set(op.modal):
                continue
            outcome = op.makes.get(f"{m.type}/{m.mode}") or op.makes.get(m.type)
            if outcome is None or outcome == "-" or not m.actors:
                continue
            kind, _, mode = outcome.partition("/")
            return replace(
                m,
                type=kind,
                mode=mode or None,
                rule=op.id,
                reciprocal=False,
                why=(*m.why, f"operator {op.id} on {m.type}"),
                actors=m.actors[:1] if m.reciprocal else m.actors,
                recipients=m.actors[1:] if m.reciprocal else m.recipients,
            )
        return m

    def operator(self, op: Operator, t: Token) -> Match | None:
        nominal = t.pos in ("NOUN", "PROPN")
        entries = self.slots.rules.words(op.noun if nominal else op.adjective if t.pos == "ADJ" else op.verb)
        fits, particle = self.slots.words_match(entries, t)
        if not fits:
            return None
        anchor = [t.i] if particle is None else [t.i, particle]
        negated = self.slots.parse.kid(t.i, "neg") is not None
        if op.negated is not None and negated != op.negated:
            return None
        inner = self.inner(op, t.i)
        if inner is not None and not self.clause_fits(op, t.i, inner):
            return None
        speakers = self.operator_side(op.actor, t.i, inner, nominal, "actor", set())
        if inner is not None:
            outcome = op.makes.get(f"{inner.type}/{inner.mode}") or op.makes.get(inner.type) or op.makes.get("*")
            if outcome is None:
                return None
            if outcome == "-":  # "is considering E": E is no event, and neither is this
                return replace(
                    inner,
                    predicate=t.i,
                    rule=op.id,
                    score=op.weight + 3.0,
                    used=(inner.predicate, *inner.used),
                    why=(f"operator {op.id}", f"inner {inner.type} by {inner.rule}"),
                    dropped=f"no event: {op.id}",
                )
        else:
            if op.alone is None or (op.modal and not self.modal_clause(op, t.i)):
                return None
            if op.alone_object:
                wanted = self.slots.rules.words(op.alone_object)
                hits = [o for o in self.below(t.i, op.reach) if self.slots.lemma(o) in wanted]
                if not hits:
                    return None
                anchor += hits[:1]
            outcome = op.alone
        if op.same_actor and inner is not None:  # "the army will leave, a minister said": the army, not the minister
            tokens = self.slots.parse.tokens
            named = [a for a in inner.actors if self.slots.known(a) and tokens[a.head].pos not in ("PRON", "DET")]
            speakers = named or speakers
        kind, _, mode = outcome.partition("/")
        taken = {(p.start, p.end) for p in speakers}
        self.slots.avoid = speakers
        recipients = [
            r
            for r in self.operator_side(op.recipient, t.i, inner, nominal, "recipient", taken)
            if not any(self.slots.resolver.same(r, a) for a in speakers)
        ]
        self.slots.avoid = []
        known = any(self.slots.known(a) for a in speakers) or any(self.slots.known(r) for r in recipients)
        if not known or (not speakers and not (self.slots.frames.passive(t.i) and recipients)):
            return None
        if nominal and self.slots.light_verb(t.i) is None and not (speakers and recipients):
            return None
        if inner is not None:
            anchor += [k for k in inner.anchor if abs(k - t.i) < 12]
        score = op.weight + (0.5 if particle is not None else 0.0) + (1.5 if inner is not None else 0.0)
        used = () if inner is None or op.keep_inner else (inner.predicate, *inner.used)
        return Match(
            predicate=t.i,
            anchor=tuple(sorted(set(anchor))),
            type=kind,
            mode=mode or None,
            actors=tuple(speakers),
            recipients=tuple(recipients),
            rule=op.id,
            frame="operator" + (":nominal" if nominal else ""),
            score=score,
            speech=op.speech,
            used=used,
            why=(f"operator {op.id}", *((f"inner {inner.type} by {inner.rule}",) if inner else ())),
        )

    def modal_clause(self, op: Operator, i: int) -> bool:
        """Whether a clause of the operator carries one of its modals and has an actor as its subject."""
        for c in self.slots.frames.clauses(i):
            if any(k.lower in op.modal for k in self.slots.parse.kids(c, "aux")):
                parties = self.slots.resolver.resolve(
                    self.slots.frames.surface_subject(c), "clause:subject", side="recipient"
                )
                return any(self.slots.known(p) and self.slots.is_actor(p) for p in parties)
        return False

    def clause_fits(self, op: Operator, i: int, inner: Match) -> bool:
        """The conditions an operator puts on the clause inside it: future, a modal, one and the same actor."""
        if not (op.future or op.modal or op.same_actor):
            return True
        p = self.slots.parse
        aux = {c.lower for c in p.kids(inner.predicate, "aux")}
        head = p.tokens[inner.predicate]
        hops = 0
        while head.dep in ("xcomp", "dobj", "conj", "acomp", "pobj", "prep", "attr") and head.head != i and hops < 4:
            head, hops = p.tokens[head.head], hops + 1
            aux |= {c.lower for c in p.kids(head.i, "aux")}
        if op.future and not aux & _FUTURE:
            return False
        if op.modal and not aux & set(op.modal) and head.lemma not in op.modal:
            return False
        if op.same_actor:
            speakers = self.slots.resolver.resolve(self.slots.frames.subject(i), "subject", side="actor")
            return not inner.actors or any(self.slots.one_side(a, s) for a in inner.actors for s in speakers)
        return True

    def inner(self, op: Operator, i: int) -> Match | None:
        """The first coded predicate below the operator, through transparent words."""
        level = self.below(i, op.reach)
        for _ in range(_REACH_DEPTH):
            following: list[int] = []
            for k in level:
                m = self.code(k)
                if m is not None:
                    return m
                t = self.slots.parse.tokens[k]
                if t.lemma.lower() in self.slots.rules.transparent or t.pos in ("ADP", "AUX"):
                    following += self.below(k, ("clause", "object", "of", "for", "to", "in"))
            level = following
            if not level:
                return None
        return None

    def below(self, i: int, reach: Sequence[str]) -> list[int]:
        """Heads of the places where an inner event may stand."""
        out: list[int] = []
        for place in reach:
            if place == "clause":
                for head in self.slots.frames.clauses(i):
                    out += [head, *(k.i for k in self.slots.parse.kids(head, "conj"))]
                out += [c.i for c in self.slots.parse.kids(i, "acomp", "attr", "oprd")]
            elif place == "object":
                out += self.slots.through(self.slots.frames.object(i))
            elif place == "infinitive":
                out += [
                    c
                    for c in self.slots.frames.clauses(i)
                    if any(k.tag == "TO" for k in self.slots.parse.kids(c, "aux", "mark"))
                ]
            elif place == "compound":
                out += [c.i for c in self.slots.parse.kids(i, "compound", "amod", "nmod")]
            elif place == "purpose":
                out += [c.i for c in self.slots.parse.kids(i, "advcl") if c.i > i]
            elif place == "noun":  # the noun this participle or adjective describes
                out += [self.slots.parse.tokens[i].head] if self.slots.parse.tokens[i].dep in ("amod", "acl") else []
            else:
                out += self.slots.frames.prep(i, place)
                for c in self.slots.parse.kids(i, "prep"):
                    if c.lower == place:
                        out += [k.i for k in self.slots.parse.kids(c.i, "pcomp")]
        return out

    def operator_side(
        self, slots: Sequence[str], i: int, inner: Match | None, nominal: bool, side: str, taken: set[tuple[int, int]]
    ) -> list[Participant]:
        for slot in slots:
            if slot in ("inner.actor", "inner.recipient"):
                if inner is None:
                    continue
                got = [
                    g
                    for g in (inner.actors if slot == "inner.actor" else inner.recipients)
                    if (g.start, g.end) not in taken
                    and not any(self.slots.resolver.same(g, a) for a in self.slots.avoid)
                ]
                if got:
                    return [g for g in got if self.slots.known(g)] or got
                continue
            got = self.slots.side((slot,), i, [], nominal, side, taken)
            if got and (side == "actor" or any(self.slots.known(g) for g in got) or slot == slots[-1]):
                inside = inner is not None and any(g.head in (inner.predicate, *inner.used) for g in got)
                if slot == "object" and inside and not any(self.slots.known(g) for g in got):
                    continue  # the object is the inner event itself
                return got
        return []
