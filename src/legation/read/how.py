"""What the caller asked for, and where a stream comes from: handed to every reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

InputFormat = Literal[
    "auto", "text", "html", "markdown", "jsonl", "json", "csv", "tsv", "parquet", "feed", "warc", "mail", "mbox", "pdf",
    "urls", "zip",
]  # fmt: skip
FORMATS: tuple[str, ...] = get_args(InputFormat)


@dataclass(frozen=True, slots=True)
class How:
    """The arguments of `read_paths`. `columns` goes from our field ("text") to the caller's column ("body")."""

    input_format: InputFormat = "auto"
    date: str | None = None
    no_clean: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    fetch: bool = False
    allow_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where bytes come from. `name` (a path or URL) stands in messages and is the id of a single document.

    `charset` is what a server said about the encoding, `url` the page's own address where it was fetched.
    """

    name: str
    url: str | None = None
    charset: str | None = None

    def part(self, what: str, number: int) -> str:
        """The name of one item in it: "crawl.warc.gz record 7"."""
        return f"{self.name} {what} {number}"

    def id(self, number: int) -> str:
        """The id of an item that brings none itself."""
        return f"{self.name}:{number}"
