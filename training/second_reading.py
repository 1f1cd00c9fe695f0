"""A second reading of the labelled corpus: draw a blind sheet, later compare the reader's labels with the corpus.

    python training/second_reading.py draw SHEET.tsv [--lines 420] [--seed 20261124]
    python training/second_reading.py compare [training/second_reading.tsv] [--list]

The sheet holds the text and the marked words and hides type, mode and contexts. `compare` reads a table `id`, `hash`,
`type`, `mode`; id is the writer's letter, a colon and the line of the file (the header is line 1). A row whose text
has changed since (hash) is an error, so that rates are never of another corpus. Needs the standard library only.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from math import sqrt
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
READING = Path(__file__).parent / "second_reading.tsv"
SHEET = ("id", "hash", "text", "source", "target", "trigger", "type", "mode")
Row = dict[str, str]
Pair = tuple[Row, Row]  # the writer's row, the second reader's row


def read(file: Path) -> list[Row]:
    """The rows of a tab-separated table without quoting."""
    with file.open(encoding="utf8", newline="") as stream:
        return [
            {k: v or "" for k, v in row.items()}
            for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def corpus(folder: Path = CORPUS) -> dict[str, Row]:
    """Every labelled line by its id, writers and lines in order."""
    rows: dict[str, Row] = {}
    for file in sorted(folder.glob("writer_*.tsv")):
        letter = file.stem.removeprefix("writer_")
        rows |= {f"{letter}:{line}": row for line, row in enumerate(read(file), start=2)}
    return rows


def text_hash(row: Row) -> str:
    """A short name of what the reader judged: the text with the marked words."""
    judged = "\t".join(row[k] for k in ("text", "source", "target", "trigger"))
    return hashlib.sha256(judged.encode("utf8")).hexdigest()[:12]


def draw(sheet: Path, lines: int, seed: int) -> None:
    """Write a shuffled simple random sample; the two last columns are left to the reader."""
    rows = corpus()
    with sheet.open("w", encoding="utf8", newline="") as stream:
        out = csv.writer(stream, delimiter="\t", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n")
        out.writerow(SHEET)
        for key in random.Random(seed).sample(sorted(rows), lines):
            row = rows[key]
            out.writerow((key, text_hash(row), row["text"], row["source"], row["target"], row["trigger"], "", ""))


def pair_up(reading: Iterable[Row]) -> list[Pair]:
    """Both readers' rows side by side; ends the program at a row that does not fit the corpus."""
    rows = corpus()
    pairs = []
    for second in reading:
        first = rows.get(second["id"])
        if first is None or text_hash(first) != second["hash"]:
            sys.exit(f"{second['id']}: the corpus has no such line or another text there")
        if not second["type"]:
            sys.exit(f"{second['id']}: the reader gave no type")
        pairs.append((first, second))
    return pairs


def kappa(labels: Sequence[tuple[str, str]]) -> float:
    """Cohen's kappa (Cohen 1960); nan where chance alone would agree always."""
    n = len(labels)
    if not n:
        return float("nan")
    ours, theirs = Counter(a for a, _ in labels), Counter(b for _, b in labels)
    chance = sum(ours[k] * theirs[k] for k in ours) / n**2
    seen = sum(a == b for a, b in labels) / n
    return (seen - chance) / (1 - chance) if chance < 1 else float("nan")


def rate(labels: Sequence[tuple[str, str]]) -> str:
    """Disagreements of n, their rate with Wilson's 95 % interval (Wilson 1927), and kappa."""
    n = len(labels)
    if not n:
        return "0/0"
    wrong, z = sum(a != b for a, b in labels), 1.959964
    p = wrong / n
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low, high = ((middle + side * half) / (1 + z * z / n) for side in (-1, 1))
    return f"{wrong}/{n}\t{p:.1%}\t[{max(low, 0):.1%}, {high:.1%}]\tkappa {kappa(labels):.3f}"


def compare(reading: Path, list_them: bool) -> None:
    """Print the rates over all lines and for each writer, then how often which types were exchanged.

    Modes are compared where both read the same type and the type has modes: six types have none, and counting their
    two empty cells as agreement would flatter.
    """
    pairs = pair_up(read(reading))
    with_modes = {row["type"] for row in corpus().values() if row["mode"]}
    groups = {"all": pairs}
    for pair in pairs:
        groups.setdefault(pair[1]["id"].partition(":")[0], []).append(pair)
    for name, group in sorted(groups.items(), key=lambda item: (item[0] != "all", item[0])):
        types = [(a["type"], b["type"]) for a, b in group]
        print(f"{name}\ttype\t{rate(types)}")
        print(f"{name}\tevent?\t{rate([(str(a == 'none'), str(b == 'none')) for a, b in types])}")
        agreed = [(a, b) for a, b in group if a["type"] == b["type"] and a["type"] in with_modes]
        print(f"{name}\tmode\t{rate([(a['mode'], b['mode']) for a, b in agreed])}")
    exchanged = Counter((a["type"], b["type"]) for a, b in pairs if a["type"] != b["type"])
    for (ours, theirs), times in sorted(exchanged.items(), key=lambda item: (-item[1], item[0])):
        print(f"writer {ours}\treader {theirs}\t{times}")
    if list_them:
        for a, b in pairs:
            if (a["type"], a["mode"]) != (b["type"], b["mode"]):
                marked = " | ".join(a[k] for k in ("source", "target", "trigger"))
                labels = f"{a['type']} {a['mode']} -> {b['type']} {b['mode']}"
                print(f"{b['id']}\t{labels}\t{marked}\t{a['text']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("draw")
    one.add_argument("sheet", type=Path)
    one.add_argument("--lines", type=int, default=420)
    one.add_argument("--seed", type=int, default=20261124)
    two = commands.add_parser("compare")
    two.add_argument("reading", type=Path, nargs="?", default=READING)
    two.add_argument("--list", action="store_true", help="print every line where the two differ")
    given = parser.parse_args()
    if given.command == "draw":
        draw(given.sheet, given.lines, given.seed)
    else:
        compare(given.reading, given.list)


if __name__ == "__main__":
    main()
