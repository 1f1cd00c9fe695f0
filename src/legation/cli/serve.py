"""`legation serve`: the desk in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    store: Annotated[Path, typer.Option("--store", metavar="FILE", help="The store to open.")] = Path(
        "legation.duckdb"
    ),
    host: Annotated[str, typer.Option("--host", help="Address to listen at; any but loopback needs a token.")] = (
        "127.0.0.1"
    ),
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port to listen at; 0 takes a free one.")
    ] = 8021,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="A further host name under which the desk may be addressed."),
    ] = None,
    tokens: Annotated[
        Path | None,
        typer.Option(
            "--tokens", metavar="FILE", help="Who may come in: a person and a token a line; nobody else can read it."
        ),
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Only look: nothing is corrected, no new article is loaded.")
    ] = False,
    secrets: Annotated[
        Path | None,
        typer.Option(
            "--secrets", metavar="FILE", help="Mail server and keys for watches, as for `legation watch run`."
        ),
    ] = None,
) -> None:
    """Open the desk: read articles, check and correct events, follow dyads, claims and watches, in a browser."""
    from legation.web.serve import serve as run

    run(store, host, port, tuple(name or ()), tokens, read_only, secrets, say=print)
