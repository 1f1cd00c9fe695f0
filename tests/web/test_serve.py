"""`legation serve` as people start it, with an ingest beside it: two processes and one store."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from conftest import run_command

ROOT = Path(__file__).parent.parent.parent


def start(store: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    """The process, and the address that it says."""
    command = [sys.executable, "-u", "-m", "legation", "serve", "--store", str(store), "--port", "0", *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+", line)
    assert found, line + (process.stderr.read() if process.stderr else "")
    return process, found[0].rstrip("/")


def fetch(url: str) -> dict[str, int]:
    with urllib.request.urlopen(url, timeout=30) as answer:
        found: dict[str, int] = json.load(answer)
        return found


def test_an_ingest_beside_the_desk_comes_in(demo_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "news.duckdb"
    shutil.copy(demo_file, path)
    process, url = start(path)
    try:
        before = fetch(f"{url}/api/store")
        text = {"id": "late", "date": "2024-09-02", "title": "Norway recalls its ambassador to Iceland",
                "text": "Norway recalled its ambassador to Iceland on Monday over the herring survey."}  # fmt: skip
        given = tmp_path / "late.jsonl"
        given.write_text(json.dumps(text) + "\n", "utf8")
        ran = run_command("ingest", "--store", path, "--engine", "here", given)
        assert ran.returncode == 0, ran.stderr.decode()
        until = time.monotonic() + 60
        while (after := fetch(f"{url}/api/store"))["articles"] == before["articles"]:
            assert time.monotonic() < until, "the desk did not take the article in"
            time.sleep(0.2)
        assert after["articles"] == before["articles"] + 1 and after["events"] > before["events"]
        assert fetch(f"{url}/api/events?article=late")["total"] >= 1
        # another desk cannot have the store, and says who holds it
        second = run_command("serve", "--store", path, "--port", "0")
        assert second.returncode == 2 and str(process.pid) in second.stderr.decode()
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert "Traceback" not in said, said
    # it let go of the file
    assert run_command("runs", "--store", path).returncode == 0


def test_looking_only(demo_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "news.duckdb"
    shutil.copy(demo_file, path)
    process, url = start(path, "--read-only")
    try:
        with urllib.request.urlopen(f"{url}/", timeout=30) as answer:
            assert "open for reading only" in answer.read().decode()
        for page in ("/events", "/dyads", "/claims", "/review", "/watches"):
            with urllib.request.urlopen(f"{url}{page}", timeout=30) as answer:
                assert answer.status == 200
    finally:
        process.terminate()
        process.wait(timeout=60)
