"""The frames: from a cue word in the tree to its source and content. One function for each way of building it.

A frame says *where* content stands; which cues take which frames is data (`cues/speech_*.yml`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from legation.attribution.attributions_phrases import (
    RELATIVE,
    Voice,
    agent,
    cue_span,
    is_negated,
    noun_phrase,
    spans_of,
    subject,
    voice_of,
)
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


_TURNED: dict[Stance, Stance] = {"asserts": "doubts", "denies": "doubts", "doubts": "asserts"}


def verb_frames(parse: Parse, token: Token, entry: CueEntry, cues: SpeechCues) -> Iterator[Found]:
    """What the frames of a verb cue find; at most one attribution, from the first frame that fits."""
    v = token.i
    if entry.particle is not None and particle(parse, v, entry.particle) is None:
        return
    if entry.particle in ("for", "on") and parse.kid(v, "dobj") is not None:
        return  # "called its envoy back for talks"
    passive = is_passive(parse, token)
    voice = agent(parse, v) if passive else subject(parse, v)
    governor = _governor(parse, token)
    stance = entry.stance
    if is_negated(parse, v) or (governor is not None and _turns(parse, governor, cues)):
        stance = _TURNED[stance]
    frames = sorted(entry.frames, key=lambda f: f != "passive-infinitive") if passive else entry.frames
    for frame in frames:
        content = _CONTENT[frame](parse, token, entry, passive, cues) if frame in _CONTENT else ()
        if not content:
            continue
        if frame == "object-predicate":
            content, stance = _judged(parse, token, entry, content, stance, cues)
        if passive and voice is None and frame == "gerund":
            continue
        if stance != "asserts" and frame in ("object", "object-predicate"):
            content = _with_claim(parse, token, content, cues)
        yield Found(entry, frame, v, voice, cue_span(parse, v, governor.i if governor else None), content, stance)
        return


def particle(parse: Parse, v: int, word: str) -> Token | None:
    """The word that must stand with the verb ("point OUT", "make it CLEAR", "call FOR him to resign")."""
    for t in parse.kids(v):
        if t.i > v and t.lower == word and t.dep in ("prt", "prep", "advmod", "acomp", "oprd", "ccomp", "dative", "dobj"):
            return t
        if t.i > v and t.dep in ("advcl", "ccomp", "xcomp") and any(m.lower == word for m in parse.kids(t.i, "mark")):
            return t
    return None


def is_passive(parse: Parse, token: Token) -> bool:
    """A past participle without "have" and without a subject of its own."""
    if token.tag not in ("VBN", "VBD") or parse.kid(token.i, "nsubj") is not None:
        return False
    if parse.kid(token.i, "auxpass", "nsubjpass", "agent") is not None:
        return True
    if token.tag == "VBD":
        return token.dep == "advcl" and token.i < token.head and parse.kid(token.i, "dobj") is None
    if any(t.lemma == "have" for t in parse.kids(token.i, "aux")):
        return False
    if token.dep == "conj":
        return is_passive(parse, parse.tokens[token.head]) if parse.tokens[token.head].dep != "conj" else False
    return True


def _governor(parse: Parse, token: Token) -> Token | None:
    """The verb or adjective that an infinitive cue hangs on ("REFUSED to say")."""
    if token.dep != "xcomp" or token.tag != "VB":
        return None
    return parse.tokens[token.head]


def _turns(parse: Parse, governor: Token, cues: SpeechCues) -> bool:
    return (governor.lemma in cues.doubting) != is_negated(parse, governor.i)


def _subtree(parse: Parse, head: int, without: set[int] = frozenset()) -> list[int]:  # type: ignore[assignment]
    """Like Parse.subtree, leaving out the subtrees of `without`."""
    out, stack = [], [head]
    while stack:
        k = stack.pop()
        if k in without:
            continue
        out.append(k)
        stack.extend(parse.children[k])
    return sorted(out)


def _clause(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    """Complement clause after or around the cue, else the clause that the cue interrupts or closes."""
    v = token.i
    aside = particle(parse, v, entry.particle) if entry.particle is not None else None
    for c in (*parse.kids(v, "ccomp", "xcomp"), *_beneath(parse, aside)):
        if aside is not None and c.i == aside.i:
            continue
        if c.dep == "xcomp" and not _is_embedded(parse, c):
            continue
        if c.dep == "ccomp" and _is_infinitive(parse, c):
            continue
        if c.tag == "VBG" and parse.kid(c.i, "aux", "nsubj", "nsubjpass", "mark") is None:
            continue
        return spans_of(parse, _complement(parse, v, c, cues))
    for t in parse.kids(v, "prep"):  # "said in a statement that ..."
        obj = parse.kid(t.i, "pobj")
        for c in parse.kids(obj.i, "acl", "relcl", "ccomp") if obj is not None and t.i > v else ():
            if obj is not None and obj.lemma.lower() in cues.documents and _opens_with_that(parse, c, cues):
                return spans_of(parse, _complement(parse, obj.i, c, cues))
    if parse.right[v] - v > 5 or parse.kid(v, "dobj", "ccomp", "xcomp") is not None:
        return ()
    if token.dep == "parataxis" or (token.dep == "advcl" and any(t.lower == "as" for t in parse.kids(v, "mark", "advmod"))):
        return spans_of(parse, _subtree(parse, token.head, {v}))
    if "quote" in entry.frames and not passive:
        return _before_final_cue(parse, token)
    return ()


def _beneath(parse: Parse, aside: Token | None) -> list[Token]:
    """Clauses that the parser hung on the adjective of "made it CLEAR that ..."."""
    if aside is None or aside.pos != "ADJ":
        return []
    return [t for t in parse.kids(aside.i, "ccomp", "csubj", "advcl") if parse.kid(t.i, "mark") is not None]


def _complement(parse: Parse, v: int, c: Token, cues: SpeechCues) -> list[int]:
    """The tokens of a complement clause.

    Taken in: what the parser hung on the cue although it goes on with the clause. Left out: a further cue that the
    parser hung on the clause ("said he would go and suggested ..."), and "according to".
    """
    tokens = _subtree(parse, c.i, _foreign(parse, c, cues))
    n = len(parse.tokens)
    aside = parse.tokens[min(v + 1, n - 1)].text == ","  # "In May, he said, it was ...": all of it is content
    own = parse.kid(v, "nsubj")
    for t in parse.kids(v):
        if t.dep not in ("advcl", "prep", "npadvmod", "advmod", "conj") or t.i == c.i:
            continue
        left = parse.left[t.i]
        if t.dep == "conj":
            joins = t.i > v and c.i > v and _goes_on(parse, t, cues)
        elif t.i < v:
            joins = aside and c.i > v and own is not None and left < own.i and parse.tokens[own.i - 1].pos != "VERB"
        elif c.i > v:
            joins = left == max(tokens) + 1 or (left > max(tokens) and parse.tokens[left - 1].text == ",")
            joins = joins and t.lemma.lower() not in cues.verbs and t.lower != "according"
        else:
            joins = aside and t.lemma.lower() not in cues.verbs and t.lower != "according"
        if joins:
            tokens = sorted({*tokens, *_subtree(parse, t.i)})
    return _after_colon(parse, v, tokens, cues)


def _after_colon(parse: Parse, v: int, tokens: list[int], cues: SpeechCues) -> list[int]:
    """What is left of the sentence after the clause.

    "... for one reason: the price is too high" belongs to what is said, and so does a tail without comma or
    further cue, which the parser merely attached elsewhere.
    """
    last, end = tokens[-1], parse.sentence(v).last
    if last < v or last >= end:
        return tokens
    if last + 1 < end and parse.tokens[last + 1].text == ":":
        return [*tokens, *range(last + 2, end + 1)]
    rest = range(last + 1, end + 1)
    return tokens if any(_breaks(parse, k, cues) for k in rest) else [*tokens, *rest]


_PAUSES = frozenset({",", "--", "-", "—", "–", ";", ":"})


def _breaks(parse: Parse, k: int, cues: SpeechCues) -> bool:
    """Whether a token shows that the reporter speaks again."""
    t = parse.tokens[k]
    if t.text in _PAUSES or t.lower == "according":
        return True
    if t.tag[:2] != "VB":
        return False
    if t.dep == "conj" and t.tag in ("VBD", "VBZ"):
        return True
    return (t.dep == "advcl" and t.tag == "VBG") or (
        t.lemma.lower() in cues.verbs and parse.kid(k, "nsubj") is not None
    )


def _foreign(parse: Parse, c: Token, cues: SpeechCues) -> set[int]:
    """Parts of a complement clause that are not its own."""
    out: set[int] = set()
    for t in parse.kids(c.i, "conj", "advcl", "prep"):
        if t.lower == "according":
            out.add(t.i)
        elif t.dep == "advcl" and t.tag == "VBG" and t.i > c.i and parse.tokens[parse.left[t.i] - 1].text == ",":
            out.add(t.i)
        elif t.dep == "conj" and t.tag == "VBD" and parse.kid(c.i, "aux") is not None and not _has_subject(parse, t):
            out.add(t.i)  # "said he would go and called ...": the tense is that of the report
        elif t.dep == "conj" and _speaks(parse, t, cues) and parse.kid(t.i, "mark") is None:
            out.add(t.i)
        elif t.dep == "advcl" and _speaks(parse, t, cues) and any(x.lower in ("while", "as") for x in parse.kids(t.i)):
            out.add(t.i)
    return out


def _has_subject(parse: Parse, t: Token) -> bool:
    return parse.kid(t.i, "nsubj", "nsubjpass", "csubj", "expl", "mark") is not None


def _speaks(parse: Parse, t: Token, cues: SpeechCues) -> bool:
    """A verb of speech with a complement of its own, in the tense of a report."""
    return (
        t.tag in ("VBD", "VBZ", "VBP")
        and any("quote" in e.frames for e in cues.verbs.get(t.lemma.lower(), ()))
        and parse.kid(t.i, "ccomp") is not None
    )


def _goes_on(parse: Parse, t: Token, cues: SpeechCues) -> bool:
    """Whether a clause coordinated with the cue goes on with what is said: "that", or a new subject without a cue."""
    if any(x.lower == "that" for x in parse.kids(t.i, "mark")):
        return True
    speech = any("quote" in e.frames for e in cues.verbs.get(t.lemma.lower(), ()))
    return parse.kid(t.i, "nsubj", "nsubjpass") is not None and not speech


def _before_final_cue(parse: Parse, token: Token) -> tuple[Span, ...]:
    """All of the sentence before ", the ministry said." where the parser did not see the connection."""
    v, s = token.i, parse.sentence(token.i)
    if s.last - v > 6:
        return ()
    own = parse.kid(v, "nsubj")
    if own is None or parse.kid(v, "ccomp", "dobj", "xcomp") is not None:
        return ()
    first = min(parse.left[own.i], v)
    if first <= s.first + 3 or parse.tokens[first - 1].text != ",":
        return ()
    before = list(range(s.first, first - 1))
    if not any(parse.tokens[k].pos in ("VERB", "AUX") for k in before):
        return ()
    return spans_of(parse, before)


def _is_infinitive(parse: Parse, t: Token) -> bool:
    return any(x.tag == "TO" or x.lower == "to" for x in parse.kids(t.i, "aux", "mark"))


def _is_embedded(parse: Parse, t: Token) -> bool:
    """Whether an infinitive is an embedded question ("whether to", "how to")."""
    return any(x.tag in ("WRB", "WP", "WDT") or x.lower == "whether" for x in parse.kids(t.i))


def _infinitive(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    for c in parse.kids(token.i, "xcomp", "advcl", "ccomp"):
        if c.i > token.i and _is_infinitive(parse, c) and parse.kid(c.i, "nsubj", "nsubjpass") is None:
            target = parse.kid(token.i, "dobj", "dative")
            near = parse.right[target.i] if target is not None else token.i
            if parse.left[c.i] <= near + 3:
                return spans_of(parse, _subtree(parse, c.i))
    return ()


def _gerund(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    c = parse.kid(token.i, "xcomp", "ccomp", "pcomp")
    if c is not None and c.i > token.i and parse.tokens[parse.left[c.i]].tag == "VBG":
        return spans_of(parse, _subtree(parse, c.i))
    return ()


def _object(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    v = token.i
    if passive:
        own = parse.kid(v, "nsubjpass")
        if own is not None:
            return (voice_content(parse, own, v),)
        if token.dep == "acl":
            return (noun_phrase(parse, token.head, v),)
        return ()
    t = parse.kid(v, "dobj")
    if t is None:
        return _relative_gap(parse, token)
    if t.i < v and t.lower in RELATIVE:
        return (voice_content(parse, t, v),)
    if t.i < v:
        return spans_of(parse, _subtree(parse, t.i))
    own = parse.kid(v, "nsubj")
    wide = own is not None and own.lemma.lower() in cues.documents
    return spans_of(parse, _object_tail(parse, v, t.i, wide))


def _object_tail(parse: Parse, v: int, obj: int, wide: bool) -> list[int]:
    """An object with what follows it inside the verb phrase (the parser attaches "ban ON imports" to the verb).

    Asides after a comma about a name are left out. `wide`: what a survey shows goes on to the end of the phrase.
    """
    tokens = _subtree(parse, obj, _asides(parse, obj))
    for t in parse.kids(v, "prep", "advcl", "xcomp", "oprd", "advmod", "npadvmod"):
        if parse.left[t.i] != tokens[-1] + 1:
            continue
        if t.dep in ("advcl", "xcomp") and not _is_infinitive(parse, t) and not wide:
            continue
        if t.dep == "prep" and not wide and not _goes_with_object(parse, t):
            continue
        if t.dep in ("oprd", "advmod", "npadvmod") and not wide:
            continue
        tokens = sorted({*tokens, *_subtree(parse, t.i)})
    return tokens


def _goes_with_object(parse: Parse, prep: Token) -> bool:
    obj = parse.kid(prep.i, "pobj")
    return prep.lower in ("of", "for", "on", "against", "to", "with", "over", "about", "as", "between") and (
        obj is None or obj.ent not in ("DATE", "TIME")
    )


def _asides(parse: Parse, obj: int) -> set[int]:
    """Relative clauses and appositions that a comma sets off."""
    out: set[int] = set()
    name = parse.tokens[obj].pos in ("PROPN", "PRON")
    for t in parse.kids(obj, "relcl", "appos", "acl"):
        if t.i > obj and parse.tokens[parse.left[t.i] - 1].text == "," and (name or t.dep == "relcl"):
            out.add(t.i)
    return out


def _relative_gap(parse: Parse, token: Token) -> tuple[Span, ...]:
    """ "the deal Arnor rejected": the noun before a relative clause that has a subject and no object."""
    own = parse.kid(token.i, "nsubj")
    if token.dep not in ("relcl", "acl") or own is None or own.lower in RELATIVE:
        return ()
    if parse.kid(token.i, "prep", "xcomp", "ccomp") is not None:
        return ()
    return (noun_phrase(parse, token.head, token.i),)


def voice_content(parse: Parse, t: Token, v: int) -> Span:
    """The noun phrase that is talked about; a relative pronoun gives way to its antecedent."""
    voice = voice_of(parse, t.i, v)
    return noun_phrase(parse, voice.antecedent, v) if voice.antecedent is not None else voice.span


def _object_predicate(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    """Object and predicate ("called the vote a farce", "dismissed it as a trick", "an accusation it called baseless")."""
    v = token.i
    predicate = _predicate(parse, token, entry)
    if predicate is None:
        return ()
    obj = parse.kid(v, "nsubjpass") if passive else parse.kid(v, "dobj") or _small_subject(parse, token)
    tail = _subtree(parse, predicate)
    if obj is None:
        above = _relative_gap(parse, token)
        if token.dep == "acl" and passive:
            above = (noun_phrase(parse, token.head, v),)
        return (*above, *spans_of(parse, tail))
    if obj.lower in RELATIVE or obj.i < v:
        return (voice_content(parse, obj, v), *spans_of(parse, tail))
    return spans_of(parse, sorted({*_subtree(parse, obj.i), *tail}))


def _small_subject(parse: Parse, token: Token) -> Token | None:
    c = parse.kid(token.i, "ccomp", "oprd")
    return parse.kid(c.i, "nsubj") if c is not None else None


def _predicate(parse: Parse, token: Token, entry: CueEntry) -> int | None:
    v = token.i
    for t in parse.kids(v, "prep"):
        if t.lower in entry.prepositions and t.i > v:
            return t.i
    for t in parse.kids(v, "oprd", "ccomp", "acomp"):
        if t.i > v and t.pos in ("NOUN", "ADJ", "PROPN", "NUM", "VERB") and not parse.kids(t.i, "aux", "mark"):
            if t.pos != "VERB" or "as" not in entry.prepositions:
                return t.i
    obj = parse.kid(v, "dobj")
    if obj is not None and "as" not in entry.prepositions:
        for t in parse.kids(obj.i, "appos"):
            if t.i > obj.i and parse.tokens[parse.left[t.i] - 1].text != ",":
                return t.i
    return None


def _judged(
    parse: Parse, token: Token, entry: CueEntry, content: tuple[Span, ...], stance: Stance, cues: SpeechCues
) -> tuple[tuple[Span, ...], Stance]:
    """A predicate such as "baseless" denies what it is said of, which alone is then the content."""
    predicate = _predicate(parse, token, entry)
    if predicate is None:
        return content, stance
    words = {parse.tokens[k].lower for k in _subtree(parse, predicate)} | {
        parse.tokens[k].lemma for k in _subtree(parse, predicate)
    }
    if words & cues.denying_predicates and _is_claim(parse, token, cues):
        start = parse.tokens[parse.left[predicate]].start
        kept = tuple(_cut(parse, s, start) for s in content if s.start < start)
        return (kept or content), ("doubts" if stance != entry.stance else "denies")
    return content, stance


def _is_claim(parse: Parse, token: Token, cues: SpeechCues) -> bool:
    """Whether what is judged is itself something said: "the charges", "a report", "it"; not "the climate"."""
    obj = parse.kid(token.i, "dobj", "nsubjpass") or _small_subject(parse, token)
    if obj is None or obj.lower in RELATIVE:
        head = parse.tokens[token.head] if token.dep in ("relcl", "acl") else obj
        return head is None or head.lemma.lower() in cues.nouns or head.lemma.lower() in cues.documents
    lemma = obj.lemma.lower()
    return obj.pos == "PRON" or lemma in cues.nouns or lemma in cues.documents


def _cut(parse: Parse, s: Span, end: int) -> Span:
    """A span that ends before `end`, without white space at its end."""
    inside = parse.tokens_in(s.start, min(s.end, end))
    return Span(s.start, parse.tokens[inside[-1]].end) if inside else s


def _order(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    """Somebody and what they are to do."""
    v = token.i
    goal = next((c for c in parse.kids(v, "xcomp", "ccomp", "advcl") if c.i > v and _is_infinitive(parse, c)), None)
    target = parse.kid(v, "nsubjpass") if passive else parse.kid(v, "dobj")
    if not passive:
        for t in parse.kids(v, "prep"):
            if t.lower in entry.prepositions and t.i > v:
                obj = parse.kid(t.i, "pobj")
                target = obj if obj is not None else target
    if goal is None and target is not None and not passive:
        goal = next((c for c in parse.kids(target.i, "acl", "relcl") if _is_infinitive(parse, c)), None)
    if goal is None:
        return ()
    tokens = set(_subtree(parse, goal.i))
    if target is not None:
        tokens |= set(_subtree(parse, target.i))
    return spans_of(parse, sorted(k for k in tokens if k != v))


def _preposition(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    obj = parse.kid(token.i, "dobj", "dative")
    beneath = parse.kids(obj.i, "prep") if obj is not None and "of" in entry.prepositions else []  # accuse X of Y
    for t in (*parse.kids(token.i, "prep", "agent", "prt", "dative"), *beneath):
        if t.lower in entry.prepositions and t.i > token.i:
            tokens = [k for k in _subtree(parse, t.i) if k != t.i]
            if t.dep == "prt" or not tokens:
                continue
            if parse.children[t.i] and all(parse.tokens[c].dep == "prep" for c in parse.children[t.i]):
                tokens = tokens[1:]  # "out against X"
            return spans_of(parse, tokens)
    for t in parse.kids(token.i, "advcl", "ccomp", "xcomp"):
        mark = parse.kid(t.i, "mark")
        if mark is not None and mark.i > token.i and mark.lower == "for" and "for" in entry.prepositions:
            return spans_of(parse, [k for k in _subtree(parse, t.i) if k != mark.i])
    return ()


def _passive_infinitive(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    """ "Arnor is alleged to have bombed": subject and infinitive together are what is alleged."""
    if not passive:
        return ()
    goal = next((c for c in parse.kids(token.i, "xcomp", "advcl", "ccomp") if _is_infinitive(parse, c)), None)
    own = parse.kid(token.i, "nsubjpass")
    if goal is None:
        return ()
    if own is None:
        return spans_of(parse, _subtree(parse, goal.i))
    return (voice_content(parse, own, token.i), *spans_of(parse, _subtree(parse, goal.i)))


_CONTENT = {
    "clause": _clause,
    "infinitive": _infinitive,
    "gerund": _gerund,
    "object": _object,
    "object-predicate": _object_predicate,
    "order": _order,
    "preposition": _preposition,
    "passive-infinitive": _passive_infinitive,
}


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
        for c in parse.kids(token.i, "acl", "ccomp", "relcl"):
            if c.i > token.i and (_is_infinitive(parse, c) or _opens_with_that(parse, c, cues)):
                content, frame = spans_of(parse, _subtree(parse, c.i)), "noun-clause"
                break
    if not content and "noun-preposition" in entry.frames:
        for t in parse.kids(token.i, "prep"):
            if t.lower in entry.prepositions and t.i > token.i:
                content = spans_of(parse, [k for k in _subtree(parse, t.i) if k != t.i])
                frame = "noun-preposition"
                break
    if not content and "noun-preposition" in entry.frames:
        for made in parse.kids(token.i, "acl", "csubj"):  # "claims made against X by Y"
            for t in parse.kids(made.i, "prep") if made.lemma in cues.light and made.i == token.i + 1 else ():
                if t.lower in entry.prepositions:
                    content = spans_of(parse, [k for k in _subtree(parse, t.i) if k != t.i])
                    frame = "noun-preposition"
    if not content:
        return
    voice, verb = _noun_source(parse, token, entry, cues)
    stance = entry.stance
    if any(t.lower in ("no", "without") for t in parse.kids(token.i, "det")):
        stance = _TURNED[stance]
    span = Span(token.start, token.end)
    if verb is not None and verb.i < token.i:
        span = Span(cue_span(parse, verb.i).start, token.end)
    yield Found(entry, frame, token.i, voice, span, content, stance)


def _opens_with_that(parse: Parse, c: Token, cues: SpeechCues) -> bool:
    """A that-clause, not a relative clause: "that" is a conjunction, or the clause lacks nothing but was mistagged.

    "the claim that Rohan made" and "the claim that Rohan denied" are relative clauses.
    """
    first = parse.tokens[parse.left[c.i]]
    if first.lower != "that":
        return False
    if first.tag == "IN" or first.dep == "mark":
        return True
    own = parse.kid(c.i, "nsubj", "nsubjpass")
    lemma = c.lemma.lower()
    return own is not None and own.i != first.i and lemma not in cues.light and lemma not in cues.verbs


def _with_claim(parse: Parse, token: Token, content: tuple[Span, ...], cues: SpeechCues) -> tuple[Span, ...]:
    """What is denied with a word for it: "the allegation that X, which Y denies", "..., an accusation Y calls baseless".

    The clause of the claim noun belongs to the content; an accusation without a clause of its own that is set off
    by a comma takes up the last claim before it in the sentence.
    """
    inside = parse.tokens_in(content[0].start, content[0].end)
    head = parse.head_of(content[0].start, content[0].end)
    if not inside or head is None or parse.tokens[head].lemma.lower() not in cues.nouns:
        return content
    clause = _claim_clause(parse, head, cues)
    if clause is None and inside[0] > 0 and parse.tokens[inside[0] - 1].text == ",":
        for k in range(inside[0] - 2, parse.sentence(token.i).first - 1, -1):
            if parse.tokens[k].lemma.lower() in cues.nouns and parse.tokens[k].pos == "NOUN":
                clause = _claim_clause(parse, k, cues)
                if clause is not None:
                    break
    if clause is None:
        return content
    free = [k for k in clause if k != token.i and not parse.left[token.i] <= k <= parse.right[token.i]]
    return (*content, *spans_of(parse, free))


def _claim_clause(parse: Parse, noun: int, cues: SpeechCues) -> list[int] | None:
    for c in parse.kids(noun, "acl", "ccomp", "relcl"):
        if c.i > noun and _opens_with_that(parse, c, cues):
            return _subtree(parse, c.i)
    return None


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
    if token.dep in ("dobj", "attr") and up.pos in ("VERB", "AUX") and up.lemma in cues.light and not is_passive(parse, up):
        return subject(parse, up.i), up
    if token.dep == "pobj" and parse.tokens[up.head].lemma in cues.light and parse.tokens[up.head].pos == "VERB":
        return subject(parse, up.head), parse.tokens[up.head]
    return None, None


def adjective_frames(parse: Parse, token: Token, entry: CueEntry, cues: SpeechCues) -> Iterator[Found]:
    """ "is confident that", "is worried about", "was keen to"."""
    up = parse.tokens[token.head]
    if token.dep not in ("acomp", "attr", "conj", "ROOT") or (up.pos not in ("AUX", "VERB") and up.i != token.i):
        return
    content: tuple[Span, ...] = ()
    for c in parse.kids(token.i, "ccomp", "xcomp"):
        if c.i > token.i:
            content = spans_of(parse, _subtree(parse, c.i))
            break
    if not content:
        content = _preposition(parse, token, entry, False, cues)
    if not content:
        return
    stance = _TURNED[entry.stance] if is_negated(parse, up.i) or is_negated(parse, token.i) else entry.stance
    voice = subject(parse, up.i)
    span = Span(token.start, token.end)
    if up.i < token.i and token.i - up.i <= 4:
        span = Span(cue_span(parse, up.i).start, token.end)
    yield Found(entry, "adjective", token.i, voice, span, content, stance)


def adverb_frames(parse: Parse, token: Token, entry: CueEntry, cues: SpeechCues) -> Iterator[Found]:
    """ "reportedly", "allegedly": nobody is named, the clause is the content."""
    if token.dep != "advmod" or token.head == token.i:
        return
    head = token.head
    tokens = [k for k in _subtree(parse, head) if k != token.i]
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
    return _subtree(parse, head.i, without)
