"""What a message says about one event, in words: what, who, when, according to whom, how sure, quoted, from where.

Pure: a record (the dict of the record contract) in, words out. Text of others is made harmless here, once: control
characters and marks that reorder text never reach a subject, a feed or a terminal.
"""

from __future__ import annotations

import datetime
import re
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from legation.watch.phrases import phrases

Record = Mapping[str, Any]

# C0 and C1 controls, bidirectional marks and overrides, zero-width characters, surrogates, non-characters: what XML
# forbids, what breaks a header, and what shows other words than stand there
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]"
)
_BLANKS = re.compile(r"[\s\x00]+")
LONGEST_NAME, LONGEST_SUBJECT, LONGEST_QUOTE = 60, 180, 1000  # characters


def harmless(text: str) -> str:
    """The text on one line, without what a reader's program would obey instead of show."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", _BLANKS.sub(" ", text)).strip()


def short(text: str, length: int) -> str:
    """The text, cut at a word's end with an ellipsis where it is longer."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut).rstrip(" ,;:") + "…"


@dataclass(frozen=True, slots=True)
class Message:
    """One event in words. `before`, `anchor`, `after` make up the quoted sentence; `link` is None where the article
    has no web address that is safe to click. `names` are codes beside the names; `reports` counts further reports.
    """

    id: str
    subject: str
    what: str
    actors: str
    recipients: str
    codes: str
    status: str
    day: str
    place: str | None
    according_to: str
    how_sure: str
    before: str
    anchor: str
    after: str
    quote: str | None
    title: str
    origin: str
    link: str | None
    article: str
    published: str | None
    reports: int


def message(record: Record, reports: int = 0) -> Message:
    """The record in words. `reports` is the number of further reports of the same event."""
    article = record["article"]
    actors, recipients = names(record["actor"]), names(record["recipient"])
    before, anchor, after = _sentence(record)
    published = article["published"]
    place, quote = record["place"], record["quote"]
    origin = [article["publication"], published and day_words(published)]
    return Message(
        id=record["id"],
        subject=subject(record),
        what=kind(record),
        actors=actors or phrases().nobody,
        recipients=recipients,
        codes=" → ".join(c for c in (_codes(record["actor"]), _codes(record["recipient"])) if c),
        status=phrases().status.get(record["status"], record["status"]),
        day=_when(record),
        place=_place(place) if place else None,
        according_to=according_to(record),
        how_sure=how_sure(record),
        before=before,
        anchor=anchor,
        after=after,
        quote=short(harmless(quote["text"]), LONGEST_QUOTE) if quote else None,
        title=harmless(article["title"] or article["id"]),
        origin=", ".join(harmless(x) for x in origin if x),
        link=safe_link(article["url"]),
        article=harmless(article["id"]),
        published=published,
        reports=reports,
    )


def subject(record: Record) -> str:
    """One line: "Russia → United States: SANCTION withdraw (happened), 17 March 2021"."""
    actors, recipients = names(record["actor"]), names(record["recipient"])
    who = actors or phrases().nobody
    sides = f"{who} → {recipients}" if recipients else who
    line = f"{sides}: {kind(record)} ({_status(record)}), {_day(record)}"
    return short(line[0].upper() + line[1:], LONGEST_SUBJECT)


def kind(record: Record) -> str:
    """Type and mode."""
    return harmless(" ".join(x for x in (record["type"], record["mode"]) if x))


def names(parties: Sequence[Mapping[str, Any]]) -> str:
    """The parties by the names they are known by, else by the article's words; empty when there is none."""
    found = [short(harmless(p["entity"] or p["text"]), LONGEST_NAME) for p in parties]
    return listed(tuple(dict.fromkeys(found)), phrases().also)


def listed(words: Sequence[str], last: str) -> str:
    """ "A, B and C"."""
    return f" {last} ".join(x for x in (", ".join(words[:-1]), *words[-1:]) if x)


def day_words(day: str, precision: str = "day") -> str:
    """ "17 March 2021", "March 2021", "2021" of an ISO day."""
    year, month, number = day[:4], int(day[5:7]), int(day[8:10])
    name = phrases().months[month - 1]
    return {"year": year, "month": f"{name} {year}"}.get(precision, f"{number} {name} {year}")


def according_to(record: Record) -> str:
    """Who says so, outermost first: "according to the coast guard (“said”), telling of a denial by the crew"."""
    p = phrases()
    links = record["attribution"]
    if not links:
        publication = record["article"]["publication"]
        return p.own_voice_of.format(who=harmless(publication)) if publication else p.own_voice
    words = [
        (p.citing if k else p.says).get(link["stance"], "{who}").format(who=_source(link))
        for k, link in enumerate(links)
    ]
    cue = links[0]["cue"]
    if cue:
        words[0] += " " + p.cue.format(text=short(harmless(cue["text"]), LONGEST_NAME))
    return ", ".join(words)


def how_sure(record: Record) -> str:
    """The program's confidence, and what the text itself says about certainty and conditions."""
    p = phrases()
    sure, facets = record["confidence"], record["facets"]
    parts = [p.no_confidence if sure is None else p.confidence.format(n=round(100 * sure))]
    parts += [words for words in [p.certainty.get(facets["certainty"])] if words]
    if facets["condition"]:
        parts.append(p.condition.format(text=short(harmless(facets["condition"]["text"]), LONGEST_SUBJECT)))
    return "; ".join(parts)


def safe_link(url: str | None) -> str | None:
    """The URL where it is plain http(s); anything else (javascript:, file:, data:) is not made clickable."""
    if not url or _UNSAFE.search(url) or re.search(r"[\s\"<>\\]", url):
        return None
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def _source(link: Mapping[str, Any]) -> str:
    text = link["text"]
    if not text or (link["start"], link["end"]) == _ends(link["cue"]):  # only the cue stands there: "allegedly"
        return phrases().unnamed
    return inside(short(harmless(text), LONGEST_NAME))


def inside(name: str) -> str:
    """The name as it stands inside a sentence: "The coast guard" as "the coast guard"."""
    first = name.split(" ", 1)[0]
    return name[0].lower() + name[1:] if first in phrases().small else name


def _ends(span: Mapping[str, Any] | None) -> tuple[int, int] | None:
    return (span["start"], span["end"]) if span else None


def _status(record: Record) -> str:
    """The status, with the source that alleges or denies."""
    p, status, links = phrases(), record["status"], record["attribution"]
    deniers = [link for link in links if link["stance"] == "denies"]
    link = next(iter(deniers if status == "denied" else links), None)
    if link is not None and status in p.status_by and _source(link) != p.unnamed:
        return p.status_by[status].format(who=_source(link))
    return p.status.get(status, harmless(status))


def _day(record: Record) -> str:
    """The day for the subject: of the event, else of the report."""
    p, date, published = phrases(), record["date"], record["article"]["published"]
    if date["start"]:
        return _span(date)
    return p.reported.format(day=day_words(published)) if published else p.day_unknown


def _when(record: Record) -> str:
    """The day with its basis."""
    date = record["date"]
    if not date["start"]:
        return phrases().no_day
    basis = phrases().basis.get(date["basis"], date["basis"] or "").format(text=harmless(date["text"] or ""))
    return f"{_span(date)} ({basis})" if basis else _span(date)


def _span(date: Mapping[str, Any]) -> str:
    start, end, precision = date["start"], date["end"] or date["start"], date["precision"]
    first = day_words(start, precision)
    if precision in ("month", "year") and _same_period(start, end, precision):
        return first
    last = day_words(end, precision)
    return first if last == first else f"{first} – {last}"


def _same_period(start: str, end: str, precision: str) -> bool:
    length = {"year": 4, "month": 7}[precision]
    return start[:length] == end[:length]


def _place(place: Mapping[str, Any]) -> str:
    named = place["name"] or place["text"]
    return harmless(", ".join(str(x) for x in (named, place["country"]) if x))


def _codes(parties: Sequence[Mapping[str, Any]]) -> str:
    return harmless(", ".join(p["code"] or "?" for p in parties))


def _sentence(record: Record) -> tuple[str, str, str]:
    """The sentence before the anchor, the anchor, the rest; a very long one is cut around the anchor."""
    sentence, anchor = record["sentence"], record["anchor"]
    text = sentence["text"]
    first = max(0, min(anchor["start"] - sentence["start"], len(text)))
    last = max(first, min(anchor["end"] - sentence["start"], len(text)))
    before, inside, after = text[:first], text[first:last], text[last:]
    half = LONGEST_QUOTE // 2
    if len(before) > half:
        before = "… " + before[-half:].partition(" ")[2]
    after = short(after, half)
    return _spaced(before), harmless(inside), _spaced(after)


def _spaced(text: str) -> str:
    """Harmless, with a blank kept at an end where words were parted."""
    clean = harmless(text)
    if not clean:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + clean + (" " if text[-1].isspace() else "")


def utc(moment: datetime.datetime) -> datetime.datetime:
    """The moment in UTC without a zone, as the store keeps times. A moment without a zone is taken as UTC."""
    return moment.astimezone(datetime.UTC).replace(tzinfo=None) if moment.tzinfo else moment
