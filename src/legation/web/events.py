"""Screen 2, the events: table with filters, counts that follow them, saved filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from legation.store import Filter
from legation.watch import plain_words
from legation.web.desk import Desk, now
from legation.web.login import check_form
from legation.web.page import person, query

router = APIRouter(include_in_schema=False)
PAGE = 50
_BOUND = re.compile(r"\$(f\d+)\b")  # names of bound values in a condition
MOST_VALUES = 60  # values of one count list that are shown
NONE = "\N{EM DASH}"

COLUMNS = (
    "id, article_id, type, mode, quad, goldstein, status, aux, day, date_start, date_precision, date_basis,"
    " actor_text, actor_country, actor_sector, recipient_text, recipient_country, recipient_sector,"
    " source, source_code, stance, place_name, place_country, sentence, confidence, publication, published,"
    " corrected, event_group, claim"
)
SORTS = {"day": "Date", "status": "Status", "type": "Event", "source": "Told by", "confidence": "Sure"}


@dataclass(frozen=True, slots=True)
class Facet:
    """A list of counts beside the table: over which column it counts and which part of the filter it sets."""

    column: str
    part: str
    title: str
    words: Callable[[Any], str] = str


QUAD_NAMES = {
    0: "neutral",
    1: "verbal cooperation",
    2: "material cooperation",
    3: "verbal conflict",
    4: "material conflict",
}
FACETS = (
    Facet("status", "status", "Status"),
    Facet("quad", "quad", "Quad class", lambda n: QUAD_NAMES.get(n, str(n))),
    Facet("type", "type", "Type"),
    Facet("mode", "mode", "Mode"),
    Facet("aux", "aux", "Stands as"),
    Facet("place_country", "place", "Country of the place"),
    Facet("publication", "publication", "Publication"),
)


def read_filter(request: Request) -> tuple[Filter, str]:
    """The filter of the address, and what is wrong with it ("" when nothing is)."""
    return filter_of(request.query_params.multi_items())


def filter_of(pairs: Sequence[tuple[str, str]]) -> tuple[Filter, str]:
    """The filter that these parameters make. `q` holds a filter in words; a wrong one is the empty filter."""
    try:
        words = " ".join(value for key, value in pairs if key == "q").strip()
        if words:
            base = Filter.parse(words)
            others = [(k, v) for k, v in pairs if k != "q" and v.strip()]
            return Filter.from_params(base.to_params() + others), ""
        return Filter.from_params(_quoted_names(pairs)), ""
    except ValueError as error:
        return Filter(), str(error)


def _quoted_names(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Fields for actors take several words between commas; what is no code is taken for a name."""
    from legation.store.filter_words import actor_words

    out: list[tuple[str, str]] = []
    for key, value in pairs:
        if key not in ("actor", "recipient", "source"):
            out.append((key, value))
            continue
        for word in value.split(","):
            word = word.strip()
            if not word:
                continue
            try:
                if word.lower() != "reporter":
                    actor_words(word)
                out.append((key, word))
            except ValueError:
                out.append((key, '"' + word.replace('"', "") + '"'))
    return out


def counts(desk: Desk, where: Filter) -> tuple[int, list[dict[str, Any]]]:
    """(number of events, count lists). Each list is made without its own part of the filter, so that a second value can
    be added."""
    total, counted = desk.kept(("counts", where), lambda: _counted(desk, where))
    found = []
    for facet in FACETS:
        chosen = [str(v) for v in getattr(where, facet.part)]
        values = [
            {"value": str(value), "words": facet.words(value), "n": n, "on": str(value) in chosen}
            for value, n in counted[facet.column]
        ]
        shown = {v["value"] for v in values}
        values += [{"value": c, "words": c, "n": 0, "on": True} for c in chosen if c not in shown]
        found.append({"part": facet.part, "title": facet.title, "values": values})
    return total, found


def _counted(desk: Desk, where: Filter) -> tuple[int, dict[str, list[tuple[Any, int]]]]:
    """(total, column -> its values with their counts, the most frequent first): one pass over the events.

    What every list shares is looked up once (`hit`); the part of each list stands beside it as yes or no.
    """
    parts = {f.part: getattr(where, f.part) for f in FACETS if getattr(where, f.part)}
    empty: Any = dict.fromkeys(parts, ())
    base, values = replace(where, **empty).where()
    flags = []
    for part, chosen in parts.items():
        alone: Any = {part: chosen}
        condition, more = Filter(**alone).where()
        renamed = _BOUND.sub(lambda m, p=part: f"${p}_{m[1]}", condition)  # type: ignore[misc]
        flags.append(f"coalesce({renamed}, false) AS is_{part}")
        values |= {f"{part}_{name}": value for name, value in more.items()}
    columns = ", ".join([*(f.column for f in FACETS), *flags])
    lists = [
        f"SELECT '{f.column}' AS which, {f.column}::VARCHAR AS value, count(*) AS n FROM hit"
        f" WHERE {' AND '.join(f'is_{p}' for p in parts if p != f.part) or 'true'} GROUP BY ALL"
        for f in FACETS
    ]
    whole = f"SELECT '', NULL, count(*) FROM hit WHERE {' AND '.join(f'is_{p}' for p in parts) or 'true'}"
    text = (
        f"WITH hit AS MATERIALIZED (SELECT {columns} FROM events WHERE {base}) "
        + " UNION ALL ".join([*lists, whole])
        + " ORDER BY which, n DESC, value"
    )
    found: dict[str, list[tuple[Any, int]]] = {f.column: [] for f in FACETS}
    total = 0
    for row in desk.rows(text, values):
        if not row["which"]:
            total = row["n"]
        elif row["value"] is not None and len(found[row["which"]]) < MOST_VALUES:
            value = int(row["value"]) if row["which"] == "quad" else row["value"]
            found[row["which"]].append((value, row["n"]))
    return total, found


def table(desk: Desk, where: Filter, order: str, page: int) -> list[dict[str, Any]]:
    """One page of rows and one more."""
    condition, values = where.where()
    name = order.removeprefix("-")
    direction = "DESC" if order.startswith("-") else "ASC"
    by = f"ORDER BY {name} {direction} NULLS LAST, id"
    # which rows first, then what they say: the words of all others are not carried through the sorting
    text = (
        f"SELECT {COLUMNS} FROM events WHERE rowid IN (SELECT rowid FROM events WHERE {condition} {by}"
        f" LIMIT {PAGE + 1} OFFSET {(page - 1) * PAGE}) {by}"
    )
    rows: list[dict[str, Any]] = desk.kept(("table", where, order, page), lambda: desk.rows(text, values))
    return rows


PARTIES = """
    SELECT actor_country AS country, actor_sector AS sector, count(*) AS n FROM dyads
    WHERE actor_country IS NOT NULL GROUP BY ALL ORDER BY n DESC, country, sector LIMIT 120
"""


def parties(desk: Desk) -> list[str]:
    """Codes that stand in the store, the most frequent first: what the fields for actors suggest."""
    found: list[str] = desk.kept(
        "parties",
        lambda: [" ".join(c for c in (r["country"], r["sector"]) if c) for r in desk.rows(PARTIES)],
    )
    return found


@router.get("/events")
def events_page(request: Request, order: str = "-day", page: int = 1) -> Response:
    """The table under a filter."""
    desk: Desk = request.app.state.desk
    where, wrong = read_filter(request)
    if order.removeprefix("-") not in SORTS:
        order = "-day"
    page = max(1, min(page, 100_000))
    rows = table(desk, where, order, page)
    total, facets = counts(desk, where)
    answer: Response = request.app.state.pages(
        request,
        "events.html",
        title="Events",
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        page=page,
        order=order,
        sorts=SORTS,
        where=where,
        params=where.to_params(),
        words=str(where),
        plain=plain_words(where) if where != Filter() else "",
        wrong=wrong,
        typed=request.query_params.get("q", ""),
        total=total,
        facets=facets,
        saved=saved(desk),
        parties=parties(desk),
    )
    return answer


def saved(desk: Desk) -> list[dict[str, Any]]:
    """Saved filters by name, each with how many events it holds now."""
    rows = desk.rows('SELECT name, condition, "by", made_at FROM saved_filters ORDER BY name')
    for row in rows:
        try:
            where = Filter.parse(row["condition"])
            row["params"], row["n"] = where.to_params(), desk.count(where)
        except ValueError:  # saved by another version whose words are not known any more
            row["params"], row["n"] = [("q", row["condition"])], None
    return rows


@router.post("/filters")
def save_filter(
    request: Request,
    name: Annotated[str, Form(max_length=80)],
    condition: Annotated[str, Form(max_length=4000)],
    form_token: Annotated[str, Form()],
) -> Response:
    """Keep a filter under a name; the same name again replaces it."""
    check_form(request, form_token)
    desk: Desk = request.app.state.desk
    name = " ".join(name.split())
    try:
        where = Filter.parse(condition)
        if not name:
            raise ValueError("a saved filter needs a name")
    except ValueError as error:
        return RedirectResponse("/events?" + query({"said": f"Not saved: {error}"}), 303)
    with desk.store.transaction() as cursor:
        cursor.execute("DELETE FROM saved_filters WHERE name = ?", [name])
        cursor.execute("INSERT INTO saved_filters VALUES (?, ?, ?, ?)", [name, str(where), person(request), now()])
    return RedirectResponse("/events?" + query([*where.to_params(), ("said", f"Saved as “{name}”.")]), 303)


@router.post("/filters/delete")
def delete_filter(request: Request, name: Annotated[str, Form()], form_token: Annotated[str, Form()]) -> Response:
    """Forget a saved filter; no event is touched."""
    check_form(request, form_token)
    desk: Desk = request.app.state.desk
    with desk.store.transaction() as cursor:
        cursor.execute("DELETE FROM saved_filters WHERE name = ?", [name])
    return RedirectResponse("/events?" + query({"said": f"“{name}” is forgotten."}), 303)
