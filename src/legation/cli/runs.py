"""`legation runs`: with what the store was coded, and what changed between two runs. `legation correct`."""

from __future__ import annotations

import datetime
import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from legation.cli.ingest import DEFAULT_STORE

if TYPE_CHECKING:
    from rich.console import Console

    from legation.store import Store
    from legation.store.runs import Change, RunDiff


class Format(StrEnum):
    """How runs are printed."""

    TABLE = "table"
    JSON = "json"


StoreFile = Annotated[Path, typer.Option("--store", metavar="FILE", help="The store.")]
Output = Annotated[Format, typer.Option("--format", help="table for people, json for programs.")]


def runs(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[diff RUN RUN]", help="diff and two runs: what the second coded otherwise, and why."),
    ] = None,
    store: StoreFile = DEFAULT_STORE,
    output: Output = Format.TABLE,
    limit: Annotated[int, typer.Option("--limit", min=0, help="How many changes are printed; 0 for all.")] = 50,
) -> None:
    """List the runs of a store, or what differs between two of them."""
    from legation.problems import SettingsError
    from legation.store import Store

    words = what or []
    if words and (words[0] != "diff" or len(words) != 3):
        raise SettingsError("runs: nothing, or diff and two runs (their first letters are enough)")
    with Store.open(store, read_only=True) as opened:
        if words:
            _print_diff(opened.diff(words[1], words[2]), output, limit)
        else:
            _print_runs(opened, output)


def _print_runs(store: Store, output: Format) -> None:
    found = store.runs()
    if output == Format.JSON:
        print(json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True, default=str))
        return
    from rich.table import Table

    from legation.cli.safe import printable
    from legation.cli.table import console

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("run", "started", "version", "articles", "events", "current", "failed", "note"):
        table.add_column(name, justify="right" if name in ("articles", "events", "current", "failed") else "left")
    for run in found:
        numbers = (run["articles"], run["records"], run["current_articles"], run["failed"])
        started = str(run["started"] or "")
        table.add_row(run["run"], started, run["package"], *map(str, numbers), printable(run["note"] or ""))
    out = console()
    out.print(table)
    if lost := store.lost_corrections():
        out.print(f"{len(lost)} corrections stand on events that the current runs no longer have.")


def _print_diff(diff: RunDiff, output: Format, limit: int) -> None:
    counts = {kind: diff.count(kind) for kind in ("added", "gone", "changed")}
    shown = diff.changes[: limit or None]
    if output == Format.JSON:
        summary: dict[str, Any] = {
            "a": diff.a,
            "b": diff.b,
            "articles": diff.articles,
            "only_a": diff.only_a,
            "only_b": diff.only_b,
            "same": diff.same,
            **counts,
            "reasons": [{"kind": r.kind, "name": r.name, "old": r.old, "new": r.new} for r in diff.reasons],
            "changes": [_as_json(change) for change in shown],
        }
        print(json.dumps(summary, ensure_ascii=False, indent=2, sort_keys=True))
        return
    from legation.cli.table import console

    out = console()
    out.print(f"{diff.a} -> {diff.b}, over {diff.articles:,} articles that both coded", highlight=False)
    for name, count in (("first", diff.only_a), ("second", diff.only_b)):
        if count:
            out.print(f"{count:,} articles are only in the {name} run and are not compared", highlight=False)
    out.print("why:", style="bold")
    for reason in diff.reasons:
        old, new = (_short(reason.kind, value) for value in (reason.old, reason.new))
        out.print(f"  {reason.kind} {reason.name}: {old} -> {new}", highlight=False, markup=False)
    if not diff.reasons:
        out.print("  the runs were made with the same things", highlight=False)
    said = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    out.print(f"what: {said}, {diff.same:,} the same", style="bold", highlight=False)
    for change in shown:
        _print_change(change, out)
    if len(shown) < len(diff.changes):
        out.print(f"... and {len(diff.changes) - len(shown):,} more (--limit 0 shows all)", highlight=False)


def _short(kind: str, value: str | None) -> str:
    """A hash by its beginning."""
    if value is None:
        return "(none)"
    return value[:12] if kind == "resource" and " " not in value else value or "(empty)"


def _as_json(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "article": change.article_id,
        "old": change.old and change.old["id"],
        "new": change.new and change.new["id"],
        "type": (change.new or change.old or {})["type"],
        "anchor": (change.new or change.old or {})["anchor"]["text"],
        "fields": {name: list(pair) for name, pair in change.fields.items()},
    }


def _print_change(change: Change, out: Console) -> None:
    from rich.text import Text

    from legation.cli.safe import printable

    record = change.new or change.old
    assert record is not None
    sides = [
        ", ".join(p["code"] or p["sector"] or p["text"] or "?" for p in record[side]) for side in ("actor", "recipient")
    ]
    line = Text(f"  {change.kind:8}", style="bold")
    said = f"{record['id']} {record['type']} {sides[0] or '-'} -> {sides[1] or '-'} “{record['anchor']['text']}”"
    line.append(printable(f"{said} in {change.article_id}"), style="not bold")
    out.print(line, soft_wrap=True)
    for name, (old, new) in change.fields.items():
        out.print(Text(printable(f"           {name}: {_plain(old)} -> {_plain(new)}"), style="dim"), soft_wrap=True)


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) or "-" if isinstance(value, list) else "-" if value is None else str(value)


def correct(
    event: Annotated[
        str | None, typer.Argument(metavar="EVENT-ID", help="The event, or the first letters of its id.")
    ] = None,
    change: Annotated[
        str | None, typer.Argument(metavar="FIELD=VALUE", help="What is right; without it, what was corrected so far.")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so.")] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why.")] = None,
    withdraw: Annotated[
        str | None, typer.Option("--withdraw", metavar="NUMBER", help="Take a correction back instead.")
    ] = None,
    store: StoreFile = DEFAULT_STORE,
) -> None:
    """Correct an event of the store. The record stays as it was coded; the correction is laid over it and survives
    every later run.

    Fields: type, mode, contexts, actor, recipient (also actor.1 for the second), aux, status, stance, date, place,
    rejected (true: no event at all).
    """
    from legation.problems import SettingsError
    from legation.store import Store

    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
    if withdraw is not None:
        if event or change:
            raise SettingsError("correct: --withdraw NUMBER stands alone")
        with Store.open(store, wait=2.0) as opened:  # an ingest holds it for moments
            opened.withdraw(withdraw, withdrawn_at=now)
        print(f"withdrawn: {withdraw}")
        return
    if event is None:
        raise SettingsError("correct: name the event (legation query shows their ids)")
    if change is None:
        with Store.open(store, read_only=True) as opened:
            _print_corrections(opened, opened.full_id(event))
        return
    field, equals, value = change.partition("=")
    if not equals or not field:
        raise SettingsError(f"correct: {change!r} is not FIELD=VALUE")
    if not by:
        raise SettingsError("correct: say who corrects (--by NAME)")
    with Store.open(store, wait=2.0) as opened:  # an ingest holds it for moments
        name = opened.full_id(event)
        try:
            number = opened.correct(name, field.strip(), value.strip(), by, note, made_at=now)
        except ValueError as error:
            raise SettingsError(f"correct: {error}") from None
    print(f"correction {number} on event {name}")


def _print_corrections(store: Store, event: str) -> None:
    from legation.cli.safe import printable

    found = store.corrections(event)
    for row in found:
        taken = f", withdrawn {row['withdrawn_at']}" if row["withdrawn_at"] else ""
        value = json.dumps(row["value"], ensure_ascii=False)
        note = f": {row['note']}" if row["note"] else ""
        print(printable(f"{row['correction']} {row['field']}={value} by {row['by']}, {row['made_at']}{taken}{note}"))
    if not found:
        print(f"event {event} was not corrected")
