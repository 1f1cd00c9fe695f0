"""Samples of events for review, in the store: who coded what, who agrees, what was ruled. No page is made here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from legation.store import Filter, Store
from legation.web.agreement import Agreement, agreement

KINDS = {"uncertain": "least certain first", "random": "random sample"}
FIELDS = ("event", "type", "mode", "status", "actor", "recipient", "date")
MOST = 2000

Answers = dict[str, Any]


def make(
    store: Store,
    *,
    name: str,
    kind: str,
    seed: int | None,
    size: int,
    where: Filter,
    shows: bool,
    by: str,
    at: datetime,
) -> str:
    """Draw a sample and keep it; its id. The same seed over the same events draws the same sample. ValueError."""
    if not name.strip():
        raise ValueError("a review needs a name")
    if kind not in KINDS or not 1 <= size <= MOST:
        raise ValueError(f"the size is a number from 1 to {MOST}")
    condition, values = where.where()
    order = "md5(concat($seed::VARCHAR, ':', id)), id" if kind == "random" else "confidence, id"
    if kind == "random":
        values["seed"] = seed if seed is not None else 0
    rows = store.sql(f"SELECT id FROM events WHERE {condition} ORDER BY {order} LIMIT {int(size)}", values).to_pylist()
    if not rows:
        raise ValueError("no event fits this filter")
    review = hashlib.sha256(f"{name}\n{at.isoformat()}\n{by}".encode()).hexdigest()[:12]
    with store.transaction() as cursor:
        cursor.execute(
            "INSERT INTO reviews VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [review, name.strip(), kind, seed if kind == "random" else None, str(where), shows, by, at],
        )
        import pyarrow as pa

        ids = [r["id"] for r in rows]
        cursor.register("drawn", pa.table({"position": list(range(1, len(ids) + 1)), "record_id": ids}))
        cursor.execute("INSERT INTO review_items SELECT ?, position, record_id FROM drawn", [review])
        cursor.unregister("drawn")
    return review


def reviews(store: Store) -> list[dict[str, Any]]:
    """All samples, the newest first, with how far they are."""
    found: list[dict[str, Any]] = store.sql(
        "SELECT r.*, (SELECT count(*) FROM review_items i WHERE i.review = r.review) AS size,"
        " (SELECT count(DISTINCT record_id) FROM review_codings c WHERE c.review = r.review) AS coded,"
        " (SELECT count(DISTINCT coder) FROM review_codings c WHERE c.review = r.review) AS coders,"
        " (SELECT count(DISTINCT record_id) FROM review_rulings u WHERE u.review = r.review) AS ruled"
        " FROM reviews r ORDER BY made_at DESC, review"
    ).to_pylist()
    return found


def review(store: Store, id_: str) -> dict[str, Any] | None:
    """One sample; None when there is none."""
    rows: list[dict[str, Any]] = store.sql("SELECT * FROM reviews WHERE review = ?", [id_]).to_pylist()
    return rows[0] if rows else None


def items(store: Store, id_: str) -> list[str]:
    """Record ids in the order in which everybody sees them."""
    rows = store.sql("SELECT record_id FROM review_items WHERE review = ? ORDER BY position", [id_]).to_pylist()
    return [r["record_id"] for r in rows]


def codings(store: Store, id_: str) -> dict[str, dict[str, Answers]]:
    """record id -> coder -> the answers that count: the last ones of each coder."""
    rows = store.sql(
        "SELECT record_id, coder, arg_max(answers, made_at) AS answers FROM review_codings WHERE review = ?"
        " GROUP BY ALL ORDER BY ALL",
        [id_],
    ).to_pylist()
    found: dict[str, dict[str, Answers]] = {}
    for r in rows:
        found.setdefault(r["record_id"], {})[r["coder"]] = json.loads(r["answers"])
    return found


def rulings(store: Store, id_: str) -> dict[str, dict[str, Any]]:
    """record id -> the last ruling on it."""
    rows = store.sql(
        'SELECT record_id, answers, "by", note, made_at FROM review_rulings WHERE review = ? ORDER BY made_at', [id_]
    ).to_pylist()
    return {r["record_id"]: {**r, "answers": json.loads(r["answers"])} for r in rows}


def code(store: Store, id_: str, record: str, coder: str, answers: Answers, note: str, at: datetime) -> None:
    """Keep what a coder says of one event."""
    with store.transaction() as cursor:
        cursor.execute(
            "INSERT INTO review_codings VALUES (?, ?, ?, ?, ?, ?)",
            [id_, record, coder, json.dumps(answers, sort_keys=True), note or None, at],
        )


def rule(store: Store, id_: str, record: Mapping[str, Any], answers: Answers, by: str, note: str, at: datetime) -> int:
    """Settle one event: the ruling is kept, and what differs from the record becomes corrections. How many."""
    changes = corrections(answers, record)
    for field, value in changes:
        store.correct(record["id"], field, value, by, note or "review", made_at=at.isoformat())
    with store.transaction() as cursor:
        cursor.execute(
            "INSERT INTO review_rulings VALUES (?, ?, ?, ?, ?, ?)",
            [id_, record["id"], json.dumps(answers, sort_keys=True), by, note or None, at],
        )
    return len(changes)


def tally(coded: Mapping[str, Mapping[str, Answers]], coders: Sequence[str]) -> dict[str, Agreement]:
    """Agreement on each field over what at least two coders have coded."""
    return {field: agreement([[by.get(c, {}).get(field) for c in coders] for by in coded.values()]) for field in FIELDS}


def sides(record: Mapping[str, Any]) -> list[tuple[str, str, Mapping[str, Any] | None]]:
    """(question, field to correct, party): first actor and first recipient; of equals the first two."""
    actors, recipients = record["actor"], record["recipient"]
    first = ("actor", "actor.0", actors[0] if actors else None)
    if len(actors) > 1 and not recipients:
        return [first, ("recipient", "actor.1", actors[1])]
    return [first, ("recipient", "recipient.0", recipients[0] if recipients else None)]


def party_code(party: Mapping[str, Any] | None) -> str:
    """ "NOR GOV", "GOV", or "" where nobody is known."""
    return " ".join(c for c in ((party or {}).get("country"), (party or {}).get("sector")) if c)


def answers_of(record: Mapping[str, Any]) -> Answers:
    """What the program says, as if it were a coder."""
    return {
        "event": True,
        "type": record["type"],
        "mode": record["mode"] or "",
        "status": record["status"],
        "date": record["date"]["start"] or "",
        **{question: party_code(party) for question, _, party in sides(record)},
    }


def corrections(answers: Answers, record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a ruling changes in a record, in the words of `Store.correct`."""
    if not answers["event"]:
        return [("rejected", "true")]
    now = answers_of(record)
    found = [(f, answers[f] or "none") for f in ("type", "mode", "status", "date") if answers[f] != now[f]]
    found += [(field, answers[q] or "none") for q, field, _ in sides(record) if answers[q] != now[q]]
    return found
