"""Speed of the whole job, from page to stored events, beside the stock parser alone on the same text.

    python benchmarks/speed.py [--texts PATH...] [--no-clean] [--date DAY] [--words 100000] [--json FILE]

PATH is what `legation ingest` reads. Without it the articles under samples/ are read again and again with one made-up
paragraph each: that works on a clean clone and is not representative (few, very political articles); for a figure that
means something give folders of news.

Two processes get the same articles in turn, a few at a time, so that whatever else the machine does falls on both:

    legation   a worker's whole job: clean, code, pack; then the loading of its shards into a new store
    stock      spaCy's pipeline as it comes (`load()`, all components, its own settings), `nlp.pipe` over the texts that
               the worker's cleaning left

Both are measured in words of clean text per CPU second (user and system), on one thread; loading of the models is not
counted. `--blas openblas` gives the stock pipeline the faster matrix product that ours uses.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import platform
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[1] / "samples"
CHUNK = 16  # articles that go to one process, then to the other


def cpu_model() -> str:
    """What the machine calls its processor."""
    info = Path("/proc/cpuinfo")
    names = (
        [x.split(":")[1].strip() for x in info.read_text().splitlines() if "model name" in x] if info.exists() else []
    )
    return names[0] if names else platform.processor() or platform.machine()


def machine() -> dict[str, Any]:
    """The machine and how busy it is."""
    return {
        "cpu": cpu_model(),
        "cores": os.cpu_count(),
        "load": [round(x, 1) for x in os.getloadavg()],
        "python": platform.python_version(),
    }


def made_up(number: int) -> str:
    """A paragraph of words that no other article has, so that no memory of words can hide growth."""
    dice = random.Random(number)
    name = ["".join(dice.choice("bdfgklmnprstvz") + dice.choice("aeiou") for _ in range(3)) for _ in range(20)]
    return f"{name[0].title()} {name[1].title()} told {name[2].title()} that {' '.join(name[3:])} were {number}."


def documents(paths: Sequence[str], date: str | None, no_clean: bool) -> Iterator[Any]:
    """The articles under the paths; those of samples/ for ever when no path is given."""
    from dataclasses import replace

    from legation.model.text import RawDocument
    from legation.read import read_paths

    if paths:
        read = read_paths(paths, date=date, no_clean=no_clean)
        yield from (raw for raw in read if isinstance(raw, RawDocument))
        return
    given = [raw for raw in read_paths([str(SAMPLES)], date=date or "2024-03-05") if isinstance(raw, RawDocument)]
    for number in itertools.count():
        for raw in given:
            extra = f"<p>{made_up(number)}</p></body>" if raw.kind == "html" else f"\n\n{made_up(number)}\n"
            content = raw.content.replace("</body>", extra) if raw.kind == "html" else raw.content + extra
            yield replace(raw, id=f"{raw.id}-{number}", name=f"{raw.name}-{number}", content=content, origin=None)


def legation_worker(pipe: Connection) -> None:
    """Answers a list of articles with (CPU seconds, shard, cleaned texts); None with what loading the shards took."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from legation.distribute.shards import unpack
    from legation.distribute.work import legation_coder, work
    from legation.settings import load_settings
    from legation.store import Store

    coder = legation_coder(load_settings(), started="2024-01-01T00:00:00Z")
    pipe.send("ready")
    with tempfile.TemporaryDirectory() as folder:
        shards: list[Path] = []
        while (batch := pipe.recv()) is not None:
            before = time.process_time()
            done = work(batch, coder)
            cpu = time.process_time() - before
            shards.append(Path(folder) / f"{len(shards):06}.parquet")
            shards[-1].write_bytes(done.shard)
            items = [item for item in unpack(shards[-1])[1] if item.article is not None]
            pipe.send((cpu, done.records, [item.article["text"] for item in items if item.article]))
        before = time.process_time()
        with Store.open(Path(folder) / "store.duckdb", create=True) as store:
            for k in range(0, len(shards), 32):
                group = [(path.stem, unpack(path)[1]) for path in shards[k : k + 32]]
                store.load_shards(coder.run, group, loaded_at="2024-01-01T00:00:00Z")
            stored = store.count()
        pipe.send((time.process_time() - before, stored))


def stock_worker(pipe: Connection, blas: str, name: str) -> None:
    """Answers a list of texts with the CPU seconds that the stock pipeline takes."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    if blas == "openblas":
        from thinc.api import NumpyOps, set_current_ops

        set_current_ops(NumpyOps(use_blis=False))
    import spacy

    nlp = spacy.load(name)
    pipe.send("ready")
    while (texts := pipe.recv()) is not None:
        before = time.process_time()
        for _ in nlp.pipe(texts):
            pass
        pipe.send(time.process_time() - before)


def measure(paths: Sequence[str], date: str | None, no_clean: bool, words: int, blas: str) -> dict[str, Any]:
    """The figures of one run."""
    from legation.parse import DEFAULT_PIPELINE

    context = multiprocessing.get_context("spawn")
    ours, our_end = context.Pipe()
    stock, stock_end = context.Pipe()
    workers = [
        context.Process(target=legation_worker, args=(our_end,), daemon=True),
        context.Process(target=stock_worker, args=(stock_end, blas, DEFAULT_PIPELINE), daemon=True),
    ]
    for worker in workers:
        worker.start()
    our_end.close(), stock_end.close()  # so that a worker that dies ends the run
    ours.recv(), stock.recv()
    total = {"articles": 0, "words": 0, "events": 0}
    spent = {"legation": 0.0, "stock": 0.0}
    source = documents(paths, date, no_clean)
    while total["words"] < words and (batch := list(itertools.islice(source, CHUNK))):
        ours.send(batch)
        cpu, events, texts = ours.recv()
        spent["legation"] += cpu
        stock.send(texts)
        spent["stock"] += stock.recv()
        total["articles"] += len(texts)
        total["events"] += events
        total["words"] += sum(len(text.split()) for text in texts)
    ours.send(None)
    loading, stored = ours.recv()
    stock.send(None)
    for worker in workers:
        worker.join()
    spent["legation"] += loading
    return {
        **total,
        "stored": stored,
        "cpu seconds": {name: round(t, 2) for name, t in spent.items()},
        "of these loading": round(loading, 2),
        "words a cpu second": {name: round(total["words"] / t) for name, t in spent.items()},
        "ratio": round(spent["stock"] / spent["legation"], 2),
        "blas of stock": blas,
        "texts": list(paths) or "samples, repeated (not representative)",
        "machine": machine(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", nargs="+", default=[], metavar="PATH")
    parser.add_argument("--no-clean", action="store_true", help="plain texts are clean already")
    parser.add_argument("--date", help="day of publication of texts that bring none")
    parser.add_argument("--words", type=int, default=100_000, help="stop after so many words")
    parser.add_argument("--blas", choices=("stock", "openblas"), default="stock")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args()
    found = measure(given.texts, given.date, given.no_clean, given.words, given.blas)
    for name, value in found.items():
        print(f"{name:<20} {value}")
    if given.json:
        given.json.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
