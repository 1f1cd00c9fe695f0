"""Every event rule must match its own examples and leave its counterexamples alone.

An example is a sentence; after " => " may stand what the participants' words must contain, "Arnor -> Gondor".
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from legation.actors import Lexicon, find_mentions, load_lexicon
from legation.events import Rules, find_candidates, load_rules
from legation.model.events import Candidate
from legation.model.text import Article
from legation.parse import Parser, load_parser, parse


@cache
def _loaded() -> tuple[Parser, Lexicon, Rules]:
    return load_parser(), load_lexicon(), load_rules()


def _candidates(text: str) -> tuple[Candidate, ...]:
    parser, lexicon, rules = _loaded()
    article = Article("example", text, None, 0, None, None, "2020-06-15", "given", None, "en", (), ())
    parsed = parse(article, parser)
    return find_candidates(article, parsed, find_mentions(article, parsed, lexicon), rules)


def _all() -> list[Any]:
    rules = load_rules()
    return [*rules.triggers, *rules.operators]


def _cases(field: str) -> list[Any]:
    return [
        pytest.param(rule.id, one, id=f"{rule.id}-{k}") for rule in _all() for k, one in enumerate(getattr(rule, field))
    ]


@pytest.mark.parametrize(("rule", "example"), _cases("examples"))
def test_example_matches(rule: str, example: str) -> None:
    text, _, wanted = example.partition(" => ")
    # an operator may say that what it holds is no event ("is considering E"); nothing else may be dropped
    found = [c for c in _candidates(text) if c.rule == rule and c.dropped in (None, f"no event: {rule}")]
    others = [(c.rule, c.dropped) for c in _candidates(text)]
    assert found, f"{rule} is silent; found {others}"
    if wanted:
        actor, _, recipient = (part.strip() for part in wanted.partition("->"))
        assert any(
            (not actor or any(actor in p.text for p in c.actors))
            and (not recipient or any(recipient in p.text for p in (*c.recipients, *c.actors)))
            for c in found
        ), [([p.text for p in c.actors], [p.text for p in c.recipients]) for c in found]


@pytest.mark.parametrize(("rule", "example"), _cases("counterexamples"))
def test_counterexample_does_not_match(rule: str, example: str) -> None:
    assert not [c for c in _candidates(example) if c.rule == rule and c.dropped is None]


@pytest.mark.parametrize("rule", _all(), ids=lambda r: r.id)
def test_every_rule_has_examples(rule: Any) -> None:
    assert len(rule.examples) >= 2, "at least two sentences that must match"
    assert len(rule.counterexamples) >= 1, "at least one that must not"


@pytest.mark.parametrize("drop", load_rules().drops, ids=lambda d: d.id)
def test_drop_rules(drop: Any) -> None:
    """A drop rule must drop something in each of its examples and nothing in its counterexamples."""
    assert drop.examples and drop.counterexamples
    for text in drop.examples:
        assert any(c.dropped and drop.id in c.dropped for c in _candidates(text)), text
    for text in drop.counterexamples:
        assert not any(c.dropped and drop.id in c.dropped for c in _candidates(text)), text
