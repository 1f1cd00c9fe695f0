"""WARC: the pages of a crawl. A record that is broken is named and left out; the next one is looked for behind it.

The day of the crawl is no day of publication: it is not used, what the page itself says is (see clean/).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from legation.model.text import Kind, RawDocument
from legation.problems import DocumentError, Problem
from legation.read.decode import decode
from legation.read.how import How, Source
from legation.read.items import web_address
from legation.read.limits import MAX_HTML_BYTES, MAX_TEXT_BYTES, megabytes
from legation.read.unpack import unpack_bytes
from legation.read.warc_records import Record, dechunked, http_parts, records_of

_PAGES = ("text/html", "application/xhtml+xml")
_KEEP = MAX_HTML_BYTES + 64_000  # of one record: a page and the headers of its server
_MOST_BROKEN = 1_000  # places; an archive with more is not worth reading on
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.I)


def read_warc(stream: BinaryIO, source: Source, how: How) -> Iterator[RawDocument | Problem]:
    """Every page of the archive (answers with status 200 that hold HTML), and texts that a crawler made of pages."""
    name = source.name
    number, broken, found = 0, 0, 0
    for record in records_of(stream, name, _KEEP):
        number += 1
        if isinstance(record, str):
            broken += 1
            if number == 1 and record == "no record begins here":
                yield Problem("damaged", "does not begin like a WARC archive", name, name)
            else:
                yield Problem("damaged", f"cannot be read ({record})", source.part("record", number), source.id(number))
            if broken >= _MOST_BROKEN:
                reason = f"is broken in {broken:,} places; the rest was left alone"
                yield Problem("damaged", reason, name, name)
                return
            continue
        document = _document(record, source, number, how)
        if document is not None:
            found += 1
            yield document
    if not found and not broken:
        reason = "is empty" if not number else f"holds no page ({number:,} records, none of them HTML with status 200)"
        yield Problem("empty", reason, name, name)


def _document(record: Record, source: Source, number: int, how: How) -> RawDocument | Problem | None:
    """The page of a record; None when it holds none."""
    headers = record.headers
    body, kind, charset = record.payload, headers.get("content-type", "").lower(), None
    url = web_address(headers.get("warc-target-uri", "").strip("<>"))
    id_ = headers.get("warc-record-id", "").strip("<> ") or source.id(number)
    name = source.part("record", number) + (f" ({url})" if url else "")
    encoding = transfer = ""
    match headers.get("warc-type", "").lower():
        case "response" if kind.startswith("application/http") or body.startswith(b"HTTP/"):
            parts = http_parts(body)
            if parts is None:
                return Problem("damaged", "holds no answer of a web server", name, id_)
            status, http, body = parts
            kind = http.get("content-type", "").lower()
            encoding = http.get("content-encoding", "").lower().strip()
            transfer = http.get("transfer-encoding", "").lower()
            if status != 200:
                return None
        case "resource" | "conversion":
            pass
        case _:
            return None
    page = kind.startswith(_PAGES)
    if not page and not kind.startswith("text/plain"):
        return None
    limit = MAX_HTML_BYTES if page else MAX_TEXT_BYTES
    if record.length > len(record.payload) or len(body) > limit:
        return Problem("too-large", f"is longer than {megabytes(limit)}", name, id_)
    try:
        plain = _plain(body, encoding, transfer, limit, name, id_)
        if named := _CHARSET.search(kind):
            charset = named.group(1)
        if not plain.strip():
            return Problem("empty", "is empty", name, id_)
        text = decode(plain, name, html=page, id_=id_, charset=charset)
    except DocumentError as error:
        return error.problem
    what: Kind = "html" if page else "text"
    return RawDocument(id_, text, what, name, date=how.date, url=url, already_clean=how.no_clean and not page)


def _plain(body: bytes, encoding: str, transfer: str, limit: int, name: str, id_: str) -> bytes:
    """The body as the server meant it. DocumentError when it is damaged or unpacks to too much."""
    plain: bytes | None = body
    if "chunked" in transfer:
        plain = dechunked(body)
    for one in reversed([x.strip() for x in encoding.split(",") if x.strip() not in ("", "identity", "none")]):
        plain = unpack_bytes(plain, one, limit) if plain is not None else None
    if plain is None:
        what = f"its content ({encoding or transfer}) cannot be unpacked"
        raise DocumentError(Problem("damaged", what, name, id_))
    if len(plain) > limit:
        raise DocumentError(Problem("too-large", f"unpacks to more than {megabytes(limit)}", name, id_))
    return plain
