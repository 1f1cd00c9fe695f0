"""Every speech cue finds its examples, and nothing in its counter-examples."""

from __future__ import annotations

import re

import pytest

from legation.attribution.attributions import find_attributions
from legation.attribution.cues import CueEntry, Cues, load_cues
from legation.model.claims import Attribution
from legation.model.text import Article
from legation.parse import Parser, load_parser, parse

_BRACKET = re.compile(r"\[([SCT])(?::(\w+))? ([^\]]*)\]")
CUES = load_cues()


@pytest.fixture(scope="module")
def parser() -> Parser:
    return load_parser()


def article(text: str) -> Article:
    return Article("x", text, None, 0, None, None, None, "none", None, "en", (), ())


def attributions(text: str, parser: Parser, cues: Cues = CUES) -> tuple[Attribution, ...]:
    return find_attributions(article(text), parse(article(text), parser), (), cues)


def read(example: str) -> tuple[str, dict[str, list[str]], str | None]:
    """The plain sentence, the bracketed words by letter, and the stance where the example names one."""
    words: dict[str, list[str]] = {"S": [], "C": [], "T": []}
    stance = None
    for letter, named, inside in _BRACKET.findall(example):
        words[letter].append(inside)
        stance = named or stance
    return _BRACKET.sub(lambda m: m.group(3), example), words, stance


def examples() -> list[tuple[CueEntry, str]]:
    return [(e, x) for e in CUES.speech.entries for x in e.examples]


@pytest.mark.parametrize(("entry", "example"), examples(), ids=lambda x: x.id if isinstance(x, CueEntry) else "")
def test_example(entry: CueEntry, example: str, parser: Parser) -> None:
    text, words, stance = read(example)
    found = [a for a in attributions(text, parser) if a.cue_id == entry.id]
    assert found, "the cue finds nothing"
    got = [
        (
            [text[a.source.start : a.source.end]] if a.source else [],
            [text[a.cue.start : a.cue.end]] if a.cue else [],
            [text[s.start : s.end] for s in a.content],
            a.stance,
        )
        for a in found
    ]
    assert (words["S"], words["C"], words["T"], stance or entry.stance) in got


@pytest.mark.parametrize(
    ("entry", "sentence"), [(e, x) for e in CUES.speech.entries for x in e.never], ids=lambda x: getattr(x, "id", "")
)
def test_counter_example(entry: CueEntry, sentence: str, parser: Parser) -> None:
    assert not [a for a in attributions(sentence, parser) if a.cue_id == entry.id]


def test_enough_cues_and_examples() -> None:
    assert len({lemma for e in CUES.speech.entries for lemma in e.lemmas}) >= 400
    assert len(CUES.speech.entries) >= 150
    assert len(examples()) >= 200
