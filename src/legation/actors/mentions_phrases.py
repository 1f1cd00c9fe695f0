"""Base noun phrases of a parse: determiners, titles and modifiers with their head, nothing after the head.

No relative clause and no trailing preposition belongs to a phrase, because event coding compares the words
of an actor with short spans; what stands after the head is read through the tree instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from legation.model.parse import Parse, Token

_HEADS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "X", "SYM", "INTJ", "DET"})
_NOMINAL_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS", "PRP", "PRP$", "WP", "WP$", "WDT"})
_INSIDE = frozenset({"compound", "amod", "nummod", "quantmod", "det", "predet", "punct", "nmod", "advmod", "neg"})
_LEFT = frozenset({"det", "amod", "compound", "nummod", "poss", "nmod", "quantmod", "predet", "advmod", "neg"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_FLAT = frozenset({"PERSON"})
MAX_WORDS = 24  # a longer "base noun phrase" is a parser accident


@dataclass(slots=True)
class Phrase:
    """Tokens first..last with their head. `last` is past the head only where a name runs on behind it."""

    first: int
    head: int
    last: int


def is_nominal(t: Token) -> bool:
    """Whether the token can be the head of a noun phrase."""
    if t.tag in _NOMINAL_TAGS:
        return True
    if t.pos not in _HEADS:
        return False
    argument = t.dep in ("nsubj", "nsubjpass", "dobj", "pobj", "agent", "dative")
    return argument and (t.pos in ("NUM", "ADJ") or t.tag in ("DT", "JJ", "CD"))


def base_phrases(parse: Parse) -> list[Phrase]:
    """All base noun phrases in text order; a possessor is a phrase of its own beside the one that holds it."""
    named = _person_ends(parse)
    out: list[Phrase] = []
    tokens = parse.tokens
    covered = -1
    for t in tokens:
        if not is_nominal(t) or _is_inner(parse, t):
            continue
        first = t.i
        for c in reversed(parse.children[t.i]):
            if c > t.i:
                continue
            kid = tokens[c]
            if kid.dep not in _LEFT or (kid.dep == "advmod" and kid.pos == "SCONJ"):
                break
            if parse.right[c] < first - 1 and any(
                tokens[k].pos not in ("PUNCT", "PART", "CCONJ") for k in range(parse.right[c] + 1, first)
            ):
                break
            first = min(first, parse.left[c])
        if t.i - first > MAX_WORDS:
            first = t.i
        while first < t.i and (
            tokens[first].pos in ("PUNCT", "CCONJ", "ADP", "SCONJ") or tokens[first].lower == "to"
        ):
            first += 1
        for k in range(t.i - 1, first, -1):  # a dateline before a dash is no part of the phrase
            if tokens[k].text in ("-", "--", "–", "—") and parse.text[tokens[k].start - 1] == " ":
                first = k + 1
                break
        last = max(t.i, named.get(t.i, t.i))
        if last <= covered and tokens[t.i].dep in ("appos", "compound", "nmod", "npadvmod"):
            continue  # inside a name that already ran on
        if last > t.i:
            covered = last
        out.append(Phrase(first, t.i, last))
    return out


def _is_inner(parse: Parse, t: Token) -> bool:
    """Whether the token only modifies the head of a larger base phrase."""
    if t.dep in ("compound", "nmod", "quantmod", "nummod", "det", "predet", "amod"):
        return t.head > t.i or t.dep in ("quantmod", "nummod", "det", "predet")
    if t.dep == "conj" and t.head < t.i:
        # "Hungarian and Romanian officials": the second modifier hangs on the first
        first = parse.tokens[t.head]
        steps = 0
        while first.dep == "conj" and steps < 20:
            first, steps = parse.tokens[first.head], steps + 1
        return first.dep in ("compound", "nmod", "amod") and first.head > t.i
    return False


def _person_ends(parse: Parse) -> dict[int, int]:
    """Token inside a person's name -> last token of that name, where the parser split the name."""
    ends: dict[int, int] = {}
    for e in parse.entities:
        if e.label in _FLAT and e.last - e.first < 7:
            last = e.last
            while last > e.first and parse.tokens[last].tag in ("POS", ",", "-RRB-", ".", "''", "``"):
                last -= 1
            for k in range(e.first, last):
                if parse.tokens[k].dep not in ("poss", "appos") and parse.tokens[k + 1].dep != "appos":
                    inside = {parse.tokens[j].tag for j in range(k + 1, last + 1)}
                    if inside <= {"NNP", "NNPS", "HYPH", "NN", "FW", "IN", "DT", "CD", "JJ"} and "POS" not in inside:
                        ends[k] = last
    return ends


def is_subject(t: Token) -> bool:
    """Whether the token is a grammatical subject."""
    return t.dep in _SUBJECTS


def first_conjunct(parse: Parse, i: int) -> int:
    """The first member of the coordination that token i belongs to (itself if none)."""
    steps = 0
    while parse.tokens[i].dep == "conj" and steps < 30:
        i, steps = parse.tokens[i].head, steps + 1
    return i
