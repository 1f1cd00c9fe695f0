"""The stage itself: one document in, one article out."""

from __future__ import annotations

from dataclasses import replace

from legation.clean.cleaner import Cleaner
from legation.clean.language import UNKNOWN, judge, language_of
from legation.clean.page import clean_page
from legation.clean.placed import placed
from legation.clean.scraped import clean_scraped
from legation.model.text import Article, Piece, RawDocument
from legation.problems import DocumentError, Problem

MAX_TEXT = 3_000_000  # characters of plain text
MAX_LINE = 1_000_000  # characters of one line of plain text
MAX_HTML = 8_000_000  # characters of one page


def clean(raw: RawDocument, cleaner: Cleaner, *, any_language: bool = False) -> Article:
    """One document as an article.

    DocumentError with a Problem: "empty", "binary", "too-large", "no-article", "language" (not for texts that are
    already clean, nor with `any_language`, which is for looking at this stage alone: only English can be coded).
    """
    _check(raw)
    if raw.already_clean:
        language, _ = language_of(raw.content, cleaner.languages)
        article = _as_it_is(raw, language)
    elif raw.kind == "html":
        article = clean_page(raw, cleaner)
    else:
        article = clean_scraped(raw, cleaner)
    if raw.language not in (None, article.language) and not judge(_body(article), cleaner.languages).sure:
        article = replace(article, language=raw.language)  # the text shows too little: what is said about it counts
    if raw.origin is not None:
        article = placed(article, raw.origin)
    if article.language != "en" and not any_language:
        named = cleaner.languages.name(article.language) or article.language
        name = "not English" if article.language == UNKNOWN else f"{named}, not English"
        raise DocumentError(Problem("language", f"the text is {name}; only English is read", raw.name, raw.id))
    return article


def _body(article: Article) -> str:
    return article.text[article.title_end :] or article.text


def _check(raw: RawDocument) -> None:
    """Refuse what cannot be an article before any work is done on it."""
    content = raw.content

    def refuse(code: str, message: str) -> DocumentError:
        return DocumentError(Problem(code, message, raw.name, raw.id))

    if not content.strip():
        raise refuse("empty", "is empty")
    limit = MAX_HTML if raw.kind == "html" else MAX_TEXT
    if len(content) > limit:
        raise refuse("too-large", f"has {len(content):,} characters; the limit is {limit:,}")
    sample = content[:65_536]
    control = sum(c < " " and c not in "\t\n\r\x0b\x0c\x1b" for c in sample)
    if "\x00" in sample or control > 0.005 * len(sample) + 1:
        raise refuse("binary", "is not text but binary")
    if raw.kind == "text" and max(map(len, content.split("\n"))) > MAX_LINE:
        raise refuse("too-large", f"has a line of more than {MAX_LINE:,} characters")


def _as_it_is(raw: RawDocument, language: str) -> Article:
    """The text as it is; a title that comes separately stands before it with a blank line, as everywhere."""
    title = raw.title.strip() if raw.title and raw.title.strip() else None
    front = f"{title}\n\n" if title else ""
    return Article(
        id=raw.id,
        text=front + raw.content,
        title=title,
        title_end=len(title) if title else 0,
        url=raw.url,
        publication=raw.publication,
        published=raw.date,
        published_basis="given" if raw.date else "none",
        author=raw.author,
        language=language,
        pieces=(Piece(len(front), len(front) + len(raw.content), 0),),
        removed=(),
    )
