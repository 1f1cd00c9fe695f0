"""The numbers of the status effects are those of our own judged sentences, and the sentences cover what they must."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from legation.attribution.facets_data import load_status_cues

TRAINING = Path(__file__).parents[2] / "training"
MARGIN = 0.05  # numbers are written to a tenth
ERROR = 0.6  # mean distance between a sentence and the number that its reading gets


@cache
def fit() -> Any:
    """The script as a module; it is no part of the package."""
    sys.path.insert(0, str(TRAINING))
    try:
        import fit_status  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(TRAINING))
    return fit_status


@cache
def judged() -> Any:
    return list(fit().read_standings(fit().read_sentences()))


def test_every_effect_has_eight_sentences() -> None:
    sentences = fit().read_sentences()
    count = Counter(s.effect for s in sentences)
    assert len(sentences) >= 320
    assert set(count) == set(load_status_cues().effects)
    assert min(count.values()) >= 8, count
    assert len({s.text for s in sentences}) == len(sentences)


def test_judgements_are_steps_of_a_half() -> None:
    for s in fit().read_sentences():
        assert -3 <= s.factuality <= 3 and s.factuality * 2 == int(s.factuality * 2), s.text
        assert s.polarity in ("affirmed", "negated"), s.text


def test_numbers_are_those_of_the_sentences() -> None:
    table = load_status_cues().effects
    for name, row in fit().fit(judged()).items():
        for place, (value, n) in row.items():
            assert getattr(table[name], place) == pytest.approx(value, abs=MARGIN), (name, place, n)


def test_sentences_and_numbers_agree() -> None:
    table = load_status_cues().effects
    far: dict[str, list[float]] = defaultdict(list)
    for s, standing in judged():
        row = table[standing.effect]
        if fit().as_meant(s, standing) and not standing.sure:
            number = row.negated_number if standing.negated else row.spoken if standing.spoken else row.number
            far[s.effect].append(abs(number - s.factuality))
    everything = [x for distances in far.values() for x in distances]
    assert sum(everything) / len(everything) < ERROR, {k: sum(v) / len(v) for k, v in far.items()}


def test_most_sentences_are_read_as_meant() -> None:
    """A fall here means that the cues got worse. The sentences are hard on purpose."""
    right = sum(fit().as_meant(*pair) for pair in judged())
    assert right / len(judged()) > 0.85, right
