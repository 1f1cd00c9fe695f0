"""Months, facets, runs side by side, plain SQL, and the time that they take."""

from __future__ import annotations

import copy
import datetime
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.stores import RUN, big_store, coded_items, coded_records, make_store

from legation.store import Filter, Item, Store, StoreError


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("store") / "a.duckdb")


def by_hand(records: list[dict[str, Any]]) -> Counter[tuple[str, str, str]]:
    """(month, actor's country, recipient's country) -> events, counted from the records themselves."""
    found: Counter[tuple[str, str, str]] = Counter()
    for r in records:
        start, end = r["date"]["start"], r["date"]["end"]
        day = start or r["article"]["published"]
        if day is None or (start and start[:7] != end[:7]):  # "in 2011" is no month
            continue
        actors, recipients = r["actor"], r["recipient"]
        if recipients or len(actors) < 2:
            pairs = {(a["country"], b["country"]) for a in actors for b in recipients}
        else:
            pairs = {(a["country"], b["country"]) for a in actors for b in actors if a is not b}
        found.update((day[:7] + "-01", a, b) for a, b in pairs if a and b)
    return found


def test_months_are_counted_right_and_filled_with_zeros(path: Path) -> None:
    expected = by_hand(coded_records())
    with Store.open(path, read_only=True) as store:
        rows = store.months().to_pylist()
    counted = {(str(r["month"]), r["actor_country"], r["recipient_country"]): r for r in rows}
    assert {key: row["n"] for key, row in counted.items() if row["n"]} == dict(expected)
    months = sorted({month for month, _, _ in counted})
    pairs = {(a, b) for _, a, b in expected}
    assert len(rows) == len(months) * len(pairs) == len(counted)
    first, last = datetime.date.fromisoformat(months[0]), datetime.date.fromisoformat(months[-1])
    assert len(months) == (last.year - first.year) * 12 + last.month - first.month + 1
    classes = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict", "neutral")
    for row in rows:
        assert sum(row[name] for name in classes) == row["n"]
        assert (row["goldstein_mean"] is None) == (row["n"] == 0)
        assert row["reports"] <= row["n"] and row["events"] <= row["n"]


def test_months_of_a_pair_show_no_other_pair(path: Path) -> None:
    with Store.open(path, read_only=True) as store:
        rows = store.months(Filter.parse("NOR -> ISL, in 2024")).to_pylist()
        assert {(r["actor_country"], r["recipient_country"]) for r in rows} == {("NOR", "ISL")}
        assert [str(r["month"]) for r in rows] == [f"2024-{m:02d}-01" for m in range(1, 13)]
        assert store.months(Filter.parse("NOR -> ISL, in 2024"), unit="quarter").num_rows == 4
        assert store.months(Filter.parse("NOR -> ISL, in 2024"), unit="day").num_rows == 366
        assert store.months(Filter.parse("NOR -> ISL, in 1999")).num_rows == 0
        with pytest.raises(ValueError, match="fortnight"):
            store.months(unit="fortnight")


def test_facets_count_every_value(path: Path) -> None:
    with Store.open(path, read_only=True) as store:
        found = store.facets(Filter(), ["type", "contexts", "source_country"])
    records = coded_records()
    assert dict(found["type"]) == Counter(r["type"] for r in records)
    assert dict(found["contexts"]) == Counter(c for r in records for c in r["contexts"])
    counts = [n for _, n in found["type"]]
    assert counts == sorted(counts, reverse=True)
    with Store.open(path, read_only=True) as store, pytest.raises(ValueError, match="no column"):
        store.facets(Filter(), ["type; DROP TABLE events"])


def test_order_and_pages(path: Path) -> None:
    with Store.open(path, read_only=True) as store:
        whole = store.events(order="confidence").column("id").to_pylist()
        parts = [
            store.events(order="confidence", limit=10, offset=k).column("id").to_pylist() for k in range(0, 40, 10)
        ]
        assert [one for part in parts for one in part] == whole
        days = [r["day"] for r in store.events().to_pylist() if r["day"]]
        assert days == sorted(days, reverse=True)
        assert store.events(columns=["type", "id"], limit=3).column_names == ["type", "id"]
        for bad in ({"order": "day; DROP TABLE events"}, {"columns": ["count(*)"]}):
            with pytest.raises(ValueError, match="no column"):
                store.events(**bad)


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM events",
        "SELECT 1; DELETE FROM events",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM '/etc/hostname'",
        "COPY events TO '/tmp/out.csv'",
        "ATTACH '/tmp/other.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "PRAGMA enable_profiling",
        "CREATE TABLE mine (x INTEGER)",
        "SELECT nextval('loading')",
        "SELECT nonsense FROM events",
        "SELEC 1",
        "",
    ],
)
def test_questions_only_read_and_only_the_store(query: str, path: Path) -> None:
    with Store.open(path) as store:
        with pytest.raises(StoreError) as caught:
            store.sql(query)
        assert caught.value.problem.code == "bad-query"
        assert store.count() == len(coded_records())
        assert store.sql("WITH x AS (SELECT 1 AS y) SELECT y + ? AS z FROM x", [2]).to_pylist() == [{"z": 3}]


def changed_items() -> list[Item]:
    """As after a change of rules: AID is SUPPORT (with another id), threats are plans, attacks are gone, one is new."""
    found = []
    for item in coded_items("run-two"):
        records = [r for r in copy.deepcopy(list(item.records)) if r["type"] != "ASSAULT"]
        for r in records:
            if r["type"] == "AID":
                r |= {"type": "SUPPORT", "id": "new-" + r["id"]}
            if r["type"] == "THREATEN":
                r["status"] = "planned"
        if item.article is not None and item.article["article_id"] == "courier-1":
            extra = copy.deepcopy(records[0])
            extra |= {"id": "entirely-new", "anchor": {**extra["anchor"], "text": "other words"}}
            records.append(extra)
        found.append(replace(item, key="two" + item.key, records=tuple(records)))
    return found


def test_what_differs_between_two_runs_and_why(tmp_path: Path) -> None:
    path = make_store(tmp_path / "a.duckdb")
    second = replace(
        RUN,
        run="run-two",
        package="0.2.0",
        resources={"events/rules/agree.yml": "2222", "events/rules/new.yml": "3333"},
        settings={"engine": "auto"},
    )
    with Store.open(path) as store:
        store.load(second, changed_items()[:-1], shard="two")
        diff = store.diff("run-o", "run-two")
        assert (diff.a, diff.b, diff.articles, diff.only_a, diff.only_b) == ("run-one", "run-two", 6, 1, 0)
        assert [(r.kind, r.name, r.old, r.new) for r in diff.reasons] == [
            ("package", "legation", "0.1.0", "0.2.0"),
            ("resource", "events/rules/agree.yml", "1111", "2222"),
            ("resource", "events/rules/new.yml", None, "3333"),
            ("setting", "engine", "rules", "auto"),
        ]
        old = coded_records()
        kinds = Counter(r["type"] for r in old)
        changed = [c for c in diff.changes if c.kind == "changed"]
        assert diff.count("gone") == kinds["ASSAULT"]
        assert diff.count("added") == 1
        assert Counter(tuple(c.fields) for c in changed) == {
            ("type",): kinds["AID"],
            ("status",): kinds["THREATEN"],
        }
        retyped = next(c for c in changed if "type" in c.fields)
        assert retyped.fields["type"] == ("AID", "SUPPORT") and retyped.old is not None and retyped.new is not None
        assert diff.same == len(old) - kinds["ASSAULT"] - kinds["AID"] - kinds["THREATEN"]
        assert store.diff("run-one", "run-one").changes == ()
        with pytest.raises(StoreError, match="names 2 runs"):
            store.diff("run", "run-two")
        runs = {r["run"]: r for r in store.runs()}
        assert runs["run-two"]["current_articles"] == 6 and runs["run-one"]["current_articles"] == 1
        assert runs["run-two"]["settings"] == {"engine": "auto"}


def test_an_article_comes_back_with_what_was_taken_out(path: Path) -> None:
    with Store.open(path, read_only=True) as store:
        article = store.article("courier-1")
        assert article is not None and article["publication"] == "The Skerry Courier"
        assert isinstance(article["removed"], list)
        for record in store.records(Filter(article="courier-1")):
            anchor = record["anchor"]
            assert article["text"][anchor["start"] : anchor["end"]] == anchor["text"]
        rejected = store.rejected("courier-1")
        assert rejected and all(article["text"][r["start"] : r["end"]] == r["text"] for r in rejected)
        assert store.article("nothing") is None and store.record("nothing") is None


def test_readers_and_a_writer_in_one_process(tmp_path: Path) -> None:
    """As in a server: each reader sees whole loadings only, while corrections and loadings take turns."""
    path = make_store(tmp_path / "a.duckdb", failing=False)
    whole, wrong = len(coded_records()), []
    first = coded_records()[0]["id"]
    with Store.open(path) as store:
        stop = threading.Event()

        def read() -> None:
            while not stop.is_set():
                events, dyads = (
                    store.sql("SELECT (SELECT count(*) FROM events), (SELECT count(DISTINCT id) FROM dyads)")
                    .to_pylist()[0]
                    .values()
                )
                if events % whole or events != dyads:
                    wrong.append((events, dyads))

        def correct() -> None:
            for k in range(15):
                store.correct(first, "type", ("AID", "AGREE")[k % 2], "Ada", None, made_at=f"2026-01-01T00:00:{k:02d}")

        readers = [threading.Thread(target=read) for _ in range(3)]
        writer = threading.Thread(target=correct)
        for thread in (*readers, writer):
            thread.start()
        for k in range(6):
            copies = []
            for item in coded_items():
                assert item.article is not None
                article = {**item.article, "article_id": f"{k}-{item.article['article_id']}"}
                records = tuple(
                    {**r, "id": f"{k}-{r['id']}", "article": {**r["article"], "id": article["article_id"]}}
                    for r in item.records
                )
                copies.append(replace(item, key=f"{k}-{item.key}", article=article, records=records))
            store.load(RUN, copies)
        writer.join()
        stop.set()
        for thread in readers:
            thread.join()
        assert not wrong
        assert store.count() == whole * 7
        assert len(store.corrections(first)) == 15 and (store.record(first) or {})["type"] == "AID"


def test_questions_over_many_events_are_quick(tmp_path: Path) -> None:
    """200,000 events take 10 to 50 ms (docs/store.md); here 4,000, and slack for a busy machine."""
    with Store.open(big_store(tmp_path / "a.duckdb", 4_000), read_only=True) as store:
        where = Filter.parse("NOR or RUS <-> SWE or USA, SANCTION or AID, since 2014, happened only")
        assert store.count() == 4_000 and store.count(where) > 10
        start = time.perf_counter()
        store.count(where)
        store.events(where, order="-confidence", limit=50)
        store.facets(where, ["type", "status", "contexts"])
        assert time.perf_counter() - start < 0.5
