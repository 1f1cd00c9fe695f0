"""One stream of bytes to the reader for its kind."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, cast

from legation.model.text import Kind, RawDocument
from legation.problems import DocumentError, Problem
from legation.read.decode import BOMS, decode, looks_like_html
from legation.read.how import How, Source
from legation.read.items import read_json, read_jsonl
from legation.read.kinds import SUFFIXES, by_content, by_type, is_address, only_addresses, suffix_of
from legation.read.limits import MAX_HTML_BYTES, MAX_JSON_BYTES, MAX_TEXT_BYTES, megabytes
from legation.read.streams import bounded, head_of, peekable
from legation.read.unpack import GZIP, spool, unpack_gzip, zip_members

if TYPE_CHECKING:
    from legation.read.fetch import Fetched, Fetcher

Found = Iterator[RawDocument | Problem]
_DEEPEST = 2  # packed things inside packed things
NOT_FETCHED = "nothing is fetched from the web without --fetch"


class Dispatch:
    """Holds what was asked for, and the fetcher once there is something to fetch."""

    def __init__(self, how: How) -> None:
        self.how = how
        self._fetcher: Fetcher | None = None

    def read(self, stream: BinaryIO, source: Source, suffix: str, *, told: str | None = None, deep: int = 0) -> Found:
        """The documents of a stream. `told` is the kind that a server named. DocumentError for the whole of it."""
        how = self.how
        buffered = peekable(stream)
        head = head_of(buffered)
        kind = how.input_format if how.input_format != "auto" else SUFFIXES.get(suffix)
        if head.startswith(GZIP) and kind != "warc":
            if deep >= _DEEPEST:
                reason = f"is packed more than {_DEEPEST} times"
                raise DocumentError(Problem("too-large", reason, source.name, source.name))
            yield from self.read(unpack_gzip(buffered, source.name), source, suffix, told=told, deep=deep + 1)
            return
        if kind is None:
            kind = by_content(head) or told or "text"
        yield from self._kind(kind, buffered, source, deep)

    def _kind(self, kind: str, stream: io.BufferedReader, source: Source, deep: int) -> Found:
        how = self.how
        match kind:
            case "jsonl":
                yield from read_jsonl(stream, source, how)
            case "json":
                data = bounded(stream, MAX_JSON_BYTES, source.name)
                yield from read_json(decode(data, source.name, html=False, id_=source.name), source, how)
            case "markdown":
                from legation.read.markdown import read_markdown

                yield from read_markdown(stream, source, how)
            case "csv" | "tsv":
                from legation.read.table import read_table

                yield from read_table(stream, source, how, "\t" if kind == "tsv" else None)
            case "parquet":
                from legation.read.parquet import read_parquet

                yield from read_parquet(stream, source, how)
            case "feed":
                from legation.read.feed import read_feed

                yield from read_feed(stream, source, how)
            case "warc":
                from legation.read.warc import read_warc

                yield from read_warc(stream, source, how)
            case "mail":
                from legation.read.mail import read_mail

                yield from read_mail(stream, source, how)
            case "mbox":
                from legation.read.mail import read_mbox

                yield from read_mbox(stream, source, how)
            case "pdf":
                from legation.read.pdf import read_pdf

                yield from read_pdf(stream, source, how)
            case "urls":
                data = bounded(stream, MAX_TEXT_BYTES, source.name)
                yield from self._addresses(decode(data, source.name, html=False, id_=source.name), source)
            case "zip":
                yield from self._archive(stream, source, deep)
            case _:
                yield from self._text(stream, source, kind)

    def _text(self, stream: BinaryIO, source: Source, kind: str) -> Found:
        """Plain text or a page."""
        name = source.name
        data = bounded(stream, MAX_HTML_BYTES, name)
        if not data.strip():
            raise DocumentError(Problem("empty", "is empty", name, name))
        page = kind == "html" or looks_like_html(data[:20_000].decode("latin-1"))
        text = decode(data, name, html=page, id_=name, charset=source.charset)
        what: Kind = "html" if kind == "html" or (self.how.input_format != "text" and looks_like_html(text)) else "text"
        if what == "text" and len(data) > MAX_TEXT_BYTES:
            raise DocumentError(Problem("too-large", f"is longer than {megabytes(MAX_TEXT_BYTES)}", name, name))
        if not text.strip():
            raise DocumentError(Problem("empty", "is empty", name, name))
        if what == "text" and self.how.input_format == "auto" and only_addresses(text):
            yield from self._addresses(text, source)
            return
        clean = self.how.no_clean and what == "text"
        yield RawDocument(name, text, what, name, date=self.how.date, url=source.url, already_clean=clean)

    def _archive(self, stream: BinaryIO, source: Source, deep: int) -> Found:
        if deep >= _DEEPEST:
            reason = f"is packed more than {_DEEPEST} times"
            raise DocumentError(Problem("too-large", reason, source.name, source.name))
        found = False
        for member in zip_members(spool(stream, source.name), source.name):
            if isinstance(member, Problem):
                found = True
                yield member
                continue
            name, plain = member
            suffix = suffix_of(name)
            if suffix not in SUFFIXES:
                continue
            found = True
            try:
                yield from self.read(plain, replace(source, name=name), suffix, deep=deep + 1)
            except DocumentError as error:
                yield error.problem
        if not found:
            reason = "the archive holds no file that is read"
            yield Problem("empty", reason, source.name, source.name)

    def _addresses(self, text: str, source: Source) -> Found:
        """A list of addresses, one a line; lines that begin with # are notes."""
        lines = [(k, x.strip()) for k, x in enumerate(text.splitlines(), 1) if x.strip() and x.strip()[0] != "#"]
        if not lines:
            raise DocumentError(Problem("empty", "holds no address", source.name, source.name))
        if not self.how.fetch:
            reason = f"is a list of addresses ({len(lines):,}); {NOT_FETCHED}"
            raise DocumentError(Problem("not-fetched", reason, source.name, source.name))
        for number, line in lines:
            if is_address(line):
                yield from self.address(line)
            else:
                reason = "is no address that begins with http:// or https://"
                yield Problem("bad-item", reason, source.part("line", number), source.id(number))

    def address(self, url: str) -> Found:
        """What stands at an address: a page, a feed, a PDF, whatever is read from files. Problems are values here."""
        try:
            if not self.how.fetch:
                raise DocumentError(Problem("not-fetched", f"is an address on the web; {NOT_FETCHED}", url, url))
            fetched = self.fetcher.fetch(url)
            yield from self._fetched(url, fetched)
        except DocumentError as error:
            yield error.problem

    @property
    def fetcher(self) -> Fetcher:
        """Made when the first address comes."""
        if self._fetcher is None:
            from legation.read.fetch import Fetcher

            self._fetcher = Fetcher(self.how.allow_hosts)
        return self._fetcher

    def _fetched(self, url: str, fetched: Fetched) -> Found:
        source = Source(url, fetched.url, fetched.charset)
        told = by_type(fetched.kind)
        head = fetched.body[:4096]
        known = told or by_content(head) or head.startswith((GZIP, *(bom for bom, _ in BOMS)))
        if not known and b"\x00" in head:
            reason = f"is nothing that can be read ({fetched.kind or 'of no named type'})"
            raise DocumentError(Problem("binary", reason, url, url))
        how = self.how
        if how.input_format == "urls":  # the list was one of addresses, what stands there is not
            how = replace(how, input_format="auto")
        inner = Dispatch(how)
        inner._fetcher = self._fetcher
        yield from inner.read(cast(BinaryIO, io.BytesIO(fetched.body)), source, "", told=told)
