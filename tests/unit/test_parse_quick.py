"""Our way through the parser's models gives word for word what the library gives."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from legation.model.text import Article
from legation.parse import Parser, load_parser, parse
from legation.parse.words import Pairs
from legation.parse.zone import Zone

SAMPLES = sorted((Path(__file__).parents[2] / "samples").rglob("*.txt"))
ODD = """There's no talk of a truce, and there were none before. "Let's not,"  she didn't say on Sept. 9.
He's gonna leave;   the U.N. ain't gotta stay, y'all.

ORMSKIRK, Arnland (Wire) -- The envoy of the Kingdom of Arnland to the United Nations, Mr. Ole Brandt-Lund,
paid $3.5 million to 14 groups of Arnlanders in New York City in March 2019 .
 (C'mon!)
😀 – 12% … http://example.org/a?b=c  I am what I am, which the treaty isn't."""


@cache
def _parsers() -> tuple[Parser, Parser]:
    quick = load_parser()
    return quick, dataclasses.replace(quick, quick=None)


def _article(text: str) -> Article:
    return Article("t", text, None, 0, None, None, None, "none", None, "en", (), ())


def _same(text: str) -> None:
    quick, slow = (parse(_article(text), parser) for parser in _parsers())
    assert quick.tokens == slow.tokens
    assert quick.sentences == slow.sentences
    assert quick.entities == slow.entities
    assert (quick.children, quick.left, quick.right) == (slow.children, slow.left, slow.right)


def test_the_default_pipeline_goes_the_quick_way() -> None:
    assert _parsers()[0].quick is not None


def test_odd_text_is_parsed_as_the_library_parses_it() -> None:
    _same(ODD)
    assert any(t.lemma == "not" and t.text.startswith("n") for t in parse(_article(ODD), _parsers()[0]).tokens)


def test_samples_are_parsed_as_the_library_parses_them() -> None:
    assert SAMPLES
    for path in SAMPLES:
        _same(path.read_text("utf8"))


@given(st.lists(st.sampled_from([*ODD.split(" "), "\n", "\n\n", "\t"]), max_size=30))
@settings(max_examples=40, deadline=None)
def test_any_order_of_words_is_parsed_as_the_library_parses_it(words: list[str]) -> None:
    _same(" ".join(words))


def test_what_was_parsed_before_changes_nothing() -> None:
    quick = _parsers()[0]
    first = parse(_article(ODD), quick)
    for path in SAMPLES:
        parse(_article(path.read_text("utf8")), quick)
    assert parse(_article(ODD), quick) == first
    assert parse(_article(ODD), load_parser()) == first


def test_memory_is_given_back_and_the_words_are_learnt_again() -> None:
    often = load_parser()
    often = dataclasses.replace(often, zone=Zone(often.nlp, articles=1, learnt=0))
    known = len(often.nlp.vocab.strings)
    assert [parse(_article(ODD), often) for _ in range(3)] == [parse(_article(ODD), _parsers()[0])] * 3
    with often.zone:
        assert len(often.nlp.vocab.strings) == known


def test_a_rule_over_two_words_needs_both() -> None:
    pairs = Pairs((({"DEP": "expl"}, {"LOWER": {"IN": ["was"]}}), ({"LOWER": {"REGEX": "^y'?$"}}, {"LOWER": "o"})))
    assert pairs.fits(("there", "EX", "expl"), ("Was", "VBD", "ROOT"))
    assert not pairs.fits(("there", "EX", "expl"), ("are", "VBP", "ROOT"))
    assert pairs.opens(("Y'", "NNP", "dep")) and not pairs.opens(("Z", "NNP", "dep"))
