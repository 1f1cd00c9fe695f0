"""`legation explain`: why this code, and what was considered and dropped."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from legation.cli import options

if TYPE_CHECKING:
    from rich.console import Console

    from legation.model.coded import Coded
    from legation.model.events import EventRecord, Rejected

_ID = re.compile(r"[0-9a-f]{6,16}")


def explain(
    targets: Annotated[
        list[str],
        typer.Argument(
            metavar="[EVENT-ID]... PATH...",
            help="Files to explain; with event ids (or their first 6 digits or more) only these events.",
            show_default=False,
        ),
    ],
    date: options.Date = None,
    input_format: options.Input = options.InputFormat.AUTO,
    no_clean: options.NoClean = False,
    column: options.Column = None,
    fetch: options.Fetch = False,
    allow_host: options.AllowHost = None,
    rejected: Annotated[bool, typer.Option(help="Also what was considered and dropped.")] = True,
    engine: options.EngineName = None,
    parser: options.ParserName = None,
    quad_scheme: options.QuadScheme = None,
    goldstein_scheme: options.GoldsteinScheme = None,
    actors: options.Actors = None,
    places: options.Places = None,
    settings: options.SettingsFile = None,
) -> None:
    """Explain events: rule, words, cues, runner-up, and the candidates that were dropped."""
    from legation.cli.batch import Batch, attempt
    from legation.cli.table import console
    from legation.pipeline import code_document
    from legation.problems import Problem, SettingsError

    wanted = [t for t in targets if _ID.fullmatch(t) and not Path(t).exists()]
    paths = [t for t in targets if t not in wanted]
    if not paths:
        raise SettingsError("explain: name the file that the events stand in")
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
    batch, out = Batch(), console()
    found: set[str] = set()
    for _, coded in attempt(items, lambda raw: code_document(raw, resources)):
        if isinstance(coded, Problem):
            batch.fail(coded)
            continue
        for record in coded.records:
            named = [w for w in wanted if record.id.startswith(w)]
            found.update(named)
            if named or not wanted:
                _print_record(record, coded, out)
        if rejected and not wanted:
            for dropped in coded.rejected:
                _print_rejected(dropped, coded, out)
    if missing := [w for w in wanted if w not in found]:
        raise SettingsError(f"explain: no event {', '.join(missing)} in {', '.join(paths)}")
    raise typer.Exit(batch.status)


def _print_record(record: EventRecord, coded: Coded, out: Console) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from legation.cli.safe import printable
    from legation.cli.table import event_lines

    out.print(Text(f"event {record.id}", style="bold"))
    event_lines(record, coded, out)
    why = record.why
    rows = [
        ("type", f"rule {why['rule']}, frame {why['frame']}, score {why['score']}, confidence {record.confidence}"),
        ("runner-up", "{} {}".format(*why["runner_up"]) if why["runner_up"] else "none"),
    ]
    if why["reduced_by"]:
        rows.append(("reduced", f"from {why['reduced_from']} by {why['reduced_by']}"))
    rows += [("note", note) for note in why["notes"] if note not in (f"rule {why['rule']}", f"frame {why['frame']}")]
    facets = record.facets
    rows.append(("aux", f"{record.aux} ({facets.polarity}, {facets.actuality}, {facets.certainty})"))
    rows.append(("date", f"{record.date.start or 'none'} ({record.date.basis}, by {record.date.by})"))
    rows += [(e.field, f"“{e.text}” by {e.by}") for e in record.evidence]
    for who in (*record.actor, *record.recipient):
        role = who.role
        term = f" from {role.office_from}" if role.office_from else ""
        term += f" to {role.office_to}" if role.office_to else ""
        office = f", {role.office}{term}" if role.office else ""
        rows.append(("role", f"{who.participant.text}: {role.country} {role.sector}{office} ({role.basis})"))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=24, style="dim")
    grid.add_column()
    for name, value in rows:
        grid.add_row(Text(name), Text(printable(value)))
    out.print(Padding(grid, (0, 0, 0, 12)))
    out.print()


def _print_rejected(dropped: Rejected, coded: Coded, out: Console) -> None:
    from rich.text import Text

    from legation.cli.safe import printable

    c = dropped.candidate
    line = Text("rejected    ", style="dim")
    line.append(f"{c.type}{'/' + c.mode if c.mode else ''}", style="not dim")
    line.append(printable(f" “{coded.article.text[c.start : c.end]}” at {c.start}: "), style="not dim")
    line.append(printable(dropped.reason), style="not dim bold")
    line.append(printable(f" (rule {c.rule}, frame {c.frame})"))
    out.print(line)
