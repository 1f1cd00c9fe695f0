"""What is no store of ours, is newer or is held by another says so, and stays as it is."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from tests.stores import RUN, coded_items, make_store

from legation.store import Store, StoreError, StoreLocked
from legation.store.database import MIGRATIONS, migration_files


def text_file(path: Path) -> None:
    path.write_text("This is a letter, and no database. " * 400)


def empty_file(path: Path) -> None:
    path.touch()


def other_database(path: Path) -> None:
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE accounts (name VARCHAR)")


def cut_short(path: Path) -> None:
    make_store(path)
    path.write_bytes(path.read_bytes()[:20_000])


def scribbled_over(path: Path) -> None:
    make_store(path)
    content = bytearray(path.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    path.write_bytes(bytes(content))


def newer(path: Path) -> None:
    make_store(path)
    with duckdb.connect(str(path)) as store:
        store.execute("INSERT INTO migrations VALUES ('9999_from_the_future')")


@pytest.mark.parametrize(
    ("make", "code", "says"),
    [
        (text_file, "store-broken", "not a DuckDB file"),
        (empty_file, "store-broken", "not a DuckDB file"),
        (other_database, "store-broken", "not a store of Legation"),
        (cut_short, "store-broken", "damaged"),
        (scribbled_over, "store-broken", "damaged"),
        (newer, "store-newer", "9999_from_the_future"),
        (Path.mkdir, "store-unreadable", "is a folder"),
    ],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_what_is_no_store_is_refused(
    make: Callable[[Path], None], code: str, says: str, read_only: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.duckdb"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError, match=says) as caught:
        Store.open(path, read_only=read_only, create=not read_only)
    assert caught.value.problem.code == code
    assert str(path) in str(caught.value)
    assert before is None or path.read_bytes() == before


def test_a_store_with_a_damaged_middle_says_so_when_it_is_asked(tmp_path: Path) -> None:
    path = make_store(tmp_path / "a.duckdb")
    content = bytearray(path.read_bytes())
    content[300_000:-300_000] = b"\xff" * (len(content) - 600_000)
    path.write_bytes(bytes(content))
    with pytest.raises(StoreError, match="damaged") as caught, Store.open(path, read_only=True) as store:
        list(store.records())
        store.count()
        store.events()
    assert caught.value.problem.code == "store-broken"


def test_a_store_that_is_not_there_is_not_made_by_reading(tmp_path: Path) -> None:
    for path in (tmp_path / "a.duckdb", tmp_path / "no folder" / "a.duckdb"):
        with pytest.raises(StoreError, match="no such store"):
            Store.open(path)
        assert not path.exists()
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open(tmp_path / "no folder" / "a.duckdb", create=True)


def test_who_holds_the_store_is_named(tmp_path: Path) -> None:
    path = make_store(tmp_path / "a.duckdb")
    hold = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None and holder.stdin is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked, match=f"held by process {holder.pid}") as caught:
            Store.open(path)
        assert caught.value.pid == holder.pid
        command = [sys.executable, "-m", "legation", "correct", "abc", "type=AID", "--by", "A", "--store", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert f"held by process {holder.pid}" in done.stderr and "Traceback" not in done.stderr
        holder.stdin.close()
    Store.open(path).close()


def test_an_older_store_is_brought_up_to_date_even_by_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_store(tmp_path / "a.duckdb")
    folder = tmp_path / "migrations"
    folder.mkdir()
    for name, file in migration_files().items():
        (folder / f"{name}.sql").write_text(file.read_text("utf8"), "utf8")
    (folder / "9000_notes.sql").write_text("CREATE TABLE notes (note VARCHAR); INSERT INTO notes VALUES ('kept');")
    monkeypatch.setattr("legation.store.database.MIGRATIONS", folder)
    monkeypatch.setattr(
        "legation.store.database.migration_files", lambda: {f.stem: f for f in sorted(folder.iterdir())}
    )
    with Store.open(path, read_only=True) as store:
        assert store.sql("SELECT note FROM notes").to_pylist() == [{"note": "kept"}]
        assert store.count() == sum(len(item.records) for item in coded_items())


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_store(tmp_path / "a.duckdb")
    bad = tmp_path / "9000_bad.sql"
    bad.write_text("CREATE TABLE half (x INTEGER); SELECT nonsense;")
    files = {**migration_files(), "9000_bad": bad}
    with monkeypatch.context() as patch:
        patch.setattr("legation.store.database.migration_files", lambda: files)
        with pytest.raises(duckdb.Error):
            Store.open(path)
    with Store.open(path) as store:
        names = store.sql("SELECT table_name FROM duckdb_tables()").column(0).to_pylist()
        assert "half" not in names and "records" in names
        assert store.load(RUN, coded_items(), shard="new").skipped == len(coded_items())


def test_migrations_are_named_in_their_order() -> None:
    names = [file.stem for file in sorted(MIGRATIONS.iterdir())]
    numbers = [name[:4] for name in names]
    assert all(number.isdigit() for number in numbers)
    assert len(set(numbers)) == len(numbers), "two migrations with one number"
