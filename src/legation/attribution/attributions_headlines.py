"""Colon introductions: "Clinton: we will win", a headline, a transcript line or an answer in an interview."""

from __future__ import annotations

from legation.attribution.attributions_frames import Found
from legation.attribution.attributions_phrases import Voice
from legation.attribution.cues import SpeechCues
from legation.model.parse import Parse
from legation.model.text import Article, Span

_LONGEST = 5


def colon_attributions(article: Article, parse: Parse, cues: SpeechCues) -> list[Found]:
    """A short name, a colon and a sentence: the content runs to the end of the paragraph when it opens one."""
    out: list[Found] = []
    ends = {s.paragraph: s.last for s in parse.sentences}
    paragraph = -1
    for s in parse.sentences:
        opens, paragraph = s.paragraph != paragraph, s.paragraph
        stop = min(s.first + _LONGEST + 1, s.last)
        colon = next((k for k in range(s.first + 1, stop) if parse.tokens[k].text == ":"), None)
        if colon is None or s.last - colon < 3 or not _is_name(parse, s.first, colon, cues):
            continue
        last = ends[s.paragraph] if opens else s.last
        rest = Span(parse.tokens[colon + 1].start, parse.tokens[last].end)
        voice = Voice(colon - 1, Span(parse.tokens[s.first].start, parse.tokens[colon - 1].end))
        mark = Span(parse.tokens[colon].start, parse.tokens[colon].end)
        out.append(Found(cues.marks["colon"], "colon", colon, voice, mark, (rest,), "asserts"))
    return out


def _is_name(parse: Parse, first: int, end: int, cues: SpeechCues) -> bool:
    """Whether the words before the colon name a person, an organisation, a state, a report or a survey."""
    words = [parse.tokens[k] for k in range(first, end)]
    last = words[-1]
    if last.lemma.lower() in cues.documents and all(w.pos in ("NOUN", "PROPN", "ADJ", "DET") for w in words):
        return True
    if last.pos not in ("PROPN", "NOUN") or not last.text[0].isupper():
        return False
    if any(w.ent in ("PERSON", "ORG", "GPE", "NORP") for w in words):
        return True
    return all(w.pos == "PROPN" for w in words) and last.lower not in cues.section_words
