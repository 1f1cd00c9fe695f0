"""With what something was coded: enough to say why two runs differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """Identity of a run. `id` is a hash of everything else: equal ids mean equal bytes for equal input.

    `files` are (name, SHA-256) of every data file that was read, sorted by name. `parser` is name and version
    of the pipeline. `settings` are (name, value), sorted. No time and no machine: they do not change a code.
    """

    id: str
    version: str
    parser: tuple[str, str]
    files: tuple[tuple[str, str], ...]
    settings: tuple[tuple[str, str], ...]
