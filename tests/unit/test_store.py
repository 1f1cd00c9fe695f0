"""The store: loading, asking, refusing."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stores import RUN, coded_items, coded_records, make_store

from legation.store import Filter, Store


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("store") / "a.duckdb")


def test_every_record_comes_back_as_it_was_coded(path: Path) -> None:
    with Store.open(path, read_only=True) as store:
        found = {r["id"]: r for r in store.records()}
        assert found == {r["id"]: r for r in coded_records()}
        assert store.count() == len(found) == store.events().num_rows


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    path = make_store(tmp_path / "a.duckdb", failing=False)
    with Store.open(path) as store:
        before = store.sql("SELECT * EXCLUDE (record) FROM events ORDER BY id").to_pylist()
        assert store.load(RUN, coded_items(), shard="shard-one").articles == 0  # the shard is known
        assert store.load(RUN, coded_items(), shard="another").articles == 0  # its items are known
        assert store.sql("SELECT * EXCLUDE (record) FROM events ORDER BY id").to_pylist() == before
        assert store.sql("SELECT articles, records FROM runs").to_pylist() == [
            {"articles": 7, "records": store.count()}
        ]


def test_a_filter_finds_what_it_says(path: Path) -> None:
    with Store.open(path, read_only=True) as store:
        rows = store.events(Filter.parse("NOR GOV -> ISL, SANCTION, happened only")).to_pylist()
        assert rows
        assert {(r["actor"], r["recipient_country"], r["type"], r["status"]) for r in rows} == {
            ("NORGOV", "ISL", "SANCTION", "happened")
        }
