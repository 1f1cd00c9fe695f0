"""Everything that is read from disk, loaded and validated once, in one frozen value that is passed in.

Each part is loaded when it is first asked for, so that `legation show dates` needs no lexicon; `load_resources`
asks for the parts that a command needs before any text is read, so that a broken file stops the run at its start.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from legation.actors import Lexicon, load_lexicon
from legation.attribution import Cues, load_cues
from legation.clean import Cleaner, load_cleaner
from legation.codebook import Codebook, load_codebook
from legation.codebook.reductions import Reductions, load_reductions
from legation.datafiles import DataFile, fingerprint, read_bytes
from legation.dates import Patterns, load_patterns
from legation.events import Encoder, Rules, load_encoder, load_rules
from legation.model.run import Run
from legation.parse import Parser, load_parser
from legation.places import Gazetteer, load_gazetteer
from legation.settings import Settings

PARTS = ("cleaner", "parser", "lexicon", "rules", "encoder", "cues", "patterns", "gazetteer", "codebook", "reductions")
DATA_SUFFIXES = {".yml", ".tsv", ".gz", ".onnx", ".npz", ".json"}


@dataclass(frozen=True)
class Resources:
    """The loaded parts. Frozen; a part is read from disk at its first use and never again.

    Every part raises ResourceError or SettingsError when it cannot be loaded.
    """

    settings: Settings

    @cached_property
    def cleaner(self) -> Cleaner:
        """Line classes and patterns of page chrome."""
        return load_cleaner()

    @cached_property
    def parser(self) -> Parser:
        """The spaCy pipeline that the settings name."""
        return load_parser(self.settings.parser)

    @cached_property
    def lexicon(self) -> Lexicon:
        """Countries, people with dated offices, organisations, titles; the user's overlay laid over them."""
        return load_lexicon(self.settings.actors)

    @cached_property
    def rules(self) -> Rules:
        """Frames and triggers of events."""
        return load_rules()

    @cached_property
    def encoder(self) -> Encoder | None:
        """The second opinion on types; None with `engine` "rules" or where its file is not installed."""
        return None if self.settings.engine == "rules" else load_encoder()

    @cached_property
    def cues(self) -> Cues:
        """Words of saying, denying, doubting, planning, negating."""
        return load_cues()

    @cached_property
    def patterns(self) -> Patterns:
        """Time expressions."""
        return load_patterns()

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Places with coordinates; the user's own laid over them."""
        return load_gazetteer(self.settings.places)

    @cached_property
    def codebook(self) -> Codebook:
        """PLOVER's types, modes and contexts, and the tables that lead to CAMEO, quad classes and Goldstein."""
        return load_codebook()

    @cached_property
    def reductions(self) -> Reductions:
        """PLOVER's rules for events that are still to come."""
        return load_reductions()

    @cached_property
    def run(self) -> Run:
        """Identity of a run with all parts. Loads every part."""
        return run_info(self)


def load_resources(settings: Settings, parts: Iterable[str] = PARTS) -> Resources:
    """Resources with the named parts loaded now. ResourceError and SettingsError come from here, not later."""
    resources = Resources(settings)
    for part in parts:
        getattr(resources, part)
        if part == "codebook":
            _check_schemes(resources)
    return resources


def _check_schemes(resources: Resources) -> None:
    """SettingsError when the settings name a scheme that the codebook does not have."""
    book, settings = resources.codebook, resources.settings
    first = book.types[0].name
    book.quad(first, settings.quad_scheme)
    book.goldstein(book.cameo(first), settings.goldstein_scheme)


def data_files(resources: Resources) -> tuple[DataFile, ...]:
    """Every data file of every part and of the package, sorted by name: none can change a code unseen."""
    parts = [getattr(resources, part) for part in PARTS if part not in ("parser", "encoder")]
    found = {file.name: file for part in parts for file in part.files}
    if resources.encoder is not None:
        found |= {file.name: file for file in resources.encoder.files}
    package = Path(__file__).parent
    for path in package.rglob("*"):
        name = str(path.relative_to(package))
        if path.suffix in DATA_SUFFIXES and name not in found:
            found[name] = fingerprint(path, read_bytes(path))
    return tuple(found[name] for name in sorted(found))


def run_info(resources: Resources) -> Run:
    """What the run was made with. Its id is a hash over all the rest."""
    files = tuple((file.name, file.sha256) for file in data_files(resources))
    parser = (resources.parser.name, resources.parser.version)
    settings = tuple((f.name, _written(getattr(resources.settings, f.name))) for f in fields(Settings))
    whole = (version("legation"), parser, files, settings)
    digest = hashlib.sha256(json.dumps(whole, ensure_ascii=True).encode()).hexdigest()
    return Run(digest[:16], *whole)


def _written(value: object) -> str:
    """A setting as text. An overlay is told by its hash, which is among the files: its folder says nothing."""
    return value.name if isinstance(value, Path) else str(value or "")
