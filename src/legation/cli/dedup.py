"""`legation dedup`: one event, many reports."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from legation.cli import options
from legation.cli.claims import By, Join, Note, Part, StoreFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from legation.claims.events import EventGroup
    from legation.claims.rules import LinkRules


class GroupFormat(StrEnum):
    """How events are printed."""

    TABLE = "table"
    JSONL = "jsonl"


def dedup(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...", help="Records (JSONL) or texts to be coded, instead of a store.", show_default=False
        ),
    ] = None,
    store: StoreFile = None,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", metavar="SCORE", help="Likeness from which two reports are one event."),
    ] = None,
    one_a_day: Annotated[
        bool,
        typer.Option(
            "--one-a-day", help="The classic filter instead: one type, pair and day is one event. Writes nothing."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing into the store.")] = False,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Judge everything again, not only what is new; events keep their ids.")
    ] = False,
    explain: Annotated[
        tuple[str, str] | None, typer.Option("--explain", metavar="A B", help="Why two records are one event, or not.")
    ] = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Take all links back that were not made by people.")
    ] = False,
    join: Join = None,
    part: Part = None,
    by: By = None,
    note: Note = None,
    least: Annotated[int, typer.Option("--least", metavar="N", help="Print events of N reports or more.")] = 2,
    output: Annotated[GroupFormat, typer.Option("--format", help="How events are printed.")] = GroupFormat.TABLE,
    date: options.Date = None,
    input_format: options.Input = options.InputFormat.AUTO,
    no_clean: options.NoClean = False,
    settings: options.SettingsFile = None,
) -> None:
    """Find out which reports tell of one event, and count reports, independent reports and publications of each."""
    from legation.claims.events import link_events
    from legation.claims.rules import load_link_rules
    from legation.cli.batch import Batch
    from legation.cli.claims import _store_file, given
    from legation.problems import SettingsError
    from legation.record.written import dump

    rules, batch = load_link_rules(), Batch()
    if threshold is not None and not 0 < threshold <= 1:
        raise SettingsError(f"--threshold: {threshold} is not between 0 and 1")
    file = _store_file(store, list(paths or []))
    if file is None:
        if join or part or withdraw:
            raise SettingsError("--join, --part and --withdraw need a --store")
        records = list(given(list(paths or []), batch, date, input_format, no_clean, settings))
        if explain:
            show_explained(explain, records, rules, "same_event")
        elif one_a_day:
            _print_days(records, output, least)
        else:
            linked = link_events(records, rules, threshold=threshold)
            _print_groups(linked.groups, output, least)
            if output is GroupFormat.TABLE:
                print(_total(linked.groups))
        raise typer.Exit(batch.status)

    from legation.claims.stored import EVENT, by_hand, explained, link_store
    from legation.claims.stored import withdraw as withdraw_links
    from legation.store.store import Store

    reading = one_a_day or (dry_run and not (join or part or withdraw))
    with Store.open(file, read_only=reading) as opened:
        if one_a_day:
            _print_days(list(opened.records()), output, least)
            raise typer.Exit
        if explain:
            print(dump(explained(opened, *explain, rules, EVENT)))
            raise typer.Exit
        if withdraw:
            print(f"{withdraw_links(opened, EVENT, at=now())} links withdrawn")
            raise typer.Exit
        for pair, together in ((join, True), (part, False)):
            if pair:
                by_hand(opened, EVENT, *pair, together=together, by=hand(by), note=note, at=now())
        done = link_store(opened, rules, at=now(), threshold=threshold, afresh=afresh, dry=dry_run)
    _print_groups(done.linked.groups, output, least)
    if output is GroupFormat.TABLE:
        state = "nothing written" if dry_run else f"{done.added} links added, {done.withdrawn} withdrawn"
        print(f"{_total(done.linked.groups)}; {len(done.reprints)} reprints; {state}")


def now() -> str:
    """The time that is written beside what is done now, UTC."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0).isoformat(sep=" ")


def hand(by: str | None) -> str:
    """The name given with --by. SettingsError without: what people decide is signed."""
    from legation.problems import SettingsError

    if not by:
        raise SettingsError("--join and --part need --by NAME")
    return by


def show_explained(pair: tuple[str, str], records: Sequence[dict[str, Any]], rules: LinkRules, profile: str) -> None:
    """Print why two of the records are linked or not."""
    from legation.claims.events import explain
    from legation.problems import SettingsError
    from legation.record.written import dump

    by_id = {r["id"]: r for r in records}
    for id_ in pair:
        if id_ not in by_id:
            raise SettingsError(f"there is no event {id_!r} among the records")
    print(dump(explain(by_id[pair[0]], by_id[pair[1]], records, rules, profile)))


def _total(groups: Sequence[EventGroup]) -> str:
    records = sum(len(g.records) for g in groups)
    many = sum(g.reports > 1 for g in groups)
    return f"{records} records of {len(groups)} events, {many} of them in more than one article"


def _print_groups(groups: Sequence[EventGroup], output: GroupFormat, least: int) -> None:
    from dataclasses import asdict

    from legation.record.written import dump

    shown = sorted((g for g in groups if g.reports >= least), key=lambda g: (-g.independent, -g.reports, g.id))
    if output is GroupFormat.JSONL:
        for group in shown:
            print(dump(asdict(group)))
        return
    rows = [
        (
            g.first or "-",
            f"{g.actor or '-'} → {g.type} → {g.recipient or '-'}",
            g.reports,
            g.independent,
            g.publications,
            g.id,
        )
        for g in shown
    ]
    _print_rows(("day", "event", "reports", "independent", "publications", "id"), rows)


def _print_days(records: Sequence[dict[str, Any]], output: GroupFormat, least: int) -> None:
    from legation.claims.one_a_day import one_a_day
    from legation.record.written import dump

    found = one_a_day(records)
    by_id = {r["id"]: r for r in records}
    if output is GroupFormat.JSONL:
        for kept, members in found.items():
            if len(members) >= least:
                print(dump({"id": kept, "records": members}))
        return
    rows = []
    for kept, members in found.items():
        if len(members) < least:
            continue
        r = by_id[kept]
        sides = [", ".join(e["code"] or e["text"] for e in r[s]) or "-" for s in ("actor", "recipient")]
        day = r["date"]["start"] or r["article"]["published"] or "-"
        rows.append((day, f"{sides[0]} → {r['type']} → {sides[1]}", len(members), kept))
    _print_rows(("day", "event", "records", "counts"), sorted(rows))
    print(f"{len(records)} records, {len(found)} of them count")


def _print_rows(titles: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A plain grid; nothing when there are no rows."""
    from rich import box
    from rich.table import Table as Grid
    from rich.text import Text

    from legation.cli.safe import printable
    from legation.cli.table import console

    if not rows:
        return
    grid = Grid(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    for title in titles:
        grid.add_column(
            title, ratio=1 if title == "event" else None, justify="left" if title in ("day", "event") else "right"
        )
    for row in rows:
        grid.add_row(*(Text(printable(str(cell))) for cell in row))
    console().print(grid)
