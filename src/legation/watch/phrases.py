"""The words of messages, from phrases.yml, and names of countries; read once, when the first message is written."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from legation.datafiles import Schema, read_yaml

FILE = Path(__file__).with_name("phrases.yml")


class Phrases(Schema):
    """phrases.yml; the keys are explained there."""

    months: Annotated[tuple[str, ...], Field(min_length=12, max_length=12)]
    status: Mapping[str, str]
    status_by: Mapping[str, str]
    says: Mapping[str, str]
    citing: Mapping[str, str]
    cue: str
    unnamed: str
    small: tuple[str, ...]
    own_voice: str
    own_voice_of: str
    confidence: str
    no_confidence: str
    certainty: Mapping[str, str]
    condition: str
    basis: Mapping[str, str]
    no_day: str
    reported: str
    day_unknown: str
    nobody: str
    also: str
    digest: str
    sent_by_hand: str
    or_: Annotated[str, Field(alias="or")]
    pair: str
    pair_either: str
    actor: str
    recipient: str
    either: str
    anything: str
    part_of: str
    narrowed: Mapping[str, str]
    reporter: str
    sectors: Mapping[str, str]
    special: Mapping[str, str]


@functools.cache
def phrases() -> Phrases:
    """The phrases. ResourceError names file, line and key."""
    return read_yaml(FILE, Phrases).value


@functools.cache
def countries() -> Mapping[str, str]:
    """Code -> name of the states of the lexicon."""
    from legation.actors.lexicon import FOLDER

    rows = (FOLDER / "countries.tsv").read_text("utf8").split("\n")
    header, *rest = [row.split("\t") for row in rows if row and not row.startswith("#")]
    code, name = header.index("code"), header.index("name")
    return {row[code]: row[name] for row in reversed(rest)}
