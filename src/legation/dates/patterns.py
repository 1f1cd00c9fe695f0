"""Loads the words and patterns of this stage once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from legation.datafiles import DataFile, read_yaml
from legation.dates.compile import TOKEN, Lexicon, Rule, build_lexicon, compile_rule, expand, literals_of
from legation.dates.schema import EventTimeFile, Holiday, PatternEntry, PatternsFile, WordsFile
from legation.problems import ResourceError

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Patterns:
    """Everything that dates/ knows: frozen, shared by all articles. `files` are what it was read from."""

    files: tuple[DataFile, ...]
    lexicon: Lexicon
    rules: tuple[Rule, ...]
    holidays: Mapping[str, Holiday]
    future: frozenset[str]
    past: frozenset[str]
    future_pairs: frozenset[str]
    future_governors: frozenset[str]
    event_time: EventTimeFile


def load_patterns() -> Patterns:
    """Read, validate and compile. ResourceError names file, line and key of a mistake."""
    words = read_yaml(HERE / "words.yml", WordsFile)
    event_time = read_yaml(HERE / "event_time.yml", EventTimeFile)
    files = [words.file, event_time.file]
    macros: dict[str, str] = {}
    entries: list[tuple[PatternEntry, str]] = []
    for path in sorted((HERE / "patterns").glob("*.yml")):
        loaded = read_yaml(path, PatternsFile)
        files.append(loaded.file)
        macros.update(loaded.value.macros)
        entries.extend((entry, loaded.file.name) for entry in loaded.value.patterns)
    holidays = {name: h for h in words.value.holidays for name in h.names}
    macros["HOLIDAY"] = " | ".join(" ".join(TOKEN.findall(name.replace("'s", " 's"))) for name in sorted(holidays))
    seen: set[str] = set()
    literals: set[str] = set()
    expanded: list[str] = []
    for entry, file in entries:
        if entry.id in seen:
            raise ResourceError(file, "this id is used twice", key=entry.id)
        seen.add(entry.id)
        expanded.append(expand(entry.match, macros, file))
        for text in (expanded[-1], entry.after, entry.not_after, entry.before, entry.not_before):
            literals |= literals_of(text or "")
    lexicon = build_lexicon(words.value, literals)
    rules = tuple(compile_rule(entry, k, expanded[k], lexicon, file) for k, (entry, file) in enumerate(entries))
    tense = words.value.tense
    return Patterns(
        tuple(files),
        lexicon,
        rules,
        holidays,
        frozenset(tense.future),
        frozenset(tense.past),
        frozenset(tense.future_pairs),
        frozenset(tense.future_governors),
        event_time.value,
    )
