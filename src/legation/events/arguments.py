"""Frames: who stands where around a predicate, whatever the sentence's construction.

One place knows how English spells "X did it to Y" - active, passive, reduced and full relatives, control,
coordination, nominalisation, light verbs - so that a rule only names slots (`subject`, `object`, `against` ...).
Labels are ClearNLP's as spaCy's English models give them.
"""

# More than 400 lines: each construction asks for several others (control for voice, voice for coordination), so that
# parts would only import each other.

from __future__ import annotations

from dataclasses import dataclass, field

from legation.model.parse import Parse, Token

_RELATIVIZERS = {"who", "which", "that", "whom"}
_MAX_CLIMB = 8  # longest chain of embedded clauses that control is followed through


@dataclass(frozen=True, slots=True)
class FrameWords:
    """Closed word classes the frames need; they stand in rules/frames.yml."""

    object_control: frozenset[str]  # "urged Y to E": Y does E
    accusing: frozenset[str]  # "accused Y of E-ing": Y does E
    light: frozenset[str]  # "launched an attack": the subject does the noun
    speech: frozenset[str]  # "said", "told": their subject is the speaker
    bidding: frozenset[str]  # "want X to E": a purpose after them is what X shall do
    giving: frozenset[str]  # "X was granted Y": the subject of the passive is who got Y


@dataclass(slots=True)
class Frames:
    """Slot look-up over one parse. Results are lists of head-token indices, conjuncts included."""

    parse: Parse
    words: FrameWords
    _subjects: dict[int, list[int]] = field(default_factory=dict)

    # ------------------------------------------------------------------ coordination
    def spread(self, i: int) -> list[int]:
        """A head and its conjuncts ("Russia, China and Iran"), without those after "but not"."""
        out, stack = [], [i]
        while stack:
            k = stack.pop(0)
            out.append(k)
            kids = self.parse.kids(k)
            excluded = any(c.dep == "cc" and c.lower in ("but", "not") for c in kids)
            if not excluded:
                stack.extend(c.i for c in kids if c.dep == "conj" and not self._verbal(c))
                stack.extend(self._listed(k))
        return out

    def _listed(self, i: int) -> list[int]:
        """Members of a list that hang on an apposition: "envoy A B and minister C D", "A B, C D and E F"."""
        out: list[int] = []
        head = self.parse.tokens[i]
        for c in self.parse.kids(i, "appos"):
            more = [k.i for k in self.parse.kids(c.i, "conj") if not self._verbal(k)]
            if not more or c.pos != "PROPN":
                continue
            comma = any(self.parse.tokens[k].text == "," for k in range(i + 1, self.parse.left[c.i]))
            if comma and head.pos == "PROPN":
                out.append(c.i)
            elif not comma:
                out += more  # the apposition is the name of the head
        return out

    def _verbal(self, t: Token) -> bool:
        return t.pos in ("VERB", "AUX")

    # ------------------------------------------------------------------ voice
    def passive(self, i: int) -> bool:
        """Whether the verb is passive: an auxiliary says so, or it is a bare participle after a noun."""
        t = self.parse.tokens[i]
        if self.parse.kid(i, "nsubjpass", "auxpass"):
            return True
        if t.tag == "VBN" and not self.parse.kid(i, "aux", "dobj") and not self.parse.kid(i, "nsubj"):
            if t.dep in ("acl", "advcl"):
                return True
            if t.dep == "conj" and self._verbal(self.parse.tokens[t.head]):
                return self.passive(t.head)
            if t.dep in ("amod",):
                return True
        return False

    # ------------------------------------------------------------------ subject
    def subject(self, i: int) -> list[int]:
        """Who does it: the logical subject of a verb, or of the clause a noun or adjective sits in."""
        if i not in self._subjects:
            self._subjects[i] = []  # guards against cycles
            self._subjects[i] = self._find_subject(i, _MAX_CLIMB)
        return self._subjects[i]

    def _find_subject(self, i: int, budget: int) -> list[int]:
        if budget == 0:
            return []
        p, t = self.parse, self.parse.tokens[i]
        if self.passive(i):
            return self.agent(i)
        own = p.kid(i, "nsubj")
        if own is not None:
            return self._relative(own, i)
        if p.kid(i, "expl"):
            return []
        if (
            t.tag in ("VBD", "VBZ", "VBP") and t.head == i
        ):  # "officials, meeting in X, agreed": read with the participle
            for c in p.kids(i, "advcl"):
                early = p.kid(c.i, "nsubj")
                if c.i < i and c.tag == "VBG" and early is not None and p.tokens[c.i - 1].text == ",":
                    return self.spread(early.i)
        return self._controller(t, budget)

    def agent(self, i: int) -> list[int]:
        """The by-phrase of a passive."""
        for by in self.parse.kids(i, "agent", "prep"):
            if by.lower == "by":
                pobj = self.parse.kid(by.i, "pobj")
                if pobj is not None:
                    return self.spread(pobj.i)
        t = self.parse.tokens[i]
        if t.dep == "conj" and self._verbal(self.parse.tokens[t.head]) and self.passive(t.head):
            return []
        return []

    def surface_subject(self, i: int) -> list[int]:
        """The grammatical subject, active or passive; what raising and control verbs hand down."""
        own = self.parse.kid(i, "nsubj", "nsubjpass")
        if own is not None:
            return self._relative(own, i)
        t = self.parse.tokens[i]
        if self.passive(i) and t.dep in ("acl", "amod"):
            return self.spread(t.head)
        return self._controller(t, _MAX_CLIMB)

    def _relative(self, own: Token, i: int) -> list[int]:
        """A relative pronoun stands for the noun its clause hangs on."""
        if own.lower in _RELATIVIZERS and own.tag in ("WP", "WDT", "WP$"):
            t = self.parse.tokens[i]
            hop = 0
            while t.dep in ("conj", "xcomp", "ccomp") and hop < 3:
                t, hop = self.parse.tokens[t.head], hop + 1
            if t.dep == "relcl":
                return self.spread(t.head)
        return self.spread(own.i)

    def _controller(self, t: Token, budget: int) -> list[int]:
        """Who is understood as the subject of a verb that has none of its own."""
        p = self.parse
        if t.head == t.i:
            return []
        g = p.tokens[t.head]
        if t.dep == "xcomp" or (t.dep in ("ccomp", "advcl") and not p.kid(t.i, "nsubj", "nsubjpass", "mark")):
            if (t.dep != "advcl" or self._bidden(t)) and g.lemma in self.words.object_control:
                got = self.object(g.i)
                if got:
                    return got
            return self._up(g, budget)
        if t.dep == "advcl":
            return self._up(g, budget)
        if t.dep == "conj":
            if self._verbal(g):
                if self.passive(g.i):
                    return self.surface_subject(g.i)
                return self._find_subject(g.i, budget - 1)
            return []
        if t.dep == "acl":
            if t.tag in ("VBG", "VBD"):  # a past tense is no participle: "The bishops called on X" without a root verb
                return self.spread(g.i)
            return self._owner(g, budget)
        if t.dep == "relcl":
            return []
        if t.dep in ("acomp", "attr", "oprd", "pcomp", "prep"):
            if t.dep == "pcomp" and g.dep == "prep":
                v = p.tokens[g.head]
                if v.lemma in self.words.accusing:
                    got = self.object(v.i)
                    if got:
                        return got
                if v.pos in ("NOUN", "PROPN"):
                    return self._owner(v, budget)
                return self._up(v, budget)
            return self._up(g, budget)
        return []

    def _up(self, g: Token, budget: int) -> list[int]:
        if g.pos in ("VERB", "AUX"):
            return self.surface_subject(g.i) if self.passive(g.i) else self._find_subject(g.i, budget - 1)
        if g.pos in ("NOUN", "PROPN"):
            return self._owner(g, budget)
        return self._controller(g, budget - 1)

    def owner(self, i: int) -> list[int]:
        """Who has or made the thing a noun names, by possessor or by the verb it is the object of."""
        return self._owner(self.parse.tokens[i], 2) if self.parse.tokens[i].dep in ("dobj", "attr") else []

    def _owner(self, noun: Token, budget: int) -> list[int]:
        """Who owns a noun such as "plan" in "Moscow's plan to E" or "X announced a plan to E"."""
        owner = self.possessor(noun.i) or self.prep(noun.i, "by")
        if owner:
            return owner
        if noun.dep in ("dobj", "attr", "oprd") and budget:
            return self._up(self.parse.tokens[noun.head], budget - 1)
        if noun.dep in ("nsubj", "nsubjpass", "pobj") and self.modifier(noun.i):
            return self.modifier(noun.i)
        if noun.dep == "pobj" and budget:
            v = self.parse.tokens[self.parse.tokens[noun.head].head]
            return self._up(v, budget - 1)
        return []

    # ------------------------------------------------------------------ object
    def object(self, i: int) -> list[int]:
        """What it is done to: object, passive subject, the noun of a reduced or gapped relative."""
        p, t = self.parse, self.parse.tokens[i]
        if self.passive(i):
            kept = p.kid(i, "dobj")
            if kept is not None and self._given(i):
                return self.spread(kept.i)
            own = p.kid(i, "nsubjpass")
            if own is not None:
                return self._relative(own, i)
            if t.dep in ("acl", "amod"):
                return self.spread(t.head)
            return self._controller(t, _MAX_CLIMB) if t.dep in ("conj", "advcl", "xcomp") else []
        direct = next((d for d in p.kids(i, "dobj", "obj") if d.ent not in ("DATE", "TIME")), None)
        if direct is not None:
            if direct.lower in _RELATIVIZERS and t.dep == "relcl":
                return self.spread(t.head)
            return self.spread(direct.i)
        if t.dep == "relcl" and p.kid(i, "nsubj") and not self._relative_subject(i) and self._gapped(i):
            return self.spread(t.head)
        misread = self._misread_object(i)
        if misread is not None:
            return self.spread(misread)
        for c in p.kids(i, "conj"):  # "attacked and destroyed the base"
            if self._verbal(c) and not p.kid(c.i, "nsubj"):
                later = p.kid(c.i, "dobj", "obj")
                if later is not None and c.i == i + 2:
                    return self.spread(later.i)
        return []

    def _gapped(self, i: int) -> bool:
        """Whether the noun of a relative clause is its missing object ("a demand X had made in Y"), not its time."""
        p = self.parse
        if p.kid(i, "ccomp") or any(p.kid(c.i, "pobj", "pcomp") is None for c in p.kids(i, "prep")):
            return False
        head = p.tokens[p.tokens[i].head]
        return not p.kid(i, "prep") or (head.ent not in ("DATE", "TIME", "GPE", "LOC") and self._that(i))

    def _that(self, i: int) -> bool:
        return any(k.lower in ("that", "which", "whom") for k in self.parse.kids(i, "mark", "dobj", "pobj", "dative"))

    def _given(self, i: int) -> bool:
        """Whether a passive keeps its object, because its subject is who got it ("X was granted asylum")."""
        p = self.parse
        kept = p.kid(i, "dobj") if p.tokens[i].lemma in self.words.giving else None
        stays = kept is not None and kept.ent not in ("DATE", "TIME")
        return stays and p.kid(i, "nsubjpass") is not None and p.kid(i, "dative") is None

    def _misread_object(self, i: int) -> int | None:
        """The object that the parser took for a clause, or for the subject of a participle.

        "let inspectors into X": a noun as complement. "freed the pilot shot down over X": "pilot" as the subject
        of "shot", which has no object of its own and so is a participle.
        """
        p = self.parse
        for c in p.kids(i, "ccomp"):
            if c.i < i:
                continue
            if c.pos in ("NOUN", "PROPN") and not p.kid(c.i, "nsubj", "mark", "cop", "aux"):
                return c.i
            own = p.kid(c.i, "nsubj")
            bare = c.tag in ("VBD", "VBN") and not p.kid(c.i, "dobj", "mark", "aux", "auxpass", "ccomp", "xcomp", "neg")
            if not bare or own is None or p.tokens[i].lemma in self.words.speech:
                continue
            if own.i + 1 == c.i and own.pos in ("NOUN", "PROPN") and p.left[own.i] == i + 1:
                return own.i
        return None

    def _relative_subject(self, i: int) -> bool:
        own = self.parse.kid(i, "nsubj")
        return own is not None and own.lower in _RELATIVIZERS

    def dative(self, i: int) -> list[int]:
        """The indirect object ("gave Kyiv weapons")."""
        d = self.parse.kid(i, "dative", "iobj")
        if d is None:
            got = self.parse.kid(i, "nsubjpass") if self.passive(i) and self._given(i) else None
            return self._relative(got, i) if got is not None else []
        if d.pos == "ADP":
            inner = self.parse.kid(d.i, "pobj")
            return self.spread(inner.i) if inner is not None else []
        return self.spread(d.i)

    # ------------------------------------------------------------------ prepositions
    def prep(self, i: int, word: str) -> list[int]:
        """Objects of a preposition on this token ("against" also inside "protest against")."""
        out: list[int] = []
        for c in self.parse.kids(i, "prep", "agent", "dative", "prt", "advmod"):
            if c.dep == "advmod" and c.lower not in ("away", "aloof"):
                continue
            if c.lower == word:
                pobj = self.parse.kid(c.i, "pobj")
                if pobj is not None and pobj.ent not in ("DATE", "TIME"):
                    out.extend(self.spread(pobj.i))
            elif word == "of" and c.lower in ("because", "instead"):
                continue
            else:  # "out of", "away from", "up against": a preposition on a preposition
                for cc in self.parse.kids(c.i, "prep"):
                    if cc.lower == word:
                        pobj = self.parse.kid(cc.i, "pobj")
                        if pobj is not None:
                            out.extend(self.spread(pobj.i))
        return out

    def prep_near(self, i: int, nouns: list[int], word: str) -> list[int]:
        """A preposition on the predicate, on one of its nouns, or one step further down (loose attachment)."""
        out = self.prep(i, word)
        for n in nouns:
            out = out or self.prep(n, word)
        if out or word == "of":
            return out
        for start in [i, *nouns]:
            for c in self.parse.kids(start, "prep", "dobj", "npadvmod", "xcomp"):
                inner = self.parse.kid(c.i, "pobj") if c.dep == "prep" else c
                if inner is not None:
                    got = self.prep(inner.i, word)
                    if got:
                        return got
        return []

    # ------------------------------------------------------------------ inside noun phrases
    def possessor(self, i: int) -> list[int]:
        """The possessor of a noun ("Moscow's interference", "its ambassador")."""
        own = self.parse.kid(i, "poss")
        return self.spread(own.i) if own is not None else []

    def modifier(self, i: int) -> list[int]:
        """Adjectives and nouns before a noun ("Russian diplomats", "U.S.-Iran talks"), nearest the start first."""
        return [c.i for c in self.parse.kids(i, "amod", "compound", "nmod", "nummod", "poss")]

    def described(self, i: int) -> list[int]:
        """Parties of the clauses that describe a noun ("crimes committed by Y", "a law that harms Z")."""
        out: list[int] = []
        for c in self.parse.kids(i, "acl", "relcl"):
            out += (
                self.agent(c.i) or [h for h in self.subject(c.i) if h != i] or [h for h in self.object(c.i) if h != i]
            )
        return out

    def below(self, i: int) -> list[int]:
        """Noun heads under a predicate, in text order, without those of clauses that have their own subject."""
        out: list[int] = []
        stack = [i]
        while stack:
            k = stack.pop(0)
            for c in self.parse.children[k]:
                t = self.parse.tokens[c]
                if t.dep in ("ccomp", "parataxis", "nsubj", "nsubjpass", "relcl") and k == i:
                    continue
                if t.dep in ("conj", "advcl") and self.parse.kid(c, "nsubj", "nsubjpass"):
                    continue
                stack.append(c)
                if t.pos in ("NOUN", "PROPN", "PRON") or t.dep in ("pobj", "poss", "amod", "compound"):
                    out.append(c)
        return sorted(out)

    # ------------------------------------------------------------------ clauses
    def clauses(self, i: int) -> list[int]:
        """Heads of complement clauses of a verb, adjective or noun."""
        own = [c.i for c in self.parse.kids(i, "xcomp", "ccomp", "acl") if not self._reporting(c, i)]
        return [*own, *(c.i for c in self.parse.kids(i, "advcl") if self._bidden(c))]

    def infinitives(self, i: int) -> list[int]:
        """Heads of the infinitive clauses of a verb."""
        under = [*self.clauses(i), *(c.i for c in self.parse.kids(i, "advcl"))]
        return [c for c in under if any(k.tag == "TO" for k in self.parse.kids(c, "aux", "mark"))]

    def question(self, i: int) -> bool:
        """Whether a clause of the verb is a question ("asked whether X would come")."""
        under = self.parse.kids(i, "ccomp", "advcl", "xcomp")
        return any(k.lower == "whether" for c in under for k in self.parse.kids(c.i, "mark"))

    def _bidden(self, c: Token) -> bool:
        """Whether an infinitive read as a purpose is what the object is told to do ("want X to resume the search")."""
        p = self.parse
        verb = p.tokens[c.head]
        told = c.dep == "advcl" and verb.lemma in self.words.bidding and p.kid(verb.i, "dobj") is not None
        return told and any(k.tag == "TO" for k in p.kids(c.i, "aux", "mark"))

    def _reporting(self, c: Token, i: int) -> bool:
        """Whether a clause after its comma says who reports the one before ("X met Y, an official said")."""
        p = self.parse
        first = p.left[c.i]
        after = c.dep == "ccomp" and first > i and p.tokens[first - 1].text == ","
        return after and c.lemma in self.words.speech and c.pos == "VERB" and not p.kid(c.i, "mark")

    def saying(self, i: int) -> int | None:
        """The verb of speech whose content this token stands in, or None."""
        p = self.parse
        seen = 0
        t = p.tokens[i]
        while t.head != t.i and seen < _MAX_CLIMB:
            g = p.tokens[t.head]
            if g.lemma in self.words.speech and g.pos == "VERB" and t.dep in ("ccomp", "xcomp", "advcl", "parataxis"):
                return g.i
            t, seen = g, seen + 1
        for c in p.kids(t.i, "ccomp", "parataxis", "advcl"):  # "X will pay, Biden said" parsed the other way round
            if c.lemma in self.words.speech and c.i > i:
                return c.i
        return None

    def speaker(self, i: int) -> list[int]:
        """Who says the clause this token stands in, or nobody."""
        verb = self.saying(i)
        return self.subject(verb) if verb is not None else []

    def accuser(self, noun: int) -> list[int]:
        """Who made the accusation a noun names: possessor, by- or from-phrase, or the subject of what it sums up."""
        own = self.possessor(noun) or self.prep(noun, "by") or self.prep(noun, "from")
        if own:
            return own
        t = self.parse.tokens[noun]
        if t.dep == "appos":
            for g in self.parse.ancestors(noun):
                if g.pos == "VERB":
                    got = self.subject(g.i)
                    if got and g.lemma not in ("be", "have"):
                        top = self.saying(g.i)
                        return self.subject(top) if top is not None else got
        return []
