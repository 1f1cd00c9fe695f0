"""Pictures: what they say, that they are drawn, that they need nothing from outside."""

from __future__ import annotations

import datetime
import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from export_records import meeting, record

from legation.export import charts, questions, render
from legation.export.bring import as_store
from legation.export.chart_frame import CONFLICT
from legation.export.chart_time import _ticks
from legation.export.charts import Caption
from legation.export.network import arranged
from legation.export.view import named, view
from legation.store import Filter

pytest.importorskip("vl_convert")

CAPTION = Caption("A title", "since 2024-01-01", ["plover-sections"], ["icews"], ["4f90b987325a71b8"], 7)


def events() -> list[dict[str, Any]]:
    """A few months, a place in a city, one known as a country, events without a place."""
    made = []
    for k in range(14):
        day = datetime.date(2024, 1 + k % 3, 3 + k).isoformat()
        date = {"start": day, "end": day, "precision": "day", "basis": "explicit", "text": None}
        made.append(record(id=f"{k:016x}", date=date) if k % 2 else meeting(id=f"{k:016x}", date=date))
        if k % 5 == 0:
            made[-1]["place"] = None
        if k % 5 == 1:
            made[-1]["place"] |= {"name": "Isles", "feature": "country", "lat": 65.0, "lon": -18.0}
    year = {"start": "2019-01-01", "end": "2019-12-31", "precision": "year", "basis": "explicit", "text": "2019"}
    made.append(record(id="f" * 16, date=year))
    return made


def specs() -> dict[str, dict[str, Any]]:
    with as_store(events()) as store:
        return {
            "months": charts.months(store.months(), CAPTION),
            "goldstein": charts.months(store.months(), CAPTION, measure="goldstein"),
            "stack": charts.stack(questions.quads(store, Filter()), CAPTION),
            "map": charts.event_map(questions.places(store, Filter()), CAPTION, charts.load_shapes()),
            "network": charts.network(questions.pairs(store, Filter()), CAPTION),
        }


@pytest.fixture(scope="module")
def drawn() -> dict[str, tuple[dict[str, Any], str]]:
    return {name: (spec, render.svg(spec).decode()) for name, spec in specs().items()}


@pytest.mark.parametrize("name", ["months", "goldstein", "stack", "map", "network"])
def test_every_picture_says_what_it_shows(name: str, drawn: dict[str, tuple[dict[str, Any], str]]) -> None:
    _, svg = drawn[name]
    for words in ("A title", "7 events", "since 2024-01-01", "plover-sections", "icews", "4f90b987325a71b8"):
        assert words in svg, words
    assert not re.search(r'(?:href|src)="https?:', svg)


def test_the_same_events_give_the_same_picture(drawn: dict[str, tuple[dict[str, Any], str]]) -> None:
    again = specs()
    assert again == {name: spec for name, (spec, _) in drawn.items()}


def test_months_have_a_strip_for_each_pair(drawn: dict[str, tuple[dict[str, Any], str]]) -> None:
    spec, svg = drawn["months"]
    assert "DEU → ISL" in svg and "ISL → DEU" in svg
    bars = [v for v in spec["data"]["values"] if v["pair"] == "DEU → ISL" and v["period"] == "2024-01-01"]
    assert {(b["class"], b["signed"]) for b in bars} == {("verbal cooperation", 3), ("material conflict", -2)}


def test_more_pairs_than_there_is_room_for_are_said() -> None:
    with as_store(events()) as store:
        spec = charts.months(store.months(), CAPTION, pairs=1)
    assert {v["pair"] for v in spec["data"]["values"]} == {"DEU → ISL"}
    assert any("1 most frequent of 2 ordered pairs" in line for line in spec["title"]["subtitle"])


def test_an_event_of_a_whole_year_has_no_month() -> None:
    with as_store(events()) as store:
        table = questions.quads(store, Filter())
        assert sum(table.column("n").to_pylist()) == 14
        assert min(table.column("period").to_pylist()) == datetime.date(2024, 1, 1)
        assert questions.without_period(store, Filter()) == 1
        assert sum(questions.quads(store, Filter(), "year").column("n").to_pylist()) == 15


def test_each_event_counts_once_in_the_stack(drawn: dict[str, tuple[dict[str, Any], str]]) -> None:
    """A meeting stands in both directions among the pairs, but is one event."""
    values = drawn["stack"][0]["data"]["values"]
    assert sum(v["events"] for v in values if v["class"] == "verbal cooperation") == 7


def test_map_tells_a_country_from_a_town(drawn: dict[str, tuple[dict[str, Any], str]]) -> None:
    spec, svg = drawn["map"]
    assert "Aldmouth" in svg and "rings: known only as a country" in svg
    rows = spec["layer"][1]["data"]["values"]
    assert {(r["place"], r["whole_country"]) for r in rows} == {("Aldmouth", False), ("Isles", True)}


@pytest.mark.parametrize("name", ["months", "stack", "map", "network"])
def test_nothing_to_show_is_said(name: str) -> None:
    with as_store([]) as store:
        made = {
            "months": lambda: charts.months(store.months(), CAPTION),
            "stack": lambda: charts.stack(questions.quads(store, Filter()), CAPTION),
            "map": lambda: charts.event_map(questions.places(store, Filter()), CAPTION, charts.load_shapes()),
            "network": lambda: charts.network(questions.pairs(store, Filter()), CAPTION),
        }[name]()
    assert "No events to show" in render.svg(made).decode()


def test_the_page_stands_alone_and_no_text_ends_its_script() -> None:
    spec = specs()["stack"] | {"description": "</script><script>alert(1)</script>"}
    page = render.page(spec).decode()
    assert page.count("</script>") == 2 and "alert(1)</script>" not in page
    own = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert len(own) < 2_000 and not re.search(r"(?:src|href)=|https?:|<link|<script", own)
    assert "default-src 'none'" in page


def test_the_page_draws_in_a_browser_without_a_network(tmp_path: Path) -> None:
    sync = pytest.importorskip("playwright.sync_api")
    chromium = Path("/usr/bin/chromium")
    if not chromium.exists():
        pytest.skip("no browser here")
    said: list[str] = []
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        page = browser.new_context(offline=True).new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        for name in ("map", "months"):
            path = tmp_path / f"{name}.html"
            path.write_bytes(render.page(specs()[name]))
            page.goto(path.as_uri())
            page.wait_for_selector("#picture svg.marks", timeout=30_000)
            words = page.locator("#picture svg.marks").text_content()
            assert words is not None and "A title" in words and "plover-sections" in words
        browser.close()
    assert not said


def test_png_is_sharp() -> None:
    png = render.png(specs()["stack"])
    assert png.startswith(b"\x89PNG") and int.from_bytes(png[16:20], "big") > 1500


def test_plot_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    from legation.cli.app import run

    lines = tmp_path / "e.jsonl"
    lines.write_text("".join(json.dumps(r) + "\n" for r in events()), "utf8")
    for chart, ending in (("months", "svg"), ("stack", "html"), ("map", "png"), ("network", "svg")):
        out = tmp_path / f"{chart}.{ending}"
        arguments = ["legation", "plot", chart, "--records", str(lines), "--out", str(out), "--where", "DEU -> ISL"]
        monkeypatch.setattr(sys, "argv", arguments)
        with pytest.raises(SystemExit) as end:
            run()
        assert not end.value.code, capsys.readouterr().err
        assert out.stat().st_size > 5_000
    assert "DEU -&gt; ISL" in (tmp_path / "months.svg").read_text("utf8")


def test_shapes_are_small_and_known() -> None:
    from legation.export.tables import load_tables

    shapes = charts.load_shapes()
    path = Path(charts.__file__).parent / "shapes" / "countries.json"
    assert path.stat().st_size < 300_000
    assert {f["id"] for f in shapes["features"]} <= set(load_tables().countries)
    assert {"KOS", "PSE", "TWN", "SSD", "ESH"} <= {f["id"] for f in shapes["features"]}
    for feature in shapes["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            for ring in polygon:
                assert ring[0] == ring[-1] and len(ring) > 3
                assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in ring)


@pytest.mark.parametrize(
    "points",
    [[(10.0, 60.0)], [(178.0, -17.0), (-176.0, -14.0)], [(-60.0, -34.0), (-46.0, -23.0)], [(0.0, 89.0), (1.0, 80.0)]],
)
def test_a_map_shows_all_its_points(points: list[tuple[float, float]]) -> None:
    box = view(points, 760)
    assert box.projection["type"] == "mercator" and 200 < box.height <= 760
    for longitude, latitude in points:
        x, y = box.point(longitude, latitude)
        assert 0 <= x <= 760 and (0 <= y <= box.height or abs(latitude) > 78)


def test_far_apart_points_show_the_world() -> None:
    box = view([(-100.0, 40.0), (0.0, 50.0), (178.0, -17.0)], 760)
    assert box.projection["type"] == "equalEarth"
    for point in ((-100.0, 40.0), (178.0, -17.0), (-160.0, 65.0), (-70.0, -55.0)):
        x, y = box.point(*point)
        assert 0 < x < 760 and 0 < y < box.height


def test_we_reckon_as_vega_draws() -> None:
    """The names are placed by our own arithmetic: it must be that of the library."""
    for points in ([(10.0, 60.0), (30.0, 50.0)], [(-100.0, 40.0), (0.0, 50.0), (178.0, -17.0)]):
        box = view(points, 760)
        x_and_y = ({"field": field, "type": "quantitative"} for field in "xy")
        where = dict(zip(("longitude", "latitude"), x_and_y, strict=True))
        spec = {
            "width": box.width,
            "height": box.height,
            "projection": box.projection,
            "data": {"values": [{"x": x, "y": y} for x, y in points]},
            "mark": "circle",
            "encoding": where,
            "padding": 0,
        }
        mark = r'aria-roledescription="circle" transform="translate\(([-\d.]+),([-\d.]+)\)"'
        drawn = sorted((float(x), float(y)) for x, y in re.findall(mark, render.svg(spec).decode()))
        for (x, y), (a, b) in zip(drawn, sorted(box.point(*p) for p in points), strict=True):
            assert abs(x - a) < 0.6 and abs(y - b) < 0.6


def test_names_do_not_cover_each_other() -> None:
    box = view([(10.0, 60.0)], 760)
    spots = [(200.0, 100.0, 8.0, "Aldmouth"), (210.0, 122.0, 8.0, "Brookend"), (755.0, 100.0, 8.0, "Far in the east")]
    crowd = [(214.0, 112.0, 30.0, "")]
    found = named(spots, box)
    assert found[0][1] < 0 < found[1][1] and found[0][0] == 0
    assert found[2][0] < -40, "a name at the edge stands on the inner side"
    assert 0 not in named([*spots, (200.0, 80.0, 40.0, "")], box), "no name stands on the circle of another place"
    assert 1 not in named([*spots, *crowd], box)
    assert set(named(spots, box, 1)) == {0}


def test_the_way_back_bends_to_the_other_side() -> None:
    one = {"n": 1, "conflict": 0.0, "goldstein": 0.0}
    pairs = [{"source": "A", "target": "B", **one}, {"source": "B", "target": "A", **one}]
    drawn = arranged(pairs, 10)
    middle = [(c["x"], c["y"]) for c in drawn.curves if c["step"] == 12]
    assert math.dist(*middle) > 0.3
    assert arranged([*pairs, {"source": "C", "target": "A", **one}], 2).left_out == 1


@pytest.mark.parametrize(
    ("first", "last", "unit", "days"),
    [
        ("2024-01-01", "2024-03-01", "month", ["2024-01-01", "2024-02-01", "2024-03-01"]),
        ("2022-11-01", "2025-02-01", "month", ["2023-01-01", "2023-04-01"]),
        ("2024-01-01", "2024-01-01", "month", ["2024-01-01"]),
        ("2024-01-01", "2024-02-05", "week", ["2024-01-01", "2024-01-08"]),
        ("1990-01-01", "2024-01-01", "year", ["1990-01-01", "1993-01-01"]),
    ],
)
def test_the_axis_names_beginnings_of_periods(first: str, last: str, unit: str, days: list[str]) -> None:
    ticks = _ticks(datetime.date.fromisoformat(first), datetime.date.fromisoformat(last), unit)
    assert len(ticks) <= 12
    assert [f"{t['year']}-{t['month']:02}-{t['date']:02}" for t in ticks[: len(days)]] == days


def test_long_filters_are_cut() -> None:
    lines = Caption("t", "place: x or " * 100).lines()
    assert len(lines) <= 4 and all(len(line) <= 112 for line in lines)




def _seen(colour: str, matrix: list[list[float]]) -> tuple[float, float, float]:
    """A colour in CIE Lab as somebody sees it whose eyes are described by the matrix (over linear RGB)."""

    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    rgb = [linear(int(colour[k : k + 2], 16) / 255) for k in (1, 3, 5)]
    r, g, b = (max(0.0, sum(m * v for m, v in zip(row, rgb, strict=True))) for row in matrix)
    xyz = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505, 0.2126 * r + 0.7152 * g + 0.0722 * b
    xyz = (*xyz, (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089)
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


# Machado, Oliveira and Fernandes (2009), severity 1
EYES = {
    "usual": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("palette", [[charts.COLOURS[q] for q in (1, 2, 3, 4)], CONFLICT], ids=["quads", "conflict"])
def test_colours_differ_for_everybody(eyes: str, palette: list[str]) -> None:
    seen = [_seen(colour, EYES[eyes]) for colour in palette]
    assert min(math.dist(a, b) for k, a in enumerate(seen) for b in seen[:k]) > 20
