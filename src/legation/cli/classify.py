"""`legation classify`: the type of a relation when the pair is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from legation.cli import options

if TYPE_CHECKING:
    from legation.model.text import RawDocument
    from legation.resources import Resources


def classify(
    paths: options.Paths,
    input_format: Annotated[
        options.InputFormat, typer.Option("--input-format", help="Items are JSONL in any case.")
    ] = options.InputFormat.JSONL,
    engine: options.EngineName = None,
    parser: options.ParserName = None,
    actors: options.Actors = None,
    settings: options.SettingsFile = None,
) -> None:
    """Name the PLOVER type of what `source` does to `target` in a text: {"id", "text", "source", "target"} a line."""
    from legation.cli.batch import Batch, attempt
    from legation.problems import Problem
    from legation.record.written import dump

    resources = options.resources_for(
        ("cleaner", "parser", "lexicon", "rules", "encoder"),
        parser=parser,
        engine=engine,
        actors=actors,
        settings=settings,
    )
    batch = Batch()
    items = options.documents(paths, None, options.InputFormat.JSONL, True)
    for id_, result in attempt(items, lambda raw: _type(raw, resources)):
        if isinstance(result, Problem):
            batch.fail(result)
            problem = {"code": result.code, "message": result.message}
            print(dump({"id": id_, "type": None, "scores": {}, "problem": problem}))
        else:
            print(dump({"id": id_, **result}))
    raise typer.Exit(batch.status)


def _type(raw: RawDocument, resources: Resources) -> dict[str, Any]:
    """Type, scores and winning rule for one item. DocumentError when it names no pair."""
    from legation.layers import classify_pair_of

    return classify_pair_of(raw, resources)
