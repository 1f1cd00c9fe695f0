"""The library's memory for new words, given back after many articles instead of after each.

Why: what the tokenizer learns of a word is thrown away with the zone, and a zone for each article made it read
every word anew (four times the tokenizer's time); no zone at all would let the memory grow for ever.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from threading import RLock
from types import TracebackType
from typing import Any

ARTICLES = 400  # in one zone; at 600 words each the vocabulary grows by some 10 MB


class Zone:
    """Entered for each article. Texts of several threads wait for one another: the library keeps one vocabulary."""

    def __init__(self, nlp: Any, articles: int = ARTICLES) -> None:
        self._nlp = nlp
        self._articles = articles
        self._entered = 0
        self._open: AbstractContextManager[Any] | None = None
        self._lock = RLock()

    def __enter__(self) -> None:
        self._lock.acquire()
        if self._entered >= self._articles:
            self._close()
        if self._open is None:
            self._open = self._nlp.memory_zone()
            self._open.__enter__()
        self._entered += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is not None:
                self._close()
        finally:
            self._lock.release()

    def _close(self) -> None:
        if self._open is not None:
            self._open.__exit__(None, None, None)
        self._open, self._entered = None, 0
