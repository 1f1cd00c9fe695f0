"""The forms in which `legation code` prints events: table, jsonl, json, csv."""

from __future__ import annotations

import csv
import sys
from typing import Any, Protocol

from legation.model.coded import Coded
from legation.record.written import dump, to_dict


class Writer(Protocol):
    """Prints documents one after the other."""

    def add(self, coded: Coded) -> None:
        """Print the events of one document."""

    def close(self) -> None:
        """Print what comes at the end."""


class JsonLines:
    """One record a line."""

    def add(self, coded: Coded) -> None:
        """Print the events of one document."""
        for record in coded.records:
            print(dump(to_dict(record, coded)))

    def close(self) -> None:
        """Nothing comes at the end."""


class Json:
    """One array of all records, one record a line."""

    def __init__(self) -> None:
        self.first = True

    def add(self, coded: Coded) -> None:
        """Print the events of one document."""
        for record in coded.records:
            print("[" if self.first else ",")
            print(dump(to_dict(record, coded)), end="")
            self.first = False

    def close(self) -> None:
        """End the array."""
        print("[]" if self.first else "\n]")


COLUMNS = (
    "id",
    "article",
    "published",
    "type",
    "mode",
    "contexts",
    "cameo",
    "quad",
    "score",
    "goldstein",
    "actor",
    "actor_country",
    "actor_sector",
    "recipient",
    "recipient_country",
    "recipient_sector",
    "aux",
    "status",
    "source",
    "source_country",
    "source_sector",
    "stance",
    "date_start",
    "date_end",
    "date_precision",
    "date_basis",
    "place",
    "place_country",
    "lat",
    "lon",
    "anchor",
    "anchor_start",
    "anchor_end",
    "sentence",
    "confidence",
    "content_key",
    "run",
)


class Csv:
    """One record a row; several parties or sources in one cell are joined by "; ". Unknown is an empty cell."""

    def __init__(self) -> None:
        self.out = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
        self.out.writeheader()

    def add(self, coded: Coded) -> None:
        """Print the events of one document."""
        for record in coded.records:
            self.out.writerow(flat(to_dict(record, coded)))

    def close(self) -> None:
        """Nothing comes at the end."""


def flat(record: dict[str, Any]) -> dict[str, Any]:
    """A written record as cells."""
    date, place, links = record["date"], record["place"] or {}, record["attribution"]
    sides = {
        f"{side}{suffix}": _joined(x[key] for x in record[side])
        for side in ("actor", "recipient")
        for suffix, key in (("", "text"), ("_country", "country"), ("_sector", "sector"))
    }
    same = ("id", "content_key", "type", "mode", "cameo", "quad", "score", "goldstein", "aux", "status", "run")
    return {
        **{key: record[key] for key in same},
        **sides,
        "article": record["article"]["id"],
        "published": record["article"]["published"],
        "contexts": _joined(record["contexts"]),
        "source": _joined(x["text"] for x in links),
        "source_country": _joined(x["country"] for x in links),
        "source_sector": _joined(x["sector"] for x in links),
        "stance": _joined(x["stance"] for x in links),
        **{f"date_{key}": date[key] for key in ("start", "end", "precision", "basis")},
        "place": place.get("name"),
        "place_country": place.get("country"),
        "lat": place.get("lat"),
        "lon": place.get("lon"),
        "anchor": record["anchor"]["text"],
        "anchor_start": record["anchor"]["start"],
        "anchor_end": record["anchor"]["end"],
        "sentence": record["sentence"]["text"],
        "confidence": record["confidence"],
    }


def _joined(values: Any) -> str:
    return "; ".join("" if v is None else str(v) for v in values)


def writer(name: str) -> Writer:
    """The writer of a format."""
    if name == "table":
        from legation.cli.table import Table

        return Table()
    kinds: dict[str, type[JsonLines | Json | Csv]] = {"jsonl": JsonLines, "json": Json, "csv": Csv}
    return kinds[name]()
