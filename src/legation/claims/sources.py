"""Who a source is, across the articles that quote it: "U.S. President Joe Biden", "Biden" and "he" are one voice.

Links of an attribution chain carry words and codes but no entity; the same words stand as a party of some record of
the same article often enough. Where they do not, country, sector and the last word of the name decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from legation.claims.item import Record
from legation.claims.rules import LinkRules

_LEADING = re.compile(r"^(?:the|an?|its|his|her|their|this|that)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """One voice. `key` is equal for two mentions of one source; `name` is how to print it."""

    key: str
    name: str
    entity_id: str | None
    code: str | None
    country: str | None
    sector: str | None
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class _Entity:
    entity_id: str
    name: str
    code: str | None


class Sources:
    """Resolves the sources of one set of records, and knows what states are called in it."""

    def __init__(self, records: Iterable[Record], rules: LinkRules) -> None:
        self._rules = rules
        self._states: dict[str, str] = {}
        self._by_place: dict[tuple[str, int, int], _Entity] = {}
        self._by_words: dict[tuple[str, str], set[_Entity]] = defaultdict(set)
        self._by_name: dict[tuple[str | None, str], set[_Entity]] = defaultdict(set)
        for record in records:
            article = record["article"]["id"]
            for entry in (*record["actor"], *record["recipient"]):
                if entry["entity_id"] is None:
                    continue
                found = _Entity(entry["entity_id"], entry["entity"] or entry["text"], entry["code"])
                self._by_place[article, entry["start"], entry["end"]] = found
                if found.entity_id.startswith("country:"):
                    self._states[found.entity_id] = found.name
                self._by_words[article, entry["text"].casefold()].add(found)
                if found.entity_id.startswith("person:"):
                    self._by_name[entry["country"], last_word(found.name)].add(found)

    def phrase(self, entry: Mapping[str, Any]) -> str:
        """What to call a party inside a sentence: with its article."""
        name = self.name(entry)
        if name in self._rules.with_article:
            return f"the {name}"
        return " ".join(entry["text"].split()) if name == plain_name(entry["text"]) else name

    def name(self, entry: Mapping[str, Any]) -> str:
        """What to call a party: a capital as its state, a pronoun as what is known of it."""
        if entry["entity_id"] is not None:
            state = same_state(entry["entity_id"])
            if state != entry["entity_id"]:
                return self._states.get(state, str(entry["country"] or entry["text"]))
            return str(entry["entity"] or entry["text"])
        if self._bare(entry["text"]):
            state = self._states.get(f"country:{entry['country']}", entry["country"] or "")
            sector = self._rules.sectors.get(entry["sector"] or "", "")
            known = f"{state} ({sector})" if state and sector else state or sector
            return known or plain_name(entry["text"])
        return plain_name(entry["text"])

    def nobody(self, link: Mapping[str, Any]) -> bool:
        """Whether the words of a source say that there is none."""
        return plain_name(link["text"] or "").casefold() in self._rules.nobody

    def of(self, link: Mapping[str, Any], article: str) -> Source:
        """The source of one link of a chain."""
        text = link["text"] or ""
        code, country, sector = link["code"], link["country"], link["sector"]
        if link["manner"] == "unnamed" or not text:
            return Source(f"unnamed:{article}:{text.casefold()}", "unnamed sources", None, code, country, sector, True)
        entity = self._entity(article, text, link["start"], link["end"], country)
        if entity is not None:
            state = same_state(entity.entity_id)
            return Source(state, self._states.get(state, entity.name), entity.entity_id, code, country, sector)
        known = {"text": text, "entity_id": None, "entity": None, "country": country, "sector": sector}
        name = self.name(known)
        if link["manner"] == "document" and code:
            return Source(f"document:{code}", name, None, code, country, sector)
        return Source(self._key(text, name, code, article), name, None, code, country, sector)

    def _key(self, text: str, name: str, code: str | None, article: str) -> str:
        """One name in one country and sector is one voice; whom only a pronoun names is one in this article alone."""
        if self._bare(text):
            return f"bare:{article}:{code or text.casefold()}"
        return f"{code}:{last_word(text)}" if code else f"words:{name.casefold()}"

    def _bare(self, text: str) -> bool:
        """Whether words are pronouns and the like, and no name."""
        return all(word in self._rules.grammar for word in re.findall(r"[^\W\d_]+", text.lower()))

    def party(self, entry: Mapping[str, Any], article: str) -> Source:
        """A party of an event as a source: the speaker of an accusation or a denial."""
        code, country, sector = entry["code"], entry["country"], entry["sector"]
        if entry["entity_id"] is not None:
            return Source(same_state(entry["entity_id"]), self.name(entry), entry["entity_id"], code, country, sector)
        name = self.name(entry)
        if code and last_word(entry["text"]) in self._rules.documents:
            return Source(f"document:{code}", name, None, code, country, sector)
        return Source(self._key(entry["text"], name, code, article), name, None, code, country, sector)

    def _entity(
        self, article: str, text: str, start: int | None, end: int | None, country: str | None
    ) -> _Entity | None:
        if start is not None and end is not None and (article, start, end) in self._by_place:
            return self._by_place[article, start, end]
        for found in (
            self._by_words.get((article, text.casefold()), set()),
            self._by_name.get((country, last_word(text)), set()),
        ):
            if len({e.entity_id for e in found}) == 1:
                return min(found, key=lambda e: (e.name, e.code or ""))
        return None


def same_state(entity_id: str) -> str:
    """A capital, a palace or "the government" that stands for its state counts as the state."""
    kind, _, rest = entity_id.partition(":")
    if kind == "metonym" or (kind == "body" and rest.endswith(":government")):
        return f"country:{rest[:3]}"
    return entity_id


def plain_name(text: str) -> str:
    """The words of a mention without article, on one line."""
    return _LEADING.sub("", re.sub(r"\s+", " ", text)).strip() or text


def last_word(text: str) -> str:
    """The last word of a name, for comparing "Otavio Lemos" with "Lemos"."""
    words = re.findall(r"[^\W_]+", text.casefold().removesuffix("'s").removesuffix("’s"))
    return words[-1] if words else ""
