"""Puts the program's real output into README.md, below the command that made it. Run by `make docs`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"(```console\n\$ legation ([^\n]+)\n).*?(```)", re.S)


def output(arguments: str) -> str:
    """What the command prints."""
    command = [sys.executable, "-m", "legation", *arguments.split()]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout


if __name__ == "__main__":
    page = ROOT / "README.md"
    text = page.read_text("utf8")
    page.write_text(BLOCK.sub(lambda m: m[1] + output(m[2]) + m[3], text), "utf8")
