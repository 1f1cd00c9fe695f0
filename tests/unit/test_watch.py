"""Watches: made, looked up, ended; what is new to them and what only looks new."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest
from tests.stores import RUN, coded_items, make_store

from legation.problems import LegationError
from legation.store import Store
from legation.watch import (
    Channel,
    Kind,
    WatchError,
    add_watch,
    find_watch,
    list_watches,
    parsed,
    plain_words,
    remove_watch,
    run_watches,
    unsubscribe,
)

NOW = datetime.datetime(2024, 7, 6, 11, tzinfo=datetime.UTC)
RECALL = "NOR -> ISL, SANCTION"


def later(**span: float) -> datetime.datetime:
    return NOW + datetime.timedelta(**span)


def noticed(store: Store, watch: str) -> list[str]:
    rows = store.sql("SELECT event FROM watch_events WHERE watch = ? AND NOT past ORDER BY event", [watch]).to_pylist()
    return [row["event"] for row in rows]


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(make_store(tmp_path / "a.duckdb")) as opened:
        yield opened


@pytest.fixture
def growing(tmp_path: Path):
    """An empty store, and a function that loads one of the coded articles."""
    items = {i.article["article_id"]: i for i in coded_items() if i.article}
    with Store.open(tmp_path / "a.duckdb", create=True) as opened:
        yield opened, lambda name: opened.load(RUN, [items[name]])


def test_what_stands_in_the_store_is_told_only_when_that_is_wanted(store: Store) -> None:
    quiet = add_watch(store, name="quiet", condition=RECALL, made_at=NOW, by="me")
    loud = add_watch(store, name="loud", condition=RECALL, made_at=NOW, by="me", past=True)
    assert run_watches(store, later(hours=1)).new == 1
    assert not noticed(store, quiet.id)
    assert len(noticed(store, loud.id)) == 1


def test_an_event_is_noticed_once(growing) -> None:
    store, load = growing
    watch = add_watch(store, name="w", condition="NOR -> ISL", made_at=NOW, by="me")
    load("courier-1")
    first = run_watches(store, later(hours=1)).new
    assert first == len(noticed(store, watch.id)) > 0
    assert run_watches(store, later(hours=2)).new == 0


def test_a_second_report_of_the_same_event_is_no_new_event(growing) -> None:
    store, load = growing
    watch = add_watch(store, name="w", condition=RECALL, made_at=NOW, by="me")
    load("courier-1")
    assert run_watches(store, later(hours=1)).new == 1
    load("gazette-7")
    assert store.count(parsed(RECALL)) > 2  # headline and lead, and the other paper's lead
    assert run_watches(store, later(hours=2)).new == 0
    reports = store.sql("SELECT * FROM watch_reports WHERE watch = ?", [watch.id])
    assert reports.num_rows == store.count(parsed(RECALL))


def group(store: Store, name: str | None, condition: str) -> None:
    """Stands for `legation dedup`."""
    where, values = parsed(condition).where()
    with store.transaction() as cursor:
        cursor.execute(f"UPDATE events SET event_group = $name WHERE {where}", {**values, "name": name})


def test_reports_that_dedup_groups_are_one_event_however_different_they_are(growing) -> None:
    store, load = growing
    add_watch(store, name="w", condition="NOR -> ISL", made_at=NOW, by="me")
    load("courier-1")
    group(store, "g1", "NOR -> ISL")
    assert run_watches(store, later(hours=1)).new == 1
    load("gazette-7")
    group(store, "g1", "NOR -> ISL")
    assert run_watches(store, later(hours=2)).new == 0


def test_reports_that_dedup_holds_apart_are_two_events_however_alike_they_are(growing) -> None:
    store, load = growing
    add_watch(store, name="w", condition=RECALL, made_at=NOW, by="me")
    load("courier-1")
    group(store, "g1", RECALL)
    assert run_watches(store, later(hours=1)).new == 1
    load("gazette-7")
    group(store, "g2", f"{RECALL}, article: gazette-7")
    assert run_watches(store, later(hours=2)).new == 1


def test_a_new_run_over_the_same_articles_tells_nothing_anew(growing) -> None:
    store, load = growing
    add_watch(store, name="w", condition="NOR -> ISL", made_at=NOW, by="me")
    load("courier-1")
    assert run_watches(store, later(hours=1)).new > 0
    again = [i for i in coded_items("run-two") if i.article and i.article["article_id"] == "courier-1"]
    assert store.load(replace(RUN, run="run-two"), again).articles == 1
    assert {row["run"] for row in store.events().to_pylist()} == {"run-two"}
    assert run_watches(store, later(hours=2)).new == 0


def test_an_event_that_a_person_makes_fit_is_new(growing) -> None:
    store, load = growing
    add_watch(store, name="w", condition="NOR -> ISL, SANCTION, denied", made_at=NOW, by="me")
    load("gazette-7")
    assert run_watches(store, later(hours=1)).new == 0
    id_ = store.events(parsed(RECALL)).to_pylist()[0]["id"]
    store.correct(id_, "status", "denied", "me", None, made_at="2024-07-06T12:00:00")
    assert run_watches(store, later(hours=2)).new == 1


def test_a_condition_is_kept_as_a_query_and_in_plain_words(store: Store) -> None:
    words = "RUS GOV -> USA GOV, SANCTION, happened or planned"
    watch = add_watch(store, name="w", condition=words, made_at=NOW, by="me")
    assert parsed(watch.condition) == parsed(words)
    said = "what the government of Russia does to the government of the United States"
    assert watch.words == f"{said}; type SANCTION; told as happened or planned"


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("", "whatever is done by anybody"),
        ("NOR <-> ISL", "what happens between Norway and Iceland"),
        ("actor: NOR", "what Norway does"),
        ("recipient: NOR or ISL", "what is done to Norway or Iceland"),
        ("NOR -> ISL, since 2024-01-02, place: SWE", "what Norway does to Iceland; in Sweden; from 2 January 2024 on"),
        ("NOR -> ISL, source: reporter", "what Norway does to Iceland; on the word of the report itself"),
    ],
)
def test_plain_words(condition: str, words: str) -> None:
    assert plain_words(parsed(condition)) == words


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"condition": "NOR -> ISL, BANANAS"}, "condition"),
        ({"condition": "x" * 3000}, "2000"),
        ({"name": ""}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"pace": "yearly"}, "pace"),
        ({"channels": [Channel(Kind.EMAIL, "a@b.example\nBcc: c@d.example")]}, "e-mail"),
        ({"channels": [Channel(Kind.WEBHOOK, "http://receiver.example/x")]}, "plain http"),
        ({"channels": [Channel(Kind.WEBHOOK, "https://127.0.0.1/x")]}, "private"),
        ({"channels": [Channel(Kind.WEBHOOK, "https://user:word@receiver.example/")]}, "name and password"),
        ({"channels": [Channel(Kind.ATOM, "/nowhere/at/all/feed.xml")]}, "folder"),
    ],
)
def test_what_cannot_be_a_watch_is_refused_and_leaves_nothing(store: Store, change: dict, complaint: str) -> None:
    given = {"name": "w", "condition": RECALL, "made_at": NOW, "by": "me", **change}
    with pytest.raises(WatchError, match=complaint):
        add_watch(store, **given)
    assert not list_watches(store)
    assert store.sql("SELECT count(*) AS n FROM watch_channels").to_pylist() == [{"n": 0}]


def test_names_are_unique_while_a_watch_stands(store: Store) -> None:
    add_watch(store, name="w", condition=RECALL, made_at=NOW, by="me")
    with pytest.raises(WatchError, match="already"):
        add_watch(store, name=" w ", condition="ISL -> NOR", made_at=later(hours=1), by="me")
    remove_watch(store, "w", later(hours=2))
    with pytest.raises(WatchError, match="no watch"):
        find_watch(store, "w")
    assert add_watch(store, name="w", condition=RECALL, made_at=later(hours=3), by="me").counts == {}


def test_unsubscribing_ends_mail_to_one_address_and_nothing_else(store: Store) -> None:
    channels = [Channel(Kind.EMAIL, "Ada@B.example"), Channel(Kind.EMAIL, "bob@b.example")]
    add_watch(store, name="one", condition=RECALL, channels=channels, made_at=NOW, by="me", past=True)
    add_watch(store, name="two", condition=RECALL, channels=channels, made_at=NOW, by="me", past=True)
    run_watches(store, later(hours=1))  # queued; there is no server
    assert unsubscribe(store, "ada@b.EXAMPLE", later(hours=2), watch="one") == 1
    assert unsubscribe(store, "ada@b.example", later(hours=2)) == 1
    assert unsubscribe(store, "ada@b.example", later(hours=3)) == 0
    for watch in list_watches(store):
        assert [c.target for c in watch.channels] == ["bob@b.example"]
        assert watch.counts == {"pending": 1, "withdrawn": 1}


def test_a_store_opened_for_reading_runs_no_watches(tmp_path: Path) -> None:
    path = make_store(tmp_path / "a.duckdb")
    with Store.open(path) as store:
        add_watch(store, name="w", condition=RECALL, made_at=NOW, by="me", past=True)
    with Store.open(path, read_only=True) as store, pytest.raises(LegationError):
        run_watches(store, later(hours=1))


def test_a_condition_of_another_version_does_not_stop_the_other_watches(store: Store) -> None:
    add_watch(store, name="a", condition=RECALL, made_at=NOW, by="me", past=True)
    broken = add_watch(store, name="b", condition=RECALL, made_at=NOW, by="me", past=True)
    with store.transaction() as cursor:
        cursor.execute("UPDATE watches SET condition = 'colour: green' WHERE watch = ?", [broken.id])
    report = run_watches(store, later(hours=1))
    assert report.new == 1
    assert [p for p in report.problems if p.startswith("b: condition")]
