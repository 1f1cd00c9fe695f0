"""The last step: manner, stance from the reporter's own words, mentions, order; from `Found` to `Attribution`."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from legation.attribution.attributions_frames import Found
from legation.attribution.attributions_marks import Marked
from legation.attribution.cues import SpeechCues
from legation.model.actors import Mention
from legation.model.claims import Attribution, Manner, Stance
from legation.model.parse import Parse
from legation.model.text import Span


def finish(
    parse: Parse, found: Sequence[Found], marked: Sequence[Marked], mentions: Sequence[Mention], cues: SpeechCues
) -> tuple[Attribution, ...]:
    """Sorted, without doubles (same content and source), each with manner and source mention."""
    ends = [m.end for m in marked]
    heads = {m.head: k for k, m in enumerate(mentions)}
    order = sorted(range(len(mentions)), key=lambda k: mentions[k].start)
    starts = [mentions[k].start for k in order]
    out: dict[tuple[Span | None, tuple[Span, ...]], Attribution] = {}
    for f in found:
        content = _joined(tuple(_to_quote_end(s, marked, ends) for s in f.content))
        if not content:
            continue
        nobody = _is_nobody(parse, f, cues)
        source = f.voice.span if f.voice is not None and not nobody else None
        cue = f.cue if f.cue.end > f.cue.start else None
        a = Attribution(
            source=source,
            cue=cue,
            content=content,
            stance=_stance(parse, f, cues),
            manner=_manner(parse, f, content, marked, ends, cues),
            source_mention=None if nobody else _mention(f, mentions, heads, order, starts),
            cue_id=f.entry.id,
        )
        out.setdefault((source, content), a)
    sourced = {content for source, content in out if source is not None}
    out = {k: a for k, a in out.items() if k[0] is not None or k[1] not in sourced}
    return tuple(
        sorted(out.values(), key=lambda a: (a.content[0].start, -a.content[-1].end, a.cue.start if a.cue else -1))
    )


def _to_quote_end(s: Span, marked: Sequence[Marked], ends: list[int]) -> Span:
    """A clause that opens a quotation runs to the end of it, over further sentences."""
    k = bisect.bisect_right(ends, s.end - 1)
    if k < len(marked) and s.start < marked[k].start < s.end < marked[k].end:
        return Span(s.start, marked[k].end)
    if k < len(marked) and s.start == marked[k].start + 1 and s.end >= marked[k].end - 3:
        return Span(marked[k].start, max(s.end, marked[k].end))
    return s


def _joined(content: tuple[Span, ...]) -> tuple[Span, ...]:
    out: list[Span] = []
    for s in sorted(content, key=lambda s: (s.start, s.end)):
        if s.end <= s.start:
            continue
        if out and s.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, s.end))
        else:
            out.append(s)
    return tuple(out)


def _stance(parse: Parse, f: Found, cues: SpeechCues) -> Stance:
    """The cue's stance; the reporter's "without evidence" or "falsely" makes an assertion doubtful."""
    if f.stance != "asserts" or f.cue.end <= f.cue.start:
        return f.stance
    s = parse.sentence(f.token)
    inside = [(c.start, c.end) for c in f.content]
    a, b = max(s.start, f.cue.start - 60), min(s.end, f.cue.end + 60)
    window = parse.text[a:b].lower()
    for phrase in cues.denying_phrases:
        k = window.find(phrase)
        if k < 0:
            continue
        at = a + k
        if not any(x < at and at + len(phrase) < y for x, y in inside) or " " in phrase:
            return "doubts"
    return f.stance


def _manner(
    parse: Parse, f: Found, content: tuple[Span, ...], marked: Sequence[Marked], ends: list[int], cues: SpeechCues
) -> Manner:
    if f.entry.manner is not None:
        return f.entry.manner
    if f.frame == "according-to":
        kind: Manner = "according-to"
    else:
        kind = _quoted(content, marked, ends)
    if _is_nobody(parse, f, cues):
        return kind
    if f.voice is None:
        return kind if f.frame == "quote" else "unnamed"  # "is alleged to", "reports that": nobody is named
    head = parse.tokens[f.voice.head]
    if head.lemma.lower() in cues.documents and head.pos == "NOUN":
        return "document"
    if _is_unnamed(parse, f, cues):
        return "unnamed"
    return kind


def _quoted(content: tuple[Span, ...], marked: Sequence[Marked], ends: list[int]) -> Manner:
    """direct: every stretch is a quotation; mixed: some of it is; indirect: none."""
    whole = any_inside = 0
    for s in content:
        k = bisect.bisect_right(ends, s.start + 1)
        if k < len(marked) and marked[k].start < s.end:
            any_inside += 1
            if marked[k].start <= s.start + 1 and s.end <= marked[k].end + 2:
                whole += 1
    if whole == len(content):
        return "direct"
    return "mixed" if any_inside else "indirect"


def _is_nobody(parse: Parse, f: Found, cues: SpeechCues) -> bool:
    """ "Nobody said that", "no minister said that", "that shows that": the words stay, the source goes."""
    if f.voice is None or f.voice.antecedent is not None:
        return False
    head = parse.tokens[f.voice.head]
    words = parse.text[f.voice.span.start : f.voice.span.end].lower()
    return head.lower in cues.nobody or words in cues.nobody or any(t.lower == "no" for t in parse.kids(head.i, "det"))


def _is_unnamed(parse: Parse, f: Found, cues: SpeechCues) -> bool:
    """ "sources", "a senior official" without a name, or whoever speaks on condition of anonymity."""
    if f.voice is None:
        return False
    head = parse.tokens[f.voice.head]
    words = parse.tokens_in(f.voice.span.start, f.voice.span.end)
    named = any(parse.tokens[k].ent == "PERSON" for k in words)
    if named or head.pos == "PROPN":
        return False
    lemma = head.lemma.lower()
    if lemma in cues.unnamed:
        return True
    s = parse.sentence(f.token)
    text = parse.text[s.start : s.end].lower()
    if head.pos in ("NOUN", "PRON") and any(p in text for p in cues.anonymity):
        return True
    if lemma in cues.unnamed_when_bare:
        return not any(parse.tokens[k].lower in ("the", "his", "her", "their", "this", "that") for k in words)
    return False


def _mention(
    f: Found, mentions: Sequence[Mention], heads: dict[int, int], order: list[int], starts: list[int]
) -> int | None:
    """The mention at the source's head, else the one that covers it."""
    if f.voice is None or not mentions:
        return None
    head = f.voice.antecedent if f.voice.antecedent is not None else f.voice.head
    if head in heads:
        return heads[head]
    k = bisect.bisect_right(starts, f.voice.span.end - 1) - 1
    for j in range(k, max(-1, k - 8), -1):
        m = mentions[order[j]]
        if f.voice.antecedent is None and f.voice.span.start <= m.start and m.end <= f.voice.span.end:
            return order[j]
    return None
