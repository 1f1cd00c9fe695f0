"""`legation export`: events as a data set in a known layout; `legation attach`: words back into one without words."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from legation.cli import options, stored

if TYPE_CHECKING:
    from legation.export.attach import Copy, Report
    from legation.export.export import Done, Order
    from legation.export.layouts import Layout


class LayoutName(StrEnum):
    """The layouts."""

    JSONL = "jsonl"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"
    GEOJSON = "geojson"
    PLOVER = "plover"
    POLECAT = "polecat"
    ICEWS = "icews"
    GDELT = "gdelt"


Records = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH...]", help="Records as JSON lines (`legation code --format jsonl`), or - ; else the store."
    ),
]


def export(
    paths: Records = None,
    layout: Annotated[LayoutName, typer.Option("--layout", help="The layout.")] = LayoutName.CSV,
    out: Annotated[
        str | None,
        typer.Option("--out", metavar="FILE", help="The file to write; a datasheet is put beside it. - prints it."),
    ] = None,
    store: stored.StoreFile = None,
    where: stored.Where = None,
    happened_only: stored.HappenedOnly = False,
    since: stored.Since = None,
    until: stored.Until = None,
    safe: Annotated[
        bool, typer.Option("--safe", help="No words of the articles: offsets and hashes (see `legation attach`).")
    ] = False,
    header: Annotated[
        bool | None, typer.Option("--header/--no-header", help="Names of the columns; as the layout has it.")
    ] = None,
) -> None:
    """Write events as a data set in a layout that others read, with a datasheet beside it."""
    from legation.export.layouts import Options, layout_named, write
    from legation.export.tables import load_tables
    from legation.problems import SettingsError

    form = layout_named(layout.value)
    given = paths or []
    stored.checked(given, store)
    filters = stored.chosen(where, happened_only, since, until)
    chosen = Options(safe=safe, header=header)
    if out is None or (out == "-" and form.encoder is None):
        raise SettingsError("--out: name the file to write" + ("" if out is None else f" ({layout} is no text)"))
    tables = load_tables()
    words = str(filters)
    if given and not words:  # record by record, without a store in between
        if out == "-":
            from legation.export.safe import safe as without_words

            records: Iterator[dict[str, Any]] = stored.records_of(given)
            records = (without_words(r) for r in records) if safe else records
            _note(form.name, write(records, form, sys.stdout.buffer, tables, chosen)[1])
            return
        order = _order(form, chosen, stored.source_of(given, store), words)
        _finish(_export(stored.records_of(given), Path(out), tables, order))
        return
    with stored.opened(given, store) as found:
        from legation.export.safe import safe as without_words

        def text_of(article: str) -> str | None:
            row = found.article(article)
            return row["text"] if row else None

        if out == "-":
            records = found.records(filters)
            records = (without_words(r, text_of(r["article"]["id"])) for r in records) if safe else records
            _note(form.name, write(records, form, sys.stdout.buffer, tables, chosen)[1])
            return
        order = _order(form, chosen, stored.source_of(given, store), words)
        if not given:
            from dataclasses import replace

            touched = dict(found.facets(filters, ["corrected"])["corrected"])
            order = replace(order, runs=found.runs(), text_of=text_of, corrected=touched.get(True, 0))
        _finish(_export(found.records(filters), Path(out), tables, order))


def _order(form: Layout, chosen: Any, source: str, words: str) -> Order:
    from importlib.metadata import version

    from legation.export.export import Order

    return Order(form, chosen, version("legation"), source, words, current=stored.current_run)


def _export(records: Iterator[dict[str, Any]], path: Path, tables: Any, order: Order) -> Done:
    from legation.cli.batch import watched
    from legation.export.export import export as run

    return run(watched(records), path, tables, order)


def _finish(done: Done) -> None:
    _note("this layout", sum(done.tally.left_out.values()))
    for path in done.files:
        print(path)


def _note(layout: str, left: int) -> None:
    if left:
        from legation.cli.formats import left_out

        print(left_out(layout, left), file=sys.stderr)


def attach(
    export_file: Annotated[
        Path, typer.Argument(metavar="EXPORT", help="An export made with --safe: .jsonl or .csv.", show_default=False)
    ],
    paths: options.Paths,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The file to write; else EXPORT with .attached before its end."),
    ] = None,
    date: options.Date = None,
    input_format: options.Input = options.InputFormat.AUTO,
    no_clean: options.NoClean = False,
) -> None:
    """Put the words back into an export made with --safe, from your own copies of the articles."""
    from legation.cli.batch import Batch
    from legation.export.attach import Report, Shelf, attach_record, attach_rows
    from legation.export.encoders import dumped, line
    from legation.export.files import whole
    from legation.problems import SettingsError

    kind = export_file.suffix.lower()
    if kind not in (".jsonl", ".csv"):
        raise SettingsError(f"{export_file}: words can be put back into .jsonl and .csv exports")
    if not export_file.is_file():
        raise SettingsError(f"{export_file}: there is no such file")
    target = out or export_file.with_name(f"{export_file.stem}.attached{kind}")
    batch, report = Batch(), Report()
    shelf = Shelf(_copies(options.documents(paths, date, input_format, no_clean), batch))
    with whole(target) as file:
        if kind == ".jsonl":
            for record in stored.records_of([str(export_file)]):
                file.write((dumped(attach_record(record, shelf, report)) + "\n").encode("utf8", "backslashreplace"))
        else:
            with export_file.open(encoding="utf8", newline="") as given:
                rows = csv.DictReader(given)
                if not {"article_sha256", "anchor_sha256", "id"} <= set(rows.fieldnames or ()):
                    raise SettingsError(f"{export_file}: is no CSV export made with --safe")
                names = list(rows.fieldnames or ())
                file.write(line(names).encode())
                for row in attach_rows(rows, shelf, report):
                    file.write(line([row[name] or "" for name in names]).encode("utf8", "backslashreplace"))
    _told(report, len(shelf), target)
    raise typer.Exit(1 if batch.failed or not report.complete else 0)


def _copies(items: Any, batch: Any) -> Iterator[Copy]:
    """The user's articles after cleaning. What cannot be read is said and passed over."""
    from legation.clean import clean
    from legation.cli.batch import attempt
    from legation.export.attach import Copy
    from legation.problems import Problem

    resources = options.resources_for(("cleaner",))
    for _, article in attempt(items, lambda raw: clean(raw, resources.cleaner)):
        if isinstance(article, Problem):
            batch.fail(article)
        else:
            yield Copy(article.id, article.url, article.title, article.text)


def _told(report: Report, articles: int, target: Path) -> None:
    from legation.cli.safe import printable

    print(target)
    print(f"{report.spans:,} stretches of words put back into {report.records:,} records from {articles:,} articles")
    for article, records in report.missing.items():
        print(printable(f"legation: no copy of {article} ({records} records)"), file=sys.stderr)
    by_article: dict[str, list[str]] = {}
    for record, field, article in report.different:
        by_article.setdefault(article, []).append(f"{record} {field}")
    for article, places in by_article.items():
        shown = ", ".join(places[:5]) + (f" and {len(places) - 5} more" if len(places) > 5 else "")
        print(printable(f"legation: other words in your copy of {article}: {shown}"), file=sys.stderr)
