"""PLOVER's reductions: every rule gives what its examples say."""

from __future__ import annotations

import pytest

from legation.codebook.reductions import Example, load_reductions, reduce

REDUCTIONS = load_reductions()


@pytest.mark.parametrize("example", [e for rule in REDUCTIONS.rules for e in rule.examples], ids=str)
def test_examples(example: Example) -> None:
    assert reduce(example.type, example.aux, example.actuality, REDUCTIONS)[:2] == example.gives


def test_every_rule_has_an_example_that_it_changes() -> None:
    for rule in REDUCTIONS.rules:
        ids = [reduce(e.type, e.aux, e.actuality, REDUCTIONS)[2] for e in rule.examples]
        assert rule.id in ids
        assert None in ids
