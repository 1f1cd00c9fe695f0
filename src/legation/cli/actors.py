"""`legation actors`: who is that, my own file of actors, who was not recognised, what differs between two lexicons."""

from __future__ import annotations

import json
import sys
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from legation.cli import options, stored
from legation.cli.safe import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from legation.actors.lexicon import Entry, Lexicon, Term
    from legation.actors.lookup import Found, Unknown
    from legation.actors.overlay_file import Row

app = typer.Typer(help="Who is known, your own actors, who is not known.", no_args_is_help=True)

ARTICLES = ("the ", "a ", "an ")  # "the Red Hand" and "Red Hand" are counted together


class Format(StrEnum):
    """How answers are written."""

    TABLE = "table"
    JSONL = "jsonl"


Output = Annotated[Format, typer.Option("--format", help="table for people, jsonl for programs.")]
Own = Annotated[
    Path | None,
    typer.Option("--actors", metavar="OVERLAY", help="Your file of actors; else the one of the setting actors."),
]
Rows = Annotated[
    Path, typer.Argument(metavar="FILE", help="TSV of rows (docs/actors.md); kind and name are enough columns.")
]
Check = Annotated[bool, typer.Option("--check", help="Only say what is wrong; write nothing.")]


@app.command("lookup")
def lookup(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, an alias, a surname.", show_default=False)],
    date: Annotated[
        str | None, typer.Option("--date", metavar="DAY", help="What they were on that day (YYYY-MM-DD).")
    ] = None,
    output: Output = Format.TABLE,
    actors: options.Actors = None,
    settings: options.SettingsFile = None,
) -> None:
    """Who is called so: all candidates, best first, with their offices, dates and where that is from."""
    from legation.actors.lookup import lookup as ask
    from legation.actors.lookup import suggest

    options.checked_day(date)
    lexicon = _lexicon(actors, settings)
    spellings = (name, name.title(), name.upper())  # case counts in the lexicon, not for those who ask
    found = next(filter(None, (ask(spelling, date, lexicon) for spelling in spellings)), [])
    if not found:
        near = ", ".join(f"{e.name} ({e.id})" for e in suggest(name, lexicon))
        text = f"legation: nobody in the lexicon is called {name!r}" + (f"; near it: {near}" if near else "")
        print(printable(text), file=sys.stderr)
    elif output is Format.JSONL:
        for one in found:
            _line(_as_dict(one, date, lexicon))
    else:
        _print_found(found, date, lexicon)


@app.command("add")
def add(rows: Rows, check: Check = False, actors: Own = None, settings: options.SettingsFile = None) -> None:
    """Put the rows of FILE into your own file of actors, which is laid over the lexicon; made if it is not there."""
    _change(rows, check, actors, settings, replace=False)


@app.command("edit")
def edit(rows: Rows, check: Check = False, actors: Own = None, settings: options.SettingsFile = None) -> None:
    """As add, but what your own file said about the actors of FILE goes."""
    _change(rows, check, actors, settings, replace=True)


@app.command("unknown")
def unknown(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH...", help="JSON lines of records (legation code --format jsonl), - for input."),
    ] = None,
    store: Annotated[Path | None, typer.Option("--store", metavar="FILE", help="Ask a store instead.")] = None,
    coded: Annotated[bool, typer.Option("--coded", help="Also names whose country the words told.")] = False,
    every: Annotated[bool, typer.Option("--all", help='Also what is no name: "rebels", "both sides".')] = False,
    least: Annotated[int, typer.Option("--least", metavar="N", min=1, help="Met at least so often.")] = 1,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help="So many; 0 for all.")] = 50,
    output: Output = Format.TABLE,
    actors: options.Actors = None,
    settings: options.SettingsFile = None,
) -> None:
    """Names in records that nobody recognised, most frequent first, with those who may be meant."""
    from legation.actors.lookup import unknown as ask
    from legation.problems import SettingsError

    given = paths or []
    stored.checked(given, store)
    if not given and store is None:
        raise SettingsError("actors unknown: name files of records, or a store with --store")
    lexicon = _lexicon(actors, settings)
    if given:
        met = _unresolved(stored.records_of(given), lexicon, coded, every)
    else:
        from legation.store import Filter

        with stored.opened([], store) as opened:
            met = _unresolved(opened.records(Filter()), lexicon, coded, every)
    open_names = [m for m in met if not _known(m[0], lexicon)]
    found = ask(open_names, lexicon, least)
    shown = found[:limit] if limit else found
    if output is Format.JSONL:
        for one in shown:
            about = [{"id": e.id, "name": e.name, "code": _code(e.country, e.sector)} for e in one.suggestions]
            _line({"text": one.text, "count": one.count, "article": one.article, "suggestions": about})
    else:
        _print_unknown(shown)
    rest = f"{len(found):,} names" + (f", the first {len(shown):,} shown (--limit 0 for all)" if shown != found else "")
    if since := len(met) - len(open_names):
        rest += f"; {since:,} mentions left out: the lexicon knows their names by now"
    print(rest, file=sys.stderr)


@app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="See NEW.", show_default=False)],
    new: Annotated[
        str,
        typer.Argument(
            metavar="NEW",
            help="A folder actors/lexicon of some version, an overlay (laid over the present lexicon), or . for the "
            "present lexicon alone.",
            show_default=False,
        ),
    ],
    output: Output = Format.TABLE,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help="So many; 0 for all.")] = 0,
) -> None:
    """What differs between two lexicons or overlays: who came, who went, whose offices and codes changed."""
    from legation.actors.lookup import diff as ask

    changes = ask(_version(old), _version(new))
    counts = Counter(c.what for c in changes)
    shown = changes[:limit] if limit else changes
    for change in shown:
        if output is Format.JSONL:
            _line({"what": change.what, "id": change.id, "name": change.name, "detail": change.detail})
        else:
            print(printable(f"{change.what:<8} {change.name} ({change.id})"))
            for part in filter(None, change.detail.split("; ")):
                print(printable(f"         {part}"))
    told = ", ".join(f"{counts[what]:,} {what}" for what in ("added", "removed", "changed"))
    print(told + (f", the first {len(shown):,} shown" if len(shown) < len(changes) else ""), file=sys.stderr)


def _lexicon(actors: Path | None, settings: Path | None) -> Lexicon:
    return options.resources_for(("lexicon",), actors=actors, settings=settings).lexicon


def _version(name: str) -> Lexicon:
    """The lexicon that a word of `diff` means."""
    from legation.actors.lexicon import load_lexicon
    from legation.problems import SettingsError

    path = Path(name)
    if name == ".":
        return load_lexicon()
    if path.is_dir():
        if not (path / "persons.tsv").is_file():
            raise SettingsError(f"{name}: no lexicon: there is no persons.tsv in it")
        return load_lexicon(folder=path)
    if not path.is_file():
        raise SettingsError(f"{name}: there is no such file or folder")
    return load_lexicon(path)


# -- one's own file ----------------------------------------------------------------------------------------------


def _change(rows: Path, check: bool, actors: Path | None, settings: Path | None, replace: bool) -> None:
    """Lay the rows of a file into the user's own, or say all that is wrong and leave with status 2."""
    from legation.actors.lexicon import load_lexicon
    from legation.actors.overlay_file import merge, read_own
    from legation.export.files import whole
    from legation.problems import SettingsError
    from legation.settings import load_settings

    own = actors or load_settings(settings).actors
    if own is None:
        raise SettingsError("actors: name your file with --actors, or in the settings: actors = FILE")
    new, problems = read_own(rows, whole=False)
    old: list[Row] = []
    exists = own.exists()
    if exists:
        old, more = read_own(own)
        problems += more
    if problems:
        for problem in problems:
            print(printable(problem), file=sys.stderr)
        number = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
        raise SettingsError(f"actors: {number}, nothing was written")
    for note in _notes(rows, new, old, load_lexicon()):
        print(printable(f"note: {note}"), file=sys.stderr)
    merged = merge(own.read_text("utf8") if exists else None, old, new, replace)
    if not check:
        with whole(own.resolve()) as file:
            file.write(merged.text.encode())
    told = f"{merged.added} added, {merged.replaced} replaced, {merged.there} stood there already"
    print(printable(f"{own}: {told}" + (" (checked, nothing was written)" if check else "")))


def _notes(path: Path, rows: list[Row], old: list[Row], lexicon: Lexicon) -> Iterator[str]:
    """What may be a slip though the row can be used: codes of no country, somebody to drop whom nobody knows."""
    from legation.actors.lexicon_overlay import OVERLAY_COLUMNS
    from legation.actors.lookup import lookup as ask

    told = [dict(zip(OVERLAY_COLUMNS, row.cells, strict=True)) for row in rows]
    before = [dict(zip(OVERLAY_COLUMNS, row.cells, strict=True)) for row in old]
    states = {c["country"] for c in (*told, *before) if c["kind"] == "country"}
    states |= {e.country for e in lexicon.all_entries() if e.country and e.kind in ("country", "igo", "ngo", "mnc")}
    own = {c["name"] for c in before}
    for row, cell in zip(rows, told, strict=True):
        where = f"{path}, line {row.line} ({cell['name']})"
        if cell["country"] and cell["country"] not in states:
            yield f"{where}: {cell['country']} is the code of no country in the lexicon"
        if cell["action"] == "add" or cell["name"] in own or lexicon.entry(cell["id"]) is not None:
            continue
        if not ask(cell["name"], None, lexicon):
            yield f"{where}: nobody is called so, nothing will be dropped"


# -- who was not recognised --------------------------------------------------------------------------------------


def _unresolved(
    records: Iterable[Mapping[str, Any]], lexicon: Lexicon, coded: bool, every: bool
) -> list[tuple[str, str | None]]:
    """(text, article) of every mention without an entity, each place of an article once.

    A name is what has a capital letter where no sentence begins, "Icelandic" apart. `coded` takes those with a country.
    """
    met: dict[tuple[str | None, int, int], tuple[str, str | None, bool]] = {}
    for record in records:
        article = (record.get("article") or {}).get("id")
        begin = (record.get("sentence") or {}).get("start")
        for side in ("actor", "recipient", "attribution"):
            for party in record.get(side) or ():
                text = party.get("text")
                if not text or party.get("entity_id") or (party.get("country") and not coded):
                    continue
                cue = party.get("cue") or {}
                if side == "attribution" and (party.get("country") or party["start"] == cue.get("start")):
                    continue  # a source tells no entity: with a country it may be known; "allegedly" is nobody
                key = (article, party["start"], party["end"])
                named = _is_name(text, party["start"] == begin, lexicon)
                met.setdefault(key, (_bare(text), article, named))
    names = {text for text, _, named in met.values() if named}
    return [(text, article) for text, article, _ in met.values() if every or text in names]


def _bare(text: str) -> str:
    """The mention on one line without its article."""
    words = " ".join(text.split())
    for article in ARTICLES:
        if words.lower().startswith(article):
            return words[len(article) :]
    return words


def _is_name(text: str, begins_sentence: bool, lexicon: Lexicon) -> bool:
    words = text.split()[1:] if begins_sentence else text.split()
    return any(
        len(word) > 1 and word[0].isupper() and word.lower() + " " not in ARTICLES and lexicon.demonym(word) is None
        for word in words
    )


def _known(name: str, lexicon: Lexicon) -> bool:
    """Whether the lexicon now has exactly this name, and the name alone is enough."""
    return any(h.strong and h.start == 0 and h.end == len(name) for h in lexicon.find(name))


# -- printing ----------------------------------------------------------------------------------------------------


def _line(values: dict[str, Any]) -> None:
    print(json.dumps(values, ensure_ascii=False, sort_keys=True))


def _code(country: str | None, sector: str | None) -> str | None:
    from legation.record.written import actor_code

    return actor_code(country, sector)


def _offices(entry: Entry, day: str | None, lexicon: Lexicon) -> list[tuple[Term, str | None]]:
    """The terms by date, each with its basis on the day."""
    terms = sorted(entry.terms, key=lambda t: (t.start or t.as_of or t.end or "", t.office, t.country or ""))
    return [(t, _basis(t, day, lexicon)) for t in terms]


def _basis(term: Term, day: str | None, lexicon: Lexicon) -> str | None:
    if day is None:
        return None
    return lexicon.basis(term.country or "", term.kind, term.start or "", term.end or "", term.as_of or "", day)


def _as_dict(found: Found, day: str | None, lexicon: Lexicon) -> dict[str, Any]:
    entry, role = found.entry, found.role
    return {
        "id": entry.id,
        "name": entry.name,
        "kind": entry.kind,
        "strong": found.strong,
        "source": entry.source or None,
        "date": day,
        "code": _code(role.country, role.sector),
        "country": role.country,
        "sector": role.sector,
        "other_sectors": list(role.other_sectors),
        "office": role.office,
        "office_from": role.office_from,
        "office_to": role.office_to,
        "basis": role.basis,
        "offices": [
            {
                "office": term.office,
                "kind": term.kind,
                "country": term.country,
                "sector": term.sector,
                "start": term.start,
                "end": term.end,
                "as_of": term.as_of,
                "source": term.source,
                "basis": basis,
            }
            for term, basis in _offices(entry, day, lexicon)
        ],
    }


def _print_found(found: list[Found], day: str | None, lexicon: Lexicon) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from legation.cli.table import console

    out = console()
    for number, one in enumerate(found):
        entry, role = one.entry, one.role
        if number:
            out.print()
        head = Text(printable(entry.name), style="bold")
        head.append(f"  {_code(role.country, role.sector) or '?'}", style="bold green")
        if role.other_sectors:
            head.append(f" ({', '.join(role.other_sectors)})")
        on = f"on {day}: " if day else "basis: "
        head.append(f"  {on}{role.basis}" + (printable(f", {role.office}") if role.office else ""))
        out.print(head)
        told = [entry.id, entry.kind, f"source {entry.source or 'of the offices'}"]
        told += [] if one.strong else ["the name alone is not enough"]
        out.print(Padding(Text(printable(" · ".join(told)), style="dim"), (0, 0, 0, 2)))
        if not entry.terms:
            continue
        grid = Table(box=None, pad_edge=False, header_style="dim")
        for title in ("", "office", "code", "from", "to", "source", *(["on the day"] if day else [])):
            grid.add_column(title, overflow="fold")
        for term, basis in _offices(entry, day, lexicon):
            until = term.end or (f"open, seen {term.as_of}" if term.as_of else "open")
            cells = [term.office or term.kind, _code(term.country, term.sector) or "?", term.start or "?", until]
            cells += [term.source, *([basis or ""] if day else [])]
            grid.add_row("", *(Text(printable(c)) for c in cells), style="" if basis or not day else "dim")
        out.print(grid)


def _print_unknown(found: list[Unknown]) -> None:
    from rich.table import Table
    from rich.text import Text

    from legation.cli.table import console

    grid = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("count", "name", "may be", "for example in"):
        grid.add_column(title, justify="right" if title == "count" else "left", overflow="fold")
    for one in found:
        near = ", ".join(f"{e.name} [{_code(e.country, e.sector) or '?'}]" for e in one.suggestions)
        grid.add_row(str(one.count), *(Text(printable(c)) for c in (one.text, near, one.article or "")))
    console().print(grid)
