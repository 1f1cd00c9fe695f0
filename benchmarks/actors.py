"""Speed of the lexicon and of the actors stage. `--check` fails when a bar is missed.

    python benchmarks/actors.py [--texts PATH...] [--no-clean] [--words 20000] [--json FILE] [--check]

PATH is what `legation ingest` reads; without it the articles under samples/ with made-up paragraphs (see speed.py),
which are dense with names and so harder than usual news.

    load     reading the files and building the automaton, in five processes of their own; the smallest figure counts,
             because what else the machine does can only add to it. Memory: what the process grew by, and its peak above
             what it had before.
    find     all names in the text (`Lexicon.find`), MB of UTF-8 a CPU second: the first pass, in which every name is
             resolved for the first time, and the best of five later ones.
    stage    the whole stage (`find_mentions`: phrases, coreference, titles) beside the parser, in CPU seconds.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command line does; read when NumPy is loaded

from speed import documents, machine

BARS = {"load seconds": 0.5, "load MB": 150.0, "find MB/s": 20.0}
LOADING = """
import json, resource, time
import legation.actors.lexicon as lexicon
def now():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 2**20
before, wall, cpu = now(), time.perf_counter(), time.process_time()
loaded = lexicon.load_lexicon()
cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"cpu": cpu, "wall": wall, "mb": now() - before, "peak": peak - before}))
"""


def loading() -> dict[str, float]:
    """The smallest figures of five loads, each in a process of its own."""
    runs = [
        json.loads(subprocess.run([sys.executable, "-c", LOADING], check=True, capture_output=True).stdout)
        for _ in range(5)
    ]
    return {key: min(run[key] for run in runs) for key in runs[0]}


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    before = time.process_time()
    work()
    return time.process_time() - before


def finding(texts: list[str], lexicon: Any) -> dict[str, float]:
    """MB of text a CPU second: first pass over all texts, best later pass; and how dense names are."""
    size = sum(len(text.encode()) for text in texts) / 1e6

    def names(rounds: int) -> int:
        return sum(len(lexicon.find(text)) for _ in range(rounds) for text in texts)

    first = cpu(lambda: names(1))
    rounds = max(1, int(2 / size))  # long enough for the clock: 2 MB a pass
    best = min(cpu(lambda: names(rounds)) for _ in range(5)) / rounds
    hits = names(1)
    return {"first": size / first, "later": size / best, "names a kB": hits / size / 1000}


def measure(given: argparse.Namespace) -> dict[str, Any]:
    """All figures."""
    from legation.actors import find_mentions, load_words
    from legation.clean import clean
    from legation.parse import parse
    from legation.problems import DocumentError
    from legation.resources import load_resources
    from legation.settings import load_settings

    load = loading()
    resources = load_resources(load_settings(), ("cleaner", "parser", "lexicon"))
    words = load_words()
    articles, total = [], 0
    for raw in documents(given.texts, "2024-03-05", given.no_clean):
        try:
            articles.append(clean(raw, resources.cleaner))
        except DocumentError:
            continue
        total += len(articles[-1].text.split())
        if total >= given.words:
            break
    find = finding([article.text for article in articles], resources.lexicon)
    parse(articles[0], resources.parser)  # what is made at first use is no part of the comparison
    spent = {"parser": 0.0, "actors": 0.0}
    mentions = 0
    for article in itertools.islice(articles, given.parsed):
        before = time.process_time()
        parsed = parse(article, resources.parser)
        between = time.process_time()
        mentions += len(find_mentions(article, parsed, resources.lexicon, words))
        spent["parser"] += between - before
        spent["actors"] += time.process_time() - between
    return {
        "load seconds": round(load["cpu"], 3),
        "load wall seconds": round(load["wall"], 3),
        "load MB": round(load["mb"], 1),
        "load peak MB": round(load["peak"], 1),
        "find MB/s": round(find["later"], 1),
        "find MB/s, first pass": round(find["first"], 1),
        "names a kB": round(find["names a kB"], 1),
        "parser seconds": round(spent["parser"], 2),
        "actors seconds": round(spent["actors"], 2),
        "actors to parser": round(spent["actors"] / spent["parser"], 3),
        "mentions": mentions,
        "articles": len(articles),
        "words": total,
        "texts": given.texts or "samples, repeated (dense with names)",
        "machine": machine(),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", nargs="+", default=[], metavar="PATH")
    parser.add_argument("--no-clean", action="store_true", help="plain texts are clean already")
    parser.add_argument("--words", type=int, default=20_000, help="stop after so many words")
    parser.add_argument("--parsed", type=int, default=60, help="articles that are parsed for the comparison")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="exit status 1 when a bar is missed")
    given = parser.parse_args()
    found = measure(given)
    missed = 0
    for name, value in found.items():
        bar = BARS.get(name)
        ok = bar is None or (value >= bar if name == "find MB/s" else value <= bar)
        missed += not ok
        print(f"{name:<22} {value}" + ("" if bar is None else f"  (bar {bar:g}: {'held' if ok else 'MISSED'})"))
    if given.json:
        given.json.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")
    return 1 if missed and given.check else 0


if __name__ == "__main__":
    sys.exit(main())
