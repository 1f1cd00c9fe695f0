"""How often each rule is right: precision by rule against gold with one annotated event a sentence.

A record counts as right when its type and both sides agree with the gold event of its sentence. Gold names one event
a sentence, so that a right second event counts as "other": precision is a lower bound, good for comparing rules.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from legation.model.text import RawDocument
from legation.pipeline import code_document
from legation.problems import DocumentError, SettingsError
from legation.record import to_dict
from legation.resources import Resources

SYMMETRIC = ("AGREE", "CONSULT", "COOPERATE")
OUTCOMES = ("right", "other_type", "other_sides", "other")
FOLDED = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}  # gold of the older ontology does not tell them apart


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file. SettingsError names file and line."""
    try:
        lines = path.read_text("utf8").splitlines()
    except OSError as error:
        raise SettingsError(f"evaluate: {path} cannot be read ({error.strerror})") from error
    out = []
    for number, line in enumerate(lines, 1):
        try:
            out += [json.loads(line)] if line.strip() else []
        except ValueError as error:
            raise SettingsError(f"evaluate: {path} line {number} is not JSON") from error
    return out


def coded(items: Iterable[dict[str, Any]], resources: Resources) -> Iterator[list[dict[str, Any]]]:
    """The records of each item as they are written; none for an item that cannot be coded."""
    for item in items:
        raw = RawDocument(item["id"], item["text"], "text", item["id"], date=item.get("date"), already_clean=True)
        try:
            seen = code_document(raw, resources)
        except DocumentError:
            yield []
            continue
        yield [to_dict(record, seen) for record in seen.records]


def outcome(record: dict[str, Any], gold: dict[str, Any]) -> str:
    """What a record is, against the one gold event of its sentence."""
    kind = FOLDED.get(record["type"], record["type"]) == FOLDED.get(gold["root"], gold["root"])
    sides = _sides(record, gold)
    if kind and sides:
        return "right"
    if sides:
        return "other_type"
    return "other_sides" if kind else "other"


def _sides(record: dict[str, Any], gold: dict[str, Any]) -> bool:
    """Whether both sides agree: by words where the gold has spans, else by country."""
    actors, recipients = record["actor"], record["recipient"]
    everyone = [*actors, *recipients]
    if "source_span" in gold:
        source, target = gold["source_span"], gold["target_span"]
        sure = _over(actors, source) and _over(recipients or actors, target)
        return sure or (record["type"] in SYMMETRIC and _over(everyone, source) and _over(everyone, target))
    wanted = [{a["country"] for a in gold[side] if a.get("country")} for side in ("actor", "recipient")]
    got = [{a["country"] for a in side} for side in (actors, recipients or actors)]
    if record["type"] in SYMMETRIC:
        return not (wanted[0] | wanted[1]) - (got[0] | got[1])
    return all(not w or w & g for w, g in zip(wanted, got, strict=True))


def _over(parties: Sequence[dict[str, Any]], span: Sequence[int] | None) -> bool:
    return span is not None and any(p["start"] < span[1] and span[0] < p["end"] for p in parties)


def rule_table(items: list[dict[str, Any]], gold: list[dict[str, Any]], resources: Resources) -> list[dict[str, Any]]:
    """One row a rule, the busiest first: how often it made a record and what those were."""
    if [i["id"] for i in items] != [g["id"] for g in gold]:
        raise SettingsError("evaluate: items and gold do not have the same ids in the same order")
    tally: dict[str, Counter[str]] = defaultdict(Counter)
    for records, truth in zip(coded(items, resources), gold, strict=True):
        for record in records:
            tally[record["why"]["rule"]][outcome(record, truth)] += 1
    rows = []
    for rule, counts in sorted(tally.items(), key=lambda pair: (-pair[1].total(), pair[0])):
        n = counts.total()
        row = {"rule": rule, "records": n, **{o: counts[o] for o in OUTCOMES}}
        rows.append({**row, "precision": round(counts["right"] / n, 3)})
    return rows


def confusion(items: list[dict[str, Any]], gold: list[dict[str, Any]], resources: Resources) -> dict[str, Counter[str]]:
    """Gold type -> type of the surest record that has the right sides ("-": none)."""
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for records, truth in zip(coded(items, resources), gold, strict=True):
        near = [r for r in records if outcome(r, truth) in ("right", "other_type")]
        best = max(near, key=lambda r: (outcome(r, truth) == "right", r["confidence"], r["id"]), default=None)
        table[truth["root"]][FOLDED.get(best["type"], best["type"]) if best else "-"] += 1
    return table
