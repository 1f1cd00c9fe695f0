"""Make the generated data files of the lexicon from the reference tables. Run by hand in the project's environment (the
parser's word index tells English words from names); takes about ten seconds and writes the same bytes every time.

    python training/build_lexicon.py /path/to/reference

Corrections do not belong here but into `src/legation/actors/lexicon/editor.tsv`, which the program reads on top of
the generated files.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import lexicon_countries
import lexicon_groups
from lexicon_names import slug
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
    header = [
        "id",
        "code",
        "name",
        "names",
        "weak_names",
        "adjectives",
        "people",
        "capitals",
        "seats",
        "from",
        "to",
        "source",
    ]
    edits = lexicon_countries.read_edits(Path(__file__).parent / "country_edits.txt")
    countries = lexicon_countries.build(read(reference / "countries.tsv"), edits)
    write("countries.tsv", header, countries)
    seats = {(c[1], slug(w.lstrip("~"))) for c in countries for w in [*c[7].split("|"), *c[8].split("|")] if w}
    persons = give_ids(collect(read(reference / "office_holders.tsv")))
    english = lexicon_groups.english_words()
    write("persons.tsv", ["id", "name", "aliases", "terms"], write_rows(persons, english))
    lexicon_groups.KNOWN = lexicon_groups.country_codes(reference)
    header = ["id", "name", "aliases", "kind", "country", "sector", "other_sectors", "terms", "source"]
    groups = lexicon_groups.read_groups(read(reference / "groups.tsv"), english)
    lexicon_groups.weaken_shared(groups)
    for name, prefix, kinds in (
        ("groups.tsv", "group", ("group",)),
        ("parties.tsv", "party", ("party",)),
        ("organisations.tsv", "org", ("igo", "ngo")),
    ):
        write(name, header, lexicon_groups.rows([g for g in groups if g["kind"] in kinds], prefix))
    bodies = lexicon_groups.read_bodies(read(reference / "bodies.tsv"), english)
    bodies = [b for b in bodies if b["kind"] != "metonym" or (b["country"], slug(str(b["name"]))) not in seats]
    write("bodies.tsv", header, lexicon_groups.rows(bodies, "body"))


if __name__ == "__main__":
    main()
