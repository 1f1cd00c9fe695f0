"""WCAG AA by arithmetic: every pair of colours that carries words has a contrast of 4.5, marks and borders of 3."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import legation.web

CSS = (Path(legation.web.__file__).parent / "static" / "desk.css").read_text("utf8")
COLOURS = dict(re.findall(r"--([\w-]+):\s*light-dark\(([^)]*)\)", CSS))
GROUNDS = ("paper", "sheet", "sunk")
WORDS = ("ink", "soft", "accent", "good", "bad")
ROLES = ("actor", "recipient", "trigger", "source", "cue", "date", "place")
STATUSES = ("happened", "alleged", "denied", "negated", "planned", "predicted", "hypothetical", "historical")
PAIRS = [
    *((w, g, 4.5) for w in (*WORDS, *STATUSES) for g in GROUNDS),
    *((r, f"{r}-wash", 4.5) for r in ROLES),
    *((r, g, 4.5) for r in ROLES for g in ("sheet", "sunk")),
    *(("ink", wash, 4.5) for wash in ("accent-wash", "bad-wash", "warn-wash")),
    ("on-accent", "accent", 4.5),
    *(("line-strong", g, 3.0) for g in GROUNDS),
    *(("focus", g, 3.0) for g in GROUNDS),
    *((f"quad{k}", "sheet", 3.0) for k in (1, 2, 3, 4)),
]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_arithmetic() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground", "least"), PAIRS)
def test_contrast(words: str, ground: str, least: float, theme: int) -> None:
    pair = [COLOURS[name].split(",")[theme].strip() for name in (words, ground)]
    assert contrast(*pair) >= least, f"{words} {pair[0]} on {ground} {pair[1]}: {contrast(*pair):.2f}"


def test_every_colour_is_a_pair_that_is_checked() -> None:
    """A colour that stands in the sheet outside the pairs escapes the arithmetic."""
    rules = CSS[CSS.index("html[data-theme") :]
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"#000[38]\b|#[a-z][\w-]*", "", rules))
    unchecked = set(COLOURS) - {n for p in PAIRS for n in p[:2]}
    assert unchecked == {"line", "land"}  # hairlines and land carry nothing that must be seen
