"""Rules x frames -> candidates.

Every predicate of a sentence is coded once, from the inside out: an operator ("threatened to E") first asks
what E is. What an operator has used up is no event of its own. The best-scoring rule wins; the second best is
kept as runner-up for `why`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from legation.events.arguments import Frames
from legation.events.participants import Resolver, index_mentions, is_known
from legation.events.rules import Operator, Rules, Trigger
from legation.model.actors import Mention
from legation.model.events import Candidate, Participant
from legation.model.parse import Parse, Token
from legation.model.text import Article

_FUTURE = {"will", "would", "'ll", "shall", "wo", "’ll"}
_NOUN_SUBJECT = ("possessor", "by", "light", "modifier", "from", "between")
_NOUN_OBJECT = ("against", "on", "at", "toward", "towards", "with", "to", "of", "into", "over", "in")
_NEARBY = frozenset("PROTEST ASSAULT COERCE SANCTION MOBILIZE THREATEN AID RETREAT CONCEDE AGREE REJECT SUPPORT REQUEST".split())
_ONLY_PURPOSE = frozenset(("CONSULT", "AGREE", "SUPPORT", "COOPERATE", "REJECT", "AID"))
_NAMES = frozenset(("WORK_OF_ART", "PRODUCT", "PERSON", "FAC"))
_REACH_DEPTH = 3  # how far below an operator the inner event may stand ("agreed to begin to hold talks")


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fits a predicate, before it becomes a candidate. `used` are predicates it swallowed."""

    predicate: int
    anchor: tuple[int, ...]
    type: str
    mode: str | None
    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    rule: str
    frame: str
    score: float
    reciprocal: bool = False
    speech: bool = False
    used: tuple[int, ...] = ()
    runner_up: tuple[str, float] | None = None
    why: tuple[str, ...] = ()
    dropped: str | None = None


@dataclass(slots=True)
class Coder:
    """Codes the predicates of one parse. Results are memoised per predicate."""

    parse: Parse
    rules: Rules
    frames: Frames
    resolver: Resolver
    memo: dict[int, Match | None] = field(default_factory=dict)
    avoid: list[Participant] = field(default_factory=list)  # the actors, while recipients are looked for

    # ------------------------------------------------------------------ one predicate
    def code(self, i: int) -> Match | None:
        """The best match for the predicate token, or None."""
        if i not in self.memo:
            self.memo[i] = None  # guards against cycles
            found = sorted(self._matches(i), key=lambda m: (-m.score, m.rule))
            found = [self._turned(found[0]), *found[1:]] if found else found
            if found:
                best = found[0]
                other = next((m for m in found[1:] if (m.type, m.mode) != (best.type, best.mode)), None)
                if other is not None:
                    best = replace(best, runner_up=(f"{other.type}{'/' + other.mode if other.mode else ''}", other.score))
                self.memo[i] = best
        return self.memo[i]

    def _matches(self, i: int) -> Iterable[Match]:
        t = self.parse.tokens[i]
        if t.dep == "amod" and t.tag in ("VBN", "VBG", "JJ"):
            return  # "alleged bombers", "fighting units": a description, not a report
        if t.ent in _NAMES and t.pos in ("NOUN", "PROPN") and not self.parse.sentence(i).in_title:
            return  # part of a name: a film, a product, a house
        lemma = t.lemma.lower()
        if t.pos in ("VERB", "AUX") or (t.tag.startswith("VB") and t.pos != "ADJ"):
            triggers, operators = self.rules.verb_triggers, self.rules.verb_operators
        elif t.pos in ("NOUN", "PROPN"):
            triggers, operators = self.rules.noun_triggers, self.rules.noun_operators
        elif t.pos == "ADJ":
            triggers, operators = self.rules.adjective_triggers, self.rules.adjective_operators
        else:
            return
        for trigger in triggers.get(lemma, ()):
            m = self._trigger(trigger, t)
            if m is not None:
                yield m
        for operator in operators.get(lemma, ()):
            m = self._operator(operator, t)
            if m is not None:
                yield m

    def _turned(self, m: Match) -> Match:
        """What negation or future of the predicate itself makes of it ("will not release" is a refusal)."""
        aux = {c.lower for c in self.parse.kids(m.predicate, "aux")}
        negated = self.parse.kid(m.predicate, "neg") is not None
        for op in self.rules.self_operators:
            if (op.negated is not None and op.negated != negated) or not aux & set(op.modal):
                continue
            outcome = op.makes.get(f"{m.type}/{m.mode}") or op.makes.get(m.type)
            if outcome is None or outcome == "-" or not m.actors:
                continue
            kind, _, mode = outcome.partition("/")
            return replace(
                m, type=kind, mode=mode or None, rule=op.id, reciprocal=False, why=(*m.why, f"operator {op.id} on {m.type}"),
                actors=m.actors[:1] if m.reciprocal else m.actors,
                recipients=m.actors[1:] if m.reciprocal else m.recipients,
            )
        return m

    # ------------------------------------------------------------------ triggers
    def _words_match(self, entries: frozenset[str], t: Token) -> tuple[bool, int | None]:
        """Whether the predicate is one of the entries; the particle's token where the entry has one."""
        lemma = t.lemma.lower()
        for w in entries:
            parts = w.split(" ")
            if parts[0] != lemma or len(parts) != 2:
                continue
            for c in self.parse.kids(t.i):
                if c.lower == parts[1] and c.dep in ("prt", "prep", "advmod", "agent", "acomp", "dative", "xcomp", "oprd"):
                    return True, c.i
        return lemma in entries, None

    def _purpose(self, t: Token) -> bool:
        """Whether the verb only says what another deed is for ("flew to Rohan to discuss the border")."""
        return t.dep == "advcl" and any(c.tag == "TO" for c in self.parse.kids(t.i, "aux", "mark"))

    def _trigger(self, rule: Trigger, t: Token) -> Match | None:
        nominal = t.pos in ("NOUN", "PROPN")
        entries = self.rules.words(rule.noun if nominal else rule.adjective if t.pos == "ADJ" else rule.verb)
        fits, particle = self._words_match(entries, t)
        if not fits:
            return None
        anchor = [t.i] if particle is None else [t.i, particle]
        score = rule.weight + (0.5 if particle is not None else 0.0)
        nouns: list[int] = []
        passive = not nominal and self.frames.passive(t.i)
        if rule.voice != "any" and (rule.voice == "passive") != passive:
            return None
        objects = [] if nominal else self._through(self.frames.object(t.i))
        if rule.object:
            wanted = self.rules.words(rule.object)
            hit = [o for o in objects if self._lemma(o) in wanted or "*" in wanted]
            if not hit:
                return None
            nouns = hit[:1]
            anchor += nouns
            score += 0.3 if "*" in wanted else 1.0
        elif rule.without_object and any(self._lemma(o) in self.rules.words(rule.without_object) for o in objects):
            return None
        if rule.instrument:
            wanted = self.rules.words(rule.instrument)
            if not any(self._lemma(k) in wanted for k in self.frames.subject(t.i)):
                return None
        for word, wanted_entries in rule.prep.items():
            wanted = self.rules.words(wanted_entries)
            near = self.frames.prep_near(t.i, objects, word)
            hit = [o for o in near if not wanted or self._lemma(o) in wanted]
            if not hit:
                return None
            if wanted:
                nouns += hit[:1]
                anchor += hit[:1]
            score += 0.8
        if rule.with_words or rule.without_words:
            lemmas = self._clause_lemmas(t.i)
            if rule.with_words and not lemmas & self.rules.words(rule.with_words):
                return None
            if rule.without_words and lemmas & self.rules.words(rule.without_words):
                return None
            score += 0.5 if rule.with_words else 0.0
        return self._fill(rule, t, nominal, passive, nouns, anchor, score)

    def _fill(
        self, rule: Trigger, t: Token, nominal: bool, passive: bool, nouns: list[int], anchor: list[int], score: float
    ) -> Match | None:
        """Find the participants, check what the rule demands of them."""
        light = nominal and self._light_verb(t.i) is not None
        actors = self._side(rule.actor, t.i, nouns, nominal, "actor", set())
        taken = {(p.start, p.end) for p in actors}
        self.avoid = actors
        slots = (*rule.recipient, "nearby") if rule.recipient and rule.type in _NEARBY and not nominal else rule.recipient
        recipients = self._side(slots, t.i, nouns, nominal, "recipient", taken)
        self.avoid = []
        recipients = [r for r in recipients if not any(self.resolver.same(r, a) for a in actors)] if not rule.reciprocal else recipients
        if rule.direct:
            recipients = [r for r in recipients if ":" not in r.by]
        named = list(recipients)
        if rule.reciprocal:
            extra = [r for r in recipients if not any(self.resolver.same(r, a) for a in actors) and self._known(r)]
            actors, recipients = actors + extra, []
            if len(actors) < 2 and "both" in rule.needs:
                return None
        known_a = [a for a in actors if self._known(a)]
        known_r = [r for r in recipients if self._known(r)]
        needs = rule.needs
        if nominal and not light and "either" not in needs and not rule.reciprocal:
            needs = ("both",)
        if "actor" in needs and not actors:
            # a passive without its agent still tells what was done to whom
            if not (passive and known_r):
                return None
        if "recipient" in needs and not named:
            return None
        if "both" in needs and not (rule.reciprocal and len(actors) > 1) and not (known_a and recipients):
            return None
        if "either" in needs and not (known_a or known_r):
            return None
        if rule.recipient_is_actor and not any(self._known(r) for r in named):
            return None
        if not known_a and not known_r:
            return None
        if rule.actor_sector and not any(self._sector(a) in rule.actor_sector for a in actors):
            return None
        if rule.recipient_sector and not any(self._sector(r) in rule.recipient_sector for r in recipients):
            return None
        score += 0.2 * bool(known_a) + 0.2 * bool(known_r)
        frame = ("light" if light else "nominal") if nominal else "passive" if passive else "active"
        mode = rule.mode
        if rule.modes:
            lemmas = self._clause_lemmas(t.i)
            for name, words in rule.modes.items():
                if lemmas & self.rules.words(words):
                    mode = name
                    break
        return Match(
            predicate=t.i,
            anchor=tuple(sorted(anchor)),
            type=rule.type,
            mode=mode,
            actors=tuple(actors),
            recipients=tuple(recipients),
            rule=rule.id,
            frame=frame,
            score=score,
            reciprocal=rule.reciprocal,
            speech=rule.speech,
            used=tuple(n for n in nouns),
            why=(f"rule {rule.id}", f"frame {frame}"),
        )

    def _through(self, heads: list[int]) -> list[int]:
        """Heads, and for "part of", "a series of" what they are part of."""
        out: list[int] = []
        for h in heads:
            inner = self.frames.prep(h, "of") if self._lemma(h) in self.rules.transparent else []
            out += [h, *inner]
        return out

    # ------------------------------------------------------------------ operators
    def _operator(self, op: Operator, t: Token) -> Match | None:
        nominal = t.pos in ("NOUN", "PROPN")
        entries = self.rules.words(op.noun if nominal else op.adjective if t.pos == "ADJ" else op.verb)
        fits, particle = self._words_match(entries, t)
        if not fits:
            return None
        anchor = [t.i] if particle is None else [t.i, particle]
        negated = self.parse.kid(t.i, "neg") is not None
        if op.negated is not None and negated != op.negated:
            return None
        inner = self._inner(op, t.i)
        if inner is not None and (op.future or op.modal or op.same_actor):
            if not self._clause_fits(op, t.i, inner):
                return None
        speakers = self._operator_side(op.actor, t.i, inner, nominal, "actor", set())
        if inner is not None:
            outcome = op.makes.get(f"{inner.type}/{inner.mode}") or op.makes.get(inner.type) or op.makes.get("*")
            if outcome is None:
                return None
            if outcome == "-":  # "is considering E": E is no event, and neither is this
                return replace(
                    inner, predicate=t.i, rule=op.id, score=op.weight + 3.0, used=(inner.predicate, *inner.used),
                    why=(f"operator {op.id}", f"inner {inner.type} by {inner.rule}"), dropped=f"no event: {op.id}",
                )
        else:
            if op.alone is None or (op.modal and not self._modal_clause(op, t.i)):
                return None
            if op.alone_object:
                wanted = self.rules.words(op.alone_object)
                hits = [o for o in self._below(t.i, op.reach) if self._lemma(o) in wanted]
                if not hits:
                    return None
                anchor += hits[:1]
            outcome = op.alone
        kind, _, mode = outcome.partition("/")
        taken = {(p.start, p.end) for p in speakers}
        self.avoid = speakers
        recipients = [
            r
            for r in self._operator_side(op.recipient, t.i, inner, nominal, "recipient", taken)
            if not any(self.resolver.same(r, a) for a in speakers)
        ]
        self.avoid = []
        known = any(self._known(a) for a in speakers) or any(self._known(r) for r in recipients)
        if not known or (not speakers and not (self.frames.passive(t.i) and recipients)):
            return None
        if nominal and self._light_verb(t.i) is None and not (speakers and recipients):
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

    def _modal_clause(self, op: Operator, i: int) -> bool:
        """Whether a clause of the operator carries one of its modals and has an actor as its subject."""
        for c in self.frames.clauses(i):
            if any(k.lower in op.modal for k in self.parse.kids(c, "aux")):
                parties = self.resolver.resolve(self.frames.surface_subject(c), "clause:subject", side="recipient")
                return any(self._known(p) and self._is_actor(p) for p in parties)
        return False

    def _clause_fits(self, op: Operator, i: int, inner: Match) -> bool:
        """The conditions an operator puts on the clause inside it: future, a modal, one and the same actor."""
        p = self.parse
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
            speakers = self.resolver.resolve(self.frames.subject(i), "subject", side="actor")
            return not inner.actors or any(self._one_side(a, s) for a in inner.actors for s in speakers)
        return True

    def _inner(self, op: Operator, i: int) -> Match | None:
        """The first coded predicate below the operator, through transparent words."""
        level = self._below(i, op.reach)
        for _ in range(_REACH_DEPTH):
            following: list[int] = []
            for k in level:
                m = self.code(k)
                if m is not None:
                    return m
                t = self.parse.tokens[k]
                if t.lemma.lower() in self.rules.transparent or t.pos in ("ADP", "AUX"):
                    following += self._below(k, ("clause", "object", "of", "for", "to", "in"))
            level = following
            if not level:
                return None
        return None

    def _below(self, i: int, reach: Sequence[str]) -> list[int]:
        """Heads of the places where an inner event may stand."""
        out: list[int] = []
        for place in reach:
            if place == "clause":
                for c in self.frames.clauses(i):
                    out.append(c)
                    out += [k.i for k in self.parse.kids(c, "conj")]
                for c in self.parse.kids(i, "acomp", "attr", "oprd"):
                    out.append(c.i)
            elif place == "object":
                out += self._through(self.frames.object(i))
            elif place == "infinitive":
                out += [c for c in self.frames.clauses(i) if any(k.tag == "TO" for k in self.parse.kids(c, "aux", "mark"))]
            elif place == "compound":
                out += [c.i for c in self.parse.kids(i, "compound", "amod", "nmod")]
            elif place == "purpose":
                out += [c.i for c in self.parse.kids(i, "advcl") if c.i > i]
            elif place == "noun":  # the noun this participle or adjective describes
                out += [self.parse.tokens[i].head] if self.parse.tokens[i].dep in ("amod", "acl") else []
            else:
                out += self.frames.prep(i, place)
                for c in self.parse.kids(i, "prep"):
                    if c.lower == place:
                        out += [k.i for k in self.parse.kids(c.i, "pcomp")]
        return out

    # ------------------------------------------------------------------ slots
    def _operator_side(
        self, slots: Sequence[str], i: int, inner: Match | None, nominal: bool, side: str, taken: set[tuple[int, int]]
    ) -> list[Participant]:
        for slot in slots:
            if slot in ("inner.actor", "inner.recipient"):
                if inner is None:
                    continue
                got = [
                    g
                    for g in (inner.actors if slot == "inner.actor" else inner.recipients)
                    if (g.start, g.end) not in taken and not any(self.resolver.same(g, a) for a in self.avoid)
                ]
                if got:
                    return [g for g in got if self._known(g)] or got
                continue
            got = self._side((slot,), i, [], nominal, side, taken)
            if got and (side == "actor" or any(self._known(g) for g in got) or slot == slots[-1]):
                if inner is not None and slot == "object" and any(g.head in (inner.predicate, *inner.used) for g in got):
                    if not any(self._known(g) for g in got):
                        continue
                return got
        return []

    def _side(
        self, slots: Sequence[str], i: int, nouns: list[int], nominal: bool, side: str, taken: set[tuple[int, int]]
    ) -> list[Participant]:
        """Participants from the first slot that has any; unknown ones only when no later slot does better."""
        spare: list[Participant] = []
        for slot in slots:
            for name, heads, place_ok in self._heads(slot, i, nouns, nominal, side):
                got = [
                    p
                    for p in self.resolver.resolve(heads, name, side=side, place_ok=place_ok, avoid=self.avoid)
                    if (p.start, p.end) not in taken
                    and not any(self.resolver.same(p, a) for a in self.avoid)
                    and not (name == "nearby" and self._overlaps(p, taken))
                    and not (nominal and p.start <= self.parse.tokens[i].start < p.end)
                ]
                if any(self._known(p) for p in got):
                    return got
                spare = spare or got
        return spare

    def _heads(
        self, slot: str, i: int, nouns: list[int], nominal: bool, side: str
    ) -> Iterable[tuple[str, list[int], bool]]:
        f = self.frames
        if slot == "subject":
            if not nominal:
                yield "subject", f.subject(i), False
                return
            for name in _NOUN_SUBJECT:
                yield from self._heads(name, i, nouns, True, side)
        elif slot == "object":
            if not nominal:
                yield "object", [o for o in f.object(i) if o not in nouns], side == "recipient"
                return
            for name in _NOUN_OBJECT:
                yield name, f.prep(i, name), side == "recipient"
        elif slot == "light":
            v = self._light_verb(i)
            if v is not None:
                engaged = f.passive(v) and self.parse.tokens[i].dep == "pobj"  # "were engaged in talks"
                yield "light:subject", f.surface_subject(v) if engaged else f.subject(v), False
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
            around = [h for h in f.below(i) if h > i and h not in nouns and not self._own_thing(h)]
            abroad = [h for h in around if self._country_at(h) not in (None, *own)]
            for h in [*abroad, *(h for h in around if self._country_at(h) in own - {None})]:
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
            verb = self._light_verb(i) if nominal else None
            heads = f.prep_near(i, nouns or ([] if nominal else f.object(i)), slot)
            if not heads and verb is not None:
                heads = f.prep(verb, slot)
            yield slot, heads, side == "recipient"

    # ------------------------------------------------------------------ small helpers
    def _light_verb(self, i: int) -> int | None:
        """The verb that carries the noun ("launched an attack", "came under attack"), or None."""
        t = self.parse.tokens[i]
        if t.dep in ("dobj", "nsubjpass") and self.parse.tokens[t.head].lemma in self.rules.frame_words.light:
            return t.head
        if t.dep == "conj":
            return self._light_verb(t.head)
        if t.dep == "pobj":
            prep = self.parse.tokens[t.head]
            g = self.parse.tokens[prep.head]
            if prep.lower in ("in", "for", "to", "on", "with", "into") and g.lemma in self.rules.frame_words.light:
                return g.i
        return None

    def _lemma(self, i: int) -> str:
        return self.parse.tokens[i].lemma.lower()

    def _known(self, p: Participant) -> bool:
        return p.mention is not None and is_known(self.resolver.index.mentions[p.mention])

    def _own_thing(self, token: int) -> bool:
        """Whether the mention here is something of the actor's own ("its troops")."""
        k = self.resolver.index.at(token)
        if k is None:
            return True
        first = self.parse.token_at(self.resolver.index.mentions[k].start)
        return first is not None and self.parse.tokens[first].tag == "PRP$"

    def _country_at(self, token: int) -> str | None:
        k = self.resolver.index.at(token)
        return self.resolver.index.mentions[k].country if k is not None else None

    def _one_side(self, a: Participant, b: Participant) -> bool:
        """One actor, or two of one country ("the minister said the army will ..."), or a pronoun of unknown owner."""
        first, second = self.resolver.country(a), self.resolver.country(b)
        return self.resolver.same(a, b) or (first is not None and first == second) or self.parse.tokens[a.head].pos == "PRON"

    def _overlaps(self, p: Participant, taken: set[tuple[int, int]]) -> bool:
        return any(p.start < b and a < p.end for a, b in taken)

    def _sector(self, p: Participant) -> str | None:
        """The sector; a country that acts is its government."""
        sector = self.resolver.sector(p)
        return sector if sector is not None or self.resolver.country(p) is None else "GOV"

    def _is_actor(self, p: Participant) -> bool:
        return p.mention is not None and self.resolver.index.mentions[p.mention].kind != "place"

    def _clause_lemmas(self, i: int) -> set[str]:
        """Lemmas under the predicate, without those of clauses with a subject of their own."""
        out: set[str] = set()
        stack = [i]
        while stack:
            k = stack.pop()
            out.add(self._lemma(k))
            for c in self.parse.children[k]:
                t = self.parse.tokens[c]
                if t.dep in ("ccomp", "relcl", "parataxis") or (t.dep in ("advcl", "conj") and self.parse.kid(c, "nsubj")):
                    continue
                stack.append(c)
        return out


def find_candidates(article: Article, parse: Parse, mentions: Sequence[Mention], rules: Rules) -> tuple[Candidate, ...]:
    """All events the rules propose, in text order; rejected ones carry `dropped`.

    Errors: none; a sentence that no rule fits gives nothing.
    """
    from legation.events.drop import drop_reasons

    frames = Frames(parse, rules.frame_words)
    coder = Coder(parse, rules, frames, Resolver(parse, frames, index_mentions(mentions, parse)))
    out: list[Candidate] = []
    for s in parse.sentences:
        matches = [m for i in range(s.first, s.last + 1) if (m := coder.code(i)) is not None]
        out += _settle(matches, coder, article, parse)
    return drop_reasons(out, article, parse, mentions, rules)


def _settle(matches: list[Match], coder: Coder, article: Article, parse: Parse) -> list[Candidate]:
    """Within one sentence: what others used up goes; one event told twice becomes one."""
    used = {k for m in matches for k in m.used}
    kept: list[Match] = []
    out: list[Candidate] = []
    for m in sorted(matches, key=lambda m: (-m.score, m.predicate)):
        dropped = None
        if m.dropped is not None:
            dropped = m.dropped
        elif coder._purpose(parse.tokens[m.predicate]) and m.type in _ONLY_PURPOSE:
            dropped = "purpose of another deed"
        elif m.predicate in used:
            dropped = "part of " + next(x.rule for x in matches if m.predicate in x.used)
        elif any(_same_event(m, k, coder) for k in kept):
            dropped = "told twice in one sentence"
        else:
            kept.append(m)
        out.append(_candidate(m, parse, dropped, coder.resolver.index.mentions))
    return sorted(out, key=lambda c: (c.start, c.end, c.rule))


def _same_event(a: Match, b: Match, coder: Coder) -> bool:
    """Same type and nobody new: the same deed in other words."""
    if a.type != b.type:
        return False

    def covered(xs: tuple[Participant, ...], ys: tuple[Participant, ...]) -> bool:
        return all(any(coder.resolver.same(x, y) for y in ys) for x in xs)

    if a.reciprocal or b.reciprocal:
        return covered((*a.actors, *a.recipients), (*b.actors, *b.recipients))
    if covered(a.actors, b.actors) and (covered(a.recipients, b.recipients)):
        return True
    if a.type == "ASSAULT" and covered(a.actors, b.actors) and b.recipients:
        # "shelled the town, killing 20": the dead are the result, not a second attack
        t = coder.parse.tokens[a.predicate]
        return t.dep == "advcl" and t.tag == "VBG"
    return False


def _named(p: Participant, parse: Parse, mentions: Sequence[Mention]) -> Participant:
    """A pronoun's antecedent where the same sentence names it: "Arnor said it had ..." is read as Arnor."""
    if p.mention is None or mentions[p.mention].kind != "pronoun":
        return p
    back = mentions[p.mention].antecedent
    if back is None or mentions[back].kind == "pronoun":
        return p
    m = mentions[back]
    if parse.sentence(m.head).i != parse.sentence(p.head).i:
        return p
    return Participant(m.start, m.end, m.text, m.head, back, p.by + ":pronoun")


def _candidate(m: Match, parse: Parse, dropped: str | None, mentions: Sequence[Mention]) -> Candidate:
    first, last = parse.tokens[m.anchor[0]], parse.tokens[m.anchor[-1]]
    if last.i - first.i > 6:  # a long gap is no phrase: quote the predicate alone
        first = last = parse.tokens[m.predicate]
    return Candidate(
        predicate=m.predicate,
        start=first.start,
        end=last.end,
        type=m.type,
        mode=m.mode,
        actors=tuple(_named(p, parse, mentions) for p in m.actors),
        recipients=tuple(_named(p, parse, mentions) for p in m.recipients),
        rule=m.rule,
        frame=m.frame,
        score=round(m.score, 3),
        speech=m.speech,
        reciprocal=m.reciprocal,
        dropped=dropped,
        why=m.why,
        runner_up=m.runner_up,
    )
