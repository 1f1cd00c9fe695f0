"""Screen 1, the reader: the list of articles, and one article with its events."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from legation.store import Filter
from legation.web.desk import Desk
from legation.web.spans import blocks, dropped_marks, marks_of, parts

router = APIRouter(include_in_schema=False)
PAGE = 40  # articles in one list

# the page of articles first, then the events of these alone
LIST = """
    WITH page AS (
        SELECT article_id, title, publication, published, words FROM current_articles a
        WHERE ($words IS NULL OR contains(lower(coalesce(a.title, '') || ' ' || a.text), lower($words)))
          AND ($publication IS NULL OR a.publication = $publication)
          AND ($day IS NULL OR a.published = $day::DATE)
        ORDER BY published DESC NULLS LAST, article_id LIMIT $most OFFSET $skip
    )
    SELECT page.*, count(e.id) AS n, count(e.id) FILTER (e.status IN ('alleged', 'denied')) AS alleged,
           count(e.id) FILTER (e.corrected) AS corrected
    FROM page LEFT JOIN events e ON e.article_id = page.article_id
    GROUP BY ALL ORDER BY published DESC NULLS LAST, page.article_id
"""
# without words to look for, the texts of a hundred thousand articles are not read
PLAIN_LIST = LIST.replace("lower(coalesce(a.title, '') || ' ' || a.text)", "''")


@router.get("/")
def article_list(request: Request, words: str = "", publication: str = "", day: str = "", page: int = 1) -> Response:
    """The newest articles first, with how many events each has."""
    desk: Desk = request.app.state.desk
    page = max(1, min(page, 100_000))
    given = {
        "words": words.strip() or None,
        "publication": publication or None,
        "day": day if _is_day(day) else None,
        "most": PAGE + 1,
        "skip": (page - 1) * PAGE,
    }
    key = ("articles", tuple(given.values()))
    found = desk.kept(key, lambda: desk.rows(LIST if given["words"] else PLAIN_LIST, given))
    publications = desk.kept(
        "publications",
        lambda: desk.rows(
            "SELECT publication AS name, count(*) AS n FROM current_articles WHERE publication IS NOT NULL"
            " GROUP BY ALL ORDER BY n DESC, name LIMIT 200"
        ),
    )
    answer: Response = request.app.state.pages(
        request,
        "articles.html",
        title="Articles",
        found=found[:PAGE],
        more=len(found) > PAGE,
        page=page,
        given={"words": words, "publication": publication, "day": day},
        publications=publications,
    )
    return answer


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@router.get("/article")
def article_page(request: Request, id: str, part: int = 0, event: str = "") -> Response:  # noqa: A002
    """One article. A long one comes in parts; `event` opens the part in which that event stands."""
    desk: Desk = request.app.state.desk
    article = desk.store.article(id)
    if article is None:
        raise HTTPException(404, "There is no such article in the store.")
    records = list(desk.store.records(Filter(article=id)))
    rejected = desk.store.rejected(id)
    text: str = article["text"] or ""
    windows = parts(text)
    part = max(0, min(part, len(windows) - 1))
    if event:
        anchors = [r["anchor"]["start"] for r in records if r["id"] == event]
        part = next((k for k, (a, b) in enumerate(windows) for s in anchors if a <= s < b), part)
    start, end = windows[part]
    here = sorted(
        (r for r in records if start <= r["anchor"]["start"] < end),
        key=lambda r: (r["anchor"]["start"], r["type"], r["status"]),
    )
    marks = [m for r in here for m in marks_of(r)]
    dropped = [r for r in rejected if start <= r["start"] < end]
    marks += dropped_marks(dropped)
    title = article["title"] or ""
    title_end = len(title) if title and text.startswith(title) else 0
    shown = blocks(text, title_end, marks, article["removed"], windows[part])
    answer: Response = request.app.state.pages(
        request,
        "article.html",
        title=title or id,
        article=article,
        blocks=shown,
        unplaced=[r for r in article["removed"] if r.get("at") is None],
        records=here,
        total=len(records),
        rejected=dropped,
        part=part,
        windows=windows,
        fixed=corrections_of(desk, id),
        linked=linked(desk, id),
        taken_out=taken_out(desk, id),
    )
    return answer


def corrections_of(desk: Desk, article_id: str) -> dict[str, list[dict[str, Any]]]:
    """record id -> the corrections that stand on it, for all records of an article."""
    rows = desk.rows(
        'SELECT correction, record_id, field, value, c."by", note, made_at FROM corrections c'
        " WHERE withdrawn_at IS NULL AND record_id IN (SELECT id FROM events WHERE article_id = ?)"
        " ORDER BY made_at, correction",
        [article_id],
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["record_id"], []).append(row)
    return found


def linked(desk: Desk, article_id: str) -> dict[str, dict[str, Any]]:
    """record id -> the claim it belongs to (with `disputed`), and how many other articles report the same event."""
    rows = desk.rows(
        "SELECT e.id, e.claim, e.event_group, c.words, c.disputed FROM events e LEFT JOIN claims c ON c.claim = e.claim"
        " WHERE e.article_id = ?",
        [article_id],
    )
    groups = sorted({row["event_group"] for row in rows if row["event_group"]})
    counted = {}
    if groups:
        found = desk.rows(
            "SELECT event_group, count(DISTINCT article_id) AS n FROM events"
            " WHERE event_group IN (SELECT unnest(?)) AND article_id <> ? GROUP BY ALL",
            [groups, article_id],
        )
        counted = {row["event_group"]: row["n"] for row in found}
    return {row["id"]: {**row, "reports": counted.get(row["event_group"], 0)} for row in rows}


def taken_out(desk: Desk, article_id: str) -> list[dict[str, Any]]:
    """Events of an article that a person said are none: they can be brought back."""
    return desk.rows(
        'SELECT c.correction, c.record_id, c."by", c.note, c.made_at,'
        " json_extract_string(r.record, '$.type') AS type, json_extract_string(r.record, '$.anchor.text') AS anchor"
        " FROM corrections c JOIN records r ON r.id = c.record_id"
        " JOIN current_articles a ON a.article_id = r.article_id AND a.run = r.run"
        " WHERE c.field = 'rejected' AND c.value = 'true' AND c.withdrawn_at IS NULL AND r.article_id = ?"
        " ORDER BY c.made_at",
        [article_id],
    )


@router.get("/event/{id}")
def event_page(request: Request, id: str) -> Response:  # noqa: A002
    """An event stands in its article: there."""
    from legation.web.page import query

    desk: Desk = request.app.state.desk
    record = desk.store.record(id)
    if record is None:
        raise HTTPException(404, "There is no such event in the store, or somebody said that it is none.")
    return RedirectResponse(f"/article?{query({'id': record['article']['id'], 'event': id})}#e-{id}", 303)
