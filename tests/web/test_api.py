"""The API gives what the store gives, under the same filters; the notebook too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

import legation
from legation.store import Filter, Store
from legation.web.app import create_app
from legation.web.guard import Guard

from .tools import RECALL

WORDS = (
    "",
    "NOR <-> ISL",
    "SANCTION or ACCUSE, happened",
    "source: reporter, since 2024-05-01",
    '"patrol boat"',
    "PRT",
)


@pytest.fixture
def api(store: Store) -> TestClient:
    return TestClient(create_app(store), base_url="http://localhost")


@pytest.mark.parametrize("words", WORDS)
def test_events_under_a_filter(api: TestClient, store: Store, words: str) -> None:
    where = Filter.parse(words)
    by_words = api.get("/api/events", params={"q": words, "limit": 1000, "form": "records"}).json()
    by_fields = api.get("/api/events", params=[*where.to_params(), ("limit", "1000"), ("form", "records")]).json()
    expected = sorted(store.records(where), key=lambda r: r["id"])
    assert by_words["total"] == by_fields["total"] == len(expected) > 0
    for found in (by_words, by_fields):
        assert sorted(found["events"], key=lambda r: r["id"]) == expected
    rows = api.get("/api/events", params={"q": words, "limit": 1000}).json()["events"]
    assert {r["id"] for r in rows} == {r["id"] for r in expected} and "record" not in rows[0]


def test_pages_of_events_do_not_overlap(api: TestClient, store: Store) -> None:
    seen: list[str] = []
    for offset in range(0, store.count(), 17):
        found = api.get("/api/events", params={"limit": 17, "offset": offset, "order": "confidence"}).json()
        seen += [e["id"] for e in found["events"]]
    assert len(seen) == len(set(seen)) == store.count()


def test_counts_and_months_are_those_of_the_store(api: TestClient, store: Store) -> None:
    where = Filter.parse("NOR <-> ISL")
    found = api.get("/api/counts", params={"q": "NOR <-> ISL", "field": ["status", "actor_country"]}).json()
    for column, rows in store.facets(where, ["status", "actor_country"]).items():
        assert found[column] == [{"value": v, "count": n} for v, n in rows]
    months = api.get("/api/months", params={"q": "NOR <-> ISL", "unit": "quarter"}).json()
    expected = json.loads(json.dumps(store.months(where, unit="quarter").to_pylist(), default=lambda d: d.isoformat()))
    rounded = [{k: round(v, 6) if isinstance(v, float) else v for k, v in row.items()} for row in expected]
    assert months == rounded and months


def test_one_article_with_all_that_belongs_to_it(api: TestClient, store: Store) -> None:
    found = api.get("/api/article", params={"id": RECALL}).json()
    assert found["records"] == list(store.records(Filter(article=RECALL)))
    assert found["rejected"] == store.rejected(RECALL) and "path" not in found["article"]
    assert {r["reason"] for r in found["article"]["removed"]} >= {"caption", "player"}
    assert api.get("/api/article", params={"id": "none"}).status_code == 404


def test_a_correction_and_back(api: TestClient, store: Store) -> None:
    record = next(store.records(Filter(type=("SANCTION",))))
    path = f"/api/events/{record['id']}"
    for wrong in (
        {"field": "type", "value": "WAR", "by": "A"},
        {"field": "type", "value": "AID"},
        {"field": "x", "value": "1", "by": "A"},
    ):
        assert api.post(f"{path}/corrections", json=wrong).status_code == 422, wrong
    assert (
        api.post(f"{path}/corrections", json={"field": "type", "value": "AID", "by": "A", "more": 1}).status_code == 422
    )
    made = api.post(f"{path}/corrections", json={"field": "actor.0", "value": "SWE GOV", "by": "Ada", "note": "n"})
    assert made.status_code == 201
    after = api.get(path).json()
    assert after["record"]["actor"][0]["code"] == "SWEGOV" and after["corrections"][0]["by"] == "Ada"
    assert api.get("/api/events", params={"actor": "SWE GOV", "type": "SANCTION"}).json()["total"] >= 1
    assert api.post(f"/api/corrections/{made.json()['correction']}/withdraw").status_code == 200
    assert api.get(path).json()["record"] == record
    assert api.post("/api/corrections/nothing/withdraw").status_code == 400


def test_with_a_token_a_correction_carries_its_person(store: Store) -> None:
    token = "a-token-of-some-length"
    api = TestClient(create_app(store, Guard(people={token: "Ada"})), base_url="http://localhost")
    id_ = next(store.records())["id"]
    given = {"field": "status", "value": "predicted", "by": "Somebody Else"}
    headers = {"authorization": f"Bearer {token}"}
    assert api.post(f"/api/events/{id_}/corrections", json=given, headers=headers).status_code == 201
    assert store.corrections(id_)[0]["by"] == "Ada"


def test_every_call_is_described(api: TestClient) -> None:
    described = api.get("/api/openapi.json").json()
    page = api.get("/api").text
    assert len(described["paths"]) >= 13
    for path, methods in described["paths"].items():
        assert path.startswith("/api/") and path in page
        for call in methods.values():
            assert call["description"]
    named = {p["name"] for p in described["paths"]["/api/events"]["get"]["parameters"]}
    assert named >= {f for f in Filter.__dataclass_fields__}  # noqa: C416


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/events?type=FOO", 400), ("/api/events?q=SANCTIONS", 400), ("/api/events?limit=0", 422),
     ("/api/events?order=record", 400), ("/api/counts", 422), ("/api/counts?field=nothing", 400),
     ("/api/months?unit=age", 422), ("/api/charts/pie", 422), ("/api/events/none", 404), ("/api/nothing", 404),
     ("/api/events?since=2024-13-01", 422), ("/api/events?confidence_min=2", 422)],
)  # fmt: skip
def test_what_cannot_be_answered_is_said(api: TestClient, path: str, status: int) -> None:
    answer = api.get(path)
    assert answer.status_code == status and answer.json()["problem"]


def test_charts_for_a_notebook(store: Store) -> None:
    vl_convert = pytest.importorskip("vl_convert")
    for name in ("months", "stack", "map", "network"):
        chart = legation.chart(store, name, "NOR <-> ISL" if name != "map" else "")
        shown: dict[str, Any] = chart._repr_mimebundle_()
        (kind,) = [key for key in shown if "vegalite" in key]
        version = kind.removeprefix("application/vnd.vegalite.").removesuffix("+json")
        assert shown[kind]["$schema"].endswith(f"/{version}.json")
        assert shown["image/svg+xml"].startswith("<svg")
        chart["title"] = "mine"  # a dict that can be changed
        assert "mine" in vl_convert.vegalite_to_svg(dict(chart))
    with pytest.raises(ValueError, match="no chart"):
        legation.chart(store, "pie")
    with pytest.raises(ValueError):
        legation.chart(store, "stack", "SANCTIONS perhaps")
