"""The export as a whole: three files, each whole or not there, and a sheet that says what they are."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from export_records import TEXT, meeting, record, unknown

from legation.export.export import Order, export, sheet_paths
from legation.export.files import whole
from legation.export.layouts import LAYOUTS, Options
from legation.export.tables import Tables, load_columns, load_tables
from legation.model.run import Run
from legation.problems import SettingsError

RUN = "4f90b987325a71b8"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load_tables()


def order(name: str, **changes: Any) -> Order:
    return Order(**{"layout": LAYOUTS[name], "options": Options(), "version": "9.9", "source": "s", **changes})


def sheet(path: Path) -> dict[str, Any]:
    return json.loads(sheet_paths(path)[0].read_text("utf8"))


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_sheet_tells_about_the_file(name: str, tables: Tables, tmp_path: Path) -> None:
    path = tmp_path / f"events.{name}"
    done = export([record(), meeting(), unknown()], path, tables, order(name, filters="since 2024-01-01"))
    made = sheet(path)
    assert made["file"]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert made["file"]["rows"] == done.rows == (4 if name in ("icews", "gdelt") else 3)
    assert made["counts"]["records"] == 3 and made["counts"]["articles"] == 2
    assert made["counts"]["by type"] == {"SANCTION": 2, "CONSULT": 1}
    assert made["counts"]["by status"] == {"happened": 2, "alleged": 1}
    assert made["counts"]["by publication"] == {"The Aldmouth Post": 2, "(none)": 1}
    assert made["days"] == {"first": "2024-05-13", "last": "2024-05-13"}
    assert made["published"] == {"first": "2024-05-15", "last": "2024-05-15"}
    assert made["made"]["filters"] == "since 2024-01-01"
    names = [c["name"] for c in made["columns"]]
    assert names == ([c.name for c in load_columns()[LAYOUTS[name].columns_of]] if LAYOUTS[name].columns_of else [])
    assert "since 2024-01-01" in made["cite"][0] and RUN in made["cite"][0]
    assert any("GeoNames" in text for text in made["licences"])
    text = sheet_paths(path)[1].read_text("utf8")
    assert made["file"]["sha256"] in text and "## Known limits" in text and "## Licences" in text
    for column in names:
        assert f"| {column} |" in text


def test_what_is_left_out_is_counted_and_said(tables: Tables, tmp_path: Path) -> None:
    path = tmp_path / "x.tab"
    export([record(status="denied"), record(status="planned"), meeting()], path, tables, order("icews"))
    made = sheet(path)
    assert made["left out for their status"] == {"denied": 1, "planned": 1}
    assert made["counts"]["records"] == 1
    assert any("no column for the status" in text for text in made["limits"])
    export([record(status="denied")], path, tables, order("csv"))
    assert not any("no column for the status" in text for text in sheet(path)["limits"])


def test_runs_of_the_store_and_of_this_installation(tables: Tables, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    row = {"run": RUN, "package": "0.9", "codebook": "c0de", "started": None, "resources": '{"a.yml": "ff"}'}
    row["settings"] = '{"quad_scheme": "gdelt", "goldstein_scheme": "icews"}'
    export([record()], path, tables, order("csv", runs=[row], current=lambda: pytest.fail("not needed")))
    made = sheet(path)
    assert made["runs"][0]["resources"] == {"a.yml": "ff"} and made["runs"][0]["package"] == "0.9"
    assert made["schemes"] == {"quad_scheme": ["gdelt"], "goldstein_scheme": ["icews"]}
    here = Run(RUN, "1.0", ("p", "1"), (("b.yml", "ee"),), (("quad_scheme", "plover-sections"),))
    export([record()], path, tables, order("csv", current=lambda: here))
    assert sheet(path)["runs"][0]["resources"] == {"b.yml": "ee"}
    assert sheet(path)["schemes"]["quad_scheme"] == ["plover-sections"]
    export([record(run="feed")], path, tables, order("csv", current=lambda: here))
    assert "another installation" in sheet(path)["runs"][0]["note"]


def test_words_of_others_do_not_break_the_readable_sheet(tables: Tables, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    one = record()
    one["article"]["publication"] = "A|B <script>`x`</script>\n# heading"
    export([one], path, tables, order("csv"))
    text = sheet_paths(path)[1].read_text("utf8")
    assert "<script>" not in text and "\n# heading" not in text
    line = next(x for x in text.splitlines() if "A\\|B" in x)
    assert len(re.findall(r"(?<!\\)\|", line)) == 3


def test_safe_exports_ask_for_the_text_of_each_article_once(tables: Tables, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    asked: list[str] = []

    def text_of(article: str) -> str:
        asked.append(article)
        return TEXT

    export([record(), meeting()], path, tables, order("jsonl", options=Options(safe=True), text_of=text_of))
    assert asked == ["news/1.txt"]
    hashes = {json.loads(line)["article"]["text_sha256"] for line in path.read_text("utf8").splitlines()}
    assert hashes == {hashlib.sha256(TEXT.encode()).hexdigest()}
    assert sheet(path)["layout"]["safe"] is True


def test_an_export_that_breaks_off_leaves_the_old_file_and_nothing_else(tables: Tables, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("old")

    def broken() -> Iterator[dict[str, Any]]:
        yield record()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(broken(), path, tables, order("csv"))
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_the_same_records_give_the_same_bytes(tables: Tables, tmp_path: Path) -> None:
    for name in LAYOUTS:
        one, two = tmp_path / "1" / "e", tmp_path / "2" / "e"
        for path in (one, two):
            path.parent.mkdir(exist_ok=True)
            export([record(), meeting()], path, tables, order(name))
        for a, b in zip((one, *sheet_paths(one)), (two, *sheet_paths(two)), strict=True):
            assert a.read_bytes() == b.read_bytes(), (name, a.name)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    message = r"x\.csv: cannot be written \(No such file"
    with pytest.raises(SettingsError, match=message), whole(tmp_path / "no" / "x.csv"):
        pass


def test_new_files_can_be_read_by_others_as_the_mask_says(tmp_path: Path) -> None:
    with whole(tmp_path / "a") as file:
        file.write(b"x")
    plain = tmp_path / "b"
    plain.write_bytes(b"x")
    assert (tmp_path / "a").stat().st_mode == plain.stat().st_mode
