"""What stands in the codebook's files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from legation.datafiles import Schema


class Mode(Schema):
    """A mode of a type. `score` is null where the manual prints none; `contexts` come with the mode by themselves."""

    name: str
    definition: str
    score: float | None
    cameo: str
    contexts: tuple[str, ...] = ()


class EventType(Schema):
    """One of the 16 types. `quad` is the class in the manual's section on the type."""

    name: str
    quad: Literal[1, 2, 3, 4]
    recipient: bool
    score: float
    cameo: str
    definition: str
    notes: tuple[str, ...]
    examples: tuple[str, ...] = Field(min_length=2)
    modes: tuple[Mode, ...]

    def mode(self, name: str) -> Mode:
        """The mode of this name; KeyError when the type has none of it."""
        for mode in self.modes:
            if mode.name == name:
                return mode
        raise KeyError(name)


class TypesFile(Schema):
    """types.yml"""

    types: tuple[EventType, ...] = Field(min_length=16, max_length=16)


class Context(Schema):
    """What an event is about."""

    name: str
    definition: str


class ContextsFile(Schema):
    """contexts.yml"""

    contexts: tuple[Context, ...] = Field(min_length=37, max_length=37)


class Sector(Schema):
    """What kind of actor somebody is inside a country."""

    code: str = Field(pattern=r"^[A-Z]{3}$")
    definition: str
    frequent: bool


class SpecialCode(Schema):
    """A code in the place of a country for actors that are no state."""

    code: str = Field(pattern=r"^[A-Z]{3}$")
    definition: str


class AuxiliaryMode(Schema):
    """One of PLOVER's auxiliary modes; `aux` is the value in a record where it has another name."""

    name: str
    definition: str
    aux: str | None = None


class ActorsFile(Schema):
    """actors.yml"""

    sectors: tuple[Sector, ...]
    special: tuple[SpecialCode, ...]
    auxiliary: tuple[AuxiliaryMode, ...]


class QuadScheme(Schema):
    """A way to sort events into quad classes: over PLOVER types or over CAMEO roots."""

    name: str
    over: Literal["plover", "cameo"]
    note: str
    classes: dict[int, tuple[str, ...]]


class QuadsFile(Schema):
    """quads.yml"""

    schemes: tuple[QuadScheme, ...]


@dataclass(frozen=True, slots=True)
class CameoCode:
    """A CAMEO code. `type` is None where PLOVER has no equivalent; `printed` and `note` tell where we leave the
    published mapping because it contradicts the manual."""

    code: str
    name: str
    type: str | None
    mode: str | None
    contexts: tuple[str, ...]
    goldstein_icews: float | None
    goldstein_gdelt: float | None
    printed: str | None
    note: str | None
