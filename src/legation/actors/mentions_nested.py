"""Mentions inside mentions ("Russian" in "Russian diplomats") and phrases about a quantity of somebody."""

from __future__ import annotations

from dataclasses import replace

from legation.actors.mentions_draft import Draft
from legation.actors.mentions_persons import choose_person
from legation.actors.mentions_scene import Placed, Scene, active, believable, is_people, readings, stands_apart
from legation.model.parse import Token


def nested_mentions(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """Lexicon names and persons that no phrase has as its head."""
    taken = {(d.start, d.end) for d in drafts}
    by_head = {d.head: d for d in drafts}
    covered = {k for d in drafts if d.name and d.kind != "pronoun" for k in range(d.head, d.head + 1)}
    unknown_names: dict[int, list[Draft]] = {}  # token -> unknown names over it; weak names inside do not count
    for d in drafts:
        if d.kind == "name" and d.entry is None and not d.noun and " " in d.name:
            for k in range(d.first, d.head + 1):
                unknown_names.setdefault(k, []).append(d)
    out: list[Draft] = []
    for placed in scene.hits:
        hit = placed.hit
        best = hit.entries[0]
        if (hit.start, hit.end) in taken or placed.last in covered or placed.first in covered:
            continue
        if not believable(scene, placed):
            continue
        around = unknown_names.get(placed.last, ())
        if not hit.strong and any(d.start <= hit.start and hit.end <= d.end for d in around):
            continue
        head = scene.parse.tokens[scene.parse.head_of(hit.start, hit.end) or placed.last]
        outer = by_head.get(head.head)
        if outer and outer.by.startswith("against:") and best.kind != "demonym" and hit.kind != "demonym":
            continue
        if best.kind == "person" and not (hit.strong or _in_top_office(placed, scene.day)):
            continue
        if best.kind not in ("person", "country", "metonym", "demonym") and not hit.strong:
            continue
        draft = Draft(
            hit.start, hit.end, placed.first, head.i, "name", country=best.country, sector=best.sector,
            others=best.other_sectors, entry=best, candidates=hit.entries, strong=hit.strong, basis="lexicon",
            by=best.id, readings=readings(hit.entries), nested=True, name=scene.parse.text[hit.start : hit.end],
        )
        if is_people(placed, scene):
            draft.kind, draft.basis = "demonym", "demonym"
        elif best.kind in ("country", "metonym"):
            draft.kind = "metonym"
            if outer and outer.noun and outer.noun.sort == "place":
                draft.kind = "place"
        elif best.kind == "person":
            draft.person = True
        if stands_apart(scene, placed):
            draft.sector = draft.sector if best.kind == "person" else "GOV"
        taken.add((hit.start, hit.end))
        out.append(draft)
    out.extend(_nested_surnames(scene, drafts, taken, {k for p in out for k in range(p.first, p.head + 1)}))
    out.extend(_nested_persons(scene, drafts, taken, {k for p in out for k in range(p.first, p.head + 1)}))
    return out


def _in_top_office(placed: Placed, day: str | None) -> bool:
    return any(
        active(t.start, t.end, day) and t.kind in ("head_of_state", "head_of_government")
        for t in placed.hit.entries[0].terms
    )


def _nested_surnames(scene: Scene, drafts: list[Draft], taken: set[tuple[int, int]], used: set[int]) -> list[Draft]:
    """Names of persons known from elsewhere in the article, where the parser made them a modifier or a verb.

    "Brandt Comment" in a headline; "Ada ran" with Ada read as an adverb.
    """
    known = {part for d in drafts if d.person and d.name for part in d.name.split(" ")[-1:] + d.name.split(" ")[:1]}
    known |= {d.name for d in drafts if d.kind in ("name", "place") and d.entry is None and d.country is None}
    heads = {d.head for d in drafts}
    covered = {k for d in drafts for k in range(d.first, d.head + 1) if d.kind != "pronoun"}
    named = {k for d in drafts if d.name and d.person for k in scene.parse.tokens_in(d.start, d.end)}
    out: list[Draft] = []
    for t in scene.parse.tokens:
        if not t.text[:1].isupper() or t.i in heads or t.i in used or len(t.text) < 3 or (t.start, t.end) in taken:
            continue
        if t.i in named:
            continue
        first_name = scene.words.names_alone.get(t.lower)
        inside = t.i in covered
        if t.i in scene.hit_at and scene.hits[scene.hit_at[t.i]].hit.entries[0].kind != "person":
            continue
        leader = not inside and t.text not in known and first_name is None and _is_leader(scene, t)
        if t.text not in known and not leader and (inside or first_name is None):
            continue
        if inside and (t.pos != "PROPN" or t.dep != "compound" or not scene.parse.tokens[t.head].text[:1].isupper()):
            continue
        label = scene.label_at.get(t.i)
        if inside and label is not None and label[2] == "PERSON" and label[0] != label[1]:
            continue
        if not inside and t.pos in ("DET", "PRON", "AUX", "ADP", "CCONJ", "SCONJ", "PUNCT"):
            continue
        taken.add((t.start, t.end))
        draft = Draft(t.start, t.end, t.i, t.i, "name", nested=inside, name=t.text, person=True, gender=first_name)
        if leader:
            choose_person(scene, draft, scene.lexicon.surname(t.text), False, None)
        out.append(draft)
    return out


def _is_leader(scene: Scene, t: Token) -> bool:
    """A word that opens a sentence, is no noun to the parser and is the surname of a leader in office."""
    if t.i != scene.parse.sentence(t.i).first or t.i + 1 >= len(scene.parse.tokens):
        return False
    after = scene.parse.tokens[t.i + 1]
    if t.pos not in ("VERB", "AUX", "ADJ", "INTJ", "NOUN", "ADV"):
        return False
    if after.tag not in ("VBD", "VBZ", "VBN", "MD", "POS"):
        return False
    return any(
        active(x.start, x.end, scene.day) and x.kind in ("head_of_state", "head_of_government")
        for e in scene.lexicon.surname(t.text)[:15] for x in e.terms
    )


def _nested_persons(scene: Scene, drafts: list[Draft], taken: set[tuple[int, int]], used: set[int]) -> list[Draft]:
    """Persons the parser marked inside other phrases ("the Ada Brandt award")."""
    heads = {k for d in drafts if d.kind == "name" and d.person for k in scene.parse.tokens_in(d.start, d.end)}
    starts = {d.start for d in drafts if d.kind == "name"}
    out: list[Draft] = []
    for e in scene.parse.entities:
        if e.label != "PERSON" or (e.start, e.end) in taken or e.start in starts:
            continue
        tokens = range(e.first, e.last + 1)
        if any(k in heads or k in used for k in tokens):
            continue
        name = scene.parse.text[e.start : e.end]
        table = scene.words.first_names if " " in name else scene.words.names_alone
        gender = table.get(name.split(" ")[0].lower())
        out.append(Draft(e.start, e.end, e.first, e.last, "name", nested=True, name=name, person=True, gender=gender))
    return out


def quantity_mentions(scene: Scene, drafts: list[Draft], idle: list[Draft]) -> list[Draft]:
    """"thousands of refugees": a mention over the whole, read like the inner phrase, which becomes nested."""
    inner_of = {d.head: d for d in drafts if d.kind != "pronoun"}
    out: list[Draft] = []
    tokens = scene.parse.tokens
    kept = {id(d) for d in drafts}
    for d in [*drafts, *idle]:
        t = tokens[d.head]
        if t.lemma.lower() not in scene.words.quantities and t.lower not in scene.words.quantities:
            continue
        of = next((k for k in scene.parse.kids(d.head, "prep") if k.lower in ("of", "among")), None)
        inner_token = scene.parse.kid(of.i, "pobj") if of else None
        inner = inner_of.get(inner_token.i) if inner_token else None
        if inner is None or inner.kind == "place" or inner.start <= d.end or inner.end - d.start > 200:
            continue
        d.inner = inner.head
        outer = replace(
            inner, start=d.start, end=inner.end, first=d.first, head=d.head, plural=True, parent=-1,
            nested=False, definite=False, person=False, name="", entry=None,
            inner=inner.head,
        )
        if inner.kind in ("metonym", "name") and inner.noun is None:
            outer.kind = "description"
        if id(d) in kept:
            d.start, d.end, d.country, d.sector, d.others = outer.start, outer.end, outer.country, outer.sector, (
                outer.others
            )
            d.noun, d.by, d.basis, d.plural = d.noun or inner.noun, inner.by, inner.basis, True
        else:
            out.append(outer)
    return out


def drop_shards(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """Without pieces of names that the parser broke off ("Abdel" of "Abdel Fattah al-Sisi")."""
    whole = {
        k: d for d in drafts if d.entry is not None and d.name
        for k in scene.parse.tokens_in(d.start, d.end)
    }
    return [
        d for d in drafts
        if not (d.kind in ("name", "place") and d.entry is None and d.noun is None and d.country is None)
        or not (d.head in whole and d.first in whole and whole[d.head] is whole[d.first])
    ]


def merge_titles(scene: Scene, drafts: list[Draft]) -> list[Draft]:
    """"his lawyer Ada Brandt", parsed as an apposition without comma, is one mention; the noun stays its head."""
    by_head = {d.head: d for d in drafts}
    gone: set[int] = set()
    for d in drafts:
        if d.kind == "pronoun" or d.name or not (d.noun or d.kin) or d.plural:
            continue
        other = next((by_head[t.i] for t in scene.parse.kids(d.head, "appos") if t.i in by_head), None)
        if other is None or not other.name or not other.person or other.noun or other.start - d.end != 1:
            continue
        d.end, d.name, d.kind, d.person = other.end, other.name, "name", True
        d.gender = d.gender or other.gender
        if other.entry is not None:
            d.entry, d.candidates, d.country, d.by, d.basis = (
                other.entry, other.candidates, d.country or other.country, other.by, "lexicon"
            )
            d.sector, d.readings = d.sector or other.sector, other.readings
        gone.add(id(other))
    return [d for d in drafts if id(d) not in gone]
