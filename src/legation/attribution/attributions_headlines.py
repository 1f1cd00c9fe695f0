"""Colon introductions: "Clinton: we will win", a headline, a transcript line or an answer in an interview."""

from __future__ import annotations

from legation.attribution.attributions_frames import Found
from legation.attribution.attributions_phrases import Voice
from legation.attribution.cues import CueEntry
from legation.model.parse import Parse
from legation.model.text import Article, Span

COLON = CueEntry(id="colon", lemmas=(":",), pos="phrase", frames=("clause",))
_LONGEST = 5


def colon_attributions(article: Article, parse: Parse) -> list[Found]:
    """A short name, a colon, and a sentence, at the start of a paragraph; or the reverse in a headline."""
    out: list[Found] = []
    paragraph = -1
    for s in parse.sentences:
        if s.paragraph == paragraph:
            continue
        paragraph = s.paragraph
        colon = next((k for k in range(s.first + 1, min(s.first + _LONGEST + 1, s.last)) if parse.tokens[k].text == ":"), None)
        if colon is None or colon + 2 > s.last:
            continue
        name = [parse.tokens[k] for k in range(s.first, colon)]
        if not _is_name(parse, s.first, colon) or s.last - colon < 3:
            continue
        rest = Span(parse.tokens[colon + 1].start, parse.tokens[s.last].end)
        voice = Voice(name[-1].i, Span(name[0].start, name[-1].end))
        out.append(Found(COLON, "colon", colon, voice, Span(parse.tokens[colon].start, parse.tokens[colon].end), (rest,), "asserts"))
    return out


def _is_name(parse: Parse, first: int, end: int) -> bool:
    """Whether the words before the colon name a person, an organisation, a state or a survey."""
    last = parse.tokens[end - 1]
    return any(parse.tokens[k].ent in ("PERSON", "ORG", "GPE", "NORP") for k in range(first, end)) and last.pos in (
        "PROPN",
        "NOUN",
    )
