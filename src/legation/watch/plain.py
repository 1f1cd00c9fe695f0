"""A condition in plain words: what a watch says of itself to people who do not write queries."""

from __future__ import annotations

from legation.store.filter import LISTS, Filter
from legation.watch.phrases import countries, phrases
from legation.watch.words import day_words, harmless, listed


def plain_words(where: Filter) -> str:
    """ "what the government of Russia does to the United States; type SANCTION; told as happened or planned"."""
    p = phrases()
    who, whom = _parties(where.actor), _parties(where.recipient)
    if who and whom:
        form = p.pair_either if where.either else p.pair
    elif who or whom:
        form = p.either if where.either else p.actor if who else p.recipient
    else:
        form = p.anything
    parts = [form.format(who=who or whom, whom=whom)]
    for name, words in p.narrowed.items():
        value = getattr(where, name)
        if value is None or value is False or value == ():
            continue
        parts.append(words.format(text=_said(name, value)))
    return "; ".join(parts)


def _said(name: str, value: object) -> str:
    """The value of one field in words."""
    if name == "source" and isinstance(value, tuple):
        return listed([phrases().reporter if v == "reporter" else _party(v) for v in value], phrases().or_)
    if name == "place" and isinstance(value, tuple):
        return listed([_country(v) for v in value], phrases().or_)
    if name in LISTS and isinstance(value, tuple):
        return listed([harmless(str(v).replace("_", " ")) for v in value], phrases().or_)
    if name in ("since", "until"):
        return day_words(str(value))
    return harmless(str(value))


def _parties(words: tuple[str, ...]) -> str:
    return listed([_party(w) for w in words], phrases().or_)


def _party(word: str) -> str:
    """ "RUS GOV" as "the government of Russia"; names and ids as they are."""
    from legation.store.filter_words import actor_words

    p, asked = phrases(), actor_words(word)
    if asked.entity or asked.name:
        return harmless(asked.name or asked.entity or "")
    sector = p.sectors.get(asked.sector, asked.sector) if asked.sector else ""
    country = _country(asked.country) if asked.country else ""
    if sector and country:
        return p.part_of.format(sector=sector, country=country)
    return sector or country


def _country(code: str) -> str:
    return harmless(phrases().special.get(code) or countries().get(code) or code)
