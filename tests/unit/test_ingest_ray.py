"""Ray: the same shards, with our manifest as the truth. A Ray of two workers is started on this machine."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
from tests.ingest_child import contents
from tests.unit.test_ingest_killed import finish, start, waiting

pytest.importorskip("ray", reason="the extra 'cluster' is not installed")


def ray_processes() -> set[int]:
    """Processes of a Ray on this machine."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except OSError:
            continue
        if b"raylet" in command.split(b"\0")[0] or b"ray::" in command:
            found.add(int(path.parent.name))
    return found


def test_killed_and_resumed_on_ray_with_an_item_that_kills_its_worker(tmp_path: Path) -> None:
    store, calm = tmp_path / "a.duckdb", tmp_path / "b.duckdb"
    before = ray_processes()
    status, _ = finish(start(store=store, engine="ray", items=24, deadly=13, kill_at="shard published", nth=3))
    assert status == -signal.SIGKILL
    assert len(waiting(store)) + len(contents(store)["articles"]) > 0
    status, said = finish(start(store=store, engine="ray", items=24, deadly=13))
    assert status == 0 and said["skipped"] > 8
    assert not waiting(store)
    assert finish(start(store=calm, engine="process", items=24, deadly=13))[0] == 0
    found, expected = contents(store), contents(calm)
    dead = [row for row in found["quarantine"] if "worker-died" in row]
    assert [row[2] for row in dead] == ["item-13"]
    assert {k: v for k, v in found.items() if k != "quarantine"} == {
        k: v for k, v in expected.items() if k != "quarantine"
    }
    assert len(found["quarantine"]) == len(expected["quarantine"])
    until = time.monotonic() + 90  # helpers of a Ray whose driver was killed notice after half a minute
    while ray_processes() - before and time.monotonic() < until:
        time.sleep(0.5)
    assert not ray_processes() - before, "a Ray outlived its ingest"
