"""Correcting a record in place: one form a field, answers into the store's overlay, and back out of it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from legation.web.desk import Desk, now
from legation.web.fields import changes, form_of, known, title_of
from legation.web.login import check_form
from legation.web.page import person, query

router = APIRouter(include_in_schema=False)
MAX_NOTE = 2000


def _record(desk: Desk, id_: str, field: str) -> dict[str, Any]:
    record = desk.store.record(id_)
    if record is None or not known(field, record):
        raise HTTPException(404, "There is no such event, or no such field of it.")
    return record


@router.get("/event/{id}/fix/{field}")
def fix_form(request: Request, id: str, field: str) -> Response:  # noqa: A002
    """The form for one field: the script puts it into the card; without the script it is a page."""
    desk: Desk = request.app.state.desk
    record = _record(desk, id, field)
    return _form(request, desk, record, field, {}, "")


def _form(
    request: Request,
    desk: Desk,
    record: dict[str, Any],
    field: str,
    given: dict[str, Any],
    wrong: str,
    status: int = 200,
) -> Response:
    form = form_of(field, record, desk.codebook, given)
    answer: Response = request.app.state.pages(
        request,
        "fix.html",
        status,
        title="Correct " + title_of(field, record),
        about=title_of(field, record),
        record=record,
        field=field,
        form=form,
        wrong=wrong,
    )
    return answer


@router.post("/event/{id}/fix/{field}")
async def fix(request: Request, id: str, field: str) -> Response:  # noqa: A002
    """Write the correction. What does not differ writes nothing."""
    from starlette.concurrency import run_in_threadpool

    given = await request.form()
    check_form(request, str(given.get("form_token", "")))
    values: dict[str, Any] = {key: str(given[key]) for key in given if key != "contexts"}
    values["contexts"] = [str(one) for one in given.getlist("contexts")]
    return await run_in_threadpool(_fix, request, id, field, values)


def _fix(request: Request, id_: str, field: str, values: dict[str, Any]) -> Response:
    desk: Desk = request.app.state.desk
    record = _record(desk, id_, field)
    by = person(request) or str(values.get("by", "")).strip()[:60]
    note = str(values.get("note", "")).strip()[:MAX_NOTE]
    try:
        if not by:
            raise ValueError("say who you are: a correction carries a name")
        found = changes(field, values, record)
        if not found:
            raise ValueError("nothing differs from what stands there")
        made = now().isoformat()
        for name, value in found:
            desk.store.correct(id_, name, value, by, note or None, made_at=made)
    except ValueError as error:
        return _form(request, desk, record, field, values, str(error), 422)
    finally:
        desk.wrote()
    said = "The event is taken out." if field == "rejected" else "Corrected."
    target = query({"id": record["article"]["id"], "event": id_, "said": said})
    answer = RedirectResponse(f"/article?{target}#e-{id_}", 303)
    if not person(request):
        from urllib.parse import quote

        answer.set_cookie("person", quote(by), max_age=31_536_000, httponly=True, samesite="lax")
    return answer


@router.post("/correction/{correction}/withdraw")
async def withdraw(request: Request, correction: str) -> Response:
    """Take a correction back: the record stands again as it was coded. Nothing is deleted."""
    from starlette.concurrency import run_in_threadpool

    given = await request.form()
    check_form(request, str(given.get("form_token", "")))
    return await run_in_threadpool(_withdraw, request, correction)


def _withdraw(request: Request, correction: str) -> Response:
    desk: Desk = request.app.state.desk
    rows = desk.rows("SELECT record_id FROM corrections WHERE correction = ? AND withdrawn_at IS NULL", [correction])
    if not rows:
        raise HTTPException(404, "There is no such correction, or it was taken back already.")
    desk.store.withdraw(correction, withdrawn_at=now().isoformat())
    desk.wrote()
    record = desk.store.record(rows[0]["record_id"])
    if record is None:
        return RedirectResponse("/", 303)
    target = query({"id": record["article"]["id"], "event": record["id"], "said": "Taken back."})
    return RedirectResponse(f"/article?{target}#e-{record['id']}", 303)
