"""HTML pages: trafilatura finds the article, our line classifier goes over what it found once more. Fetches nothing."""

from __future__ import annotations

import re
from typing import Any

from legation.clean.classify import certain, judge, squeeze
from legation.clean.cleaner import Cleaner
from legation.clean.features import words_of
from legation.clean.language import language_of
from legation.clean.units import split
from legation.model.text import Article, RawDocument, Removed
from legation.problems import DocumentError, Problem

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOST_REMOVED = 400  # blocks listed as removed: a page of 10,000 links need not be repeated


def clean_page(raw: RawDocument, cleaner: Cleaner) -> Article:
    """An article from a page. DocumentError "no-article" when trafilatura finds none."""
    import trafilatura

    found: Any = trafilatura.bare_extraction(
        raw.content,
        url=raw.url,
        favor_precision=True,
        include_comments=False,
        include_tables=True,
        include_formatting=False,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    body = (getattr(found, "text", None) or "").strip()
    if found is None or not body:
        raise DocumentError(Problem("no-article", "no article could be found on the page", raw.name, raw.id))
    title = (raw.title or _clean(found.title) or "").strip() or None
    kept, removed = _second_look(body, title, cleaner)
    if not kept:
        raise DocumentError(Problem("no-article", "no article could be found on the page", raw.name, raw.id))
    text = (title + "\n\n" if title else "") + "\n\n".join(kept)
    published = raw.date or _day(found.date)
    language, _ = language_of("\n".join(kept), cleaner.language)
    return Article(
        id=raw.id,
        text=text,
        title=title,
        title_end=len(title) if title else 0,
        url=raw.url or _clean(found.url),
        publication=raw.publication or _clean(found.sitename),
        published=published,
        published_basis="given" if raw.date else "page" if published else "none",
        author=_clean(found.author),
        language=language,
        pieces=(),
        removed=tuple(removed),
    )


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
            removed.append(Removed(unit.text, rule.reason, None, None))
        elif head and squeeze(unit.body) == head:
            removed.append(Removed(unit.text, "title-again", None, None))
        else:
            kept.append(unit.text)
    return kept, removed


__all__ = ["clean_page", "judge"]
