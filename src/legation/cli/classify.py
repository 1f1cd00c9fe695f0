"""`legation classify`: the type of a relation when the pair is given."""

from __future__ import annotations

from typing import Annotated

import typer

from legation.cli import options


def classify(
    paths: options.Paths,
    input_format: Annotated[
        options.InputFormat, typer.Option("--input-format", help="Items are JSONL in any case.")
    ] = options.InputFormat.JSONL,
    engine: options.EngineName = None,
    settings: options.SettingsFile = None,
) -> None:
    """Name the PLOVER type of what `source` does to `target` in a text: {"id", "text", "source", "target"} a line."""
    from legation.problems import SettingsError

    raise SettingsError("classify is not there yet")
