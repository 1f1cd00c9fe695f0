"""Counts over the records of an export, kept while they pass."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from legation.export.parts import Record

FIELDS = ("type", "status", "aux", "quad", "run")
NONE = "(none)"


@dataclass
class Tally:
    """What is counted. Days are ISO days or None when there were none."""

    records: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    counts: dict[str, Counter[str]] = field(
        default_factory=lambda: {f: Counter() for f in (*FIELDS, "publication", "language", "mode", "precision")}
    )
    articles: set[bytes] = field(default_factory=set)
    first_day: str | None = None
    last_day: str | None = None
    first_published: str | None = None
    last_published: str | None = None
    with_recipient: int = 0
    with_place: int = 0
    attributed: int = 0

    def add(self, record: Record) -> None:
        """Count a record that is written."""
        self.records += 1
        article = record["article"]
        for name in FIELDS:
            self.counts[name][_shown(record[name])] += 1
        self.counts["mode"][f"{record['type']}/{_shown(record['mode'])}"] += 1
        self.counts["publication"][_shown(article["publication"])] += 1
        self.counts["language"][_shown(article["language"])] += 1
        self.counts["precision"][_shown(record["date"]["precision"])] += 1
        # eight bytes for each article: a hundred million articles would make one wrong count in a thousand such files
        self.articles.add(hash64(article["id"]))
        self.first_day, self.last_day = _span(self.first_day, self.last_day, record["date"]["start"])
        self.first_published, self.last_published = _span(
            self.first_published, self.last_published, article["published"]
        )
        self.with_recipient += bool(record["recipient"])
        self.with_place += record["place"] is not None and record["place"]["lat"] is not None
        self.attributed += bool(record["attribution"])

    def leave_out(self, record: Record) -> None:
        """Count a record that has no place in the layout, by its status."""
        self.left_out[_shown(record["status"])] += 1


def hash64(text: str) -> bytes:
    """Eight bytes for a text."""
    import hashlib

    return hashlib.blake2b(text.encode("utf8", "surrogatepass"), digest_size=8).digest()


def _shown(value: object) -> str:
    return NONE if value is None else str(value)


def _span(first: str | None, last: str | None, day: str | None) -> tuple[str | None, str | None]:
    if day is None:
        return first, last
    return (day if first is None or day < first else first), (day if last is None or day > last else last)
