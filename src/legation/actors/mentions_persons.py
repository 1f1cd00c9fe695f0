"""Which person a name means: by title, country and who held office on the article's day."""

from __future__ import annotations

from legation.actors.lexicon import Entry
from legation.actors.mentions_draft import Draft
from legation.actors.mentions_scene import Scene, active, readings
from legation.actors.mentions_words import Noun

_TOP = ("head_of_state", "head_of_government")
RARE = 4  # up to so many bearers in the lexicon a surname tells who is meant
COMMON = 15  # from so many bearers in the lexicon on a surname is common (Kim, Khan, Ali)


def choose_person(
    scene: Scene, draft: Draft, entries: tuple[Entry, ...], strong: bool, title: Noun | None
) -> None:
    """The person of the lexicon that fits title, country and day; a bare surname needs support."""
    best, score = None, 1.5
    if not strong and len(entries) > COMMON:
        score = 2.5  # a common surname needs a title or a country beside it
    for entry in entries:
        if entry.kind != "person":
            continue
        points = 2.0 if strong else 0.0
        countries = {x.country for x in entry.terms} | {entry.country}
        if draft.country:
            points += 3.0 if draft.country in countries else -4.0
        kinds = {x.kind for x in entry.terms}
        if title and title.office and title.office in kinds:
            points += 2.0
        if title and title.sort == "honorific":
            points += 0.5
        now = [x.kind for x in entry.terms if active(x.start, x.end, scene.day)]
        once = any(x.kind in _TOP and (scene.day is None or (x.start or "9") <= scene.day) for x in entry.terms)
        points += 2.0 if any(k in _TOP or k == "candidate" for k in now) else 1.0 if now else 0.0
        if once and len(entries) <= RARE:
            points += 1.6  # a rare surname of one who governs or has governed
        points += 0.01 * min(len(entry.terms), 9)
        if points > score:
            best, score = entry, points
    if best or strong:
        draft.readings = readings(entries)
    if best:
        draft.entry, draft.candidates, draft.strong = best, entries, strong
        draft.country, draft.by, draft.basis = best.country or draft.country, best.id, "lexicon"
        if not title or title.sector is None:
            draft.sector, draft.others = best.sector, best.other_sectors
