"""Records of a JSONL file as a store in a temporary file, so that every question to a store can be put to a file."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from legation.export.parts import Record
from legation.problems import SettingsError

if TYPE_CHECKING:
    from legation.store import Store

BATCH = 500  # articles loaded at a time
KEYS = ("id", "article", "type", "status", "actor", "recipient", "date", "sentence")  # what makes a line a record


def read_records(lines: Iterable[str], name: str) -> Iterator[Record]:
    """The records of a JSONL file. SettingsError names the first line that is none; empty lines are passed over."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise SettingsError(f"{name}, line {number}: is not JSON ({error})") from None
        if not isinstance(record, dict) or not all(key in record for key in KEYS):
            message = "is no event record as `legation code --format jsonl` writes it"
            raise SettingsError(f"{name}, line {number}: {message}")
        yield record


@contextlib.contextmanager
def as_store(records: Iterable[Record]) -> Iterator[Store]:
    """A store with these records, gone afterwards. A record id that comes twice counts once."""
    from legation.store import Item, RunRow, Store

    with (
        tempfile.TemporaryDirectory(prefix="legation-") as folder,
        Store.open(Path(folder) / "records", create=True) as store,
    ):
        waiting: dict[tuple[str, str], dict[str, Record]] = {}

        def load() -> None:
            by_run = groupby(sorted(waiting), key=lambda pair: pair[0])
            for run, pairs in by_run:
                items = []
                for pair in pairs:
                    found = tuple(waiting[pair].values())
                    article = {**found[0]["article"], "article_id": pair[1]}
                    del article["id"]
                    items.append(Item(key=pair[1], path=None, article=article, records=found))
                store.load(RunRow(run), items)
            waiting.clear()

        for record in records:
            waiting.setdefault((record.get("run") or "", record["article"]["id"]), {})[record["id"]] = record
            if len(waiting) > BATCH:
                load()
        load()
        yield store
