"""`legation evaluate`: figures against gold data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_SCORER = Path("..") / "shared" / "gold" / "score.py"


def evaluate(
    arguments: Annotated[
        list[str],
        typer.Argument(metavar="TASK [SCORER-OPTION]...", help="Handed to the scorer, such as: dates --set gum_news."),
    ],
    scorer: Annotated[
        Path | None,
        typer.Option("--scorer", metavar="FILE", help="The scorer; else ../shared/gold/score.py if there."),
    ] = None,
) -> None:
    """Run a scorer on this installation and print its figures."""
    from legation.evaluate.scorer import run_scorer
    from legation.problems import SettingsError

    path = scorer or DEFAULT_SCORER
    if not path.is_file():
        raise SettingsError(f"evaluate: there is no scorer at {path} (give --scorer FILE)")
    sys.stdout.flush()
    raise typer.Exit(run_scorer(path, arguments))
