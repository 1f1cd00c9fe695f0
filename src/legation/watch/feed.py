"""Atom feeds (RFC 4287): what a watch has noticed, newest first, bounded, with ids that never change.

Ids are tag URIs (RFC 4151) made of the watch and the event, so that a reader shows no entry twice, whatever was
corrected or coded anew in between.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

from legation.watch.book import find_watch
from legation.watch.ledger import content
from legation.watch.model import WatchError
from legation.watch.render import event_html
from legation.watch.words import harmless, message

if TYPE_CHECKING:
    from legation.store import Store
    from legation.watch.model import Watch
    from legation.watch.words import Message

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 100
AUTHORITY = "localhost"  # of the tag URIs; the watch's id in them is what nobody else has
GENERATOR = "Legation"


def feed(store: Store, watch: str, *, link: str | None = None, entries: int = ENTRIES) -> bytes:
    """The feed of a watch (id or name). `link` is the address under which it is read, where it has one.

    What stood in the store when the watch was made is in it too, so that a new feed is not empty; nothing in it
    depends on the clock.
    """
    found = find_watch(store, watch)
    cursor = store.cursor()
    # more than are shown, because an event whose reports were all rejected since falls out
    rows = cursor.execute(
        "SELECT w.event, w.noticed_at FROM watch_events w LEFT JOIN events e ON e.id = w.event WHERE w.watch = ? "
        "ORDER BY w.noticed_at DESC, e.day DESC NULLS LAST, w.event LIMIT ?",
        [found.id, 2 * entries],
    ).fetchall()
    told = {t.event: t for t in content(cursor, found.id, [event for event, _ in rows])}
    noticed = [(told[event], moment) for event, moment in rows if event in told][:entries]
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _add(root, "id", _tag(found))
    _add(root, "title", found.name)
    _add(root, "subtitle", found.words)
    _add(root, "updated", _time(max((moment for _, moment in noticed), default=found.made_at)))
    _add(_add(root, "author"), "name", GENERATOR)
    _add(root, "generator", GENERATOR)
    if link is not None:
        _add(root, "link", None, {"rel": "self", "type": "application/atom+xml", "href": harmless(link)})
    for one, moment in noticed:
        _entry(root, found, one.event, message(one.record, one.reports), moment)
    ET.indent(root, "  ")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def write_feed(path: Path, data: bytes) -> None:
    """Put a feed in its place: readers see the old one or the new one, never half of one.

    WatchError when something that is no feed of ours stands there. OSError when the folder does not take it.
    """
    with contextlib.suppress(FileNotFoundError):
        with path.open("rb") as standing:
            start = standing.read(4096)
        if start and f"<generator>{GENERATOR}</generator>".encode() not in start:
            raise WatchError(f"{harmless(str(path))}: is no feed of ours and stays as it is")
        if path.read_bytes() == data:
            return
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o644)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _entry(root: ET.Element, watch: Watch, event: str, shown: Message, noticed: datetime.datetime) -> None:
    entry = _add(root, "entry")
    _add(entry, "id", f"{_tag(watch)}/{event}")
    _add(entry, "title", shown.subject)
    _add(entry, "updated", _time(noticed))
    if shown.published:
        _add(entry, "published", f"{shown.published}T00:00:00Z")
    if shown.link:
        _add(entry, "link", None, {"rel": "alternate", "href": shown.link})
    _add(entry, "category", None, {"term": shown.what.split(" ")[0]})
    _add(entry, "content", event_html(shown), {"type": "html"})


def _add(parent: ET.Element, name: str, text: str | None = None, given: dict[str, str] | None = None) -> ET.Element:
    element = ET.SubElement(parent, name, given or {})
    element.text = text
    return element


def _tag(watch: Watch) -> str:
    return f"tag:{AUTHORITY},{watch.made_at:%Y-%m-%d}:legation/{watch.id}"


def _time(moment: datetime.datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"
