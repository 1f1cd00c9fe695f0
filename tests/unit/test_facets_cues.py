"""Every example of every status cue is executed: the word between asterisks must, or must not, carry the cue."""

from __future__ import annotations

import re
from functools import cache

import pytest

from legation.attribution.facets import aux_of, find_standings
from legation.attribution.facets_data import StatusCues, load_status_cues
from legation.attribution.facets_standing import Effects
from legation.attribution.facets_words import progressive
from legation.model.text import Article
from legation.parse.parser import Parser, load_parser, parse

MARKED = re.compile(r"\*([^*]+)\*")


@cache
def parser() -> Parser:
    """One parser for the whole file."""
    return load_parser()


@cache
def cues() -> StatusCues:
    """The cue files, read once."""
    return load_status_cues()


def article(text: str) -> Article:
    """An article of one paragraph without date."""
    return Article("x", text, None, 0, None, None, None, "none", None, "en", (), ())


def look(example: str) -> tuple[set[str], str]:
    """(ids of the cues that touched it, aux) of the marked word of an example."""
    match = MARKED.search(example)
    assert match, f"no word between asterisks in {example!r}"
    text = example[: match.start()] + match[1] + example[match.end() :]
    a = article(text)
    parsed = parse(a, parser())
    token = parsed.token_at(match.start())
    assert token is not None
    standings = find_standings(a, parsed, cues())
    ongoing = progressive(parsed, token)
    facets = Effects(cues().effects).facets(token, standings[token], ongoing)
    ids = {m.cue.cue_id for m in standings[token].marks} | {c.cue_id for c in facets.cues}
    return ids, aux_of(facets)


PSEUDO = {e.id for e in load_status_cues().entries if type(e).__name__ == "Pseudo"}
CASES = [
    pytest.param(e.id, kind, s, e.aux, id=f"{e.id}-{kind}-{n}")
    for e in load_status_cues().entries
    for kind, sentences in (("yes", e.yes), ("no", e.no))
    for n, s in enumerate(sentences)
]


@pytest.mark.parametrize(("cue_id", "kind", "sentence", "aux"), CASES)
def test_example(cue_id: str, kind: str, sentence: str, aux: str | None) -> None:
    ids, got = look(sentence)
    if cue_id in PSEUDO:
        hidden = {"not", "no-participant", "no-event", "could", "can", "if", "without", "never", "whether", "formerly"}
        assert bool(ids & hidden) == (kind == "no"), f"{sentence}: {ids}"
        return
    if kind == "yes":
        assert cue_id in ids, f"{sentence}: {ids}"
        assert aux is None or got == aux, f"{sentence}: {got}, {ids}"
    else:
        assert cue_id not in ids, f"{sentence}: {ids}"
