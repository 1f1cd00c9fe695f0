"""The pure parts of the desk: pieces of text, cases and gold, samples, layouts of networks, forms, the loader."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.codebook import load_codebook
from legation.evaluate.cases import differences, parse_cases
from legation.resources import Resources
from legation.store import Filter, Item, RunRow, Store
from legation.web import fields, gold, samples
from legation.web.desk import Desk, now
from legation.web.dyads import View, chart_of, table
from legation.web.events import counts, filter_of
from legation.web.layout import placed
from legation.web.spans import PART, Mark, blocks, marks_of, parts, pieces

from .tools import RECALL

# --- pieces of text

MARKS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.sampled_from(["actor", "trigger", "cue"])))


@given(st.text(min_size=1, max_size=60), MARKS)
@settings(max_examples=150, deadline=None)
def test_pieces_put_together_are_the_text(text: str, spans: list[tuple[int, int, str]]) -> None:
    marks = [Mark(a, b, role, f"e{k}") for k, (a, b, role) in enumerate(spans) if a < b <= len(text)]
    found = pieces(text, 0, len(text), marks)
    assert "".join(p.text for p in found) == text
    at = 0
    for piece in found:
        here = {m.event for m in marks if m.start <= at and at + len(piece.text) <= m.end}
        assert {event for event, _ in piece.roles} == here
        at += len(piece.text)


@given(st.lists(st.sampled_from(["word ", "\n\n", "x" * 300]), max_size=400))
@settings(max_examples=40, deadline=None)
def test_parts_cover_a_text_without_gap(words: list[str]) -> None:
    text = "".join(words) * 40
    found = parts(text)
    assert found[0][0] == 0 and found[-1][1] == len(text)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(found))
    assert all(b - a <= PART for a, b in found)


def test_blocks_keep_order_and_show_what_was_taken_out_in_its_place() -> None:
    text = "Title\n\nFirst one.\n\nSecond one."
    removed = [{"text": "Share", "reason": "share", "at": 7}, {"text": "Ad", "reason": "promo", "at": 19},
               {"text": "End", "reason": "legal", "at": len(text)},
               {"text": "Lost", "reason": "menu", "at": None}]  # fmt: skip
    found = blocks(text, 5, [Mark(7, 12, "actor", "e")], removed, (0, len(text)))
    assert [(b.kind, "".join(p.text for p in b.pieces)) for b in found] == [
        ("title", "Title"), ("gone", "Share"), ("paragraph", "First one."), ("gone", "Ad"),
        ("paragraph", "Second one."), ("gone", "End"),
    ]  # fmt: skip


def test_every_mark_stands_at_its_words(store: Store) -> None:
    seen = 0
    for record in store.records():
        article = store.article(record["article"]["id"])
        assert article is not None
        for party in (*record["actor"], *record["recipient"]):
            assert article["text"][party["start"] : party["end"]] == party["text"]
        for mark in marks_of(record):
            assert 0 <= mark.start < mark.end <= len(article["text"])
            seen += 1
    assert seen > 300


# --- cases and gold


def test_an_event_becomes_a_case_that_holds(store: Store, resources: Resources) -> None:
    """What the desk prints of an uncorrected article is a case that the program passes."""
    from legation.model.text import RawDocument
    from legation.pipeline import code_document

    article = store.article("herring-07")
    records = list(store.records(Filter(article="herring-07")))
    assert article is not None and len(records) > 3
    (case,) = parse_cases(gold.case_of("a case", article, records), "x")
    assert case.date == "2024-05-22" and len(case.events) == len(records)
    raw = RawDocument("case", case.text, "text", "case", title=case.title, date=case.date, already_clean=True)
    coded = code_document(raw, resources)
    assert differences(case, coded.records, coded.article.text) == []


def test_what_is_no_event_becomes_a_case_that_forbids_it(store: Store) -> None:
    article = store.article("herring-07")
    record = next(store.records(Filter(article="herring-07")))
    assert article is not None
    (case,) = parse_cases(gold.case_of("no event", article, [], [record]), "x")
    assert case.forbidden == [(record["type"], record["mode"])]


def test_case_text_cannot_end_the_case(store: Store) -> None:
    article = dict(store.article("herring-07") or {})
    record = next(store.records(Filter(article="herring-07")))
    article["text"] = article["title"] + "\n\nOne.\n---\nTwo.\n=== three"
    (case,) = parse_cases(gold.case_of("x\n=== y", article, [record]), "x")
    assert len(case.events) == 1 and "Two." in case.text


def test_gold_scores_perfectly_against_the_very_records(store: Store, tmp_path: Path) -> None:
    """The gold file says of each event what the record says, in the scorer's words."""
    records = list(store.records(Filter(article=RECALL)))
    (line,) = gold.gold_lines([(RECALL, True, records)]).splitlines()
    event = json.loads(line)["events"][0]
    assert set(event) >= {"sent", "anchor", "type", "mode", "actor", "recipient", "aux", "attribution", "date", "core"}
    item = json.loads(gold.item_lines([store.article(RECALL) or {}]))
    assert all(e["anchor"] in item["text"] and e["sent"] in item["text"] for e in json.loads(line)["events"])


# --- samples


def test_a_random_sample_is_the_same_for_a_seed_and_another_for_another(store: Store) -> None:
    def draw(seed: int) -> list[str]:
        made = samples.make(store, name=f"s{seed}{now()}{len(samples.reviews(store))}", kind="random", seed=seed,
                            size=20, where=Filter(), shows=False, by="Ada", at=now())  # fmt: skip
        return samples.items(store, made)

    assert draw(1) == draw(1) != draw(2)
    assert len(set(draw(3))) == 20


def test_the_least_certain_come_first(store: Store) -> None:
    made = samples.make(
        store, name="u", kind="uncertain", seed=None, size=10, where=Filter(), shows=True, by="A", at=now()
    )
    confidences = [(store.record(i) or {})["confidence"] for i in samples.items(store, made)]
    every = sorted(r["confidence"] for r in store.records())
    assert confidences == every[:10]


def test_a_ruling_becomes_corrections_and_only_what_differs(store: Store) -> None:
    record = next(r for r in store.records() if r["actor"] and r["recipient"] and r["mode"])
    answers = samples.answers_of(record)
    assert samples.corrections(answers, record) == []
    changed = {**answers, "type": "THREATEN", "mode": "", "actor": "SWE GOV", "date": "2024-01-02"}
    made = samples.make(
        store, name="r", kind="uncertain", seed=None, size=1, where=Filter(), shows=True, by="A", at=now()
    )
    samples.rule(store, made, record, changed, "Ada", "", now())
    after = store.record(record["id"])
    assert after is not None
    assert (after["type"], after["mode"], after["actor"][0]["code"]) == ("THREATEN", None, "SWEGOV")
    assert after["date"]["start"] == "2024-01-02" and after["status"] == record["status"]
    assert samples.answers_of(after) == changed


@pytest.mark.parametrize(("size", "name"), [(0, "x"), (samples.MOST + 1, "x"), (5, " ")])
def test_a_sample_that_cannot_be(store: Store, size: int, name: str) -> None:
    with pytest.raises(ValueError):
        samples.make(store, name=name, kind="random", seed=1, size=size, where=Filter(), shows=False, by="A", at=now())


# --- forms


def test_every_form_unchanged_writes_nothing(store: Store) -> None:
    """What a form shows, sent back as it is, is no correction."""
    book = load_codebook()
    for record in store.records():
        for field in (*fields.NAMES, "actor.0", "recipient.0"):
            if field == "rejected" or not fields.known(field, record):
                continue
            form = fields.form_of(field, record, book, {})
            sent: dict[str, Any] = dict(form.get("now") or {}) if field in ("date", "place") else {}
            sent = {k: "" if v is None else str(v) for k, v in sent.items()}
            sent |= {field: form.get("now"), "contexts": form.get("now")} if field not in ("date", "place") else {}
            sent |= {k: form["party"][k] or "" for k in ("country", "sector")} if form["kind"] == "party" else {}
            assert fields.changes(field, sent, record) == [], (field, sent)


# --- the events table and the charts


def test_counts_add_up(store: Store) -> None:
    desk = Desk(store)
    where, wrong = filter_of([("q", "NOR <-> ISL"), ("status", "denied")])
    assert not wrong
    total, lists = counts(desk, where)
    assert total == store.count(where)
    by_part = {f["part"]: {v["value"]: v["n"] for v in f["values"]} for f in lists}
    # its own part is left out of the count of a list, all others hold
    assert by_part["status"]["happened"] == store.count(Filter.parse("NOR <-> ISL, happened"))
    assert sum(by_part["type"].values()) == store.count(where)
    for column, part in (("type", "type"), ("publication", "publication")):
        assert by_part[part] == {v: n for v, n in store.facets(where, [column])[column] if v is not None}


@pytest.mark.parametrize("words", ["", "NOR <-> ISL", "alleged", "since 2024-05-01, until 2024-05-20"])
def test_charts_show_what_the_table_counts(store: Store, words: str) -> None:
    view = View(Desk(store), Filter.parse(words))
    rows = table(view)
    drawn = 0
    for group in ("happened", "alleged", "open", "past"):
        spec = chart_of(view, "quads", group)
        assert spec is not None
        drawn += sum(v["n"] for v in spec["data"]["values"])
    first = view.span()[0]
    assert drawn == sum(
        n for row in rows if row["month"].isoformat() >= first for (_, quad), n in row["cells"].items() if quad
    )
    assert all(row["events"] <= row["n"] for row in rows)
    for name in ("goldstein", "reports", "map", "network"):
        assert json.dumps(chart_of(view, name, "happened"))


def test_a_network_is_laid_out_the_same_way_twice() -> None:
    names = [f"N{k}" for k in range(12)]
    edges = [(a, b, 3) for a, b in itertools.combinations(names[:6], 2)] + [("N7", "N8", 1)]
    at = placed(names, edges)
    assert at == placed(names, edges) and set(at) == set(names)
    assert all(-1 <= v <= 1 for xy in at.values() for v in xy)
    assert len(set(at.values())) == len(names)
    assert placed([], []) == {} and placed(["A"], []) == {"A": (0.0, 0.0)}


# --- the loader


def test_the_desk_takes_in_what_an_ingest_left(
    tmp_path: Path, demo_items: list[Item], demo_run: RunRow, store: Store
) -> None:
    """Shards beside the file come in while the desk is open; then reports are linked and watches run."""
    from legation.distribute.shards import pack, publish, shard_folder

    desk = Desk(store)
    settled: list[int] = []
    desk.after_load = [lambda: settled.append(store.count()), lambda: 1 / 0, lambda: settled.append(-1)]
    assert desk.load_pending() == 0 and settled == [store.count(), -1]  # the steps stand for themselves
    late = []
    for item in demo_items[:3]:
        assert item.article is not None
        name = f"late-{item.article['article_id']}"
        records = tuple({**r, "id": f"f{r['id'][1:]}", "article": {**r["article"], "id": name}} for r in item.records)
        article = {**item.article, "article_id": name, "digest": name}
        late.append(Item(f"late{item.key}"[:24], item.path, article, records))
    before = store.count()
    version = desk.version
    folder = shard_folder(store.path)
    folder.mkdir()
    publish(folder, "late-1", pack(demo_run, late), lambda _: None)
    assert desk.load_pending() == 1
    assert store.count() == before + sum(len(i.records) for i in late)
    assert desk.version > version and desk.pending == 0
    assert desk.load_pending() == 0 and len(settled) == 4
    assert desk.load_pending() == 0 and len(settled) == 4  # once
