"""Complement clauses: which words belong to what is said, and which the parser only hung there."""

from __future__ import annotations

from legation.attribution.attributions_phrases import spans_of
from legation.attribution.attributions_tree import is_embedded, is_infinitive, particle, subtree
from legation.attribution.cues import CueEntry, SpeechCues
from legation.model.parse import Parse, Token
from legation.model.text import Span


def clause(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    """Complement clause after or around the cue, else the clause that the cue interrupts or closes."""
    v = token.i
    aside = particle(parse, v, entry.particle) if entry.particle is not None else None
    for c in (*parse.kids(v, "ccomp", "xcomp"), *_beneath(parse, aside)):
        if aside is not None and c.i == aside.i:
            continue
        if c.dep == "xcomp" and not is_embedded(parse, c):
            continue
        if c.dep == "ccomp" and is_infinitive(parse, c):
            continue
        if c.tag == "VBG" and parse.kid(c.i, "aux", "nsubj", "nsubjpass", "mark") is None:
            continue
        return spans_of(parse, _complement(parse, v, c, cues))
    for t in parse.kids(v, "prep"):  # "said in a statement that ..."
        obj = parse.kid(t.i, "pobj")
        for c in parse.kids(obj.i, "acl", "relcl", "ccomp") if obj is not None and t.i > v else ():
            if obj is not None and obj.lemma.lower() in cues.documents and opens_with_that(parse, c, cues):
                return spans_of(parse, _complement(parse, obj.i, c, cues))
    if parse.right[v] - v > 5 or parse.kid(v, "dobj", "ccomp", "xcomp") is not None:
        return ()
    if token.dep == "parataxis" or (
        token.dep == "advcl" and any(t.lower == "as" for t in parse.kids(v, "mark", "advmod"))
    ):
        return spans_of(parse, subtree(parse, token.head, {v}))
    if "quote" in entry.frames and not passive:
        return _before_final_cue(parse, token)
    return ()


def _beneath(parse: Parse, aside: Token | None) -> list[Token]:
    """Clauses that the parser hung on the adjective of "made it CLEAR that ..."."""
    if aside is None or aside.pos != "ADJ":
        return []
    return [t for t in parse.kids(aside.i, "ccomp", "csubj", "advcl") if parse.kid(t.i, "mark") is not None]


def _complement(parse: Parse, v: int, c: Token, cues: SpeechCues) -> list[int]:
    """The tokens of a complement clause.

    Taken in: what the parser hung on the cue although it goes on with the clause. Left out: a further cue that the
    parser hung on the clause ("said he would go and suggested ..."), and "according to".
    """
    tokens = subtree(parse, c.i, _foreign(parse, c, cues))
    n = len(parse.tokens)
    aside = parse.tokens[min(v + 1, n - 1)].text == ","  # "In May, he said, it was ...": all of it is content
    own = parse.kid(v, "nsubj")
    for t in parse.kids(v):
        if t.dep not in ("advcl", "prep", "npadvmod", "advmod", "conj") or t.i == c.i:
            continue
        left = parse.left[t.i]
        if t.dep == "conj":
            joins = t.i > v and c.i > v and _goes_on(parse, t, cues)
        elif t.i < v:
            joins = aside and c.i > v and own is not None and left < own.i and parse.tokens[own.i - 1].pos != "VERB"
        elif c.i > v:
            joins = left == max(tokens) + 1 or (left > max(tokens) and parse.tokens[left - 1].text == ",")
            joins = joins and t.lemma.lower() not in cues.verbs and t.lower != "according"
        else:
            joins = aside and t.lemma.lower() not in cues.verbs and t.lower != "according"
        if joins:
            tokens = sorted({*tokens, *subtree(parse, t.i)})
    return _after_colon(parse, v, tokens, cues)


def _after_colon(parse: Parse, v: int, tokens: list[int], cues: SpeechCues) -> list[int]:
    """What is left of the sentence after the clause.

    "... for one reason: the price is too high" belongs to what is said, and so does a tail without comma or
    further cue, which the parser merely attached elsewhere.
    """
    last, end = tokens[-1], parse.sentence(v).last
    if last < v or last >= end:
        return tokens
    if last + 1 < end and parse.tokens[last + 1].text == ":":
        return [*tokens, *range(last + 2, end + 1)]
    rest = range(last + 1, end + 1)
    return tokens if any(_breaks(parse, k, cues) for k in rest) else [*tokens, *rest]


_PAUSES = frozenset({",", "--", "-", "—", "–", ";", ":"})


def _breaks(parse: Parse, k: int, cues: SpeechCues) -> bool:
    """Whether a token shows that the reporter speaks again."""
    t = parse.tokens[k]
    if t.text in _PAUSES or t.lower == "according":
        return True
    if t.tag[:2] != "VB":
        return False
    if t.dep == "conj" and t.tag in ("VBD", "VBZ"):
        return True
    return (t.dep == "advcl" and t.tag == "VBG") or (
        t.lemma.lower() in cues.verbs and parse.kid(k, "nsubj") is not None
    )


def _foreign(parse: Parse, c: Token, cues: SpeechCues) -> set[int]:
    """Parts of a complement clause that are not its own."""
    out: set[int] = set()
    for t in parse.kids(c.i, "conj", "advcl", "prep"):
        if t.lower == "according" or (
            t.dep == "advcl" and t.tag == "VBG" and t.i > c.i and parse.tokens[parse.left[t.i] - 1].text == ","
        ):
            out.add(t.i)
        elif t.dep == "conj" and t.tag == "VBD" and parse.kid(c.i, "aux") is not None and not _has_subject(parse, t):
            out.add(t.i)  # "said he would go and called ...": the tense is that of the report
        elif (t.dep == "conj" and _speaks(parse, t, cues) and parse.kid(t.i, "mark") is None) or (
            t.dep == "advcl" and _speaks(parse, t, cues) and any(x.lower in ("while", "as") for x in parse.kids(t.i))
        ):
            out.add(t.i)
    return out


def _has_subject(parse: Parse, t: Token) -> bool:
    return parse.kid(t.i, "nsubj", "nsubjpass", "csubj", "expl", "mark") is not None


def _speaks(parse: Parse, t: Token, cues: SpeechCues) -> bool:
    """A verb of speech with a complement of its own, in the tense of a report."""
    return (
        t.tag in ("VBD", "VBZ", "VBP")
        and any("quote" in e.frames for e in cues.verbs.get(t.lemma.lower(), ()))
        and parse.kid(t.i, "ccomp") is not None
    )


def _goes_on(parse: Parse, t: Token, cues: SpeechCues) -> bool:
    """Whether a clause coordinated with the cue goes on with what is said: "that", or a new subject without a cue."""
    if any(x.lower == "that" for x in parse.kids(t.i, "mark")):
        return True
    speech = any("quote" in e.frames for e in cues.verbs.get(t.lemma.lower(), ()))
    return parse.kid(t.i, "nsubj", "nsubjpass") is not None and not speech


def _before_final_cue(parse: Parse, token: Token) -> tuple[Span, ...]:
    """All of the sentence before ", the ministry said." where the parser did not see the connection."""
    v, s = token.i, parse.sentence(token.i)
    if s.last - v > 6:
        return ()
    own = parse.kid(v, "nsubj")
    if own is None or parse.kid(v, "ccomp", "dobj", "xcomp") is not None:
        return ()
    first = min(parse.left[own.i], v)
    if first <= s.first + 3 or parse.tokens[first - 1].text != ",":
        return ()
    before = list(range(s.first, first - 1))
    if not any(parse.tokens[k].pos in ("VERB", "AUX") for k in before):
        return ()
    return spans_of(parse, before)


def opens_with_that(parse: Parse, c: Token, cues: SpeechCues) -> bool:
    """A that-clause, not a relative clause: "that" is a conjunction, or the clause lacks nothing but was mistagged.

    "the claim that Rohan made" and "the claim that Rohan denied" are relative clauses.
    """
    first = parse.tokens[parse.left[c.i]]
    if first.lower != "that":
        return False
    if first.tag == "IN" or first.dep == "mark":
        return True
    own = parse.kid(c.i, "nsubj", "nsubjpass")
    lemma = c.lemma.lower()
    return own is not None and own.i != first.i and lemma not in cues.light and lemma not in cues.verbs
