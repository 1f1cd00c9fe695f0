"""HTML pages: trafilatura finds the article, our line classifier goes over what it found once more. Fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from legation.clean.classify import certain, squeeze, undouble
from legation.clean.cleaner import Cleaner
from legation.clean.features import words_of
from legation.clean.language import language_of
from legation.clean.units import split
from legation.model.text import Article, RawDocument, Removed
from legation.problems import DocumentError, Problem

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOST_REMOVED = 400  # blocks listed as removed: a page of 10,000 links need not be repeated
MOST_BLOCKS = 4_000
LONG = 4  # blanks: a block of so many words that stands in a paragraph is not there by chance
# what the element that a block stands in says about it, the innermost first
ELEMENTS = {
    "figcaption": "caption", "figure": "caption", "nav": "menu", "header": "menu", "footer": "menu", "aside": "related",
    "form": "newsletter", "button": "menu", "video": "player", "audio": "player",
}  # fmt: skip
INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "big", "cite", "code", "em", "font", "i", "mark", "q", "s", "small", "span", "strong",
     "sub", "sup", "time", "u", "wbr")
)  # fmt: skip
SILENT = frozenset(("script", "style", "noscript", "template", "head", "title", "svg", "iframe", "textarea", "select"))


def clean_page(raw: RawDocument, cleaner: Cleaner) -> Article:
    """An article from a page. DocumentError "no-article" when trafilatura finds none."""
    import trafilatura
    from trafilatura.utils import load_html

    tree = load_html(raw.content)
    if tree is None:
        raise DocumentError(Problem("no-article", "the page holds no HTML", raw.name, raw.id))
    blocks = list(islice(_blocks(tree), MOST_BLOCKS))
    found: Any = trafilatura.bare_extraction(
        tree,
        url=raw.url,
        favor_precision=True,
        include_comments=False,
        include_tables=True,
        include_formatting=False,
        with_metadata=True,
        # a latest date that is fixed: the library would otherwise look at the clock
        date_extraction_params={"original_date": True, "extensive_search": False, "max_date": "2099-12-31"},
    )
    body = (getattr(found, "text", None) or "").strip()
    if found is None or not body:
        raise DocumentError(Problem("no-article", "no article could be found on the page", raw.name, raw.id))
    title = (raw.title or _clean(found.title) or "").strip() or None
    title = _without_site(title, _clean(found.sitename))
    kept, removed = _second_look(body, title, cleaner)
    if not kept:
        raise DocumentError(Problem("no-article", "no article could be found on the page", raw.name, raw.id))
    text = (title + "\n\n" if title else "") + "\n\n".join(kept)
    published = raw.date or _day(found.date)
    language, _ = language_of("\n".join(kept), cleaner.languages)
    return Article(
        id=raw.id,
        text=text,
        title=title,
        title_end=len(title) if title else 0,
        url=raw.url or _clean(found.url),
        publication=raw.publication or _clean(found.sitename),
        published=published,
        published_basis="given" if raw.date else "page" if published else "none",
        author=raw.author or _clean(found.author),
        language=language,
        pieces=(),
        removed=tuple(_standing([*removed, *_dropped(blocks, kept, removed, title, cleaner)], kept, text)),
    )


def _without_site(title: str | None, site: str | None) -> str | None:
    """The headline without the name of the site behind it ("Headline - The Pelargir Post")."""
    if title and site:
        for mark in (" - ", " | ", " – ", " — ", " : "):
            head, found, tail = title.rpartition(mark)
            if found and len(head.split()) >= 3 and squeeze(tail) == squeeze(site):
                return head.strip()
    return title


def _blocks(tree: Any) -> Iterator[tuple[str, str]]:
    """(text, reason of the element it stands in or "other") for every block of the page, in order."""
    stack: list[str] = []
    buffer: list[str] = []

    def flush() -> Iterator[tuple[str, str]]:
        text = " ".join("".join(buffer).split())
        buffer.clear()
        if len(text) > 1:
            yield text, next((ELEMENTS[tag] for tag in reversed(stack) if tag in ELEMENTS), "other")

    from lxml import etree

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        inline, silent = tag in INLINE, tag in SILENT or not tag
        if event == "start":
            if not inline:
                yield from flush()
            stack.append(tag)
            if element.text and not silent:
                buffer.append(element.text)
        else:
            if not inline:
                yield from flush()
            stack.pop()
            if element.tail:
                buffer.append(element.tail)


def _standing(removed: list[Removed], kept: list[str], text: str) -> list[Removed]:
    """What was taken out with its place: `at` comes as the number of the paragraph before which it stood."""
    ends = len(text)
    starts = [ends - sum(len(x) + 2 for x in kept[k:]) + 2 for k in range(len(kept))] + [ends]
    ordered = sorted(removed, key=lambda r: r.at or 0)
    return [replace(r, at=starts[r.at or 0]) for r in ordered]


def _dropped(
    blocks: list[tuple[str, str]], kept: list[str], removed: list[Removed], title: str | None, cleaner: Cleaner
) -> list[Removed]:
    """Blocks of the page that did not come into the article, each once, with the best reason that can be given.

    `at` is the number of the paragraph before which a block stood, found by the blocks around it that were kept.
    """
    squeezed = [squeeze(x) for x in kept]
    body = " " + " ".join(squeezed) + " "
    seen = {squeeze(r.text) for r in removed} | {""}
    at = 0
    head = squeeze(title) if title else None
    out: list[Removed] = []
    for text, place in blocks:
        key = squeeze(text)
        if f" {key} " in body:
            long = key.count(" ") >= LONG
            at = next((k + 1 for k in range(at, len(kept)) if key == squeezed[k] or (long and key in squeezed[k])), at)
            continue
        if key in seen:
            continue
        seen.add(key)
        rule = certain(undouble(text), len(words_of(text)), cleaner.rules)
        if key != head:
            out.append(Removed(text, rule.reason if rule else place, None, None, at))
        if len(out) >= MOST_REMOVED:
            break
    return out


def _clean(value: Any) -> str | None:
    text = str(value).strip() if value else ""
    return text or None


def _day(value: Any) -> str | None:
    match = _DAY.match(str(value or ""))
    return match.group() if match else None


def _second_look(body: str, title: str | None, cleaner: Cleaner) -> tuple[list[str], list[Removed]]:
    """Furniture that trafilatura left inside the article is taken out by the certain entries of chrome.yml."""
    kept: list[str] = []
    removed: list[Removed] = []
    head = squeeze(title) if title else None
    for unit in split(body):
        rule = certain(unit.body, len(words_of(unit.body)), cleaner.rules)
        if rule:
            removed.append(Removed(unit.text, rule.reason, None, None, len(kept)))
        elif head and squeeze(unit.body) == head:
            removed.append(Removed(unit.text, "title-again", None, None, len(kept)))
        else:
            kept.append(unit.text)
    return kept, removed
