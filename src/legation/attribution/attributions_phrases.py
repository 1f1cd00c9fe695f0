"""Phrases around a cue: who its source is, what words form the cue, and how a subtree becomes spans of text."""

from __future__ import annotations

from dataclasses import dataclass

from legation.attribution.cues import SpeechCues
from legation.model.parse import Parse, Token
from legation.model.text import Span

SUBJECTS = ("nsubj", "csubj")
RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_TRIM = frozenset("“”\"'`,;:.()[]–—-!?") | {"''", "``", "--", "...", "…"}
_CUT_BEFORE = ("relcl", "acl", "advcl")
_LONG_APPOSITION = 8


@dataclass(frozen=True, slots=True)
class Voice:
    """A source as found in the tree: its head token and, for a relative pronoun, the noun it stands for."""

    head: int
    span: Span
    antecedent: int | None = None


def spans_of(parse: Parse, tokens: list[int]) -> tuple[Span, ...]:
    """Token indices (sorted) as stretches of text; gaps that hold only punctuation are closed, edges trimmed."""
    out: list[Span] = []
    run: list[int] = []
    for k in tokens:
        if run and any(parse.tokens[g].pos != "PUNCT" for g in range(run[-1] + 1, k)):
            _close(parse, run, out)
            run = []
        run.append(k)
    _close(parse, run, out)
    return tuple(out)


def _close(parse: Parse, run: list[int], out: list[Span]) -> None:
    a, b = 0, len(run)
    while a < b and parse.tokens[run[a]].text in _TRIM and parse.tokens[run[a]].text not in '“"``':
        a += 1
    while b > a and parse.tokens[run[b - 1]].text in _TRIM and parse.tokens[run[b - 1]].text not in "”\"''.!?)":
        b -= 1
    while b > a and (parse.tokens[run[b - 1]].text == "." or parse.tokens[run[b - 1]].dep == "cc"):
        b -= 1
    if b > a:
        out.append(Span(parse.tokens[run[a]].start, parse.tokens[run[b - 1]].end))


def noun_phrase(parse: Parse, head: int, stop: int | None = None) -> Span:
    """The noun phrase of a head, without relative clauses and long appositions; `stop` is a token it may not reach."""
    first, last = parse.left[head], parse.right[head]
    for c in parse.children[head]:
        t = parse.tokens[c]
        if c > head and (
            t.dep in _CUT_BEFORE or (t.dep == "appos" and parse.right[c] - parse.left[c] > _LONG_APPOSITION)
        ):
            last = min(last, parse.left[c] - 1)
    if stop is not None:
        if first <= stop <= head:
            first = stop + 1
        elif head < stop <= last:
            last = stop - 1
    last = max(last, head)
    first = min(first, head)
    while first < head and parse.tokens[first].text in _TRIM:
        first += 1
    while last > head and (parse.tokens[last].text in _TRIM or parse.tokens[last].dep in ("cc", "punct")):
        last -= 1
    return Span(parse.tokens[first].start, parse.tokens[last].end)


def voice_of(parse: Parse, head: int, stop: int | None = None) -> Voice:
    """The source whose head token is given; a relative pronoun keeps its own span and names its antecedent."""
    t = parse.tokens[head]
    if t.lower in RELATIVE and t.tag in ("WP", "WDT", "WP$", "IN"):
        for up in parse.ancestors(head):
            if up.dep == "relcl":
                return Voice(head, Span(t.start, t.end), up.head)
            if up.pos not in ("VERB", "AUX"):
                break
    return Voice(head, noun_phrase(parse, head, stop))


def subject(parse: Parse, verb: int, cues: SpeechCues) -> Voice | None:
    """Who does what the verb says: its own subject, or the one it shares (coordination, control, participle)."""
    seen: set[int] = set()
    v = verb
    for _ in range(6):
        if v in seen:
            return None
        seen.add(v)
        own = parse.kid(v, *SUBJECTS)
        if own is not None:
            return voice_of(parse, own.i, verb)
        t = parse.tokens[v]
        if parse.kid(v, "nsubjpass") is not None:
            return _passive_subject(parse, v, verb)
        up = t.head
        if t.dep == "conj" and parse.tokens[up].pos in ("VERB", "AUX"):
            modal = t.tag == "VBD" and any(x.tag == "MD" for x in parse.kids(up, "aux"))
            v = parse.tokens[up].head if modal else up  # "said he would go and called ...": the tense is the report's
        elif t.dep == "xcomp" or (t.dep == "advcl" and t.tag in ("VBG", "VBN", "VB")):
            target = parse.kid(up, "dobj") if t.dep == "xcomp" and t.tag == "VB" else None
            if target is not None and parse.tokens[up].lemma in cues.object_control:
                return voice_of(parse, target.i, verb)
            if parse.tokens[up].pos not in ("VERB", "AUX", "ADJ"):
                return None
            v = up
        elif t.dep == "pcomp" and parse.tokens[up].lower == "as":
            quoted = parse.kid(parse.tokens[up].head, "dobj", "nsubjpass")  # "quoted Kim as saying"
            return voice_of(parse, quoted.i, verb) if quoted is not None else None
        elif t.dep in ("pcomp", "prep"):
            v = up if parse.tokens[up].pos in ("VERB", "AUX") else parse.tokens[up].head
            if parse.tokens[v].pos not in ("VERB", "AUX"):
                return None
        elif t.dep == "relcl":
            return voice_of(parse, up, verb) if parse.tokens[up].pos in ("NOUN", "PROPN", "PRON") else None
        elif t.dep == "acl" and t.tag in ("VBG", "VB", "VBD") and parse.tokens[up].pos in ("NOUN", "PROPN", "PRON"):
            return _behind(parse, up, cues) or voice_of(parse, up, verb)
        elif t.dep in ("aux", "auxpass"):
            v = up
        else:
            return None
    return None


def _behind(parse: Parse, noun: int, cues: SpeechCues) -> Voice | None:
    """Who issued "a statement saying ...": its possessor, or the subject of the verb whose object it is."""
    n = parse.tokens[noun]
    if n.lemma not in cues.utterances:
        return None
    poss = parse.kid(noun, "poss")
    if poss is not None:
        return voice_of(parse, poss.i)
    up = parse.tokens[n.head]
    if n.dep == "pobj":
        up = parse.tokens[up.head]
    elif n.dep != "dobj":
        return None
    return subject(parse, up.i, cues) if up.pos == "VERB" else None


def _passive_subject(parse: Parse, v: int, verb: int) -> Voice | None:
    """The subject of a passive governor counts for an infinitive that hangs on it, not for the passive itself."""
    own = parse.kid(v, "nsubjpass")
    return voice_of(parse, own.i, verb) if own is not None and v != verb else None


def agent(parse: Parse, head: int) -> Voice | None:
    """The "by" phrase of a passive verb or of a noun."""
    for t in parse.kids(head, "agent", "prep"):
        if t.lower == "by":
            obj = parse.kid(t.i, "pobj")
            if obj is not None:
                return voice_of(parse, obj.i)
    return None


def cue_span(parse: Parse, verb: int, governor: int | None = None) -> Span:
    """The verb with the auxiliaries and negation directly before it and a particle directly after it."""
    first = last = verb
    parts = {c for c in parse.children[verb] if parse.tokens[c].dep in ("aux", "auxpass", "neg", "advmod", "prt")}
    while first - 1 in parts:
        first -= 1
    if last + 1 in parts and parse.tokens[last + 1].dep == "prt":
        last += 1
    if governor is not None and 0 < first - governor <= 6:
        first = governor
    return Span(parse.tokens[first].start, parse.tokens[last].end)


def is_negated(parse: Parse, verb: int) -> bool:
    """Whether the cue is denied: "did not say", "hardly says", "no longer says", "without saying", "no one said"."""
    if any(t.dep == "neg" or t.lower in ("never", "not", "n't", "hardly", "scarcely") for t in parse.kids(verb)):
        return True
    if any(t.lower == "longer" and any(x.lower == "no" for x in parse.kids(t.i)) for t in parse.kids(verb, "advmod")):
        return True
    above = parse.tokens[parse.tokens[verb].head]
    if parse.tokens[verb].dep == "pcomp" and above.lower == "without":
        return True
    own = parse.kid(verb, "nsubj")
    return own is not None and (own.lower in ("nobody", "none", "nothing") or _has_no(parse, own))


def _has_no(parse: Parse, token: Token) -> bool:
    return any(t.lower in ("no", "neither") for t in parse.kids(token.i, "det"))
