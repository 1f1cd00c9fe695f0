"""Runs the examples that stand in the pattern files: every pattern's promise, kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from legation.datafiles import read_yaml
from legation.dates import find_dates, load_patterns
from legation.dates.patterns import HERE
from legation.dates.schema import PatternsFile
from legation.model.text import Article

PATTERNS = load_patterns()
FILES = [read_yaml(path, PatternsFile).value for path in sorted((HERE / "patterns").glob("*.yml"))]
SILENT = {entry.id for file in FILES for entry in file.patterns if entry.make == "nothing"}
EXAMPLES = [(entry.id, example) for file in FILES for entry in file.patterns for example in entry.examples]


def article(text: str, published: str | None) -> Article:
    basis = "given" if published else "none"
    return Article("x", text, None, 0, None, None, published, basis, None, "en", (), ())


@pytest.mark.parametrize(("pattern", "example"), EXAMPLES, ids=[f"{p}-{k}" for k, (p, _) in enumerate(EXAMPLES)])
def test_example(pattern: str, example: str) -> None:
    marked, published, values = (part.strip() for part in example.rsplit("|", 2))
    text = re.sub(r"[\[\]]", "", marked)
    wanted_words = re.findall(r"\[([^\]]*)\]", marked)
    wanted_values = [] if values == "none" else [None if v.strip() == "?" else v.strip() for v in values.split(";")]
    found = find_dates(article(text, None if published == "-" else published), None, PATTERNS)
    assert [(t.text, t.value) for t in found] == list(zip(wanted_words, wanted_values, strict=True))
    if wanted_words:
        assert f"dates/{pattern}" in {t.rule for t in found}


def test_every_pattern_has_an_example_that_finds_something() -> None:
    silent = {p for p, _ in EXAMPLES} - {p for p, e in EXAMPLES if not e.strip().endswith("none")}
    assert silent == SILENT


def test_there_are_enough_examples() -> None:
    assert len(EXAMPLES) >= 250


def test_files_are_named_and_hashed() -> None:
    names = {f.name for f in PATTERNS.files}
    assert "dates/words.yml" in names
    assert {f"dates/patterns/{p.name}" for p in Path(HERE / "patterns").glob("*.yml")} <= names
