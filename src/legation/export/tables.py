"""What the layouts of others call things: countries, sectors, CAMEO codes, and the columns of every layout."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from legation.codebook import Codebook, load_codebook
from legation.datafiles import read_tsv
from legation.problems import ResourceError

FOLDER = Path(__file__).parent
ColumnType = Literal["text", "integer", "number", "day", "list", "object", "never"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a layout. `unknown` is what is written for None; `type` "never": nothing is ever known for it."""

    name: str
    type: ColumnType
    unknown: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Country:
    """Names and codes of a state or territory in other data sets; None where they have none."""

    name: str
    icews: str | None
    fips: str | None
    cow: str | None
    cameo: str


@dataclass(frozen=True, slots=True)
class SectorWords:
    """What others call a PLOVER sector. `icews` are its words in their order; `generic` names an unnamed actor."""

    cameo: str | None
    icews: tuple[str, ...]
    generic: str | None


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything that a layout looks up."""

    countries: dict[str, Country]
    sectors: dict[str, SectorWords]
    columns: dict[str, tuple[Column, ...]]
    codebook: Codebook

    def country(self, code: str | None) -> Country | None:
        """The country of one of our codes; None for UNO, EUR and the like, and for None."""
        return self.countries.get(code or "")

    def cameo_name(self, code: str) -> str | None:
        """What CAMEO calls a code."""
        found = self.codebook.by_code.get(code)
        return found.name if found else None

    def gdelt_quad(self, code: str) -> int | None:
        """GDELT's quad class of a CAMEO code."""
        scheme = next(s for s in self.codebook.quad_schemes if s.name == "gdelt")
        return next((number for number, roots in scheme.classes.items() if code[:2] in roots), None)


def load_tables() -> Tables:
    """Read the tables. ResourceError names file and line."""
    countries = read_tsv(FOLDER / "countries.tsv", ("iso3", "name", "icews", "fips", "cow", "cameo"))
    sectors = read_tsv(FOLDER / "sectors.tsv", ("sector", "cameo", "icews", "generic"))
    return Tables(
        countries={r[0]: Country(r[1], r[2] or None, r[3] or None, r[4] or None, r[5]) for r in countries.value},
        sectors={
            r[0]: SectorWords(r[1] or None, tuple(r[2].split(",")) if r[2] else (), r[3] or None)
            for r in sectors.value
        },
        columns=load_columns(),
        codebook=load_codebook(),
    )


def load_columns() -> dict[str, tuple[Column, ...]]:
    """The columns of every layout, in their order."""
    path = FOLDER / "columns.tsv"
    found: dict[str, list[Column]] = {}
    for layout, name, kind, unknown, meaning in read_tsv(
        path, ("layout", "column", "type", "unknown", "meaning")
    ).value:
        if kind not in get_args(ColumnType):
            raise ResourceError(str(path), f"there is no type {kind!r}", key=f"{layout} {name}")
        found.setdefault(layout, []).append(Column(name, cast(ColumnType, kind), unknown, meaning))
    return {layout: tuple(columns) for layout, columns in found.items()}
