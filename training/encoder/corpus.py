"""Reading the project's own labelled sentences and turning them into marked token sequences."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

COLUMNS = ("text", "source", "target", "trigger", "type", "mode", "contexts")
MARKS = {
    "source": ("[unused1]", "[unused2]"),
    "target": ("[unused3]", "[unused4]"),
    "trigger": ("[unused5]", "[unused6]"),
}
MAX_TOKENS = 128


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled sentence; source, target and trigger are words that stand in the text, or ""."""

    text: str
    source: str
    target: str
    trigger: str
    type: str
    mode: str
    contexts: tuple[str, ...]
    writer: str


def read_corpus(folder: Path) -> tuple[list[Example], str]:
    """All examples of the folder's TSV files in sorted order, and the hash of their content."""
    out: list[Example] = []
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.tsv")):
        content = path.read_bytes()
        digest.update(content)
        for number, line in enumerate(content.decode("utf8").splitlines()):
            cells = line.split("\t")
            if number == 0:
                if tuple(cells) != COLUMNS:
                    raise SystemExit(f"{path}: header is {cells}")
                continue
            text, source, target, trigger, kind, mode, contexts = cells
            out.append(
                Example(
                    text, source, target, trigger, kind, mode, tuple(c for c in contexts.split("|") if c), path.stem
                )
            )
    return out, digest.hexdigest()


def marked(text: str, spans: dict[str, tuple[int, int]]) -> str:
    """The text with marker tokens around the given spans (nested and equal spans are allowed)."""
    inserts: list[tuple[int, int, str]] = []
    for rank, (name, (start, end)) in enumerate(sorted(spans.items())):
        before, after = MARKS[name]
        inserts.append((start, 1 + rank, f" {before} "))
        inserts.append((end, -rank, f" {after} "))
    out, last = [], 0
    for at, _, token in sorted(inserts):
        out += [text[last:at], token]
        last = at
    return "".join([*out, text[last:]])


def locate(text: str, words: str, near: int = 0) -> tuple[int, int] | None:
    """The first place of the words at or after `near`, else the first anywhere."""
    if not words:
        return None
    at = text.find(words, near)
    at = at if at >= 0 else text.find(words)
    return (at, at + len(words)) if at >= 0 else None


def encode(tokenizer: Tokenizer, text: str, spans: dict[str, tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Token ids and the positions of the source, target and trigger marker (0 where absent or cut off)."""
    ids = tokenizer.encode(marked(text, spans)).ids
    if len(ids) > MAX_TOKENS:
        ids = [*ids[: MAX_TOKENS - 1], ids[-1]]
    marks = []
    for name in ("source", "target", "trigger"):
        token = tokenizer.token_to_id(MARKS[name][0])
        marks.append(ids.index(token) if name in spans and token in ids else 0)
    return ids, marks


def spans_of(example: Example, rng: random.Random | None) -> dict[str, tuple[int, int]]:
    """The marked spans of an example; in training half the triggers stay unmarked (the pair alone must do)."""
    spans = {}
    for name in ("source", "target", "trigger"):
        if name == "trigger" and rng is not None and rng.random() < 0.5:
            continue
        found = locate(example.text, getattr(example, name))
        if found is not None:
            spans[name] = found
    return spans
