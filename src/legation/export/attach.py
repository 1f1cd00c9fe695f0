"""Words back into a copyright-safe export, from the user's own copies of the articles.

A span gets its words only when their hash is the one in the export: what is put back is what was coded, or nothing.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from legation.export.flat import SIDES, SPANS
from legation.export.parts import Record
from legation.export.safe import digest


@dataclass(frozen=True, slots=True)
class Copy:
    """Somebody's own copy of an article after cleaning. `id` and `url` only help to find it; the hashes decide."""

    id: str
    url: str | None
    title: str | None
    text: str


class Shelf:
    """The user's articles, packed, found by the hash of their text, else by id, address or title."""

    def __init__(self, copies: Iterable[Copy]) -> None:
        self._packed: list[bytes] = []
        self._titles: list[str | None] = []
        self._by_text: dict[str, int] = {}
        self._by_name: dict[str, list[int]] = {}
        self._last: tuple[int, str] | None = None
        for copy in copies:
            self._add(copy)

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self._packed)

    def _add(self, copy: Copy) -> None:
        k = len(self._packed)
        self._packed.append(zlib.compress(copy.text.encode("utf8", "surrogatepass"), 1))
        self._titles.append(copy.title)
        self._by_text.setdefault(digest(copy.text), k)
        names = [f"id {copy.id}", f"url {copy.url}" if copy.url else None]
        names.append(f"title {digest(copy.title)}" if copy.title else None)
        for name in names:
            if name is not None:
                self._by_name.setdefault(name, []).append(k)

    def candidates(
        self, *, text: str | None, id: str | None, url: str | None, title: str | None  # noqa: A002
    ) -> list[int]:
        """Numbers of the copies that may be this article, the likeliest first. `text`, `title` are hashes."""
        found = [self._by_text[text]] if text in self._by_text else []
        for name in (f"id {id}", f"url {url}" if url else "", f"title {title}" if title else ""):
            found.extend(self._by_name.get(name, ()))
        return list(dict.fromkeys(found))

    def text(self, k: int) -> str:
        """The text of a copy. The last one is kept, because records of one article stand together."""
        if self._last is None or self._last[0] != k:
            self._last = (k, zlib.decompress(self._packed[k]).decode("utf8", "surrogatepass"))
        return self._last[1]

    def title(self, k: int) -> str | None:
        """The title of a copy."""
        return self._titles[k]


@dataclass
class Report:
    """What was put back. `missing`: articles of which there is no copy; `different`: (record, field) whose words
    differ in every copy, with the article.
    """

    records: int = 0
    spans: int = 0
    missing: dict[str, int] = field(default_factory=dict)
    different: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every word is back."""
        return not self.missing and not self.different


def attach_record(record: Record, shelf: Shelf, report: Report) -> Record:
    """The record with its words. One that is not complete keeps its hashes where the words are not known."""
    article = record["article"]
    copies = shelf.candidates(
        text=article.get("text_sha256"), id=article["id"], url=article["url"], title=article.get("title_sha256")
    )
    report.records += 1
    if not copies:
        report.missing[article["id"]] = report.missing.get(article["id"], 0) + 1
        return record
    best: tuple[int, list[str], Record] | None = None
    for k in copies:
        filler = _Filler(shelf.text(k))
        made: Record = {key: filler.fill(value, key) for key, value in record.items() if key != "article"}
        _date(made, record, filler)
        made["article"] = _article(article, shelf.title(k), filler)
        if best is None or len(filler.failed) < len(best[1]):
            best = (filler.filled, filler.failed, made)
        if not filler.failed:
            break
    assert best is not None
    report.spans += best[0]
    report.different.extend((record["id"], name, article["id"]) for name in best[1])
    return best[2]


class _Filler:
    """Puts the words of one text into the spans of one record."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.filled = 0
        self.failed: list[str] = []

    def words(self, start: Any, end: Any, wanted: str | None, name: str) -> str | None:
        """The words at the offsets when they have this hash; None, with the name noted, when they have not."""
        if isinstance(start, int) and isinstance(end, int):
            words = self.text[start:end]
            if digest(words) == wanted:
                self.filled += 1
                return words
        self.failed.append(name)
        return None

    def fill(self, value: Any, name: str) -> Any:
        """The same value with words in its spans."""
        if isinstance(value, list):
            return [self.fill(v, f"{name}.{k}") for k, v in enumerate(value)]
        if not isinstance(value, dict):
            return value
        made = {key: self.fill(v, f"{name}.{key}") for key, v in value.items()}
        if name == "date" or value.get("sha256") is None:
            if "sha256" in made and made["sha256"] is None:
                del made["sha256"]
            return made
        start, end = value["start"], value["end"]
        words = self.words(start, end, value["sha256"], name)
        if words is None:
            return made
        made["text"] = words
        del made["sha256"]
        if "head_at" in made:
            at = made.pop("head_at")
            made["head"] = None if at is None else words[at[0] : at[1]]
        before, after = made.pop("prefix_length", None), made.pop("suffix_length", None)
        if before is not None and after is not None:
            made |= {"prefix": self.text[max(0, start - before) : start], "suffix": self.text[end : end + after]}
        return made


def _date(made: Record, record: Record, filler: _Filler) -> None:
    """The words of the date: their offsets stand in the evidence, because `start` and `end` of a date are days."""
    wanted = record["date"].get("sha256")
    if wanted is None:
        return
    for entry in record["evidence"]:
        if entry["field"] == "date" and entry["sha256"] == wanted:
            words = filler.words(entry["start"], entry["end"], wanted, "date")
            if words is not None:
                made["date"] = {k: v for k, v in made["date"].items() if k != "sha256"} | {"text": words}
            return
    filler.failed.append("date")


def _article(article: dict[str, Any], title: str | None, filler: _Filler) -> dict[str, Any]:
    made = {k: v for k, v in article.items() if k not in ("title_sha256", "text_sha256")}
    wanted = article.get("title_sha256")
    if wanted is not None:
        if title is not None and digest(title) == wanted:
            made["title"] = title
        else:
            filler.failed.append("article.title")
            made["title_sha256"] = wanted
    return made


def attach_rows(rows: Iterable[dict[str, str]], shelf: Shelf, report: Report) -> Iterator[dict[str, str]]:
    """The same for rows of the safe CSV form: the columns of words are filled, the hashes stay."""
    for row in rows:
        report.records += 1
        copies = shelf.candidates(
            text=row["article_sha256"], id=row["article"], url=row["url"], title=row["title_sha256"]
        )
        if not copies:
            report.missing[row["article"]] = report.missing.get(row["article"], 0) + 1
            yield row
            continue
        made, best = row, _Filler("")
        for n, k in enumerate(copies):
            filler = _Filler(shelf.text(k))
            tried = _row(row, filler, shelf.title(k))
            if n == 0 or len(filler.failed) < len(best.failed):
                made, best = tried, filler
        report.spans += best.filled
        report.different.extend((row["id"], name, row["article"]) for name in best.failed)
        yield made


def _row(row: dict[str, str], filler: _Filler, title: str | None) -> dict[str, str]:
    made = dict(row)
    for column in (*SPANS, *(side for side, _ in SIDES)):
        starts, ends, hashes = (row[f"{column}_{part}"].split("; ") for part in ("start", "end", "sha256"))
        if not any(hashes):
            continue
        if not len(starts) == len(ends) == len(hashes):
            filler.failed.append(column)
            continue
        found = []
        for start, end, wanted in zip(starts, ends, hashes, strict=True):
            numbers = start.isdigit() and end.isdigit()
            found.append(filler.words(int(start), int(end), wanted, column) if numbers and wanted else None)
        made[column] = "; ".join(words or "" for words in found)
    if row["title_sha256"]:
        if title is not None and digest(title) == row["title_sha256"]:
            made["title"] = title
        else:
            filler.failed.append("title")
    return made
