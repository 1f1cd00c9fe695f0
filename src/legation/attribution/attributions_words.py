"""Cues that are not verbs: nouns ("the claim that"), adjectives, adverbs, "according to"."""

from __future__ import annotations

from collections.abc import Iterator

from legation.attribution.attributions_clauses import opens_with_that
from legation.attribution.attributions_frames import TURNED, Found
from legation.attribution.attributions_objects import preposition
from legation.attribution.attributions_phrases import (
    Voice,
    agent,
    cue_span,
    is_negated,
    noun_phrase,
    spans_of,
    subject,
    voice_of,
)
from legation.attribution.attributions_tree import is_infinitive, is_passive, subtree
from legation.attribution.cues import CueEntry, SpeechCues
from legation.model.parse import Parse, Token
from legation.model.text import Span


def mistagged(parse: Parse, token: Token, entry: CueEntry, cues: SpeechCues) -> Iterator[Found]:
    """ ", court records show." where the tagger took the verb for a noun: a document, the verb, the end."""
    s = parse.sentence(token.i)
    if "clause" not in entry.frames or token.i <= s.first + 3 or token.i < s.last - 1:
        return
    first = token.i - 1
    if parse.tokens[first].lemma.lower() not in cues.documents:
        return
    while first > s.first and parse.tokens[first - 1].text != "," and token.i - first < 8:
        first -= 1
    if parse.tokens[first - 1].text != ",":
        return
    content = spans_of(parse, list(range(s.first, first - 1)))
    voice = Voice(token.i - 1, Span(parse.tokens[first].start, parse.tokens[token.i - 1].end))
    yield Found(entry, "clause", token.i, voice, Span(token.start, token.end), content, entry.stance)


def noun_frames(parse: Parse, token: Token, entry: CueEntry, cues: SpeechCues) -> Iterator[Found]:
    """A noun that names something said ("the claim that", "criticism of")."""
    content: tuple[Span, ...] = ()
    frame = ""
    if "noun-clause" in entry.frames:
        made = [m for m in parse.kids(token.i, "acl") if m.lemma in cues.light and m.tag == "VBN"]
        for c in (*parse.kids(token.i, "acl", "ccomp", "relcl"), *(c for m in made for c in parse.kids(m.i, "ccomp"))):
            if c.i > token.i and (is_infinitive(parse, c) or opens_with_that(parse, c, cues)):
                content, frame = spans_of(parse, subtree(parse, c.i)), "noun-clause"
                break
    if not content and "noun-preposition" in entry.frames:
        for t in parse.kids(token.i, "prep"):
            if t.lower in entry.prepositions and t.i > token.i:
                content = spans_of(parse, [k for k in subtree(parse, t.i) if k != t.i])
                frame = "noun-preposition"
                break
    if not content and "noun-preposition" in entry.frames:
        for up in parse.kids(token.i, "acl", "csubj"):  # "claims made against X by Y"
            for t in parse.kids(up.i, "prep") if up.lemma in cues.light and up.i == token.i + 1 else ():
                if t.lower in entry.prepositions:
                    content = spans_of(parse, [k for k in subtree(parse, t.i) if k != t.i])
                    frame = "noun-preposition"
    if not content:
        return
    voice, verb = _noun_source(parse, token, entry, cues)
    stance = entry.stance
    if any(t.lower in ("no", "without") for t in parse.kids(token.i, "det")):
        stance = TURNED[stance]
    if stance == "asserts" and any(t.lower in cues.denying_predicates for t in parse.kids(token.i, "amod")):
        stance = "doubts"  # "its baseless claim": the reporter's judgement
    span = Span(token.start, token.end)
    if verb is not None and verb.i < token.i:
        span = Span(cue_span(parse, verb.i).start, token.end)
    yield Found(entry, frame, token.i, voice, span, content, stance)


def _noun_source(parse: Parse, token: Token, entry: CueEntry, cues: SpeechCues) -> tuple[Voice | None, Token | None]:
    """Possessor, "by" phrase, "from"/"of" phrase, or the subject of a light verb; with that verb."""
    poss = parse.kid(token.i, "poss")
    if poss is not None:
        last = poss.i if parse.kid(poss.i, "case") is not None else parse.right[poss.i]
        span = Span(parse.tokens[parse.left[poss.i]].start, parse.tokens[last].end)  # without the 's
        return Voice(poss.i, span), None
    by = agent(parse, token.i)
    if by is not None:
        return by, None
    for a in parse.kids(token.i, "acl", "csubj"):
        if a.i > token.i and a.lemma in cues.light and agent(parse, a.i) is not None:
            return agent(parse, a.i), None
    for t in parse.kids(token.i, "prep"):
        if t.lower in ("from", "among", "of") and t.lower not in entry.prepositions:
            obj = parse.kid(t.i, "pobj")
            if obj is not None:
                return voice_of(parse, obj.i), None
    for t in parse.kids(token.i, "amod", "compound", "nmod"):
        if t.ent in ("NORP", "ORG", "GPE", "PERSON") and t.text[0].isupper():
            return Voice(t.i, Span(parse.tokens[parse.left[t.i]].start, t.end)), None
    up = parse.tokens[token.head]
    if (
        token.dep in ("dobj", "attr")
        and up.pos in ("VERB", "AUX")
        and up.lemma in cues.light
        and not is_passive(parse, up)
    ):
        return subject(parse, up.i, cues), up
    if token.dep == "pobj" and parse.tokens[up.head].lemma in cues.light and parse.tokens[up.head].pos == "VERB":
        return subject(parse, up.head, cues), parse.tokens[up.head]
    return None, None


def adjective_frames(parse: Parse, token: Token, entry: CueEntry, cues: SpeechCues) -> Iterator[Found]:
    """ "is confident that", "is worried about", "was keen to"."""
    up = parse.tokens[token.head]
    if token.dep not in ("acomp", "attr", "conj", "ROOT") or (up.pos not in ("AUX", "VERB") and up.i != token.i):
        return
    content: tuple[Span, ...] = ()
    for c in parse.kids(token.i, "ccomp", "xcomp"):
        if c.i > token.i:
            content = spans_of(parse, subtree(parse, c.i))
            break
    if not content:
        content = preposition(parse, token, entry, False, cues)
    if not content:
        return
    stance = TURNED[entry.stance] if is_negated(parse, up.i) or is_negated(parse, token.i) else entry.stance
    voice = subject(parse, up.i, cues)
    span = Span(token.start, token.end)
    if up.i < token.i and token.i - up.i <= 4:
        span = Span(cue_span(parse, up.i).start, token.end)
    yield Found(entry, "adjective", token.i, voice, span, content, stance)


def adverb_frames(parse: Parse, token: Token, entry: CueEntry, cues: SpeechCues) -> Iterator[Found]:
    """ "reportedly", "allegedly": nobody is named, the clause is the content."""
    if token.dep != "advmod" or token.head == token.i:
        return
    head = token.head
    tokens = [k for k in subtree(parse, head) if k != token.i]
    content = spans_of(parse, tokens)
    if content:
        yield Found(entry, "adverb", token.i, None, Span(token.start, token.end), content, entry.stance)


def according_to(parse: Parse, token: Token, entry: CueEntry, cues: SpeechCues) -> Iterator[Found]:
    """ "according to S": the clause it hangs on is the content."""
    first = last = token
    words = entry.lemmas[0].split()
    if token.lower != words[0]:
        return
    for k, word in enumerate(words):
        i = token.i + k
        if i >= len(parse.tokens) or parse.tokens[i].lower != word:
            return
        last = parse.tokens[i]
    obj = parse.kid(last.i, "pobj") or parse.kid(first.i, "pobj")
    if obj is None:
        return
    content = spans_of(parse, _clause_around(parse, first))
    voice = Voice(obj.i, noun_phrase(parse, obj.i))
    if content:
        yield Found(entry, "according-to", token.i, voice, Span(first.start, last.end), content, entry.stance)


def _clause_around(parse: Parse, first: Token) -> list[int]:
    """The nearest clause that "according to" hangs on, without a subordinate clause that comes before it."""
    head = parse.tokens[first.head]
    if head.i == first.i:
        return []
    for _ in range(30):
        if head.pos in ("VERB", "AUX") and head.dep not in ("xcomp", "aux", "auxpass", "amod"):
            break
        if head.dep == "prep" and head.lower == "with" and parse.tokens[max(head.i - 1, 0)].text == ",":
            break
        if head.head == head.i:
            break
        head = parse.tokens[head.head]
    without = {first.i}
    for t in parse.kids(head.i, "advcl"):
        if parse.right[t.i] < min(head.i, first.i) and parse.tokens[parse.right[t.i] + 1].text == ",":
            without.add(t.i)
    return subtree(parse, head.i, without)
