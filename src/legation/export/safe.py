"""The copyright-safe form: offsets and hashes instead of words, so that a data set can be given away.

Every stretch of the article's text loses its `text` and gets `sha256`, the SHA-256 of the words in UTF-8; names that
come from our own lexicon and gazetteer stay. `legation attach` (attach.py) puts the words back from somebody's own
copies. A hash of one or two words can be guessed by trying words: it hides nothing, it only is no copy of a text.
"""

from __future__ import annotations

import hashlib
from typing import Any

from legation.export.parts import Record


def digest(text: str) -> str:
    """SHA-256 of the words, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf8", "surrogatepass")).hexdigest()


def safe(record: Record, article_text: str | None = None) -> Record:
    """The record without words. `article_text`, where it is known, leaves its hash in `article.text_sha256`."""
    article = record["article"]
    title = article.get("title")
    made: Record = {key: _without_words(value) for key, value in record.items()}
    made["article"] = {
        **article,
        "title": None,
        "title_sha256": None if title is None else digest(title),
        "text_sha256": None if article_text is None else digest(article_text),
    }
    return made


def _without_words(value: Any) -> Any:
    """The same shape. What is cut from the words around a span becomes numbers: `head_at`, `prefix_length` ..."""
    if isinstance(value, list):
        return [_without_words(v) for v in value]
    if not isinstance(value, dict):
        return value
    made = {key: _without_words(v) for key, v in value.items() if key not in ("head", "prefix", "suffix")}
    words = value.get("text")
    if "text" in value:
        made |= {"text": None, "sha256": None if words is None else digest(words)}
    if "head" in value:
        at = words.find(value["head"]) if words and value["head"] else -1
        made["head_at"] = None if at < 0 else [at, at + len(value["head"])]
    for key in ("prefix", "suffix"):
        if key in value:
            made[f"{key}_length"] = len(value[key])
    return made
