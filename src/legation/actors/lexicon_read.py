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

COUNTRY_COLUMNS = ("code", "name", "names", "weak_names", "adjectives", "people", "capitals", "seats", "from", "to",
                   "source")
PERSON_COLUMNS = "id\tname\taliases\tterms"


def add_name(names: Names, name: str, index: int, kind: str, strong: bool) -> None:
    """One more bearer of a name."""
    code = index << 4 | _CODE[kind] | strong
    key = fold(name)
    old = names.get(key)
    if old is None:
        names[key] = code
    elif isinstance(old, tuple):
        if code not in old:
            names[key] = (*old, code)
    elif old != code:
        names[key] = (old, code)


def read_folder(folder: Path) -> tuple[tuple[DataFile, ...], list[Record], Names]:
    """All files of the package's lexicon."""
    records: list[Record] = []
    names: Names = {}
    files = [_countries(folder / "countries.tsv", records, names), _persons(folder / "persons.tsv", records, names)]
    return tuple(files), records, names


def _countries(path: Path, records: list[Record], names: Names) -> DataFile:
    loaded = read_tsv(path, COUNTRY_COLUMNS)
    for code, name, strong, weak, adjectives, people, capitals, seats, _from, _to, source in loaded.value:
        index = len(records)
        records.append((f"country:{code}", name, "country", "", code, "GOV", "", "", source))
        for cell, kind, is_strong in ((strong, "name", True), (weak, "name", False), (adjectives, "demonym", True),
                                      (people, "people", True)):
            for word in filter(None, cell.split("|")):
                add_name(names, word, index, kind, is_strong)
        if name not in weak.split("|"):
            add_name(names, name, index, "name", True)
        for cell, kind in ((capitals, "capital"), (seats, "seat")):
            for word in filter(None, cell.split("|")):
                records.append((f"metonym:{code}:{slug(word)}", word, "metonym", "", code, "GOV", "", "", source))
                add_name(names, word, len(records) - 1, kind, True)
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
        if key in names:
            add_name(names, name, index, "name", " " in name)
        else:
            names[key] = base | alias_codes[0] | (" " in name)
        if aliases:
            for alias in aliases.split("|"):
                if alias[0] != "~":
                    add_name(names, alias, index, "alias", " " in alias)
        index += 1
    return fingerprint(path, content)


def read_overlay(path: Path, records: list[Record], names: Names) -> DataFile:
    """A user's own TSV on top of the package's files."""
    raise NotImplementedError
