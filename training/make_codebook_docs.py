"""Writes docs/codebook/*.md from the codebook's data.

    python training/make_codebook_docs.py            write the pages
    python training/make_codebook_docs.py --check    fail when they differ from the data

A test makes the same comparison, so that pages and data cannot part.
"""

from __future__ import annotations

import sys
from pathlib import Path

from legation.codebook import Codebook, load_codebook
from legation.codebook.describe import QUAD_NAMES, number

FOLDER = Path(__file__).parent.parent / "docs" / "codebook"
HEAD = "<!-- Written by training/make_codebook_docs.py; change src/legation/codebook/, not this page. -->\n\n"


def _table(head: list[str], rows: list[list[str]]) -> str:
    cells = [[x.replace("|", "\\|") for x in row] for row in [head, ["---"] * len(head), *rows]]
    return "".join("| " + " | ".join(row) + " |\n" for row in cells)


def _index(book: Codebook) -> str:
    rows = [[f"[{t.name}]({t.name.lower()}.md)", QUAD_NAMES[t.quad], number(t.score), t.definition] for t in book.types]
    return (
        "# Codebook\n\n"
        "What Legation codes: PLOVER 2.0, the ontology of the Open Event Data Alliance, in our own words. Names and "
        "numbers are PLOVER's; definitions, notes and examples are ours. `legation codebook` prints the same.\n\n"
        + _table(["type", "quad class", "score", "what it is"], rows)
        + "\nSee also [contexts](contexts.md), [actors](actors.md), [quad classes](quads.md) and the "
        "[way to CAMEO and back](cameo.md).\n"
    )


def _type_page(book: Codebook, name: str) -> str:
    event = book.type(name)
    classes = ", ".join(f"{QUAD_NAMES[book.quad(name, s.name)]} ({s.name})" for s in book.quad_schemes)
    parts = [
        f"# {event.name}\n\n{event.definition}\n\n",
        _table(
            ["", ""],
            [
                ["quad class", classes],
                ["score", number(event.score)],
                ["recipient", "needed" if event.recipient else "may be missing"],
                ["CAMEO", f"{event.cameo} {book.by_code[event.cameo].name}"],
            ],
        ),
    ]
    if event.modes:
        rows = [
            [m.name, number(m.score), f"{m.cameo} {book.by_code[m.cameo].name}", ", ".join(m.contexts), m.definition]
            for m in event.modes
        ]
        parts.append("\n## Modes\n\n" + _table(["mode", "score", "CAMEO", "brings context", "what it is"], rows))
    parts.append("\n## Notes\n\n" + "".join(f"- {note}\n" for note in event.notes))
    parts.append("\n## Examples\n\n" + "".join(f"- {example}\n" for example in event.examples))
    return "".join(parts)


def _contexts(book: Codebook) -> str:
    rows = [[c.name, c.definition] for c in book.contexts]
    return "# Contexts\n\nWhat an event is about; any number may apply.\n\n" + _table(["context", "what it is"], rows)


def _actors(book: Codebook) -> str:
    return (
        "# Actors\n\n## Sectors\n\n"
        + _table(["code", "what it is"], [[s.code, s.definition] for s in book.sectors])
        + "\n## Codes for actors that are no state\n\n"
        + _table(["code", "what it is"], [[s.code, s.definition] for s in book.special])
        + "\n## Auxiliary modes\n\n"
        + _table(
            ["PLOVER", "value of `aux`", "what it is"],
            [[a.name, a.aux or a.name, a.definition] for a in book.auxiliary],
        )
    )


def _quads(book: Codebook) -> str:
    parts = ["# Quad classes\n\nThe scheme is named in every run (`quad_scheme`).\n"]
    for scheme in book.quad_schemes:
        rows = [[str(k), QUAD_NAMES[k], ", ".join(names)] for k, names in sorted(scheme.classes.items())]
        over = "types" if scheme.over == "plover" else "CAMEO roots"
        parts.append(f"\n## {scheme.name}\n\n{scheme.note}\n\n" + _table(["class", "name", over], rows))
    return "".join(parts)


def _cameo(book: Codebook) -> str:
    rows = [
        [
            c.code,
            c.name,
            " ".join(x for x in (c.type, c.mode) if x) or "-",
            ", ".join(c.contexts),
            number(c.goldstein_icews),
            number(c.goldstein_gdelt),
            c.note or "",
        ]
        for c in book.cameo_codes
    ]
    return (
        "# CAMEO\n\n"
        "What each CAMEO code is in PLOVER, with its Goldstein score as the R package icews and as GDELT publish it. "
        "Where the published mapping contradicts the PLOVER manual we follow the manual and say so.\n\n"
        + _table(["code", "name", "PLOVER", "contexts", "icews", "gdelt", "note"], rows)
    )


def pages(book: Codebook) -> dict[str, str]:
    """File name -> text of every page."""
    made = {
        "index.md": _index(book),
        "contexts.md": _contexts(book),
        "actors.md": _actors(book),
        "quads.md": _quads(book),
        "cameo.md": _cameo(book),
    }
    for event in book.types:
        made[f"{event.name.lower()}.md"] = _type_page(book, event.name)
    return {name: HEAD + text for name, text in sorted(made.items())}


def differences(folder: Path, made: dict[str, str]) -> list[str]:
    """Names of pages that are missing, changed or too many."""
    there = {p.name: p.read_text("utf8") for p in folder.glob("*.md")}
    return sorted(name for name in there.keys() | made.keys() if there.get(name) != made.get(name))


def main() -> int:
    """Write the pages, or compare them."""
    made = pages(load_codebook())
    if "--check" in sys.argv[1:]:
        different = differences(FOLDER, made)
        for name in different:
            print(f"docs/codebook/{name} differs from the data; run python training/make_codebook_docs.py")
        return 1 if different else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (FOLDER / name).write_text(text, "utf8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
