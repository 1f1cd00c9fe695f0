"""The command contract: formats, order, equal bytes, notes, quiet pipes, text that must not rule the terminal."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
from pathlib import Path

from conftest import SAMPLE, run_command

# fmt: off
KEYS = {
    "id", "content_key", "article", "type", "mode", "contexts", "cameo", "quad", "score", "goldstein", "actor",
    "recipient", "aux", "status", "facets", "attribution", "date", "place", "quote", "anchor", "sentence", "evidence",
    "confidence", "why", "run",
}
ENTITY = {
    "text", "start", "end", "head", "code", "country", "sector", "other_sectors", "entity", "entity_id", "office",
    "office_from", "office_to", "basis",
}
LINK = {
    "text", "start", "end", "code", "country", "sector", "cue", "stance", "manner",
}
# fmt: on
LAYERS = ("clean", "sentences", "mentions", "attributions", "dates", "places", "status", "events")


def test_records_have_exactly_the_keys_of_the_contract(legation) -> None:
    ran = legation("code", SAMPLE, "--format", "jsonl")
    records = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.status == 0 and len(records) >= 5
    for line, record in zip(ran.out.splitlines(), records, strict=True):
        assert set(record) == KEYS
        assert line == json.dumps(record, ensure_ascii=False, sort_keys=True)
        assert all(set(x) == ENTITY for x in (*record["actor"], *record["recipient"]))
        assert all(set(x) == LINK for x in record["attribution"])
        assert set(record["date"]) == {"start", "end", "precision", "basis", "text"}
        assert record["evidence"] and record["why"]["rule"] and record["run"]
        assert 0 <= record["confidence"] <= 1
    assert len({record["id"] for record in records}) == len(records)
    assert len({record["run"] for record in records}) == 1


def test_two_runs_give_the_same_bytes() -> None:
    one, two = (run_command("code", SAMPLE, "--format", "jsonl", hash_seed=seed) for seed in "12")
    assert one.returncode == 0 and one.stdout == two.stdout and one.stdout


def test_json_and_csv_hold_the_same_events_as_jsonl(legation) -> None:
    ids = [json.loads(line)["id"] for line in legation("code", SAMPLE, "--format", "jsonl").out.splitlines()]
    assert [r["id"] for r in json.loads(legation("code", SAMPLE, "--format", "json").out)] == ids
    rows = list(csv.DictReader(io.StringIO(legation("code", SAMPLE, "--format", "csv").out)))
    assert [row["id"] for row in rows] == ids


def test_nothing_coded_is_valid_output_too(legation, tmp_path: Path) -> None:
    path = tmp_path / "plain.txt"
    path.write_text("The choir of the small town sang on a quiet evening in the old hall by the river.\n")
    assert json.loads(legation("code", "--no-clean", path, "--format", "json").out) == []
    assert legation("code", "--no-clean", path, "--format", "jsonl").out == ""
    assert "0 events" in " ".join(legation("code", "--no-clean", path).out.split())


def test_the_table_fits_a_hundred_columns_and_marks_the_words(legation) -> None:
    ran = legation("code", SAMPLE)
    assert max(len(line) for line in ran.out.splitlines()) <= 100
    assert "*recalled" in ran.out and "\x1b" not in ran.out


def test_every_layer_has_one_line_an_item_in_order(legation) -> None:
    items = b"".join(
        json.dumps({"id": f"i{k}", "text": "Sweden recalled its ambassador to Norway on Monday."}).encode() + b"\n"
        for k in range(3)
    )
    for layer in LAYERS:
        ran = legation("show", layer, "--input-format", "jsonl", "--no-clean", "-", stdin=items)
        rows = [json.loads(line) for line in ran.out.splitlines()]
        assert [row["id"] for row in rows] == ["i0", "i1", "i2"], layer
        assert all(isinstance(row[layer], dict if layer == "clean" else list) for row in rows)


def test_places_resolves_exactly_the_given_spans_in_order(legation) -> None:
    text = "Officials from Paris met in Oslo on Monday."
    spans = [[text.index("Oslo"), text.index("Oslo") + 4], [text.index("Paris"), text.index("Paris") + 5]]
    item = json.dumps({"id": "a", "text": text, "spans": spans}).encode()
    ran = legation("show", "places", "--input-format", "jsonl", "--no-clean", "-", stdin=item)
    places = json.loads(ran.out)["places"]
    assert [[p["start"], p["end"]] for p in places] == spans


def test_a_text_without_a_date_says_so_and_resolves_no_weekday(legation, tmp_path: Path) -> None:
    path = tmp_path / "undated.txt"
    path.write_text("Sweden recalled its ambassador to Norway on Monday.\n")
    ran = legation("code", "--no-clean", "--format", "jsonl", path)
    assert ran.status == 0 and "undated.txt" in ran.err and "--date" in ran.err
    assert all(json.loads(line)["date"]["start"] is None for line in ran.out.splitlines())
    dated = legation("code", "--no-clean", "--format", "jsonl", "--date", "2024-03-05", path)
    assert dated.err == ""


def test_offsets_point_into_the_text_as_given(legation, tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    raw = "Share this article\n\nSweden recalled its ambassador to Norway on Monday.\n\nSubscribe to our newsletter\n"
    path.write_text(raw)
    for line in legation("code", "--format", "jsonl", "--date", "2024-03-05", path).out.splitlines():
        for part in (json.loads(line)["anchor"], json.loads(line)["sentence"]):
            assert raw[part["raw_start"] : part["raw_end"]] == part["text"]


def test_text_cannot_rule_the_terminal(legation, tmp_path: Path) -> None:
    path = tmp_path / "evil.txt"
    text = "Sweden [red]recalled\x1b[2J\u202e its ambassador to Norway[/] on Monday.\nSweden attacked Norway.\n"
    path.write_text(text)
    for command in ("code", "explain"):
        ran = legation(command, "--no-clean", path)
        assert ran.status == 0
        assert not {"\x1b", "\u202e", "\x07"} & set(ran.out + ran.err)


def test_lone_surrogates_do_not_break_the_output(legation) -> None:
    item = b'{"id": "s", "text": "Sweden attacked Norway \\ud83d on Monday."}'
    ran = run_command("show", "clean", "--input-format", "jsonl", "--no-clean", "-", stdin=item)
    assert ran.returncode in (0, 1)
    json.loads(ran.stdout)


def test_a_closed_pipe_is_no_failure(tmp_path: Path) -> None:
    item = json.dumps({"id": "a", "text": "Sweden attacked Norway. " * 40}).encode() + b"\n"
    (tmp_path / "items").write_bytes(item * 200)  # more than pipes hold: only the feeder may wait for the reader
    command = [sys.executable, "-m", "legation", "show", "sentences", "--input-format", "jsonl", "--no-clean", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout and process.stderr
        feeder = subprocess.Popen(["cat", tmp_path / "items"], stdout=process.stdin)
        process.stdin.close()
        process.stdout.readline()
        process.stdout.close()
        error = process.stderr.read()
        feeder.wait()
    assert process.returncode in (0, -signal.SIGPIPE) and b"Traceback" not in error and b"Broken" not in error


def test_explain_names_rule_and_rejected(legation) -> None:
    records = [json.loads(line) for line in legation("code", SAMPLE, "--format", "jsonl").out.splitlines()]
    whole = legation("explain", SAMPLE)
    assert all(record["id"] in whole.out and record["why"]["rule"] in whole.out for record in records)
    one = legation("explain", records[0]["id"][:8], SAMPLE)
    assert records[0]["id"] in one.out and records[1]["id"] not in one.out
    assert legation("explain", "0123456789abcdef", SAMPLE).status == 2


def test_info_and_codebook(legation) -> None:
    ran = legation("info", "--data")
    assert ran.status == 0 and ".yml" in ran.out and "run " in ran.out
    assert "SANCTION" in legation("codebook").out
    assert "withdraw" in legation("codebook", "sanction").out
    assert legation("codebook", "NONSENSE").status == 2


def test_a_case_printed_is_a_case_that_holds(legation, resources) -> None:
    from legation.evaluate.cases import as_cases, differences, parse_cases
    from legation.model.text import RawDocument
    from legation.pipeline import code_document

    text = "Sweden recalled its ambassador to Norway on Monday. Norway accused Sweden of lying."
    coded = code_document(RawDocument("a", text, "text", "a", date="2024-03-05", already_clean=True), resources)
    (case,) = parse_cases(as_cases(coded), "printed")
    assert case.events and differences(case, coded.records, coded.article.text) == []
