"""The API: what the screens show, as JSON, under the same filters; its page asks nothing of other hosts."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from legation.store import Filter
from legation.watch import list_watches
from legation.web import charts
from legation.web.desk import Desk, now
from legation.web.dyads import View, chart_of
from legation.web.events import SORTS, filter_of
from legation.web.page import person

router = APIRouter()
MOST = 1000

Words = Annotated[list[str], Query()]


def _written(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def answer(value: Any, status: int = 200) -> Response:
    """JSON with days as ISO texts."""
    text = json.dumps(value, ensure_ascii=False, default=_written, allow_nan=False)
    return Response(text.encode("utf8", "backslashreplace"), status, media_type="application/json")


def the_filter(
    request: Request,
    q: Annotated[
        str, Query(description='A filter in words: "NOR GOV -> ISL GOV, SANCTION, happened or planned".')
    ] = "",
    actor: Annotated[list[str], Query(description="Country, country and sector, sector, entity id, name.")] = [],  # noqa: B006
    recipient: Words = [],  # noqa: B006
    either: Annotated[bool, Query(description="The pair in either direction.")] = False,
    type: Annotated[list[str], Query(description="PLOVER types.")] = [],  # noqa: A002, B006
    mode: Words = [],  # noqa: B006
    quad: Annotated[list[int], Query(description="Quad classes, 1 to 4.")] = [],  # noqa: B006
    status: Words = [],  # noqa: B006
    aux: Words = [],  # noqa: B006
    context: Words = [],  # noqa: B006
    source: Annotated[list[str], Query(description='Outermost source; "reporter" for the reporter.')] = [],  # noqa: B006
    place: Annotated[list[str], Query(description="Country or name of a place.")] = [],  # noqa: B006
    publication: Words = [],  # noqa: B006
    since: Annotated[date | None, Query(description="First day.")] = None,
    until: Annotated[date | None, Query(description="Last day.")] = None,
    confidence_min: Annotated[float | None, Query(ge=0, le=1)] = None,
    text: Annotated[str, Query(description="Words of the sentence, quote or title.")] = "",
    article: str = "",
    group: str = "",
    claim: str = "",
    happened_only: bool = False,
) -> Filter:
    """The filter of an address. The parameters are named above for the page of the API; the screens' own reader
    reads them, so that both mean the same."""
    where, wrong = filter_of(request.query_params.multi_items())
    if wrong:
        raise HTTPException(400, wrong)
    return where


Where = Annotated[Filter, Depends(the_filter)]


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


@router.get("/api/store", tags=["store"])
def store(request: Request) -> Response:
    """What is open: its name, how many events and articles, whether shards wait to be loaded."""
    return answer(_desk(request).frame())


@router.get("/api/events", tags=["events"])
def events(
    request: Request,
    where: Where,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
    order: Annotated[str, Query(description="A column, -column for the largest first.")] = "-day",
    form: Annotated[Literal["rows", "records"], Query(description="Flat rows or whole records.")] = "rows",
) -> Response:
    """Events under a filter, with their number."""
    desk = _desk(request)
    if order.removeprefix("-") not in (*SORTS, "published"):
        raise HTTPException(400, f"order: there are {', '.join((*SORTS, 'published'))}")
    condition, values = where.where()
    name, direction = order.removeprefix("-"), "DESC" if order.startswith("-") else "ASC"
    wanted = "record" if form == "records" else "* EXCLUDE (record)"
    rows = desk.rows(
        f"SELECT {wanted} FROM events WHERE {condition} ORDER BY {name} {direction} NULLS LAST, id"
        f" LIMIT {limit} OFFSET {offset}",
        values,
    )
    found = [json.loads(r["record"]) for r in rows] if form == "records" else rows
    return answer({"filter": str(where), "total": desk.count(where), "offset": offset, "events": found})


@router.get("/api/events/{id}", tags=["events"])
def event(request: Request, id: str) -> Response:  # noqa: A002
    """One record with its corrections laid over it, and the corrections themselves."""
    store_ = _desk(request).store
    found = store_.record(id)
    corrections = store_.corrections(id)
    if found is None and not corrections:
        raise HTTPException(404, "There is no such event.")
    return answer({"record": found, "corrections": corrections})


class Correction(BaseModel):
    """One correction, as `legation correct` takes it."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(description="type, mode, status, aux, actor, recipient, actor.1, stance, date, place, ...")
    value: str = Field(max_length=500, description='In the words of `legation correct`: "denied", "NOR GOV", "none".')
    by: str | None = Field(default=None, max_length=60, description="Who says so; with a token, its person.")
    note: str | None = Field(default=None, max_length=2000)


@router.post("/api/events/{id}/corrections", tags=["events"], status_code=201)
def correct(request: Request, id: str, given: Correction) -> Response:  # noqa: A002
    """Lay a correction over a record."""
    desk = _desk(request)
    by = person(request) or (given.by or "").strip()
    try:
        made = desk.store.correct(id, given.field, given.value, by, given.note, made_at=now().isoformat())
    except ValueError as error:
        raise HTTPException(422, str(error)) from error
    finally:
        desk.wrote()
    return answer({"correction": made}, 201)


@router.post("/api/corrections/{correction}/withdraw", tags=["events"])
def withdraw(request: Request, correction: str) -> Response:
    """Take a correction back."""
    desk = _desk(request)
    desk.store.withdraw(correction, withdrawn_at=now().isoformat())
    desk.wrote()
    return answer({"withdrawn": correction})


@router.get("/api/counts", tags=["events"])
def counts(
    request: Request, where: Where, field: Annotated[list[str], Query(description="Columns to count over.")]
) -> Response:
    """How many events have each value of a column, most frequent first."""
    desk = _desk(request)
    try:
        found = desk.kept(("api counts", where, tuple(field)), lambda: desk.store.facets(where, field))
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
    return answer({k: [{"value": v, "count": n} for v, n in rows[:MOST]] for k, rows in found.items()})


@router.get("/api/months", tags=["events"])
def months(
    request: Request, where: Where, unit: Literal["day", "week", "month", "quarter", "year"] = "month"
) -> Response:
    """Ordered pairs of countries over time, zero-filled: numbers by quad class, means of the scales."""
    desk = _desk(request)
    return answer(
        desk.kept(("api months", where, unit), lambda: _rounded(desk.store.months(where, unit=unit).to_pylist()))
    )


def _rounded(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Means without the last digits, which depend on the order in which threads add up: same question, same bytes."""
    return [{k: round(v, 6) if isinstance(v, float) else v for k, v in row.items()} for row in rows]


@router.get("/api/charts/{name}", tags=["events"])
def chart(
    request: Request,
    where: Where,
    name: Literal["quads", "goldstein", "reports", "map", "network"],
    group: Literal["happened", "alleged", "open", "past"] = "happened",
) -> Response:
    """A chart as a Vega-Lite specification; "$quad1", "$ink" and so on stand for colours of the reader's theme."""
    view = View(_desk(request), where)
    spec = chart_of(view, name, group) if view.whole["first"] else None
    if spec is None:
        raise HTTPException(404, "There is nothing to draw.")
    return answer(spec)


@router.get("/api/articles", tags=["articles"])
def articles(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """Articles, the newest first, without their texts."""
    rows = _desk(request).rows(
        "SELECT article_id, run, title, url, publication, author, language, published, words FROM current_articles"
        f" ORDER BY published DESC NULLS LAST, article_id LIMIT {limit} OFFSET {offset}"
    )
    return answer({"offset": offset, "articles": rows})


@router.get("/api/article", tags=["articles"])
def article(request: Request, id: str) -> Response:  # noqa: A002
    """One article: text, what was left out as page furniture, its records, what was rejected and why."""
    store_ = _desk(request).store
    found = store_.article(id)
    if found is None:
        raise HTTPException(404, "There is no such article.")
    hidden = ("path", "item_key", "loaded", "current")
    return answer(
        {
            "article": {k: v for k, v in found.items() if k not in hidden},
            "records": list(store_.records(Filter(article=id))),
            "rejected": store_.rejected(id),
        }
    )


@router.get("/api/claims", tags=["claims"])
def claims(
    request: Request,
    disputed: bool = False,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> Response:
    """The claim board as it was drawn last, contradictions first."""
    rows = _desk(request).rows(
        "SELECT board FROM claims WHERE NOT $disputed OR disputed"
        f" ORDER BY NOT disputed, first_seen NULLS LAST, claim LIMIT {limit} OFFSET {offset}",
        {"disputed": disputed},
    )
    return answer({"offset": offset, "claims": [json.loads(r["board"]) for r in rows]})


@router.get("/api/claims/{id}", tags=["claims"])
def claim(request: Request, id: str) -> Response:  # noqa: A002
    """One claim of the board."""
    rows = _desk(request).rows("SELECT board FROM claims WHERE claim = ?", [id])
    if not rows:
        raise HTTPException(404, "There is no such claim.")
    return answer(json.loads(rows[0]["board"]))


@router.get("/api/watches", tags=["watches"])
def watches(request: Request) -> Response:
    """All watches: condition, plain words, what was noticed. Addresses are not told here."""
    kept = ("id", "name", "condition", "words", "pace", "made_at", "made_by", "noticed")
    found = list_watches(_desk(request).store)
    return answer([{k: str(getattr(w, k)) if k == "pace" else getattr(w, k) for k in kept} for w in found])


@router.get("/api", include_in_schema=False)
def page(request: Request) -> Response:
    """Every way into the API, on a page that needs nothing from elsewhere."""
    described = request.app.openapi()
    calls = [
        {"path": path, "method": method.upper(), **call}
        for path, methods in described["paths"].items()
        for method, call in methods.items()
    ]
    shown: Response = request.app.state.pages(
        request,
        "api.html",
        title="API",
        calls=calls,
        models=described.get("components", {}).get("schemas", {}),
        charts_here=charts.available(),
        token_needed=bool(request.app.state.guard.people),
        base=str(request.base_url).rstrip("/"),
    )
    return shown
