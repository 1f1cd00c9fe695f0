"""An ingest that is killed loses nothing and doubles nothing: its store ends up like that of one left in peace."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.ingest_child import contents

CHILD = Path(__file__).parents[1] / "ingest_child.py"
POINTS = (
    "started",
    "shard written",
    "shard published",
    "shard noted",
    "shard read",
    "shard loaded",
    "shard removed",
)


def start(**settings: Any) -> subprocess.Popen[str]:
    """The ingest as a process."""
    command = [
        sys.executable,
        str(CHILD),
        json.dumps({k: str(v) if isinstance(v, Path) else v for k, v in settings.items()}),
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(child: subprocess.Popen[str]) -> tuple[int, dict[str, Any]]:
    """Exit status and what it said; everything it wrote on standard error is shown when it fails."""
    out, err = child.communicate(timeout=120)
    said: dict[str, Any] = {}
    for line in out.splitlines():
        said |= json.loads(line) if line.startswith("{") else {}  # Ray says things there, too
    assert "Traceback" not in err, err
    return child.returncode, said


def alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a store holds when nobody disturbed its making."""
    store = tmp_path_factory.mktemp("calm") / "a.duckdb"
    assert finish(start(store=store))[0] == 0
    found = contents(store)
    assert len(found["articles"]) > 40 and len(found["quarantine"]) > 8 and len(found["events"]) > 60
    return found


@pytest.mark.parametrize("nth", [1, 2])
def test_killed_at_every_point(nth: int, tmp_path: Path) -> None:
    store, expected = tmp_path / "a.duckdb", tmp_path / "b.duckdb"
    step = 12 * nth  # with each start there are more items: there is always a shard to be made and to be loaded
    for k, point in enumerate(POINTS, 1):
        times = 1 if point == "started" else nth
        status, _ = finish(start(store=store, items=step * k, kill_at=point, nth=times, load_every=1))
        assert status == -signal.SIGKILL, point
    assert finish(start(store=store, items=step * len(POINTS)))[0] == 0
    assert finish(start(store=expected, items=step * len(POINTS)))[0] == 0
    assert contents(store) == contents(expected)
    assert not waiting(store)


def test_killed_at_any_time_with_workers(tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    store, chance = tmp_path / "a.duckdb", random.Random(7)
    killed = 0
    for _ in range(5):
        child = start(store=store, engine="process", delay=0.01)
        assert child.stdout is not None
        pids = json.loads(child.stdout.readline())["workers"]
        time.sleep(chance.uniform(0.0, 0.35))
        child.kill()
        killed += child.wait() == -signal.SIGKILL
        child.communicate()
        until = time.monotonic() + 20
        while any(map(alive, pids)) and time.monotonic() < until:
            time.sleep(0.05)
        assert not any(map(alive, pids)), "a worker outlived its parent"
    assert killed >= 3
    status, said = finish(start(store=store, engine="process"))
    assert (status, said["waiting"]) == (0, 0)
    assert contents(store) == undisturbed


def test_ctrl_c_stops_cleanly_and_the_next_start_goes_on(tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    store = tmp_path / "a.duckdb"
    child = start(store=store, engine="process", delay=0.02)
    assert child.stdout is not None
    pids = json.loads(child.stdout.readline())["workers"]
    until = time.monotonic() + 20
    while not waiting(store) and time.monotonic() < until:
        time.sleep(0.01)
    for pid in (child.pid, *pids):  # a terminal sends it to all of them
        os.kill(pid, signal.SIGINT)
    status, said = finish(child)
    assert (status, said["interrupted"], said["waiting"]) == (0, True, 0)
    assert 0 < said["articles"] < len(undisturbed["articles"])
    assert len(contents(store)["articles"]) == said["articles"], "what was coded is loaded"
    assert not any(map(alive, pids))
    assert finish(start(store=store))[1]["interrupted"] is False
    assert contents(store) == undisturbed


@pytest.mark.parametrize("after", [0.5, 2.0])
def test_ctrl_c_while_it_starts(after: float, tmp_path: Path) -> None:
    """In a session of its own, as at a terminal: the signal goes to all processes at once, whatever they are doing."""
    command = [sys.executable, "-m", "legation", "ingest", str(CHILD.parents[1] / "samples")]
    child = subprocess.Popen(
        [*command, "--store", str(tmp_path / "a.duckdb")], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    time.sleep(after)
    os.killpg(child.pid, signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode in (130, -signal.SIGINT), err  # the latter while Python itself is starting
    assert "Traceback" not in err or child.returncode != 130, err


def test_files_may_not_grow(tmp_path: Path, undisturbed: dict[str, Any]) -> None:
    """As on a full disk (`ulimit -f`): nothing can be written; shards can, the manifest cannot; the store cannot."""
    store = tmp_path / "a.duckdb"
    status, said = finish(start(store=store, items=4))
    assert status == 0
    for limit in (2_000, 35_000, 100_000):
        status, said = finish(start(store=store, file_limit=limit))
        assert (status, said.get("error")) == (2, "disk-full"), said
        assert not list((tmp_path / "a.duckdb.shards").glob("*.part"))
    assert finish(start(store=store))[0] == 0
    assert contents(store) == undisturbed


def waiting(store: Path) -> list[Path]:
    """Shards that are there."""
    return sorted(store.with_name(store.name + ".shards").glob("*.parquet"))
