"""Reading the files of the lexicon into records and names; a user's overlay on top."""

from __future__ import annotations

from pathlib import Path

from legation.actors.lexicon_text import fold, slug
from legation.datafiles import DataFile, fingerprint, read_bytes, read_tsv
from legation.problems import ResourceError

# One thing that can act: id, name, kind, aliases, country, sector, other sectors, packed terms, source.
Record = tuple[str, str, str, str, str, str, str, str, str]
# Folded name -> who bears it: record index * 16 + kind of the words * 2 + strong; a tuple where several do.
Names = dict[str, "int | tuple[int, ...]"]
KINDS = ("name", "alias", "acronym", "surname", "demonym", "people", "capital", "seat")
_CODE = {kind: i * 2 for i, kind in enumerate(KINDS)}

COUNTRY_COLUMNS = (
    "id",
    "code",
    "name",
    "names",
    "weak_names",
    "adjectives",
    "people",
    "capitals",
    "seats",
    "from",
    "to",
    "source",
)
REGION_COLUMNS = ("id", "country", "sector", "name", "names", "weak_names", "adjectives", "people", "source")
PATTERN_COLUMNS = ("id", "sector", "patterns", "source")
ORGANISATION_COLUMNS = ("id", "name", "aliases", "kind", "country", "sector", "other_sectors", "terms", "source")
ORGANISATION_FILES = ("bodies.tsv", "groups.tsv", "organisations.tsv", "parties.tsv")
PERSON_COLUMNS = "id\tname\taliases\tterms"


def add_name(names: Names, name: str, index: int, kind: str, strong: bool) -> None:
    """One more bearer of a name."""
    code = index << 4 | _CODE[kind] | strong
    key = name if name.isascii() else fold(name)
    old = names.get(key)
    if old is None:
        names[key] = code
    elif isinstance(old, tuple):
        if code not in old:
            names[key] = (*old, code)
    elif old != code:
        names[key] = (old, code)


def read_folder(folder: Path, demonyms: dict[str, str]) -> tuple[tuple[DataFile, ...], list[Record], Names]:
    """All files of the package's lexicon but editor.tsv, which is laid on top like a user's overlay."""
    records: list[Record] = []
    names: Names = {}
    countries = read_tsv(folder / "countries.tsv", COUNTRY_COLUMNS)
    _countries(countries.value, records, names, demonyms)
    files = [
        countries.file,
        _bodies(folder / "body_patterns.tsv", countries.value, records, names),
        _regions(folder / "regions.tsv", records, names, demonyms),
    ]
    files += [_organisations(folder / name, records, names) for name in ORGANISATION_FILES]
    files.append(_persons(folder / "persons.tsv", records, names))
    return tuple(files), records, names


def _words(cell: str) -> list[tuple[str, bool]]:
    """The words of a cell and whether each is strong ("~" marks a weak one)."""
    return [(w.lstrip("~"), w[0] != "~") for w in cell.split("|") if w]


def _countries(rows: list[list[str]], records: list[Record], names: Names, demonyms: dict[str, str]) -> None:
    for i, code, name, usual, weak, adjectives, people, capitals, seats, _from, _to, source in rows:
        index = len(records)
        records.append((f"country:{i}", name, "country", "", code, "GOV", "", "", source))
        for cell, kind in ((usual, "name"), (adjectives, "demonym"), (people, "people")):
            for word, strong in _words(cell):
                add_name(names, word, index, kind, strong)
                if kind != "name":
                    demonyms.setdefault(fold(word), code)
        weak_names = weak.split("|") if weak else []
        for word in weak_names:
            add_name(names, word, index, "name", False)
        if name not in weak_names:
            add_name(names, name, index, "name", True)
        for cell, kind in ((capitals, "capital"), (seats, "seat")):
            for word, strong in _words(cell):
                records.append((f"metonym:{i}:{slug(word)}", word, "metonym", "", code, "GOV", "", "", source))
                add_name(names, word, len(records) - 1, kind, strong)


def _bodies(path: Path, countries: list[list[str]], records: list[Record], names: Names) -> DataFile:
    """Ministries, armies, courts ... of every country from the patterns of their names."""
    loaded = read_tsv(path, PATTERN_COLUMNS)
    patterns = [
        (i, sector, [(p, "{adj}" in p) for p in cell.split("|")], source) for i, sector, cell, source in loaded.value
    ]
    for country in countries:
        code, name, adjectives = country[1], country[2], [w for w, strong in _words(country[5]) if strong]
        if not adjectives:
            continue
        for i, sector, forms, source in patterns:
            index = len(records)
            first = ""
            for form, by_adjective in forms:
                for word in adjectives if by_adjective else (name,):
                    text = form.replace("{adj}", word) if by_adjective else form.replace("{name}", word)
                    first = first or text
                    names.setdefault(text if text.isascii() else fold(text), index << 4 | _CODE["name"] | 1)
            records.append((f"body:{country[0]}:{i}", first, "body", "", code, sector, "", "", source))
    return loaded.file


def _regions(path: Path, records: list[Record], names: Names, demonyms: dict[str, str]) -> DataFile:
    """Breakaway regions (PRE), provinces with politics of their own, and peoples."""
    loaded = read_tsv(path, REGION_COLUMNS)
    for i, country, sector, name, usual, weak, adjectives, people, source in loaded.value:
        index = len(records)
        records.append((f"region:{i}", name, "region", "", country, sector, "", "", source))
        for cell, kind in ((adjectives, "demonym"), (people, "people"), (usual, "name")):
            for word, strong in _words(cell):
                add_name(names, word, index, kind, strong)
                if kind != "name" and country:
                    demonyms.setdefault(fold(word), country)
        for word in filter(None, weak.split("|")):
            add_name(names, word, index, "name", False)
        if name not in adjectives.split("|"):
            add_name(names, name, index, "name", True)
    return loaded.file


def _organisations(path: Path, records: list[Record], names: Names) -> DataFile:
    loaded = read_tsv(path, ORGANISATION_COLUMNS)
    for i, name, aliases, kind, country, sector, others, terms, source in loaded.value:
        index = len(records)
        records.append((i, name, kind, aliases, country, sector, others, terms, source))
        words = _words(aliases)
        if (name, False) not in words:
            add_name(names, name, index, "name", True)
        for word, strong in words:
            add_name(names, word, index, "acronym" if word.isupper() else "alias", strong)
    return loaded.file


def _persons(path: Path, records: list[Record], names: Names) -> DataFile:
    """The long file. Its rows are checked by tests, not at every start: only the width is looked at here."""
    content = read_bytes(path)
    lines = content.decode("utf8").split("\n")
    if lines[0] != PERSON_COLUMNS:
        raise ResourceError(str(path), f"header is not {PERSON_COLUMNS!r}", 1)
    index = len(records)
    alias_codes = (_CODE["name"], _CODE["alias"])
    for line in lines[1:]:
        if not line:
            continue
        cells = line.split("\t")
        if len(cells) != 4:
            raise ResourceError(str(path), f"{len(cells)} cells, expected 4", index - len(records) + 2)
        i, name, aliases, terms = cells
        records.append((i, name, "person", aliases, "", "", "", terms, ""))
        base = index << 4
        key = name if name.isascii() else fold(name)
        strong = " " in name and not ("~" in aliases and "~" + name in aliases.split("|"))
        if key in names:
            add_name(names, name, index, "name", strong)
        else:
            names[key] = base | alias_codes[0] | strong
        if aliases:
            for alias in aliases.split("|"):
                if alias[0] != "~":
                    add_name(names, alias, index, "alias", strong or len(alias) > len(name))
        index += 1
    return fingerprint(path, content)
