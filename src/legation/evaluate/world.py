"""Adapter for UniversalPetrarch's functional validation records: invented actors, expected source, target and code.

The records stay where they are (they are not ours); their actor dictionary becomes a passing overlay of actors. A
sentence counts as right when each expected event is found with both actors and the PLOVER type of its CAMEO root; a
sentence that must give none, when no record has two countries. The dictionaries were made for the other program:
verbs that mean something only there count against us, and the figure is a regression check, no comparison.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from legation.codebook import Codebook
from legation.evaluate.rule_table import FOLDED, coded
from legation.problems import SettingsError
from legation.resources import load_resources
from legation.settings import Settings

RECORDS, ACTORS = "PETR_Validate_records_2_02.xml", "PETR_Validate_actors_2_02.txt"
COLUMNS = "action kind name aliases id country sector other_sectors office office_kind start end as_of source note"
_CODE = re.compile(r"\[([A-Za-z]{3,})[^\]]*\]")
_ANY = "---"


@dataclass(frozen=True, slots=True)
class WorldItem:
    """A sentence and what must be coded: (source, target, PLOVER type); no event where `events` is empty."""

    id: str
    category: str
    text: str
    events: tuple[tuple[str, str, str | None], ...]


def read_world(folder: Path, codebook: Codebook) -> list[WorldItem]:
    """The records that are marked for evaluation. SettingsError when they are not there."""
    try:
        # the file is not well formed: its comments hold double hyphens and stray characters
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        root = etree.fromstring((folder / RECORDS).read_bytes(), parser)
    except (OSError, etree.XMLSyntaxError) as error:
        raise SettingsError(f"evaluate: {folder / RECORDS} cannot be read ({error})") from error
    out = []
    for sentence in root.iter("Sentence"):
        if sentence.get("evaluate", "true").lower() != "true":
            continue
        text = " ".join((sentence.findtext("Text") or "").split())
        events = tuple(
            (_country(e, "sourcecode"), _country(e, "targetcode"), root_of_cameo(e.get("eventcode", ""), codebook))
            for e in sentence.iter("EventCoding")
            if e.get("noevents") is None and e.get("eventcode")
        )
        out.append(WorldItem(sentence.get("id", "?"), sentence.get("category", "?"), text, events))
    return out


def _country(event: etree._Element, side: str) -> str:
    return str(event.get(side, _ANY))[:3]


def root_of_cameo(code: str, codebook: Codebook) -> str | None:
    """The PLOVER type of a CAMEO code, folded; urging (02) is REQUEST, as event-record.md says."""
    if code.startswith("02"):
        return "REQUEST"
    found = codebook.from_cameo(code)[0]
    return None if found is None else FOLDED.get(found, found)


def actors_of(path: Path) -> Iterator[tuple[str, list[str]]]:
    """(code, names) for each entry of the actor dictionary; dated codes: the first."""
    names: list[str] = []
    code: str | None = None
    for line in [*path.read_text("utf8", "replace").splitlines(), "END [XXX]"]:
        text = line.split("#")[0].strip()
        if not text or text.startswith(("<!--", "-->")):
            continue
        found = _CODE.search(text)
        name = text.split("[")[0].strip(" +_").replace("_", " ").title()
        if name and not text.startswith("+"):
            if names and code:
                yield code, names
            names, code = [], None
        if name:
            names.append(name)
        if found and code is None:
            code = found[1].upper()


def write_overlay(folder: Path, path: Path) -> None:
    """The invented actors as an overlay (docs/actors.md)."""
    seen: set[str] = set()
    with path.open("w", encoding="utf8", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
        writer.writerow(COLUMNS.split())
        for code, names in actors_of(folder / ACTORS):
            country = code[:3]
            for name in names:
                if len(name) < 3 or name in seen:
                    continue
                seen.add(name)
                row = {"action": "add", "kind": "metonym", "name": name, "country": country, "sector": "GOV"}
                writer.writerow([row.get(c, "petr" if c == "source" else "") for c in COLUMNS.split()])


def run_world(folder: Path, settings: Settings) -> dict[str, float]:
    """Figures: sentences all of whose expected events are found, by pair and by pair and type; silence where due."""
    with tempfile.TemporaryDirectory() as scratch:
        overlay = Path(scratch) / "actors.tsv"
        write_overlay(folder, overlay)
        resources = load_resources(replace(settings, actors=overlay))
        items = read_world(folder, resources.codebook)
        tally: Counter[str] = Counter()
        for item, records in zip(items, coded(({"id": i.id, "text": i.text} for i in items), resources), strict=True):
            got = set()
            for record in records:
                left = {a["country"] for a in record["actor"]} - {None}
                right = {a["country"] for a in record["recipient"]} - {None} or left
                # CAMEO knows no reductions: "is about to restore ties" is the deed there and AGREE here
                for kind in {record["type"], record["why"]["reduced_from"]} - {None}:
                    got |= {(a, b, FOLDED.get(kind, kind)) for a in left for b in right if a != b}
            if not item.events:
                tally["silent"] += 1
                tally["silent_right"] += not got
                continue
            tally["sentences"] += 1
            pairs = {(a, b) for a, b, _ in got}
            tally["pair"] += all(_met(a, b, pairs) for a, b, _ in item.events)
            coded_types = [e for e in item.events if e[2] is not None]
            tally["typed"] += bool(coded_types)
            tally["typed_right"] += bool(coded_types) and all(
                _met(a, b, {(x, y) for x, y, k in got if k == kind}) for a, b, kind in coded_types
            )
    return {
        "sentences": tally["sentences"],
        "pair": round(tally["pair"] / max(1, tally["sentences"]), 3),
        "sentences_with_plover_type": tally["typed"],
        "pair_and_type": round(tally["typed_right"] / max(1, tally["typed"]), 3),
        "must_be_silent": tally["silent"],
        "silent": round(tally["silent_right"] / max(1, tally["silent"]), 3),
    }


def _met(source: str, target: str, pairs: set[tuple[str, str]]) -> bool:
    return any(source in (a, _ANY) and target in (b, _ANY) for a, b in pairs)
