"""Triggers: a verb, noun or adjective that evokes an event by itself."""

from __future__ import annotations

from dataclasses import dataclass

from legation.events.match import Match
from legation.events.rules import Trigger
from legation.events.slots import Slots
from legation.model.events import Participant
from legation.model.parse import Token

# types whose recipient may be read from what stands near by, when no slot names one
_NEARBY = frozenset(("AGREE", "SUPPORT", "CONCEDE", "AID", "RETREAT", "REQUEST", "REJECT")) | frozenset(
    ("THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT")
)
_NAMED = frozenset(("PERSON", "ORG", "NORP"))  # a party to talks by its name, though nothing is known of it
# types whose noun belongs to who acts: "X's request was sent to Y", but not "X's sentence was commuted"
_OWN_WORDS = frozenset(("REQUEST", "AID"))


@dataclass(frozen=True, slots=True)
class TriggerMatcher:
    """Tries triggers on a token."""

    slots: Slots

    def trigger(self, rule: Trigger, t: Token) -> Match | None:
        nominal = t.pos in ("NOUN", "PROPN")
        entries = self.slots.rules.words(rule.noun if nominal else rule.adjective if t.pos == "ADJ" else rule.verb)
        fits, particle = self.slots.words_match(entries, t)
        if not fits:
            return None
        anchor = [t.i] if particle is None else [t.i, particle]
        score = rule.weight + (0.5 if particle is not None else 0.0)
        nouns: list[int] = []
        passive = not nominal and self.slots.frames.passive(t.i)
        if rule.voice != "any" and (rule.voice == "passive") != passive:
            return None
        objects = [] if nominal else self.slots.through(self.slots.frames.object(t.i))
        if rule.object:
            wanted = self.slots.rules.words(rule.object)
            hit = [o for o in objects if self.slots.lemma(o) in wanted or "*" in wanted]
            if not hit:
                return None
            nouns = hit[:1]
            anchor += nouns
            score += 0.3 if "*" in wanted else 1.0
        if rule.without_object:
            unwanted = self.slots.rules.words(rule.without_object)
            if any(self.slots.lemma(o) in unwanted or "*" in unwanted for o in objects):
                return None
        if rule.instrument:
            wanted = self.slots.rules.words(rule.instrument)
            if not any(self.slots.lemma(k) in wanted for k in self.slots.frames.subject(t.i)):
                return None
        for word, wanted_entries in rule.prep.items():
            wanted = self.slots.rules.words(wanted_entries)
            near = self.slots.through(self.slots.frames.prep_near(t.i, objects, word))
            hit = [o for o in near if not wanted or self.slots.lemma(o) in wanted]
            if not hit:
                return None
            if wanted:
                nouns += hit[:1]
                anchor += hit[:1]
            score += 0.8
        if rule.with_words or rule.without_words:
            lemmas = self.slots.clause_lemmas(t.i)
            if rule.with_words and not lemmas & self.slots.rules.words(rule.with_words):
                return None
            if rule.without_words and lemmas & self.slots.rules.words(rule.without_words):
                return None
            score += 0.5 if rule.with_words else 0.0
        if rule.type == "REQUEST" and self.slots.frames.question(t.i):
            return None  # a question asks for no deed
        if rule.infinitive and not self.slots.frames.infinitives(t.i):
            return None
        if rule.clause_words:
            inside = {w for c in self.slots.frames.clauses(t.i) for w in self.slots.clause_lemmas(c)}
            if not inside & self.slots.rules.words(rule.clause_words):
                return None
            score += 0.5
        return self.fill(rule, t, nominal, passive, nouns, anchor, score)

    def fill(
        self, rule: Trigger, t: Token, nominal: bool, passive: bool, nouns: list[int], anchor: list[int], score: float
    ) -> Match | None:
        """Find the participants, check what the rule demands of them."""
        light = nominal and self.slots.light_verb(t.i) is not None
        actors = self.slots.side(rule.actor, t.i, nouns, nominal, "actor", set())
        if passive and not actors and nouns:  # "a demand by X was submitted to Y"
            whose = ("by", "from", "possessor") if rule.type in _OWN_WORDS else ("by",)
            actors = self.slots.side(whose, nouns[0], [], True, "actor", set())
        if rule.crowd and not actors and not nominal:
            actors = self._crowd(t.i)
        taken = {(p.start, p.end) for p in actors}
        self.slots.avoid = actors
        around = rule.recipient and rule.type in _NEARBY and not nominal and "recipient" not in rule.needs
        slots = (*rule.recipient, "nearby") if around else rule.recipient
        recipients = self.slots.side(slots, t.i, nouns, nominal, "recipient", taken)
        self.slots.avoid = []
        if not rule.reciprocal:
            recipients = self._others(recipients, actors)
        if rule.direct:
            recipients = [r for r in recipients if ":" not in r.by.removeprefix("clause:")]
        named = list(recipients)
        if rule.reciprocal:
            extra = [
                r
                for r in recipients
                if not any(self.slots.resolver.same(r, a) for a in actors)
                and (self.slots.known(r) or self.slots.parse.tokens[r.head].ent in _NAMED)
            ]
            actors, recipients = actors + extra, []
            if len(actors) < 2 and "both" in rule.needs:
                return None
        known_a = [a for a in actors if self.slots.known(a)]
        known_r = [r for r in recipients if self.slots.known(r)]
        needs = rule.needs
        if nominal and not light and "either" not in needs and not rule.reciprocal:
            needs = ("both",)
        if "actor" in needs and not actors and not (passive and known_r):
            return None  # a passive without its agent still tells what was done to whom
        if "recipient" in needs and not named:
            return None
        if "both" in needs and not (rule.reciprocal and len(actors) > 1) and not (known_a and recipients):
            return None
        if "either" in needs and not (known_a or known_r):
            return None
        if rule.recipient_is_actor and not any(self.slots.known(r) for r in named):
            return None
        if not known_a and not known_r:
            return None
        if rule.abroad and len({self.slots.resolver.country(p) for p in (*known_a, *known_r)} - {None}) < 2:
            return None
        if rule.actor_sector and not any(
            self.slots.sector(a) in rule.actor_sector or (rule.crowd and self._is_crowd(a)) for a in actors
        ):
            return None
        if rule.actor_country and not any(self.slots.resolver.country(a) in rule.actor_country for a in actors):
            return None
        if rule.recipient_sector and not any(self.slots.sector(r) in rule.recipient_sector for r in recipients):
            return None
        score += 0.2 * bool(known_a) + 0.2 * bool(known_r)
        frame = ("light" if light else "nominal") if nominal else "passive" if passive else "active"
        mode = rule.mode
        if rule.modes:
            lemmas = self.slots.clause_lemmas(t.i)
            for name, words in rule.modes.items():
                if lemmas & self.slots.rules.words(words):
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

    def _crowd(self, verb: int) -> list[Participant]:
        """People nobody knows, by their plural ("tea pluckers downed tools")."""
        heads = [h for h in self.slots.frames.subject(verb) if self._people(h)]
        return [self.slots.resolver.phrase(h, "subject") for h in heads]

    def _is_crowd(self, p: Participant) -> bool:
        """Whether a party is many people of no known sector."""
        return self._people(p.head) and self.slots.resolver.sector(p) is None

    def _people(self, token: int) -> bool:
        return (
            self.slots.parse.tokens[token].tag == "NNS"
            and self.slots.lemma(token) in self.slots.rules.classes["people"]
        )

    def _others(self, parties: list[Participant], actors: list[Participant]) -> list[Participant]:
        """The parties that are none of the actors."""
        return [p for p in parties if not any(self.slots.resolver.same(p, a) for a in actors)]
