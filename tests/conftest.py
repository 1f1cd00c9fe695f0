"""What several tests share: the resources, loaded once, and the command line, called in this process."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does; before NumPy is loaded

from legation.resources import Resources, load_resources
from legation.settings import Settings

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "samples" / "embassy.html"


@pytest.fixture(scope="session")
def resources() -> Resources:
    """Everything, with the settings as they come."""
    return load_resources(Settings())


@dataclass
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def loaded_once(resources: Resources) -> Resources:
    """Lets commands that run in this process use the resources that are loaded already."""
    import legation.resources as module

    original = module.load_resources

    def load(settings: Settings, parts: object = ()) -> Resources:
        return resources if settings == resources.settings else original(settings)

    module.load_resources = load  # type: ignore[assignment]
    return resources


@pytest.fixture
def legation(loaded_once: Resources, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Calls the command line in this process: legation("code", path, stdin=b"...")."""
    from legation.cli.app import run

    def call(*arguments: str | Path, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["legation", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        status = 0
        try:
            run()
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return call


def run_command(
    *arguments: str | Path, stdin: bytes = b"", hash_seed: str = "random"
) -> subprocess.CompletedProcess[bytes]:
    """The command line as a process of its own; `hash_seed` decides in which order Python walks through sets."""
    command = [sys.executable, "-m", "legation", *map(str, arguments)]
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(command, input=stdin, capture_output=True, check=False, env=environment)
