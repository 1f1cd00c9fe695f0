"""What the words beside a predicate do to its standing: negation, modals, adverbs, adjectives, markers, time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import cast

from legation.attribution.facets_data import Modifier, StatusCues
from legation.attribution.facets_standing import Effects, Standing
from legation.model.claims import Certainty, Cue
from legation.model.parse import Parse, Token
from legation.model.text import Span

CLAUSE = ("ROOT", "ccomp", "advcl", "relcl", "conj", "xcomp", "acl", "pcomp", "parataxis", "csubj")
REACH = 8  # words a phrase cue looks ahead
NOMINAL = ("NOUN", "PROPN")


@dataclass(slots=True)
class Words:
    """Everything that `local` looks up, made once for a text.

    `hidden`: tokens inside a pseudo-cue. `ahead`: predicate -> phrase cues that look forward to it.
    `past`: event -> the cue that places it before the news window.
    """

    parse: Parse
    cues: StatusCues
    effects: Effects
    chosen: frozenset[int]
    past: dict[int, Cue]
    hidden: dict[int, Cue] = field(default_factory=dict)
    ahead: dict[int, list[tuple[Modifier, Cue]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """One pass over the words for pseudo-cues, one for phrases that look forward."""
        lower = [t.lower for t in self.parse.tokens]
        for i, word in enumerate(lower):
            for words, entry in self.cues.pseudo.get(word, ()):
                if tuple(lower[i : i + len(words)]) == words:
                    cue = self.span(i, i + len(words) - 1, entry.id, "polarity")
                    for k in range(i, i + len(words)):
                        if not entry.hides or lower[k] in entry.hides:
                            self.hidden[k] = cue
                    break
        done = 0
        for i, word in enumerate(lower):
            for words, modifier in self.cues.phrases.get(word, ()) if i >= done else ():
                if tuple(lower[i : i + len(words)]) == words and i not in self.hidden:
                    target = self._next_predicate(i, i + len(words), modifier)
                    if target is not None:
                        cue = self.span(i, i + len(words) - 1, modifier.id, modifier.sets)
                        self.ahead.setdefault(target, []).append((modifier, cue))
                        done = i + len(words)
                    break

    def span(self, first: int, last: int, cue_id: str, name: str) -> Cue:
        """A cue over the tokens first to last."""
        a, b = self.parse.tokens[first].start, self.parse.tokens[last].end
        return Cue(a, b, self.parse.text[a:b], cue_id, name)

    def _next_predicate(self, start: int, after: int, modifier: Modifier) -> int | None:
        sentence = self.parse.sentence(start)
        for k in range(after, min(after + REACH, sentence.last + 1)):
            t = self.parse.tokens[k]
            if t.lower in modifier.until or t.text in (",", ";", ":"):
                return None
            if k in self.chosen and t.dep not in ("amod", "compound"):
                subject = t.dep in ("nsubj", "nsubjpass") and k < t.head <= k + REACH and t.head in self.chosen
                return t.head if subject else k
        return None

    def find(self, where: str, i: int) -> tuple[Modifier, Cue] | None:
        """The cue that token i is, in that place, unless it is hidden by a pseudo-cue."""
        if i in self.hidden:
            return None
        for m in self.cues.modifiers.get((where, self.parse.tokens[i].lower), ()):
            return m, self.span(i, i, m.id, m.sets)
        return None

    def local(self, k: int, above: Standing) -> Standing:
        """The standing of token k after the words beside it."""
        t = self.parse.tokens[k]
        if k not in self.chosen and t.pos != "NOUN":
            return above
        out = self._nominal(t, above) if t.pos in NOMINAL and t.dep not in CLAUSE[:-1] else self._clause(t, above)
        out = self._phrases(k, out)
        if k in self.past and self.effects.rank(out) < 3:
            out = replace(out, historical=True, marks=out.mark(self.past[k]))
        return out

    # ------------------------------------------------------------------ nouns
    def _nominal(self, t: Token, above: Standing) -> Standing:
        out = above
        for c in self.parse.children[t.i]:
            dep = self.parse.tokens[c].dep
            hit = None
            if dep == "det":
                hit = self.find("determiner", c)
                hit = None if hit is not None and hit[0].sets == "polarity" and above.negated else hit
            elif dep in ("amod", "compound", "nmod") and t.i in self.chosen:
                hit = self.find("adjective", c)
            if hit is not None:
                out = self._set(out, *hit)
        if t.dep in ("attr", "acomp"):
            return self._clause(t, out)
        return out

    def _set(self, s: Standing, m: Modifier, cue: Cue) -> Standing:
        """One modifier, outside clauses."""
        if m.sets == "polarity":
            return replace(s, negated=not s.negated, marks=s.mark(cue))
        if m.sets in ("actuality", "condition"):
            return self._standing(s, m.to, cue)
        if m.sets == "certainty":
            return replace(s, sure=cast(Certainty, m.to), marks=s.mark(cue))
        if m.sets == "historical":
            return replace(s, historical=True, marks=s.mark(cue)) if self.effects.rank(s) < 3 else s
        return replace(s, generic=True, marks=s.mark(cue))

    def _general(self, t: Token) -> bool:
        """Whether "usually" and its like make a general statement: beside a simple present ("often attack")."""
        return t.tag in ("VBZ", "VBP") and not self.parse.kid(t.i, "aux", "auxpass")

    def _standing(self, s: Standing, name: str, cue: Cue) -> Standing:
        """An effect that leaves the polarity from above in force ("no planned attack")."""
        if name == "holds":
            return s
        out = self.effects.apply(replace(s, negated=False), name, cue)
        return replace(out, negated=out.negated != s.negated)

    def _phrases(self, k: int, s: Standing) -> Standing:
        for m, cue in self.ahead.get(k, ()):
            s = self._set(s, m, cue)
            if m.to in ("conditional", "unreal") and s.condition is None and m.to == "conditional":
                s = replace(s, condition=self._extent(k))
        return s

    def _extent(self, k: int) -> Span:
        tokens = self.parse.tokens
        return Span(tokens[self.parse.left[k]].start, tokens[self.parse.right[k]].end)

    # ------------------------------------------------------------------ clauses
    def _clause(self, t: Token, above: Standing) -> Standing:
        modal: tuple[Modifier, Cue] | None = None
        negations: list[Cue] = []
        later: list[tuple[Modifier, Cue]] = []
        have = to = False
        for c in self.parse.children[t.i]:
            x = self.parse.tokens[c]
            if x.dep in ("aux", "auxpass"):
                to = to or x.tag == "TO"
                have = have or x.lemma in ("have", "'ve")
                if x.dep == "aux" and (hit := self.find("auxiliary", c)) and not self._is_had(t, x):
                    modal = hit
                if x.lower == "cannot" and c not in self.hidden:
                    negations.append(self.span(c, c, "not", "polarity"))
            elif (
                x.dep in ("neg", "advmod", "preconj", "intj")
                or (x.dep == "cc" and x.i < t.i)
                or (x.dep == "prt" and x.pos == "ADV")
            ):
                if hit := self.find("adverb", c):
                    if hit[0].sets == "polarity":
                        negations.append(hit[1])
                    elif x.dep != "cc" and (hit[0].sets != "generic" or self._general(t)):
                        later.append(hit)
                elif x.tag == "WRB" and t.dep == "advcl" and self._open_when(t, above):
                    hit = self.find("marker", c)
                    later.extend([hit] if hit else [])
            elif x.dep == "mark" and t.dep != "ccomp":
                if (hit := self.find("marker", c)) and (hit[0].id != "when-present" or self._open_when(t, above)):
                    later.append(hit)
            elif x.dep in ("nsubj", "nsubjpass", "dobj", "attr", "csubj") and (hit := self._participant(t, x)):
                if hit[0].sets == "polarity":
                    negations.append(hit[1])
                else:
                    later.append(hit)
        subject = self.parse.kid(t.i, "nsubj", "nsubjpass", "expl", "csubj")
        if subject is not None:
            above = replace(above, spoken=subject.lower in self.cues.words["spoken_subjects"])
        out = self._modal(t, above, modal, negations, have)
        for m, cue in later:
            out = self._set(out, m, cue)
            if m.sets == "condition":
                out = replace(out, condition=out.condition or self._extent(t.i))
        out = self._to_come(t, self._consequence(t, out, modal))
        return self._grammar(t, out, modal is not None, to, have)

    def _is_had(self, t: Token, x: Token) -> bool:
        """'d before a past participle is "had"."""
        return (
            x.lower in ("'d", "’d")
            and t.tag == "VBN"
            and not any(self.parse.tokens[c].lower in ("have", "be") for c in self.parse.children[t.i])
        )

    def _participant(self, t: Token, x: Token) -> tuple[Modifier, Cue] | None:
        if hit := self.find("participant", x.i):
            return hit
        for c in self.parse.children[x.i]:
            if c >= x.i:
                break
            if self.parse.tokens[c].dep in ("det", "amod", "neg") and (hit := self.find("participant", c)):
                few = hit[0].sets == "certainty" and c > 0 and self.parse.tokens[c - 1].lower == "a"
                return None if few or (hit[0].sets == "generic" and x.dep not in ("nsubj", "nsubjpass")) else hit
        return None

    def _modal(
        self, t: Token, above: Standing, modal: tuple[Modifier, Cue] | None, negations: list[Cue], have: bool
    ) -> Standing:
        negative = len(negations) % 2 == 1
        out = above
        if modal is None:
            if negations:
                out = replace(out, negated=out.negated != negative)
        else:
            m, cue = modal
            name = (m.negated or f"not {m.to}") if negative else m.to
            past = have and t.tag == "VBN"
            bare = name.removeprefix("not ")
            later = self.effects.table[above.effect].future
            if later and m.to == "predicted" and (m.id == "will" or above.reported):
                name = f"not {later}".replace("not not ", "") if negative else later
            elif m.id == "would" and t.lemma in ("like", "love", "prefer", "rather"):
                name = "fails" if negative else "holds"
            elif m.id in ("would", "could", "must") and past and cue.text.lower() != "must" and not above.reported:
                name = "not unreal" if negative else "unreal"
                cue = replace(cue, cue_id="would-have")
            elif m.id == "must" and past:
                name = "not believed" if negative else "believed"
            elif m.id == "would" and not above.reported and not self._told_in_past(t):
                name = name.replace(bare, "conditional")
                cue = replace(cue, cue_id="would-conditional")
            out = self._standing(out, name, cue)
        for cue in negations:
            out = replace(out, marks=out.mark(cue))
        return out

    def _open_when(self, t: Token, above: Standing) -> bool:
        """Before a present tense, below a clause that is no future, "when" speaks of no single event."""
        helpers = self.parse.kids(t.i, "aux", "auxpass")
        present = t.tag in ("VBZ", "VBP") or any(x.tag in ("VBZ", "VBP") for x in helpers)
        return present and self.effects.rank(above) < 3

    def _to_come(self, t: Token, s: Standing) -> Standing:
        """A present tense beside a time to come ("is leaving tomorrow")."""
        present = t.tag in ("VBZ", "VBP") or (t.tag == "VBG" and progressive(self.parse, t.i) is not None)
        if not present or self.effects.rank(s) >= 3:
            return s
        for x in self.parse.kids(t.i, "advmod", "npadvmod", "prep"):
            inner = [x, *self.parse.kids(x.i), *(y for z in self.parse.kids(x.i, "pobj") for y in self.parse.kids(z.i))]
            hit = next((h for y in inner if y.i > t.i - 12 and (h := self.find("future-time", y.i))), None)
            if hit is not None:
                return self._standing(s, hit[0].to, hit[1])
        return s

    def _told_in_past(self, t: Token) -> bool:
        """Whether "would" is a future seen from the past: it hangs on a verb in the past tense."""
        if t.dep not in ("relcl", "acl", "ccomp", "conj", "advcl"):
            return False
        for step, above in enumerate(self.parse.ancestors(t.i)):
            if above.tag == "VBD" or any(x.tag == "VBD" for x in self.parse.kids(above.i, "aux", "auxpass")):
                return True
            if step == REACH:
                break
        return False

    def _consequence(self, t: Token, s: Standing, modal: tuple[Modifier, Cue] | None) -> Standing:
        """The main clause of a condition: it has the condition's span, and holds only with it."""
        for c in self.parse.children[t.i]:
            if self.parse.tokens[c].dep != "advcl":
                continue
            for d in self.parse.children[c]:
                hit = self.find("consequence", d) if self.parse.tokens[d].dep in ("mark", "advmod") else None
                if hit is None:
                    continue
                cue = hit[1]
                embeds = (
                    self.parse.kid(t.i, "xcomp", "ccomp") is not None
                )  # "threatens to close it unless": he does threaten
                if modal is not None or (t.tag in ("VBZ", "VBP", "VB") and not embeds):
                    s = replace(self._standing(s, "conditional", cue), condition=s.condition or self._extent(c))
        return s

    def _grammar(self, t: Token, s: Standing, modal: bool, to: bool, have: bool) -> Standing:
        """Questions, imperatives, headlines' infinitives, the past perfect, bare plurals."""
        kids = self.parse.kids(t.i)
        subject = next((x for x in kids if x.dep in ("nsubj", "nsubjpass", "expl", "csubj")), None)
        root = t.dep in ("ROOT", "parataxis") or (t.dep == "ccomp" and subject is None)
        if t.dep == "ROOT" and self._asks(t, self.effects.rank(s) >= 3):
            s = self._standing(s, "asked", self._at(t.i, "question", "actuality"))
        if root and t.tag in ("VB", "VBP") and subject is None and not modal and t.pos in ("VERB", "AUX"):
            if any(x.i < t.i and x.pos in NOMINAL and x.dep not in ("npadvmod", "dep", "intj") for x in kids) or (
                t.i > 0 and self.parse.tokens[t.i - 1].pos in NOMINAL and self.parse.sentence(t.i).first < t.i
            ):
                return s  # a headline whose subject the parser missed
            if to or t.lemma in self.cues.words["never_imperative"] or (t.dep != "ROOT" and t.tag == "VBP"):
                return s
            s = replace(s, spoken=True)
            return self._standing(s, "commanded", self._at(t.i, "imperative", "actuality"))
        if t.dep == "ROOT" and to and subject is not None:
            return self._standing(s, "predicted", self._at(t.i, "headline-infinitive", "actuality"))
        if have and not modal and t.tag == "VBN" and not s.reported and self._background(kids):
            cue = self._at(t.i, "past-perfect", "historical")
            return replace(s, historical=True, marks=s.mark(cue))
        if subject is not None and self._bare_plural(t, subject, kids) and not modal:
            return replace(s, generic=True, marks=s.mark(self._at(subject.i, "bare-plural", "generic")))
        return s

    def _bare_plural(self, t: Token, subject: Token, kids: list[Token]) -> bool:
        """ "Armies need bread": nothing in the clause is a certain one. A headline's bare plural is no such thing."""
        if (
            t.dep != "ROOT"
            or t.tag != "VBP"
            or subject.tag != "NNS"
            or subject.dep != "nsubj"
            or self.parse.children[subject.i]
        ):
            return False
        if self.parse.sentence(t.i).in_title or self.parse.text[self.parse.sentence(t.i).end - 1] not in ".!":
            return False
        if any(x.dep in ("ccomp", "xcomp", "advcl", "npadvmod", "aux", "conj") for x in kids):
            return False
        for k in range(self.parse.left[t.i], self.parse.right[t.i] + 1):
            x = self.parse.tokens[k]
            if x.ent or x.pos in ("PROPN", "NUM") or x.dep == "poss" or x.lower in self.cues.words["definite"]:
                return False
        return True

    def _at(self, i: int, cue_id: str, name: str) -> Cue:
        return self.span(i, i, cue_id, name)

    def _asks(self, t: Token, to_come: bool) -> bool:
        """A question to be answered by yes or no, or one about what is to come."""
        sentence = self.parse.sentence(t.i)
        tokens = self.parse.tokens
        last = sentence.last
        while last > sentence.first and tokens[last].text in ('"', "''", "”", "’", "'", ")"):
            last -= 1
        if tokens[last].text != "?":
            return False
        wh = self.cues.words["wh_words"]
        before = min(t.i, sentence.first + 3)
        return to_come or not any(tokens[k].lower in wh for k in range(sentence.first, before + 1))

    def _background(self, kids: list[Token]) -> bool:
        """The auxiliary is "had", and no recent time stands beside the verb."""
        if not any(x.dep == "aux" and x.lower in ("had", "'d", "’d") for x in kids):
            return False
        recent = self.cues.words["recent"]
        tokens = self.parse.tokens
        for x in kids:
            if x.lower in recent:
                return False
            if x.dep in ("prep", "npadvmod") and any(tokens[c].lower in recent for c in self.parse.children[x.i]):
                return False
        return True


def progressive(parse: Parse, k: int) -> Cue | None:
    """The cue that the predicate is under way: a present progressive."""
    t = parse.tokens[k]
    if t.tag != "VBG":
        return None
    be = next((x for x in parse.kids(k, "aux") if x.lower in ("is", "are", "'s", "'re", "’s", "’re", "am", "'m")), None)
    return Cue(be.start, t.end, parse.text[be.start : t.end], "progressive", "actuality") if be else None


def is_event_noun(t: Token, cues: StatusCues) -> bool:
    """Whether a noun denotes an event: it is in the list, or has the ending of a deverbal noun and is not excepted."""
    lemma = t.lemma.lower()
    if lemma in cues.words["nouns"]:
        return True
    return lemma.endswith(cues.endings) and len(lemma) > 5 and lemma not in cues.words["not_events"] and not t.ent
