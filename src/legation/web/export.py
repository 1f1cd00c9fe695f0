"""Export of what is shown, in every layout, with a preview of its first lines."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response, StreamingResponse

from legation.export.layouts import LAYOUTS, Layout, Options, write
from legation.export.safe import safe as without_words
from legation.export.tables import Tables, load_tables
from legation.problems import SettingsError
from legation.store import Filter
from legation.web.desk import Desk
from legation.web.events import filter_of

router = APIRouter(include_in_schema=False)
PREVIEW = 8  # records
SHOWN = 6000  # characters of a preview
CHUNK = 500  # records written at once


@cache
def tables() -> Tables:
    """The export's own tables, read when first needed."""
    return load_tables()


def _layout(name: str) -> Layout:
    from legation.export.layouts import layout_named

    try:
        return layout_named(name)
    except SettingsError as error:
        raise HTTPException(404, "There is no such layout.") from error


def _records(desk: Desk, where: Filter, safe: bool) -> Iterator[dict[str, Any]]:
    """Records under the filter; with `safe`, without the articles' words."""
    texts: dict[str, str | None] = {}
    for record in desk.store.records(where):
        if safe:
            article = record["article"]["id"]
            if article not in texts:
                texts.clear()  # records of one article mostly follow each other
                row = desk.store.article(article)
                texts[article] = row["text"] if row else None
            yield without_words(record, texts[article])
        else:
            yield record


def _first(desk: Desk, where: Filter, safe: bool) -> Iterator[dict[str, Any]]:
    """The first records of an export: the others are not even sorted for them."""
    condition, values = where.where()
    text = (
        "SELECT record, article_id FROM events WHERE rowid IN ("
        f"SELECT rowid FROM events WHERE {condition} ORDER BY day NULLS LAST, id LIMIT {PREVIEW}"
        ") ORDER BY day NULLS LAST, id"
    )
    for row in desk.rows(text, values):
        record = json.loads(row["record"])
        article = desk.store.article(row["article_id"]) if safe else None
        yield without_words(record, article["text"] if article else None) if safe else record


@router.get("/export")
def export_page(request: Request, layout: str = "csv", safe: str = "") -> Response:
    """Choose a layout, see its first lines, take it."""
    desk: Desk = request.app.state.desk
    where, wrong = _where(request)
    form = _layout(layout)
    chosen = Options(safe=safe == "1")
    records = itertools.islice(_first(desk, where, chosen.safe), PREVIEW)
    if form.encoder is None:
        columns = ", ".join(c.name for c in form.columns(tables(), chosen))
        preview, left = f"(a file for programs, no text; its columns are {columns})", 0
    else:
        buffer = io.BytesIO()
        _, left = write(records, form, buffer, tables(), chosen)
        preview = buffer.getvalue().decode("utf8", "replace")[:SHOWN]
    answer: Response = request.app.state.pages(
        request,
        "export.html",
        title="Export",
        where=where,
        words=str(where),
        params=where.to_params(),
        wrong=wrong,
        total=desk.count(where),
        layouts=[{"name": one.name, "title": one.title, "suffix": one.suffix} for one in LAYOUTS.values()],
        layout=form.name,
        only=sorted(form.statuses) if form.statuses else None,
        safe=chosen.safe,
        preview=preview,
        previewed=PREVIEW,
        left=left,
    )
    return answer


def _where(request: Request) -> tuple[Filter, str]:
    return filter_of([(k, v) for k, v in request.query_params.multi_items() if k not in ("layout", "safe")])


@router.get("/export/file")
def export_file(request: Request, layout: str = "csv", safe: str = "") -> Response:
    """The whole export. Text comes as it is written; Parquet is put together first."""
    desk: Desk = request.app.state.desk
    where, wrong = _where(request)
    if wrong:
        raise HTTPException(400, wrong)
    form = _layout(layout)
    chosen = Options(safe=safe == "1")
    name = f"legation-{form.name}{form.suffix if form.suffix.startswith('.') else '.' + form.suffix}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    records = _records(desk, where, chosen.safe)
    if form.encoder is None:
        buffer = io.BytesIO()
        write(records, form, buffer, tables(), chosen)
        return Response(buffer.getvalue(), media_type="application/octet-stream", headers=headers)
    return StreamingResponse(_lines(records, form, chosen), media_type="text/plain; charset=utf-8", headers=headers)


def _lines(records: Iterator[dict[str, Any]], form: Layout, chosen: Options) -> Iterator[bytes]:
    """The text of an export in pieces, so that a store of any size needs little memory."""
    from legation.export.layouts import sink

    buffer = io.BytesIO()
    out = sink(form, buffer, tables(), chosen, {})
    for k, record in enumerate(records, 1):
        if form.takes(record):
            out.add(record)
        if k % CHUNK == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    out.close()
    yield buffer.getvalue()
