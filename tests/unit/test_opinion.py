"""Rules and encoder together: who is asked, what comes of it, and that the package works without the model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from legation.actors import find_mentions
from legation.door import code_article
from legation.events import Encoder, classify_pair, find_candidates, load_encoder, second_opinion
from legation.events.arbitration import asked, open_candidates
from legation.events.marking import MAX_TOKENS, encode, marked
from legation.events.opinion import FOLDER, NONE
from legation.model.text import Article
from legation.parse import parse
from legation.problems import ResourceError
from legation.record import to_dict
from legation.resources import Resources, load_resources
from legation.settings import Settings

needs_model = pytest.mark.skipif(not (FOLDER / "model.onnx").exists(), reason="the encoder's file is not installed")
SENTENCE = "Norway scolded Iceland over the herring survey, a fisheries official in Bergen said."


def seen(text: str, resources: Resources) -> tuple[Any, ...]:
    """Article, parse, mentions and the rules' candidates of a sentence."""
    article = Article("x", text, None, 0, None, None, "2024-05-15", "given", None, "en", (), ())
    parsed = parse(article, resources.parser)
    mentions = find_mentions(article, parsed, resources.lexicon)
    return article, parsed, mentions, find_candidates(article, parsed, mentions, resources.rules)


def oracle(resources: Resources, **types: float) -> Encoder:
    """An encoder that always gives one answer."""
    names = [t.name for t in resources.codebook.types]
    rest = (1.0 - sum(types.values())) / (len(names) + 1 - len(types))
    said = {name: types.get(name, rest) for name in [*names, NONE]}
    opinion = SimpleNamespace(types=said, modes={}, contexts={}, mode=lambda _: (None, 0.0))
    # only what arbitration uses
    return SimpleNamespace(name="encoder:test", ask=lambda questions: [opinion for _ in questions])  # type: ignore[return-value]


def test_marks_stand_around_the_words() -> None:
    text = "Mali accused Niger."
    spans = {"source": (0, 4), "target": (13, 18), "trigger": (5, 12)}
    assert marked(text, spans).split() == [
        "[unused1]", "Mali", "[unused2]", "[unused5]", "accused", "[unused6]", "[unused3]", "Niger", "[unused4]", ".",
    ]  # fmt: skip


def test_without_an_encoder_nothing_changes(resources: Resources) -> None:
    article, parsed, mentions, candidates = seen(SENTENCE, resources)
    assert second_opinion(article, parsed, mentions, candidates, resources.rules, None) == candidates


def test_a_missing_model_is_no_error_and_a_broken_one_is(tmp_path: Path) -> None:
    assert load_encoder(tmp_path) is None
    (tmp_path / "model.onnx").write_bytes(b"nonsense")
    (tmp_path / "card.json").write_text("{}")
    with pytest.raises(ResourceError, match="cannot be loaded"):
        load_encoder(tmp_path)


def test_rules_engine_loads_no_encoder() -> None:
    assert load_resources(Settings(engine="rules"), ("encoder",)).encoder is None


def test_both_against_an_event_drop_it(resources: Resources) -> None:
    article, parsed, mentions, candidates = seen(SENTENCE, resources)
    assert any(c.dropped is None for c in candidates)
    unsure = replace(resources.rules, arbitration=resources.rules.arbitration.model_copy(update={"ask_below": 1.0}))
    out = second_opinion(article, parsed, mentions, candidates, unsure, oracle(resources, none=0.9999))
    assert [c.dropped for c in out] == ["no event: encoder:test"]


def test_an_outvoted_rule_is_named(resources: Resources) -> None:
    article, parsed, mentions, candidates = seen(SENTENCE, resources)
    unsure = replace(resources.rules, arbitration=resources.rules.arbitration.model_copy(update={"ask_below": 1.0}))
    out = second_opinion(article, parsed, mentions, candidates, unsure, oracle(resources, THREATEN=0.9999))
    (event,) = [c for c in out if c.rule == candidates[0].rule]
    assert event.type == "THREATEN" and event.certainty is not None
    assert any("outvoted" in line for line in event.why)
    assert event.opinion[0][0] == "THREATEN"


def test_open_questions_join_two_known_actors(resources: Resources) -> None:
    text = "Norway mollified Iceland on Tuesday."
    _, parsed, mentions, candidates = seen(text, resources)
    assert not candidates
    (question,) = open_candidates(parsed, mentions, candidates, resources.rules)
    assert [p.text for p in (*question.actors, *question.recipients)] == ["Norway", "Iceland"]
    about = asked(question, parsed)
    assert about is not None and set(about.spans) == {"source", "target", "trigger"}


@needs_model
def test_long_sentences_are_cut_around_the_marks() -> None:
    encoder = load_encoder()
    assert encoder is not None
    filler = "and so on and so forth, " * 60
    text = filler + "Mali accused Niger of theft " + filler
    at = text.index("Mali")
    ids, marks = encode(encoder.tokenizer, text, {"source": (at, at + 4), "target": (at + 13, at + 18)})
    assert len(ids) <= MAX_TOKENS
    assert marks[0] and marks[1] and not marks[2]


@needs_model
def test_the_encoder_answers_alike_in_any_company(resources: Resources) -> None:
    encoder = load_encoder()
    assert encoder is not None
    _, parsed, _, candidates = seen(SENTENCE, resources)
    question = asked(candidates[0], parsed)
    assert question is not None
    alone = encoder.ask([question])[0]
    assert encoder.ask([question, question])[1] == alone
    assert abs(sum(alone.types.values()) - 1.0) < 0.01


@needs_model
def test_why_names_both(resources: Resources) -> None:
    """At least one of these is unsure enough to be asked about, and then the record says what the encoder said."""
    texts = [
        "Chile upbraided Peru over the seized trawlers on Monday.",
        "Sweden threw its weight behind Finland in the quarrel over the border on Monday.",
        "The Kenyan cabinet gave Ugandan traders short shrift on Monday.",
    ]
    coded = [code_article(t, date="2024-05-13", already_clean=True, resources=resources) for t in texts]
    records = [to_dict(r, c) for c in coded for r in c.records]
    weighed = [r for r in records if r["why"]["weighed"]]
    assert weighed
    assert all(any("encoder:" in line for line in r["why"]["notes"]) for r in weighed)


@needs_model
def test_classify_weighs_both(resources: Resources) -> None:
    _, parsed, mentions, _ = seen(SENTENCE, resources)
    told = classify_pair(parsed, mentions, "Norway", "Iceland", resources.rules, load_encoder())
    assert told.type == "ACCUSE"
    assert abs(sum(told.scores.values()) - 1.0) < 0.01 and told.none is not None
