"""Who says what: from the cues of an article to its attributions.

Order: the syntactic frames of every cue; the quotations beside a cue (they outrank the tree, which small
parsers often break around quotation marks); then quotations that run on, and those whose speaker stands in the
sentence before or after. Every step looks at each token or quotation once, so time grows with the length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from legation.attribution.attributions_beside import beside, carried
from legation.attribution.attributions_filters import (
    counts,
    denials_of_clauses,
    inside_marked,
    without_inner_attitudes,
)
from legation.attribution.attributions_frames import Found, cited, verb_frames
from legation.attribution.attributions_headlines import colon_attributions
from legation.attribution.attributions_manner import finish
from legation.attribution.attributions_marks import find_marked
from legation.attribution.attributions_words import (
    according_to,
    adjective_frames,
    adverb_frames,
    mistagged,
    noun_frames,
)
from legation.attribution.cues import CueEntry, Cues, SpeechCues
from legation.model.actors import Mention
from legation.model.claims import Attribution
from legation.model.parse import Parse, Token
from legation.model.text import Article


def find_attributions(
    article: Article, parse: Parse, mentions: Sequence[Mention], cues: Cues
) -> tuple[Attribution, ...]:
    """All attributions in text order (by content, then cue). `source_mention` is filled from `mentions`.

    Nested attributions (a quotes b) are both kept; the outer one has the longer content.
    """
    speech = cues.speech
    marked = find_marked(parse)
    found: list[Found] = []
    quoted = inside_marked(parse, marked)
    for token in parse.tokens:
        found.extend(f for f in _of_token(parse, token, speech) if counts(parse, f, token.i in quoted, speech))
    found = cited(parse, found, speech)
    found.extend(colon_attributions(article, parse, speech))
    found, used = beside(parse, found, marked, speech)
    found.extend(carried(parse, found, marked, used, speech))
    found = without_inner_attitudes(parse, denials_of_clauses(parse, found, speech))
    return finish(parse, found, marked, mentions, speech)


def _of_token(parse: Parse, token: Token, cues: SpeechCues) -> list[Found]:
    out: list[Found] = []
    if token.pos in ("VERB", "AUX") or (token.tag[:2] == "VB"):
        for entry in _entries(cues.verbs, token):
            out.extend(verb_frames(parse, token, entry, cues))
            if out:
                return out
    if token.pos == "NOUN":
        for entry in _entries(cues.verbs, token):
            out.extend(mistagged(parse, token, entry, cues))
        for entry in _entries(cues.nouns, token):
            out.extend(noun_frames(parse, token, entry, cues))
    elif token.pos == "ADJ" or (token.tag == "VBN" and not out):
        for entry in cues.adjectives.get(token.lower, ()):
            out.extend(adjective_frames(parse, token, entry, cues))
    elif token.pos == "ADV":
        for entry in _entries(cues.adverbs, token):
            out.extend(adverb_frames(parse, token, entry, cues))
    for entry in cues.phrases.get(token.lower, ()):
        out.extend(according_to(parse, token, entry, cues))
    return out[:1]


def _entries(table: Mapping[str, tuple[CueEntry, ...]], token: Token) -> tuple[CueEntry, ...]:
    return table.get(token.lemma.lower(), ())
