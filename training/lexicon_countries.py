"""countries.tsv: the reference's countries with the corrections of country_edits.txt (used by `build_lexicon.py`)."""

from __future__ import annotations

import re
from pathlib import Path

from lexicon_names import is_latin
from lexicon_persons import COUNTRY

# Long forms in English are kept; local names and names of colonies are not: no English news text uses them.
ENGLISH = re.compile(
    r"\b(Republic|Kingdom|State|States|Emirate|Federation|Commonwealth|Principality|Duchy|Sultanate)\b"
)
COLONIAL = re.compile(
    r"\b(German|French|British|Portuguese|Belgian|Dutch|Spanish|Italian|Mandatory|Trust|Federation of|"
    r"Mali Federation|Antilles|United Arab Republic|Anglo|Free State|Soviet)\b"
)
FIELDS = ("name", "names", "weak", "adjectives", "people", "capitals", "seats")


def read_edits(path: Path) -> list[tuple[str, str, str, list[str]]]:
    """code, field, operation, values of each line."""
    out = []
    for number, line in enumerate(path.read_text("utf8").split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        m = re.fullmatch(r"(\w+) (\w+)(?: ([+=-]?)(.*))?", line)
        if not m:
            raise SystemExit(f"{path}, line {number}: {line!r}")
        out.append((m[1], m[2], m[3] or "", [v for v in (m[4] or "").split("|") if v]))
    return out


def build(table: list[list[str]], edits: list[tuple[str, str, str, list[str]]]) -> list[list[str]]:
    """Rows of countries.tsv; the columns stand in `build_lexicon.py`."""
    rows: dict[str, dict[str, list[str]]] = {}
    info: dict[str, tuple[str, str, str]] = {}
    for iso, name, aliases, demonyms, capital, more, _region, _cow, start, end, source in table:
        words = [d for d in demonyms.split("|") if d and "(" not in d and "/" not in d and d != "none"]
        people = [d for d in words if d.endswith("s") and d[:-1] in words]
        names = [
            a
            for a in aliases.split("|")
            if (
                a
                and ENGLISH.search(a)
                and not COLONIAL.search(a)
                and is_latin(a)
                and "(" not in a
                and not a.startswith("Republi")
            )
            or a == "Republic of " + name
        ]
        caps = [c for c in [capital, *more.split("|")] if c and is_latin(c) and c != name]
        rows[iso] = {
            "name": [name],
            "names": names,
            "weak": [],
            "adjectives": [w for w in words if w not in people],
            "people": people,
            "capitals": caps,
            "seats": [],
        }
        info[iso] = (start, end, source)
    codes = {iso: COUNTRY.get(iso, iso) for iso in rows}
    for iso, field, op, values in edits:
        if field == "drop":
            rows.pop(iso, None)
        elif field == "code":
            codes[iso] = values[0]
        elif iso in rows:
            old = rows[iso][field]
            if op == "=":
                rows[iso][field] = values
            elif op == "-":
                rows[iso][field] = [v for v in old if v not in values]
            else:
                rows[iso][field] = [*old, *(v for v in values if v not in old)]
            if not info[iso][2].endswith("editor"):
                info[iso] = (*info[iso][:2], info[iso][2] + "+editor")
    out = []
    for iso, r in rows.items():
        weak = list(r["weak"])
        names = [n for n in dict.fromkeys(r["names"]) if n not in weak and n != r["name"][0]]
        own = "KOS" if iso == "XKX" else iso
        out.append(
            [
                own,
                "KOS" if iso == "XKX" else codes[iso],
                r["name"][0],
                "|".join(names),
                "|".join(weak),
                "|".join(dict.fromkeys(r["adjectives"])),
                "|".join(dict.fromkeys(r["people"])),
                "|".join(dict.fromkeys(r["capitals"])),
                "|".join(dict.fromkeys(r["seats"])),
                *info[iso],
            ]
        )
    return out
