"""The library's memory for new words: what the first articles bring is kept, what later ones bring is given back.

Why not a zone for each article from the first on: inside one the tokenizer remembers no word (four times its time). The
words of the first articles, most of what any text consists of, are learnt outside; then memory is given back after
every few hundred articles. No zone at all would let it grow for ever. What is remembered changes no result.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from threading import RLock
from types import TracebackType
from typing import Any

LEARNT = 400  # articles whose words are kept; at 600 words each some 20 MB
ARTICLES = 400  # in one zone
CHUNKS = 40_000  # words between blanks that the tokenizer may keep


class Zone:
    """Entered for each article. Texts of several threads wait for one another: the library keeps one vocabulary."""

    def __init__(self, nlp: Any, articles: int = ARTICLES, learnt: int = LEARNT) -> None:
        self._nlp = nlp
        self._articles = articles
        self._to_learn = learnt
        if hasattr(nlp.tokenizer, "max_cache_size"):
            nlp.tokenizer.max_cache_size = CHUNKS
        self._entered = 0
        self._open: AbstractContextManager[Any] | None = None
        self._lock = RLock()

    def __enter__(self) -> None:
        self._lock.acquire()
        if self._to_learn > 0:
            self._to_learn -= 1
            return
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
