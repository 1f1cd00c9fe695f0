"""`legation code`: texts in, events out."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from legation.cli import options


class Format(StrEnum):
    """How events are printed."""

    TABLE = "table"
    JSONL = "jsonl"
    JSON = "json"
    CSV = "csv"
    GEOJSON = "geojson"
    PLOVER = "plover"
    POLECAT = "polecat"
    ICEWS = "icews"
    GDELT = "gdelt"


def code(
    paths: options.Paths,
    date: options.Date = None,
    output: Annotated[Format, typer.Option("--format", help="How events are printed.")] = Format.TABLE,
    input_format: options.Input = options.InputFormat.AUTO,
    no_clean: options.NoClean = False,
    column: options.Column = None,
    fetch: options.Fetch = False,
    allow_host: options.AllowHost = None,
    engine: options.EngineName = None,
    parser: options.ParserName = None,
    quad_scheme: options.QuadScheme = None,
    goldstein_scheme: options.GoldsteinScheme = None,
    actors: options.Actors = None,
    places: options.Places = None,
    settings: options.SettingsFile = None,
) -> None:
    """Code texts into events: the main job."""
    from legation.cli.batch import Batch, attempt
    from legation.cli.formats import writer
    from legation.pipeline import code_document
    from legation.problems import Problem

    items = options.documents(paths, date, input_format, no_clean, column, fetch, allow_host)
    resources = options.resources_for(
        parser=parser,
        engine=engine,
        quad_scheme=quad_scheme,
        goldstein_scheme=goldstein_scheme,
        actors=actors,
        places=places,
        settings=settings,
    )
    batch = Batch()
    write = writer(output.value)

    for _, result in attempt(items, lambda raw: code_document(raw, resources)):
        if isinstance(result, Problem):
            batch.fail(result)
        else:
            batch.note_date(result.article, result.raw.name)
            write.add(result)
    write.close()
    raise typer.Exit(batch.status)
