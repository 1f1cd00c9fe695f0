"""Screen 4, the claim board: one row a claim, contradictions first; who says what about it since when."""

from __future__ import annotations

import json
import logging
import threading
from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from legation.store import Filter
from legation.web.desk import Desk, now
from legation.web.login import check_form
from legation.web.page import query

router = APIRouter(include_in_schema=False)
log = logging.getLogger("legation.web")
PAGE = 30
AT_ONCE = 5_000  # events; up to here linking takes seconds
SIDES = (
    ("asserted_by", "asserts", "say so"),
    ("denied_by", "denies", "deny it"),
    ("doubted_by", "doubts", "doubt it"),
    ("repeated_by", "repeats", "repeat it"),
    ("told_by", "told", "tell it as a fact"),
)
# a claim that only reporters tell, in their own voice, is an event and no claim in dispute: shown when asked for
LIST = """
    SELECT claim, board FROM claims
    WHERE (NOT $disputed OR disputed)
      AND ($words IS NULL OR contains(lower(words), lower($words)))
      AND ($type IS NULL OR type = $type)
      AND ($all OR disputed OR json_array_length(board, '$.asserted_by') + json_array_length(board, '$.denied_by')
           + json_array_length(board, '$.doubted_by') + json_array_length(board, '$.repeated_by') > 0)
    ORDER BY NOT disputed, first_seen NULLS LAST, claim LIMIT $most OFFSET $skip
"""
TOTALS = "SELECT count(*) AS n, count(*) FILTER (disputed) AS disputed FROM claims"
STALE = "SELECT count(*) AS n FROM events WHERE claim IS NULL"


def spread(row: dict[str, Any]) -> list[dict[str, Any]]:
    """How a claim went through the papers: one entry a day, with how many articles said or denied it."""
    days: dict[str, Counter[str]] = {}
    for key, cls, _ in SIDES:
        for voice in row[key]:
            for said in voice["said"]:
                if said["date"]:
                    days.setdefault(said["date"], Counter())[
                        "denies" if cls in ("denies", "doubts") else "asserts"
                    ] += 1
    return [{"day": day, "asserts": n["asserts"], "denies": n["denies"]} for day, n in sorted(days.items())]


@router.get("/claims")
def board(
    request: Request,
    words: str = "",
    type: str = "",  # noqa: A002
    disputed: str = "",
    all: str = "",  # noqa: A002
    page: int = 1,
) -> Response:
    """The board."""
    desk: Desk = request.app.state.desk
    page = max(1, min(page, 100_000))
    given = {
        "words": words.strip() or None,
        "type": type or None,
        "disputed": disputed == "1",
        "all": all == "1",
        "most": PAGE + 1,
        "skip": (page - 1) * PAGE,
    }
    rows = desk.kept(("claims", tuple(given.values())), lambda: _rows(desk, given))
    found = [json.loads(r["board"]) for r in rows[:PAGE]]
    answer: Response = request.app.state.pages(
        request,
        "claims.html",
        title="Claims",
        claims=[{**row, "spread": spread(row)} for row in found],
        sides=SIDES,
        more=len(rows) > PAGE,
        page=page,
        given={"words": words, "type": type, "disputed": disputed, "all": all},
        types=[t.name for t in desk.codebook.types],
        totals=desk.kept("claim totals", lambda: desk.rows(TOTALS)[0]),
        stale=desk.kept("claim stale", lambda: desk.rows(STALE)[0]["n"]),
        drawing=Linker.of(desk).busy,
    )
    return answer


def _rows(desk: Desk, given: dict[str, Any]) -> list[dict[str, Any]]:
    """One page and one row more. The disputed ones come first and are known by a column: while they fill the page,
    nobody has to look into the others."""
    first = desk.rows(LIST, {**given, "disputed": True})
    return first if len(first) == given["most"] or given["disputed"] else desk.rows(LIST, given)


@router.get("/claims/{id}")
def one_claim(request: Request, id: str) -> Response:  # noqa: A002
    """All about one claim: every saying with its words, and the links that made it."""
    desk: Desk = request.app.state.desk
    rows = desk.rows("SELECT board FROM claims WHERE claim = ?", [id])
    if not rows:
        raise HTTPException(404, "There is no such claim.")
    row = json.loads(rows[0]["board"])
    answer: Response = request.app.state.pages(
        request, "claim.html", title=row["claim"], claim={**row, "spread": spread(row)}, sides=SIDES
    )
    return answer


@router.post("/claims/draw")
def draw(request: Request, form_token: Annotated[str, Form()]) -> Response:
    """Link reports of one event and draw the board anew, beside the running desk."""
    check_form(request, form_token)
    desk: Desk = request.app.state.desk
    Linker.of(desk).start()
    return RedirectResponse("/claims?" + query({"said": "The board is being drawn; reload in a moment."}), 303)


class Linker:
    """Linking in a thread of its own: for a large store it takes minutes, and readers go on."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.busy = False
        self._lock = threading.Lock()

    @classmethod
    def of(cls, desk: Desk) -> Linker:
        """The one linker of a desk."""
        found: Linker = desk.parts.setdefault("linker", cls(desk))
        return found

    def start(self) -> None:
        """Begin, unless one is at work."""
        with self._lock:
            if self.busy:
                return
            self.busy = True
        threading.Thread(target=self._work, name="legation-linker", daemon=True).start()

    def after_load(self) -> None:
        """New articles came in: link at once where that is quick; else people press the button."""
        if self.desk.count(Filter()) <= AT_ONCE and not self.busy and self.desk.rows(STALE)[0]["n"]:
            self.run()

    def _work(self) -> None:
        try:
            self.run()
        except Exception:  # a background thread has nobody to raise to
            log.exception("linking failed")
        finally:
            self.busy = False

    def run(self) -> None:
        """Events first, then claims; both as `legation dedup` and `legation claims` do."""
        from legation.claims.rules import load_link_rules
        from legation.claims.stored import board_store, link_store

        rules, at = load_link_rules(), now().isoformat()
        link_store(self.desk.store, rules, at=at)
        board_store(self.desk.store, rules, at=at)
        self.desk.wrote()
