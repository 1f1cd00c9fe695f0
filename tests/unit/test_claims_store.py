"""Claims and same-event links in a store: written, kept, joined and parted by people, taken back; the commands."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from claim_records import link, party, record

from legation.claims.rules import load_link_rules
from legation.claims.stored import (
    CLAIM,
    EVENT,
    board_store,
    by_hand,
    claim_row,
    claim_rows,
    explained,
    link_store,
    withdraw,
)
from legation.problems import SettingsError
from legation.store import Item, RunRow, Store

RULES = load_link_rules()
AT, LATER = "2024-04-01 10:00:00", "2024-04-02 10:00:00"
CHILE, PERU = party("Chile", "CHLGOV"), party("Peru", "PERGOV")
STORY = " ".join(f"word{n}" for n in range(60))
EMPTY = {
    **dict.fromkeys(("content_key", "cameo", "score", "goldstein", "confidence"), None),
    "contexts": [],
    "quad": 4,
    "evidence": [],
    "why": {},
    "run": "one",
}


def whole(given: dict[str, Any]) -> dict[str, Any]:
    """A record with every key of the contract."""
    facets = {"actuality": "happened", "certainty": "unstated", "condition": None, "cues": [], **given["facets"]}
    parties = {
        side: [{"office": None, "office_from": None, "office_to": None, "basis": "static", **p} for p in given[side]]
        for side in ("actor", "recipient")
    }
    article = {**given["article"], "language": "en"}
    return {**EMPTY, **given, **parties, "facets": facets, "article": article, "content_key": given["id"]}


def item(number: int, *records: dict[str, Any], text: str) -> Item:
    article = records[0]["article"]
    row = {
        **dict.fromkeys(("title", "url", "author"), None),
        "article_id": article["id"],
        "publication": article["publication"],
        "published": article["published"],
        "language": "en",
        "published_basis": "given",
        "digest": f"{number}",
        "text": text,
        "words": 10,
        "removed": [],
    }
    return Item(f"{number:024x}", f"{article['id']}.txt", row, tuple(whole(r) for r in records))


def shelling(article: str, **options: Any) -> dict[str, Any]:
    sentence = "Chilean guns shelled a fish market in the port and killed four traders."
    options = {"day": "2024-03-04", "publication": article, **options}
    return record(article, "ASSAULT heavy-weapons", [CHILE], [PERU], sentence, "shelled", **options)


A, B, C = shelling("a"), shelling("b", said=[link("Peru", "PERGOV")]), shelling("c")
DENIED = record(
    "d", "ASSAULT heavy-weapons", [CHILE], [PERU], "Chile denied that its guns shelled a fish market.", "shelled",
    day="2024-03-04", said=[link("Chile", "CHLGOV", "denies")], publication="d", published="2024-03-06",
)  # fmt: skip


def load(store: Store, *items: Item, run: str = "one") -> None:
    store.load(RunRow(run), list(items))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "s.duckdb", create=True) as opened:
        load(opened, item(1, A, text=STORY), item(2, B, text="By our staff. " + STORY))
        yield opened


def groups(store: Store, column: str = "event_group") -> dict[str, str]:
    rows = store.sql(f"SELECT article_id, {column} AS name FROM events ORDER BY article_id").to_pylist()
    return {row["article_id"]: row["name"] for row in rows}


def live(store: Store, kind: str) -> list[tuple[str, str]]:
    rows = store.sql("SELECT a, b FROM links WHERE kind = ? AND withdrawn_at IS NULL ORDER BY a, b", [kind]).to_pylist()
    return [(row["a"], row["b"]) for row in rows]


def test_linking_writes_groups_links_and_reprints(store: Store) -> None:
    done = link_store(store, RULES, at=AT)
    assert done.added == 1
    marks = groups(store)
    assert marks["a"] == marks["b"]
    assert [set(pair) for pair in live(store, EVENT)] == [{A["id"], B["id"]}]
    (row,) = store.sql("SELECT * FROM event_groups").to_pylist()
    assert (row["reports"], row["independent"], row["publications"]) == (2, 1, 2)
    assert store.sql("SELECT original FROM reprints").to_pylist() == [{"original": "a"}]
    (reason,) = store.sql("SELECT reason FROM links").to_pylist()
    assert {p["part"] for p in json.loads(reason["reason"])["parts"]} >= {"actor", "date", "words"}


def test_linking_twice_changes_nothing(store: Store) -> None:
    link_store(store, RULES, at=AT)
    before = groups(store), live(store, EVENT)
    again = link_store(store, RULES, at=LATER)
    assert (again.added, again.withdrawn) == (0, 0)
    assert (groups(store), live(store, EVENT)) == before


def test_a_dry_run_writes_nothing(store: Store) -> None:
    assert link_store(store, RULES, at=AT, dry=True).added == 1
    assert groups(store) == {"a": None, "b": None}
    assert not live(store, EVENT)
    assert board_store(store, RULES, at=AT, dry=True).claims
    assert claim_rows(store) == []


def test_new_articles_join_old_events(store: Store) -> None:
    link_store(store, RULES, at=AT)
    name = groups(store)["a"]
    load(store, item(3, C, text="Another text."))
    assert link_store(store, RULES, at=LATER).added == 1
    assert set(groups(store).values()) == {name}


def test_a_new_run_of_an_article_keeps_its_event(store: Store) -> None:
    link_store(store, RULES, at=AT)
    name = groups(store)["a"]
    load(store, item(1, A, text=STORY), run="two")
    assert groups(store) == {"a": name, "b": name}


def test_afresh_with_another_threshold_keeps_ids(store: Store) -> None:
    link_store(store, RULES, at=AT)
    name = groups(store)["a"]
    done = link_store(store, RULES, at=LATER, threshold=1.0, afresh=True)
    marks = groups(store)
    assert (done.added, done.withdrawn) == (0, 1)
    assert marks["a"] != marks["b"]
    assert name in marks.values()
    link_store(store, RULES, at=LATER, afresh=True)
    assert set(groups(store).values()) <= set(marks.values())
    assert store.sql("SELECT count(*) AS n FROM links").to_pylist() == [{"n": 2}]  # nothing was deleted


def test_withdraw_takes_back_what_linking_did_and_no_record(store: Store) -> None:
    records = store.count()
    link_store(store, RULES, at=AT)
    board_store(store, RULES, at=AT)
    assert withdraw(store, EVENT, at=LATER) == 1
    assert groups(store) == {"a": None, "b": None}
    assert groups(store, "claim")["a"] is not None
    assert not live(store, EVENT)
    assert withdraw(store, CLAIM, at=LATER) == 1
    assert claim_rows(store) == []
    assert store.count() == records


def test_people_part_and_join(store: Store) -> None:
    link_store(store, RULES, at=AT)
    by_hand(store, EVENT, B["id"], A["id"], together=False, by="ann", note="two markets", at=LATER)
    assert not live(store, EVENT)
    link_store(store, RULES, at=LATER)
    assert len(set(groups(store).values())) == 2
    assert link_store(store, RULES, at=LATER, afresh=True).added == 0
    assert len(set(groups(store).values())) == 2
    withdraw(store, EVENT, at=LATER)  # does not touch what people said
    link_store(store, RULES, at=LATER)
    assert len(set(groups(store).values())) == 2
    by_hand(store, EVENT, A["id"], B["id"], together=True, by="bob", note=None, at=LATER)
    link_store(store, RULES, at=LATER)
    assert len(set(groups(store).values())) == 1
    assert not live(store, "not_same_event")


def test_people_join_what_linking_would_not(store: Store) -> None:
    far = shelling("far", day="2023-01-01", published="2023-01-02")
    load(store, item(9, far, text="x"))
    link_store(store, RULES, at=AT)
    assert groups(store)["far"] != groups(store)["a"]
    by_hand(store, EVENT, A["id"], far["id"], together=True, by="ann", note=None, at=LATER)
    link_store(store, RULES, at=LATER, afresh=True)
    assert len(set(groups(store).values())) == 1


def test_only_records_of_the_store_can_be_joined(store: Store) -> None:
    with pytest.raises(SettingsError, match="no event 'nowhere'"):
        by_hand(store, EVENT, A["id"], "nowhere", together=True, by="ann", note=None, at=AT)
    with pytest.raises(SettingsError, match="two records"):
        by_hand(store, EVENT, A["id"], A["id"], together=True, by="ann", note=None, at=AT)


def test_a_correction_takes_a_record_out_of_its_event(store: Store) -> None:
    link_store(store, RULES, at=AT)
    name = groups(store)["a"]
    load(store, item(3, C, text="Another text."))
    link_store(store, RULES, at=AT)
    store.correct(C["id"], "actor.0", "BOL GOV", "ann", "it was Bolivia", made_at=LATER)
    link_store(store, RULES, at=LATER)
    marks = groups(store)
    assert marks["a"] == marks["b"] == name
    assert marks["c"] != name


def test_a_rejected_record_is_no_report(store: Store) -> None:
    link_store(store, RULES, at=AT)
    store.correct(B["id"], "rejected", True, "ann", "a film", made_at=LATER)
    done = link_store(store, RULES, at=LATER)
    assert done.withdrawn == 1
    assert [g.articles for g in done.linked.groups] == [("a",)]


def test_explained_tells_the_links_that_stand(store: Store) -> None:
    link_store(store, RULES, at=AT)
    told = explained(store, A["id"], B["id"], RULES, EVENT)
    assert told["alike"]
    assert [x["kind"] for x in told["links"]] == [EVENT]
    assert len(set(told["groups"].values())) == 1
    with pytest.raises(SettingsError):
        explained(store, A["id"], "nowhere", RULES, EVENT)


# --- claims


def test_the_board_is_kept_and_claims_keep_their_ids(store: Store) -> None:
    (old,) = board_store(store, RULES, at=AT).claims
    assert not old.disputed
    assert groups(store, "claim") == {"a": old.id, "b": old.id}
    load(store, item(4, DENIED, text="Yet another text."))
    (new,) = board_store(store, RULES, at=LATER).claims
    assert new.id == old.id
    assert new.disputed
    (row,) = claim_rows(store)
    assert row == json.loads(json.dumps(new.to_dict()))
    assert claim_row(store, old.id[:6]) == row
    assert claim_row(store, "cffff") is None
    stored = store.sql("SELECT claim, disputed, reports FROM claims").to_pylist()
    assert stored == [{"claim": old.id, "disputed": True, "reports": 3}]


def test_people_part_claims(store: Store) -> None:
    board_store(store, RULES, at=AT)
    by_hand(store, CLAIM, A["id"], B["id"], together=False, by="ann", note=None, at=LATER)
    assert len(board_store(store, RULES, at=LATER).claims) == 2
    assert len(set(groups(store, "claim").values())) == 2


def test_a_corrected_status_moves_a_claim(store: Store) -> None:
    load(store, item(4, DENIED, text="Yet another text."))
    board_store(store, RULES, at=AT)
    store.correct(B["id"], "status", "predicted", "ann", "read again", made_at=LATER)
    made = board_store(store, RULES, at=LATER)
    (coming,) = [c for c in made.claims if c.told == "future"]
    assert coming.records == (B["id"],)


# --- the commands


def test_dedup_command(tmp_path: Path, legation: Any) -> None:
    path = tmp_path / "s.duckdb"
    with Store.open(path, create=True) as opened:
        load(opened, item(1, A, text=STORY), item(2, B, text="By our staff. " + STORY))
    ran = legation("dedup", "--store", path)
    assert ran.status == 0
    assert "2 records of 1 events, 1 of them in more than one article; 1 reprints; 1 links added" in ran.out
    assert "nothing written" in legation("dedup", "--store", path, "--dry-run").out
    told = json.loads(legation("dedup", "--store", path, "--explain", A["id"], B["id"]).out)
    assert told["alike"]
    ran = legation("dedup", "--store", path, "--part", A["id"], B["id"])
    assert ran.status == 2
    assert "--by" in ran.err
    ran = legation("dedup", "--store", path, "--part", A["id"], B["id"], "--by", "ann")
    assert "2 records of 2 events" in ran.out
    (line,) = legation("dedup", "--store", path, "--one-a-day", "--format", "jsonl").out.splitlines()
    assert sorted(json.loads(line)["records"]) == sorted((A["id"], B["id"]))
    assert "0 links withdrawn" in legation("dedup", "--store", path, "--withdraw").out


def test_a_store_that_another_process_holds(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    with Store.open(path, create=True) as opened:
        load(opened, item(1, A, text=STORY))
        for command in ("dedup", "claims"):
            told = subprocess.run(
                [sys.executable, "-m", "legation", command, "--store", str(path)],
                capture_output=True,
                text=True,
                check=False,
            )
            assert told.returncode == 2
            assert f"held by process {os.getpid()}" in told.stderr


def test_no_store_no_path(tmp_path: Path, legation: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert legation("claims").status == 2
    assert legation("dedup", "--store", tmp_path / "none.duckdb").status == 2
    assert legation("dedup", "--threshold", "1.5", "--store", tmp_path / "none.duckdb").status == 2


def test_claims_command_on_records_and_store(tmp_path: Path, legation: Any) -> None:
    lines = tmp_path / "records.jsonl"
    lines.write_text("\n".join(json.dumps(whole(r)) for r in (A, B, DENIED)) + "\n{broken\n", "utf8")
    ran = legation("claims", lines)
    assert ran.status == 1
    assert "line 4" in ran.err
    assert "alleged by" in ran.out
    assert "disputed" in ran.out
    (row,) = map(json.loads, legation("claims", lines, "--format", "jsonl", "--disputed").out.splitlines())
    assert [v["name"] for v in row["asserted_by"]] == ["Peru"]
    assert [v["name"] for v in row["denied_by"]] == ["Chile"]
    shown = legation("claims", "show", row["id"][:5], lines).out
    assert "denied by Chile" in shown
    assert "Chile denied that its guns shelled a fish market." in shown
    for options, count in (
        (("--actor", "CHL"), 1),
        (("--actor", "CHL GOV"), 1),
        (("--actor", "Chile"), 1),
        (("--actor", "PER"), 0),
        (("--recipient", "PER", "--type", "assault"), 1),
        (("--type", "AID"), 0),
    ):
        assert len(legation("claims", lines, "--format", "jsonl", *options).out.splitlines()) == count, options
    path = tmp_path / "s.duckdb"
    with Store.open(path, create=True) as opened:
        load(opened, item(1, A, text=STORY), item(2, B, text="x"), item(4, DENIED, text="y"))
    (stored,) = map(json.loads, legation("claims", "--store", path, "--format", "jsonl").out.splitlines())
    assert stored["id"] == row["id"]
    assert (
        legation("claims", "show", row["id"], "--store", path).out == legation("claims", "show", row["id"], lines).out
    )
    assert legation("claims", "show", "nothing", lines).status == 2
    assert legation("claims", lines, "--store", path).status == 2


def test_texts_are_coded_first(tmp_path: Path, legation: Any) -> None:
    text = tmp_path / "t.txt"
    text.write_text(
        "Peru said on Monday that Chile had bombed a bridge. Chile denied that it had bombed a bridge.", "utf8"
    )
    (row,) = map(
        json.loads,
        legation(
            "claims", text, "--no-clean", "--date", "2024-03-05", "--format", "jsonl", "--disputed", "--type", "ASSAULT"
        ).out.splitlines(),
    )
    assert row["type"] == "ASSAULT"
    assert [v["code"] for v in row["denied_by"]] == ["CHLGOV"]


def test_quotes_command(tmp_path: Path, legation: Any) -> None:
    text = tmp_path / "t.txt"
    text.write_text(
        '"Chile has broken its word, and Bolivia knows it," Peruvian Foreign Minister Ana Ruiz said on Monday.',
        "utf8",
    )
    options = ("--no-clean", "--date", "2024-03-05")
    (row,) = csv.DictReader(io.StringIO(legation("quotes", text, "--format", "csv", *options).out))
    assert row["quote"] == "Chile has broken its word, and Bolivia knows it,"
    assert (row["speaker_code"], row["verb"], row["date"]) == ("PERGOV", "said", "2024-03-05")
    assert row["about_codes"] == "CHLGOV; BOLGOV"
    (line,) = legation("quotes", text, "--format", "jsonl", *options).out.splitlines()
    assert json.loads(line)["about"] == ["Chile", "Bolivia"]
    assert "about Chile, Bolivia" in legation("quotes", text, *options).out
    assert legation("quotes", text, "--speaker", "CHL", "--format", "jsonl", *options).out == ""
    assert legation("quotes", text, "--speaker", "PER", "--format", "jsonl", *options).out != ""
