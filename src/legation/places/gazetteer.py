"""All places that Legation knows: the GeoNames table, our own tables beside it, and the user's.

Data from GeoNames (https://www.geonames.org), CC BY 4.0; see NOTICE.md. The own tables (countries.tsv, divisions.tsv,
regions.tsv) and a user's overlay have the same columns and go before GeoNames: a row of an own table replaces
the GeoNames division with its id, and a city within 30 km with the same name.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from legation.datafiles import DataFile, read_tsv
from legation.places.names import fold
from legation.places.store import KINDS, Table, read_table
from legation.places.words import Words, load_words
from legation.problems import ResourceError

HERE = Path(__file__).parent
COLUMNS = ("id", "name", "aliases", "abbreviations", "demonyms", "lat", "lon", "country", "feature", "rank")
FEATURES = frozenset({"country", "admin1", "admin2", "city", "region", "water"})
OWN = ("countries.tsv", "divisions.tsv", "regions.tsv")
SAME_PLACE_KM = 30.0
RANK_MOST = 10.0  # ten thousand million people: more than there are
NUMBER = re.compile(r"-?\d+(\.\d+)?")
COUNTRY = re.compile(r"[A-Z]{3}")

COUNTY = ("county", "parish")
How = Literal["name", "alias", "short", "abbreviation", "demonym"]


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `country` is ISO-3 or None (seas, continents); `admin1_id`, `admin2_id` are ids of other places.

    `population` 0 = not known (own tables; there the feature ranks the place). `own` marks rows of our own
    tables or of the user's. `rank` is how strongly the name alone suggests the place, as a power of ten of people;
    None = by feature and population.
    """

    id: str
    name: str
    lat: float
    lon: float
    country: str | None
    admin1: str | None
    admin1_id: str | None
    admin2_id: str | None
    feature: str
    population: int
    own: bool = False
    rank: float | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A place that a name can stand for, and by which kind of name."""

    place: Place
    how: How


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names to places. `files` are the data files that were read, for the run.

    Not to be changed; the private caches only save repeated work, they never alter an answer.
    """

    files: tuple[DataFile, ...]
    table: Table
    words: Words
    places: dict[str, Place]  # own places by id
    exact: dict[str, tuple[Reading, ...]]  # names that count only as written: with stops, in capitals ("U.S.", "UAE")
    folded: dict[str, tuple[Reading, ...]]
    abbreviations: dict[str, tuple[Reading, ...]]  # "OR", "IN": only after a comma
    _seen: dict[str, tuple[Reading, ...]] = field(default_factory=dict, repr=False)
    _rows: dict[int, Place] = field(default_factory=dict, repr=False)

    def lookup(self, name: str) -> tuple[Reading, ...]:
        """All readings of a name as it stands in a text; own tables first, then GeoNames, none twice."""
        found = self._seen.get(name)
        if found is None:
            if len(self._seen) > 200_000:
                self._seen.clear()
            found = self._seen[name] = self._lookup(name)
        return found

    def _lookup(self, name: str) -> tuple[Reading, ...]:
        key = fold(name)
        own = [*self.exact.get(name, ()), *self.folded.get(key, ())]
        out: list[Reading] = []
        ids: set[str] = set()
        for reading in own:
            if reading.place.id not in ids:
                ids.add(reading.place.id)
                out.append(reading)
        for number, alternate in self.table.find(key):
            place = self.row(number)
            if place.id in ids or any(_same(place, r.place) for r in out if r.place.own):
                out = [_with_people(r, place) for r in out]
                continue
            if place.own and any(r.place.own for r in out):  # GeoNames' older name of a division that we call otherwise
                continue
            ids.add(place.id)
            first_part = alternate and fold(place.name).startswith(key + " ")
            out.append(Reading(place, "short" if first_part else "alias" if alternate else "name"))
        states = {r.place.country for r in out if r.place.own and r.place.feature == "country"}
        out = [r for r in out if r.how not in ("alias", "short") or r.place.own or r.place.country not in states]
        for kind in COUNTY:  # "Clarke" for Clarke County
            for number, _ in self.table.find(f"{key} {kind}"):
                place = self.row(number)
                if place.feature == "admin2" and place.id not in ids:
                    ids.add(place.id)
                    out.append(Reading(place, "short"))
        return tuple(r for r in out if not _mere_city(r.place, out))

    def row(self, number: int) -> Place:
        """The place in a row of the GeoNames table; an own row of the same id goes before it."""
        place = self._rows.get(number)
        if place is None:
            n = self.table.numbers
            code = self.table.codes[number]
            geonames = n["geonames"][number]
            id_ = code or (f"geonames:{geonames}" if geonames else f"row:{number}")
            up, up2 = n["admin1"][number], n["admin2"][number]
            division = self.row(up) if up >= 0 else None
            place = Place(
                id_,
                self.table.names[number],
                n["lat"][number] / 1000,
                n["lon"][number] / 1000,
                self.table.countries[n["country"][number]],
                (division.name or None) if division else None,
                division.id if division else None,
                f"row:{up2}" if up2 >= 0 else None,
                KINDS[n["kind"][number]],
                n["population"][number],
            )
            own = self.places.get(id_)
            if own:
                place = replace(own, population=place.population)
            self._rows[number] = place
        return place


def kilometres(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    """Great-circle distance of two points in degrees."""
    p, q = math.radians(a_lat), math.radians(b_lat)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(b_lon - a_lon) / 2) ** 2
    return 12742.0 * math.asin(math.sqrt(min(1.0, h)))


def _same(row: Place, own: Place) -> bool:
    if row.feature != own.feature or row.country != own.country:
        return False
    return row.id == own.id or kilometres(row.lat, row.lon, own.lat, own.lon) < SAME_PLACE_KM


def _mere_city(division: Place, readings: list[Reading]) -> bool:
    """Whether a division is little more than the city of the same name (Moscow, Kyiv): the city is meant."""
    if division.feature not in ("admin1", "admin2") or division.rank is not None:
        return False
    cities = (r.place for r in readings if r.place.feature == "city")
    return any(
        division.id in (c.admin1_id, c.admin2_id)
        and c.population > 0.3 * division.population
        and kilometres(c.lat, c.lon, division.lat, division.lon) < SAME_PLACE_KM
        for c in cities
    )


def _with_people(reading: Reading, row: Place) -> Reading:
    """The own reading with the population (and division) that GeoNames has for the same place."""
    own = reading.place
    if not own.own or not _same(row, own) or row.population <= own.population:
        return reading
    return Reading(
        replace(
            own,
            population=row.population,
            admin1=own.admin1 or row.admin1,
            admin1_id=own.admin1_id or row.admin1_id,
            admin2_id=own.admin2_id or row.admin2_id,
        ),
        reading.how,
    )


def _literal(name: str) -> bool:
    """Whether a name counts only as written: "Ill." is not "ill", "US" is not "us"."""
    return "." in name.rstrip()[-1:] or name.isupper() or (len(name) <= 5 and "." in name)


def _check_row(row: list[str], ids: set[str]) -> str | None:
    """What is wrong with a row of an own table, as a sentence, or None. `ids`: those of the rows above it."""
    cell = dict(zip(COLUMNS, row, strict=True))
    for key in ("id", "name"):
        if not cell[key].strip():
            return f"{key} is empty"
    if cell["id"] in ids:
        return f"the id {cell['id']!r} stands twice"
    for key, most in (("lat", 90.0), ("lon", 180.0), ("rank", RANK_MOST)):
        if key == "rank" and not cell[key]:
            continue
        number = _number(cell[key])
        if number is None:
            return f"{key} is {cell[key]!r}, expected a number with a point (12.5)"
        low = 0.0 if key == "rank" else -most
        if not low <= number <= most:
            return f"{key} is {cell[key]}, expected {low:g} to {most:g}"
    if cell["feature"] not in FEATURES:
        return f"feature is {cell['feature']!r}, expected one of {', '.join(sorted(FEATURES))}"
    if cell["country"] and not COUNTRY.fullmatch(cell["country"]):
        return f"country is {cell['country']!r}, expected three capital letters (ISO-3) or nothing"
    return None


def _number(text: str) -> float | None:
    """A decimal number; None for anything else, also for what Python alone takes for one ("nan", "1_0")."""
    return float(text) if NUMBER.fullmatch(text) else None


def _read_places(path: Path) -> tuple[list[tuple[Place, dict[How, list[str]]]], DataFile]:
    """The rows of an own table; ResourceError names the line of the first that cannot be used."""
    loaded = read_tsv(path, COLUMNS)
    out: list[tuple[Place, dict[How, list[str]]]] = []
    ids: set[str] = set()
    for count, row in enumerate(loaded.value, 1):
        if wrong := _check_row(row, ids):
            raise ResourceError(str(path), f"{row[1] or 'no name'}: {wrong}", _line_of(path, count))
        id_, name, aliases, abbreviations, demonyms, lat, lon, country, feature, rank = row
        ids.add(id_)
        first = feature == "admin1"
        place = Place(
            id_,
            name,
            float(lat),
            float(lon),
            country or None,
            name if first else None,
            id_ if first else None,
            None,
            feature,
            0,
            True,
            float(rank) if rank else None,
        )
        names: dict[How, list[str]] = {
            "name": [name],
            "alias": [x for x in aliases.split("|") if x],
            "abbreviation": [x for x in abbreviations.split("|") if x],
            "demonym": [x for x in demonyms.split("|") if x],
        }
        out.append((place, names))
    return out, loaded.file


def _line_of(path: Path, count: int) -> int:
    """The line of a table's nth row: comments, blank lines and the header are no rows."""
    lines = path.read_text("utf8").split("\n")
    return [k for k, line in enumerate(lines, 1) if line and line[0] != "#"][count]


def load_gazetteer(overlay: Path | None = None) -> Gazetteer:
    """Read the gazetteer; `overlay` is a user's table with the columns of regions.tsv. ResourceError when broken.

    The GeoNames file stays in columns and rows become `Place` values when a text names them: that is why loading
    takes a fraction of a second.
    """
    table = read_table(HERE / "gazetteer.bin.gz")
    words = load_words(HERE / "words.yml")
    files = [table.file, words.file]
    places: dict[str, Place] = {}
    exact: defaultdict[str, list[Reading]] = defaultdict(list)
    folded: defaultdict[str, list[Reading]] = defaultdict(list)
    short: defaultdict[str, list[Reading]] = defaultdict(list)
    paths = [HERE / name for name in OWN] + ([overlay] if overlay else [])
    for path in reversed(paths):  # a user's row goes before ours
        rows, file = _read_places(path)
        files.append(file)
        for place, names in rows:
            if place.id in places:
                continue
            places[place.id] = place
            for how, spellings in names.items():
                for spelling in spellings:
                    if how == "abbreviation":
                        short[spelling].append(Reading(place, how))
                    elif _literal(spelling):
                        exact[spelling].append(Reading(place, how))
                    else:
                        folded[fold(spelling)].append(Reading(place, how))
    return Gazetteer(
        tuple(files),
        table,
        words,
        places,
        {k: tuple(v) for k, v in exact.items()},
        {k: tuple(v) for k, v in folded.items()},
        {k: tuple(v) for k, v in short.items()},
    )
