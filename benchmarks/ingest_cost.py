"""What a million articles cost: CPU, memory and disk of `legation ingest` on a sample, and the same times a million.

    python benchmarks/ingest_cost.py PATH... [--workers 1]

PATH is what `legation ingest` reads; a hundred articles are few. CPU seconds are those of the ingest with all its
workers, less what a start costs (the least of three, with one short article). What is extrapolated is marked as such:
it says what this machine would need for a million articles of this kind, one after the other.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from legation.store import Store

SHORT = "Sweden recalled its ambassador to Norway on Monday.\n"
MILLION = 1_000_000


def ingest(paths: list[str], store: Path, workers: int) -> tuple[float, float]:
    """(CPU seconds of all processes, seconds by the clock)."""
    before, clock = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = [sys.executable, "-m", "legation", "ingest", *paths, "--store", str(store), "--workers", str(workers)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return cpu, time.monotonic() - clock


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        short = Path(folder) / "short.txt"
        short.write_text(SHORT)
        start = min(ingest([str(short)], Path(folder) / f"{k}.duckdb", given.workers)[0] for k in range(3))
        store = Path(folder) / "store.duckdb"
        cpu, clock = ingest(given.paths, store, given.workers)
        with Store.open(store, read_only=True) as opened:
            sums = "SELECT count(*) AS n, sum(words)::BIGINT AS words, sum(strlen(text))::BIGINT AS bytes FROM articles"
            articles, words, size = opened.sql(sums).to_pylist()[0].values()
            events = opened.count()
    work = cpu - start
    each = work / articles
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"sample       {articles} articles, {words:,} words of clean text, {events} events")
    print(f"start        {start:.1f} s CPU with {given.workers} worker(s)")
    print(f"work         {work:.1f} s CPU, {clock:.1f} s by the clock with the start")
    print(f"each article {each:.3f} s CPU, {words / work:,.0f} words a CPU second")
    print(f"memory       {peak:,.0f} MB at most in one process")
    print(f"extrapolated to a million articles: {each * MILLION / 3600:,.0f} CPU hours,")
    print(f"             {events / articles * MILLION:,.0f} events, {size / articles * 1e-3:.1f} GB of clean text")


if __name__ == "__main__":
    main()
