"""The codebook loaded, checked against itself, with the questions that other stages ask it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from legation.codebook.describe import describe
from legation.codebook.schema import (
    ActorsFile,
    AuxiliaryMode,
    CameoCode,
    Context,
    ContextsFile,
    EventType,
    Mode,
    QuadScheme,
    QuadsFile,
    Sector,
    SpecialCode,
    TypesFile,
)
from legation.datafiles import DataFile, read_tsv, read_yaml
from legation.problems import ResourceError, SettingsError

FOLDER = Path(__file__).parent
CAMEO_COLUMNS = ("code", "name", "type", "mode", "contexts", "goldstein_icews", "goldstein_gdelt", "printed", "note")
GOLDSTEIN_VARIANTS = ("icews", "gdelt")


@dataclass(frozen=True, slots=True)
class Codebook:
    """PLOVER 2.0 and its neighbours. `files` are the fingerprints of its data."""

    types: tuple[EventType, ...]
    contexts: tuple[Context, ...]
    sectors: tuple[Sector, ...]
    special: tuple[SpecialCode, ...]
    auxiliary: tuple[AuxiliaryMode, ...]
    quad_schemes: tuple[QuadScheme, ...]
    cameo_codes: tuple[CameoCode, ...]
    files: tuple[DataFile, ...]
    by_type: dict[str, EventType]
    by_code: dict[str, CameoCode]

    def type(self, name: str) -> EventType:
        """The type of this name. SettingsError when PLOVER has none."""
        found = self.by_type.get(name.upper())
        if found is None:
            raise SettingsError(f"there is no type {name!r}; PLOVER has {', '.join(self.by_type)}")
        return found

    def modes(self, type_name: str) -> tuple[Mode, ...]:
        """The modes of a type; empty for types without modes."""
        return self.type(type_name).modes

    def quad(self, type_name: str, scheme: str = "plover-sections", mode: str | None = None) -> int:
        """Quad class of a type (0 neutral, 1 to 4). Schemes over CAMEO go by the root of the type's CAMEO code."""
        for one in self.quad_schemes:
            if one.name == scheme:
                key = self.type(type_name).name if one.over == "plover" else self.cameo(type_name, mode)[:2]
                return next(number for number, names in one.classes.items() if key in names)
        raise SettingsError(
            f"there is no quad scheme {scheme!r}; known are {', '.join(s.name for s in self.quad_schemes)}"
        )

    def score(self, type_name: str, mode: str | None = None) -> float:
        """PLOVER's score of the mode, or of the type where the mode is None or has none."""
        event = self.type(type_name)
        own = event.mode(mode).score if mode is not None else None
        return own if own is not None else event.score

    def cameo(self, type_name: str, mode: str | None = None) -> str:
        """The nearest CAMEO code, as text ("010")."""
        event = self.type(type_name)
        return event.mode(mode).cameo if mode is not None else event.cameo

    def from_cameo(self, code: str) -> tuple[str | None, str | None, tuple[str, ...]]:
        """(type, mode, contexts) for a CAMEO code; (None, None, ()) for roots that PLOVER dropped and unknown codes."""
        found = self._code(code)
        return (found.type, found.mode, found.contexts) if found else (None, None, ())

    def goldstein(self, code: str, variant: str = "icews") -> float | None:
        """The Goldstein score of a CAMEO code; a code that a variant does not list has that of the code above it."""
        if variant not in GOLDSTEIN_VARIANTS:
            raise SettingsError(f"there is no Goldstein variant {variant!r}; known are {', '.join(GOLDSTEIN_VARIANTS)}")
        while len(code) >= 2:
            found = self._code(code)
            if found is None:
                return None
            value = found.goldstein_icews if variant == "icews" else found.goldstein_gdelt
            if value is not None:
                return value
            code = found.code[:-1]
        return None

    def _code(self, code: str) -> CameoCode | None:
        """The entry of a code, of its root ("19" is "190") or of the nearest code above it."""
        if len(code) == 2:
            code += "0"
        while len(code) > 2:
            if code in self.by_code:
                return self.by_code[code]
            code = code[:-1]
        return None

    def describe(self, type_name: str | None = None) -> str:
        """Plain lines for people: all types, or one with its modes, notes and examples."""
        return describe(self, type_name)


def load_codebook() -> Codebook:
    """Read and cross-check the codebook's files. ResourceError names file, line and key."""
    types = read_yaml(FOLDER / "types.yml", TypesFile)
    contexts = read_yaml(FOLDER / "contexts.yml", ContextsFile)
    actors = read_yaml(FOLDER / "actors.yml", ActorsFile)
    quads = read_yaml(FOLDER / "quads.yml", QuadsFile)
    cameo = read_tsv(FOLDER / "cameo.tsv", CAMEO_COLUMNS)
    codes = tuple(_cameo(row) for row in cameo.value)
    book = Codebook(
        types=types.value.types,
        contexts=contexts.value.contexts,
        sectors=actors.value.sectors,
        special=actors.value.special,
        auxiliary=actors.value.auxiliary,
        quad_schemes=quads.value.schemes,
        cameo_codes=codes,
        files=(types.file, contexts.file, actors.file, quads.file, cameo.file),
        by_type={t.name: t for t in types.value.types},
        by_code={c.code: c for c in codes},
    )
    _check(book)
    return book


def _cameo(row: list[str]) -> CameoCode:
    code, name, type_name, mode, contexts, icews, gdelt, printed, note = row
    try:
        scores = [float(x) if x else None for x in (icews, gdelt)]
    except ValueError as error:
        raise ResourceError("codebook/cameo.tsv", f"a Goldstein score is no number ({error})", key=code) from error
    split = tuple(x for x in contexts.split(";") if x)
    return CameoCode(
        code, name, type_name or None, mode or None, split, scores[0], scores[1], printed or None, note or None
    )


def _check(book: Codebook) -> None:
    """Names that the files use of each other must exist, and stand once."""
    known = {c.name for c in book.contexts}
    for event in book.types:
        for mode in event.modes:
            if not set(mode.contexts) <= known:
                raise ResourceError(
                    "codebook/types.yml", "a mode names an unknown context", key=f"{event.name}.{mode.name}"
                )
        for code in [event.cameo, *(m.cameo for m in event.modes)]:
            if code not in book.by_code:
                raise ResourceError(
                    "codebook/types.yml", f"the CAMEO code {code!r} is not in cameo.tsv", key=event.name
                )
        names = [m.name for m in event.modes]
        if len(set(names)) != len(names):
            raise ResourceError("codebook/types.yml", "a mode stands twice", key=event.name)
    if len(book.by_type) != len(book.types) or len(book.by_code) != len(book.cameo_codes):
        raise ResourceError("codebook", "a type or a CAMEO code stands twice")
    for entry in book.cameo_codes:
        if entry.type is None:
            continue
        modes = {m.name for m in book.by_type[entry.type].modes} if entry.type in book.by_type else None
        if modes is None or (entry.mode is not None and entry.mode not in modes) or not set(entry.contexts) <= known:
            raise ResourceError(
                "codebook/cameo.tsv", "names a type, mode or context that does not exist", key=entry.code
            )
    roots = {c.code[:2] for c in book.cameo_codes}
    for scheme in book.quad_schemes:
        listed = [x for names in scheme.classes.values() for x in names]
        wanted = set(book.by_type) if scheme.over == "plover" else roots
        if sorted(listed) != sorted(wanted):
            raise ResourceError("codebook/quads.yml", "does not name every type or root once", key=scheme.name)
