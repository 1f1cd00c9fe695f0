"""Which mentions are one actor: names, acronyms, descriptions ("the ministry"), then pronouns.

Deterministic, one pass in text order; every look-back has a cap, so the cost stays linear in the length.
"""

from __future__ import annotations

import re

from legation.actors.coreference_pronouns import resolve_pronoun
from legation.actors.coreference_quotes import quotations, speaker_of
from legation.actors.mentions_draft import Draft, find, unite
from legation.actors.mentions_scene import Scene
from legation.model.actors import Reading

LOOK_BACK = 80  # mentions; farther descriptions are rarely the same actor
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_STATE_KINDS = ("metonym", "place", "demonym")
_DETERMINED = frozenset({"the", "this", "that", "these", "those"})


def resolve_coreference(scene: Scene, drafts: list[Draft], heads: dict[int, int]) -> None:
    """Unite the drafts of one actor and set the antecedents of pronouns and descriptions."""
    _share_gender(drafts)
    unite_names(scene, drafts)
    quotes = quotations(scene.parse)
    for k, d in enumerate(drafts):
        if d.pronoun is not None:
            if d.pronoun.person == 3:
                found = resolve_pronoun(scene, drafts, heads, k, quotes)
            elif d.pronoun.person == 1:
                found = speaker_of(scene, drafts, heads, k, quotes)
            else:
                found = None
            if found is not None:
                d.antecedent = found
                plural = d.plural and not drafts[found].plural and d.pronoun.person == 1
                if plural and drafts[found].person:
                    d.country, d.sector = drafts[found].country, drafts[found].sector
                    d.basis = "coreference"  # "we": the speaker's side, not the speaker alone
                else:
                    root = unite(drafts, k, found)
                    d.gender = d.gender or drafts[found].gender
                    if d.gender in ("m", "f"):
                        drafts[root].gender = drafts[root].gender or d.gender
        elif is_sum(scene, d):
            add_sum(drafts, k)
        elif _is_anaphoric(scene, d):
            found = _same_description(scene, drafts, k)
            if found is not None:
                d.antecedent = found
                unite(drafts, k, found)


def unite_names(scene: Scene, drafts: list[Draft]) -> None:
    """Full names, surnames, first names, acronyms, entities of the lexicon."""
    by_entity: dict[str, int] = {}
    by_name: dict[str, int] = {}
    by_part: dict[str, list[int]] = {}
    singles: list[int] = []
    for k, d in enumerate(drafts):
        if d.kind == "pronoun":
            continue
        if d.entry is not None:
            unite(drafts, by_entity.setdefault(_entity_key(d), k), k)
        if d.acronym:
            by_name.setdefault(d.acronym, k)
        if not d.name:
            continue
        name = d.name.replace("’", "'")
        known = by_name.setdefault(name, k)
        if known != k and _compatible(drafts[known], d):
            _join(drafts, known, k)
        parts = [w for w in _WORD.findall(name) if len(w) > 1 and w[0].isupper()]
        if len(parts) > 1 and (d.person or d.entry is None):
            for part in {parts[0], parts[-1]}:
                by_part.setdefault(part, []).append(k)
        elif len(parts) == 1:
            singles.append(k)
    for k in singles:  # the last full name before, else the first after
        d = drafts[k]
        full = [j for j in by_part.get(d.name.replace("’", "'"), ()) if _compatible(drafts[j], d)]
        before = [j for j in full if j < k]
        if full and (d.entry is None or d.entry.kind == "person"):
            _join(drafts, before[-1] if before else full[0], k)


def _share_gender(drafts: list[Draft]) -> None:
    """"his wife, Ada", "the actress Ada Brandt": what stands in apposition has one gender."""
    known: dict[int, str] = {}
    for k, d in enumerate(drafts):
        if d.gender and d.kind != "pronoun":
            known.setdefault(find(drafts, k), d.gender)
    for k, d in enumerate(drafts):
        if d.gender is None and d.kind != "pronoun":
            gender = known.get(find(drafts, k))
            d.gender = "m" if gender == "m" else "f" if gender == "f" else d.gender


def _join(drafts: list[Draft], known: int, k: int) -> None:
    unite(drafts, known, k)
    d, other = drafts[k], drafts[known]
    if (d.entry is None and other.entry is None) or other.person:
        d.person = d.person or other.person
    if " " in other.name and other.gender:
        d.gender = other.gender  # the full name knows better
    d.gender = d.gender or other.gender
    other.gender = other.gender or d.gender


def _entity_key(d: Draft) -> str:
    assert d.entry is not None
    if d.entry.kind in ("country", "metonym", "demonym"):
        return f"state:{d.entry.country}"
    return d.entry.id


def _compatible(a: Draft, b: Draft) -> bool:
    if a.gender and b.gender and a.gender != b.gender and " " in a.name and " " in b.name:
        return False
    if a.entry and b.entry and a.entry.id != b.entry.id:
        return False
    if (a.kind in _STATE_KINDS) != (b.kind in _STATE_KINDS) and (a.entry or b.entry):
        return False
    return not (a.country and b.country and a.country != b.country)


def is_sum(scene: Scene, d: Draft) -> bool:
    """Whether a description adds up two actors named before: "the two countries", "both sides", "the neighbours"."""
    if d.noun is None or not d.plural or d.country or d.name or d.words.split(" ")[-1] not in scene.words.sums:
        return False
    words = [scene.parse.tokens[i].lower for i in range(d.first, d.head)]
    return any(w in ("two", "both") for w in words) or words == ["the"]


def add_sum(drafts: list[Draft], k: int) -> None:
    """The last two states before, as readings in text order; country stays None because there are two."""
    found: list[Draft] = []
    for j in range(k - 1, max(-1, k - 30), -1):
        c = drafts[j]
        if c.entry is not None and c.country and c.kind != "place" and all(c.country != f.country for f in found):
            found.append(c)
            if len(found) == 2:
                break
    if len(found) == 2:
        drafts[k].basis = "sum"
        drafts[k].readings = tuple(
            Reading(f.entry.id, f.entry.name, f.country, f.sector, 1.0) for f in reversed(found) if f.entry
        )


def _is_anaphoric(scene: Scene, d: Draft) -> bool:
    """Whether a description points back: "the ministry", "this group"; not "the ministry of health"."""
    if d.noun is None or d.name or d.nested or d.entry is not None:
        return False
    first = scene.parse.tokens[d.first].lower
    document = d.noun.sort == "document" or d.words.endswith("report")
    if first not in _DETERMINED or (d.head - d.first > 2 and not document):
        return False
    return not any(t.lower == "of" for t in scene.parse.kids(d.head, "prep"))


def _names_kind(d: Draft, c: Draft, scene: Scene) -> bool:
    """Whether c is a name of the kind that d's noun stands for: "the group" for an armed group named before."""
    if c.entry is None or c.kind == "demonym" or d.plural:
        return False
    return c.entry.kind in scene.words.hypernyms.get(d.words.split(" ")[-1], ())


def _same_description(scene: Scene, drafts: list[Draft], k: int) -> int | None:
    """The last earlier mention with the same noun, no contradicting country and number."""
    d = drafts[k]
    for j in range(k - 1, max(-1, k - LOOK_BACK), -1):
        c = drafts[j]
        if c.kind == "pronoun" or (c.nested and c.entry is None) or (c.plural != d.plural and c.entry is None):
            continue
        if not _names_kind(d, c, scene) and (c.noun is None or c.words.split(" ")[-1] != d.words.split(" ")[-1]):
            continue
        if d.country and c.country and d.country != c.country:
            continue
        if _names_kind(d, c, scene):
            d.sector = None  # the name knows better
        elif d.sector and c.sector and d.sector != c.sector and not (d.noun and d.noun.inherits):
            continue
        if d.person and c.name and d.country is None and c.country is None and k - j > 30:
            continue
        return find(drafts, j) if drafts[find(drafts, j)].kind != "pronoun" else j
    return None
