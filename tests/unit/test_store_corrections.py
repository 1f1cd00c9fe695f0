"""Corrections lie over the records, survive new runs and can be taken back."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.stores import RUN, coded_items, coded_records, make_store

from legation.codebook import load_codebook
from legation.store import Filter, Item, Store, StoreError
from legation.store.corrected import content_key, corrected
from legation.store.corrections import FIELDS

AT = "2026-01-01T10:00:0{}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_store(tmp_path / "a.duckdb")


def accusation() -> str:
    """Norway accuses Iceland."""
    return next(r["id"] for r in coded_records() if r["type"] == "ACCUSE" and r["actor"][0]["country"] == "NOR")


def quoted() -> str:
    """An event with a source."""
    return next(r["id"] for r in coded_records() if r["attribution"])


def test_what_is_not_corrected_stays_as_it_was() -> None:
    for record in coded_records():
        assert corrected(record, []) == record
        assert corrected(record, [("status", record["status"])]) == record
        assert content_key(record) == record["content_key"]


def test_what_follows_from_a_type_follows_it(path: Path) -> None:
    book = load_codebook()
    with Store.open(path) as store:
        store.correct(accusation(), "type", "sanction", "Ada", "why", made_at=AT.format(0))
        record = store.record(accusation())
        assert record is not None
        assert (record["type"], record["mode"]) == ("SANCTION", None)
        assert record["cameo"] == book.cameo("SANCTION") and record["quad"] == book.quad("SANCTION")
        assert record["score"] == book.score("SANCTION")
        row = store.events(Filter(type=("SANCTION",), article="courier-1")).to_pylist()
        mine = next(r for r in row if r["id"] == accusation())
        assert mine["corrected"] is True and mine["quad"] == record["quad"]
        store.correct(accusation(), "mode", "withdraw", "Ada", None, made_at=AT.format(1))
        record = store.record(accusation())
        assert record is not None and record["cameo"] == book.cameo("SANCTION", "withdraw")


@pytest.mark.parametrize(
    ("field", "value", "look"),
    [
        ("actor", "SWE MIL", lambda r: (r["actor"][0]["code"], r["actor"][0]["entity"]) == ("SWEMIL", None)),
        ("recipient.0", "ISLREB", lambda r: r["recipient"][0]["sector"] == "REB" and r["recipient"][0]["entity"]),
        ("recipient", "none", lambda r: r["recipient"][0]["country"] is None),
        ("date", "2024-05", lambda r: (r["date"]["start"], r["date"]["end"]) == ("2024-05-01", "2024-05-31")),
        ("date", "2024-05-01..2024-05-03", lambda r: r["date"]["precision"] == "week"),
        ("date", "none", lambda r: r["date"]["start"] is None and r["date"]["precision"] == "none"),
        ("place", "Oslo, NOR; 59.9 10.7", lambda r: (r["place"]["name"], r["place"]["lat"]) == ("Oslo", 59.9)),
        ("place", "NOR", lambda r: r["place"]["country"] == "NOR" and r["place"]["name"] is None),
        ("contexts", "military, legal", lambda r: r["contexts"] == ["legal", "military"]),
        ("contexts", ["legal"], lambda r: r["contexts"] == ["legal"]),
        ("aux", "future", lambda r: (r["aux"], r["status"]) == ("future", "predicted")),
        ("aux", "negated", lambda r: r["status"] == "negated"),
        ("status", "planned", lambda r: (r["aux"], r["status"]) == ("actual", "planned")),
    ],
)
def test_a_field_can_be_corrected(path: Path, field: str, value: Any, look: Any) -> None:
    with Store.open(path) as store:
        before = store.record(accusation())
        number = store.correct(accusation(), field, value, "Ada", None, made_at=AT.format(0))
        record = store.record(accusation())
        assert record is not None and look(record)
        assert set(record) == set(before or ())
        assert record["content_key"] == content_key(record)
        store.withdraw(number, withdrawn_at=AT.format(5))
        assert store.record(accusation()) == before
        (kept,) = store.corrections(accusation())
        assert kept["correction"] == number and kept["withdrawn_at"] is not None


def test_a_stance_moves_the_status(path: Path) -> None:
    with Store.open(path) as store:
        store.correct(quoted(), "stance", "denies", "Ada", None, made_at=AT.format(0))
        record = store.record(quoted())
        assert record is not None and record["status"] == "denied"


def test_a_rejected_event_is_gone_from_the_answers_and_comes_back(path: Path) -> None:
    with Store.open(path) as store:
        count = store.count()
        number = store.correct(accusation(), "rejected", "true", "Ada", "comment", made_at=AT.format(0))
        assert store.count() == count - 1 and store.record(accusation()) is None
        assert store.sql(f"SELECT * FROM dyads WHERE id = '{accusation()}'").num_rows == 0
        store.correct(accusation(), "type", "AID", "Ada", None, made_at=AT.format(1))  # while it is rejected
        store.withdraw(number, withdrawn_at=AT.format(5))
        record = store.record(accusation())
        assert record is not None and record["type"] == "AID"


def test_the_newest_correction_of_a_field_counts(path: Path) -> None:
    with Store.open(path) as store:
        store.correct(accusation(), "type", "AID", "Ada", None, made_at=AT.format(1))
        last = store.correct(accusation(), "type", "AGREE", "Bo", None, made_at=AT.format(2))
        assert (store.record(accusation()) or {})["type"] == "AGREE"
        store.withdraw(last, withdrawn_at=AT.format(5))
        assert (store.record(accusation()) or {})["type"] == "AID"


def in_run(items: list[Item], run: str) -> list[Item]:
    return [replace(i, key=f"{run}-{i.key}") for i in items]


def test_a_correction_survives_a_new_run(path: Path) -> None:
    with Store.open(path) as store:
        store.correct(accusation(), "type", "AID", "Ada", None, made_at=AT.format(1))
        store.load(replace(RUN, run="run-two"), in_run(coded_items("run-two"), "two"), shard="two")
        record = store.record(accusation())
        assert record is not None and (record["run"], record["type"]) == ("run-two", "AID")
        assert store.lost_corrections() == []
        without = [
            replace(i, records=tuple(r for r in i.records if r["id"] != accusation()))
            for i in in_run(coded_items("run-three"), "three")
        ]
        store.load(replace(RUN, run="run-three"), without, shard="three")
        assert store.record(accusation()) is None
        assert [row["record_id"] for row in store.lost_corrections()] == [accusation()]


def renamed(run: str, change: dict[str, Any], times: int = 1) -> list[Item]:
    """The coded items as another run has them: the accusation under another id, `times` times on the same words."""
    found = []
    for item in in_run(coded_items(run), run):
        records: list[dict[str, Any]] = []
        for record in item.records:
            if record["id"] == accusation():
                records += [{**record, **change, "id": f"{run}-{k}"} for k in range(times)]
            else:
                records.append(record)
        found.append(replace(item, records=tuple(records)))
    return found


def test_a_correction_follows_its_event_to_another_id(path: Path) -> None:
    with Store.open(path) as store:
        number = store.correct(accusation(), "recipient", "SWE GOV", "Ada", "not them", made_at=AT.format(1))
        store.load(replace(RUN, run="run-two"), renamed("run-two", {"type": "THREATEN"}))
        record = store.record("run-two-0")
        assert record is not None and (record["type"], record["recipient"][0]["code"]) == ("THREATEN", "SWEGOV")
        (carried,) = store.corrections("run-two-0")
        assert (carried["carried_from"], carried["by"], carried["note"]) == (number, "Ada", "not them")
        assert store.lost_corrections() == []
        store.load(replace(RUN, run="run-three"), renamed("run-three", {"type": "REJECT"}))
        assert (store.record("run-three-0") or {})["recipient"][0]["code"] == "SWEGOV", "and on to a third"
        assert len(store.corrections("run-three-0")) == 1
        store.withdraw(store.corrections("run-three-0")[0]["correction"], withdrawn_at=AT.format(5))
        assert (store.record("run-three-0") or {})["recipient"][0]["code"] == "ISLGOV"
        store.load(replace(RUN, run="run-two"), [Item(i.key, again=True) for i in renamed("run-two", {})])
        assert (store.record("run-two-0") or {})["recipient"][0]["code"] == "SWEGOV"
        store.load(replace(RUN, run="run-three"), [Item(i.key, again=True) for i in renamed("run-three", {})])
        assert (store.record("run-three-0") or {})["recipient"][0]["code"] == "ISLGOV", "withdrawn stays withdrawn"


def test_a_correction_follows_nothing_that_is_not_surely_the_same(path: Path) -> None:
    with Store.open(path) as store:
        store.correct(accusation(), "type", "AID", "Ada", None, made_at=AT.format(1))
        store.load(replace(RUN, run="run-two"), renamed("run-two", {}, times=2))
        assert {(store.record(f"run-two-{k}") or {})["type"] for k in range(2)} == {"ACCUSE"}
        assert [row["record_id"] for row in store.lost_corrections()] == [accusation()]


def test_groups_and_claims_survive_a_correction_and_a_new_run(path: Path) -> None:
    with Store.open(path) as store:
        with store.transaction() as cursor:
            cursor.execute("UPDATE events SET event_group = 'g', claim = 'c' WHERE id = ?", [accusation()])
        store.correct(accusation(), "type", "AID", "Ada", None, made_at=AT.format(1))
        store.load(replace(RUN, run="run-two"), in_run(coded_items("run-two"), "two"), shard="two")
        (row,) = store.events(Filter(group="g")).to_pylist()
        assert (row["id"], row["claim"], row["run"]) == (accusation(), "c", "run-two")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("type", "SANKTION", "there is no type"),
        ("colour", "red", "what can is type"),
        ("actor.4", "NOR", "has 1 of these"),
        ("type.1", "AID", "cannot be corrected"),
        ("actor", "Norway", "is no actor"),
        ("actor", '"Anna"', "is no code"),
        ("date", "2024-02-30", "no day"),
        ("date", "2024-03-01..2024-02-01", "lies after"),
        ("place", "somewhere", "neither a country"),
        ("place", "NOR; 99 10", "outside the world"),
        ("mode", "withdraw", "mode of ACCUSE"),
        ("contexts", "sports", "not one of"),
        ("stance", "denies", "has no source"),
        ("rejected", "perhaps", "not one of true, false"),
    ],
)
def test_what_a_field_cannot_hold_is_refused(path: Path, field: str, value: str, says: str) -> None:
    with Store.open(path) as store:
        with pytest.raises(ValueError, match=says):
            store.correct(accusation(), field, value, "Ada", None, made_at=AT.format(0))
        assert store.corrections() == []


def test_who_corrects_what_must_be_known(path: Path) -> None:
    with Store.open(path) as store:
        with pytest.raises(ValueError, match="needs a name"):
            store.correct(accusation(), "type", "AID", " ", None, made_at=AT.format(0))
        with pytest.raises(StoreError, match="no event"):
            store.correct("0" * 16, "type", "AID", "Ada", None, made_at=AT.format(0))
        with pytest.raises(StoreError, match="no standing correction"):
            store.withdraw("nothing", withdrawn_at=AT.format(0))
    with Store.open(path, read_only=True) as store, pytest.raises(StoreError, match="reading only"):
        store.correct(accusation(), "type", "AID", "Ada", None, made_at=AT.format(0))


def test_every_field_is_in_the_page_about_the_store() -> None:
    page = (Path(__file__).parents[2] / "docs" / "store.md").read_text("utf8")
    assert not [field for field in FIELDS if f"`{field}`" not in page]


def test_records_are_never_changed(path: Path) -> None:
    with Store.open(path) as store:
        before = store.sql("SELECT * FROM records ORDER BY id").to_pylist()
        for k, (field, value) in enumerate((("type", "AID"), ("actor", "SWE"), ("rejected", "true"))):
            store.correct(accusation(), field, value, "Ada", None, made_at=AT.format(k))
        assert store.sql("SELECT * FROM records ORDER BY id").to_pylist() == before


def test_overlaying_changes_no_argument() -> None:
    record = coded_records()[0]
    before = copy.deepcopy(record)
    corrected(record, [("actor", {"code": "SWE", "country": "SWE", "sector": None, "other_sectors": []})])
    assert record == before
