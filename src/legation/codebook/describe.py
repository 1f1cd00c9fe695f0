"""The codebook as plain lines, for `legation codebook`."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from legation.codebook.book import Codebook

QUAD_NAMES = {
    0: "neutral",
    1: "verbal cooperation",
    2: "material cooperation",
    3: "verbal conflict",
    4: "material conflict",
}
WIDTH = 100


def _wrap(text: str, first: str = "", rest: str = "") -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest or " " * len(first))


def number(value: float | None) -> str:
    """A score with its sign: "+2.5", "-7", "0"; a dash where there is none."""
    return "-" if value is None else "0" if value == 0 else f"{value:+g}"


def describe(codebook: Codebook, type_name: str | None = None) -> str:
    """All types, a few lines each, or one type with everything that is known about it. SettingsError: no such type."""
    return _one(codebook, type_name) if type_name else _all(codebook)


def _all(codebook: Codebook) -> str:
    lines = ["PLOVER 2.0: 16 types of events. `legation codebook TYPE` tells all about one.", ""]
    for quad in sorted({t.quad for t in codebook.types}):
        lines.append(f"{QUAD_NAMES[quad].upper()} (quad class {quad})")
        for event in codebook.types:
            if event.quad != quad:
                continue
            lines.append(_wrap(event.definition, f"  {event.name:<10}{number(event.score):>5}  "))
            if event.modes:
                lines.append(_wrap("modes: " + ", ".join(m.name for m in event.modes), " " * 19))
        lines.append("")
    lines.append(_wrap(", ".join(c.name for c in codebook.contexts), f"{len(codebook.contexts)} contexts: ", "  "))
    lines.append(_wrap(", ".join(s.code for s in codebook.sectors), f"{len(codebook.sectors)} sectors: ", "  "))
    lines.append(_wrap(", ".join(s.code for s in codebook.special), "Codes for actors that are no state: ", "  "))
    lines.append(_wrap(", ".join(s.name for s in codebook.quad_schemes), "Quad schemes: ", "  "))
    return "\n".join(lines)


def _one(codebook: Codebook, type_name: str | None) -> str:
    event = codebook.type(type_name or "")
    needs = "needs a recipient" if event.recipient else "may stand without a recipient"
    quads = sorted({codebook.quad(event.name, s.name) for s in codebook.quad_schemes if s.over == "plover"})
    differs = "" if len(quads) == 1 else " (the manual's table says " + QUAD_NAMES[min(quads)] + ")"
    lines = [
        event.name,
        _wrap(event.definition, "  "),
        "",
        f"  quad class  {event.quad} {QUAD_NAMES[event.quad]}{differs}",
        f"  score       {number(event.score)}",
        f"  recipient   {needs}",
        f"  CAMEO       {event.cameo} {codebook.by_code[event.cameo].name}",
    ]
    if event.modes:
        lines += ["", "  modes (score, CAMEO)"]
        for mode in event.modes:
            lines.append(_wrap(mode.definition, f"    {mode.name:<15}{number(mode.score):>5}  {mode.cameo:<5} "))
    lines += ["", "  notes", *(_wrap(note, "    - ") for note in event.notes)]
    lines += ["", "  examples", *(_wrap(example, "    - ") for example in event.examples)]
    return "\n".join(lines)
