"""What one item became, as plain values: the unit that shards carry and the loader stores."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from legation.model.coded import Coded
from legation.model.events import Rejected
from legation.model.run import Run
from legation.model.text import Article, RawDocument, Removed
from legation.problems import Problem
from legation.record.written import to_dict


@dataclass(frozen=True, slots=True)
class Item:
    """One item after its turn: an article with its records, or a problem, or `again`: coded under this run before.

    `key` says which item it was (see `item_key`). With `again` only the key is set: the article's older records
    become the current ones once more.
    """

    key: str
    path: str | None = None
    article: dict[str, Any] | None = None
    records: tuple[dict[str, Any], ...] = ()
    rejected: tuple[dict[str, Any], ...] = ()
    problem: Problem | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the store keeps it: what it was made with. `started` and `command` are the first ingest's."""

    run: str
    package: str | None = None
    codebook: str | None = None
    resources: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    started: str | None = None
    command: str | None = None
    note: str | None = None


def item_key(raw: RawDocument | Problem) -> str:
    """24 hex digits over everything that was given: its id, its text, the date, title and address given with it.

    A file that changed, or is given another date, is another item; one that did not is known again, and so is a
    line that moved (`name` does not count; where an item has no id of its own, its id is its place). A problem of
    reading stands for its place: nothing else is known of it.
    """
    if isinstance(raw, Problem):
        given: list[Any] = ["problem", raw.name, raw.id, raw.code]
    else:
        content = hashlib.sha256(raw.content.encode("utf8", "surrogatepass")).hexdigest()
        others = [
            getattr(raw, f.name) for f in dataclasses.fields(raw) if f.name not in ("content", "name", "spans", "pair")
        ]
        given = ["item", content, *others]
    return hashlib.sha256(json.dumps(given, ensure_ascii=True).encode()).hexdigest()[:24]


def item_of(raw: RawDocument, coded: Coded) -> Item:
    """What a coded document becomes in the store."""
    return Item(
        key=item_key(raw),
        path=raw.name,
        article=article_row(coded.article, raw),
        records=tuple(to_dict(record, coded) for record in coded.records),
        rejected=tuple(rejected_row(one, coded.article) for one in coded.rejected),
    )


def article_row(article: Article, raw: RawDocument) -> dict[str, Any]:
    """The row of `articles`, without run and item."""
    return {
        "article_id": article.id,
        "path": raw.name,
        "title": article.title,
        "url": article.url,
        "publication": article.publication,
        "author": article.author,
        "language": article.language,
        "published": article.published,
        "published_basis": article.published_basis,
        "digest": hashlib.sha256(raw.content.encode("utf8", "surrogatepass")).hexdigest(),
        "text": article.text,
        "removed": [removed_row(one) for one in article.removed],
        "words": len(article.text.split()),
    }


def removed_row(one: Removed) -> dict[str, Any]:
    """What was taken out: start and end point into the text as given, None for HTML. `kind` where cleaning has one."""
    row = {"text": one.text, "reason": one.reason, "start": one.raw_start, "end": one.raw_end, "at": one.at}
    return {**row, "kind": getattr(one, "kind", one.reason)}


def rejected_row(one: Rejected, article: Article) -> dict[str, Any]:
    """A dropped candidate: what it would have been, its words, and the reason."""
    c = one.candidate
    return {
        "reason": one.reason,
        "type": c.type,
        "mode": c.mode,
        "start": c.start,
        "end": c.end,
        "text": article.text[c.start : c.end],
        "actor": [p.text for p in c.actors],
        "recipient": [p.text for p in c.recipients],
        "rule": c.rule,
        "frame": c.frame,
    }


def run_row(run: Run, started: str | None = None, command: str | None = None, note: str | None = None) -> RunRow:
    """The store's row of a run. The parser counts among the resources."""
    resources = dict(run.files) | {"parser": " ".join(run.parser)}
    book = [pair for pair in run.files if pair[0].startswith("codebook/")]
    digest = hashlib.sha256(json.dumps(book, ensure_ascii=True).encode()).hexdigest()[:16]
    return RunRow(run.id, run.version, digest, resources, dict(run.settings), started, command, note)
