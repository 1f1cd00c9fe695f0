"""What a parser says of one text, column by column, and how texts become one `Parse`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from legation.model.parse import NamedEntity, Parse, Sentence, Token


@dataclass(frozen=True, slots=True)
class Columns:
    """One parsed stretch of text. Offsets and word numbers count from its beginning; white space is still a word."""

    starts: list[int]
    ends: list[int]
    lemmas: list[str]
    pos: list[str]
    tags: list[str]
    deps: list[str]
    heads: list[int]
    opens: list[bool]  # whether a sentence begins with the word
    spaces: list[bool]
    entities: list[tuple[int, int, str]]  # first word, last word, label


# a frozen value is built field by field through `object.__setattr__`; there are 40 tokens in every line of news
_FIELDS = ("i", "start", "end", "text", "lemma", "pos", "tag", "dep", "head", "ent")
_I, _START, _END, _TEXT, _LEMMA, _POS, _TAG, _DEP, _HEAD, _ENT = (Token.__dict__[f].__set__ for f in _FIELDS)


def _token(
    i: int, start: int, end: int, text: str, lemma: str, pos: str, tag: str, dep: str, head: int, ent: str
) -> Token:
    """A token. Same as `Token(...)` at a third of its time."""
    new: Any = object.__new__(Token)
    _I(new, i)
    _START(new, start)
    _END(new, end)
    _TEXT(new, text)
    _LEMMA(new, lemma)
    _POS(new, pos)
    _TAG(new, tag)
    _DEP(new, dep)
    _HEAD(new, head)
    _ENT(new, ent)
    token: Token = new
    return token


@dataclass(slots=True)
class Collected:
    """The parts of a `Parse` while texts are added to it."""

    text: str
    tokens: list[Token]
    sentences: list[Sentence]
    entities: list[NamedEntity]

    def add(self, seen: Columns, offset: int, paragraph: int, in_title: bool) -> None:
        """One stretch that begins at `offset`, leaving out white space."""
        base = len(self.tokens)
        count = len(seen.starts)
        labels = [""] * count
        for first, last, label in seen.entities:
            for k in range(first, last + 1):
                labels[k] = label
        if any(seen.spaces):
            index, kept, heads = _without_spaces(seen, base)
        else:
            index = list(range(base, base + count))
            kept = list(range(count))
            heads = [base + h for h in seen.heads]
        text = self.text
        for k in kept:
            start, end = offset + seen.starts[k], offset + seen.ends[k]
            self.tokens.append(
                _token(
                    index[k],
                    start,
                    end,
                    text[start:end],
                    seen.lemmas[k],
                    seen.pos[k],
                    seen.tags[k],
                    seen.deps[k],
                    heads[k],
                    labels[k],
                )
            )
        self._add_sentences(seen, index, kept, paragraph, in_title)
        for first, last, label in seen.entities:
            inside = [index[k] for k in range(first, last + 1) if not seen.spaces[k]]
            if inside:
                a, b = self.tokens[inside[0]], self.tokens[inside[-1]]
                self.entities.append(NamedEntity(a.start, b.end, a.i, b.i, label))

    def _add_sentences(self, seen: Columns, index: list[int], kept: list[int], paragraph: int, in_title: bool) -> None:
        edges = [k for k in range(len(seen.opens)) if seen.opens[k] or k == 0] + [len(seen.opens)]
        for first, after in pairwise(edges):
            inside = [index[k] for k in range(first, after) if not seen.spaces[k]]
            if not inside:
                continue
            a, b = self.tokens[inside[0]].start, self.tokens[inside[-1]].end
            before = self.sentences[-1] if self.sentences and self.sentences[-1].paragraph == paragraph else None
            if before is not None and not any(c.isalnum() for c in self.text[a:b]):
                # a closing quotation mark alone is no sentence: it ends the one before
                self.sentences[-1] = replace(before, end=b, last=inside[-1])
                continue
            self.sentences.append(Sentence(len(self.sentences), a, b, inside[0], inside[-1], paragraph, in_title))


def _without_spaces(seen: Columns, base: int) -> tuple[list[int], list[int], list[int]]:
    """(number of each word, kept words, number of each word's head), white space counted out."""
    kept = [k for k, space in enumerate(seen.spaces) if not space]
    index = [base] * len(seen.spaces)
    for n, k in enumerate(kept):
        index[k] = base + n
    heads = list(index)
    for k in kept:
        head = seen.heads[k]
        while seen.spaces[head] and seen.heads[head] != head:
            head = seen.heads[head]
        heads[k] = index[k] if seen.spaces[head] else index[head]
    return index, kept, heads


def link(text: str, tokens: list[Token], sentences: list[Sentence], entities: list[NamedEntity]) -> Parse:
    """A `Parse` from its parts: adds children, subtree edges and look-up tables."""
    children: list[list[int]] = [[] for _ in tokens]
    for t in tokens:
        if t.head != t.i:
            children[t.head].append(t.i)
    left, right = list(range(len(tokens))), list(range(len(tokens)))
    sentence_of = [0] * len(tokens)
    for s in sentences:
        sentence_of[s.first : s.last + 1] = [s.i] * (s.last - s.first + 1)
        stack = [k for k in range(s.first, s.last + 1) if tokens[k].head == k]
        order: list[int] = []
        while stack:
            k = stack.pop()
            order.append(k)
            stack.extend(children[k])
        for k in reversed(order):
            if below := children[k]:
                left[k] = min(left[k], left[below[0]])
                right[k] = max(right[k], right[below[-1]])
                for c in below:
                    if left[c] < left[k]:
                        left[k] = left[c]
                    if right[c] > right[k]:
                        right[k] = right[c]
    return Parse(
        text=text,
        tokens=tuple(tokens),
        sentences=tuple(sentences),
        entities=tuple(entities),
        children=tuple([tuple(c) for c in children]),
        left=tuple(left),
        right=tuple(right),
        sentence_of=tuple(sentence_of),
        starts=tuple([t.start for t in tokens]),
    )
