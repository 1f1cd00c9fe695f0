"""What can go wrong, as values where it is the text's fault and as exceptions where it is ours or the caller's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that kept an item from being coded, or that the reader should know.

    `code` is a short fixed word documented in docs/problems.md ("empty", "binary", "encoding", ...);
    `name` is the file (and line) it is about; `message` is a whole sentence for people. `id` is the item's own
    id, None where it could not be read.
    """

    code: str
    message: str
    name: str
    id: str | None = None

    def __str__(self) -> str:
        return f"{self.name}: {self.message} [{self.code}]"


class LegationError(Exception):
    """Everything that Legation raises on purpose."""


class SettingsError(LegationError):
    """Arguments or settings that cannot be used (exit status 2)."""


class ResourceError(LegationError):
    """A broken data file of the package or of the user's overlay: names file, line and key (exit status 2)."""

    def __init__(self, file: str, message: str, line: int | None = None, key: str | None = None) -> None:
        where = file + (f", line {line}" if line else "") + (f", key {key!r}" if key else "")
        super().__init__(f"{where}: {message}")
        self.file, self.line, self.key = file, line, key


class DocumentError(LegationError):
    """One document cannot be coded; the rest of the batch goes on. Carries the `Problem`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem
