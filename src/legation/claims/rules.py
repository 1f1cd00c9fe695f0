"""The tables of linking: weights and windows, words that say nothing, plain words for types."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, model_validator

from legation.datafiles import DataFile, Schema, read_tsv, read_yaml

HERE = Path(__file__).parent
PARTS = ("actor", "recipient", "date", "words", "place", "mode")


class Weights(Schema):
    """What each part of a comparison counts for."""

    actor: float = Field(ge=0)
    recipient: float = Field(ge=0)
    date: float = Field(ge=0)
    words: float = Field(ge=0)
    place: float = Field(ge=0)
    mode: float = Field(ge=0)


class Undated(Schema):
    """What a missing date is worth, by how near the articles are (`near`, days)."""

    near: int = Field(ge=0)
    within: float = Field(ge=0, le=1)
    beyond: float = Field(ge=0, le=1)


class Modes(Schema):
    """What two modes are worth."""

    same: float
    untold: float
    different: float


class Profile(Schema):
    """One way of linking; see the head of linking.yml."""

    threshold: float = Field(gt=0, le=1)
    weights: Weights
    unknown: float = Field(ge=0, le=1)
    days: tuple[float, ...] = Field(min_length=1)
    span: int = Field(ge=0)
    coarse: float = Field(ge=0, le=1)
    undated: Undated
    kilometres: float = Field(gt=0)
    trigger: float = Field(ge=0, le=1)
    crossing: float = Field(ge=0, le=1)
    mode: Modes
    frequent: tuple[str, ...]
    rise: float = Field(ge=0)
    bare: float = Field(ge=0, le=1)


class Profiles(Schema):
    """The two ways of linking."""

    same_event: Profile
    claim: Profile


class PartyScores(Schema):
    """How alike two parties are, by what is known of them."""

    same_entity: float
    same_code: float
    state: float
    two_persons: float
    related_sector: float
    other_sector: float
    same_words: float
    unknown: float
    below: float


class BearingRules(Schema):
    """When an accusation or denial bears on a claim; see linking.yml."""

    reach: int = Field(gt=0)
    days: int = Field(ge=0)
    like: float = Field(gt=0, le=1)
    denials: tuple[str, ...]
    speech: tuple[str, ...]


class LinkingFile(Schema):
    """linking.yml"""

    profiles: Profiles
    families: dict[str, tuple[str, ...]]
    parties: PartyScores
    related_sectors: dict[str, tuple[str, ...]]
    opposed: tuple[str, ...]
    bearing: BearingRules
    nobody: tuple[str, ...]
    documents: tuple[str, ...]
    sectors: dict[str, str]
    with_article: tuple[str, ...]


class Phrase(Schema):
    """Plain words for a type or a mode: `past` for what happened, `future` for what is to come.

    "{recipient}" stands for the other side; what stands in square brackets is left out when there is none.
    """

    past: str
    future: str

    @model_validator(mode="after")
    def _whole(self) -> Phrase:
        for text in (self.past, self.future):
            if text.count("[") != text.count("]") or text.replace("{recipient}", "").count("{"):
                raise ValueError(f"{text!r}: only {{recipient}} and one pair of square brackets may stand in a phrase")
        return self


class PhrasesFile(Schema):
    """phrases.yml: keys are "TYPE" or "TYPE mode"."""

    phrases: dict[str, Phrase]


@dataclass(frozen=True)
class LinkRules:
    """All tables of linking.

    `grammar` are the pronouns, articles and the like among the stop words. `family` gives the family of a type (the
    type itself where it has none).
    """

    profiles: Profiles
    parties: PartyScores
    family: dict[str, str]
    sector_groups: dict[str, str]
    opposed: frozenset[str]
    stop_words: frozenset[str]
    grammar: frozenset[str]
    suffixes: tuple[tuple[str, int, str], ...]
    phrases: dict[str, Phrase]
    bearing: BearingRules
    nobody: frozenset[str]
    documents: frozenset[str]
    sectors: dict[str, str]
    with_article: frozenset[str]
    files: tuple[DataFile, ...]

    def profile(self, name: str) -> Profile:
        """The profile of this name."""
        found: Profile = getattr(self.profiles, name)
        return found


def load_link_rules() -> LinkRules:
    """The package's own tables. ResourceError names file, line and key when one is broken."""
    linking = read_yaml(HERE / "linking.yml", LinkingFile)
    stop = read_tsv(HERE / "stop_words.tsv", ("word", "why"))
    endings = read_tsv(HERE / "suffixes.tsv", ("suffix", "least", "instead"))
    phrases = read_yaml(HERE / "phrases.yml", PhrasesFile)
    value = linking.value
    return LinkRules(
        profiles=value.profiles,
        parties=value.parties,
        family={kind: name for name, kinds in value.families.items() for kind in kinds},
        sector_groups={sector: name for name, group in value.related_sectors.items() for sector in group},
        opposed=frozenset(value.opposed),
        stop_words=frozenset(row[0] for row in stop.value),
        grammar=frozenset(word for word, why in stop.value if why == "grammar"),
        suffixes=tuple((row[0], int(row[1]), row[2]) for row in endings.value),
        phrases=phrases.value.phrases,
        bearing=value.bearing,
        nobody=frozenset(value.nobody),
        documents=frozenset(value.documents),
        sectors=value.sectors,
        with_article=frozenset(value.with_article),
        files=(linking.file, stop.file, endings.file, phrases.file),
    )
