"""Small questions about the tree that several frames ask."""

from __future__ import annotations

from collections.abc import Set

from legation.model.parse import Parse, Token


def particle(parse: Parse, v: int, word: str) -> Token | None:
    """The word that must stand with the verb ("point OUT", "make it CLEAR", "call FOR him to resign")."""
    for t in parse.kids(v):
        if (
            t.i > v
            and t.lower == word
            and t.dep in ("prt", "prep", "advmod", "acomp", "oprd", "ccomp", "dative", "dobj")
        ):
            return t
        if t.i > v and t.dep in ("advcl", "ccomp", "xcomp") and any(m.lower == word for m in parse.kids(t.i, "mark")):
            return t
    return None


def is_passive(parse: Parse, token: Token) -> bool:
    """A past participle without "have" and without a subject of its own."""
    if token.tag not in ("VBN", "VBD") or parse.kid(token.i, "nsubj") is not None:
        return False
    if parse.kid(token.i, "auxpass", "nsubjpass", "agent") is not None:
        return True
    if token.tag == "VBD":
        return token.dep == "advcl" and token.i < token.head and parse.kid(token.i, "dobj") is None
    if any(t.lemma == "have" for t in parse.kids(token.i, "aux")):
        return False
    if token.dep == "conj":
        return is_passive(parse, parse.tokens[token.head]) if parse.tokens[token.head].dep != "conj" else False
    return True


def subtree(parse: Parse, head: int, without: Set[int] = frozenset()) -> list[int]:
    """Like Parse.subtree, leaving out the subtrees of `without`."""
    out, stack = [], [head]
    while stack:
        k = stack.pop()
        if k in without:
            continue
        out.append(k)
        stack.extend(parse.children[k])
    return sorted(out)


def is_infinitive(parse: Parse, t: Token) -> bool:
    """Whether a verb is a to-infinitive."""
    return any(x.tag == "TO" or x.lower == "to" for x in parse.kids(t.i, "aux", "mark"))


def is_embedded(parse: Parse, t: Token) -> bool:
    """Whether an infinitive is an embedded question ("whether to", "how to")."""
    return any(x.tag in ("WRB", "WP", "WDT") or x.lower == "whether" for x in parse.kids(t.i))
