"""What an entity was on the day of the event: in office, a candidate, out of office, or not yet anything."""

from __future__ import annotations

from legation.actors.lexicon import Entry, Lexicon, office_rank
from legation.actors.lexicon_terms import Term, day_bounds
from legation.model.actors import Mention, Role

# Bases of a mention that say that its sector was read from the words themselves.
_FROM_WORDS = frozenset({"title", "description", "words"})


def role_of(mention: Mention, day: str | None, lexicon: Lexicon) -> Role:
    """The mention's role on that ISO day; without a day what its own words or its entry say.

    The order: a dated term that covers the day; the text's own title, where the lexicon knows nothing about such an
    office; before the first term unknown (never government), after the last one former.
    """
    entry = lexicon.entry(mention.entity_id) if mention.entity_id else None
    if entry is None or not entry.terms:
        return _from_words(mention, entry)
    if mention.modifier in ("candidate", "elect"):
        return Role(mention.country or entry.country, "PTY", (), mention.office, None, None, "candidate")
    if day is None:
        return _undated(mention, entry)
    held = [
        (t, b)
        for t in entry.terms
        if (b := lexicon.basis(t.country or "", t.kind, t.start or "", t.end or "", t.as_of or "", day))
    ]
    if held:
        return _in_office(mention, entry, held, day)
    if entry.kind != "person":
        return _from_words(mention, entry)
    if mention.modifier == "former":
        return _former(mention, entry, day)
    if _words_know_more(mention, entry):
        return _from_words(mention, entry)
    if any(_before(t, day) for t in entry.terms):
        return _former(mention, entry, day)
    return Role(entry.country, None, (), None, None, None, "unknown")


def _from_words(mention: Mention, entry: Entry | None) -> Role:
    country = mention.country or (entry.country if entry else None)
    if mention.modifier in ("former", "late"):
        return Role(country, "ELI", (), mention.office, None, None, "former")
    if mention.modifier in ("candidate", "elect"):
        return Role(country, "PTY", (), mention.office, None, None, "candidate")
    if mention.basis in _FROM_WORDS:
        return Role(country, mention.sector, mention.other_sectors, mention.office, None, None, "words")
    # a country's name also stands for its people and its soil: there only the mention knows whether it is a government
    of_entry = entry.sector if entry and entry.kind not in ("country", "metonym", "region") else None
    sector = mention.sector or of_entry
    others = mention.other_sectors or (entry.other_sectors if entry else ())
    return Role(country, sector, others, mention.office, None, None, "static" if sector or country else "unknown")


def _undated(mention: Mention, entry: Entry) -> Role:
    """Without a day: the title in the text says which of the person's terms is meant."""
    if mention.modifier in ("former", "late"):
        return Role(entry.country, "ELI", (), mention.office, None, None, "former")
    if mention.basis in _FROM_WORDS and mention.sector:
        return Role(
            mention.country or entry.country, mention.sector, mention.other_sectors, mention.office, None, None, "words"
        )
    return Role(entry.country, entry.sector, entry.other_sectors, mention.office, None, None, "static")


def _in_office(mention: Mention, entry: Entry, held: list[tuple[Term, str]], day: str) -> Role:
    held.sort(key=lambda tb: (office_rank(tb[0].kind), tb[1] != "term", _reverse(tb[0].start)))
    term, basis = held[0]
    others = sorted({t.sector for t, _ in held if t.sector and t.sector != term.sector} | set(entry.other_sectors))
    office = None if term.office in ("", "government post") else term.office
    return Role(term.country, term.sector, tuple(others), office or mention.office, term.start, term.end, basis)


def _reverse(date: str | None) -> tuple[int, ...]:
    """Sorts later dates first."""
    return tuple(-ord(c) for c in date or "")


def _before(term: Term, day: str) -> bool:
    """Whether the term began before the day (it does not cover it, so it is over)."""
    known = term.start or term.end or term.as_of
    return bool(known) and day_bounds(known or "")[0] <= day


def _words_know_more(mention: Mention, entry: Entry) -> bool:
    """Whether the text gives an office of which the lexicon has no term for this person at any time."""
    if mention.basis not in _FROM_WORDS or not mention.sector:
        return False
    return all(t.sector != mention.sector for t in entry.terms)


def _former(mention: Mention, entry: Entry, day: str) -> Role:
    over = [t for t in entry.terms if _before(t, day)] or list(entry.terms)
    last = max(over, key=lambda t: t.end or t.as_of or t.start or "")
    # a Georgian president who once governed a Ukrainian province stays a Georgian: the chief office gives the country
    return Role(entry.country or last.country, "ELI", (), mention.office, None, last.end, "former")
