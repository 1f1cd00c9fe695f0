"""The public door of the package, the scorer's adapter, and the text that is made safe for terminals."""

from __future__ import annotations

from pathlib import Path

import pytest

import legation
from conftest import run_command
from legation.cli.safe import inline, printable
from legation.model.text import RawDocument
from legation.resources import Resources


def test_one_article(resources: Resources) -> None:
    text = "Sweden recalled its ambassador to Norway on Monday."
    coded = legation.code_article(text, date="2024-03-05", already_clean=True, resources=resources)
    (record,) = coded.records
    assert isinstance(record, legation.EventRecord) and record.type == "SANCTION"
    assert legation.to_dict(record, coded)["date"]["start"] == "2024-03-04"


def test_many_items_keep_their_order(resources: Resources) -> None:
    good = RawDocument("a", "Sweden attacked Norway.", "text", "a", already_clean=True)
    bad = RawDocument("b", "\x00\x01\x02" * 100, "text", "b")
    missing = legation.Problem("not-found", "there is no such file or folder", "c")
    results = list(legation.code_items([good, bad, missing, good], resources))
    assert [isinstance(r, legation.Problem) for r in results] == [False, True, True, False]


def test_every_name_of_the_door_opens() -> None:
    assert all(getattr(legation, name) is not None for name in legation.__all__)
    assert set(legation.__all__) <= set(dir(legation))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = legation.no_such_name


def test_the_scorer_gets_this_program_to_run(tmp_path: Path) -> None:
    scorer = tmp_path / "score.py"
    scorer.write_text("import sys\nprint(sys.argv[1:])\nsys.exit(2 if '--fail' in sys.argv else 0)\n")
    ran = run_command("evaluate", "--scorer", scorer, "dates", "--set", "some_set")
    assert ran.returncode == 0 and b"'dates', '--set', 'some_set', '--run'" in ran.stdout
    ran = run_command("evaluate", "--scorer", scorer, "dates", "--fail", "--pred", "x")
    assert ran.returncode == 2 and b"--run" not in ran.stdout
    ran = run_command("evaluate", "--scorer", tmp_path / "none.py", "dates")
    assert ran.returncode == 2 and b"none.py" in ran.stderr


def test_unsafe_characters() -> None:
    assert printable("a\x1b[31mb\u202ec\nd\te") == "a<U+001B>[31mb<U+202E>c d e"
    text = "x\x1b\u202e\ny\u200b"
    assert len(inline(text)) == len(text) and inline(text) == "x\ufffd\ufffd y\ufffd"
    assert printable("Łódź – “ok” 日本") == "Łódź – “ok” 日本"
