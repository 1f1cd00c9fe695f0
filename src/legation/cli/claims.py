"""`legation claims`: who is said to have done what to whom, and who says so; `legation quotes`: who said what."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from legation.cli import options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from legation.cli.batch import Batch


class BoardFormat(StrEnum):
    """How claims are printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


class QuoteFormat(StrEnum):
    """How quotes are printed."""

    TABLE = "table"
    CSV = "csv"
    JSONL = "jsonl"


StoreFile = Annotated[
    Path | None, typer.Option("--store", metavar="FILE", help="A store; else legation.duckdb if no PATH is given.")
]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who says so, with --join and --part.")]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why, with --join and --part.")]
Join = Annotated[
    tuple[str, str] | None, typer.Option("--join", metavar="A B", help="These two records belong together (store).")
]
Part = Annotated[
    tuple[str, str] | None, typer.Option("--part", metavar="A B", help="These two records never do (store).")
]
DEFAULT_STORE = Path("legation.duckdb")


def claims(
    targets: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[show ID]... [PATH]...",
            help="Records (JSONL of `legation code`) or texts to be coded; `show ID` tells all about one claim.",
            show_default=False,
        ),
    ] = None,
    store: StoreFile = None,
    actor: Annotated[
        str | None, typer.Option("--actor", metavar="WHO", help='Code (RUS, "RUS GOV", RUSGOV) or part of a name.')
    ] = None,
    recipient: Annotated[
        str | None, typer.Option("--recipient", metavar="WHO", help="The same for the other side.")
    ] = None,
    kind: Annotated[str | None, typer.Option("--type", metavar="TYPE", help="A PLOVER type, such as ASSAULT.")] = None,
    disputed: Annotated[bool, typer.Option("--disputed", help="Only what one asserts and another denies.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what only reporters tell, in their own voice.")
    ] = False,
    output: Annotated[BoardFormat, typer.Option("--format", help="How claims are printed.")] = BoardFormat.TABLE,
    threshold: Annotated[
        float | None, typer.Option("--threshold", metavar="SCORE", help="Likeness from which records are one claim.")
    ] = None,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="In a store: judge everything again; claims keep their ids.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing into the store.")] = False,
    explain: Annotated[
        tuple[str, str] | None, typer.Option("--explain", metavar="A B", help="Why two records are one claim, or not.")
    ] = None,
    join: Join = None,
    part: Part = None,
    by: By = None,
    note: Note = None,
    date: options.Date = None,
    input_format: options.Input = options.InputFormat.AUTO,
    no_clean: options.NoClean = False,
    settings: options.SettingsFile = None,
) -> None:
    """Follow claims: who is said to have done what to whom, who asserts, denies, doubts or repeats it, since when."""
    from legation.claims.board import build_board
    from legation.claims.rules import load_link_rules
    from legation.cli.batch import Batch
    from legation.cli.board import print_board, print_claim
    from legation.cli.dedup import hand, now, show_explained
    from legation.problems import SettingsError
    from legation.record.written import dump

    words = list(targets or [])
    wanted = _wanted(words)
    rules, batch = load_link_rules(), Batch()
    file = _store_file(store, words)
    if file is None:
        if join or part:
            raise SettingsError("--join and --part need a --store")
        records = list(given(words, batch, date, input_format, no_clean, settings))
        if explain:
            show_explained(explain, records, rules, "claim")
            raise typer.Exit(batch.status)
        rows = [c.to_dict() for c in build_board(records, rules, threshold=threshold, everything=True).claims]
    else:
        from legation.claims.stored import board_store, by_hand, claim_row, explained
        from legation.store.store import Store

        with Store.open(file, read_only=dry_run and not (join or part)) as opened:
            for pair, together in ((join, True), (part, False)):
                if pair:
                    by_hand(opened, "claim", *pair, together=together, by=hand(by), note=note, at=now())
            if explain:
                print(dump(explained(opened, *explain, rules, "claim")))
                raise typer.Exit
            kept = claim_row(opened, wanted) if wanted is not None and not (join or part or afresh) else None
            if kept is not None:  # as the board was last written
                rows = [kept]
            else:
                board = board_store(opened, rules, at=now(), threshold=threshold, afresh=afresh, dry=dry_run)
                rows = [c.to_dict() for c in board.claims]
    if wanted is not None:
        rows = [r for r in rows if r["id"].startswith(wanted)]
        if not rows:
            raise SettingsError(f"there is no claim {wanted!r}")
    else:
        rows = [r for r in rows if _fits(r, actor, recipient, kind, disputed, everything)]
    if output is BoardFormat.JSONL:
        for row in rows:
            print(dump(row))
    elif output is BoardFormat.JSON:
        print("[" + ",\n".join(dump(row) for row in rows) + "]")
    elif wanted is not None:
        for row in rows:
            print_claim(row)
    else:
        print_board(rows)
    raise typer.Exit(batch.status)


def _wanted(words: list[str]) -> str | None:
    """The id after "show", taken out of the words; None without."""
    from legation.problems import SettingsError

    if not words or words[0] != "show" or Path("show").exists():
        return None
    if len(words) < 2:
        raise SettingsError("show which claim? Give its id (or its first digits)")
    wanted = words[1]
    del words[:2]
    return wanted


def _store_file(store: Path | None, paths: list[str]) -> Path | None:
    from legation.problems import SettingsError

    if store is not None:
        if paths:
            raise SettingsError("either a --store or PATHs, not both")
        return store
    if paths:
        return None
    if DEFAULT_STORE.exists():
        return DEFAULT_STORE
    raise SettingsError("nothing to read: give PATHs or a --store")


def given(
    paths: list[str],
    batch: Batch,
    date: str | None,
    input_format: options.InputFormat,
    no_clean: bool,
    settings: Path | None,
) -> Iterator[dict[str, Any]]:
    """Records out of the paths: read where they are records, coded where they are texts. Failures go to the batch."""
    from legation.claims.given import holds_records, read_records
    from legation.claims.item import slim
    from legation.problems import Problem

    texts = [p for p in paths if not holds_records(Path(p))]
    for path in paths:
        if path in texts:
            continue
        for record in read_records(Path(path)):
            if isinstance(record, Problem):
                batch.fail(record)
            else:
                yield slim(record)
    if not texts:
        return
    from legation.cli.batch import attempt
    from legation.pipeline import code_document
    from legation.record.written import to_dict

    resources = options.resources_for(settings=settings)
    for _, coded in attempt(
        options.documents(texts, date, input_format, no_clean), lambda raw: code_document(raw, resources)
    ):
        if isinstance(coded, Problem):
            batch.fail(coded)
        else:
            batch.note_date(coded.article, coded.raw.name)
            yield from (slim(to_dict(record, coded)) for record in coded.records)


def _fits(
    row: dict[str, Any],
    actor: str | None,
    recipient: str | None,
    kind: str | None,
    disputed: bool,
    everything: bool,
) -> bool:
    if disputed and not row["disputed"]:
        return False
    if not (everything or row["disputed"] or row["attributed"]):
        return False
    if kind is not None and row["type"] != kind.upper():
        return False
    return _party(row["actors"], actor) and _party(row["recipients"], recipient)


def _party(parties: list[dict[str, Any]], who: str | None) -> bool:
    """Whether a side holds somebody of this code, id or name."""
    if who is None:
        return True
    code, name = who.upper().replace(" ", ""), who.casefold()
    return any(
        code in (p["country"], p["code"]) or who == p["entity_id"] or (len(who) > 3 and name in p["name"].casefold())
        for p in parties
    )


def quotes(
    paths: options.Paths,
    output: Annotated[QuoteFormat, typer.Option("--format", help="How quotes are printed.")] = QuoteFormat.TABLE,
    speaker: Annotated[
        str | None, typer.Option("--speaker", metavar="WHO", help="Code (RUS, RUSGOV) or part of a name.")
    ] = None,
    date: options.Date = None,
    input_format: options.Input = options.InputFormat.AUTO,
    no_clean: options.NoClean = False,
    settings: options.SettingsFile = None,
) -> None:
    """List direct quotations: who said what about whom, when, with which verb."""
    from legation.claims.quotes import COLUMNS, PARTS, quote_rows
    from legation.cli.batch import Batch, attempt
    from legation.cli.board import QuoteTable, QuoteWriter
    from legation.problems import Problem

    items = options.documents(paths, date, input_format, no_clean)
    resources = options.resources_for(PARTS, settings=settings)
    batch = Batch()
    write = QuoteTable() if output is QuoteFormat.TABLE else QuoteWriter(output.value, COLUMNS)
    for _, rows in attempt(items, lambda raw: quote_rows(raw, resources)):
        if isinstance(rows, Problem):
            batch.fail(rows)
            continue
        for row in rows:
            if _speaks(row, speaker):
                write.add(row)
    raise typer.Exit(batch.status)


def _speaks(row: dict[str, Any], who: str | None) -> bool:
    if who is None:
        return True
    names = " ".join(x for x in (row["speaker"], row["speaker_name"]) if x).casefold()
    code = who.upper().replace(" ", "")
    return code in (row["speaker_country"], row["speaker_code"]) or (len(who) > 3 and who.casefold() in names)
