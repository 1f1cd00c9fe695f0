"""`legation codebook`: the definitions, in our own words."""

from __future__ import annotations

from typing import Annotated

import typer


def codebook(
    event_type: Annotated[
        str | None, typer.Argument(metavar="[TYPE]", help="A type such as SANCTION; without it all in one line each.")
    ] = None,
) -> None:
    """Print PLOVER's types, their modes, scores and examples."""
    from legation.codebook import load_codebook

    book = load_codebook()
    print(book.describe(event_type.upper() if event_type else None))
