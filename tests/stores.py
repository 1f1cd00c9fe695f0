"""Stores for tests: seven coded articles of our own, or as many rows as a test wants, without loading the parser.

`python tests/stores.py` codes tests/data/store/articles.jsonl anew. That is only needed when the record gets other
keys: what the rules say of these articles today does not matter, and several tests count the events as they are.
"""

from __future__ import annotations

import copy
import datetime
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from legation.problems import Problem
from legation.store import Item, RunRow, Store

FOLDER = Path(__file__).parent / "data" / "store"
ARTICLES = FOLDER / "articles.jsonl"
ITEMS = FOLDER / "items.jsonl"  # what `legation ingest` makes of them
RUN = RunRow("run-one", "0.1.0", "book", {"events/rules/agree.yml": "1111"}, {"engine": "rules"}, "2024-07-06T10:00:00")


def coded_items(run: str = RUN.run) -> list[Item]:
    """The coded articles, as if `run` had coded them."""
    found = []
    for line in ITEMS.read_text("utf8").splitlines():
        item = json.loads(line)
        for record in item["records"]:
            record["run"] = run
        item["records"], item["rejected"] = tuple(item["records"]), tuple(item["rejected"])
        found.append(Item(**item))
    return found


def coded_records() -> list[dict[str, Any]]:
    """Their records, in the order of the text."""
    return [record for item in coded_items() for record in item.records]


def make_store(path: Path, *, failing: bool = True) -> Path:
    """A store with the coded articles and, with `failing`, one item in quarantine."""
    items = coded_items()
    if failing:
        problem = Problem("encoding", "is not UTF-8 (invalid start byte at byte 3)", "broken.txt", "broken.txt")
        items.append(Item("0" * 24, "broken.txt", problem=problem))
    with Store.open(path, create=True) as store:
        store.load(RUN, items, shard="shard-one", loaded_at="2024-07-06T10:00:00")
    return path


def many_items(count: int, *, per_article: int = 10, run: str = RUN.run) -> Iterator[Item]:
    """`count` records that vary in type, pair, day, status and source: for measuring, not for reading."""
    pattern = next(r for r in coded_records() if r["actor"] and r["recipient"])
    template = next(i for i in coded_items() if i.article is not None)
    assert template.article is not None
    countries = ("NOR", "ISL", "SWE", "DNK", "FIN", "KAZ", "MNG", "TCD", "SDN", "RUS", "UKR", "USA", "CHN", "IND")
    types = (("SANCTION", 4), ("CONSULT", 1), ("ACCUSE", 3), ("AID", 2), ("ASSAULT", 4), ("AGREE", 1))
    statuses = ("happened", "happened", "alleged", "denied", "planned", "predicted", "historical")
    first = datetime.date(2015, 1, 1)
    for a in range(0, count, per_article):
        name, day = f"many-{a:08d}", (first + datetime.timedelta(days=a // per_article % 3600)).isoformat()
        records = []
        for k in range(a, min(a + per_article, count)):
            record = {**pattern, "id": f"{k:016x}", "content_key": f"{k % 5000:016x}", "run": run}
            record["article"] = {**pattern["article"], "id": name, "published": day}
            record["type"], record["quad"] = types[k % len(types)]
            record["mode"] = None
            record["status"] = statuses[k % len(statuses)]
            record["date"] = {**pattern["date"], "start": day, "end": day}
            record["confidence"] = round(0.3 + (k * 7919 % 700) / 1000, 3)
            for side, step in (("actor", 1), ("recipient", 5)):
                party, country = copy.copy(pattern[side][0]), countries[k // 7 * step % len(countries) - (step > 1)]
                party |= {"country": country, "sector": ("GOV", "MIL", "REB")[k % 3], "entity_id": f"country:{country}"}
                party["code"] = party["country"] + party["sector"]
                record[side] = [party]
            records.append(record)
        article = {**template.article, "article_id": name, "published": day, "digest": name}
        yield Item(f"{a:024x}", f"{name}.txt", article, tuple(records))


def big_store(path: Path, count: int, *, at_once: int = 20_000) -> Path:
    """A store with `count` events of `many_items`."""
    with Store.open(path, create=True) as store:
        batch: list[Item] = []
        for item in many_items(count):
            batch.append(item)
            if len(batch) * 10 >= at_once:
                store.load(RUN, batch)
                batch = []
        if batch:
            store.load(RUN, batch)
    return path


if __name__ == "__main__":
    from legation.model.text import RawDocument
    from legation.pipeline import code_document
    from legation.resources import load_resources
    from legation.settings import Settings
    from legation.store import item_of

    resources = load_resources(Settings())
    with ITEMS.open("w", encoding="utf8") as out:
        for given in map(json.loads, ARTICLES.read_text("utf8").splitlines()):
            text = given.pop("text")
            raw = RawDocument(content=text, kind="text", name=f"articles.jsonl line {given['id']}", **given)
            line = asdict(item_of(raw, code_document(raw, resources)))
            assert line["article"] is not None
            print(json.dumps(line, ensure_ascii=False, sort_keys=True), file=out)
