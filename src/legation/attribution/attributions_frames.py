"""The frames: from a cue word in the tree to its source and content. This file: verbs.

A frame says *where* content stands; which cues take which frames is data (`cues/speech_*.yml`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from legation.attribution.attributions_clauses import clause
from legation.attribution.attributions_objects import (
    gerund,
    infinitive,
    judged,
    noun_object,
    object_predicate,
    order,
    passive_infinitive,
    preposition,
    with_claim,
)
from legation.attribution.attributions_phrases import Voice, agent, cue_span, is_negated, subject, voice_of
from legation.attribution.attributions_tree import is_passive, particle
from legation.attribution.cues import CueEntry, SpeechCues
from legation.model.claims import Stance
from legation.model.parse import Parse, Token
from legation.model.text import Span


@dataclass(frozen=True, slots=True)
class Found:
    """A cue in the text with what one of its frames found. `frame` is the frame's name, for `cue_id`."""

    entry: CueEntry
    frame: str
    token: int
    voice: Voice | None
    cue: Span
    content: tuple[Span, ...]
    stance: Stance


TURNED: dict[Stance, Stance] = {"asserts": "doubts", "denies": "doubts", "doubts": "asserts"}


_CONTENT = {
    "clause": clause,
    "infinitive": infinitive,
    "gerund": gerund,
    "object": noun_object,
    "object-predicate": object_predicate,
    "order": order,
    "preposition": preposition,
    "passive-infinitive": passive_infinitive,
}


def verb_frames(parse: Parse, token: Token, entry: CueEntry, cues: SpeechCues) -> Iterator[Found]:
    """What the frames of a verb cue find; at most one attribution, from the first frame that fits."""
    v = token.i
    if entry.particle is not None and particle(parse, v, entry.particle) is None:
        return
    if entry.particle in ("for", "on") and parse.kid(v, "dobj") is not None:
        return  # "called its envoy back for talks"
    passive = is_passive(parse, token)
    voice = agent(parse, v) if passive else subject(parse, v, cues)
    governor = _governor(parse, token)
    stance = entry.stance
    if is_negated(parse, v) or (governor is not None and _turns(parse, governor, cues)):
        stance = TURNED[stance]
    frames = sorted(entry.frames, key=lambda f: f != "passive-infinitive") if passive else entry.frames
    for frame in frames:
        content = _CONTENT[frame](parse, token, entry, passive, cues) if frame in _CONTENT else ()
        if not content:
            continue
        if frame == "object-predicate":
            content, stance = judged(parse, token, entry, content, stance, cues)
        if passive and voice is None and frame == "gerund":
            continue
        if stance != "asserts" and frame in ("object", "object-predicate"):
            content = with_claim(parse, token, content, cues)
        if voice is None and frame == "clause" and not passive:
            voice, content = _apposed(parse, v, content)
        yield Found(entry, frame, v, voice, cue_span(parse, v, governor.i if governor else None), content, stance)
        return


def _governor(parse: Parse, token: Token) -> Token | None:
    """The verb or adjective that an infinitive cue hangs on ("REFUSED to say")."""
    if token.dep != "xcomp" or token.tag != "VB":
        return None
    return parse.tokens[token.head]


def _turns(parse: Parse, governor: Token, cues: SpeechCues) -> bool:
    return (governor.lemma in cues.doubting) != is_negated(parse, governor.i)


def _apposed(parse: Parse, v: int, content: tuple[Span, ...]) -> tuple[Voice | None, tuple[Span, ...]]:
    """The source in "..., an official who asked not to be named said", which small parsers hang on the noun before."""
    h = v - 1
    while h >= 0 and parse.tokens[h].head < v and parse.tokens[h].dep != "appos" and parse.tokens[h].head != h:
        h = parse.tokens[h].head
    first = parse.left[h] if h >= 0 else 0
    if h < 0 or parse.tokens[h].dep != "appos" or parse.right[h] != v - 1 or parse.tokens[first - 1].text != ",":
        return None, content
    end = parse.tokens[first - 1].start
    kept = tuple(Span(s.start, min(s.end, end)) for s in content if s.start < end)
    return (voice_of(parse, h), kept) if kept else (None, content)


def cited(parse: Parse, found: Sequence[Found], cues: SpeechCues) -> list[Found]:
    """ "The paper, citing an official, said that ...": the official is a source of the same words."""
    by_token = {f.token: f for f in found if f.frame == "clause"}
    out: list[Found] = []
    for f in found:
        t = parse.tokens[f.token]
        outer = by_token.get(t.head)
        if f.frame != "object" or t.tag != "VBG" or t.dep != "advcl" or outer is None or not f.entry.quotes_others:
            out.append(f)
            continue
        obj = parse.kid(t.i, "dobj")
        people = obj is not None and (
            obj.ent in ("PERSON", "ORG", "NORP", "GPE")
            or obj.lemma.lower() in cues.unnamed | cues.unnamed_when_bare | cues.documents
        )
        if obj is None or not people:
            out.append(f)
            continue
        out.append(replace(f, voice=voice_of(parse, obj.i), content=outer.content, frame="clause"))
    return out
