"""Which place each name stands for, settled for all names of an article together.

Method: every reading starts with a prior (population, kind of place); readings of different names support each
other when they lie near each other, in one division or in one country; three rounds of this settle most articles
(the idea of spatial minimality, Leidner 2007, as a soft vote). What the words themselves say goes before the vote:
"Salem, Oregon" leaves only readings in Oregon. Names have one sense in an article unless the words say otherwise.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from legation.places.gazetteer import Gazetteer, Place, Reading, kilometres
from legation.places.judge import Found
from legation.places.names import fold

Floats = npt.NDArray[np.float64]

MOST = 80  # readings of one name that take part in the vote
LIMIT = 900  # readings of all names together
TOGETHER = 200  # names that vote together: more only in texts of book length
ROUNDS = 3
PRIOR = {"country": 7.6, "admin1": 6.6, "region": 6.2, "water": 5.8, "city": 4.5, "admin2": 4.0}
IN_THE_NEWS = 0.8  # a city stands in our own table because news speaks of it
IN_LIST = 1.5  # beside another country or division in a list
SHORT_COST = 0.8  # "Clarke" for Clarke County
ALIAS_COST = 1.8  # an alternate name of GeoNames is rarely what a newspaper means
W_PRIOR = 1.1
W_SUPPORT = 2.4
WORLDLY = 0.2  # each country named after the first makes it less likely that the article is about one small area
LIST = frozenset({",", "and", ", and", "or", ", or"})
METROPOLIS = 1_000_000  # people: "New York" after a comma is the state there, elsewhere still the city
NEAR_KM, MID_KM = 40.0, 250.0
LOCAL, LOCAL_FALL = 1.3, 0.4
NEAR, MID, DIVISION, COUNTRY = 2.0, 1.0, 2.0, 1.0


@dataclass(slots=True)
class Name:
    """One name of the article with its readings and the vote on them."""

    key: str
    readings: list[Reading]
    prior: list[float]
    count: int
    fixed: str = ""  # basis when the words themselves settle it
    share: list[float] = field(default_factory=list)


def prior(reading: Reading) -> float:
    """How likely a reading is before anything is known about the article, in powers of ten of people."""
    place = reading.place
    base = PRIOR[place.feature]
    people = math.log10(place.population + 200)
    if place.feature == "city":
        value = max(people, base) + IN_THE_NEWS if place.own else people
    elif place.feature == "country":
        value = base
    elif place.own:
        value = max(base, min(people, 7.4)) if place.feature == "admin1" else base
    elif place.feature == "admin1":
        value = min(people, 6.6) - 0.6
    else:
        value = min(people, 6.5) - 0.9
    if place.rank is not None:
        value = place.rank
    if reading.how == "alias" and not place.own:
        value -= ALIAS_COST
    elif reading.how == "short":
        value -= SHORT_COST
    return value


def lies_in(place: Place, whole: Place) -> bool:
    """Whether a place lies in a country, a division or (by distance) a region."""
    if place.id == whole.id:
        return False
    if whole.feature == "country":
        return place.country == whole.country and place.feature != "country"
    if whole.feature == "admin1":
        return place.admin1_id == whole.id and place.feature != "admin1"
    if whole.feature == "admin2":
        return place.feature == "city" and (
            place.admin2_id == whole.id
            or (place.admin1_id == whole.admin1_id and kilometres(place.lat, place.lon, whole.lat, whole.lon) < 40)
        )
    if whole.feature == "region":
        return place.feature == "city" and kilometres(place.lat, place.lon, whole.lat, whole.lon) < 300
    return False


def contained(found: Sequence[Found], text: str, gazetteer: Gazetteer) -> dict[int, tuple[set[str], set[str]]]:
    """For names that the words put into another ("Salem, Oregon"): index -> (ids left of it, ids left of the other)."""
    out: dict[int, tuple[set[str], set[str]]] = {}
    for k, (a, b) in enumerate(pairwise(found)):
        if _listed(found, k, text):
            continue
        gap = text[a.end : b.start].strip()
        if a.demonym or b.demonym or b.start - a.end > 8 or gap not in gazetteer.words.inside:
            continue
        if gap == "of" and not any(r.place.feature == "city" for r in a.readings):
            continue
        comma = gap.startswith(",")
        small: set[str] = set()
        large: set[str] = set()
        for rb in b.readings:
            whole = rb.place
            if whole.feature == "city" or (whole.feature == "region" and not whole.own):
                continue
            inside = [ra.place.id for ra in a.readings if ra.how != "demonym" and lies_in(ra.place, whole)]
            if inside:
                small.update(inside)
                large.add(whole.id)
        if small and (comma or len(small) < 6):
            out[k] = small, large
    return out


def _rows(f: Found, feature: str) -> list[Place]:
    return [r.place for r in f.readings if r.place.own and r.place.feature == feature and r.how != "demonym"]


def _listed(found: Sequence[Found], k: int, text: str) -> bool:
    """Whether names k and k + 1 are equals in a list ("Ohio, Indiana and Utah"; "China, Japan")."""
    a, b = found[k], found[k + 1]
    if _rows(a, "country") and _rows(b, "country"):
        return not any(p.id == "USA" for p in _rows(b, "country"))
    if not (_rows(a, "admin1") and _rows(b, "admin1")):
        return False
    before = k > 0 and bool(_rows(found[k - 1], "admin1")) and text[found[k - 1].end : a.start].strip() in LIST
    after = k + 2 < len(found) and bool(_rows(found[k + 2], "admin1"))
    return before or (after and text[b.end : found[k + 2].start].strip() in LIST)


def _equals(found: Sequence[Found], text: str) -> set[tuple[str, str]]:
    """(name, place id) of countries and divisions that stand in a list beside one that can be nothing else.

    "Oregon, Washington and Idaho" are three states, "Chad, Mali and Niger" three countries.
    """
    out: set[tuple[str, str]] = set()
    for k in range(len(found) - 1):
        a, b = found[k], found[k + 1]
        if text[a.end : b.start].strip() not in LIST or a.demonym or b.demonym:
            continue
        for feature in ("country", "admin1"):
            left, right = _rows(a, feature), _rows(b, feature)
            same = [(p, q) for p in left for q in right if feature == "country" or p.country == q.country]
            if same and (_only_wide(a) or _only_wide(b)):
                out.update((fold(a.text), p.id) for p, _ in same)
                out.update((fold(b.text), q.id) for _, q in same)
    return out


def _only_wide(f: Found) -> bool:
    """Whether a name is known for a country or division and for no big city besides."""
    return not any(r.place.feature == "city" and r.place.population > 200_000 for r in f.readings)


def _names(found: Sequence[Found], tied: dict[int, tuple[set[str], set[str]]], text: str) -> dict[str, Name]:
    """The distinct names of the article, restricted where the words restrict them."""
    only: dict[str, Counter[str]] = {}
    for k, (small, large) in tied.items():
        whole = found[k + 1]
        sides = [(found[k], small)]
        if not any(r.place.feature == "city" and r.place.population > METROPOLIS for r in whole.readings):
            sides.append((whole, large))
        for f, ids in sides:
            only.setdefault(fold(f.text), Counter()).update(ids)
    names: dict[str, Name] = {}
    equals = _equals(found, text)
    for f in found:
        key = fold(f.text)
        if key in names:
            names[key].count += 1
            continue
        readings = list(f.readings)
        fixed = ""
        if key in only:
            kept = [r for r in readings if r.place.id in only[key]]
            if kept:
                readings, fixed = kept, "containment"
        ranked = sorted(
            ((prior(r) + (IN_LIST if (key, r.place.id) in equals else 0.0), r) for r in readings),
            key=lambda x: (-x[0], x[1].place.id),
        )[:MOST]
        names[key] = Name(key, [r for _, r in ranked], [value for value, _ in ranked], 1, fixed)
    return names


@dataclass(frozen=True, slots=True)
class Ties:
    """Which readings speak for each other: by nearness (1 to 3 at one spot), by one division, by one country."""

    near: Floats
    division: Floats
    country: Floats

    def support(self, votes: Floats, local: Floats) -> Floats:
        """What the votes of all other names add to each reading.

        Nearness adds up: ten villages around one spot are ten witnesses. One division and one country count less
        and less: an article full of American names does not make Paris a town in Texas. `local` is how much a
        reading tells of where its neighbours are: villages are named near home, Chicago everywhere.
        """
        division = DIVISION * (1.0 - np.exp(-(self.division @ (votes * local)) / 2.0))
        country = COUNTRY * (1.0 - np.exp(-(self.country @ votes) / 2.0))
        total: Floats = np.log1p(self.near @ (votes * local) + division + country)
        return total


def _ties(places: Sequence[Place], bounds: Sequence[tuple[int, int]]) -> Ties:
    """All pairs of readings; readings of one name say nothing about each other."""
    lat = np.radians(np.array([p.lat for p in places]))
    lon = np.radians(np.array([p.lon for p in places]))
    xyz = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    km = 6371.0 * np.arccos(np.clip(xyz @ xyz.T, -1.0, 1.0))
    # a country's or a division's point says little about distance
    points = {"country": 0.2, "region": 0.2, "water": 0.2, "admin1": 0.5}
    point = np.array([points.get(p.feature, 1.0) for p in places])
    near = (NEAR * np.exp(-km / NEAR_KM) + MID * np.exp(-km / MID_KM)) * np.minimum(point[:, None], point[None, :])
    division = _same([p.admin1_id for p in places])
    country = _same([p.country for p in places])
    for a, b in bounds:
        for matrix in (near, division, country):
            matrix[a:b, a:b] = 0.0
    return Ties(near, division, country)


def _same(values: Sequence[str | None]) -> Floats:
    """1.0 where two entries are equal and known."""
    numbers = {v: k for k, v in enumerate(sorted({v for v in values if v is not None}))}
    ids = np.array([numbers.get(v, -1) if v is not None else -1 for v in values])
    out: Floats = ((ids[:, None] == ids[None, :]) & (ids[:, None] >= 0)).astype(np.float64)
    return out


def vote(names: Sequence[Name]) -> None:
    """Settle the share of every reading of every name."""
    live = [n for n in names if n.readings]
    total = sum(len(n.readings) for n in live)
    most = MOST
    while total > LIMIT and most > 4:
        most = most * 2 // 3
        total = sum(min(most, len(n.readings)) for n in live)
    places: list[Place] = []
    base: list[float] = []
    bounds: list[tuple[int, int]] = []
    for n in live:
        del n.readings[most:], n.prior[most:]
        bounds.append((len(places), len(places) + len(n.readings)))
        places.extend(r.place for r in n.readings)
        base.extend(n.prior)
    if not live:
        return
    start = W_PRIOR * np.array(base)
    counts = [(n.count, b - a) for n, (a, b) in zip(live, bounds, strict=True)]
    weight = np.concatenate([np.full(size, 1.0 + 0.3 * math.log(count)) for count, size in counts])
    local = np.clip(LOCAL - LOCAL_FALL * (np.array(base) - 4.0), 0.4, LOCAL)
    share = _shares(start, bounds)
    if len(live) > 1:
        ties = _ties(places, bounds)
        states = sum(n.readings[0].place.feature == "country" for n in live)
        local *= 1.0 - WORLDLY * min(max(0, states - 1), 4)
        for _ in range(ROUNDS):
            share = _shares(start + W_SUPPORT * ties.support(share * weight, local), bounds)
    for n, (a, b) in zip(live, bounds, strict=True):
        n.share = [float(x) for x in share[a:b]]


def _shares(score: Floats, bounds: Sequence[tuple[int, int]]) -> Floats:
    out = np.empty_like(score)
    for a, b in bounds:
        part = np.exp(2.0 * (score[a:b] - score[a:b].max()))
        out[a:b] = part / part.sum()
    return out


@dataclass(frozen=True, slots=True)
class Settled:
    """The reading chosen for one found name, with the basis; place None = not in the gazetteer."""

    place: Place | None
    basis: str


def resolve(
    found: Sequence[Found], gazetteer: Gazetteer, text: str, home: Sequence[tuple[Reading, ...]] = ()
) -> list[Settled]:
    """One answer for every name, in order. `home` are readings of names outside the text that take part in the vote."""
    tied = contained(found, text, gazetteer)
    names = _names(found, tied, text)
    ordered = list(names.values())
    newspaper = [Name(f"home:{k}", list(r[:MOST]), [prior(x) for x in r[:MOST]], 3) for k, r in enumerate(home)]
    for k in range(0, len(ordered), TOGETHER):  # the table of pairs grows with the square
        vote([*ordered[k : k + TOGETHER], *newspaper])
    best: dict[str, int] = {}
    for n in ordered:
        if n.readings:
            best[n.key] = max(range(len(n.readings)), key=lambda k: (round(n.share[k], 6), n.prior[k], -k))
    out: list[Settled] = []
    for k, f in enumerate(found):
        key = fold(f.text)
        n = names[key]
        if not n.readings:
            out.append(Settled(None, "not in the gazetteer"))
            continue
        chosen = n.readings[best[key]]
        mine = tied[k][0] if k in tied else tied[k - 1][1] if k - 1 in tied else None
        if mine is not None and chosen.place.id not in mine:  # these words say otherwise than the article's sense
            others = [r for r in f.readings if r.place.id in mine]
            if others:
                chosen = max(others, key=lambda r: (prior(r), r.place.id))
        if chosen.how == "demonym":
            basis = "demonym"
        elif mine is not None or n.fixed:
            basis = "containment"
        elif len(f.readings) == 1:
            basis = "only-reading"
        elif best[key] == 0:
            basis = "population" if chosen.place.population else "best-known"
        else:
            basis = "context"
        out.append(Settled(chosen.place, basis))
    return out
