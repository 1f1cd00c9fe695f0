"""The claim board and the quote table for people, and the quote table for other programs."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from legation.cli.safe import printable
from legation.cli.table import console
from legation.record.written import dump

SIDES = {
    "asserted_by": "alleged by",
    "denied_by": "denied by",
    "doubted_by": "doubted by",
    "repeated_by": "repeated by",
}
MOST = 4  # voices of one cell


def print_board(rows: list[dict[str, Any]]) -> None:
    """One claim a row; a column that nobody would stand in is left out."""
    out = console()
    if not rows:
        out.print(Text("no claims", style="dim"))
        return
    sides = [s for s in SIDES if any(row[s] for row in rows)]
    told = any(row["told_by"] for row in rows)
    grid = Grid(box=box.SIMPLE_HEAD, expand=True, pad_edge=False, show_lines=False)
    grid.add_column("claim", ratio=5)
    for side in sides:
        grid.add_column(SIDES[side], ratio=3)
    if told:
        grid.add_column("told as fact", ratio=2)
    grid.add_column("first seen", width=10)
    for row in rows:
        cells = [_claim(row), *(_voices(row[s]) for s in sides)]
        if told:
            cells.append(_voices(row["told_by"]))
        grid.add_row(*cells, Text(row["first_seen"]["date"] or "-"))
        grid.add_section()
    out.print(grid)


def _claim(row: dict[str, Any]) -> Text:
    text = Text(printable(row["claim"]), style="bold")
    kind = row["type"] + (f"/{row['mode']}" if row["mode"] else "")
    text.append(f"\n{kind} · {', '.join(row['statuses'])}", style="not bold dim")
    text.append(f"\n{row['id']}", style="not bold dim")
    if row["disputed"]:
        text.append(" · disputed", style="not bold red")
    return text


def _voices(voices: list[dict[str, Any]]) -> Text:
    text = Text()
    for k, voice in enumerate(voices[:MOST]):
        if k:
            text.append("\n")
        text.append(printable(voice["name"] if voice["code"] else voice["name"].rsplit("/", 1)[-1]))
        if voice["code"]:
            text.append(f" [{voice['code']}]", style="dim")
        if voice["itself"]:
            text.append(" itself", style="dim")
        told = sorted({s["status"] for s in voice["said"]} & {"predicted", "planned", "hypothetical", "historical"})
        if told:
            text.append(f" ({', '.join(told)})", style="dim")
        articles = len({s["article"] for s in voice["said"]})
        if articles > 1:
            text.append(f" ×{articles}", style="dim")
    if len(voices) > MOST:
        text.append(f"\nand {len(voices) - MOST} more", style="dim")
    return text


def print_claim(row: dict[str, Any]) -> None:
    """Everything about one claim: every voice with every place where it spoke."""
    out = console()
    out.print(Text(printable(row["claim"]), style="bold"))
    kind = row["type"] + (f"/{row['mode']}" if row["mode"] else "")
    about = [row["id"], kind, ", ".join(row["statuses"])]
    about += ["disputed"] if row["disputed"] else []
    about += [f"place: {printable(row['place'])}"] if row["place"] else []
    about += [f"{row['reports']} report{'' if row['reports'] == 1 else 's'}"]
    out.print(Text(" · ".join(about), style="dim"))
    for side in ("actors", "recipients"):
        names = [printable(p["name"]) + f" [{p['code'] or '?'}]" for p in row[side]]
        out.print(Text(f"{side}: {', '.join(names) or 'nobody named'}"))
    for side, title in (*SIDES.items(), ("told_by", "told as fact by")):
        for voice in row[side]:
            out.print()
            head = Text(f"{title} ", style="red" if side == "denied_by" else "yellow")
            head.append(printable(voice["name"]), style="bold default")
            head.append(f" [{voice['code'] or '?'}]", style="dim")
            out.print(head)
            for said in voice["said"]:
                out.print(Padding(_saying(said), (0, 0, 0, 4)))
    linked = [link for link in row["links"] if link["by"] == "linking"]
    if linked:
        out.print()
        out.print(Text("linked because", style="dim"))
        for link in linked:
            parts = ", ".join(f"{p['part']} {p.get('worth', '')}".strip() for p in link["reasons"])
            out.print(
                Padding(Text(f"{link['a']} = {link['b']}  {link['score']:.2f}  {parts}", style="dim"), (0, 0, 0, 4))
            )


def _saying(said: dict[str, Any]) -> Text:
    where = printable(said["publication"] or said["article"])
    how = said["how"] if said["how"] != "attribution" else said["manner"] or said["how"]
    cue = f" (“{printable(said['cue'])}”)" if said["cue"] else ""
    via = f" via {printable(', '.join(said['via']))}" if said["via"] else ""
    text = Text(f"{said['date'] or '-'}  {where}  {how}{cue}{via}  {said['record']}\n", style="dim")
    text.append(printable(said["sentence"]), style="not dim")
    return text


class QuoteTable:
    """Quotations for people: speaker and verb, the words beneath."""

    def __init__(self) -> None:
        self.console = console()
        self.article: str | None = None

    def add(self, row: dict[str, Any]) -> None:
        """Print one quotation."""
        if row["article"] != self.article:
            if self.article is not None:
                self.console.print()
            self.article = row["article"]
            self.console.print(Text(printable(row["title"] or row["article"]), style="bold"))
        who = printable(row["speaker_name"] or row["speaker"] or "nobody named")
        line = Text(f"{row['date'] or '-'}  ", style="dim")
        line.append(who, style="cyan not dim")
        line.append(f" [{row['speaker_code'] or '?'}] {printable(row['verb'] or '')}".rstrip())
        if row["about"]:
            line.append(f"  about {printable(', '.join(row['about']))}", style="dim")
        self.console.print(line)
        self.console.print(Padding(Text(f"“{printable(row['quote'])}”"), (0, 0, 0, 12)))


class QuoteWriter:
    """Quotations as CSV (lists joined by "; ") or one JSON object a line."""

    def __init__(self, form: str, columns: Sequence[str]) -> None:
        self.csv = csv.DictWriter(sys.stdout, columns, lineterminator="\n") if form == "csv" else None
        if self.csv:
            self.csv.writeheader()

    def add(self, row: dict[str, Any]) -> None:
        """Print one quotation."""
        if self.csv is None:
            print(dump(row))
            return
        flat = {k: "; ".join(x or "" for x in v) if isinstance(v, list) else v for k, v in row.items()}
        self.csv.writerow(flat)
