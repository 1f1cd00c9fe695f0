"""Runs every case of tests/cases/*.cases (format: CONTRIBUTING.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from legation.evaluate.cases import Case, differences, event_lines, read_cases
from legation.model.text import RawDocument
from legation.pipeline import code_document
from legation.resources import Resources, load_resources
from legation.settings import Settings

FOLDER = Path(__file__).parent / "cases"
WORLD = FOLDER / "world.tsv"  # invented countries keep cases free of the real lexicon
CASES = [case for path in sorted(FOLDER.glob("*.cases")) for case in read_cases(path)]


@pytest.fixture(scope="module")
def resources() -> Resources:
    return load_resources(Settings(engine="rules", actors=WORLD))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{Path(case.file).stem}: {case.name}")
def test_case(case: Case, resources: Resources) -> None:
    raw = RawDocument(case.name, case.text, "text", case.file, title=case.title, date=case.date, already_clean=True)
    coded = code_document(raw, resources)
    wrong = differences(case, coded.records, coded.article.text)
    if case.xfail is not None:
        if not wrong:
            pytest.fail(f"{case.file}, line {case.line}: holds now; take its xfail out")
        pytest.xfail(case.xfail)
    if wrong:
        seen = [line for record in coded.records for line in event_lines(record, coded.article.text)] or ["none"]
        dropped = [f"  {r.candidate.type} at {r.candidate.start}: {r.reason}" for r in coded.rejected]
        report = [f"{case.file}, line {case.line}: {case.name}", *wrong, "", case.text, "--- seen:", *seen]
        pytest.fail("\n".join([*report, "--- rejected:", *dropped] if dropped else report), pytrace=False)
