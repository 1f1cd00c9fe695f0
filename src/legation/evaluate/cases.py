"""Case files: tests that a political scientist can write (format: CONTRIBUTING.md).

This module reads them, prints what the program sees in the same form, and says how the two differ. Only what a case
states is compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from legation.model.coded import Coded
from legation.model.events import ActorEntry, EventRecord
from legation.problems import LegationError

KEYS = ("words", "who", "whom", "aux", "status", "from", "stance", "date", "place")
SINGLE = ("words", "aux", "status", "date", "place")
NOBODY = "none"
_TYPE = re.compile(r"[A-Z]{3,}")
_ARTICLE = re.compile(r"article(?:\s+(\d{4}-\d\d-\d\d))?\s*$")
_DETERMINER = re.compile(r"^(?:the|a|an|its|his|her|their)\s+", re.I)


class CaseError(LegationError):
    """A case file that cannot be read: names file and line."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}, line {line}: {message}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Party:
    """A stated actor, recipient or source: some of its words, country and sector; None where not stated."""

    words: str
    country: str | None = None
    sector: str | None = None


@dataclass(slots=True)
class Expected:
    """One stated event. `parties["who"] == []` states that there is nobody; a missing key states nothing."""

    line: int
    type: str
    mode: str | None
    parties: dict[str, list[Party]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    stances: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Case:
    """One case: a text and what must, and must not, be coded in it."""

    file: str
    line: int
    name: str
    date: str | None = None
    title: str | None = None
    text: str = ""
    events: list[Expected] = field(default_factory=list)
    forbidden: list[tuple[str, str | None]] = field(default_factory=list)
    none: bool = False
    xfail: str | None = None


# ---------------------------------------------------------------------------------------------- reading


def read_cases(path: Path) -> list[Case]:
    """All cases of a file, in order. CaseError names file and line."""
    return parse_cases(path.read_text("utf8"), str(path))


def parse_cases(text: str, file: str) -> list[Case]:
    """All cases of a text in the format of case files."""
    cases: list[Case] = []
    lines = text.split("\n")
    k = 0
    while k < len(lines):
        line = lines[k]
        if line.startswith("=== "):
            k = _read_case(lines, k, file, cases)
        elif line.strip() in ("", "===") or line.startswith("#"):
            k += 1
        else:
            raise CaseError(file, k + 1, f'a case starts with "=== NAME", not with {line[:40]!r}')
    names = [case.name for case in cases]
    for case in cases:
        if names.count(case.name) > 1:
            raise CaseError(file, case.line, f"the name {case.name!r} stands twice")
    return cases


def _read_case(lines: list[str], k: int, file: str, cases: list[Case]) -> int:
    """Read the case that starts on line k; the index of the line after it."""
    case = Case(file, k + 1, lines[k][4:].strip())
    k += 1
    header = _ARTICLE.match(lines[k]) if k < len(lines) else None
    if header is None:
        raise CaseError(file, k + 1, '"article YYYY-MM-DD" (or "article" for no date) must follow the name')
    case.date = header[1]
    k += 1
    if k < len(lines) and lines[k].startswith("title: "):
        case.title = lines[k][7:].strip()
        k += 1
    body: list[str] = []
    while k < len(lines) and lines[k].rstrip() != "---":
        if lines[k].startswith("==="):
            raise CaseError(file, k + 1, '"---" must stand between the text and what is stated of it')
        body.append(lines[k])
        k += 1
    case.text = "\n".join(body).strip("\n")
    if not case.text:
        raise CaseError(file, k, "the case has no text")
    k += 1
    while k < len(lines) and not lines[k].startswith("==="):
        _read_statement(lines[k], k + 1, case)
        k += 1
    if case.none and (case.events or case.forbidden):
        raise CaseError(file, case.line, '"none" forbids every event: nothing else can be stated')
    if not (case.none or case.events or case.forbidden):
        raise CaseError(file, case.line, "the case states nothing")
    cases.append(case)
    return k


def _read_statement(line: str, number: int, case: Case) -> None:
    words = line.split()
    if not words or line.startswith("#"):
        return
    if line[0] in " \t":
        if not case.events:
            raise CaseError(case.file, number, "a key must stand below the type of its event")
        _read_key(words[0], line.strip()[len(words[0]) :].strip(), number, case)
    elif words == [NOBODY]:
        case.none = True
    elif words[0] == "xfail":
        if len(words) == 1:
            raise CaseError(case.file, number, "xfail needs a reason")
        case.xfail = " ".join(words[1:])
    elif words[0] == "not" and 2 <= len(words) <= 3 and _TYPE.fullmatch(words[1]):
        case.forbidden.append((words[1], words[2] if len(words) == 3 else None))
    elif _TYPE.fullmatch(words[0]) and len(words) <= 2:
        case.events.append(Expected(number, words[0], words[1] if len(words) == 2 else None))
    else:
        raise CaseError(case.file, number, f"neither TYPE [mode], not TYPE [mode], none nor xfail REASON: {line!r}")


def _read_key(key: str, rest: str, number: int, case: Case) -> None:
    event = case.events[-1]
    if key not in KEYS:
        raise CaseError(case.file, number, f"no such key: {key!r} (there are {', '.join(KEYS)})")
    if not rest:
        raise CaseError(case.file, number, f"{key} needs a value")
    if key in SINGLE:
        if key in event.values:
            raise CaseError(case.file, number, f"{key} stands twice")
        event.values[key] = rest
    elif key == "stance":
        event.stances.append(rest)
    elif rest == NOBODY:
        event.parties[key] = []
    else:
        cells = re.split(r"\s{2,}|\t+", rest)
        if len(cells) > 3:
            raise CaseError(case.file, number, f"{key} has words, country and sector, two spaces apart, not {rest!r}")
        event.parties.setdefault(key, []).append(Party(*cells))


# ---------------------------------------------------------------------------------------------- comparing


def differences(case: Case, records: Sequence[EventRecord], text: str) -> list[str]:
    """What the records lack or have too much; empty when the case holds."""
    if case.none:
        return [f"no event may stand here, found {_name(r)}" for r in records]
    wrong: list[str] = []
    for kind, mode in case.forbidden:
        for record in records:
            if record.type == kind and mode in (None, record.mode):
                wrong.append(f"must not stand here: {_name(record)}")
    misses = [[_misses(event, record, text) for record in records] for event in case.events]
    pairs = _assign([[not m for m in row] for row in misses])
    for k, event in enumerate(case.events):
        if k not in pairs:
            free = [j for j in range(len(records)) if j not in pairs.values()]
            nearest = min(free, key=lambda j: (records[j].type != event.type, len(misses[k][j])), default=None)
            said = f"line {event.line}: {event.type} {event.mode or ''}".rstrip()
            if nearest is None or records[nearest].type != event.type:
                wrong.append(f"{said}: not found")
            else:
                wrong.append(f"{said}: " + "; ".join(misses[k][nearest]))
    return wrong


def _assign(fits: list[list[bool]]) -> dict[int, int]:
    """Stated event -> record, one to one, as many as possible (augmenting paths)."""
    owner: dict[int, int] = {}

    def place(k: int, tried: set[int]) -> bool:
        for j, fit in enumerate(fits[k]):
            if fit and j not in tried:
                tried.add(j)
                if j not in owner or place(owner[j], tried):
                    owner[j] = k
                    return True
        return False

    for k in range(len(fits)):
        place(k, set())
    return {k: j for j, k in owner.items()}


def _misses(event: Expected, record: EventRecord, text: str) -> list[str]:
    """What of a stated event a record has otherwise."""
    if event.type != record.type:
        return [f"type is {record.type}"]
    wrong = []
    if event.mode is not None and event.mode != (record.mode or NOBODY):
        wrong.append(f"mode is {record.mode}")
    for key, side in (("who", record.actor), ("whom", record.recipient)):
        if key in event.parties and not _same_parties(event.parties[key], side):
            wrong.append(f"{key} is {_sides(side)}")
    sources = [(link.text or "unnamed", link.role.country, link.role.sector) for link in record.attribution]
    if "from" in event.parties and not _same(event.parties["from"], sources, ordered=True):
        wrong.append(f"from is {sources or NOBODY}")
    stances = [link.attribution.stance for link in record.attribution]
    if event.stances and event.stances != stances:
        wrong.append(f"stance is {stances}")
    found = {
        "words": text[slice(*record.anchor)],
        "aux": record.aux,
        "status": record.status,
        "date": _date(record),
        "place": _place(record),
    }
    for key, value in event.values.items():
        if value.casefold() != found[key].casefold():
            wrong.append(f"{key} is {found[key]}")
    return wrong


def _same_parties(stated: list[Party], side: Iterable[ActorEntry]) -> bool:
    return _same(stated, [(e.participant.text, e.role.country, e.role.sector) for e in side])


def _same(stated: list[Party], found: list[tuple[str, str | None, str | None]], ordered: bool = False) -> bool:
    if len(stated) != len(found):
        return False
    fits = [[_fits(s, f) for f in found] for s in stated]
    return all(fits[k][k] for k in range(len(fits))) if ordered else len(_assign(fits)) == len(stated)


def _fits(stated: Party, found: tuple[str, str | None, str | None]) -> bool:
    words, country, sector = found
    wanted = _DETERMINER.sub("", stated.words).casefold()
    return (
        (stated.words == "*" or wanted in words.casefold())
        and stated.country in (None, country or "-")
        and stated.sector in (None, sector or "-")
    )


# ---------------------------------------------------------------------------------------------- printing


def as_cases(coded: Coded) -> str:
    """What the program sees of a document, as a case to correct."""
    article = coded.article
    body = article.text[article.title_end :].strip("\n") if article.title else article.text
    lines = [f"=== {article.title or article.id}", f"article {article.published or ''}".rstrip()]
    if article.title:
        lines.append(f"title: {article.title}")
    lines += [body, "---"]
    for record in coded.records:
        lines += event_lines(record, article.text)
    if not coded.records:
        lines.append(NOBODY)
    return "\n".join([*lines, "===", ""])


def event_lines(record: EventRecord, text: str) -> Iterator[str]:
    """One record in the syntax of case files."""
    yield f"{record.type} {record.mode or ''}".rstrip()
    yield f"  words   {text[slice(*record.anchor)]}"
    for key, side in (("who", record.actor), ("whom", record.recipient)):
        for entry in side:
            yield _party_line(key, entry.participant.text, entry.role.country, entry.role.sector)
        if not side:
            yield f"  {key:<7} {NOBODY}"
    yield f"  aux     {record.aux}"
    yield f"  status  {record.status}"
    for link in record.attribution:
        yield _party_line("from", link.text or "unnamed", link.role.country, link.role.sector)
        yield f"  stance  {link.attribution.stance}"
    if not record.attribution:
        yield f"  from    {NOBODY}"
    yield f"  date    {_date(record)}"
    yield f"  place   {_place(record)}"


def _party_line(key: str, words: str, country: str | None, sector: str | None) -> str:
    cells = " ".join(words.split()), country or "-", sector or "-"
    return f"  {key:<7} " + "  ".join(f"{c:<20}" if k == 0 else c for k, c in enumerate(cells))


def _date(record: EventRecord) -> str:
    """The day, month or year, as precise as it is known."""
    cut = {"year": 4, "month": 7, "none": 0}.get(record.date.precision, 10)
    return (record.date.start or "")[:cut] or NOBODY


def _place(record: EventRecord) -> str:
    return (record.place.toponym.name or record.place.toponym.text) if record.place else NOBODY


def _name(record: EventRecord) -> str:
    return f"{record.type} {record.mode or ''}".rstrip() + f" {_sides(record.actor)} -> {_sides(record.recipient)}"


def _sides(side: Sequence[ActorEntry]) -> str:
    return ", ".join(f"{e.participant.text} [{e.role.country} {e.role.sector}]" for e in side) or NOBODY
