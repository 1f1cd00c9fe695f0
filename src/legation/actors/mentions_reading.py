"""Reading one base noun phrase: who may be meant by its own words, before anything else in the text is asked."""

from __future__ import annotations

from itertools import pairwise

from legation.actors.mentions_draft import Draft
from legation.actors.mentions_persons import choose_person
from legation.actors.mentions_phrases import Phrase, first_conjunct
from legation.actors.mentions_scene import (
    ADJECTIVES,
    NO_STATE,
    STATES,
    Placed,
    Scene,
    active,
    believable,
    is_people,
    match_noun,
    readings,
    stands_apart,
)
from legation.actors.mentions_words import Noun
from legation.model.actors import MentionKind
from legation.model.parse import Parse, Token

_BODIES = ("body", "group", "igo", "ngo", "mnc", "media", "party")
_ARMED = ("REB", "COP", "PRM", "UAF", "SPY", "MIL")
_TOP_OFFICES = ("head_of_state", "head_of_government")
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "such", "both"})


def read_phrase(scene: Scene, phrase: Phrase) -> list[Draft]:
    """The mentions of one base phrase, innermost readings first; empty when it can be no actor."""
    t = scene.parse.tokens[phrase.head]
    pronoun = scene.words.pronouns.get(t.lower)
    if pronoun and (t.tag in ("PRP", "PRP$", "WP", "WP$", "WDT") or t.pos == "PRON"):
        return _read_pronoun(scene, t)
    if t.pos == "PRON" or t.tag in ("DT", "WDT", "EX"):
        return [_blank(scene, phrase)] if t.lower in scene.words.quantities else []
    own = scene.hit_at.get(phrase.head, scene.hit_at.get(phrase.last))
    placed = scene.hits[own] if own is not None else None
    if placed and (placed.last < phrase.head or not believable(scene, placed)):
        placed = None
    draft = _blank(scene, phrase)
    if placed:
        draft.end = max(draft.end, placed.hit.end)
    _read_times(scene, phrase, draft)
    if placed and _is_bare_surname_of_longer_name(scene, placed, phrase):
        placed = None
    if placed and placed.hit.entries[0].kind != "person":
        _read_named(scene, phrase, draft, placed)
    elif placed or t.pos == "PROPN" or scene.label_at.get(t.i, (0, 0, ""))[2] == "PERSON":
        _read_proper(scene, phrase, draft, placed)
    else:
        _read_common(scene, phrase, draft)
    return _split_coordination(scene, phrase, draft)


def _read_pronoun(scene: Scene, t: Token) -> list[Draft]:
    entry = scene.words.pronouns[t.lower]
    if entry.relative and t.lower == "that" and scene.parse.tokens[t.head].dep != "relcl":
        return []
    if t.lower == "it" and _pleonastic(scene.parse, t):
        return []
    plural = entry.number == "plural"
    draft = Draft(t.start, t.end, t.i, t.i, "pronoun", plural=plural, pronoun=entry, gender=entry.gender, by=entry.id)
    draft.person = entry.gender in ("m", "f") or t.lower in ("i", "me", "my")
    return [draft]


def _pleonastic(parse: Parse, t: Token) -> bool:
    """Whether "it" only holds the subject's place ("it is likely that", "it rained")."""
    verb = parse.tokens[t.head]
    if t.dep == "expl":
        return True
    if verb.lemma == "be" and t.dep == "nsubj":
        attribute = parse.kid(verb.i, "acomp", "attr")
        clause = parse.kid(verb.i, "ccomp", "xcomp", "advcl", "csubj")
        inner = parse.kid(attribute.i, "ccomp", "xcomp", "acl", "relcl") if attribute else None
        return attribute is not None and (clause is not None or inner is not None)
    return verb.lemma in ("seem", "appear", "rain", "snow", "happen") and t.dep == "nsubj"


def _blank(scene: Scene, phrase: Phrase) -> Draft:
    tokens = scene.parse.tokens
    t = tokens[phrase.head]
    draft = Draft(tokens[phrase.first].start, tokens[phrase.last].end, phrase.first, phrase.head, "description")
    draft.plural = t.tag in ("NNS", "NNPS") or any(
        tokens[k].lower in ("two", "three", "many", "several") for k in range(phrase.first, phrase.head)
    )
    draft.definite = tokens[phrase.first].lower in _DEFINITE
    draft.ethnic = any(tokens[k].lower in scene.words.ethnic for k in range(phrase.first, phrase.head))
    return draft


def _read_times(scene: Scene, phrase: Phrase, draft: Draft) -> None:
    """former, then-, acting, -elect, late."""
    tokens = scene.parse.tokens
    for k in range(phrase.first, phrase.last + 1):
        value = scene.words.times.get(tokens[k].lower)
        if value and (k < phrase.head or value == "elect"):
            if tokens[k].dep == "poss" or _in_possessor(scene, k, phrase):
                continue
            if draft.modifier != "candidate":
                draft.modifier = value if value != "candidate" or draft.modifier in (None, "then") else draft.modifier


def _in_possessor(scene: Scene, k: int, phrase: Phrase) -> bool:
    poss = scene.parse.kid(phrase.head, "poss")
    return poss is not None and k <= scene.parse.right[poss.i]


def _is_bare_surname_of_longer_name(scene: Scene, placed: Placed, phrase: Phrase) -> bool:
    """"Ada Khan" is not the Khan of the lexicon: a weak surname inside a longer unknown name does not count."""
    if placed.hit.entries[0].kind != "person" or placed.hit.strong or placed.first == 0:
        return False
    k = placed.first - 1
    before = scene.parse.tokens[k]
    if k < phrase.first or before.pos != "PROPN" or k in scene.hit_at:
        return False
    return match_noun(scene, phrase.first, k) is None


def _read_named(scene: Scene, phrase: Phrase, draft: Draft, placed: Placed) -> None:
    """The head is a country, a city that stands for one, a body or a group."""
    hit = placed.hit
    best = hit.entries[0]
    draft.entry, draft.candidates, draft.strong = best, hit.entries, hit.strong
    draft.country, draft.sector, draft.others = best.country, best.sector, best.other_sectors
    draft.basis, draft.by, draft.name = "lexicon", best.id, scene.parse.text[hit.start : hit.end]
    draft.readings = readings(hit.entries)
    draft.kind = "name"
    head = scene.parse.tokens[phrase.head]
    people = is_people(placed, scene)
    if people and hit.kind in ADJECTIVES and head.dep in ("npadvmod", "amod", "compound", "nmod"):
        draft.kind, draft.basis = "demonym", "demonym"
    elif people:
        draft.kind, draft.basis = "demonym", "demonym"
        draft.plural = draft.plural or head.text.endswith(("s", "ese", "sh", "ch"))
        draft.sector = "GOV" if scene.parse.tokens[phrase.first].lower == "the" else "CVL"
        draft.entry = best if draft.sector == "GOV" else None
        counted = any(scene.parse.tokens[k].pos == "NUM" for k in range(phrase.first, phrase.head))
        if counted or not draft.plural:
            draft.sector, draft.entry = "CVL", None
        draft.person = not draft.plural
        outer = country_before(scene, phrase, placed.first)
        if outer:  # "Bosnian Serbs": nationality before ethnicity
            draft.country, draft.by, draft.entry, draft.sector = outer[0], outer[1], None, "CVL"
    elif best.kind in ("country", "metonym"):
        draft.kind = "metonym"


def _read_proper(scene: Scene, phrase: Phrase, draft: Draft, placed: Placed | None) -> None:
    """The head is a proper noun: a person with or without a title, or an unknown body."""
    parse, tokens = scene.parse, scene.parse.tokens
    label = scene.label_at.get(phrase.head, (phrase.head, phrase.head, ""))
    if placed:
        name_first = max(placed.first, phrase.first)
    elif label[2] == "PERSON":
        name_first = max(label[0], phrase.first)
    else:
        name_first = phrase.head
        while name_first > phrase.first and (
            tokens[name_first - 1].pos == "PROPN" or tokens[name_first - 1].tag == "HYPH"
        ) and name_first - 1 not in scene.hit_at:
            name_first -= 1
    titles: list[tuple[Noun, int, str]] = []
    k = phrase.first
    while k < phrase.head:
        found = match_noun(scene, phrase.first, k) if k not in scene.hit_at else None
        if found and not _in_possessor(scene, k, phrase) and (k >= name_first or k == name_first - 1 or
                                                              tokens[k].dep in ("compound", "appos", "nmod")):
            if titles and titles[-1][1] >= found[1]:
                titles.pop()
            titles.append(found)
            name_first = max(name_first, k + 1) if k + 1 <= phrase.head else name_first
        k += 1
    while name_first < phrase.head and tokens[name_first].pos == "PUNCT":
        name_first += 1
    draft.name = parse.text[tokens[name_first].start : draft.end].strip(" -")
    offices = [x for x in titles if x[0].sort == "person"] or [x for x in titles if x[0].sort != "honorific"]
    title = offices[0] if offices else titles[-1] if titles else None
    common = None if placed else match_noun(scene, phrase.first, phrase.head)
    if common and label[2] != "PERSON":
        _describe(scene, phrase, draft, common)
        return
    if title:
        _apply_noun(draft, title[0], title[2], "title")
        if title[0].id == "description:doctor":
            draft.sector = None
        if title[0].inherits:
            draft.sector, draft.others = _inherited(scene, phrase, title[1], title[0])
    draft.kind = "name"
    draft.foreign = title is None
    for noun, _, _ in titles:
        draft.gender = draft.gender or noun.gender
    first_name = draft.name.split(" ")[0].split("-")[0].lower()
    full = " " in draft.name
    draft.gender = draft.gender or (scene.words.first_names if full else scene.words.names_alone).get(first_name)
    titled = any(x[0].sort in ("person", "honorific") for x in titles)
    draft.person = titled or label[2] == "PERSON" or first_name in scene.words.first_names
    found_country = country_before(scene, phrase, name_first)
    if found_country:
        draft.country, draft.by = found_country[0], found_country[1]
        draft.basis = "title" if title else "demonym"
    if placed is None and " " not in draft.name and len(draft.name) > 1:
        entries = scene.lexicon.surname(draft.name)[:40]
        choose_person(scene, draft, entries, False, title[0] if title else None)
        draft.person = draft.person or draft.entry is not None
    if placed:
        choose_person(scene, draft, placed.hit.entries, placed.hit.strong, title[0] if title else None)
        draft.person = True
    elif draft.entry is None and not titles and label[2] != "PERSON":
        draft.person = draft.person and label[2] not in ("GPE", "LOC", "FAC")
        place = scene.words.localities.get(draft.name)
        if place:
            draft.country, draft.by, draft.basis = place, f"locality:{draft.name}", "place"
        located = tokens[first_conjunct(parse, phrase.head)].dep in ("pobj", "npadvmod", "compound", "nmod", "appos")
        if place or (label[2] in ("GPE", "LOC", "FAC") and located):
            draft.kind = "place"
            draft.located = tokens[tokens[first_conjunct(parse, phrase.head)].head].lower != "from"
    if draft.modifier in ("former", "late") and draft.sector in ("GOV", "LEG", "MIL", "JUD", "SPY", "COP"):
        draft.sector = "ELI"
    if title and ("candidate" in title[2] or "nominee" in title[2]):
        draft.modifier = "candidate"


def _read_common(scene: Scene, phrase: Phrase, draft: Draft) -> None:
    found = _match_with_of(scene, phrase, draft) or match_noun(scene, phrase.first, phrase.head)
    if found and found[0].sort == "honorific" and not scene.parse.tokens[phrase.head].text[:1].isupper():
        return  # "two counts of fraud"
    if found and scene.parse.tokens[phrase.head].lemma.lower() not in scene.words.kin:
        _describe(scene, phrase, draft, found)
        return
    kin = scene.words.kin.get(scene.parse.tokens[phrase.head].lemma.lower())
    against = scene.words.against.get(scene.parse.tokens[phrase.head].lemma.lower())
    before = country_before(scene, phrase, phrase.head)
    if before:
        draft.country, draft.by, draft.basis = before[0], before[1], "modifier"
    if kin:
        draft.kin, draft.person, draft.gender, draft.basis = True, not draft.plural, kin.gender, "description"
        draft.by, draft.sector = kin.id, "CVL"
    elif against:
        draft.sector, draft.by, draft.person, draft.basis = "CVL", against.id, not draft.plural, "description"


def _match_with_of(scene: Scene, phrase: Phrase, draft: Draft) -> tuple[Noun, int, str] | None:
    """Titles with "of" in them ("minister of defence", "member of parliament"); the mention then runs to their end."""
    tokens = scene.parse.tokens
    if phrase.head + 2 >= len(tokens) or tokens[phrase.head + 1].lower != "of":
        return None
    for k in range(min(phrase.head + 4, len(tokens) - 1), phrase.head + 1, -1):
        found = match_noun(scene, phrase.first, k) if tokens[k].pos in ("NOUN", "PROPN") else None
        if found and found[1] <= phrase.head:
            draft.end = tokens[k].end
            return found
    return None


def _describe(scene: Scene, phrase: Phrase, draft: Draft, found: tuple[Noun, int, str]) -> None:
    noun, first, words = found
    _apply_noun(draft, noun, words, "title" if noun.title and noun.office else "description")
    draft.kind = "title" if noun.title else "description"
    if noun.inherits:
        draft.sector, draft.others = _inherited(scene, phrase, first, noun)
    before = country_before(scene, phrase, phrase.head)
    if noun.code and noun.code not in NO_STATE:
        draft.country = noun.code
    elif before:
        draft.country = before[0]
        draft.stateless = before[1].startswith("region:")
    else:
        _read_inner_names(scene, phrase, draft, first)
    draft.person = noun.sort == "person" and not draft.plural
    if noun.sort == "place":
        draft.kind = "place"
    if draft.modifier in ("former", "late") and noun.title and draft.sector in ("GOV", "LEG", "MIL", "JUD", "SPY"):
        draft.sector = "ELI"
    if "candidate" in words or "nominee" in words:
        draft.modifier = "candidate"


def _read_inner_names(scene: Scene, phrase: Phrase, draft: Draft, noun_first: int) -> None:
    """Names before the noun that are no country: a city's, a leader's ("the Brandt administration"), an unknown one."""
    tokens = scene.parse.tokens
    for k in range(phrase.first, max(noun_first, phrase.head)):
        t = tokens[k]
        if t.pos != "PROPN" or k in scene.hit_at or _in_possessor(scene, k, phrase) or t.tag == "POS":
            continue
        place = scene.words.localities.get(t.text)
        if place is None and k + 1 < phrase.head:
            place = scene.words.localities.get(scene.parse.text[t.start : tokens[k + 1].end])
        if place:
            draft.country = place
            return
        if draft.sector == "GOV":
            leaders = [e for e in scene.lexicon.surname(t.text)[:40] if any(x.kind in _TOP_OFFICES for x in e.terms)]
            now = [e for e in leaders if any(active(x.start, x.end, scene.day) for x in e.terms
                                             if x.kind in _TOP_OFFICES)] or leaders
            if now and len({e.country for e in now}) == 1:
                draft.country, draft.basis = now[0].country, "leader"
                return
        if tokens[phrase.head].pos == "PROPN" and t.text[:1].isupper() and not match_noun(scene, k, k):
            draft.foreign = t.lower not in scene.words.sectors  # part of a body's own name


def _apply_noun(draft: Draft, noun: Noun, words: str, basis: str) -> None:
    draft.noun, draft.words, draft.sector, draft.others = noun, words, noun.sector, noun.others
    draft.office, draft.by, draft.basis = noun.office, noun.id, basis
    draft.gender = draft.gender or noun.gender
    draft.associate = noun.associate


def _inherited(scene: Scene, phrase: Phrase, noun_first: int, noun: Noun) -> tuple[str | None, tuple[str, ...]]:
    """Sector of "a Hamas official", "military sources": the nearest modifier that has one, else the noun's own."""
    tokens = scene.parse.tokens
    k = noun_first - 1
    while k >= phrase.first:
        if tokens[k].dep == "poss" or tokens[k].tag == "POS":
            break
        at = scene.hit_at.get(k)
        if at is not None:
            best = scene.hits[at].hit.entries[0]
            if best.kind in _BODIES and best.sector:
                return best.sector, best.other_sectors
            if best.kind == "metonym":
                return "GOV", ()
            k = min(k, scene.hits[at].first) - 1
            continue
        for start in range(max(phrase.first, k - 2), k + 1):
            words = scene.parse.text[tokens[start].start : tokens[k].end].lower()
            entry = scene.words.sectors.get(words)
            if entry and (noun.sector != "MIL" or entry.sector in _ARMED):
                return entry.sector, entry.others
        inner = match_noun(scene, phrase.first, k)
        named = inner is not None and inner[0].sector is not None and tokens[k].pos in ("NOUN", "PROPN")
        if inner and named and (noun.sector != "MIL" or inner[0].sector in _ARMED):
            return inner[0].sector, inner[0].others
        k -= 1
    return noun.sector, noun.others


def country_before(scene: Scene, phrase: Phrase, end: int) -> tuple[str, str] | None:
    """Country code and entry id of the modifier that names the phrase's country (the leftmost of a chain)."""
    found: tuple[str, str] | None = None
    last_token = end
    k = end - 1
    poss = scene.parse.kid(phrase.head, "poss")
    stop = scene.parse.right[poss.i] if poss is not None else phrase.first - 1
    while k >= phrase.first and k > stop:
        at = scene.hit_at.get(k)
        if at is None:
            k -= 1
            continue
        placed = scene.hits[at]
        best = placed.hit.entries[0]
        if best.kind != "person" and best.country and believable(scene, placed) and not stands_apart(scene, placed):
            if found is None or (best.kind in STATES and placed.last >= last_token - 1):
                found = (best.country, best.id)
            last_token = placed.first
        k = placed.first - 1
    return found


def _split_coordination(scene: Scene, phrase: Phrase, draft: Draft) -> list[Draft]:
    """"Hungarian and Romanian officials" are two actors, each with span on its own words."""
    parse, tokens = scene.parse, scene.parse.tokens
    inner = [
        p for p in dict.fromkeys(scene.hit_at[k] for k in range(phrase.first, phrase.head) if k in scene.hit_at)
        if scene.hits[p].last < phrase.head and scene.hits[p].hit.entries[0].kind in STATES
    ]
    poss = parse.kid(phrase.head, "poss")
    out: list[Draft] = []
    for a, b in pairwise(inner):
        one, two = scene.hits[a], scene.hits[b]
        between = [tokens[k] for k in range(one.last + 1, two.first)]
        joined = any(x.pos == "CCONJ" for x in between) or (between and all(x.text == "," for x in between))
        if not joined or any(x.pos in ("NOUN", "PROPN") for x in between) or (poss and one.first <= poss.i):
            continue
        if one.hit.entries[0].country == two.hit.entries[0].country or draft.basis == "unknown":
            continue
        part = Draft(
            one.hit.start, one.hit.end, one.first, one.last, _kind(one), country=one.hit.entries[0].country,
            sector=draft.sector, others=draft.others, basis=draft.basis, by=draft.by, noun=draft.noun,
            plural=draft.plural, words=draft.words,
        )
        out.append(part)
        draft.start, draft.first = two.hit.start, two.first
        draft.country = two.hit.entries[0].country
    return [*out, draft]


def _kind(placed: Placed) -> MentionKind:
    return "demonym" if placed.hit.kind in ("demonym", "people") else "metonym"
