"""Events for people: one event a row, the sentence it was read from beneath it, the words marked."""

from __future__ import annotations

import io
import sys

from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from legation.cli.safe import inline, printable
from legation.model.coded import Coded
from legation.model.events import ActorEntry, EventRecord

WIDTH = 100  # of what is no terminal, so that a file is the same wherever it was made
# colour of a status: what is sure stands out, what is not does not look as if it were
STATUS = {
    "happened": "bold green",
    "alleged": "yellow",
    "denied": "red",
    "negated": "red",
    "planned": "cyan",
    "predicted": "cyan",
    "hypothetical": "magenta",
    "historical": "dim",
}
QUAD = {1: "green", 2: "green", 3: "dark_orange", 4: "red"}


class _Trimmed(io.StringIO):
    """Standard output without the blanks that a table leaves at the ends of its lines."""

    def write(self, text: str) -> int:
        """Write whole lines, each without trailing blanks."""
        sys.stdout.write("\n".join(line.rstrip() for line in text.split("\n")))
        return len(text)

    def flush(self) -> None:
        """Hand on what is written."""
        sys.stdout.flush()


def console() -> Console:
    """Standard output; colours only on a terminal, no reading of markup in what is printed."""
    terminal = sys.stdout.isatty()
    width = None if terminal else WIDTH
    out = _Trimmed()
    return Console(file=out, width=width, force_terminal=terminal, markup=False, highlight=False, emoji=False)


class Table:
    """Prints each document as a heading and its events."""

    def __init__(self) -> None:
        self.console = console()
        self.documents = 0

    def add(self, coded: Coded) -> None:
        """Print the events of one document."""
        if self.documents:
            self.console.print()
        self.documents += 1
        article = coded.article
        about = [f"published {article.published}" if article.published else "no date of publication"]
        about.append(f"{len(coded.records)} event{'' if len(coded.records) == 1 else 's'}")
        if coded.rejected:
            about.append(f"{len(coded.rejected)} rejected")
        if article.removed:
            about.append(f"{len(article.removed)} lines left out")
        if article.title:
            self.console.print(Text(printable(article.title), style="bold"))
        self.console.print(Text(printable(f"{article.id} · " + " · ".join(about)), style="dim"))
        for record in coded.records:
            self.console.print()
            event_lines(record, coded, self.console)

    def close(self) -> None:
        """Nothing comes at the end."""


def event_lines(record: EventRecord, coded: Coded, out: Console) -> None:
    """One event: a row, and the sentence beneath it."""
    row = Grid.grid(padding=(0, 2, 0, 0), expand=True)
    row.add_column(width=10)
    row.add_column(width=12)
    row.add_column(ratio=1)
    cells = [Text(_day(record), style="dim"), Text(record.status, style=STATUS.get(record.status, "")), _what(record)]
    if record.attribution:
        row.add_column(width=26)
        cells.append(_sources(record))
    row.add_row(*cells)
    out.print(row)
    out.print(Padding(_sentence(record, coded, out.is_terminal), (0, 0, 0, 12)))


def _day(record: EventRecord) -> str:
    date = record.date
    if date.start is None:
        return "-"
    return date.start[: {"year": 4, "month": 7}.get(date.precision, 10)]


def _what(record: EventRecord) -> Text:
    text = _side(record.actor)
    text.append(" → ")
    kind = record.type + (f"/{record.mode}" if record.mode else "")
    text.append(kind, style=f"bold {QUAD.get(record.quad or 0, '')}".strip())
    if record.recipient:
        text.append(" → ")
        text.append_text(_side(record.recipient))
    return text


def _side(entries: tuple[ActorEntry, ...]) -> Text:
    if not entries:
        return Text("nobody named", style="dim")
    text = Text()
    for k, who in enumerate(entries):
        if k:
            text.append(", ")
        text.append(printable(who.participant.text))
        code = " ".join(x for x in (who.role.country, who.role.sector) if x)
        text.append(f" [{code or '?'}]", style="dim")
    return text


def _sources(record: EventRecord) -> Text:
    text = Text()
    for k, link in enumerate(record.attribution):
        if k:
            text.append(" < ")
        text.append(printable(link.text or "unnamed"))
        text.append(f" {link.attribution.stance}", style="red" if link.attribution.stance == "denies" else "dim")
    return text


def _sentence(record: EventRecord, coded: Coded, colours: bool) -> Text:
    """The sentence with the words of the event marked: by colour on a terminal, by asterisks elsewhere."""
    start, end = record.sentence
    first, last = record.anchor[0] - start, record.anchor[1] - start
    words = inline(coded.article.text[start:end])
    if not colours:
        return Text(f"{words[:first]}*{words[first:last]}*{words[last:]}")
    text = Text(words, style="dim")
    for who in (*record.actor, *record.recipient):
        p = who.participant
        if start <= p.start and p.end <= end:
            text.stylize("not dim cyan", p.start - start, p.end - start)
    text.stylize("not dim bold underline", first, last)
    return text
