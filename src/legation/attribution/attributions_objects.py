"""Objects, predicates, infinitives and prepositions as content, and what a denial is about."""

from __future__ import annotations

from legation.attribution.attributions_clauses import opens_with_that
from legation.attribution.attributions_phrases import RELATIVE, noun_phrase, spans_of, voice_of
from legation.attribution.attributions_tree import is_infinitive, subtree
from legation.attribution.cues import CueEntry, SpeechCues
from legation.model.claims import Stance
from legation.model.parse import Parse, Token
from legation.model.text import Span


def infinitive(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    for c in parse.kids(token.i, "xcomp", "advcl", "ccomp"):
        if c.i > token.i and is_infinitive(parse, c) and parse.kid(c.i, "nsubj", "nsubjpass") is None:
            target = parse.kid(token.i, "dobj", "dative")
            near = parse.right[target.i] if target is not None else token.i
            if parse.left[c.i] <= near + 3:
                return spans_of(parse, subtree(parse, c.i))
    return ()


def gerund(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    c = parse.kid(token.i, "xcomp", "ccomp", "pcomp")
    if c is not None and c.i > token.i and parse.tokens[parse.left[c.i]].tag == "VBG":
        return spans_of(parse, subtree(parse, c.i))
    return ()


def noun_object(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
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
        pushed = parse.kid(v, "nsubjpass")  # ", a claim Rohan rejected" as small parsers see it
        return (voice_content(parse, pushed, v),) if pushed is not None else _relative_gap(parse, token)
    if t.i < v and t.lower in RELATIVE:
        return (voice_content(parse, t, v),)
    if t.i < v:
        return spans_of(parse, subtree(parse, t.i))
    own = parse.kid(v, "nsubj")
    wide = own is not None and own.lemma.lower() in cues.documents
    return spans_of(parse, _object_tail(parse, v, t.i, wide))


def _object_tail(parse: Parse, v: int, obj: int, wide: bool) -> list[int]:
    """An object with what follows it inside the verb phrase (the parser attaches "ban ON imports" to the verb).

    Asides after a comma about a name are left out. `wide`: what a survey shows goes on to the end of the phrase.
    """
    tokens = subtree(parse, obj, _asides(parse, obj))
    for t in parse.kids(v, "prep", "advcl", "xcomp", "oprd", "advmod", "npadvmod"):
        if parse.left[t.i] != tokens[-1] + 1:
            continue
        if t.dep in ("advcl", "xcomp") and not is_infinitive(parse, t) and not wide:
            continue
        if t.dep == "prep" and not wide and not _goes_with_object(parse, t):
            continue
        if t.dep in ("oprd", "advmod", "npadvmod") and not wide:
            continue
        tokens = sorted({*tokens, *subtree(parse, t.i)})
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


def object_predicate(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    """Object and predicate ("called the vote a farce", "dismissed it as a trick")."""
    v = token.i
    predicate = _predicate(parse, token, entry)
    if predicate is None:
        return ()
    if passive and token.dep == "acl" and parse.tokens[predicate].pos == "PROPN":
        return ()  # "a ship named Hope" bears a name; "the report named Grau" is at times parsed like it
    obj = parse.kid(v, "nsubjpass") if passive else parse.kid(v, "dobj") or _small_subject(parse, token)
    tail = subtree(parse, predicate)
    if obj is None:
        above = _relative_gap(parse, token)
        if token.dep == "acl" and passive:
            above = (noun_phrase(parse, token.head, v),)
        return (*above, *spans_of(parse, tail))
    if obj.lower in RELATIVE or obj.i < v:
        return (voice_content(parse, obj, v), *spans_of(parse, tail))
    return spans_of(parse, sorted({*subtree(parse, obj.i), *tail}))


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
            if t.pos == "VERB" and "as" in entry.prepositions:
                continue
            return t.i
    obj = parse.kid(v, "dobj")
    if obj is not None and "as" not in entry.prepositions:
        for t in parse.kids(obj.i, "appos"):
            if t.i > obj.i and parse.tokens[parse.left[t.i] - 1].text != ",":
                return t.i
    return None


def judged(
    parse: Parse, token: Token, entry: CueEntry, content: tuple[Span, ...], stance: Stance, cues: SpeechCues
) -> tuple[tuple[Span, ...], Stance]:
    """A predicate such as "baseless" denies what it is said of, which alone is then the content."""
    predicate = _predicate(parse, token, entry)
    if predicate is None:
        return content, stance
    words = {parse.tokens[k].lower for k in subtree(parse, predicate)} | {
        parse.tokens[k].lemma for k in subtree(parse, predicate)
    }
    if words & cues.denying_predicates and _is_claim(parse, token, cues):
        start = parse.tokens[parse.left[predicate]].start
        obj = parse.kid(token.i, "dobj")
        if obj is not None and obj.i > predicate:  # "dismissed as false the report that ..."
            content, start = spans_of(parse, subtree(parse, obj.i)), len(parse.text)
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


def order(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    """Somebody and what they are to do."""
    v = token.i
    goal = next((c for c in parse.kids(v, "xcomp", "ccomp", "advcl") if c.i > v and is_infinitive(parse, c)), None)
    target = parse.kid(v, "nsubjpass") if passive else parse.kid(v, "dobj")
    if not passive:
        for t in parse.kids(v, "prep"):
            if t.lower in entry.prepositions and t.i > v:
                obj = parse.kid(t.i, "pobj")
                target = obj if obj is not None else target
    if goal is None and target is not None and not passive:
        goal = next((c for c in parse.kids(target.i, "acl", "relcl") if is_infinitive(parse, c)), None)
    if goal is None:
        return ()
    tokens = set(subtree(parse, goal.i))
    if target is not None:
        tokens |= set(subtree(parse, target.i))
    return spans_of(parse, sorted(k for k in tokens if k != v))


def preposition(parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues) -> tuple[Span, ...]:
    obj = parse.kid(token.i, "dobj", "dative")
    beneath = parse.kids(obj.i, "prep") if obj is not None and "of" in entry.prepositions else []  # accuse X of Y
    for t in (*parse.kids(token.i, "prep", "agent", "prt", "dative"), *beneath):
        if t.lower in entry.prepositions and t.i > token.i:
            tokens = [k for k in subtree(parse, t.i) if k != t.i]
            if t.dep == "prt" or not tokens:
                continue
            if parse.children[t.i] and all(parse.tokens[c].dep == "prep" for c in parse.children[t.i]):
                tokens = tokens[1:]  # "out against X"
            return spans_of(parse, tokens)
    for t in parse.kids(token.i, "advcl", "ccomp", "xcomp"):
        mark = parse.kid(t.i, "mark")
        if mark is not None and mark.i > token.i and mark.lower == "for" and "for" in entry.prepositions:
            return spans_of(parse, [k for k in subtree(parse, t.i) if k != mark.i])
    return ()


def passive_infinitive(
    parse: Parse, token: Token, entry: CueEntry, passive: bool, cues: SpeechCues
) -> tuple[Span, ...]:
    """ "Arnor is alleged to have bombed": subject and infinitive together are what is alleged."""
    if not passive:
        return ()
    goal = next((c for c in parse.kids(token.i, "xcomp", "advcl", "ccomp") if is_infinitive(parse, c)), None)
    own = parse.kid(token.i, "nsubjpass")
    if goal is None:
        return ()
    if own is None:
        return spans_of(parse, subtree(parse, goal.i))
    return (voice_content(parse, own, token.i), *spans_of(parse, subtree(parse, goal.i)))


def with_claim(parse: Parse, token: Token, content: tuple[Span, ...], cues: SpeechCues) -> tuple[Span, ...]:
    """What is denied with a word for it: "allegation that X, which Y denies", "an accusation Y denies".

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
        if c.i > noun and opens_with_that(parse, c, cues):
            return subtree(parse, c.i)
    return None
