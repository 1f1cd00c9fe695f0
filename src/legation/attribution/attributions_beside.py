"""Quotations beside a cue, quotations that run on, and those whose speaker stands near by."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import replace

from legation.attribution.attributions_frames import Found
from legation.attribution.attributions_marks import Marked
from legation.attribution.attributions_phrases import Voice, agent, cue_span, noun_phrase, subject
from legation.attribution.attributions_tree import is_passive, particle
from legation.attribution.cues import CueEntry, SpeechCues
from legation.model.parse import Parse, Token
from legation.model.text import Span

_REACH = 45  # tokens between a cue and its quotation: room for "said X, who ... , in an interview on Monday"
_TAIL = 10  # tokens
_DASHES = ("—", "―", "–", "--", "-")


def beside(
    parse: Parse, found: list[Found], marked: Sequence[Marked], cues: SpeechCues
) -> tuple[list[Found], set[int]]:
    """Give quotations to the cues beside them. Returns all attributions and the numbers of the quotations used."""
    firsts = [m.first for m in marked]
    by_token = {f.token: k for k, f in enumerate(found)}
    out = list(found)
    used: set[int] = set()
    for token in parse.tokens:
        entry = _quote_entry(parse, token, cues)
        if entry is None or not marked:
            continue
        k = bisect.bisect_right(firsts, token.i)
        inside = k > 0 and marked[k - 1].first <= token.i <= marked[k - 1].last
        if inside:
            continue
        near: list[int] = []
        if k > 0 and (k - 1) not in used and _closes_before(parse, token, marked[k - 1]):
            near.append(k - 1)
        if k < len(marked) and k not in used and _opens_after(parse, token, marked[k], bool(near)):
            near.append(k)
        if not near:
            continue
        old = by_token.get(token.i)
        if old is not None and _mixed(parse, out[old], [marked[n] for n in near]):
            continue
        if is_passive(parse, token) and agent(parse, token.i) is None:
            continue  # "Asked about it, he said ...": the quotation is another's
        used.update(near)
        content = tuple(_led_in(parse, marked[n], marked[n].last < token.i) for n in near)
        if old is not None:
            out[old] = replace(out[old], content=_with_lead(out[old], content), frame="quote", entry=entry)
        else:
            passive = is_passive(parse, token)
            voice = agent(parse, token.i) if passive else subject(parse, token.i, cues)
            voice = voice or _inverted(parse, token, marked[near[0]])
            by_token[token.i] = len(out)
            out.append(Found(entry, "quote", token.i, voice, cue_span(parse, token.i), content, entry.stance))
        f = out[by_token[token.i]]
        if f.voice is None or _inside_mark(f.voice, marked, near):
            out[by_token[token.i]] = replace(f, voice=_inverted(parse, token, marked[near[0]]))
    return out, used


def _mixed(parse: Parse, old: Found, near: list[Marked]) -> bool:
    """Whether the clause of the cue holds more than the quotation in it: then the clause stands.

    Either it leads into the quotation ("said the plan was "a trap""), or it goes on after it.
    """
    if old.frame != "clause":
        return False
    for m in near:
        before = parse.tokens[m.first - 1].text if m.first else ""
        for s in old.content:
            if s.start + 4 < m.start < s.end and (m.opens_small(parse) or before not in (",", ":")):
                return True
            if s.start <= m.start + 2 and m.end + 8 < s.end and before not in (",", ":") and m.start > old.cue.start:
                return True
    return False


def _led_in(parse: Parse, m: Marked, before: bool) -> Span:
    """A quotation before its cue that opens in mid-sentence takes the words of its sentence that lead into it."""
    s = parse.sentences[parse.sentence_of[m.first]]
    if before and m.opens_small(parse) and s.start + 1 < m.start and parse.tokens[m.first - 1].text != ".":
        return Span(s.start, m.end)
    return m.span


def _inside_mark(voice: Voice, marked: Sequence[Marked], near: list[int]) -> bool:
    return any(marked[n].first <= voice.head <= marked[n].last for n in near)


def _with_lead(old: Found, content: tuple[Span, ...]) -> tuple[Span, ...]:
    """The quotations; a stretch of the clause that lies wholly outside them is kept when it leads into them."""
    lead = [s for s in old.content if s.start < content[0].start and s.end <= content[0].start + 1]
    lead = [s for s in lead if content[0].start - s.end <= 3]
    return (*lead, *content) if old.frame == "clause" else content


def _quote_entry(parse: Parse, token: Token, cues: SpeechCues) -> CueEntry | None:
    if token.pos not in ("VERB", "AUX", "NOUN", "PROPN") and token.tag[:2] != "VB":
        return None
    for entry in cues.verbs.get(token.lemma.lower(), ()):
        complete = entry.particle is None or particle(parse, token.i, entry.particle) is not None
        if "quote" in entry.frames and token.tag[:1] == "V" and complete:
            return entry
    return None


def _closes_before(parse: Parse, token: Token, m: Marked) -> bool:
    """`"...," S said`, `"...," said S`: only the source and adverbs stand between the mark and the cue."""
    gap = token.i - m.last - 1
    if m.runs_on or gap > _REACH or parse.sentences[parse.sentence_of[m.last]].paragraph != _paragraph(parse, token):
        return False
    body = parse.text[m.start : m.end].rstrip("”\"'’ »")
    between = range(m.last + 1, token.i)
    comma = body[-1:] in ",?!—-" or (bool(between) and parse.tokens[m.last + 1].text in (",", "-", "—", "–"))
    if not comma:
        return False
    if m.title or (not m.utterance and body[-1:] != ","):
        return False
    own = parse.kid(token.i, "nsubj")
    allowed: set[int] = set()
    if own is not None:
        allowed = set(range(parse.left[own.i], parse.right[own.i] + 1))
    for k in between:
        t = parse.tokens[k]
        if k in allowed:
            continue
        if t.text in (".", ";", ":"):
            return False
        if t.tag in ("VBD", "VBZ", "VBP", "MD") and t.dep not in ("relcl", "aux") and t.head != token.i:
            return False
    return True


def _opens_after(parse: Parse, token: Token, m: Marked, linked: bool) -> bool:
    """`S said: "..."`, `S told reporters on Monday, "..."`, `"A," S said, "B"`: no other predicate between."""
    gap = m.first - token.i - 1
    before = parse.tokens[m.first - 1]
    if gap > _REACH or (m.paragraph != _paragraph(parse, token) and (before.text != ":" or not _opens_block(parse, m))):
        return False
    if m.title or (not m.utterance and not linked):
        return False
    colon = before.text == ":"
    if before.text not in (",", ":", "—", "–", "--", "-", "that") and m.first - 1 != token.i:
        return False
    if before.text == "," and not m.utterance:
        return False
    if before.text == "that" and not _whole(parse, m):
        return False
    for k in range(token.i + 1, m.first):
        t = parse.tokens[k]
        if t.text in (".", ";", "?", "!"):
            return False
        if not colon and t.tag in ("VBD", "VBZ", "VBP", "MD") and not _in_relative(parse, k, token.i):
            return False
    return True


def _opens_block(parse: Parse, m: Marked) -> bool:
    """Whether the quotation opens its paragraph ("She said:", and the quotation on the next line)."""
    return parse.sentences[parse.sentence_of[m.first - 1]].paragraph == m.paragraph - 1


def _whole(parse: Parse, m: Marked) -> bool:
    """Whether the sentence ends with the quotation."""
    return parse.sentences[parse.sentence_of[m.last]].last <= m.last + 1


def _in_relative(parse: Parse, k: int, top: int) -> bool:
    for _ in range(8):
        t = parse.tokens[k]
        if t.dep in ("relcl", "acl", "advcl"):
            return True
        if k == top or t.head == k:
            return False
        k = t.head
    return False


def _paragraph(parse: Parse, token: Token) -> int:
    return parse.sentences[parse.sentence_of[token.i]].paragraph


def _inverted(parse: Parse, token: Token, m: Marked) -> Voice | None:
    """The noun phrase right after ("said Smith") or before the cue, read from the surface."""
    for own in parse.kids(token.i, "nsubj"):  # a second subject, where the tree took the quotation for the first
        if not m.first <= own.i <= m.last:
            return Voice(own.i, noun_phrase(parse, own.i, token.i))
    n = len(parse.tokens)
    order = (token.i + 1, token.i - 1) if m.last < token.i else (token.i - 1,)
    for k in order:
        if not 0 <= k < n:
            continue
        t = parse.tokens[k]
        if t.pos in ("DET", "ADJ", "PROPN", "NOUN", "NUM") or (t.pos == "PRON" and t.tag == "PRP"):
            head = k
            while parse.tokens[head].head != head and parse.tokens[parse.tokens[head].head].pos in ("NOUN", "PROPN"):
                up = parse.tokens[head].head
                if parse.tokens[head].dep not in ("compound", "det", "amod", "nmod", "poss", "nummod"):
                    break
                head = up
            if head <= m.last and m.first <= head:
                continue
            return Voice(head, noun_phrase(parse, head, token.i))
    return None


def carried(
    parse: Parse, found: list[Found], marked: Sequence[Marked], used: set[int], cues: SpeechCues
) -> list[Found]:
    """Quotations without a cue of their own: joined to the attribution they go on with (changes `found`), or new."""
    start_of = {m.start: n for n, m in enumerate(marked)}
    owner = {
        start_of[s.start]: k
        for k, f in enumerate(found)
        if f.frame in ("quote", "colon")
        for s in f.content
        if s.start in start_of
    }
    covered = _covered(found, marked)
    last_in = {parse.sentence_of[f.token]: k for k, f in enumerate(found) if "quote" in f.entry.frames}
    extra: list[Found] = []
    before: int | None = None  # the last utterance that has a speaker
    for n, m in enumerate(marked):
        if n in used or n in covered or not m.utterance or not _stands_alone(parse, m, cues):
            before = n if n in owner else before
            continue
        signed = _signed(parse, m, cues)
        if signed is not None:
            extra.append(signed)
            before = None
            continue
        k = _said_before(parse, m, last_in, found)
        if k is None and before is not None and _follows(parse, found[owner[before]], marked[before], m):
            k = owner[before]
        if k is not None:
            found[k] = replace(found[k], content=(*found[k].content, _with_tail(parse, m)))
            owner[n], before = k, n
            continue
        voice = _near_by(parse, m)
        if voice is not None:
            extra.append(
                Found(
                    cues.marks["quotation-speaker-near-by"], "quote", m.first, voice, Span(0, 0), (m.span,), "asserts"
                )
            )
    return extra


def _covered(found: list[Found], marked: Sequence[Marked]) -> set[int]:
    """Quotations that lie inside the content of some attribution already."""
    spans = sorted({(s.start, s.end) for f in found for s in f.content})
    starts = [a for a, _ in spans]
    ends: list[int] = []
    top = 0
    for _, b in spans:
        top = max(top, b)
        ends.append(top)
    out: set[int] = set()
    for n, m in enumerate(marked):
        k = bisect.bisect_right(starts, m.start + 1) - 1
        if k >= 0 and ends[k] >= m.end - 2:
            out.add(n)
    return out


def _stands_alone(parse: Parse, m: Marked, cues: SpeechCues) -> bool:
    """Whether the quotation is a sentence or several of their own: nothing but it stands between two stops."""
    before = parse.tokens[m.first - 1] if m.first else None
    first_in_paragraph = before is None or parse.sentences[parse.sentence_of[before.i]].paragraph != m.paragraph
    if not first_in_paragraph and before is not None and before.text[-1] not in ".!?:”\"'":
        return False
    body = parse.text[m.start : m.end].rstrip("”\"'’ »")
    if m.runs_on or _signed(parse, m, cues) is not None:
        return True
    if body[-1:] in ".!?…":
        return True
    s = parse.sentences[parse.sentence_of[m.last]]
    return body[-1:] != "," and s.last - m.last <= _TAIL and not m.opens_small(parse)


def _with_tail(parse: Parse, m: Marked) -> Span:
    """A quotation that breaks off is finished in the reporter's words: ("..." for the rich.)."""
    body = parse.text[m.start : m.end].rstrip("”\"'’ »")
    if m.runs_on or body[-1:] in ".!?…":
        return m.span
    return Span(m.start, max(m.end, parse.sentences[parse.sentence_of[m.last]].end))


def _follows(parse: Parse, f: Found, before: Marked, m: Marked) -> bool:
    """Whether a quotation goes on with the one before: nothing but the cue's own sentence stands between them."""
    if m.paragraph - before.paragraph > 1 or m.first - before.last > _REACH:
        return False
    if before.runs_on:
        return True
    s = parse.sentences[parse.sentence_of[m.first]]
    prior = s.i - 1 if s.first >= m.first else s.i
    return prior <= max(parse.sentence_of[f.token], parse.sentence_of[before.last])


def _signed(parse: Parse, m: Marked, cues: SpeechCues) -> Found | None:
    """`"..." — Name`, as under a motto, a letter or in a collection of voices."""
    k = m.last + 1
    if k + 1 >= len(parse.tokens) or parse.tokens[k].text not in _DASHES or parse.tokens[k + 1].pos != "PROPN":
        return None
    s = parse.sentences[parse.sentence_of[k + 1]]
    if s.paragraph != m.paragraph or s.last - k > _TAIL:
        return None
    end = k + 1
    while end < s.last and parse.tokens[end + 1].pos == "PROPN":
        end += 1
    dash = Span(parse.tokens[k].start, parse.tokens[k].end)
    voice = Voice(end, Span(parse.tokens[k + 1].start, parse.tokens[end].end))
    return Found(cues.marks["quotation-signed"], "quote", k, voice, dash, (m.span,), "asserts")


def _said_before(parse: Parse, m: Marked, last_in: dict[int, int], found: list[Found]) -> int | None:
    """The attribution of the sentence before in the same paragraph, when its cue is that sentence's own verb."""
    s = parse.sentences[parse.sentence_of[m.first]]
    prior = parse.sentences[s.i - 1] if s.first >= m.first and s.i else s
    k = last_in.get(prior.i)
    if k is None or prior.paragraph != m.paragraph or found[k].frame not in ("clause", "quote"):
        return None
    if found[k].token > m.first or parse.tokens[found[k].token].dep not in (
        "ROOT",
        "conj",
        "advcl",
        "parataxis",
        "ccomp",
    ):
        return None
    return k


def _near_by(parse: Parse, m: Marked) -> Voice | None:
    """The subject of the sentence before in the same paragraph ("Arnor disagreed. "That is wrong."")."""
    s = parse.sentences[parse.sentence_of[m.first]]
    if s.i == 0:
        return None
    prior = parse.sentences[s.i - 1] if s.first >= m.first else s
    if prior.paragraph != m.paragraph:
        return None
    root = next((k for k in range(prior.first, min(prior.last + 1, m.first)) if parse.tokens[k].head == k), None)
    if root is None:
        return None
    own = parse.kid(root, "nsubj")
    if own is None or (own.ent not in ("PERSON", "ORG", "NORP", "GPE") and own.lower not in ("he", "she", "they")):
        return None
    return Voice(own.i, noun_phrase(parse, own.i))
