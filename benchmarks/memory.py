"""Memory of one worker over many articles: does it stay where it is?

    python benchmarks/memory.py [--texts PATH...] [--articles 2000] [--engine auto|rules]

The articles (samples/ without --texts) are coded again and again, each time with a paragraph of words that no other
article has, so that whatever remembers words grows as it would in a stream of news. Prints the resident memory at ten
points and the peak; `--check MB` fails above that.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import sys
from dataclasses import replace
from pathlib import Path

from speed import CHUNK, documents, machine, made_up


def resident() -> float:
    """Megabytes of this process in memory now (Linux), else its peak."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", nargs="+", default=[], metavar="PATH")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--check", type=float, metavar="MB")
    given = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from legation.distribute.work import legation_coder, work
    from legation.settings import load_settings

    source = documents(given.texts, "2024-03-05", no_clean=False)
    if given.texts:
        kept = list(source)
        source = (
            replace(raw, id=f"{raw.id}-{n}", content=raw.content + "\n\n" + made_up(n), origin=None)
            for n, raw in enumerate(itertools.cycle(kept))
        )
    coder = legation_coder(load_settings(None, engine=given.engine), started="2024-01-01T00:00:00Z")
    print(f"machine {machine()}\nat the start {resident():.0f} MB")
    done = 0
    for step in range(1, 11):
        while done < given.articles * step // 10:
            done += len(work(list(itertools.islice(source, CHUNK)), coder).states)
        print(f"{done:7} articles {resident():6.0f} MB", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak {peak:.0f} MB")
    return 1 if given.check is not None and peak > given.check else 0


if __name__ == "__main__":
    sys.exit(main())
