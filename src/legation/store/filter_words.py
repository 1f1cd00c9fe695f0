"""How a filter is written by people, and read back.

Clauses are separated by commas: "RUS GOV -> USA GOV, SANCTION or COERCE, happened or planned, since 2024-01-01".
A clause with an arrow names the pair; a bare word is looked up in the codebook; everything can be written with its
field ("context: diplomatic", "place: Oslo").
"""

from __future__ import annotations

import calendar
import datetime
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from legation.codebook import load_codebook
from legation.store.filter import DAYS, LISTS, TEXTS, Filter

STATUSES = ("happened", "alleged", "denied", "negated", "hypothetical", "planned", "predicted", "historical")
AUX = ("actual", "historical", "future", "hypothetical", "negated")
QUADS = {
    1: "verbal cooperation",
    2: "material cooperation",
    3: "verbal conflict",
    4: "material conflict",
    0: "neutral",
}
REPORTER = "reporter"
HAPPENED_ONLY = "happened only"
FIELDS = (*LISTS, *DAYS, *TEXTS, "confidence")

_KEYED = re.compile(r"(?P<key>[a-z_]+)\s*(?::|=|>=)\s*(?P<value>.*)", re.DOTALL)
_DAY = re.compile(r"(?P<word>since|until|in)\s+(?P<day>\d{4}(?:-\d\d(?:-\d\d)?)?)")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_ENTITY = re.compile(r"\S+:\S+|Q\d+")


@dataclass(frozen=True, slots=True)
class ActorWords:
    """What one actor word asks for. At least one part is set, a name or entity alone."""

    country: str | None = None
    sector: str | None = None
    entity: str | None = None
    name: str | None = None


@functools.cache
def vocabulary() -> dict[str, dict[str, Any]]:
    """word (lower case) -> {field: value}, from the codebook."""
    book = load_codebook()
    words: dict[str, dict[str, Any]] = {}

    def add(word: str, field: str, value: Any) -> None:
        words.setdefault(word.lower(), {})[field] = value

    for event in book.types:
        add(event.name, "type", event.name)
        for mode in event.modes:
            add(mode.name, "mode", mode.name)
    for context in book.contexts:
        add(context.name, "context", context.name)
    for number, name in QUADS.items():
        add(name, "quad", number)
        add(name.replace(" ", "_"), "quad", number)
    for status in STATUSES:
        add(status, "status", status)
    for aux in AUX:
        add(aux, "aux", aux)
    return words


@functools.cache
def sectors() -> frozenset[str]:
    """PLOVER's sectors."""
    return frozenset(s.code for s in load_codebook().sectors)


def actor_words(word: str) -> ActorWords:
    """What an actor word asks for. ValueError when it is empty."""
    text = word.strip()
    if _QUOTED.fullmatch(text):
        name = _unquoted(text).strip()
        if not name:
            raise ValueError("an actor's name is empty")
        return ActorWords(name=name)
    if _ENTITY.fullmatch(text):
        return ActorWords(entity=text)
    codes = text.upper().split()
    if len(codes) == 1 and re.fullmatch(r"[A-Z]{6}", text):
        codes = [text[:3], text[3:]]
    if len(codes) == 1 and codes[0] in sectors():
        return ActorWords(sector=codes[0])
    if len(codes) in (1, 2) and all(re.fullmatch(r"[A-Z]{3}", code) for code in codes):
        if len(codes) == 2 and codes[1] not in sectors():
            raise ValueError(f"{codes[1]!r} is no sector (there are {', '.join(sorted(sectors()))})")
        return ActorWords(country=codes[0], sector=codes[1] if len(codes) == 2 else None)
    raise ValueError(
        f"{text!r} is no actor: write a country (RUS), country and sector (RUS GOV), a sector (GOV), an entity id, or"
        f' a name in quotes ("{text}")'
    )


def _written_actor(word: str) -> str:
    """An actor word in the one form in which it is kept."""
    found = actor_words(word)
    if found.name:
        return _quoted(found.name)
    return found.entity or " ".join(code for code in (found.country, found.sector) if code)


def checked(values: Mapping[str, Any]) -> Filter:
    """A filter from texts, with every value checked and brought into its one form. ValueError names what is wrong."""
    given: dict[str, Any] = dict(values)
    for name in LISTS:
        if name in given:
            # as written, each once
            given[name] = tuple(dict.fromkeys(_value(name, one) for one in given[name]))
    for name in DAYS:
        if isinstance(given.get(name), str):
            given[name] = _day(given[name], name)
    if isinstance(given.get("confidence_min"), str):
        given["confidence_min"] = _share(given["confidence_min"])
    if given.get("since") and given.get("until") and given["since"] > given["until"]:
        raise ValueError(f"since {given['since']} lies after until {given['until']}")
    if not given.get("actor") and not given.get("recipient"):
        given["either"] = False
    return Filter(**given)


def _value(field: str, value: Any) -> Any:
    """One value of a list field in its one form."""
    text = str(value).strip()
    if not text:
        raise ValueError(f"{field}: a value is empty")
    if field in ("actor", "recipient"):
        return _written_actor(text)
    if field == "source":
        return REPORTER if text.lower() == REPORTER else _written_actor(text)
    if field in ("place", "publication"):
        plain = _unquoted(text)
        return plain.upper() if field == "place" and re.fullmatch(r"[A-Z]{3}", plain) else plain
    if field == "quad" and text.isdigit() and int(text) in QUADS:
        return int(text)
    found = vocabulary().get(text.lower(), {})
    if field not in found:
        known = sorted({str(v[field]) for v in vocabulary().values() if field in v})
        raise ValueError(f"{field}: there is no {text!r} (there are {', '.join(known)})")
    return found[field]


def day_range(text: str) -> tuple[datetime.date, datetime.date]:
    """First and last day of a day, month or year (2024-05-15, 2024-05, 2024). ValueError when it is none."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", text.strip())
    try:
        if not match:
            raise ValueError
        year, month, day = (int(x) if x else None for x in match.groups())
        assert year is not None
        first = datetime.date(year, month or 1, day or 1)
        last_month = month or 12
        return first, datetime.date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    except ValueError:
        raise ValueError(f"{text!r} is no day (YYYY-MM-DD), month or year") from None


def _day(text: str, which: str) -> datetime.date:
    """The first day of what is given in `since`, the last in `until`."""
    try:
        return day_range(text)[1 if which == "until" else 0]
    except ValueError as error:
        raise ValueError(f"{which}: {error}") from None


def _share(text: str) -> float:
    try:
        value = float(text.rstrip("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ValueError(f"confidence: {text!r} is no number between 0 and 1")
    return value


def parse(words: str) -> Filter:
    """See `Filter.parse`."""
    values: dict[str, Any] = {}

    def put(field: str, value: Any) -> None:
        if field in LISTS:
            values[field] = (*values.get(field, ()), *value)
        elif field in values:
            raise ValueError(f"{field} is given twice")
        else:
            values[field] = value

    for clause in _split(words, ","):
        if not clause:
            continue
        bare = _masked(clause)
        arrow = "<->" if "<->" in bare else "->" if "->" in bare else None
        day, keyed = _DAY.fullmatch(clause.lower()), _KEYED.fullmatch(clause)
        if clause.lower() == HAPPENED_ONLY:
            put("happened_only", True)
        elif arrow:
            _dyad(clause, arrow, put)
        elif day:
            for which in ("since", "until"):
                if day["word"] in (which, "in"):
                    put(which, day["day"])
        elif keyed and keyed["key"] in FIELDS:
            _keyed(keyed["key"], keyed["value"].strip(), put)
        elif _QUOTED.fullmatch(clause):
            put("text", _unquoted(clause))
        else:
            _words(clause, put)
    return checked(values)


def _dyad(clause: str, arrow: str, put: Any) -> None:
    sides = _split(clause, arrow)
    if len(sides) != 2:
        raise ValueError(f"{clause!r}: one arrow joins one actor and one recipient")
    for field, side in zip(("actor", "recipient"), sides, strict=True):
        if side not in ("", "*"):
            put(field, _split(side, " or "))
    if all(side in ("", "*") for side in sides):
        raise ValueError(f"{clause!r}: at least one side must be named")
    if arrow == "<->":
        put("either", True)


def _keyed(key: str, value: str, put: Any) -> None:
    if not value:
        raise ValueError(f"{key}: a value is missing")
    if key in LISTS:
        put(key, _split(value, " or "))
    elif key == "confidence":
        put("confidence_min", value)
    else:
        put(key, _unquoted(value))


def _words(clause: str, put: Any) -> None:
    """Bare words: looked up in the codebook, else actors on either side."""
    words = _split(clause, " or ")
    found = [vocabulary().get(word.lower(), {}) for word in words]
    if all(found):
        fields = set.intersection(*(set(one) for one in found))
        if "status" in fields:  # "negated" is a status and an auxiliary mode: people mean the status
            fields = {"status"}
        if len(fields) == 1:
            put(fields.pop(), words)
            return
        kinds = sorted({field for one in found for field in one})
        raise ValueError(
            f"{clause!r} can be read as {' or '.join(kinds)}: write the field, as in '{kinds[0]}: {words[0]}'"
        )
    event, _, mode = clause.partition(" ")
    if "type" in vocabulary().get(event.lower(), {}) and "mode" in vocabulary().get(mode.strip().lower(), {}):
        put("type", [event])
        put("mode", [mode])
        return
    if all(re.fullmatch(r"[A-Z]{3}(?: ?[A-Z]{3})?|[^\s:]+:\S+|Q\d+", word) for word in words):
        put("actor", words)
        put("either", True)
        return
    raise ValueError(
        f"{clause!r} is not understood: neither a pair (RUS GOV -> USA), a word of the codebook (SANCTION, happened,"
        f" diplomatic), a field with its value ({', '.join(FIELDS)}), nor a day (since 2024-01-01)"
    )


def _masked(text: str) -> str:
    """The text with what stands in quotes blanked, of the same length. ValueError for a quote without its end."""
    masked = _QUOTED.sub(lambda m: "_" * len(m.group()), text)
    if '"' in masked:
        raise ValueError(f"{text!r}: a quotation mark is not closed")
    return masked


def _split(text: str, mark: str) -> list[str]:
    """Parts between marks that stand outside quotes, without the blanks around them."""
    masked = _masked(text)
    parts, start = [], 0
    for match in re.finditer(re.escape(mark), masked, re.IGNORECASE):
        parts.append(text[start : match.start()].strip())
        start = match.end()
    return [*parts, text[start:].strip()]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _unquoted(text: str) -> str:
    return text[1:-1].replace('""', '"') if _QUOTED.fullmatch(text) else text


def write(f: Filter) -> str:
    """A filter in words that `parse` reads back; "" for the empty one."""
    clauses = []
    if f.actor or f.recipient:
        sides = (" or ".join(side) or "*" for side in (f.actor, f.recipient))
        clauses.append((" <-> " if f.either else " -> ").join(sides))
    if f.type:
        clauses.append(" or ".join(f.type))
    if f.status:
        clauses.append(" or ".join(f.status))
    for field in ("mode", "quad", "aux", "context", "source", "place", "publication"):
        values = getattr(f, field)
        if values:
            plain = field not in ("place", "publication")
            clauses.append(f"{field}: " + " or ".join(str(v) if plain else _quoted(v) for v in values))
    clauses += [f"{field} {getattr(f, field).isoformat()}" for field in DAYS if getattr(f, field)]
    if f.confidence_min is not None:
        clauses.append(f"confidence >= {f.confidence_min}")
    clauses += [f"{field}: {_quoted(getattr(f, field))}" for field in TEXTS if getattr(f, field)]
    if f.happened_only:
        clauses.append(HAPPENED_ONLY)
    return ", ".join(clauses)
