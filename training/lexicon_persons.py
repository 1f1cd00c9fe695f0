"""Office holders: rows of several sources to one row a person with all terms (used by `build_lexicon.py`)."""

from __future__ import annotations

import collections
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from lexicon_names import compatible, is_latin, key, similar, slug, strip_title, tidy, tokens

COUNTRY = {
    "XKX": "KOS",
    "SUN": "RUS",
    "YUG": "SRB",
    "SCG": "SRB",
    "CSK": "CZE",
    "DDR": "DEU",
    "YMD": "YEM",
    "TMP": "TLS",
    "KNT": "KNA",
}
SECTOR = {
    "IGO": "GOV",
    "VGB": "GOV",
    "FRO": "GOV",
    "IMY": "GOV",
    "FLK": "GOV",
    "EUR": "GOV",
    "ASM": "GOV",
    "PRI": "GOV",
    "TMP": "GOV",
    "UNO": "GOV",
    "MED": "JRN",
    "NGO": "SOC",
    "OPP": "PTY",
}
TERRITORY = {"VGB": "VGB", "FRO": "FRO", "IMY": "IMN", "FLK": "FLK", "ASM": "ASM", "PRI": "PRI", "TMP": "TLS"}
HEADS = frozenset({"head_of_state", "head_of_government", "royal"})
# Sources in the order in which their dates are believed.
RANK = {
    s: i
    for i, s in enumerate(["editor", "ifg", "uslegis", "press", "eps", "factbook", "archigos", "cia_wl", "petrarch2"])
}
DROPPED_SOURCES = frozenset({"wlc", "reign"})  # share-alike licence; for checking only
# Q-ids that stand beside the wrong name in the reference: (name, wrong) -> right or none
QID_FIXES = {
    ("Ursula von der Leyen", "Q57641"): "Q60772",
    ("Kim Jong-il", "Q56226"): "Q10665",
    ("King Abdullah", "Q183187"): "",
    ("George Bush", ""): "Q23505",
}
MONARCHS = re.compile(
    r"Charles III|Elizabeth II|Willem|Beatrix|Frederik|Margrethe|Harald|Macron|Hollande|Sarkozy|"
    r"Chirac|Donald J|Donald Trump|Biden|Obama|George W"
)
MONARCHS_AT = frozenset({"GBR", "NLD", "DNK", "NOR", "FRA", "USA", "FJI"})
# Names made of few short syllables: nearly alike is not the same.
SYLLABIC = frozenset({"MMR", "CHN", "TWN", "KOR", "PRK", "VNM", "LAO", "KHM", "HKG", "SGP"})
SPECIAL = frozenset({"UNO", "IGO", "EUR", "NGO", "IMG"})


DROPPED_ALIASES = frozenset({"Prime Minister", "The President", "Al Thani", "Al Saud", "Al Nahyan"})


@dataclass(frozen=True)
class Row:
    """One term as a source has it, already in our codes."""

    country: str
    kind: str
    sector: str
    start: str
    end: str
    as_of: str
    source: str
    office: str


@dataclass
class Person:
    """One person while sources are being merged."""

    name: str
    qid: str
    source: str
    aliases: set[str] = field(default_factory=set)
    one_word: set[str] = field(default_factory=set)
    terms: list[Row] = field(default_factory=list)


def convert(cells: list[str]) -> tuple[str, list[str], str, Row] | None:
    """One reference row in our codes: name, aliases, Q-id, term; None when it cannot be used."""
    person, aliases, qid, country, office, kind, sector, start, end, source, as_of, note = cells
    if source in DROPPED_SOURCES:
        return None
    if re.match(r"(China|French Polynesia) ", person) or re.search(r"(?i)vacant|^none$|unknown|\bTBD\b", person):
        return None
    qid = QID_FIXES.get((person, qid), qid)
    if sector in TERRITORY:
        country = TERRITORY[sector]
    if office.startswith("government post"):
        office = "government post"
        if kind != "minister":
            kind = "other"
    if office.startswith("national leader"):
        office = "national leader"
    if "end_inferred=last_seen" in note and not as_of:
        as_of = end
    if kind in HEADS and MONARCHS.search(person) and country not in MONARCHS_AT:
        return None  # a European monarch or president as head of a dependency or realm
    office = re.sub(r"\s+", " ", office.replace(";", ",").replace("|", "/")).strip()
    row = Row(
        COUNTRY.get(country, country),
        kind,
        SECTOR.get(sector, sector),
        start,
        end,
        as_of if not end else "",
        source,
        office,
    )
    return person, [a for a in aliases.split("|") if a], qid, row


def _day(date: str, late: bool) -> str:
    """A partial date filled up so that strings compare."""
    if len(date) == 4:
        return date + ("-12-31" if late else "-01-01")
    if len(date) == 7:
        return date + ("-31" if late else "-01")
    return date


def _span(row: Row) -> tuple[str, str]:
    start = _day(row.start, False) if row.start else (_day(row.as_of, False) if row.as_of else "0000")
    end = _day(row.end, True) if row.end else "9999"
    if not row.start and not row.end:
        end = _day(row.as_of, True) or "9999"
    return start, end


def _overlap(a: Row, b: Row) -> bool:
    (s, e), (t, f) = _span(a), _span(b)
    return s <= f and t <= e


def _number(date: str, late: bool) -> float:
    """A date as days, near enough for gaps."""
    year, month, day = (int(x) for x in _day(date, late).split("-"))
    return year * 365.25 + month * 30.44 + day


def _gap_days(a: str, b: str) -> int:
    """Days from the end a to the start b."""
    return int(_number(b, False) - _number(a, True))


def merge_terms(rows: list[Row]) -> list[Row]:
    """One person's terms without repetitions: the better source wins where two say the same."""
    rows = sorted(
        set(rows),
        key=lambda r: (RANK.get(r.source, 99), r.country, r.kind, r.start, r.office, r.end, r.as_of, r.sector),
    )
    kept: list[Row] = []
    for row in rows:
        undated = not row.start and not row.end
        generic = row.office in ("government post", "national leader")
        clash = False
        for i, old in enumerate(kept):
            if old.country != row.country or not _overlap(old, row):
                continue
            heads = old.kind in HEADS and row.kind in HEADS
            same_kind = (
                old.kind == row.kind or row.office == "government post" or (heads and row.office == "national leader")
            )
            if not same_kind:
                continue
            if (
                undated
                or generic
                or old.office == row.office
                or row.kind in ("head_of_state", "head_of_government", "foreign_minister", "defence_minister", "royal")
            ):
                same_start = row.start and old.start and abs(_gap_days(row.start, old.start)) < 75
                if (
                    generic
                    and not old.office.startswith("government")
                    and not undated
                    and not (same_start and not row.end)
                ):
                    # a nameless post that runs on outside the titled term keeps only what is outside
                    (s, e), (t, f) = _span(old), _span(row)
                    if not (s <= t and f <= e) and _outside(old, row) > 120:
                        continue
                clash = True
                if not old.end and row.end and old.as_of and old.as_of < row.end:
                    kept[i] = replace(old, end=row.end, as_of="")
                elif not old.end and row.as_of > old.as_of:
                    kept[i] = replace(old, as_of=row.as_of)
                if not old.start and row.start:
                    kept[i] = replace(kept[i], start=row.start)
                break
        if not clash:
            kept.append(row)
    return _join(kept)


def _outside(old: Row, row: Row) -> int:
    """How many days the second term runs beyond the first (an open end counts as its `as_of`)."""
    (s, e), (t, f) = _span(old), _span(row)
    f = _day(row.as_of, True) if f == "9999" and row.as_of else f
    e = e if e != "9999" else "9999-12-31"
    days = 0
    if t < s and t != "0000":
        days += _gap_days(t, s)
    if f > e and f != "9999":
        days += _gap_days(e, f)
    return days


def _join(rows: list[Row]) -> list[Row]:
    """Pieces of one nameless post with less than two months between them become one term."""
    out: list[Row] = []
    for row in sorted(rows, key=lambda r: (r.country, r.kind, r.office, r.sector, r.source, r.start or "0000", r.end)):
        last = out[-1] if out else None
        if (
            last
            and last.source == row.source == "petrarch2"
            and last.end
            and row.start
            and (last.country, last.kind, last.office, last.sector) == (row.country, row.kind, row.office, row.sector)
            and _gap_days(last.end, row.start) < 60
        ):
            out[-1] = replace(last, end=row.end if not row.end or row.end > last.end else last.end, as_of=row.as_of)
        else:
            out.append(row)
    return sorted(
        out, key=lambda r: (r.start or r.as_of or "0000", r.end or "9999", r.country, r.kind, r.office, r.source)
    )


def _same_person(name: str, row: Row, by_word: dict[tuple[str, str], list[Person]]) -> Person | None:
    """A person of that country whose name can be the same and who held such an office at that time."""
    if row.country in SYLLABIC:
        return None
    seen: list[Person] = []
    for word in tokens(name):
        for p in by_word.get((row.country, word[:4]), ()):
            if p in seen:
                continue
            seen.append(p)
            if min(len(tokens(name)), len(tokens(p.name))) < 2 or not similar(name, p.name):
                continue
            for t in p.terms:
                alike = t.kind == row.kind or (t.kind in HEADS and row.kind in HEADS) or row.office == "government post"
                if alike and t.sector == row.sector and _overlap(t, row):
                    return p
    return None


def collect(table: list[list[str]]) -> list[Person]:
    """All persons, merged across sources: by Q-id, then by country and spelling."""
    names_file = Path(__file__).parent / "full_names.tsv"
    full = {
        (c, short): name
        for c, short, name in (line.split("\t") for line in names_file.read_text("utf8").split("\n") if line)
    }
    persons: list[Person] = []
    by_q: dict[str, Person] = {}
    by_key: dict[tuple[str, str], list[Person]] = collections.defaultdict(list)
    by_word: dict[tuple[str, str], list[Person]] = collections.defaultdict(list)
    any_country: dict[str, list[Person]] = collections.defaultdict(list)
    converted = [c for c in map(convert, table) if c]
    mains = collections.Counter(key(tidy(name)) for name, _, _, _ in converted)
    # persons with an id first, so that the others can join them
    order = sorted(converted, key=lambda c: (not c[2], RANK.get(c[3].source, 99), c[0], c[3].start))
    for name, aliases, qid, row in order:
        spellings = []
        for raw in [name, *aliases]:
            clean = strip_title(tidy(raw)) if is_latin(raw) else None
            if clean:
                spellings.append(clean)
        if not spellings:
            continue
        known = full.get((row.country, spellings[0]))
        if known and not any(" " in s for s in spellings):
            spellings.insert(0, known)
        main = next((s for s in spellings if " " in s), spellings[0])
        trusted = row.source in ("editor", "ifg", "uslegis", "press")
        good = [
            s
            for s in spellings
            if s == main or " " not in s or similar(s, main) or known or (trusted and mains[key(s)] == 0)
        ]
        good = [s for s in good if s == main or key(s) == key(main) or mains[key(s)] == 0 or " " not in s]
        person = by_q.get(qid) if qid else None
        if person is None and " " in main:
            found = by_key[(row.country, key(main))]
            if not found and row.country in SPECIAL:
                found = any_country[key(main)]
                found = found if len({id(p) for p in found}) == 1 else []
            found = [p for p in found if compatible(p.name, main)]
            if found and (not qid or not found[0].qid):
                person = found[0]
        if person is None and not qid and " " in main:
            person = _same_person(main, row, by_word)
        if person is None:
            if " " not in main and not qid and row.source in ("petrarch2", "factbook"):
                continue  # two names run together, or half a name
            person = Person(main, qid, row.source)
            persons.append(person)
        if qid:
            person.qid = person.qid or qid
            by_q[qid] = person
        for s in good:
            (person.aliases if " " in s else person.one_word).add(s)
        slot = by_key[(row.country, key(main))]
        if person not in slot:
            slot.append(person)
            any_country[key(main)].append(person)
        for word in tokens(main):
            if person not in by_word[(row.country, word[:4])]:
                by_word[(row.country, word[:4])].append(person)
        person.terms.append(row)
    for person in persons:
        person.terms = merge_terms(person.terms)
    return [p for p in persons if p.terms]


def give_ids(persons: list[Person]) -> list[tuple[str, Person]]:
    """Stable readable ids, sorted: the Q-id where there is one, else country and name."""
    out: dict[str, Person] = {}
    for p in sorted(persons, key=lambda p: (p.name, p.qid, p.terms[0].country, p.terms[0].start)):
        base = f"person:{p.qid}" if p.qid else f"person:{p.terms[0].country}:{slug(p.name)}"
        name, n = base, 2
        while name in out:
            name, n = f"{base}-{n}", n + 1
        out[name] = p
    return sorted(out.items())


def common_names(persons: list[tuple[str, Person]]) -> set[str]:
    """Ids of minor office holders whose name many other people have ("John Smith"): too weak without a title."""
    first = collections.Counter(p.name.split()[0] for _, p in persons)
    last = collections.Counter(p.name.split()[-1] for _, p in persons)
    known = {"head_of_state", "head_of_government", "foreign_minister", "defence_minister", "igo_head", "royal"}
    return {
        pid
        for pid, p in persons
        if len(p.name.split()) == 2
        and first[p.name.split()[0]] > 25
        and last[p.name.split()[-1]] > 3
        and not any(t.kind in known for t in p.terms)
    }


def write_rows(persons: list[tuple[str, Person]], english: frozenset[str]) -> list[list[str]]:
    """Cells of persons.tsv: id, name, aliases ("~" marks a weak one), terms."""
    rows = []
    weak = common_names(persons)
    for pid, p in persons:
        aliases = [a for a in sorted(p.aliases) if a != p.name and a not in DROPPED_ALIASES]
        one_word = [w for w in sorted(p.one_word) if w != p.name and w.lower() not in english]
        if pid in weak or (" " not in p.name and p.name.lower() in english):
            one_word.append(p.name)
        terms = "|".join(
            ";".join((t.country, t.kind, t.sector, t.start, t.end, t.as_of, t.source, t.office)) for t in p.terms
        )
        rows.append([pid, p.name, "|".join([*aliases, *("~" + w for w in one_word)]), terms])
    return rows
