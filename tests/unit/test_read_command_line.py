"""The options of the command line reach the readers."""

from __future__ import annotations

import json
from pathlib import Path

TEXT = "Sweden recalled its ambassador to Norway on Monday. Norway rejected the accusation as baseless."


def test_columns(legation, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f'what,when,who\n"{TEXT}",04/03/2024,The Post\nbroken,row\n')
    ran = legation("show", "clean", path, "--column", "text=what", "--column", "date=when:dmy")
    first, second = map(json.loads, ran.out.splitlines())
    assert ran.status == 1 and "[bad-row]" in ran.err and "a.csv line 3" in ran.err
    assert (first["clean"]["published"], first["clean"]["text"]) == ("2024-03-04", TEXT)
    assert second["problem"]["code"] == "bad-row"
    assert legation("show", "clean", path).out.count("columns") >= 1
    ran = legation("code", path, "--column", "words=what")
    assert ran.status == 2 and "--column" in ran.err and ran.out == ""


def test_nothing_is_fetched_unasked(legation) -> None:
    ran = legation("code", "http://127.0.0.1:9/x", "--format", "jsonl")
    assert (ran.status, ran.out) == (1, "") and "[not-fetched]" in ran.err and "--fetch" in ran.err
    ran = legation("code", "http://127.0.0.1:9/x", "--format", "jsonl", "--fetch")
    assert (ran.status, ran.out) == (1, "") and "[refused]" in ran.err and "--allow-host 127.0.0.1" in ran.err
    ran = legation("code", "http://127.0.0.1:9/x", "--fetch", "--allow-host", "127.0.0.1")
    assert ran.status == 1 and "[refused]" in ran.err and "robots.txt" in ran.err


def test_records_of_markdown_point_into_the_file(legation, tmp_path: Path) -> None:
    text = f"---\ntitle: Envoy recalled\ndate: 2024-03-05\n---\n\n{TEXT.replace('recalled', '**recalled**')}\n"
    path = tmp_path / "a.md"
    path.write_text(text)
    records = [json.loads(line) for line in legation("code", path, "--format", "jsonl").out.splitlines()]
    assert records
    for record in records:
        anchor = record["anchor"]
        raw = text[anchor["raw_start"] : anchor["raw_end"]]
        assert raw.replace("**", "") == anchor["text"] or raw.replace("**", "").startswith(anchor["text"])
        assert record["article"]["published"] == "2024-03-05"
        assert "prefix" not in record["evidence"][0]


def test_records_of_a_mail_carry_the_words_around(legation, tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_text(f"Subject: Envoy recalled\nDate: Tue, 05 Mar 2024 10:00:00 +0000\n\n{TEXT}\n")
    records = [json.loads(line) for line in legation("code", path, "--format", "jsonl").out.splitlines()]
    assert records
    for record in records:
        assert record["anchor"]["raw_start"] is None and record["sentence"]["raw_end"] is None
        assert all("prefix" in entry and "suffix" in entry for entry in record["evidence"])
