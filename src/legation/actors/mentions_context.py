"""What sentence and article add: possessors, "of" and "in", appositions, holders by date, the context's country.

A country is only inherited where the text gives a basis for it; otherwise it stays None.
"""

from __future__ import annotations

import bisect
from collections import Counter

from legation.actors.mentions_draft import Draft, find, unite
from legation.actors.mentions_phrases import first_conjunct
from legation.actors.mentions_scene import Scene, is_people
from legation.model.actors import Reading
from legation.model.parse import Token

_PEOPLE_SORTS = ("person", "group", "body", "force", "population")
_OFFICIAL = ("GOV", "LEG", "MIL", "JUD", "SPY", "COP", "ELI")
_PLACE_LINKS = frozenset({"in", "of", "from", "at", "near", "inside", "across", "throughout", "outside", "around"})
_STATE_SECTORS = ("GOV", "LEG", "JUD", "MIL", "COP", "SPY", "PTY", "REB", "ELI")
_TOP = ("head_of_state", "head_of_government", "foreign_minister", "defence_minister")
_SPECIAL = frozenset({"UNO", "EUR", "IGO", "NGO", "MNC", "IMG", "ISM"})


def mark_places(scene: Scene, drafts: list[Draft]) -> None:
    """"in Moscow", "back to Moscow" are places; "Moscow said", "sanctions on Moscow" are its government."""
    for d in drafts:
        if d.kind == "metonym" and _reads_as_place(scene, d):
            d.kind = "place"


def _reads_as_place(scene: Scene, d: Draft) -> bool:
    tokens = scene.parse.tokens
    t = tokens[first_conjunct(scene.parse, d.head)]
    if t.dep == "appos" and tokens[t.head].dep == "pobj":
        t = tokens[t.head]
    if t.dep != "pobj":
        return t.dep == "npadvmod"
    prep = tokens[t.head]
    governor = tokens[prep.head]
    if prep.lower in scene.words.place_prepositions:
        return True
    if prep.lower in ("to", "from"):
        if governor.pos == "ADP" or governor.pos == "ADV":
            governor = tokens[governor.head]
        if governor.lemma.lower() in scene.words.motion:
            return True
        return prep.lower == "from" and bool(d.entry and d.entry.kind == "metonym")
    return False


def link_phrases(scene: Scene, drafts: list[Draft], heads: dict[int, int]) -> None:
    """Countries and sectors from possessors, "of ...", "in ...", "by ...", coordination and apposition."""
    parse, tokens = scene.parse, scene.parse.tokens
    for d in drafts:
        if d.nested or d.kind == "pronoun":
            continue
        poss = parse.kid(d.head, "poss")
        if poss is not None and poss.i in heads:
            d.possessor = heads[poss.i]
        owner = drafts[d.possessor] if d.possessor is not None else None
        if owner is not None and owner.country and d.country is None and (d.noun or d.basis == "unknown"):
            d.country = owner.country
            d.basis = "modifier" if d.basis == "unknown" else d.basis
    for k in range(len(drafts) - 1, -1, -1):  # from the right: what stands after "of" is known first
        d = drafts[k]
        if not d.nested and d.kind != "pronoun" and (d.entry is None or d.entry.kind not in ("country", "metonym")):
            _link_prepositions(scene, drafts, heads, k)
    for k, d in enumerate(drafts):
        if not d.nested and d.kind != "pronoun":
            _link_conjunct(scene, drafts, heads, k)
    link_possessors(scene, drafts)
    for k, d in enumerate(drafts):
        if d.nested:
            continue
        for token in parse.kids(d.head, "appos"):
            other = heads.get(token.i)
            if other is not None and _may_be_same(drafts[k], drafts[other]):
                unite(drafts, k, other)
                for one, two in ((d, drafts[other]), (drafts[other], d)):
                    if one.name and one.entry is None and two.noun is not None and two.person:
                        one.person = True  # "Ada Brandt, the envoy"
        _find_acronym(scene, d)
        t = tokens[d.head]
        if t.dep == "attr" and tokens[t.head].lemma == "be" and (d.noun or d.kin) and not d.plural:
            subject = parse.kid(t.head, "nsubj")
            other = heads.get(subject.i) if subject else None
            if other is not None and drafts[other].person and d.gender:
                drafts[other].gender = drafts[other].gender or d.gender
            if other is not None and drafts[other].person and drafts[other].country is None and d.person:
                drafts[other].country, drafts[other].sector = d.country, drafts[other].sector or d.sector


def _link_prepositions(scene: Scene, drafts: list[Draft], heads: dict[int, int], k: int) -> None:
    parse, d = scene.parse, drafts[k]
    for prep in [p for p in parse.children[d.head] if scene.parse.tokens[p].dep in ("prep", "agent", "acl")]:
        token = parse.tokens[prep]
        if token.dep == "acl":
            if (d.noun and d.noun.sort == "document") or token.lemma in ("base", "operate", "live"):
                for inner in parse.kids(prep, "agent", "prep"):
                    _take(scene, drafts, heads, k, inner)
            continue
        _take(scene, drafts, heads, k, token)


def _take(scene: Scene, drafts: list[Draft], heads: dict[int, int], k: int, prep: Token) -> None:
    d = drafts[k]
    pobj = scene.parse.kid(prep.i, "pobj")
    other = heads.get(pobj.i) if pobj else None
    word = prep.lower
    if other is None:
        return
    source = drafts[other]
    document = d.noun is not None and d.noun.sort == "document"
    if document:
        if word in ("by", "from", "of") and source.sector and d.country is None:
            d.country, d.sector, d.others = source.country, source.sector, source.others
        return
    if word == "of" and d.plural and d.noun and source.entry is not None:
        _add_members(scene, drafts, heads, d, other)
    if word == "to" and d.words.endswith(("ambassador", "envoy")):
        return
    if word in ("of", "for") and d.noun and d.noun.inherits and source.sector and source.kind != "place":
        if source.entry is None or source.entry.kind not in ("country", "metonym"):
            d.sector, d.others = source.sector, source.others
        d.country = d.country or source.country
        return
    if word in _PLACE_LINKS and source.country:
        if d.country is None and (d.noun or d.basis == "unknown") and (
            word == "of" or (word in ("in", "from") and source.country not in _SPECIAL)
        ):
            d.country = source.country
            d.basis = "place" if d.basis == "unknown" else d.basis
        if source.country not in _SPECIAL:
            d.place_hint = d.place_hint or source.country
        people = d.kind == "demonym" and (d.ethnic or word == "of")
        stateless = d.stateless or d.ethnic
        if (people or stateless) and source.kind in ("place", "metonym") and source.country not in _SPECIAL:
            d.country, d.entry = source.country, None


def _add_members(scene: Scene, drafts: list[Draft], heads: dict[int, int], d: Draft, first: int) -> None:
    """"the presidents of Arda and Brel" are two actors: both stand in the readings, the first is the country."""
    members = [drafts[first]]
    token = drafts[first].head
    for _ in range(6):
        after = scene.parse.kid(token, "conj")
        if after is None or after.i not in heads:
            break
        members.append(drafts[heads[after.i]])
        token = after.i
    found = [m for m in members if m.entry is not None and m.country]
    if len(found) > 1:
        d.basis = "sum"
        d.readings = tuple(Reading(m.entry.id, m.entry.name, m.country, d.sector, 1.0) for m in found if m.entry)


def adopt_adjective(scene: Scene, drafts: list[Draft]) -> None:
    """"Ruritanian troops" where the parser took the adjective for a noun of its own: the two are one phrase."""
    by_head = {d.head: d for d in drafts if d.kind == "demonym"}
    for d in drafts:
        if d.noun is None or d.country or d.name or d.first == 0 or d.nested:
            continue
        before = scene.hit_at.get(d.first - 1)
        if before is None or d.noun.sort == "place":
            continue
        placed = scene.hits[before]
        if is_people(placed, scene) and scene.parse.text[placed.hit.end : d.start] == " ":
            d.country, d.start, d.first = placed.hit.entries[0].country, placed.hit.start, placed.first
            adjective = by_head.get(placed.last)
            if adjective is not None:
                adjective.nested = True
                adjective.start, adjective.first, adjective.sector = placed.hit.start, placed.first, "GOV"


def _link_conjunct(scene: Scene, drafts: list[Draft], heads: dict[int, int], k: int) -> None:
    """"Israeli tanks and helicopters": the second has the first's country if no words of its own precede it."""
    d = drafts[k]
    t = scene.parse.tokens[d.head]
    if t.dep != "conj" or d.country or d.noun is None or (d.first < d.head and d.definite):
        return
    first = heads.get(first_conjunct(scene.parse, d.head))
    if first is None or drafts[first].basis == "place":
        return
    source = drafts[first]
    if (source.noun and not source.name) or (source.entry is not None and source.entry.kind == "body"):
        d.country = source.country


def _may_be_same(a: Draft, b: Draft) -> bool:
    """Whether an apposition can join the two: no two different countries, no place with a person."""
    if a.kind == "pronoun" or b.kind == "pronoun":
        return False
    if a.country and b.country and a.country != b.country:
        return False
    if "place" in (a.kind, b.kind) or "metonym" in (a.kind, b.kind):
        return a.kind == b.kind
    if a.entry and b.entry and a.entry.id != b.entry.id:
        return False
    return not (a.name and b.name and a.person != b.person)


def _find_acronym(scene: Scene, d: Draft) -> None:
    """"the Northern Trade Council (NTC)": the letters stand for the name from here on."""
    text = scene.parse.text
    if d.kind not in ("name", "description", "metonym", "title") or text[d.end : d.end + 2] != " (":
        return
    close = text.find(")", d.end, d.end + 16)
    if close > 0:
        inner = text[d.end + 2 : close]
        if 2 <= len(inner) <= 12 and " " not in inner and sum(c.isupper() for c in inner) >= 2:
            d.acronym = inner


def link_possessors(scene: Scene, drafts: list[Draft]) -> None:
    """Country and sector through possessors; pronouns count once they are resolved."""
    for d in drafts:
        if d.possessor is None:
            continue
        owner = drafts[d.possessor]
        if owner.kind == "pronoun" and owner.country is None:
            root = find(drafts, d.possessor)
            same = [x for x in (drafts[root], drafts[owner.antecedent] if owner.antecedent is not None else None) if x]
            owner = next((x for x in same if x.country or x.sector), owner)
        if d.noun and d.noun.office == "ambassador" and owner.country:
            d.country = owner.country  # "Ruritania's U.S. ambassador" serves Ruritania
        state = (owner.entry is not None and owner.entry.kind in ("country", "metonym")) or owner.kind == "demonym"
        if d.country is None and owner.country and (d.noun or d.kin or d.basis in ("unknown", "modifier")):
            d.country = owner.country
            if d.basis == "unknown":
                d.basis = "modifier"
        if d.noun and d.noun.inherits and owner.sector and not state and d.sector == d.noun.sector and not owner.person:
            d.sector, d.others = owner.sector, owner.others
        if (d.kin or d.associate) and (owner.sector in _OFFICIAL or owner.office or owner.modifier):
            d.sector = "ELI"
            d.basis = "association"
        if d.noun and d.sector is None and (d.noun.sort == "document" or (d.noun.inherits and state)):
            d.sector = owner.sector


def copy_inner(drafts: list[Draft], heads: dict[int, int]) -> None:
    """"some of Brandt's aides" has country and sector of the aides."""
    by_head = {d.head: d for d in drafts if d.inner is None}
    for d in drafts:
        inner = by_head.get(d.inner) if d.inner is not None else None
        if inner is not None:
            d.country, d.sector, d.others = d.country or inner.country, d.sector or inner.sector, (
                d.others or inner.others
            )


def add_holders(scene: Scene, drafts: list[Draft]) -> None:
    """A title alone with a country: its holder on the article's day ("the Ruritanian president")."""
    if scene.day is None:
        return
    first_of: dict[str, int] = {}
    for k, d in enumerate(drafts):
        if d.entry or not d.office or not d.country or d.name or d.plural or d.modifier or d.nested:
            continue
        if d.office not in ("head_of_state", "head_of_government", "foreign_minister", "defence_minister", "igo_head",
                            "royal", "central_bank", "intelligence_chief"):
            continue
        if scene.parse.tokens[d.first].lower in ("a", "an", "any", "no", "every", "another", "one"):
            continue
        found = scene.lexicon.holders(d.country, d.office, scene.day)
        if d.words in ("leader", "top leader") and not found:
            found = scene.lexicon.holders(d.country, "head_of_government", scene.day)
        if found and len({e.id for e in found}) == 1:
            d.entry, d.basis = found[0], "title"
            unite(drafts, first_of.setdefault(found[0].id, k), k)


def spread_clusters(drafts: list[Draft]) -> None:
    """What one mention of an actor knows, all of them know."""
    members: dict[int, list[int]] = {}
    for k in range(len(drafts)):
        members.setdefault(find(drafts, k), []).append(k)
    for group in members.values():
        if len(group) < 2:
            continue
        best = [drafts[k] for k in group if drafts[k].kind != "pronoun"] or [drafts[k] for k in group]
        entry = next((d.entry for d in best if d.entry), None)
        country = next((d.country for d in best if d.entry and d.country), None)
        country = country or next((d.country for d in best if d.country and d.basis != "context"), None)
        country = country or next((d.country for d in best if d.country), None)
        donor = next((d for d in best if d.sector and d.noun is not None), None) or next(
            (d for d in best if d.sector), None
        )
        gender = next((d.gender for d in best if d.gender), None)
        for k in group:
            d = drafts[k]
            d.country = d.country or country
            d.gender = d.gender or gender
            if d.kind not in ("place",) and d.sector is None and donor:
                d.sector, d.others = donor.sector, donor.others
            if d.kind == "pronoun" and d.basis == "unknown" and (d.country or d.sector):
                d.basis = "coreference"
            if d.entry is None and entry and d.kind not in ("place", "demonym"):
                d.entry = entry
            d.office = d.office or (best[0].office if d.kind == "pronoun" else None)
            d.person = d.person or (entry is not None and entry.kind == "person" and not d.plural)


def add_context(scene: Scene, drafts: list[Draft]) -> None:
    """Domestic actors without a country take the one the sentence, then the article, is about (basis "context")."""
    sentence_of = scene.parse.sentence_of
    per_sentence: dict[int, Counter[str]] = {}
    scenes: dict[int, set[str]] = {}  # countries of the places where it happens, by sentence
    total: Counter[str] = Counter()
    visitors = sorted(  # "the French ambassador" does not make France the country the sentence is about
        (d.start, d.end) for d in drafts
        if d.noun is not None and (d.office == "ambassador" or d.noun.id == "description:embassy")
    )
    ends = [a for a, _ in visitors]
    for d in drafts:
        at = bisect.bisect_right(ends, d.start) - 1
        if at >= 0 and d.end <= visitors[at][1]:
            continue
        if d.country and d.country not in _SPECIAL and (d.entry or d.kind in ("demonym", "metonym", "place", "name")):
            if d.kind == "pronoun":
                continue
            per_sentence.setdefault(sentence_of[d.head], Counter())[d.country] += 1
            total[d.country] += 1
            if d.kind == "place":
                scenes.setdefault(sentence_of[d.head], set()).add(d.country)
    bosses: dict[int, set[tuple[str, str]]] = {}  # one president a country: who in the sentence has the office already
    for d in drafts:
        if d.office is not None and d.office in _TOP and d.country:
            bosses.setdefault(sentence_of[d.head], set()).add((d.office, d.country))
    for d in drafts:
        s = sentence_of[d.head]
        if d.ethnic and d.country and d.entry is None and d.place_hint is None:
            others = Counter({c: n for c, n in per_sentence.get(s, Counter()).items() if c != d.country})
            d.country = _pick(others, None, total) or d.country
        if d.kind == "pronoun" or d.country or d.basis == "sum":
            continue
        if d.noun is not None and d.noun.code and not d.place_hint:
            d.country, d.basis = d.noun.code, "description"
        elif d.place_hint and (_is_domestic(d) or d.noun):
            d.country = d.place_hint
        elif _is_domestic(d):
            picked = _pick(per_sentence.get(s), per_sentence.get(s - 1), total)
            if picked is None and d.office is None and d.sector != "GOV" and len(scenes.get(s, ())) == 1:
                picked = next(iter(scenes[s]))
            if d.office not in _TOP or d.modifier or (d.office, picked) not in bosses.get(s, ()):
                d.country = picked
        if d.country and d.basis in ("unknown", "title", "description"):
            d.basis = "context"


def _is_domestic(d: Draft) -> bool:
    if d.kind == "place" and d.noun is None:
        return bool(d.name) and d.located
    if d.name and d.person and d.noun is not None and d.sector not in _STATE_SECTORS:
        return False  # a priest or a reporter with a name need not be from here
    if d.noun is None or d.foreign or (d.entry is not None and d.entry.country in _SPECIAL):
        return False
    return d.noun.domestic or (d.noun.sort == "place" and not d.plural)


def _pick(here: Counter[str] | None, before: Counter[str] | None, total: Counter[str]) -> str | None:
    if here and len(here) == 1:
        return next(iter(here))
    if here:
        common = here.most_common(2)
        if common[0][1] > common[1][1] and total[common[0][0]] > total[common[1][0]]:
            return common[0][0]
        return None
    if before and len(before) == 1:
        return next(iter(before))
    ranked = total.most_common(2)
    if ranked and ranked[0][1] >= 0.6 * sum(total.values()):
        return ranked[0][0]
    return None
