"""What a token's head does to it: the standing it receives from above, by the kind of its link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from legation.attribution.facets_data import Embedding, StatusCues
from legation.attribution.facets_standing import Effects, Standing
from legation.model.claims import Cue
from legation.model.parse import Parse, Token
from legation.model.text import Span

FUTURE = 3  # rank from which on a standing is not told as done
UNREAL = 7  # rank from which on it is only imagined
POS = {
    "VERB": "verb",
    "AUX": "verb",
    "NOUN": "noun",
    "PROPN": "noun",
    "ADJ": "adjective",
    "ADV": "adjective",
    "ADP": "adjective",
    "SCONJ": "adjective",
}


@dataclass(slots=True)
class Below:
    """`own` holds the standing of every token seen so far, `given` the one that came down to it.

    `met` remembers what was looked up, so that a head with very many dependents is searched once for each frame.
    """

    parse: Parse
    cues: StatusCues
    effects: Effects
    chosen: frozenset[int]
    hidden: Mapping[int, Cue]
    own: dict[int, Standing] = field(default_factory=dict)
    given: dict[int, Standing] = field(default_factory=dict)
    met: dict[tuple[int, str, str], tuple[Embedding, Cue] | None] = field(default_factory=dict)

    def incoming(self, k: int) -> Standing:
        """The standing that comes down to token k; a participle behind a noun counts too ("talks planned for May")."""
        out = self._incoming(k)
        if self.parse.tokens[k].pos in ("NOUN", "PROPN"):
            for x in self.parse.kids(k, "acl"):
                hit = self._entry(x, "object", "") if x.tag == "VBN" else None
                if hit is not None and hit[0].affirmed not in ("free", "holds"):
                    out = self._apply(hit, out)
        self.given[k] = out
        return out

    def _incoming(self, k: int) -> Standing:
        t = self.parse.tokens[k]
        if t.head == k:
            return Standing()
        head = self.parse.tokens[t.head]
        above = self.own[head.i]
        if t.dep == "conj":
            return self._conjunct(t, head)
        if t.dep in ("xcomp", "ccomp", "csubj", "csubjpass"):
            return self._clause(t, head)
        if t.dep in ("acl", "relcl"):
            return self._on_noun(t, head)
        if t.dep == "advcl":
            return self._adverbial(t, head)
        if t.dep in ("pobj", "pcomp"):
            return self._after_preposition(t, head)
        if t.dep in ("dobj", "nsubjpass", "attr", "acomp", "oprd", "dative", "advmod", "prt"):
            return self._object(t, head)
        if t.dep == "nsubj":
            if head.tag == "VBN" and not self.parse.kid(head.i, "aux", "auxpass"):
                return self._object(t, head)  # a headline's passive: "Flight delayed"
            return self._subject(t, head)
        if t.dep in ("compound", "nmod", "amod", "poss"):
            return self._inside_noun(t, head)
        if t.dep in ("parataxis", "intj", "dep", "appos", "npadvmod"):
            return self.effects.fresh(above)
        return above

    # ------------------------------------------------------------------ looking up the embedding word
    def entry(self, head: Token, frame: str, prep: str = "") -> tuple[Embedding, Cue] | None:
        """The cue that `head` is for a complement of this kind, else that of its predicate adjective or noun."""
        key = (head.i, f"{frame}+", prep)
        if key not in self.met:
            self.met[key] = self._embedder(head, frame, prep)
        return self.met[key]

    def _embedder(self, head: Token, frame: str, prep: str) -> tuple[Embedding, Cue] | None:
        if head.lemma in self.cues.words["carriers"]:
            for x in self.parse.kids(head.i, "acomp", "attr", "oprd", "advmod", "dobj"):
                if hit := self._entry(x, frame, prep):
                    return hit
                if x.dep == "acomp":
                    return None
        return self._entry(head, frame, prep)

    def _entry(self, head: Token, frame: str, prep: str) -> tuple[Embedding, Cue] | None:
        key = (head.i, frame, prep)
        if key not in self.met:
            self.met[key] = self._look_up(head, frame, prep)
        return self.met[key]

    def _look_up(self, head: Token, frame: str, prep: str) -> tuple[Embedding, Cue] | None:
        pos = POS.get(head.pos)
        if pos is None:
            return None
        table = self.cues.embeddings
        lemma = head.lemma.lower()
        entries: tuple[Embedding, ...] = ()
        if pos == "verb":
            for x in self.parse.kids(head.i, "prt"):
                entries += table.get((f"{lemma} {x.lower}", pos), ())
        entries += table.get((lemma, pos), ())
        if head.lower != lemma:
            entries += table.get((head.lower, pos), ())
        if pos == "verb" and head.tag in ("VBN", "VBG"):
            entries += table.get((head.lower, "adjective"), ())
        if pos == "adjective":
            entries = table.get(("*", pos), ()) + entries
        for e in entries:
            if frame not in e.takes or (frame == "prep" and prep not in e.preps) or (e.tags and head.tag not in e.tags):
                continue
            if e.not_with and self.parse.kid(head.i, *e.not_with):
                continue
            if e.needs and not any(self.parse.tokens[c].lower in e.needs for c in self.parse.children[head.i]):
                continue
            return e, self._cue(head, e.id, "polarity")
        return None

    def _apply(self, hit: tuple[Embedding, Cue], above: Standing) -> Standing:
        e, cue = hit
        return self.effects.apply(above, e.negated if above.negated else e.affirmed, cue)

    def frame_of(self, t: Token) -> str:
        """The kind of complement that a clause is, by its verb's form and opening word."""
        kids = self.parse.kids(t.i)
        if any(x.tag == "TO" and x.dep == "aux" for x in kids):
            return "to"
        finite = t.tag in ("VBD", "VBZ", "VBP", "MD") or any(
            x.dep in ("aux", "auxpass") and x.tag in ("MD", "VBD", "VBZ", "VBP") for x in kids
        )
        if any(
            x.lower == "whether" or (x.lower == "if" and x.dep == "mark")
            for x in kids
            if x.i < t.i and x.i not in self.hidden
        ):
            return "wh"
        if t.tag == "VBG" and not finite:
            return "ing"
        if t.tag == "VB" and not finite:
            return "subjunctive" if any(x.dep in ("nsubj", "nsubjpass") for x in kids) and t.dep == "ccomp" else "to"
        if (
            t.tag == "VBN"
            and not finite
            and any(x.dep == "auxpass" and x.tag == "VB" for x in kids)
            and t.dep == "ccomp"
        ):
            return "subjunctive"
        if t.pos in ("ADJ", "NOUN") and t.dep == "xcomp":
            return "to"
        return "that"

    # ------------------------------------------------------------------ clauses
    def _clause(self, t: Token, head: Token) -> Standing:
        above = self.own[head.i]
        frame = self.frame_of(t)
        if t.dep.startswith("csubj"):
            return self.effects.fresh(above) if self.effects.rank(above) < FUTURE else replace(above, negated=False)
        hit = self.entry(head, frame)
        if hit is None and frame == "subjunctive":
            hit = self.entry(head, "to")
        if frame == "that" and t.tag == "VBP" and not self.parse.kid(t.i, "aux", "auxpass"):
            hit = self.entry(head, "subjunctive") or hit
        if hit is not None:
            polite = above.spoken or any(x.lower in ("would", "'d", "’d") for x in self.parse.kids(head.i, "aux"))
            if frame == "to" and polite and t.lemma in self.cues.words["performatives"]:
                return self.effects.apply(above, "holds", hit[1])  # "I would like to thank" is thanking
            out = self._apply(hit, above)
            return replace(out, reported=True) if frame in ("that", "wh") else out
        if frame == "wh":
            word = next(x for x in self.parse.kids(t.i) if x.lower in ("whether", "if"))
            if word.lower == "if":
                tokens = self.parse.tokens
                extent = Span(tokens[self.parse.left[t.i]].start, tokens[self.parse.right[t.i]].end)
                out = self.effects.apply(self.effects.fresh(above), "conditional", self._cue(word, "if", "actuality"))
                return replace(out, condition=extent)
            return self.effects.apply(self.effects.fresh(above), "asked", self._cue(word, "whether", "actuality"))
        if frame == "that":
            return self.effects.fresh(above, reported=True)
        if frame == "to" and t.pos in ("VERB", "AUX") and self._has_to(t):
            return self.effects.apply(above, "purpose", self._infinitive(t))
        return above

    def _has_to(self, t: Token) -> bool:
        return any(x.tag == "TO" for x in self.parse.kids(t.i, "aux"))

    def _infinitive(self, t: Token) -> Cue:
        return self._cue(next(x for x in self.parse.kids(t.i, "aux") if x.tag == "TO"), "infinitive", "actuality")

    def _cue(self, t: Token, cue_id: str, name: str) -> Cue:
        return Cue(t.start, t.end, t.text, cue_id, name)

    def _on_noun(self, t: Token, head: Token) -> Standing:
        above = self.own[head.i]
        frame = self.frame_of(t)
        if frame == "to" or any(x.lower in ("that", "whether") and x.tag == "IN" for x in self.parse.kids(t.i)):
            hit = self.entry(head, frame)
            if hit is not None:
                return replace(self._apply(hit, above), reported=frame == "that")
            if frame == "that":
                return self.effects.fresh(above, reported=True)
        if frame == "to" and self._has_to(t):
            return self.effects.apply(replace(above, negated=False), "purpose", self._infinitive(t))
        if self.effects.rank(above) >= FUTURE and not self._definite(head) and not self._past(t):
            out = replace(above, negated=False)
            cue = self._cue(head, "inherited", "actuality")
            return replace(out, marks=out.mark(cue))
        return Standing(reported=above.reported)  # the noun's time is not that of what is said about it

    def _adverbial(self, t: Token, head: Token) -> Standing:
        above = self.own[head.i]
        frame = self.frame_of(t)
        if frame == "to" and self._has_to(t):
            hit = self.entry(head, "to")
            if hit is not None and not self.parse.kid(head.i, "dobj", "xcomp") and t.i > head.i:
                return self._apply(hit, above)
            return self.effects.apply(replace(above, negated=False), "purpose", self._infinitive(t))
        if frame == "ing" and t.i == head.i + 1 + bool(self.parse.kid(head.i, "prt")):
            hit = self.entry(head, "ing")
            if hit is not None:
                return self._apply(hit, above)
        if self.effects.rank(above) >= FUTURE:
            opening = next((x for x in self.parse.kids(t.i, "mark", "advmod") if x.i < t.i), None)
            participle = opening is None and t.tag in ("VBG", "VBN") and not self.parse.kid(t.i, "nsubj", "nsubjpass")
            if participle or (
                opening is not None and opening.lower in self.cues.words["temporal"] and not self._past(t)
            ):
                out = replace(above, negated=False)
                word = opening or t
                cue = self._cue(word, "until" if opening else "inherited", "actuality")
                return replace(out, marks=out.mark(cue))
        return self.effects.fresh(above)

    def _past(self, t: Token) -> bool:
        """A finite past tense or perfect tells its own event, whatever stands above it has not happened yet."""
        finite = ("VBD",) if t.dep == "advcl" else ("VBD", "VBZ", "VBP")
        return t.tag == "VBD" or (
            t.tag == "VBN" and any(x.tag in finite for x in self.parse.kids(t.i, "aux", "auxpass"))
        )

    def _conjunct(self, t: Token, head: Token) -> Standing:
        """A second predicate shares what stands before both: modals where the form is the same, "not" but for "but"."""
        above = self.own[head.i]
        subject = self.parse.kid(t.i, "nsubj", "nsubjpass", "expl")
        if t.pos not in ("VERB", "AUX"):
            return above
        modal = any(x.tag in ("MD", "VBD", "VBZ", "VBP", "TO") for x in self.parse.kids(t.i, "aux", "auxpass"))
        joined = next((x.lower for x in reversed(self.parse.kids(head.i, "cc"))), "and")
        if (
            subject is None
            and not modal
            and (t.tag == head.tag or (t.tag == "VBP" and head.tag == "VB"))
            and t.tag in ("VB", "VBN", "VBG", "VBP")
        ):
            return replace(above, negated=False, marks=above.without("polarity")) if joined == "but" else above
        outer = self._outer(head)
        if joined == "nor" and above.negated and not outer.negated:
            return replace(
                outer, negated=True, marks=(*outer.marks, *(m for m in above.marks if m.cue.field == "polarity"))
            )
        if subject is None and joined != "but":
            return (
                replace(outer, historical=outer.historical or above.historical, marks=outer.marks or above.marks)
                if above.historical and not outer.historical
                else outer
            )
        return outer

    def _outer(self, head: Token) -> Standing:
        """What came down to the first conjunct."""
        return self.given[head.i]

    # ------------------------------------------------------------------ nouns
    def _definite(self, t: Token) -> bool:
        if t.pos == "PROPN":
            return True
        return any(
            x.dep == "poss" or (x.dep == "det" and x.lower in self.cues.words["definite"]) for x in self.parse.kids(t.i)
        )

    def _object(self, t: Token, head: Token) -> Standing:
        above = self.own[head.i]
        if t.dep in ("advmod", "prt"):
            return above
        hit = self._entry(head, "object", "")
        if hit is not None:
            return self._apply(hit, above)
        if t.dep in ("attr", "acomp", "oprd"):
            return above
        return self.effects.fresh(above) if self._definite(t) else above

    def _subject(self, t: Token, head: Token) -> Standing:
        above = self.own[head.i]
        if head.lemma in self.cues.words["occurrence_verbs"] and t.i in self.chosen:
            if head.lemma in self.cues.words["factive_verbs"] and self._definite(t):
                return self.effects.fresh(above)
            return above
        rank = self.effects.rank(above)
        some = any(x.lower in ("a", "an", "any") for x in self.parse.kids(t.i, "det"))
        if (rank >= FUTURE and some) or (rank >= UNREAL and not self._definite(t) and t.pos == "NOUN"):
            return replace(above, negated=False)
        return self.effects.fresh(above)

    def _inside_noun(self, t: Token, head: Token) -> Standing:
        above = self.own[head.i]
        if t.dep in ("compound", "nmod") and t.i in self.chosen:
            for prep in ("of", "for", "to"):
                if hit := self._entry(head, "prep", prep):
                    return self._apply(hit, above)
        if t.dep == "amod":
            return self.effects.fresh(above)
        return above

    def _after_preposition(self, t: Token, prep: Token) -> Standing:
        governor = prep
        causal = prep.lower in self.cues.words["causal_prepositions"]
        for _ in range(3):
            if governor.dep not in ("prep", "pcomp") or governor.head == governor.i:
                break
            governor = self.parse.tokens[governor.head]
            if governor.pos not in ("ADP", "SCONJ"):
                break
            causal = causal or governor.lower in self.cues.words["causal_prepositions"]
        above = self.own[governor.i]
        marker = self.cues.modifiers.get(("marker", prep.lower), ())
        if marker and marker[0].sets == "polarity" and prep.i not in self.hidden:
            base = self.effects.fresh(above) if self.effects.rank(above) < FUTURE else replace(above, negated=False)
            return self.effects.apply(base, "fails", self._cue(prep, marker[0].id, "polarity"))
        hit = self.entry(governor, "prep", prep.lower)
        if hit is not None:
            return self._apply(hit, above)
        if causal or self._definite(t) or above.negated or self.effects.rank(above) < FUTURE:
            return self.effects.fresh(above)
        return above
