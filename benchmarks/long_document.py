"""Does the time per word stay the same when a document gets longer? Attribution and status facets on one long document.

    python benchmarks/long_document.py [--words 20000 50000 200000] [--allowed 1.5]

The document is made of the sentences of training/corpus (ours), five to a paragraph, repeated as needed. Parsing
and finding mentions are timed apart: they are what the two stages stand on. CPU time of this process, so that others
on the machine count less. Exit 1 if the longest document costs more than `allowed` times the shortest, word by word, in
attribution or facets: a stage of quadratic cost would cost ten times as much.
"""

from __future__ import annotations

import argparse
import csv
import gc
import itertools
import sys
import time
from collections.abc import Callable
from pathlib import Path

from legation.actors import find_mentions
from legation.attribution import find_attributions, find_facets
from legation.model.text import Article
from legation.parse import parse
from legation.resources import Resources, load_resources
from legation.settings import Settings

CORPUS = Path(__file__).parent.parent / "training" / "corpus"
PARAGRAPH = 5  # sentences
STAGES = ("parse", "mentions", "attribution", "facets")


def sentences() -> list[str]:
    """The texts of the corpus in order, each once."""
    out: dict[str, None] = {}
    for path in sorted(CORPUS.glob("*.tsv")):
        with path.open(encoding="utf8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                out[row["text"]] = None
    return list(out)


def document(lines: list[str], words: int) -> str:
    """At least so many words, in paragraphs."""
    taken, count = [], 0
    for line in itertools.cycle(lines):
        taken.append(line)
        count += len(line.split())
        if count >= words:
            break
    return "\n\n".join(" ".join(taken[k : k + PARAGRAPH]) for k in range(0, len(taken), PARAGRAPH))


def timed(work: Callable[[], object], times: int = 1) -> tuple[object, float]:
    """(Result, CPU seconds: the least of so many runs), the collector run before so that no stage pays for another."""
    best, result = float("inf"), None
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
    return result, best


def measure(text: str, resources: Resources) -> dict[str, float]:
    """Seconds of each stage on one document."""
    article = Article("long", text, None, 0, None, None, "2024-03-05", "given", None, "en", (), ())
    start = time.process_time()
    parsed = parse(article, resources.parser)
    seconds = {"parse": time.process_time() - start}
    start = time.process_time()
    mentions = find_mentions(article, parsed, resources.lexicon)
    seconds["mentions"] = time.process_time() - start
    found, seconds["attribution"] = timed(lambda: find_attributions(article, parsed, mentions, resources.cues), 2)
    known, seconds["facets"] = timed(lambda: dict(find_facets(article, parsed, resources.cues)), 2)
    if not found or not known:
        sys.exit("nothing was found: the benchmark measured nothing")
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, nargs="+", default=[20_000, 50_000, 200_000])
    parser.add_argument("--allowed", type=float, default=1.5)
    given = parser.parse_args()
    resources = load_resources(Settings(engine="rules"), ("parser", "lexicon", "cues"))
    lines = sentences()
    measure(document(lines, 2_000), resources)  # what is loaded at first use is no part of the cost per word
    each: dict[str, list[float]] = {stage: [] for stage in STAGES}
    print("microseconds a word", *(f"{stage:>12}" for stage in STAGES))
    for words in sorted(given.words):
        text = document(lines, words)
        seconds = measure(text, resources)
        for stage in STAGES:
            each[stage].append(seconds[stage] / len(text.split()) * 1e6)
        print(f"{len(text.split()):>13,} words", *(f"{each[stage][-1]:>12.1f}" for stage in STAGES), flush=True)
    growth = {stage: values[-1] / values[0] for stage, values in each.items()}
    print("longest / shortest ", *(f"{growth[stage]:>12.2f}" for stage in STAGES))
    sys.exit(any(growth[stage] > given.allowed for stage in ("attribution", "facets")))


if __name__ == "__main__":
    main()
