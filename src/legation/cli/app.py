"""Puts the commands together and turns what goes wrong into messages and exit codes.

Nothing of the stages is imported before a command runs: `legation --help` must answer at once.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from legation.cli import (
    actors,
    claims,
    classify,
    code,
    codebook,
    dedup,
    evaluate,
    explain,
    export,
    info,
    ingest,
    plot,
    query,
    runs,
    serve,
    show,
    watch,
)
from legation.problems import LegationError

app = typer.Typer(
    name="legation",
    help="News into political event data that people can check.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("code")(code.code)
app.command("show")(show.show)
app.command("classify")(classify.classify)
app.command("explain")(explain.explain)
app.command("claims")(claims.claims)
app.command("quotes")(claims.quotes)
app.command("dedup")(dedup.dedup)
app.command("codebook")(codebook.codebook)
app.command("info")(info.info)
app.command("serve")(serve.serve)
app.command("ingest")(ingest.ingest)
app.command("runs")(runs.runs)
app.command("correct")(runs.correct)
app.command("query")(query.query)
app.command("export")(export.export)
app.command("attach")(export.attach)
app.command("plot")(plot.plot)
app.command("evaluate", context_settings={"ignore_unknown_options": True})(evaluate.evaluate)
app.add_typer(actors.app, name="actors")
app.add_typer(watch.app, name="watch")
app.command("send")(watch.send)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"legation {version('legation')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """News into political event data that people can check."""


def run() -> None:
    """Run the command line. Exit status: 0 done; 1 some items failed; 2 unusable arguments, settings or data files."""
    for stream in (sys.stdout, sys.stderr):
        # a lone surrogate from a JSON item is written as the escape it came from
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")  # type: ignore[union-attr]
    try:
        app()
    except LegationError as error:
        print(f"legation: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("legation: interrupted", file=sys.stderr)
        sys.exit(130)
