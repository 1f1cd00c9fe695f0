"""Reading the project's own labelled sentences: the writers' files and the rules' examples."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

COLUMNS = ("text", "source", "target", "trigger", "type", "mode", "contexts")
RULES = "rules"  # the "writer" of the examples that stand in the rule files
SWAPPED = 0.25  # share of the training sentences that get another sentence's source or target
UNMARKED = 0.5  # share whose trigger stays unmarked: the pair alone must do


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


def read_rule_examples(folder: Path) -> list[Example]:
    """The sentences that must match each event rule ("text => actor -> recipient"), with the rule's type.

    Rules that give several modes leave the mode open. Their counterexamples carry no label and are not used.
    """
    out = []
    for path in sorted(folder.glob("*.yml")):
        rules = yaml.safe_load(path.read_text("utf8"))
        for rule in rules if isinstance(rules, list) else ():
            for line in rule.get("examples", ()) if rule.get("type") else ():
                text, _, parties = line.partition(" => ")
                source, _, target = (part.strip() for part in parties.partition("->"))
                if source not in text or target not in text or not (source or target):
                    continue
                mode = "" if rule.get("modes") else rule.get("mode") or ""
                out.append(Example(text, source, target, "", rule["type"], mode, (), RULES))
    return out


def locate(text: str, words: str, near: int = 0) -> tuple[int, int] | None:
    """The first place of the words at or after `near`, else the first anywhere."""
    if not words:
        return None
    at = text.find(words, near)
    at = at if at >= 0 else text.find(words)
    return (at, at + len(words)) if at >= 0 else None


def spans_of(example: Example, rng: random.Random | None) -> dict[str, tuple[int, int]]:
    """The marked spans of an example; in training half the triggers stay unmarked."""
    spans = {}
    for name in ("source", "target", "trigger"):
        if name == "trigger" and rng is not None and rng.random() < UNMARKED:
            continue
        found = locate(example.text, getattr(example, name))
        if found is not None:
            spans[name] = found
    return spans


def swapped(example: Example, others: list[Example], rng: random.Random) -> Example:
    """The example with another one's party in place of its own, now and then: names must not tell the type."""
    if rng.random() >= SWAPPED:
        return example
    side = rng.choice(("source", "target"))
    old, new = getattr(example, side), getattr(rng.choice(others), side)
    rest = [w for w in (example.source, example.target, example.trigger) if w and w != old]
    if not old or not new or old[0].isupper() != new[0].isupper() or any(old in w or w in old for w in rest):
        return example
    text = example.text.replace(old, new, 1)
    if not all(w in text for w in rest):
        return example
    return replace(example, text=text, **{side: new})
