"""What cannot be coded: a message with name and reason, the contract's exit status, the rest delivered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import SAMPLE
from legation.clean import clean

GOOD = "Sweden recalled its ambassador to Norway on Monday. Norway rejected the accusation as baseless.\n" * 2
LINKS = "".join(f"<li><a href='/{k}'>Page {k}</a></li>" for k in range(30))
LISTING = f"<html><body><ul>{LINKS}</ul></body></html>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a_empty.txt").write_bytes(b"")
    (tmp_path / "b_binary.txt").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "c_image.html").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\x00" * 400)
    (tmp_path / "d_latin.txt").write_bytes(("Caf\u00e9 owners in Sweden. " + GOOD).encode("latin-1"))
    (tmp_path / "e_listing.html").write_text(LISTING)
    (tmp_path / "f_good.txt").write_text(GOOD)
    return tmp_path


def test_a_folder_with_bad_files_delivers_the_rest(legation, folder: Path) -> None:
    ran = legation("show", "clean", folder)
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == 1
    assert [Path(line["id"]).name[0] for line in lines] == ["a", "b", "c", "d", "e", "f"]
    for line in lines:
        name = Path(line["id"]).name
        if "problem" in line:
            assert line["clean"] == {}
            assert set(line["problem"]) == {"code", "message"}
            assert name in ran.err, name
        else:
            assert line["clean"]["text"]
    codes = {Path(line["id"]).name[0]: line["problem"]["code"] for line in lines if "problem" in line}
    assert codes["a"] == "empty"
    assert codes["b"] in ("binary", "encoding")
    assert codes["c"] == "binary"
    assert codes["e"] == "no-article"
    assert "f" not in codes


def test_a_missing_folder(legation, tmp_path: Path) -> None:
    ran = legation("code", tmp_path / "nowhere", "--format", "jsonl")
    assert (ran.status, ran.out) == (1, "")
    assert "nowhere" in ran.err and "[not-found]" in ran.err


def test_broken_json_lines_do_not_stop_the_others(legation, tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    rows = [
        json.dumps({"id": "one", "text": GOOD}),
        '{"id": "two", "text": ',
        "[1, 2]",
        json.dumps({"id": "four"}),
        json.dumps({"id": "five", "text": GOOD, "date": "2024-02-31"}),
        json.dumps({"id": "six", "text": GOOD, "date": "2024-02-29"}),
    ]
    path.write_text("\n".join(rows))
    ran = legation("show", "events", "--input-format", "jsonl", "--no-clean", path)
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == 1
    assert len(lines) == 6
    assert [line["id"] for line in lines][0::5] == ["one", "six"]
    assert ["problem" in line for line in lines] == [False, True, True, True, True, False]
    assert all(line["events"] == [] for line in lines if "problem" in line)
    assert ran.err.count("items.jsonl") >= 4


def test_a_line_of_fifty_megabytes(legation, tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    with path.open("w") as out:
        out.write(json.dumps({"id": "long", "text": "x" * 50_000_000}) + "\n")
        out.write(json.dumps({"id": "short", "text": GOOD}) + "\n")
    ran = legation("show", "clean", "--input-format", "jsonl", path)
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == 1
    assert lines[0]["problem"]["code"] == "too-large"
    assert lines[1]["id"] == "short" and "problem" not in lines[1]
    text = tmp_path / "line.txt"
    text.write_text("word " * 10_000_000)
    ran = legation("code", text)
    assert ran.status == 1 and "line.txt" in ran.err and "[too-large]" in ran.err


@pytest.mark.parametrize("date", ["yesterday", "2024-13-01", "2024-02-30", "20240301", "2024-1-1", ""])
def test_a_date_that_is_no_day(legation, date: str) -> None:
    ran = legation("code", SAMPLE, "--date", date)
    assert ran.status == 2 and "YYYY-MM-DD" in ran.err and ran.out == ""


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--parser", "no_such_pipeline"], "no_such_pipeline"),
        (["--actors", "no_such_overlay.tsv"], "no_such_overlay.tsv"),
        (["--settings", "no_such_settings.toml"], "no_such_settings.toml"),
        (["--quad-scheme", "no-such-scheme"], "no-such-scheme"),
        (["--goldstein-scheme", "no-such-scheme"], "no-such-scheme"),
        (["--format", "parchment"], "parchment"),
        (["--no-such-option"], "no-such-option"),
    ],
)
def test_unusable_arguments_stop_before_any_text_is_read(legation, arguments: list[str], word: str) -> None:
    ran = legation("code", SAMPLE, *arguments)
    assert ran.status == 2 and word in ran.err and ran.out == ""


def test_settings_files_are_checked(legation, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    for text, words in (("engin = 'rules'", "no such setting: engin"), ("engine = 3", "a text"), ("= 1", "not TOML")):
        path.write_text(text)
        ran = legation("code", SAMPLE, "--settings", path)
        assert ran.status == 2 and words in ran.err and "mine.toml" in ran.err


def test_a_fault_of_ours_does_not_take_the_batch_with_it(
    legation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(raw, cleaner):
        if "boom" in raw.content:
            raise ZeroDivisionError("of a stage")
        return clean(raw, cleaner)

    monkeypatch.setattr("legation.pipeline.clean", broken)
    items = b"".join(json.dumps({"id": i, "text": t}).encode() + b"\n" for i, t in (("a", "boom"), ("b", GOOD)))
    ran = legation("show", "events", "--input-format", "jsonl", "-", stdin=items)
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == 1 and lines[0]["problem"]["code"] == "internal" and "problem" not in lines[1]
    assert "ZeroDivisionError: of a stage" in ran.err
