"""A parsed text in our own types, so that only `legation.parse` knows the parser library."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `i` is its index in `Parse.tokens`; `head` is the index of its head (itself for a root).

    `pos` is Universal Dependencies' coarse tag (VERB, NOUN, PROPN ...), `tag` Penn Treebank's (VBD, NN ...),
    `dep` the ClearNLP label of spaCy's English models (nsubj, dobj, nsubjpass, agent, prep, pobj, relcl ...).
    `lemma` is lower case except for proper nouns. `ent` is the entity type that covers it or "".
    """

    i: int
    start: int
    end: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    ent: str

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.text.lower()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: tokens `first` to `last` inclusive, characters `start` to `end`. Never crosses a paragraph."""

    i: int
    start: int
    end: int
    first: int
    last: int
    paragraph: int
    in_title: bool


@dataclass(frozen=True, slots=True)
class NamedEntity:
    """A stretch the parser's entity recogniser marked, with its OntoNotes label (PERSON, GPE, ORG, DATE ...)."""

    start: int
    end: int
    first: int
    last: int
    label: str


@dataclass(frozen=True, slots=True)
class Parse:
    """The parse of one article. Token order is text order; white space is never a token.

    `children[i]` are the direct dependents of token i, in order; `left[i]`/`right[i]` the first and last
    token index of its subtree.
    """

    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[Sentence, ...]
    entities: tuple[NamedEntity, ...]
    children: tuple[tuple[int, ...], ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    sentence_of: tuple[int, ...] = field(repr=False)  # token index -> sentence index
    starts: tuple[int, ...] = field(repr=False)  # token start offsets, for `token_at`

    def kids(self, i: int, *deps: str) -> list[Token]:
        """Direct dependents of token i, all or only those with one of the given labels."""
        return [self.tokens[c] for c in self.children[i] if not deps or self.tokens[c].dep in deps]

    def kid(self, i: int, *deps: str) -> Token | None:
        """The first direct dependent with one of the given labels, or None."""
        return next((self.tokens[c] for c in self.children[i] if self.tokens[c].dep in deps), None)

    def ancestors(self, i: int) -> Iterator[Token]:
        """Heads of token i from the nearest to the root of its sentence."""
        seen = {i}
        while self.tokens[i].head not in seen:
            i = self.tokens[i].head
            seen.add(i)
            yield self.tokens[i]

    def subtree(self, i: int) -> list[int]:
        """Indices of token i and all that hangs on it, in text order (may have gaps)."""
        out, stack = [], [i]
        while stack:
            k = stack.pop()
            out.append(k)
            stack.extend(self.children[k])
        return sorted(out)

    def token_at(self, offset: int) -> int | None:
        """Index of the token that covers the offset, else of the next token after it; None past the end."""
        k = bisect.bisect_right(self.starts, offset) - 1
        if k >= 0 and offset < self.tokens[k].end:
            return k
        return k + 1 if k + 1 < len(self.tokens) else None

    def tokens_in(self, start: int, end: int) -> range:
        """Indices of the tokens that lie wholly inside text[start:end]."""
        a = bisect.bisect_left(self.starts, start)
        b = bisect.bisect_left(self.starts, end)
        while b > a and self.tokens[b - 1].end > end:
            b -= 1
        return range(a, b)

    def sentence(self, token: int) -> Sentence:
        """The sentence of a token."""
        return self.sentences[self.sentence_of[token]]

    def head_of(self, start: int, end: int) -> int | None:
        """The token inside text[start:end] whose head lies outside: the span's syntactic head (None if empty)."""
        inside = self.tokens_in(start, end)
        for k in inside:
            head = self.tokens[k].head
            outside = head == k or head not in inside
            if outside and self.tokens[k].dep not in ("punct", "det", "case", "poss"):
                return k
        return inside[-1] if inside else None
