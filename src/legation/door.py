"""The two functions that other programs call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from legation.model.coded import Coded
from legation.model.text import RawDocument
from legation.pipeline import code_document
from legation.problems import DocumentError, Problem
from legation.resources import Resources, load_resources
from legation.settings import Settings


def code_article(
    text: str,
    *,
    id: str = "article",  # noqa: A002 (the record contract's word)
    date: str | None = None,
    title: str | None = None,
    html: bool = False,
    already_clean: bool = False,
    resources: Resources | None = None,
) -> Coded:
    """Code one text. `date` is the ISO day on which it was published. DocumentError when it holds no article.

    Without `resources` they are loaded for this call alone, which takes seconds: load them once for many texts.
    """
    raw = RawDocument(id, text, "html" if html else "text", id, title=title, date=date, already_clean=already_clean)
    return code_document(raw, resources or load_resources(Settings()))


def code_items(items: Iterable[RawDocument | Problem], resources: Resources) -> Iterator[Coded | Problem]:
    """Code many documents, in their order. What cannot be coded comes as a `Problem` in its place."""
    for item in items:
        if isinstance(item, Problem):
            yield item
            continue
        try:
            yield code_document(item, resources)
        except DocumentError as error:
            yield error.problem
