"""`legation ingest`, `runs` and `correct` at the command line, with the real coder."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from tests.stores import make_store

from legation.store import Filter, Store

SAMPLE = Path(__file__).parents[2] / "samples" / "embassy.html"


@pytest.fixture
def store(tmp_path: Path, legation) -> Path:
    """A store with one article and one failure."""
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "embassy.html").write_bytes(SAMPLE.read_bytes())
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00" * 40)
    path = tmp_path / "a.duckdb"
    done = legation("ingest", folder, "--store", path, "--engine", "here", "--note", "first try")
    assert done.status == 1, done.err
    assert done.out == ""
    assert "picture.txt" in done.err and "[binary]" in done.err and "1 articles coded" in done.err
    return path


def test_ingest_stores_what_code_prints(store: Path, legation) -> None:
    printed = legation("code", store.parent / "news" / "embassy.html", "--format", "jsonl").out
    with Store.open(store, read_only=True) as opened:
        stored = {r["id"]: r for r in opened.records()}
    assert stored == {r["id"]: r for r in map(json.loads, printed.splitlines())}
    assert len(stored) > 5


def test_starting_again_says_what_is_known(store: Path, legation) -> None:
    again = legation("ingest", store.parent / "news", "--store", store, "--engine", "here")
    assert again.status == 1, "it still failed"
    assert "2 known already" in again.err and "--retry" in again.err


def test_retry_without_paths_tries_what_failed(store: Path, legation) -> None:
    retried = legation("ingest", "--retry", "--store", store, "--engine", "here")
    assert retried.status == 1 and "1 failed" in retried.err
    (store.parent / "news" / "picture.txt").write_text("Norway recalled its ambassador to Iceland on Wednesday.\n")
    mended = legation("ingest", "--retry", "--store", store, "--engine", "here", "--date", "2024-05-16")
    assert mended.status == 0, mended.err
    nothing = legation("ingest", "--retry", "--store", store, "--engine", "here")
    assert nothing.status == 2 and "nothing failed" in nothing.err


def test_another_scheme_is_another_run_and_the_difference_is_told(store: Path, legation) -> None:
    news = store.parent / "news" / "embassy.html"
    assert legation("ingest", news, "--store", store, "--engine", "here", "--quad-scheme", "plover-table").status == 0
    listed = json.loads(legation("runs", "--store", store, "--format", "json").out)
    second, first = (run["run"] for run in listed)
    assert listed[1]["note"] == "first try" and "ingest" in listed[0]["command"]
    assert (listed[0]["current_articles"], listed[1]["current_articles"]) == (1, 0)
    table = legation("runs", "--store", store).out
    assert first in table and "first try" in table
    diff = json.loads(legation("runs", "diff", first, second[:8], "--store", store, "--format", "json").out)
    assert [(r["kind"], r["name"], r["new"]) for r in diff["reasons"]] == [("setting", "quad_scheme", "plover-table")]
    assert diff["changed"] > 0 and diff["added"] == diff["gone"] == 0
    assert all(c["type"] == "SANCTION" and set(c["fields"]) == {"quad"} for c in diff["changes"])
    words = legation("runs", "diff", first, second, "--store", store, "--limit", "1").out
    assert "quad_scheme: plover-sections -> plover-table" in words and "quad: 4 -> 3" in words and "more" in words
    assert legation("runs", "diff", first, "zzz", "--store", store).status == 2
    assert legation("runs", "dif", "--store", store).status == 2


def test_correct_withdraw_and_look(store: Path, legation) -> None:
    with Store.open(store, read_only=True) as opened:
        event = opened.events(Filter.parse("ACCUSE")).column("id").to_pylist()[0]
    done = legation("correct", event[:10], "type=THREATEN", "--by", "Ada", "--note", "a threat", "--store", store)
    assert done.status == 0 and event in done.out, done.err
    number = re.findall(r"correction (\w+)", done.out)[0]
    with Store.open(store, read_only=True) as opened:
        assert (opened.record(event) or {})["type"] == "THREATEN"
    looked = legation("correct", event, "--store", store).out
    assert number in looked and "by Ada" in looked and "a threat" in looked
    legation("ingest", store.parent / "news", "--store", store, "--engine", "here", "--quad-scheme", "icews")
    with Store.open(store, read_only=True) as opened:
        assert (opened.record(event) or {})["type"] == "THREATEN", "it survives a new run"
    assert legation("correct", "--withdraw", number, "--store", store).status == 0
    with Store.open(store, read_only=True) as opened:
        assert (opened.record(event) or {})["type"] == "ACCUSE"
    assert "withdrawn" in legation("correct", event, "--store", store).out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["ingest"], "name the files"),
        (["ingest", "x.txt", "--ray-address", "auto"], "needs --engine ray"),
        (["ingest", "x.txt", "--date", "soon", "--engine", "here"], "--date"),
        (["ingest", "--retry", "--store", "nowhere.duckdb"], "no such store"),
        (["runs", "--store", "nowhere.duckdb"], "no such store"),
        (["correct", "--store", "nowhere.duckdb"], "name the event"),
        (["correct", "abcdef", "type", "--by", "Ada"], "is not FIELD=VALUE"),
        (["correct", "abcdef", "type=AID"], "say who corrects"),
        (["correct", "abcdef", "type=AID", "--by", "Ada", "--store", "nowhere.duckdb"], "no such store"),
        (["correct", "abcdef", "--withdraw", "abc"], "stands alone"),
    ],
)
def test_unusable_arguments_are_status_two(
    arguments: list[str], says: str, legation, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = legation(*arguments)
    assert done.status == 2 and says in done.err, done.err
    assert not list(tmp_path.glob("*"))


@pytest.mark.parametrize("command", [["runs"], ["ingest", str(SAMPLE)], ["correct", "abcdef"]])
def test_a_store_of_a_newer_version_is_status_two(command: list[str], legation, tmp_path: Path) -> None:
    path = make_store(tmp_path / "a.duckdb")
    with Store.open(path) as store, store.transaction() as cursor:
        cursor.execute("INSERT INTO migrations VALUES ('9999_later')")
    done = legation(*command, "--store", path)
    assert done.status == 2 and "newer version of Legation" in done.err and "9999_later" in done.err


def test_ray_that_is_not_installed_is_told(legation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    done = legation("ingest", SAMPLE, "--store", tmp_path / "a.duckdb", "--engine", "ray")
    assert done.status == 2 and "legation[cluster]" in done.err


def test_a_bad_value_of_a_correction_is_status_two(store: Path, legation) -> None:
    with Store.open(store, read_only=True) as opened:
        event = opened.events().column("id").to_pylist()[0]
    done = legation("correct", event, "type=SANKTION", "--by", "Ada", "--store", store)
    assert done.status == 2 and "no type 'SANKTION'" in done.err
