"""What looks like an attribution and is none: the speaker's own "I think", rules, duties, subjects without a voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from legation.attribution.attributions_frames import Found
from legation.attribution.attributions_marks import Marked
from legation.attribution.cues import SpeechCues
from legation.model.parse import Parse
from legation.model.text import Span

_SELF = frozenset({"i", "we", "you", "me", "us"})  # first and second person: no new source inside somebody's words


def denials_of_clauses(parse: Parse, found: Sequence[Found], cues: SpeechCues) -> list[Found]:
    """ "Gondor accused Rohan of X, which Rohan denied", "Gondor said X, a claim Rohan rejected".

    What is denied after a comma at the end of a sentence is what was attributed just before in it.
    """
    out: list[Found] = []
    before: dict[int, int] = {}  # sentence -> place in `out`
    for f in sorted(found, key=lambda f: f.token):
        sentence = parse.sentence_of[f.token]
        place = before.get(sentence)
        if place is not None and f.stance == "denies" and f.frame in ("object", "object-predicate"):
            earlier = out[place]
            start = _aside_start(parse, f, earlier, cues)
            if start is not None:
                clipped = tuple(Span(s.start, min(s.end, start)) for s in earlier.content if s.start < start)
                if clipped:
                    named = tuple(s for s in f.content if s.start >= start)  # "a claim"; nothing for "which"
                    f = replace(f, content=(*clipped, *named))
                    out[place] = replace(earlier, content=clipped)
        if f.frame in ("clause", "preposition"):
            before[sentence] = len(out)
        out.append(f)
    return out


def _aside_start(parse: Parse, f: Found, earlier: Found, cues: SpeechCues) -> int | None:
    """Where the comma stands before "which X denied" or "a claim X rejected"; None when the denial is no such aside."""
    first = parse.left[f.token]
    if parse.tokens[f.token].dep == "acl":  # "a claim" stands above its contact clause
        first = parse.left[parse.tokens[f.token].head]
    if first <= earlier.token or parse.tokens[first - 1].text != ",":
        return None
    head = parse.head_of(f.content[0].start, f.content[0].end)
    claim = head is not None and head >= first and parse.tokens[head].lemma.lower() in cues.deniable
    return parse.tokens[first - 1].start if claim or parse.tokens[first].lower == "which" else None


def inside_marked(parse: Parse, marked: Sequence[Marked]) -> set[int]:
    """The tokens inside utterances."""
    return {k for m in marked if m.utterance for k in range(m.first, m.last + 1)}


def counts(parse: Parse, f: Found, quoted: bool, cues: SpeechCues) -> bool:
    """Whether a cue with its content is an attribution at all.

    Inside somebody's quoted words only plain speech of a third party counts (hearsay); attitudes there are the
    speaker's. An attitude towards a thing ("backs the deal") counts where it is stated, not where it is only
    possible, wished for, or part of a description ("voters who back her").
    """
    if quoted:
        return f.frame == "clause" and "quote" in f.entry.frames and f.voice is not None and _is_third(parse, f)
    if f.entry.only_documents:
        return f.voice is not None and parse.tokens[f.voice.head].lemma.lower() in cues.documents
    if f.frame in _WEAK:
        return f.voice is not None and (f.entry.stance == "denies" or _is_stated(parse, f))
    return True


_WEAK = ("object", "gerund")
_OUTER = ("quote", "clause", "according-to", "colon", "noun-clause")


def without_inner_attitudes(parse: Parse, found: Sequence[Found]) -> list[Found]:
    """Leave out attitudes inside what somebody else says: they are part of it ("he said she wants ...").

    Kept inside: plain speech, because it makes a chain of sources, and denials, because claims need them.
    """
    depth = [0] * (len(parse.tokens) + 1)
    for f in found:
        if f.frame in _OUTER:
            for s in f.content:
                inside = parse.tokens_in(s.start, s.end)
                if inside:
                    depth[inside[0]] += 1
                    depth[inside[-1] + 1] -= 1
    for k in range(1, len(depth)):
        depth[k] += depth[k - 1]
    return [f for f in found if not depth[f.token] or _is_chain(parse, f)]


def _is_chain(parse: Parse, f: Found) -> bool:
    if f.entry.stance == "denies" or f.frame in ("quote", "colon", "according-to"):
        return True
    if f.frame != "clause" or "quote" not in f.entry.frames or f.voice is None:
        return False
    return parse.tokens[f.voice.head].pos != "PRON"  # "he said" inside his own words is no new source


def _is_third(parse: Parse, f: Found) -> bool:
    head = parse.tokens[f.voice.head] if f.voice is not None else None
    return head is not None and head.ent in ("PERSON", "ORG", "GPE", "NORP")


def _is_stated(parse: Parse, f: Found) -> bool:
    """A finite verb of a main clause, or a participle that goes with one."""
    t = parse.tokens[f.token]
    if t.dep in ("relcl", "pcomp", "csubj"):
        return False
    return not any(x.tag in ("MD", "TO") for x in parse.kids(t.i, "aux"))
