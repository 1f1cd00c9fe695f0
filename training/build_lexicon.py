"""Make the generated data files of the lexicon from the reference tables. Run by hand; needs nothing but Python.

    python training/build_lexicon.py /path/to/reference [--only persons]

Corrections do not belong here but into `src/legation/actors/lexicon/editor.tsv`, which the program reads on top of
the generated files.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from lexicon_persons import collect, give_ids, write_rows

TARGET = Path(__file__).parent.parent / "src" / "legation" / "actors" / "lexicon"


def read(path: Path) -> list[list[str]]:
    """Rows of a reference table without the header."""
    return [line.split("\t") for line in path.read_text("utf8").split("\n")[1:] if line]


def write(name: str, header: list[str], rows: list[list[str]]) -> None:
    """One data file in its canonical form: header, sorted rows, tabs, Unix line ends."""
    lines = ["\t".join(header), *("\t".join(r) for r in sorted(rows))]
    path = TARGET / name
    path.write_text("\n".join(lines) + "\n", "utf8")
    print(f"{name}: {len(rows)} rows, {path.stat().st_size / 1e6:.2f} MB")


def main() -> None:
    """Build all files."""
    reference = Path(sys.argv[1] if len(sys.argv) > 1 else "/work/shared/reference")
    persons = give_ids(collect(read(reference / "office_holders.tsv")))
    write("persons.tsv", ["id", "name", "aliases", "terms"], write_rows(persons))


if __name__ == "__main__":
    main()
