"""What review is good for: rulings as test cases and as a gold file for `legation evaluate`, by one click."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import PlainTextResponse, Response

from legation.store import Filter
from legation.web import gold, samples
from legation.web.desk import Desk
from legation.web.review import as_coded, review_of

router = APIRouter(include_in_schema=False)


def settled(desk: Desk, id_: str) -> list[tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]], bool]]:
    """(article, its settled events, what was ruled to be no event, whether all its events were settled)."""
    ruled = samples.rulings(desk.store, id_)
    by_article: dict[str, list[dict[str, Any]]] = {}
    no_events: dict[str, list[dict[str, Any]]] = {}
    for record_id, ruling in ruled.items():
        record = desk.store.record(record_id) if ruling["answers"]["event"] else as_coded(desk, record_id)
        if record is not None:
            into = by_article if ruling["answers"]["event"] else no_events
            into.setdefault(record["article"]["id"], []).append(record)
    found = []
    for name in sorted(by_article.keys() | no_events.keys()):
        article = desk.store.article(name)
        if article is not None:
            all_ids = {r["id"] for r in desk.store.records(Filter(article=name))}
            events = sorted(by_article.get(name, []), key=lambda r: (r["anchor"]["start"], r["id"]))
            found.append((article, events, no_events.get(name, []), all_ids <= ruled.keys()))
    return found


@router.get("/review/{id}/cases.cases")
def cases_file(request: Request, id: str) -> Response:  # noqa: A002
    """The rulings as a case file for the project's tests."""
    desk: Desk = request.app.state.desk
    name = review_of(desk, id)["name"]
    texts = [gold.case_of(f"{name}: {a['article_id']}", a, e, n) for a, e, n, _ in settled(desk, id)]
    return _file("".join(texts), f"review-{id}.cases")


@router.get("/review/{id}/gold.jsonl")
def gold_file(request: Request, id: str) -> Response:  # noqa: A002
    """The settled events as gold for `legation evaluate documents`."""
    desk: Desk = request.app.state.desk
    review_of(desk, id)
    return _file(
        gold.gold_lines((a["article_id"], c, e) for a, e, _, c in settled(desk, id)), f"review-{id}.gold.jsonl"
    )


@router.get("/review/{id}/items.jsonl")
def items_file(request: Request, id: str) -> Response:  # noqa: A002
    """The articles that belong to the gold file."""
    desk: Desk = request.app.state.desk
    review_of(desk, id)
    return _file(gold.item_lines(a for a, _, _, _ in settled(desk, id)), f"review-{id}.items.jsonl")


@router.get("/event/{id}/case")
def event_case(request: Request, id: str) -> Response:  # noqa: A002
    """One event, as it stands corrected, as a case for the project's tests."""
    desk: Desk = request.app.state.desk
    record, forbidden = desk.store.record(id), None
    if record is None:
        forbidden = as_coded(desk, id)
    of = record or forbidden
    article = desk.store.article(of["article"]["id"]) if of else None
    if of is None or article is None:
        raise HTTPException(404, "There is no such event.")
    name = f"{of['type'].lower()} in {article['article_id']}"
    text = gold.case_of(name, article, [record] if record else [], [forbidden] if forbidden else [])
    return PlainTextResponse(text)


def _file(text: str, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return PlainTextResponse(text, headers=headers)
