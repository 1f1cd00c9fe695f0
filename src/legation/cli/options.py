"""Arguments and options that several commands share, and what they become."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from legation.model.text import RawDocument
    from legation.problems import Problem
    from legation.resources import Resources


class InputFormat(StrEnum):
    """How the input is read."""

    AUTO = "auto"
    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    JSONL = "jsonl"
    JSON = "json"
    CSV = "csv"
    TSV = "tsv"
    PARQUET = "parquet"
    FEED = "feed"
    WARC = "warc"
    MAIL = "mail"
    MBOX = "mbox"
    PDF = "pdf"
    URLS = "urls"
    ZIP = "zip"


class Engine(StrEnum):
    """What codes."""

    AUTO = "auto"
    RULES = "rules"


Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...",
        help="Files, folders, patterns, - for standard input, or addresses on the web (with --fetch).",
        show_default=False,
    ),
]
Date = Annotated[
    str | None,
    typer.Option("--date", metavar="DAY", help="Day of publication (YYYY-MM-DD) of texts that bring none themselves."),
]
Input = Annotated[
    InputFormat,
    typer.Option(
        "--input-format",
        help="auto: by name and content. jsonl: one item a line (id, text or html, date). urls: one address a line.",
    ),
]
Column = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="FIELD=COLUMN",
        help="Column of a table (or key of an item) for a field: text, html, title, date, author, publication, "
        "language, url, id. For days such as 03/04/2031 say which comes first: date=published:dmy. May be repeated.",
    ),
]
Fetch = Annotated[
    bool, typer.Option("--fetch", help="Fetch addresses from the web (public hosts; robots.txt is obeyed).")
]
AllowHost = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-host", metavar="HOST", help="With --fetch: a host that may have a private address. May be repeated."
    ),
]
NoClean = Annotated[bool, typer.Option("--no-clean", help="The text is already clean: take nothing out.")]
ParserName = Annotated[
    str | None, typer.Option("--parser", metavar="NAME", help="An installed spaCy pipeline, by package name or path.")
]
EngineName = Annotated[
    Engine | None, typer.Option("--engine", help="auto: rules and, where installed, the encoder. rules: rules only.")
]
QuadScheme = Annotated[
    str | None, typer.Option("--quad-scheme", metavar="NAME", help="Scheme of the quad classes.")
]
GoldsteinScheme = Annotated[
    str | None, typer.Option("--goldstein-scheme", metavar="NAME", help="Variant of the Goldstein scale.")
]
Actors = Annotated[
    Path | None, typer.Option("--actors", metavar="OVERLAY", help="A file of your own actors, laid over the lexicon.")
]
Places = Annotated[
    Path | None, typer.Option("--places", metavar="FILE", help="A file of your own places, laid over the gazetteer.")
]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", metavar="FILE", help="Settings file (TOML); else the one LEGATION_SETTINGS names."),
]


def resources_for(
    parts: Iterable[str] | None = None,
    *,
    parser: str | None = None,
    engine: Engine | None = None,
    quad_scheme: str | None = None,
    goldstein_scheme: str | None = None,
    actors: Path | None = None,
    places: Path | None = None,
    settings: Path | None = None,
) -> Resources:
    """Resources under these options, with the named parts (all when None) loaded before any text is read."""
    from legation.resources import PARTS, load_resources
    from legation.settings import load_settings

    chosen = load_settings(
        settings,
        parser=parser,
        engine=None if engine is None else engine.value,
        quad_scheme=quad_scheme,
        goldstein_scheme=goldstein_scheme,
        actors=actors,
        places=places,
    )
    return load_resources(chosen, PARTS if parts is None else parts)


def documents(
    paths: list[str],
    date: str | None,
    input_format: InputFormat,
    no_clean: bool,
    column: list[str] | None = None,
    fetch: bool = False,
    allow_host: list[str] | None = None,
) -> Iterator[RawDocument | Problem]:
    """The documents under the paths. SettingsError when the date is none, or a column is not FIELD=COLUMN."""
    import sys

    from legation.read import read_paths

    checked_day(date)
    return read_paths(
        paths,
        input_format=input_format.value,
        date=date,
        no_clean=no_clean,
        stdin=sys.stdin.buffer,
        columns=column or (),
        fetch=fetch,
        allow_hosts=allow_host or (),
    )


def checked_day(date: str | None) -> None:
    """SettingsError when the text is no ISO day."""
    import datetime
    import re

    from legation.problems import SettingsError

    if date is None:
        return
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", date):
            raise ValueError
        datetime.date.fromisoformat(date)
    except ValueError:
        raise SettingsError(f"--date: {date!r} is not a day written as YYYY-MM-DD") from None
