"""A user's own places: the setting reaches the record, bad rows are named by line and reason."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import Ran
from legation.places import Gazetteer, load_gazetteer
from legation.places.gazetteer import COLUMNS
from legation.problems import ResourceError, SettingsError
from legation.resources import PARTS, Resources, load_resources, run_info
from legation.settings import Settings, load_settings

TEXT = "Ethiopian police arrested forty farmers at Camp Ondolin on Friday."
CAMP = {
    "id": "camp-ondolin",
    "name": "Camp Ondolin",
    "lat": "12.5",
    "lon": "41.25",
    "country": "ETH",
    "feature": "city",
}


def table(path: Path, *rows: dict[str, str]) -> Path:
    """An overlay with a comment and a blank line, so that rows and lines are counted differently."""
    cells = ["\t".join(row.get(c, "") for c in COLUMNS) for row in rows]
    path.write_text("# places of ours\n" + "\t".join(COLUMNS) + "\n\n" + "\n".join(cells) + "\n", "utf8")
    return path


def run_with(resources: Resources, overlay: Path) -> str:
    """The id of a run with this overlay, without loading the rest again."""
    other = Resources(replace(resources.settings, places=overlay))
    for part in PARTS:
        if part != "gazetteer":
            other.__dict__[part] = getattr(resources, part)
    return run_info(other).id


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"lat": "north"}, "lat is 'north', expected a number"),
        ({"lat": "12,5"}, "lat is '12,5', expected a number with a point"),
        ({"lat": ""}, "lat is ''"),
        ({"lat": "nan"}, "lat is 'nan'"),
        ({"lat": "95"}, "lat is 95, expected -90 to 90"),
        ({"lon": "-181"}, "lon is -181, expected -180 to 180"),
        ({"rank": "high"}, "rank is 'high'"),
        ({"rank": "4000"}, "rank is 4000, expected 0 to 10"),
        ({"country": "Ethiopia"}, "country is 'Ethiopia', expected three capital letters"),
        ({"feature": "planet"}, "feature is 'planet', expected one of admin1"),
        ({"id": ""}, "id is empty"),
        ({"name": " "}, "name is empty"),
        ({"id": "first"}, "the id 'first' stands twice"),
    ],
)
def test_a_bad_row_is_named_by_file_line_and_reason(change: dict[str, str], reason: str, tmp_path: Path) -> None:
    path = table(tmp_path / "mine.tsv", {**CAMP, "id": "first"}, CAMP | change)
    with pytest.raises(ResourceError) as raised:
        load_gazetteer(path)
    assert raised.value.line == 5
    assert str(raised.value).startswith(f"{path}, line 5: ") and reason in str(raised.value)


def test_an_own_row_with_the_id_of_ours_takes_its_place(tmp_path: Path) -> None:
    ours = load_gazetteer().places["abbottabad"]
    row = {**CAMP, "id": "abbottabad", "name": "Abbottabad", "aliases": "Ondolin Fort", "country": "PAK"}
    with_mine: Gazetteer = load_gazetteer(table(tmp_path / "mine.tsv", row))
    assert (with_mine.places["abbottabad"].lat, ours.lat) == (12.5, 34.15)
    assert [r.place.id for r in with_mine.lookup("Ondolin Fort")] == ["abbottabad"]
    assert ours not in [r.place for r in with_mine.lookup("Abbottabad")]


def test_the_flag_brings_the_place_into_the_record(legation, tmp_path: Path) -> None:
    text = tmp_path / "news.txt"
    text.write_text(TEXT)
    overlay = table(tmp_path / "mine.tsv", CAMP)

    def place(*arguments: str | Path) -> dict[str, object] | None:
        ran: Ran = legation("code", text, "--date", "2026-11-20", "--format", "jsonl", *arguments)
        assert ran.status == 0, ran.err
        (record,) = (json.loads(line) for line in ran.out.splitlines())
        return record["place"]

    known = place("--places", overlay)
    assert known is not None
    assert (known["place_id"], known["lat"], known["lon"], known["country"]) == ("camp-ondolin", 12.5, 41.25, "ETH")
    assert place() is None


def test_the_content_of_the_overlay_counts_for_the_run(resources: Resources, tmp_path: Path) -> None:
    path = table(tmp_path / "mine.tsv", CAMP)
    first = run_with(resources, path)
    assert first != resources.run.id
    assert run_with(resources, path) == first
    assert run_with(resources, table(path, CAMP | {"lat": "12.6"})) != first


def test_a_broken_overlay_stops_the_program_before_any_text_is_read(legation, tmp_path: Path) -> None:
    overlay = table(tmp_path / "mine.tsv", CAMP | {"lon": "east"})
    for command in (["code"], ["show", "places"]):
        ran: Ran = legation(*command, tmp_path / "no_such_text.txt", "--places", overlay)
        assert ran.status == 2 and "mine.tsv, line 4: Camp Ondolin: lon is 'east'" in ran.err and ran.out == ""
        ran = legation(*command, tmp_path / "no_such_text.txt", "--places", tmp_path / "gone.tsv")
        assert ran.status == 2 and "places: there is no file" in ran.err and "gone.tsv" in ran.err


def test_a_settings_file_names_the_overlay_beside_itself(tmp_path: Path) -> None:
    overlay = table(tmp_path / "mine.tsv", CAMP)
    file = tmp_path / "mine.toml"
    file.write_text('places = "mine.tsv"\n')
    assert load_settings(file) == Settings(places=overlay)
    assert "camp-ondolin" in load_resources(load_settings(file), ("gazetteer",)).gazetteer.places
    file.write_text("places = 3\n")
    with pytest.raises(SettingsError, match=r"mine\.toml: places: the name of a file is needed, not 3"):
        load_settings(file)
