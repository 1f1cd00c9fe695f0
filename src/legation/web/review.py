"""Screen 5, review: samples coded by two people blind to each other, agreement while they work, rulings, gold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from legation.store import Filter
from legation.store.filter_words import STATUSES, actor_words
from legation.web import samples
from legation.web.desk import Desk, now
from legation.web.login import check_form
from legation.web.page import person, query
from legation.web.spans import marks_of, pieces

router = APIRouter(include_in_schema=False)
AROUND = 700  # characters of the article shown on each side of the sentence


@router.get("/review")
def reviews_page(request: Request, condition: str = "") -> Response:
    """All samples and the form for a new one."""
    return _list(request, {"condition": condition, "name": "", "kind": "uncertain", "seed": "1", "size": "50"}, "")


def _list(request: Request, given: dict[str, str], wrong: str, status: int = 200) -> Response:
    desk: Desk = request.app.state.desk
    answer: Response = request.app.state.pages(
        request,
        "reviews.html",
        status,
        title="Review",
        reviews=samples.reviews(desk.store),
        kinds=samples.KINDS,
        given=given,
        wrong=wrong,
    )
    return answer


@router.post("/review")
def make_review(
    request: Request,
    form_token: Annotated[str, Form()],
    name: Annotated[str, Form(max_length=80)] = "",
    kind: Annotated[str, Form()] = "uncertain",
    seed: Annotated[str, Form()] = "1",
    size: Annotated[str, Form()] = "50",
    condition: Annotated[str, Form(max_length=4000)] = "",
    shows: Annotated[str, Form()] = "",
    by: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Draw a sample."""
    check_form(request, form_token)
    desk: Desk = request.app.state.desk
    who = person(request) or by.strip()
    try:
        if not who:
            raise ValueError("say who you are")
        if not seed.strip().lstrip("-").isdigit() or not size.strip().isdigit() or len(seed) > 15:
            raise ValueError("seed and size are whole numbers")
        made = samples.make(
            desk.store,
            name=name,
            kind=kind,
            seed=int(seed),
            size=int(size),
            where=Filter.parse(condition),
            shows=shows == "1",
            by=who,
            at=now(),
        )
    except ValueError as error:
        given = {"condition": condition, "name": name, "kind": kind, "seed": seed, "size": size}
        return _list(request, given, str(error), 422)
    return _known(RedirectResponse(f"/review/{made}", 303), request, who)


def _known(answer: Response, request: Request, who: str) -> Response:
    """Remember the name that was typed in."""
    if not person(request):
        from urllib.parse import quote

        answer.set_cookie("person", quote(who), max_age=31_536_000, httponly=True, samesite="lax")
    return answer


def review_of(desk: Desk, id_: str) -> dict[str, Any]:
    found = samples.review(desk.store, id_)
    if found is None:
        raise HTTPException(404, "There is no such review.")
    return found


def as_coded(desk: Desk, id_: str) -> dict[str, Any] | None:
    """The record as the program coded it, without corrections: what coders judge. None when its article is gone."""
    rows = desk.rows(
        "SELECT record FROM records r JOIN current_articles a USING (run, article_id) WHERE r.id = ?", [id_]
    )
    found: dict[str, Any] | None = json.loads(rows[0]["record"]) if rows else None
    return found


@router.get("/review/{id}")
def one_review(request: Request, id: str) -> Response:  # noqa: A002
    """How far everybody is and how far they agree; what they said stays hidden until two have said it."""
    desk: Desk = request.app.state.desk
    found = review_of(desk, id)
    ids = samples.items(desk.store, id)
    coded, ruled = samples.codings(desk.store, id), samples.rulings(desk.store, id)
    coders = sorted({c for by in coded.values() for c in by})
    done = {c: sum(c in by for by in coded.values()) for c in coders}
    both = [i for i in ids if len(coded.get(i, {})) > 1]
    differ = [i for i in both if _differ(coded[i])]
    me = person(request)
    answer: Response = request.app.state.pages(
        request,
        "review.html",
        title=found["name"],
        review=found,
        kinds=samples.KINDS,
        size=len(ids),
        coders=coders,
        done=done,
        agreements=samples.tally(coded, coders),
        both=len(both),
        differ=len([i for i in differ if i not in ruled]),
        ruled=len(ruled),
        mine=sum(me in by for by in coded.values()),
        next_ruling=next((i for i in [*differ, *both] if i not in ruled), None),
    )
    return answer


def _differ(by: Mapping[str, samples.Answers]) -> bool:
    return len({json.dumps(a, sort_keys=True) for a in by.values()}) > 1


@router.get("/review/{id}/code")
def code_page(request: Request, id: str, at: int = 0) -> Response:  # noqa: A002
    """The next event that I have not coded (or number `at`)."""
    desk: Desk = request.app.state.desk
    found = review_of(desk, id)
    me = person(request)
    if not me:
        return RedirectResponse(f"/review/{id}?" + query({"said": "Say who you are first."}), 303)
    ids = samples.items(desk.store, id)
    coded = samples.codings(desk.store, id)
    left = [k for k, i in enumerate(ids, 1) if me not in coded.get(i, {})]
    number = at if 1 <= at <= len(ids) else (left[0] if left else 0)
    if not number:
        return RedirectResponse(f"/review/{id}?" + query({"said": "You have coded all of it."}), 303)
    record = as_coded(desk, ids[number - 1])
    if record is None:
        raise HTTPException(404, "The article of this event is not in the store any more.")
    own = coded.get(record["id"], {}).get(me)
    shown = own or (samples.answers_of(record) if found["shows_coding"] else {})
    return _coding(request, desk, found, record, number, len(ids), len(left), shown, "")


def _coding(
    request: Request,
    desk: Desk,
    review: dict[str, Any],
    record: dict[str, Any],
    number: int,
    size: int,
    left: int,
    shown: Mapping[str, Any],
    wrong: str,
    status: int = 200,
) -> Response:
    answer: Response = request.app.state.pages(
        request,
        "coding.html",
        status,
        title=f"{number} of {size}",
        review=review,
        record=record,
        number=number,
        size=size,
        left=left,
        given=shown,
        context=context(desk, record, parties=review["shows_coding"]),
        sides=[(q, p if review["shows_coding"] else None) for q, _, p in samples.sides(record)],
        wrong=wrong,
        **_choices(desk),
    )
    return answer


def _choices(desk: Desk) -> dict[str, Any]:
    types = [(t.name, t.definition, [m.name for m in t.modes]) for t in desk.codebook.types]
    return {"types": types, "statuses": STATUSES}


def context(desk: Desk, record: Mapping[str, Any], parties: bool = True) -> dict[str, Any]:
    """The sentence with what stands around it; the words that evoke the event are marked, and `parties` too where the
    program's opinion may be seen."""
    article = desk.store.article(record["article"]["id"])
    text = (article or {}).get("text") or record["sentence"]["text"]
    start, end = record["sentence"]["start"], record["sentence"]["end"]
    if article is None:
        start, end = 0, len(text)
    roles = ("trigger", "actor", "recipient") if parties else ("trigger",)
    marks = [m for m in marks_of(record) if m.role in roles] if article else []
    return {
        "before": text[max(0, start - AROUND) : start],
        "pieces": pieces(text, start, end, marks),
        "after": text[end : end + AROUND],
        "cut": start > AROUND,
        "more": end + AROUND < len(text),
    }


def read_answers(desk: Desk, given: Mapping[str, Any]) -> samples.Answers:
    """A coding form's answers in their one form. ValueError for people."""
    if given.get("event") not in ("yes", "no"):
        raise ValueError("say whether this is an event")
    if given["event"] == "no":
        return {"event": False, **dict.fromkeys(samples.FIELDS[1:])}
    name, _, mode = str(given.get("type", "")).partition("/")
    known = desk.codebook.by_type.get(name)
    if known is None or (mode and mode not in {m.name for m in known.modes}):
        raise ValueError("choose a type")
    status = str(given.get("status", ""))
    if status not in STATUSES:
        raise ValueError("choose a status")
    day = str(given.get("date", "")).strip()
    if day:
        date.fromisoformat(day)
    parties = {}
    for side in ("actor", "recipient"):
        words = " ".join(str(given.get(side, "")).upper().split())
        if words:
            asked = actor_words(words)
            if asked.name or asked.entity:
                raise ValueError(f"{side}: write country and sector (NOR GOV), a country or a sector")
            words = " ".join(c for c in (asked.country, asked.sector) if c)
        parties[side] = words
    return {"event": True, "type": name, "mode": mode, "status": status, "date": day, **parties}


@router.post("/review/{id}/code/{number}")
async def code(request: Request, id: str, number: int) -> Response:  # noqa: A002
    """Keep my answers and go on."""
    form = {k: str(v) for k, v in (await request.form()).items()}
    check_form(request, form.get("form_token", ""))
    return await run_in_threadpool(_code, request, id, number, form)


def _code(request: Request, id_: str, number: int, form: dict[str, str]) -> Response:
    desk: Desk = request.app.state.desk
    found, me = review_of(desk, id_), person(request)
    ids = samples.items(desk.store, id_)
    record = as_coded(desk, ids[number - 1]) if me and 1 <= number <= len(ids) else None
    if record is None:
        raise HTTPException(404, "There is no such event in this review.")
    try:
        answers = read_answers(desk, form)
    except ValueError as error:
        return _coding(request, desk, found, record, number, len(ids), 0, {**form, "mode": ""}, str(error), 422)
    samples.code(desk.store, id_, record["id"], me, answers, form.get("note", "").strip()[:2000], now())
    return RedirectResponse(f"/review/{id_}/code", 303)


@router.get("/review/{id}/rule/{record}")
def rule_page(request: Request, id: str, record: str) -> Response:  # noqa: A002
    """What each coder said of one event, side by side, and the ruling. Only once two have coded it."""
    return _ruling(request, id, record, "")


def _ruling(request: Request, id_: str, record_id: str, wrong: str, status: int = 200) -> Response:
    desk: Desk = request.app.state.desk
    found = review_of(desk, id_)
    by = samples.codings(desk.store, id_).get(record_id, {})
    record = as_coded(desk, record_id)
    if record is None or len(by) < 2:
        raise HTTPException(404, "A ruling needs two codings: coders stay blind to each other until then.")
    said = {f: Counter(json.dumps(a[f]) for a in by.values()) for f in samples.FIELDS}
    majority = {f: json.loads(counts.most_common(1)[0][0]) for f, counts in said.items()}
    answer: Response = request.app.state.pages(
        request,
        "ruling.html",
        status,
        title="Ruling",
        review=found,
        record=record,
        coded=by,
        program=samples.answers_of(record),
        fields=samples.FIELDS,
        differ={f for f, counts in said.items() if len(counts) > 1},
        given=majority,
        ruling=samples.rulings(desk.store, id_).get(record_id),
        context=context(desk, record),
        sides=[(q, p) for q, _, p in samples.sides(record)],
        wrong=wrong,
        **_choices(desk),
    )
    return answer


@router.post("/review/{id}/rule/{record}")
async def rule(request: Request, id: str, record: str) -> Response:  # noqa: A002
    """Settle it: the ruling is kept and becomes corrections."""
    form = {k: str(v) for k, v in (await request.form()).items()}
    check_form(request, form.get("form_token", ""))
    return await run_in_threadpool(_rule, request, id, record, form)


def _rule(request: Request, id_: str, record_id: str, form: dict[str, str]) -> Response:
    desk: Desk = request.app.state.desk
    review_of(desk, id_)
    record = desk.store.record(record_id) or as_coded(desk, record_id)
    me = person(request)
    if record is None or not me or record_id not in samples.items(desk.store, id_):
        raise HTTPException(404, "There is no such event in this review, or nobody who rules.")
    try:
        answers = read_answers(desk, form)
        changed = samples.rule(desk.store, id_, record, answers, me, form.get("note", "").strip()[:2000], now())
    except ValueError as error:
        return _ruling(request, id_, record_id, str(error), 422)
    finally:
        desk.wrote()
    said = f"Ruled; {changed} corrections." if changed else "Ruled: it stands as it was coded."
    return RedirectResponse(f"/review/{id_}?" + query({"said": said}), 303)
