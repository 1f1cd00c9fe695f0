"""Opening the file: what is no store, is newer than we are, or is held by another process says so and stays untouched.

Nothing but DuckDB itself is reachable from inside (no files, no network, no extensions): questions come from people.
"""

from __future__ import annotations

import contextlib
import re
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from legation.problems import LegationError, Problem

if TYPE_CHECKING:
    import duckdb

MIGRATIONS = Path(__file__).parent / "migrations"
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}
_HOLDER = re.compile(r"lock is held in (?P<program>.*?) \(PID (?P<pid>\d+)\)")


class StoreError(LegationError):
    """A store that cannot be opened or asked, with a code for programs. Exit status 2 at the command line."""

    def __init__(self, code: str, message: str, name: str | Path) -> None:
        self.problem = Problem(code, message, str(name))
        super().__init__(str(self.problem))


class StoreLocked(StoreError):  # noqa: N818 (a state of the file, not a mistake)
    """Another process holds the file. `pid` is its number, None where the system does not tell."""

    def __init__(self, name: str | Path, pid: int | None) -> None:
        who = "another process" if pid is None else f"process {pid}"
        message = f"is held by {who}: try again when it is done"
        super().__init__("store-locked", message, name)
        self.pid = pid


def connect(path: Path, *, create: bool, read_only: bool, wait: float = 0) -> duckdb.DuckDBPyConnection:
    """The connection, with every migration applied. StoreError when it is no store, StoreLocked when it is held.

    `wait` is how many seconds to wait for another process to let go.
    """
    if not path.exists() and not create:
        raise StoreError("store-missing", "there is no such store (legation ingest makes one)", path)
    if path.is_dir():
        raise StoreError("store-unreadable", "is a folder, not a store", path)
    import duckdb

    connection = _open(path, read_only=read_only and path.exists(), wait=wait)
    try:
        missing = unapplied(connection, path)
        if missing and read_only and path.exists() and "migrations" in _tables(connection):
            connection.close()  # an older store: make it ours first, then read
            connection = _open(path, read_only=False, wait=wait)
            migrate(connection, path)
            connection.close()
            return _open(path, read_only=True, wait=wait)
        if missing:
            migrate(connection, path)
    except BaseException as error:
        connection.close()
        if isinstance(error, duckdb.Error) and is_damage(error):
            raise explained(error, path) from error
        raise
    return connection


def _open(path: Path, *, read_only: bool, wait: float) -> duckdb.DuckDBPyConnection:
    import duckdb

    until = time.monotonic() + wait
    while True:
        try:
            return duckdb.connect(str(path), read_only=read_only, config=CONFIG)
        except duckdb.Error as error:
            problem = explained(error, path)
            if not isinstance(problem, StoreLocked) or time.monotonic() >= until:
                raise problem from error
            time.sleep(0.1)


def is_damage(error: Exception) -> bool:
    """Whether an error is the file's fault, and not that of what was asked."""
    import duckdb

    kinds = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
    return isinstance(error, kinds) or "orrupt" in str(error)


def explained(error: Exception, path: Path) -> StoreError:
    """What DuckDB says, as what it means for the caller."""
    text = str(error)
    if "Could not set lock" in text or "onflicting lock" in text:
        found = _HOLDER.search(text)
        return StoreLocked(path, int(found["pid"]) if found else None)
    if "No space left" in text or "File too large" in text:
        return StoreError("disk-full", "cannot be written: the disk is full", path)
    if "not a valid DuckDB database" in text:
        return StoreError("store-broken", "is not a store (not a DuckDB file, or its beginning is damaged)", path)
    if "newer" in text or "version" in text.lower():
        return StoreError("store-newer", f"was written by another version of DuckDB ({_first_line(text)})", path)
    if "No such file" in text or "Permission denied" in text or "Is a directory" in text:
        return StoreError("store-unreadable", f"cannot be opened ({_first_line(text)})", path)
    return StoreError("store-broken", f"cannot be read: the file is damaged ({_first_line(text)})", path)


def _first_line(text: str) -> str:
    return text.strip().split("\n", 1)[0][:300]


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main'").fetchall()
    return {name for (name,) in rows}


def migration_files(folder: Path = MIGRATIONS) -> dict[str, Path]:
    """name -> file, in the order in which they are applied."""
    return {file.stem: file for file in sorted(folder.glob("*.sql"))}


def unapplied(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """Names of migrations that the file lacks. StoreError when it has some that we do not know, or is no store."""
    known = migration_files()
    tables = _tables(connection)
    if "migrations" not in tables:
        if tables:
            raise StoreError("store-broken", "is a DuckDB file, but not a store of Legation", path)
        return list(known)
    applied = {name for (name,) in connection.execute("SELECT name FROM migrations").fetchall()}
    if newer := sorted(applied - set(known)):
        message = f"was written by a newer version of Legation (it has {', '.join(newer)}): update Legation to open it"
        raise StoreError("store-newer", message, path)
    return [name for name in known if name not in applied]


def migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Apply what is missing, all or nothing."""
    files = migration_files()
    fresh = "migrations" not in _tables(connection)
    with transaction(connection):
        if fresh:
            connection.execute("CREATE TABLE migrations (name VARCHAR NOT NULL)")
        for name in unapplied(connection, path) if not fresh else list(files):
            connection.execute(files[name].read_text("utf8"))
            connection.execute("INSERT INTO migrations VALUES (?)", [name])
        if fresh:
            from importlib.metadata import version

            maker = f"legation {version('legation')}"
            connection.execute("INSERT INTO identity VALUES (?, ?)", [uuid.uuid4().hex, maker])


@contextlib.contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """All of the block or nothing of it."""
    connection.execute("BEGIN")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(Exception):  # a failed commit has rolled back already
            connection.execute("ROLLBACK")
        raise
