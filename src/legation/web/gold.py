"""What people settled, in two forms for tests: a case in the syntax of case files, a gold file for `legation evaluate`.

Pure: records (with corrections) and article texts in, text out. A gold file names events of whole articles; an article
of which not every event was settled says so (`complete`), because precision means nothing there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]
NOBODY = "none"
WHOLE = 3000  # characters: a shorter article stands in a case as a whole, of a longer one the paragraphs around


def case_of(name: str, article: Mapping[str, Any], records: Sequence[Record], forbidden: Sequence[Record] = ()) -> str:
    """One case over an article with what must, and must not, be coded in it (see CONTRIBUTING)."""
    text, title = article["text"] or "", article["title"]
    end = len(title) if title and text.startswith(title) else 0
    body = text[end:].strip("\n") if end else text
    if len(body) > WHOLE and (spots := [r["sentence"] for r in (*records, *forbidden)]):
        body = _around(text, end, min(s["start"] for s in spots), max(s["end"] for s in spots))
    # a line of three marks would end the text of a case
    body = "\n".join(
        " " + line if line.rstrip() == "---" or line.startswith("===") else line for line in body.split("\n")
    )
    published = article["published"]
    lines = [f"=== {' '.join(name.split())}", f"article {published or ''}".rstrip()]
    if title:
        lines.append(f"title: {' '.join(title.split())}")
    lines += [body, "---"]
    for record in records:
        lines += _event(record)
    lines += [f"not {r['type']} {r['mode'] or ''}".rstrip() for r in forbidden]
    return "\n".join([*lines, "===", ""])


def _around(text: str, first: int, start: int, end: int) -> str:
    """The paragraphs from the one before the first sentence to the one of the last."""
    a = text.rfind("\n\n", first, max(first, start))
    a = text.rfind("\n\n", first, a) if a > first else a
    b = text.find("\n\n", end)
    return text[max(a, first) : b if b >= 0 else len(text)].strip("\n")


def _event(record: Record) -> Iterable[str]:
    yield f"{record['type']} {record['mode'] or ''}".rstrip()
    yield f"  words   {' '.join(record['anchor']['text'].split())}"
    for key, side in (("who", record["actor"]), ("whom", record["recipient"])):
        for one in side:
            yield _party(key, one)
        if not side:
            yield f"  {key:<7} {NOBODY}"
    yield f"  aux     {record['aux']}"
    yield f"  status  {record['status']}"
    for link in record["attribution"]:
        yield _party("from", {**link, "text": link["text"] or "unnamed"})
        yield f"  stance  {link['stance']}"
    if not record["attribution"]:
        yield f"  from    {NOBODY}"
    cut = {"year": 4, "month": 7, "none": 0}.get(record["date"]["precision"], 10)
    yield f"  date    {(record['date']['start'] or '')[:cut] or NOBODY}"
    place = record["place"]
    yield f"  place   {' '.join(str(place['name'] or place['text'] or NOBODY).split()) if place else NOBODY}"


def _party(key: str, one: Mapping[str, Any]) -> str:
    words = " ".join((one["text"] or "*").split())
    return f"  {key:<7} {words:<20}  {one['country'] or '-'}  {one['sector'] or '-'}"


def gold_event(record: Record) -> dict[str, Any]:
    """One event in the shape that the scorer's task `documents` reads."""

    def party(one: Mapping[str, Any]) -> dict[str, Any]:
        return {key: one[key] for key in ("text", "country", "sector")}

    cut = {"year": 4, "month": 7, "none": 0}.get(record["date"]["precision"], 10)
    return {
        "sent": record["sentence"]["text"][:60].split("\n")[0],
        "anchor": record["anchor"]["text"],
        "type": record["type"],
        "mode": record["mode"],
        "actor": [party(p) for p in record["actor"]],
        "recipient": [party(p) for p in record["recipient"]],
        "aux": record["aux"],
        "attribution": [{**party(link), "stance": link["stance"]} for link in record["attribution"]],
        "date": (record["date"]["start"] or "")[:cut] or None,
        "place": record["place"]["name"] if record["place"] else None,
        "core": True,
        "same_as": None,
        "id": record["id"],
    }


def gold_lines(found: Iterable[tuple[str, bool, Sequence[Record]]]) -> str:
    """The gold file: a line an article, (id, complete, its settled events)."""
    return "".join(
        json.dumps({"id": id_, "complete": complete, "events": [gold_event(r) for r in records]}, ensure_ascii=False)
        + "\n"
        for id_, complete, records in found
    )


def item_lines(articles: Iterable[Mapping[str, Any]]) -> str:
    """The items beside it: what the program is given (with --no-clean: the text is cleaned already)."""
    return "".join(
        json.dumps(
            {"id": a["article_id"], "text": a["text"], "date": str(a["published"]) if a["published"] else None},
            ensure_ascii=False,
        )
        + "\n"
        for a in articles
    )
