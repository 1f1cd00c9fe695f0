"""No text of a gold set or of the founding article stands in the repository: not eight words in a row.

Skipped where `../shared` is not there; continuous integration has it.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
LENGTH = 8
KINDS = (".tsv", ".yml", ".cases", ".html", ".txt", ".md", ".py")
# generated name tables hold no sentences; nobody's word order can be copied in them
NAMES = ("actors/lexicon/", "places/", "requirements/", "actors/first_names", "actors/localities", "LICENSE")

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="needs the gold sets in ../shared")


def grams(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower())
    return (tuple(words[k : k + LENGTH]) for k in range(len(words) - LENGTH + 1))


def gold_texts() -> Iterator[str]:
    yield (SHARED / "founding" / "article.txt").read_text("utf8")
    for path in sorted((SHARED / "gold").rglob("*.items.jsonl*")):
        opener = gzip.open if path.suffix == ".gz" else open
        if path.parent.name == "clean" and path.suffix == ".gz":
            continue  # the same pages stand beside it as text
        with opener(path, "rt", encoding="utf8") as lines:
            for line in lines:
                yield json.loads(line).get("text") or ""


def test_no_eight_words_of_a_gold_set_stand_here() -> None:
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    ours: dict[tuple[str, ...], str] = {}
    for name in names:
        path = ROOT / name
        if path.suffix in KINDS and path.is_file() and not any(part in name for part in NAMES):
            text = re.sub(r"\[[^\]\"]*\]", "\n", path.read_text("utf8"))  # a list of words is no sentence
            for line in re.split(r"[\n\"|]", text):
                for gram in grams(line):
                    ours.setdefault(gram, name)
    assert len(ours) > 10_000, "the check looked at almost nothing"
    shared = {gram: ours[gram] for text in gold_texts() for gram in grams(text) if gram in ours}
    assert not shared, "\n".join(sorted(f"{name}: {' '.join(gram)}" for gram, name in shared.items()))
