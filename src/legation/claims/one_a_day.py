"""The classic filter of event data: of one actor doing one kind of thing to one recipient on one day, one counts.

Coarser than linking, and the same for everybody: kept beside it so that figures can be compared with older data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from legation.claims.item import Record


def one_a_day(records: Iterable[Record]) -> dict[str, tuple[str, ...]]:
    """record that counts -> all records of its kind and day, itself first.

    Kind: type, codes of all actors and recipients (their words where they have no code), day of the event, else of
    publication. What did not happen (negated, denied, planned, possible) never counts with what did. Records
    without any day stand alone.
    """
    groups: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
    for record in records:
        day = record["date"]["start"] or record["article"]["published"]
        key = (
            record["type"],
            _side(record, "actor"),
            _side(record, "recipient"),
            day or record["id"],
            record["status"] in ("happened", "alleged", "historical"),
        )
        groups[key].append(record)
    out: dict[str, tuple[str, ...]] = {}
    for members in groups.values():
        ordered = sorted(members, key=lambda r: (r["article"]["published"] or "9999", r["article"]["id"], r["id"]))
        out[ordered[0]["id"]] = tuple(r["id"] for r in ordered)
    return dict(sorted(out.items()))


def _side(record: Record, side: str) -> tuple[str, ...]:
    return tuple(sorted(entry["code"] or entry["text"].casefold() for entry in record[side]))
