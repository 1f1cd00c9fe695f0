"""Adapter around a scorer that stands outside the package: it runs the program and compares with gold data."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def run_scorer(scorer: Path, arguments: Sequence[str]) -> int:
    """Run the scorer on this installation; its exit status (0 scored, 2 output and gold do not fit).

    The scorer prints by itself. It gets this very program to run unless the arguments bring an output (`--pred`).
    """
    given = list(arguments)
    if not {"--pred", "--run", "--agreement"} & set(given):
        given += ["--run", f"{sys.executable} -m legation"]
    return subprocess.run([sys.executable, str(scorer), *given], check=False).returncode
