"""Corrections and additions on top of the generated files: editor.tsv of the package, then a user's own TSV.

One row says one thing: a person's term, a group, a name to drop. The format is described in the header
of editor.tsv. A row for somebody who is known already adds to that entry; its terms replace those of the
same country and office kind that overlap with it.
"""

from __future__ import annotations

import re
from pathlib import Path

from legation.actors.lexicon_read import Names, Record, add_name
from legation.actors.lexicon_terms import day_bounds
from legation.actors.lexicon_text import fold, slug
from legation.datafiles import DataFile, read_tsv
from legation.problems import ResourceError

OVERLAY_COLUMNS = (
    "action",
    "kind",
    "name",
    "aliases",
    "id",
    "country",
    "sector",
    "other_sectors",
    "office",
    "office_kind",
    "start",
    "end",
    "as_of",
    "source",
    "note",
)
ENTITY_KINDS = frozenset(
    {"person", "country", "metonym", "body", "group", "igo", "ngo", "mnc", "media", "party", "region"}
)
OFFICE_KINDS = frozenset(
    [
        "head_of_state",
        "head_of_government",
        "foreign_minister",
        "defence_minister",
        "minister",
        "legislator_leader",
        "central_bank",
        "military_chief",
        "intelligence_chief",
        "ambassador",
        "igo_head",
        "party_leader",
        "royal",
        "candidate",
        "rebel_leader",
        "spokesperson",
        "group",
        "other",
    ]
)
SECTORS = frozenset(
    [
        "COP",
        "GOV",
        "JUD",
        "LEG",
        "MIL",
        "PRM",
        "PTY",
        "REB",
        "SPY",
        "UAF",
        "UNK",
        "AGR",
        "BUS",
        "CRM",
        "CVL",
        "EDU",
        "ELI",
        "JRN",
        "LAB",
        "MED",
        "REF",
        "OPP",
        "PRE",
        "REL",
        "SOC",
    ]
)
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_COUNTRY = re.compile(r"[A-Z]{3}")
_SPECIAL = frozenset({"UNO", "IGO", "EUR", "NGO", "IMG", "MNC"})


def check_row(row: list[str]) -> str | None:
    """What is wrong with a row of an overlay, as a sentence, or None."""
    cell = dict(zip(OVERLAY_COLUMNS, row, strict=True))
    if cell["action"] not in ("add", "drop"):
        return f"action is {cell['action']!r}, expected add or drop"
    if cell["kind"] not in ENTITY_KINDS:
        return f"kind is {cell['kind']!r}, expected one of {', '.join(sorted(ENTITY_KINDS))}"
    if not cell["name"]:
        return "name is empty"
    for alias in filter(None, cell["aliases"].split("|")):
        if ":" in alias and alias.lstrip("~").split(":")[0] not in ("demonym", "people"):
            return f"aliases hold {alias!r}: before the colon only demonym or people can stand"
    if cell["country"] and not _COUNTRY.fullmatch(cell["country"]):
        return f"country is {cell['country']!r}, expected three capital letters"
    for key in ("sector", *(() if not cell["other_sectors"] else ("other_sectors",))):
        for sector in cell[key].split("|"):
            if sector and sector not in SECTORS:
                return f"{key} is {sector!r}, expected a PLOVER sector"
    if cell["office_kind"] and cell["office_kind"] not in OFFICE_KINDS:
        return f"office_kind is {cell['office_kind']!r}, expected one of {', '.join(sorted(OFFICE_KINDS))}"
    for key in ("start", "end", "as_of"):
        if cell[key] and not _DATE.fullmatch(cell[key]):
            return f"{key} is {cell[key]!r}, expected YYYY, YYYY-MM or YYYY-MM-DD"
    if cell["start"] and cell["end"] and day_bounds(cell["start"])[0] > day_bounds(cell["end"])[1]:
        return f"the term ends ({cell['end']}) before it starts ({cell['start']})"
    if cell["action"] == "add" and not cell["source"]:
        return "source is empty"
    if cell["office_kind"] and not (cell["start"] or cell["end"] or cell["as_of"]) and cell["action"] == "add":
        return "a term needs a start, an end or as_of"
    return None


def read_rows(path: Path) -> tuple[list[list[str]], DataFile]:
    """The checked rows of an overlay; ResourceError names the first line that cannot be used."""
    loaded = read_tsv(path, OVERLAY_COLUMNS)
    for number, row in enumerate(loaded.value, 1):
        problem = check_row(row)
        if problem:
            raise ResourceError(str(path), f"{row[2] or 'no name'}: {problem}", _line_of(path, number))
    return loaded.value, loaded.file


def _line_of(path: Path, number: int) -> int:
    """The line of a file's nth row: comments, blank lines and the header are no rows."""
    lines = path.read_text("utf8").split("\n")
    return [k for k, line in enumerate(lines, 1) if line and line[0] != "#"][number]


def apply_overlay(path: Path, records: list[Record], names: Names, ids: dict[str, int]) -> DataFile:
    """Lay the rows of a file over the records. Later rows see what earlier ones made."""
    rows, file = read_rows(path)
    for row in rows:
        if row[0] == "drop":
            _drop(row, records, names, ids)
        else:
            _add(row, records, names, ids)
    return file


def _owners(names: Names, name: str) -> list[int]:
    owner = names.get(name if name.isascii() else fold(name), ())
    return [code >> 4 for code in (owner if isinstance(owner, tuple) else (owner,))]


def _match(row: list[str], records: list[Record], names: Names, ids: dict[str, int]) -> int | None:
    """The record that a row speaks of."""
    kind, name, entry_id, country = row[1], row[2], row[4], row[5]
    if entry_id in ids:
        return ids[entry_id]
    if kind == "person":
        found = [k for k in dict.fromkeys(_owners(names, name)) if records[k][2] == "person"]
        for spelling in (name, *(a for a in row[3].split("|") if a[:1] != "~")):
            if " " in spelling or spelling == name:
                for k in _owners(names, spelling):
                    if records[k][2] == "person" and f"{country};" in records[k][7]:
                        return k
        if (
            entry_id == ""
            and len(found) == 1
            and (country in _SPECIAL or set(re.findall(r"(?:^|\|)([A-Z]{3});", records[found[0]][7])) <= _SPECIAL)
        ):
            return found[0]
        return None
    same = [
        k
        for k in dict.fromkeys(_owners(names, name))
        if records[k][2] not in ("person", "country", "metonym") and (records[k][4] == country or not country)
    ]
    return same[0] if same and not entry_id else None


def _overlaps(part: str, start: str, end: str) -> bool:
    cells = part.split(";", 6)
    s = day_bounds(cells[3])[0] if cells[3] else (day_bounds(cells[5])[0] if cells[5] else "0000")
    e = day_bounds(cells[4])[1] if cells[4] else ("9999" if cells[3] else day_bounds(cells[5] or "9999")[1])
    if s == e:
        return (day_bounds(start)[0] if start else "0000") <= s <= (day_bounds(end)[1] if end else "9999")
    # a handover day belongs to both
    return s < (day_bounds(end)[1] if end else "9999") and (day_bounds(start)[0] if start else "0000") < e


def _add(row: list[str], records: list[Record], names: Names, ids: dict[str, int]) -> None:
    (_, kind, name, aliases, entry_id, country, sector, others, office, office_kind, start, end, as_of, source, _) = row
    index = _match(row, records, names, ids)
    if index is None:
        new_id = entry_id or _new_id(kind, name, country, ids)
        index = len(records)
        ids[new_id] = index
        own = ("", "", "") if kind == "person" else (country, sector, others)
        records.append((new_id, name, kind, aliases, *own, "", source if kind != "person" else ""))
        add_name(names, name, index, "name", kind != "person" or " " in name)
    else:
        old = records[index]
        joined = "|".join(dict.fromkeys([*filter(None, old[3].split("|")), *filter(None, aliases.split("|"))]))
        if kind == "person":
            if old[1] != name:
                joined = "|".join(dict.fromkeys([*filter(None, joined.split("|")), old[1]]))
            records[index] = (old[0], name, old[2], joined, *old[4:])
        else:
            records[index] = (
                old[0],
                old[1],
                kind,
                joined,
                country or old[4],
                sector or old[5],
                others or old[6],
                old[7],
                source,
            )
        if fold(name) not in names or index not in _owners(names, name):
            add_name(names, name, index, "name", True)
    for alias in filter(None, aliases.split("|")):
        words, _, word = alias.lstrip("~").rpartition(":")
        weak = alias[0] == "~"
        if weak:
            _forget(names, word, index)
        add_name(names, word, index, words or "alias", not weak)
    if not office_kind:
        return
    old = records[index]
    kept = []
    for part in filter(None, old[7].split("|")):
        cells = part.split(";", 6)
        if cells[0] == country and part.endswith(";petrarch2;government post"):
            continue  # a post without a name is worth nothing beside a named one
        if cells[:2] == [country, office_kind] and not cells[3] and not cells[4]:
            continue  # one sight without dates, where now the dates are known
        if cells[:2] != [country, office_kind] or not _overlaps(part, start, end):
            kept.append(part)
        elif not end and not cells[4]:
            as_of = max(as_of, cells[5])  # both say that it is still going on: the later sight counts
    term = ";".join(
        (country, office_kind, sector, start, end, as_of, source, office.replace("|", "/").replace(";", ","))
    )
    terms = sorted([*kept, term], key=lambda p: (p.split(";")[3] or "0", p))
    records[index] = (*old[:7], "|".join(terms), old[8])


def _new_id(kind: str, name: str, country: str, ids: dict[str, int]) -> str:
    prefix = "org" if kind in ("igo", "ngo") else kind
    base = (
        f"{prefix}:{country}:{slug(name)}"
        if kind in ("person", "body", "metonym", "party")
        else f"{prefix}:{slug(name)}"
    )
    i, n = base, 2
    while i in ids:
        i, n = f"{base}-{n}", n + 1
    return i


def _forget(names: Names, name: str, index: int) -> None:
    """Take one bearer away from a name."""
    key = fold(name)
    owner = names.get(key)
    if owner is None:
        return
    left = tuple(c for c in (owner if isinstance(owner, tuple) else (owner,)) if c >> 4 != index)
    if left:
        names[key] = left if len(left) > 1 else left[0]
    else:
        del names[key]


def _drop(row: list[str], records: list[Record], names: Names, ids: dict[str, int]) -> None:
    """Drop a term (office_kind given), names (aliases given), or all names of an entry."""
    index = _match(row, records, names, ids)
    if index is None:
        return
    old = records[index]
    if row[9]:
        kept = [
            p
            for p in old[7].split("|")
            if p
            and not (
                p.split(";", 2)[1] == row[9] and (not row[5] or p.startswith(row[5])) and _overlaps(p, row[10], row[11])
            )
        ]
        records[index] = (*old[:7], "|".join(kept), old[8])
    elif row[3]:
        gone = set(row[3].split("|"))
        for name in gone:
            _forget(names, name, index)
        records[index] = (*old[:3], "|".join(a for a in old[3].split("|") if a.lstrip("~") not in gone), *old[4:])
    else:
        for name in (old[1], *(a.lstrip("~") for a in old[3].split("|") if a)):
            _forget(names, name, index)
