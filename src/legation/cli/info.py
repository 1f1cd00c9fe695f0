"""`legation info`: what this installation codes with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from legation.cli import options

if TYPE_CHECKING:
    from legation.resources import Resources


def info(
    data: Annotated[
        bool, typer.Option("--data", help="Every data file with its hash and size, and the sources.")
    ] = False,
    engine: options.EngineName = None,
    parser: options.ParserName = None,
    quad_scheme: options.QuadScheme = None,
    goldstein_scheme: options.GoldsteinScheme = None,
    actors: options.Actors = None,
    places: options.Places = None,
    settings: options.SettingsFile = None,
) -> None:
    """Versions, settings and hashes: what makes a run repeatable."""
    from legation.actors.lookup import licences
    from legation.resources import data_files

    resources = options.resources_for(
        parser=parser,
        engine=engine,
        quad_scheme=quad_scheme,
        goldstein_scheme=goldstein_scheme,
        actors=actors,
        places=places,
        settings=settings,
    )
    run = resources.run
    print(f"legation  {run.version}")
    print(f"run       {run.id}")
    print(f"parser    {run.parser[0]} {run.parser[1]}")
    print(f"encoder   {_encoder(resources)}")
    for name, value in run.settings:
        if name != "parser":
            print(f"setting   {name} = {value or 'none'}")
    files = data_files(resources)
    print(f"data      {len(files)} files, {sum(f.size for f in files):,} bytes")
    if data:
        for file in files:
            print(f"  {file.sha256[:16]}  {file.size:>10,}  {file.name}")
        print("sources   of the facts about actors; those of other folders stand in NOTICE files there")
        for source in licences():
            print(f"  {source.key:<12} {source.name} ({source.licence})")


def _encoder(resources: Resources) -> str:
    """The second opinion in use, or why there is none."""
    if resources.encoder is not None:
        card = resources.encoder.card
        return f"{resources.encoder.name}, trained on {card.get('sentences', '?')} sentences of our own"
    if resources.settings.engine == "rules":
        return "none: the setting engine is rules"
    return "none: its file is not installed, the rules stand alone"
