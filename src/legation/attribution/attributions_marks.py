"""Quotation marks: which stretches of the text are quoted, and which of them are somebody's speech.

Marks are paired inside a paragraph. A paragraph that opens a quotation and does not close it runs on into the
next paragraph when that one opens with a mark again, which is how news writes long quotations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from legation.model.parse import Parse
from legation.model.text import Span

_MARK = re.compile("“|”|\"|''|``|„|«|»|(?<![A-Za-z0-9])‘(?=\\w)|’(?![A-Za-z0-9])")
_WRONG_CLOSE = re.compile(r"[.!?,][’'](?=\s)")  # a double quotation closed by a single mark
_OPENS = "“„«‘"
_CLOSES = "”»’"
_BEFORE_OPEN = " \t\n([{—–-/:\u00a0"
_SMALL = frozenset({"DET", "ADP", "CCONJ", "PART", "AUX"})
_SPEECH_WORDS = 4  # a shorter quotation without a stop or comma inside is a quoted term, not an utterance


@dataclass(frozen=True, slots=True)
class Marked:
    """One quoted stretch. `start`/`end` include the marks; `first`/`last` are the tokens inside and of the marks.

    `runs_on`: the paragraph ends without a closing mark. `utterance`: long enough, or stopped like a
    sentence, so that it may be speech on its own; otherwise a quoted word or a scare quote.
    `title`: all words that can have capitals have them (a book, a programme).
    `paragraph` counts the parser's paragraphs.
    """

    start: int
    end: int
    first: int
    last: int
    runs_on: bool
    utterance: bool
    title: bool
    paragraph: int

    def opens_small(self, parse: Parse) -> bool:
        """Whether it begins in the middle of a sentence: with a small letter, or after words of the same sentence."""
        body = parse.text[self.start : self.end].lstrip("“”\"'`„«»‘’[ ")
        return body[:1].islower() or parse.text[self.start : self.start + 2] in ("“…", '"…')

    @property
    def span(self) -> Span:
        """The characters with the marks."""
        return Span(self.start, self.end)


def find_marked(parse: Parse) -> tuple[Marked, ...]:
    """All quoted stretches in text order; none overlap."""
    out: list[Marked] = []
    bounds: dict[int, tuple[int, int]] = {}
    for s in parse.sentences:
        a, _ = bounds.get(s.paragraph, (s.start, s.end))
        bounds[s.paragraph] = (a, s.end)
    for number, (a, b) in sorted(bounds.items()):
        out.extend(_in_paragraph(parse, a, b, number))
    return tuple(out)


def _in_paragraph(parse: Parse, a: int, b: int, number: int) -> list[Marked]:
    text = parse.text
    found: list[Marked] = []
    double = any(c in text[a:b] for c in '“"') or "''" in text[a:b]
    opened: int | None = None
    for m in _MARK.finditer(text, a, b):
        mark = m.group()
        if mark in "‘’" and double:
            continue  # inner quotation, or an apostrophe
        if opened is not None and text[opened] == '"' and mark in "“”" and text.find('"', m.end(), b) >= 0:
            continue  # inner quotation in other marks
        if _is_opening(text, m.start(), m.end(), a, b, opened is not None):
            if opened is None or mark == "“":
                if opened is not None and m.start() - opened > 1 and mark == "“":
                    _add(found, parse, opened, m.start(), number, False)  # a closing mark was forgotten
                opened = m.start()
        elif opened is not None:
            _add(found, parse, opened, m.end(), number, False)
            opened = None
    if opened is not None and text[opened] not in "‘":
        wrong = _WRONG_CLOSE.search(text, opened + 1, b)
        _add(found, parse, opened, wrong.end() if wrong else b, number, wrong is None)
    return found


def _is_opening(text: str, start: int, end: int, a: int, b: int, inside: bool) -> bool:
    mark = text[start:end]
    if mark in _OPENS or mark == "``":
        return not (inside and start > a and text[start - 1] in ".,!?")
    if mark in _CLOSES:
        return False
    before = text[start - 1] if start > a else " "
    after = text[end] if end < b else " "
    if before in _BEFORE_OPEN and after not in " \t\n":
        return not (inside and before in ".,!?")
    return False if inside else after not in " \t\n.,;:!?)"


def _add(found: list[Marked], parse: Parse, start: int, end: int, number: int, runs_on: bool) -> None:
    inside = parse.tokens_in(start, end)
    words = [k for k in inside if parse.tokens[k].text[0].isalnum()]
    if not words:
        return
    body = parse.text[start:end].strip("“”\"'`„«»‘’ \n")
    stopped = body[-1:] in ".,!?…—" and len(words) >= 1
    utterance = len(words) >= _SPEECH_WORDS or (stopped and (len(words) >= 2 or body[-1:] in ".!?"))
    capitals = [k for k in words if parse.tokens[k].pos not in _SMALL]
    title = len(capitals) > 1 and len(words) <= 7 and all(parse.tokens[k].text[0].isupper() for k in capitals)
    title = title and body[-1:] not in "!?"
    found.append(Marked(start, end, inside[0], inside[-1], runs_on, utterance and not title, title, number))
