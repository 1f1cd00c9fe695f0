"""Ingest in one process: what is coded once stays coded once; what fails is kept, told and tried again."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Generator, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.ingest_child import contents, documents, quick_coder
from tests.stores import RUN, coded_items

from legation.distribute import Outcome, ingest, load_pending, pending_shards
from legation.distribute.count import count_items
from legation.distribute.engines import Here, Processes
from legation.distribute.manifest import FILE
from legation.distribute.shards import pack, shard_folder, shards_in, unpack
from legation.distribute.work import Batch, CoderSource, Done
from legation.model.text import RawDocument
from legation.problems import LegationError, Problem, ResourceError
from legation.store import Store, StoreError, item_key

ROOT = Path(__file__).parents[2]


def text(name: str, content: str, *, place: str = "list.jsonl line 1", **more: Any) -> RawDocument:
    return RawDocument(name, content, "text", place, **more)


def run(items: Iterable[RawDocument | Problem], store: Path, *, coded_by: str = RUN.run, **more: Any) -> Outcome:
    """An ingest in this process with the quick coder."""
    return ingest(items, store, Here(CoderSource(quick_coder, (coded_by,))), batch_items=4, **more)


def asked(store: Path, query: str) -> list[tuple[Any, ...]]:
    with Store.open(store, read_only=True) as opened:
        return [tuple(row.values()) for row in opened.sql(query).to_pylist()]


def test_a_second_ingest_does_nothing(tmp_path: Path) -> None:
    store = tmp_path / "a.duckdb"
    first = run(documents(30), store)
    before = contents(store)
    second = run(documents(30), store)
    assert first.articles > 20 and first.failed > 2
    assert (second.articles, second.failed, second.skipped) == (0, 0, 30)
    assert second.failed_before >= first.failed
    assert contents(store) == before


def test_workers_store_what_one_process_stores(tmp_path: Path) -> None:
    run(documents(40), tmp_path / "a.duckdb")
    engine = Processes(CoderSource(quick_coder), 2)
    try:
        ingest(documents(40), tmp_path / "b.duckdb", engine, batch_items=4)
    finally:
        engine.close()
    assert contents(tmp_path / "a.duckdb") == contents(tmp_path / "b.duckdb")


def test_a_line_that_moved_is_known_and_a_text_that_changed_is_coded_anew(tmp_path: Path) -> None:
    store = tmp_path / "a.duckdb"
    run([text("a", "text number 1."), text("b", "text number 2.", place="list.jsonl line 2")], store)
    moved = run([text("b", "text number 2.", place="list.jsonl line 9")], store)
    assert (moved.articles, moved.skipped) == (0, 1)
    changed = run([text("a", "text number 3.")], store)
    assert changed.articles == 1
    assert asked(store, "SELECT article_id, text FROM articles ORDER BY 1") == [
        ("a", "text number 3."),
        ("b", "text number 2."),
    ]
    assert asked(store, "SELECT count(*) FROM quarantine") == [(0,)]
    assert {i for (i,) in asked(store, "SELECT id FROM events WHERE article_id = 'a'")} == {
        i for (i,) in asked(store, "SELECT id FROM records WHERE article_id = 'a'")
    }
    back = run([text("a", "text number 1.")], store)
    assert back.articles == 1, "the older text was replaced: it is not known any more"


def test_two_texts_with_one_id_are_told(tmp_path: Path) -> None:
    store = tmp_path / "a.duckdb"
    items = [text("a", "text number 1."), text("a", "text number 2.", place="list.jsonl line 2")]
    run(items, store)
    assert asked(store, "SELECT text FROM articles") == [("text number 2.",)]
    ((code, message, tries),) = asked(store, "SELECT code, message, tries FROM quarantine")
    assert code == "same-id" and "list.jsonl line 2" in message and tries == 1
    again = run(items, store, retry=True)
    assert (again.articles, again.failed_before) == (0, 1), "trying again would only turn the two round"


def test_another_date_is_another_item(tmp_path: Path) -> None:
    store = tmp_path / "a.duckdb"
    run([text("a", "text number 1.")], store)
    assert run([text("a", "text number 1.", date="2024-05-15")], store).articles == 1
    assert asked(store, "SELECT count(*) FROM articles") == [(1,)]


def test_what_failed_is_kept_and_tried_again_on_request(tmp_path: Path) -> None:
    store = tmp_path / "a.duckdb"
    bad = [text("a", "text number 12."), text("b", "a fault", place="list.jsonl line 2")]
    out = run(bad, store, started="2024-01-01T00:00:00")
    assert out.failed == 2
    codes = "SELECT article_id, code, tries, resolved IS NOT NULL FROM quarantine ORDER BY 1"
    assert asked(store, codes) == [("a", "no-article", 1, False), ("b", "internal", 1, False)]
    assert run(bad, store).failed_before == 2
    assert run(bad, store, retry=True).failed == 2
    assert asked(store, codes) == [("a", "no-article", 2, False), ("b", "internal", 2, False)]
    run([text("a", "text number 12, better 3.")], store)  # the file was mended
    assert asked(store, codes) == [("a", "no-article", 2, True), ("b", "internal", 2, False)]


def test_a_new_run_codes_anew_and_going_back_makes_the_old_one_current(tmp_path: Path) -> None:
    store, items = tmp_path / "a.duckdb", [text("a", "text number 1."), text("b", "text number 2.")]
    current = "SELECT DISTINCT run FROM events"
    run(items, store)
    assert run(items, store, coded_by="run-two").articles == 2
    assert asked(store, current) == [("run-two",)]
    assert asked(store, "SELECT count(*) FROM articles") == [(4,)]
    back = run(items, store)
    assert (back.articles, back.records) == (0, 0), "nothing is coded twice"
    assert asked(store, current) == [("run-one",)]
    run(items, store, coded_by="run-two")
    assert asked(store, current) == [("run-two",)]


def test_one_item_that_takes_its_worker_with_it(tmp_path: Path) -> None:
    store = tmp_path / "a.duckdb"
    names = ["text number 1.", "die", "text number 2.", "text number 3.", "hang", "text number 4."]
    items = [text(str(k), content, place=f"list.jsonl line {k}") for k, content in enumerate(names)]
    engine = Processes(CoderSource(quick_coder), 2, patience=1.0)
    try:
        out = ingest(items, store, engine, batch_items=3)
    finally:
        engine.close()
    assert (out.articles, out.failed) == (4, 2)
    rows = asked(store, "SELECT article_id, code, message FROM quarantine ORDER BY 1")
    assert [row[:2] for row in rows] == [("1", "worker-died"), ("4", "worker-died")]
    assert "exit status 11" in rows[0][2] and "no answer" in rows[1][2]


def test_workers_are_replaced_after_a_while(tmp_path: Path) -> None:
    engine = Processes(CoderSource(quick_coder), 2, recycle=6)
    try:
        engine.run()
        first = {w.process.pid for w in engine._workers}
        ingest(documents(40), tmp_path / "a.duckdb", engine, batch_items=4)
        assert not first & {w.process.pid for w in engine._workers}
    finally:
        engine.close()
    run(documents(40), tmp_path / "b.duckdb")
    assert contents(tmp_path / "a.duckdb") == contents(tmp_path / "b.duckdb")


def unusable_coder(fault: str) -> Any:
    if fault == "file":
        raise ResourceError("lexicon.tsv", "seven cells, expected nine", 3)
    raise ZeroDivisionError("by nothing")


@pytest.mark.parametrize(
    ("fault", "says"),
    [("file", "lexicon.tsv, line 3: seven cells"), ("code", "a fault in Legation .ZeroDivisionError: by nothing")],
)
def test_what_keeps_workers_from_starting_stops_the_ingest(fault: str, says: str, tmp_path: Path) -> None:
    engine = Processes(CoderSource(unusable_coder, (fault,)), 2)
    with pytest.raises(LegationError, match=says):
        ingest(documents(4), tmp_path / "a.duckdb", engine)
    engine.close()


def test_workers_with_other_data_files_stop_the_job(tmp_path: Path) -> None:
    """On a cluster machines may have different versions."""

    class Mixed(Here):
        def map(self, batches: Iterable[Batch]) -> Generator[Done]:
            for k, done in enumerate(super().map(batches)):
                yield replace(done, run="another") if k == 2 else done

    with pytest.raises(LegationError, match="under run another, the others under run-one"):
        ingest(documents(30), tmp_path / "a.duckdb", Mixed(CoderSource(quick_coder)), batch_items=4)
    run(documents(30), tmp_path / "a.duckdb")
    run(documents(30), tmp_path / "b.duckdb")
    assert contents(tmp_path / "a.duckdb") == contents(tmp_path / "b.duckdb")


@pytest.mark.parametrize("nth", [1, 3])
def test_a_full_disk_leaves_nothing_half_written(nth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, flush, left = tmp_path / "a.duckdb", os.fsync, nth

    def full(handle: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(handle)

    with monkeypatch.context() as patch:
        patch.setattr("legation.distribute.shards.os.fsync", full)
        with pytest.raises(StoreError, match="No space left") as caught:
            run(documents(30), store)
    assert caught.value.problem.code == "disk-full"
    assert not list(shard_folder(store).glob("*.part"))
    run(documents(30), store)
    run(documents(30), tmp_path / "b.duckdb")
    assert contents(store) == contents(tmp_path / "b.duckdb")


def test_a_damaged_shard_is_set_aside_and_its_items_are_coded_again(tmp_path: Path) -> None:
    store = tmp_path / "a.duckdb"

    def stop(point: str) -> None:
        if point == "shard read":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(documents(30), store, point=stop)
    waiting = shards_in(shard_folder(store))
    assert len(waiting) > 2
    waiting[1].write_bytes(waiting[1].read_bytes()[:-200])
    out = run(documents(30), store)
    assert [problem.code for problem in out.trouble] == ["broken-shard"]
    assert waiting[1].with_suffix(".broken").exists()
    run(documents(30), store)
    run(documents(30), tmp_path / "b.duckdb")
    mended, whole = contents(store), contents(tmp_path / "b.duckdb")
    assert {k: v for k, v in mended.items() if k != "order"} == {k: v for k, v in whole.items() if k != "order"}


@pytest.mark.parametrize("harm", ["gone", "garbage", "another store"])
def test_the_manifest_is_only_an_index(harm: str, tmp_path: Path) -> None:
    store = tmp_path / "a.duckdb"
    run(documents(20), store)
    before = contents(store)
    manifest = shard_folder(store) / FILE
    if harm == "gone":
        manifest.unlink()
    elif harm == "garbage":
        manifest.write_bytes(b"no database" * 500)
    else:  # the store was deleted, its folder stayed
        store.unlink()
    out = run(documents(20), store)
    assert out.articles == (0 if harm != "another store" else len(before["articles"]) + 1)
    assert contents(store) == before


def test_one_ingest_at_a_time(tmp_path: Path) -> None:
    store = tmp_path / "a.duckdb"

    def second(point: str) -> None:
        if point == "started":
            with pytest.raises(StoreError, match=f"process {os.getpid()}") as caught:
                run(documents(4), store)
            assert caught.value.problem.code == "ingest-running"

    assert run(documents(4), store, point=second).articles == 4


HOLDER = """
import sys
from legation.distribute import load_pending
from legation.store import Store
with Store.open(sys.argv[1]) as store:
    print("held", flush=True)
    sys.stdin.readline()
    print(load_pending(store).shards, store.count(), flush=True)
    sys.stdin.readline()
"""


def test_while_a_server_holds_the_store_shards_wait_for_it(tmp_path: Path) -> None:
    store = tmp_path / "a.duckdb"
    run(documents(8), store)
    command = [sys.executable, "-c", HOLDER, str(store)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None and server.stdout is not None
        assert server.stdout.readline() == "held\n"
        out = run(documents(20), store, final_wait=0.2)
        assert out.held_by is not None and out.held_by.pid == server.pid
        assert (out.skipped, out.waiting) == (8, 3), "what is done is known without the store"
        assert run(documents(20), store, final_wait=0.2).skipped == 20
        server.stdin.write("\n")
        server.stdin.flush()
        assert server.stdout.readline().split()[0] == "3"
        assert pending_shards(store) == 0
        assert run(documents(24), store, final_wait=0.2).skipped == 20
        server.stdin.write("\n")
        server.stdin.flush()
    run(documents(24), store)
    run(documents(24), tmp_path / "b.duckdb")
    assert contents(store) == contents(tmp_path / "b.duckdb")


def test_a_shard_holds_what_was_put_in(tmp_path: Path) -> None:
    items = [
        *coded_items(),
        replace(coded_items()[0], problem=Problem("empty", "is \ud800", "a\n", None), article=None),
    ]
    path = tmp_path / "a.parquet"
    path.write_bytes(pack(RUN, items))
    found, back = unpack(path)
    assert (found, back) == (RUN, items)


def test_loading_without_shards_is_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "a.duckdb", create=True) as store:
        assert load_pending(store).shards == 0


def test_an_item_is_known_by_what_was_given() -> None:
    one = text("a", "words", date="2024-01-01")
    assert item_key(one) == item_key(replace(one, name="elsewhere"))
    others = [replace(one, id="b"), replace(one, content="word"), replace(one, date=None), replace(one, title="T")]
    assert len({item_key(x) for x in (one, *others)}) == 5


def test_items_are_counted_where_that_is_cheap(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "b.jsonl").write_text('{"text": "x"}\n' * 5)
    (tmp_path / ".hidden.txt").write_text("x")
    (tmp_path / "c.bin").write_text("x")
    assert count_items([str(tmp_path)]) == 6
    assert count_items([str(tmp_path / "*.txt")]) == 1
    (tmp_path / "d.warc").write_text("x")
    assert count_items([str(tmp_path)]) is None
    assert count_items(["-"]) is None
