"""One typed settings object: a file, the environment's one variable, the flags of the command line.

Why one place: a run must be repeatable from what its record says, so nothing else may read the environment.
What describes the input (date, format) is an argument of the command and no setting.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from legation.parse.parser import DEFAULT_PIPELINE
from legation.problems import SettingsError

VARIABLE = "LEGATION_SETTINGS"  # names a settings file; a flag of the command line wins over it
ENGINES = ("auto", "rules")


@dataclass(frozen=True, slots=True)
class Settings:
    """What changes the coding of a given text, apart from the data files. Every field goes into the run.

    `engine`: "auto" (rules and, where its file is installed, the encoder) or "rules" (rules only).
    `quad_scheme`, `goldstein_scheme`: names of schemes of the codebook. `actors`: the user's own
    actors, laid over the lexicon.
    """

    parser: str = DEFAULT_PIPELINE
    engine: str = "auto"
    quad_scheme: str = "plover-sections"
    goldstein_scheme: str = "icews"
    actors: Path | None = None


def load_settings(file: Path | None = None, **flags: Any) -> Settings:
    """The settings of `file` (else of the file that LEGATION_SETTINGS names), with `flags` laid over them.

    Flags that are None do not count. SettingsError on unknown keys, values and files.
    """
    if file is None and (named := os.environ.get(VARIABLE)):
        file = Path(named)
    settings = Settings()
    if file is not None:
        settings = _lay_over(settings, _read(file), str(file), file.parent)
    return _lay_over(settings, {k: v for k, v in flags.items() if v is not None}, "arguments", Path())


def _read(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not TOML ({error})") from error


def _lay_over(settings: Settings, values: Mapping[str, Any], name: str, base: Path) -> Settings:
    known = {f.name for f in fields(Settings)}
    if unknown := sorted(set(values) - known):
        raise SettingsError(f"{name}: no such setting: {', '.join(unknown)} (there are {', '.join(sorted(known))})")
    given = dict(values)
    if "actors" in given:
        given["actors"] = base / given["actors"]
        if not given["actors"].is_file():
            raise SettingsError(f"{name}: actors: there is no file {given['actors']}")
    for key in known - {"actors"}:
        if key in given and not isinstance(given[key], str):
            raise SettingsError(f"{name}: {key}: a text is needed, not {given[key]!r}")
    if "engine" in given and given["engine"] not in ENGINES:
        raise SettingsError(f"{name}: engine: {given['engine']!r} is not one of {', '.join(ENGINES)}")
    return replace(settings, **given)
