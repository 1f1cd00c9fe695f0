"""An ingest with a quick coder that invents events, as a process of its own: to be killed at any point.

`python tests/ingest_child.py '{"store": "...", "items": 60, ...}'` prints its outcome as JSON. See `main` for the keys.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from legation.distribute import ingest, loading
from legation.distribute.engines import Engine, Here, Processes
from legation.distribute.job import Watcher
from legation.distribute.work import Coder, CoderSource
from legation.model.text import RawDocument
from legation.problems import DocumentError, Problem
from legation.store import Item, Store, StoreError, item_key

sys.path.insert(0, str(Path(__file__).parent))
from stores import RUN, coded_items


def documents(count: int, deadly: int = -1) -> Iterator[RawDocument | Problem]:
    """`count` items: every 11th cannot be read, every 17th has the id of the one before it, one may kill its worker."""
    for k in range(count):
        if k == deadly:
            yield RawDocument(f"item-{k}", "die", "text", f"list.jsonl line {k + 1}")
        elif k % 11 == 10:
            yield Problem("encoding", "is not UTF-8", f"file-{k}.txt", f"file-{k}.txt")
        else:
            name = f"item-{k - 1 if k % 17 == 16 else k}"
            yield RawDocument(name, f"This is text number {k}.", "text", f"list.jsonl line {k + 1}", date="2024-05-15")


def quick_coder(run: str = RUN.run, delay: float = 0.0) -> Coder:
    """A coder that gives each text the records of one of our coded articles, under ids of its own."""
    patterns = [item for item in coded_items(run) if item.records]

    def code(raw: RawDocument) -> Item:
        if delay:
            time.sleep(delay)
        number = int(raw.content.split()[-1].rstrip(".").lstrip("X")) if "number" in raw.content else 0
        if "die" in raw.content:
            os._exit(11)
        if "hang" in raw.content:
            time.sleep(3600)
        if "fault" in raw.content:
            raise RuntimeError("an invented fault")
        if number % 13 == 12:
            raise DocumentError(Problem("no-article", "holds no article", raw.name, raw.id))
        pattern = patterns[number % len(patterns)]
        assert pattern.article is not None
        article = {**pattern.article, "article_id": raw.id, "digest": raw.content, "text": raw.content}
        records = []
        for k, record in enumerate(pattern.records[: 1 + number % 3]):
            own = {**record, "id": f"{raw.id}-{number}-{k}", "article": {**record["article"], "id": raw.id}}
            records.append(own)
        return Item(item_key(raw), raw.name, article, tuple(records), pattern.rejected[:1])

    return Coder(replace(RUN, run=run), code)


def contents(store: Path) -> dict[str, list[Any]]:
    """Everything in a store that may not depend on where an ingest was cut."""
    queries = {
        "articles": "SELECT * EXCLUDE (loaded) FROM articles",
        "order": "SELECT article_id FROM articles ORDER BY loaded",
        "records": "SELECT * FROM records",
        "rejected": "SELECT * FROM rejected",
        "quarantine": "SELECT * EXCLUDE (first_seen, resolved), resolved IS NOT NULL FROM quarantine",
        "runs": "SELECT * EXCLUDE (started, command) FROM runs",
        "events": "SELECT * FROM events",
        "dyads": "SELECT * FROM dyads",
    }
    with Store.open(store, read_only=True) as opened:
        found = {name: [tuple(r.values()) for r in opened.sql(text).to_pylist()] for name, text in queries.items()}
    return {name: rows if name == "order" else sorted(rows, key=repr) for name, rows in found.items()}


class Telling(Watcher):
    """Says on standard output who works here, so that a test can see them go."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def ready(self, run: object) -> None:
        """See `Watcher`."""
        workers = getattr(self.engine, "_workers", [])
        if isinstance(workers, list):
            print(json.dumps({"workers": [w.process.pid for w in workers]}), flush=True)


def main(
    store: str,
    items: int = 60,
    engine: str = "here",
    kill_at: str = "",
    nth: int = 1,
    delay: float = 0.0,
    load_every: int = 3,
    file_limit: int = 0,
    deadly: int = -1,
) -> int:
    """`kill_at`, `nth`: end like kill -9 when this point is passed for the nth time. `file_limit`: as `ulimit -f`."""
    left = nth

    def point(name: str) -> None:
        nonlocal left
        if name == kill_at:
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

    if file_limit:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
    loading.GROUP_ITEMS = 8  # two shards in each transaction
    source = CoderSource(quick_coder, (RUN.run, delay))
    if engine == "ray":
        from legation.distribute.cluster import Cluster

        works: Engine = Cluster(source, 2)
    else:
        works = Processes(source, 2) if engine == "process" else Here(source)
    try:
        out = ingest(
            documents(items, deadly),
            store,
            works,
            started="2024-07-06T10:00:00",
            watcher=Telling(works),
            point=point,
            batch_items=4,
            load_every=load_every,
        )
    except StoreError as error:
        print(json.dumps({"error": error.problem.code, "message": error.problem.message}), flush=True)
        return 2
    finally:
        works.close()
    said = {"articles": out.articles, "skipped": out.skipped, "failed": out.failed, "waiting": out.waiting}
    print(json.dumps({**said, "interrupted": out.interrupted}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(**json.loads(sys.argv[1])))
