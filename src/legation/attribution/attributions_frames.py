"""The frames: from a cue word in the tree to its source and content. This file: verbs.

A frame says *where* content stands; which cues take which frames is data (`cues/speech_*.yml`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
from legation.attribution.attributions_phrases import Voice, agent, cue_span, is_negated, subject
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
        yield Found(entry, frame, v, voice, cue_span(parse, v, governor.i if governor else None), content, stance)
        return


def _governor(parse: Parse, token: Token) -> Token | None:
    """The verb or adjective that an infinitive cue hangs on ("REFUSED to say")."""
    if token.dep != "xcomp" or token.tag != "VB":
        return None
    return parse.tokens[token.head]


def _turns(parse: Parse, governor: Token, cues: SpeechCues) -> bool:
    return (governor.lemma in cues.doubting) != is_negated(parse, governor.i)
