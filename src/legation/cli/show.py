"""`legation show LAYER`: what one stage sees, for people and for scoring."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from legation.cli import options


class LayerName(StrEnum):
    """The stages that can be looked at."""

    CLEAN = "clean"
    SENTENCES = "sentences"
    MENTIONS = "mentions"
    ATTRIBUTIONS = "attributions"
    DATES = "dates"
    PLACES = "places"
    STATUS = "status"
    EVENTS = "events"


def show(
    layer: Annotated[LayerName, typer.Argument(metavar="LAYER", help="Which stage.", show_default=False)],
    paths: options.Paths,
    date: options.Date = None,
    input_format: options.Input = options.InputFormat.AUTO,
    no_clean: options.NoClean = False,
    column: options.Column = None,
    fetch: options.Fetch = False,
    allow_host: options.AllowHost = None,
    as_case: Annotated[
        bool, typer.Option("--as-case", help="With the layer events: print a case file to correct (see CONTRIBUTING).")
    ] = False,
    engine: options.EngineName = None,
    parser: options.ParserName = None,
    quad_scheme: options.QuadScheme = None,
    goldstein_scheme: options.GoldsteinScheme = None,
    actors: options.Actors = None,
    places: options.Places = None,
    settings: options.SettingsFile = None,
) -> None:
    """Show what one stage sees: one JSON object a document, {"id": ..., LAYER: [...]}."""
    from legation.cli.batch import Batch, attempt
    from legation.layers import LAYERS, empty
    from legation.problems import Problem, SettingsError
    from legation.record.written import dump

    if as_case and layer is not LayerName.EVENTS:
        raise SettingsError("--as-case goes with the layer events")
    look, parts = LAYERS[layer.value]
    items = options.documents(paths, date, input_format, no_clean, column, fetch, allow_host)
    resources = options.resources_for(
        parts,
        parser=parser,
        engine=engine,
        quad_scheme=quad_scheme,
        goldstein_scheme=goldstein_scheme,
        actors=actors,
        places=places,
        settings=settings,
    )
    batch = Batch()
    if as_case:
        from legation.evaluate.cases import as_cases
        from legation.pipeline import code_document

        for _, coded in attempt(items, lambda raw: code_document(raw, resources)):
            if isinstance(coded, Problem):
                batch.fail(coded)
            else:
                print(as_cases(coded), end="")
        raise typer.Exit(batch.status)
    for id_, result in attempt(items, lambda raw: look(raw, resources)):
        if isinstance(result, Problem):
            batch.fail(result)
            problem = {"code": result.code, "message": result.message}
            print(dump({"id": id_, layer.value: empty(layer.value), "problem": problem}))
        else:
            print(dump({"id": id_, layer.value: result}))
    raise typer.Exit(batch.status)
