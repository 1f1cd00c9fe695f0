"""The parser's contract: paragraphs stand apart, offsets are exact, stored parses come back as they were."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legation.model.parse import Parse
from legation.model.text import Article
from legation.parse import Parser, dump_parse, load_parser, parse, read_parse
from legation.problems import SettingsError


@cache
def _parser() -> Parser:
    return load_parser()


def _parse(text: str, title_end: int = 0) -> Parse:
    return parse(Article("a", text, None, title_end, None, None, None, "none", None, "en", (), ()), _parser())


def test_a_headline_does_not_run_into_the_text() -> None:
    parsed = _parse("Arnor recalls envoy\n\nThe envoy left on Monday.", 19)
    assert [(s.start, s.in_title) for s in parsed.sentences] == [(0, True), (21, False)]


def test_a_closing_quotation_mark_is_no_sentence() -> None:
    parsed = _parse('Asked about it, he said, "You will see." \n\nThe talks went on.')
    assert all(any(c.isalnum() for c in parsed.text[s.start : s.end]) for s in parsed.sentences)


def test_a_dateline_stands_apart() -> None:
    parsed = _parse("NAIROBI, Kenya (Wire) - Police arrested two students on Monday.")
    arrested = next(t for t in parsed.tokens if t.text == "arrested")
    subject = parsed.kid(arrested.i, "nsubj")
    assert subject is not None and subject.text == "Police"


def test_lemmas_that_the_pipeline_gets_wrong_are_mended() -> None:
    parsed = _parse("Workers staged a rally and waged a campaign.")
    assert {"stage", "wage"} <= {t.lemma for t in parsed.tokens}


def test_stored_parses_come_back() -> None:
    parsed = _parse("Arnor met Gondor.\n\nThe talks failed, officials said.")
    line = dump_parse(parsed)
    assert read_parse(line) == parsed
    assert dump_parse(read_parse(line)) == line
    with pytest.raises(ValueError, match="format"):
        read_parse('{"format": 99}')
    with pytest.raises(ValueError, match="stands at its offsets"):
        read_parse(line.replace('"text":"Arnor met', '"text":"Xrnor met'))


def test_an_unknown_pipeline_is_named() -> None:
    with pytest.raises(SettingsError, match="no_such_pipeline"):
        load_parser("no_such_pipeline")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=200))
def test_offsets_hold_on_any_text(text: str) -> None:
    parsed = _parse(text)
    assert all(parsed.text[t.start : t.end] == t.text for t in parsed.tokens)
    assert [t.i for t in parsed.tokens] == list(range(len(parsed.tokens)))
    assert all(0 <= t.head < len(parsed.tokens) for t in parsed.tokens)
