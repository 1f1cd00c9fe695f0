"""CPU seconds of a cold start: `legation --help`, and one short article. `--check` fails above the bounds.

Each command runs five times in a process of its own; the smallest figure counts, because what else the machine does
can only add to it.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

TEXT = (
    "Sweden recalled its ambassador to Norway on Monday. Norway accused Sweden of breaking an agreement.\n\n"
    '"We will respond," the Norwegian prime minister said. Denmark urged both countries to hold talks.\n'
)
BOUNDS = {"help": 0.3, "article": 3.0}


def seconds(arguments: list[str]) -> float:
    """CPU seconds, user and system, of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "legation", *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        article = Path(folder) / "article.txt"
        article.write_text(TEXT)
        runs = {"help": ["--help"], "article": ["code", "--date", "2024-03-05", "--format", "jsonl", str(article)]}
        slow = 0
        for name, arguments in runs.items():
            best = min(seconds(arguments) for _ in range(5))
            print(f"{name:<8} {best:.2f} s CPU (bound {BOUNDS[name]:.1f})")
            slow += best > BOUNDS[name]
    return 1 if slow and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
