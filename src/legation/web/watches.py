"""Screen 6, watches: made from a filter in plain words, each with its feed; what they noticed and whom they told."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from legation.store import Filter
from legation.watch import (
    Channel,
    Kind,
    Pace,
    Watch,
    WatchError,
    add_watch,
    feed,
    find_watch,
    list_watches,
    plain_words,
    remove_watch,
)
from legation.web.desk import Desk, now
from legation.web.events import COLUMNS
from legation.web.login import check_form
from legation.web.page import person, query

router = APIRouter(include_in_schema=False)
ENTRIES = 60
FEED = (
    "SELECT w.event, max(w.noticed_at) AS noticed_at, bool_or(w.past) AS past, count(DISTINCT e.article_id) AS reports,"
    " min_by(e.id, e.published) AS id FROM watch_events w"
    " JOIN watch_reports r ON r.watch = w.watch AND r.event = w.event JOIN events e ON e.id = r.record_id"
    " WHERE w.watch = ? GROUP BY w.event ORDER BY noticed_at DESC, max(e.day) DESC NULLS LAST, w.event LIMIT ?"
)


def reading(condition: str, desk: Desk) -> dict[str, Any]:
    """What a condition means: in plain words, how many events of the store it fits; or why it is none."""
    if not condition.strip():
        return {"wrong": "", "plain": "", "n": None}
    try:
        where = Filter.parse(condition)
    except ValueError as error:
        return {"wrong": str(error), "plain": "", "n": None}
    return {"wrong": "", "plain": plain_words(where), "n": desk.count(where)}


@router.get("/watches")
def watches_page(request: Request, condition: str = "", name: str = "", wrong: str = "") -> Response:
    """All watches, and the form for a new one with what its condition means."""
    desk: Desk = request.app.state.desk
    return _page(
        request, desk, {"condition": condition, "name": name, "pace": "at once", "email": "", "webhook": ""}, ""
    )


def _page(request: Request, desk: Desk, given: dict[str, str], wrong: str, status: int = 200) -> Response:
    answer: Response = request.app.state.pages(
        request,
        "watches.html",
        status,
        title="Watches",
        watches=list_watches(desk.store),
        given=given,
        meaning=reading(given["condition"], desk),
        paces=[str(p) for p in Pace],
        wrong=wrong,
    )
    return answer


@router.post("/watches")
def make_watch(
    request: Request,
    form_token: Annotated[str, Form()],
    name: Annotated[str, Form()] = "",
    condition: Annotated[str, Form()] = "",
    pace: Annotated[str, Form()] = "at once",
    email: Annotated[str, Form()] = "",
    webhook: Annotated[str, Form()] = "",
) -> Response:
    """Save a watch. Every check is the one of `legation watch add`; a form can never allow a private webhook."""
    check_form(request, form_token)
    desk: Desk = request.app.state.desk
    channels = [Channel(Kind.EMAIL, a) for a in email.replace(",", " ").split()]
    channels += [Channel(Kind.WEBHOOK, u) for u in webhook.split()]
    try:
        made = add_watch(
            desk.store,
            name=name,
            condition=condition,
            channels=channels,
            pace=pace,
            made_at=now(),
            by=person(request) or "desk",
        )
    except WatchError as error:
        given = {"condition": condition, "name": name, "pace": pace, "email": email, "webhook": webhook}
        return _page(request, desk, given, str(error), 422)
    return RedirectResponse(f"/watches/{made.id}?" + query({"said": f"“{made.name}” watches from now on."}), 303)


def _watch(desk: Desk, id_: str) -> Watch:
    try:
        return find_watch(desk.store, id_)
    except WatchError as error:
        raise HTTPException(404, "There is no such watch.") from error


@router.get("/watches/{id}")
def one_watch(request: Request, id: str) -> Response:  # noqa: A002
    """A watch and its feed, as people read it."""
    desk: Desk = request.app.state.desk
    watch = _watch(desk, id)
    noticed = desk.rows(FEED, [watch.id, ENTRIES])
    rows = desk.rows(f"SELECT {COLUMNS} FROM events WHERE id IN (SELECT unnest(?))", [[n["id"] for n in noticed]])
    by_id = {r["id"]: r for r in rows}
    answer: Response = request.app.state.pages(
        request,
        "watch.html",
        title=watch.name,
        watch=watch,
        entries=[{**n, "row": by_id[n["id"]]} for n in noticed if n["id"] in by_id],
        params=_params(watch),
    )
    return answer


def _params(watch: Watch) -> list[tuple[str, str]]:
    try:
        return Filter.parse(watch.condition).to_params()
    except ValueError:
        return [("q", watch.condition)]


@router.get("/watches/{id}/feed.atom")
def atom(request: Request, id: str) -> Response:  # noqa: A002
    """The feed for feed readers."""
    desk: Desk = request.app.state.desk
    watch = _watch(desk, id)
    link = str(request.url.replace(query="", fragment=""))
    return Response(feed(desk.store, watch.id, link=link), media_type="application/atom+xml; charset=utf-8")


@router.post("/watches/{id}/remove")
def remove(request: Request, id: str, form_token: Annotated[str, Form()]) -> Response:  # noqa: A002
    """End a watch; its history stays in the store."""
    check_form(request, form_token)
    desk: Desk = request.app.state.desk
    watch = _watch(desk, id)
    remove_watch(desk.store, watch.id, now())
    return RedirectResponse("/watches?" + query({"said": f"“{watch.name}” has ended."}), 303)
