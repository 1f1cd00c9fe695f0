"""RSS and Atom: an entry, a document, with what the feed says about it. Nothing is fetched."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from legation.model.text import RawDocument
from legation.problems import DocumentError, Problem
from legation.read.days import mail_day
from legation.read.feed_head import is_feed, is_page
from legation.read.fragment import text_of
from legation.read.how import How, Source
from legation.read.items import language_code, web_address
from legation.read.limits import MAX_FEED_BYTES, MAX_TEXT_BYTES, megabytes
from legation.read.streams import bounded

_GLOBAL_ID = re.compile(r"(?:https?://|urn:|tag:)\S{4,}", re.I)
_MOST_ENTRIES = 20_000


def read_feed(stream: BinaryIO, source: Source, how: How) -> Iterator[RawDocument | Problem]:
    """Every entry: its whole content where the feed has it, else its summary."""
    name = source.name
    data = bounded(stream, MAX_FEED_BYTES, name)
    if not data.strip():
        raise DocumentError(Problem("empty", "is empty", name, name))
    if not is_feed(data):
        what = "is an HTML page, perhaps of an error" if is_page(data) else "is neither RSS nor Atom"
        raise DocumentError(Problem("not-a-feed", f"{what}; no feed stands in it", name, name))
    import feedparser

    headers = {"content-type": f"application/xml; charset={source.charset}"} if source.charset else {}
    try:
        parsed: Any = feedparser.parse(io.BytesIO(data), response_headers=headers, sanitize_html=True)
    except Exception as error:  # the library has faults with damaged feeds, of many types
        reason = f"is damaged in a way that cannot be read ({type(error).__name__}: {error})"
        raise DocumentError(Problem("damaged", reason, name, name)) from error
    entries = parsed.entries
    if not entries:
        reason = "holds no entry"
        if parsed.get("bozo"):
            reason += f" that can be read ({' '.join(str(parsed.get('bozo_exception')).split())[:200]})"
        raise DocumentError(Problem("empty", reason, name, name))
    for number, entry in enumerate(entries[:_MOST_ENTRIES], 1):
        yield _entry(entry, parsed.feed, number, source, how)
    if len(entries) > _MOST_ENTRIES:
        yield Problem("too-large", f"holds more than {_MOST_ENTRIES:,} entries; the rest was left alone", name, name)
    elif parsed.get("bozo") and _cut(data):
        yield Problem("damaged", "ends in the middle; the entries before that have been read", name, name)


def _cut(data: bytes) -> bool:
    """Whether the file stops before its root element is closed."""
    return not re.search(rb"</(?:[a-z]+:)?(?:rss|feed|rdf)\s*>\s*(?:<!--.*?-->\s*)*\Z", data[-4096:], re.I | re.S)


def _entry(entry: Any, feed: Any, number: int, source: Source, how: How) -> RawDocument | Problem:
    name = source.part("entry", number)
    link = web_address(entry.get("link"))
    given = str(entry.get("id") or "").strip()
    # a bare number is an id in this feed only; another feed may have the same
    id_ = given if _GLOBAL_ID.fullmatch(given) else link or source.id(number)
    body, language = _body(entry)
    text = text_of(body)
    if not text:
        return Problem("empty", "has neither content nor summary", name, id_)
    if len(text) > MAX_TEXT_BYTES:
        return Problem("too-large", f"is longer than {megabytes(MAX_TEXT_BYTES)}", name, id_)
    return RawDocument(
        id=id_,
        content=text,
        kind="text",
        name=name,
        title=_plain(entry.get("title")),
        date=_day(entry) or how.date,
        url=link,
        publication=_publication(entry, feed),
        already_clean=how.no_clean,
        author=_author(entry),
        language=language_code(language or feed.get("language") or ""),
        origin=(),
    )


def _body(entry: Any) -> tuple[str, str | None]:
    """(HTML or text, language): the longest content, else the summary."""
    found = [c for c in entry.get("content") or () if c.get("value")]
    if found:
        best = max(found, key=lambda c: len(c["value"]))
        if len(best["value"]) >= len(entry.get("summary") or ""):
            return best["value"], best.get("language")
    return entry.get("summary") or "", (entry.get("summary_detail") or {}).get("language")


def _day(entry: Any) -> str | None:
    """The day of publication in the zone in which it is written; the last change where that is all there is."""
    for key in ("published", "updated", "created"):
        # the library shows `updated` under `published` too when it is asked for by attribute, not by `get`
        value = entry.get(key) if key in entry else None
        if not value:
            continue
        day = mail_day(str(value))
        if day:
            return day
        moment = entry.get(f"{key}_parsed")
        if moment:
            return f"{moment.tm_year:04d}-{moment.tm_mon:02d}-{moment.tm_mday:02d}"
    return None


def _publication(entry: Any, feed: Any) -> str | None:
    """The outlet: the source that an entry of a collection names, else the feed's title."""
    named = (entry.get("source") or {}).get("title")
    return _plain(named) or _plain(feed.get("title"))


def _author(entry: Any) -> str | None:
    names = [_plain(a.get("name")) for a in entry.get("authors") or () if isinstance(a, dict)]
    found = ", ".join(dict.fromkeys(n for n in names if n))
    return found or _plain(entry.get("author"))


def _plain(value: Any) -> str | None:
    return " ".join(text_of(str(value)).split()) or None if value else None
