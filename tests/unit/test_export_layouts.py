"""Every layout: its columns are those of the data set it is named after, and what it holds comes back as it went in."""

from __future__ import annotations

import csv
import functools
import io
import json
from pathlib import Path
from typing import Any

import pytest
from export_records import ODD, meeting, record, unknown
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.export.layouts import LAYOUTS, Options, layout_named, write
from legation.export.parts import one_line
from legation.export.tables import Tables, load_columns, load_tables
from legation.problems import SettingsError

SHARED = Path(__file__).parents[2].parent / "shared" / "conventions" / "columns.csv"
SHARED_NAMES = {"polecat": "POLECAT", "icews": "ICEWS", "gdelt": "GDELT2 events", "plover": "PLOVER JSON"}
RECORDS = [record(), meeting(), unknown()]


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load_tables()


def out(name: str, tables: Tables, records: list[dict[str, Any]] = RECORDS, **options: Any) -> bytes:
    file = io.BytesIO()
    write(records, LAYOUTS[name], file, tables, Options(**options))
    return file.getvalue()


def rows(name: str, tables: Tables, records: list[dict[str, Any]] = RECORDS, **options: Any) -> list[dict[str, str]]:
    text = out(name, tables, records, header=True, **options).decode()
    delimiter = "," if name == "csv" else "\t"
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.skipif(not SHARED.exists(), reason="the conventions are not here")
@pytest.mark.parametrize("name", SHARED_NAMES)
def test_columns_are_those_of_the_data_set(name: str, tables: Tables) -> None:
    with SHARED.open(encoding="utf8") as file:
        wanted = [r["column"] for r in csv.DictReader(file) if r["dataset"] == SHARED_NAMES[name]]
    ours = [c.name for c in load_columns()[name]]
    if name == "plover":
        assert ours == [*wanted, "legation"]
        for line in out(name, tables).splitlines():
            assert set(json.loads(line)) == set(ours)
    else:
        assert ours == wanted
        assert list(rows(name, tables)[0]) == wanted


@pytest.mark.skipif(not SHARED.exists(), reason="the conventions are not here")
@pytest.mark.parametrize(("part", "dataset"), [("actor", "PLOVER entity"), ("event_loc", "PLOVER location")])
def test_plover_parts_have_the_keys_of_the_manual(part: str, dataset: str, tables: Tables) -> None:
    with SHARED.open(encoding="utf8") as file:
        wanted = {r["column"] for r in csv.DictReader(file) if r["dataset"] == dataset}
    value = json.loads(out("plover", tables).splitlines()[0])[part]
    assert set(value[0] if isinstance(value, list) else value) == wanted


@pytest.mark.parametrize("name", ["polecat", "icews", "gdelt"])
def test_tables_load_with_types_in_arrow_and_duckdb(name: str, tables: Tables, tmp_path: Path) -> None:
    import duckdb
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    path = tmp_path / "events.tsv"
    path.write_bytes(out(name, tables))
    columns = load_columns()[name]
    arrow = {"integer": pa.int64(), "number": pa.float64(), "day": pa.date32()}
    headless = name == "gdelt"
    table = arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(column_names=[c.name for c in columns] if headless else None),
        parse_options=arrow_csv.ParseOptions(delimiter="\t", quote_char=False if headless else '"'),
        convert_options=arrow_csv.ConvertOptions(
            column_types={c.name: arrow.get(c.type, pa.string()) for c in columns},
            null_values=["", "None"],
            strings_can_be_null=True,
        ),
    )
    assert table.num_rows == (3 if name == "polecat" else 4)
    kinds = {"integer": "BIGINT", "number": "DOUBLE", "day": "DATE"}
    names = {c.name: kinds.get(c.type, "VARCHAR") for c in columns}
    read = duckdb.sql(
        f"SELECT * FROM read_csv('{path}', delim='\t', quote='{'' if headless else chr(34)}', escape='', "
        f"header={not headless}, nullstr=['', 'None'], columns={names})"
    ).fetchall()
    assert read == [tuple(row.values()) for row in table.to_pylist()]


def test_polecat_row(tables: Tables) -> None:
    first, second, third = rows("polecat", tables)
    expected = {
        "Event Date": "2024-05-13",
        "Event Type": "SANCTION",
        "Event Mode": "discontinue",
        "Intensity": "-6.0",
        "Quad Code": "MATERIAL CONFLICT",
        "Contexts": "economic; maritime",
        "Actor Name": "Police of Grenzland",
        "Actor Country": "DEU",
        "Actor COW": "255",
        "Primary Actor Sector": "COP",
        "Actor Sectors": "COP|GOV",
        "Actor Title": "None",
        "Actor Name Raw": "Grenzland's police",
        "Recipient Name": "ships from the Isles",
        "Recipient COW": "395",
        "Primary Recipient Sector": "None",
        "City": "Aldmouth",
        "District": "None",
        "Province": "Westmark",
        "GeoNames ID": "42",
        "Story People": "",
        "Version": "legation 4f90b987325a71b8",
    }
    assert {k: first[k] for k in expected} == expected
    assert (second["Actor Name"], second["Actor COW"]) == ("Grenzland; Isles", "255; 395")
    assert second["Recipient Name"] == "None"
    minister = record()
    minister["actor"][0]["office"] = "foreign_minister"
    minister["recipient"][0]["office"] = "other"
    titled = rows("polecat", tables, [minister])[0]
    assert (titled["Actor Title"], titled["Recipient Title"]) == ("foreign minister", "None")
    assert (third["Event Date"], third["Actor Country"], third["Latitude"]) == ("None", "None", "")


def test_icews_rows(tables: Tables) -> None:
    first, there, back, last = rows("icews", tables)
    assert first["Source Name"] == "Police of Grenzland"
    assert first["Source Sectors"] == "Police,Government"
    assert first["Source Country"] == "Germany"
    assert (first["CAMEO Code"], first["Event Text"], first["Intensity"]) == ("163", tables.cameo_name("163"), "-8.0")
    assert (there["Source Name"], there["Target Name"]) == ("Government (Germany)", "Government (Iceland)")
    assert (back["Source Name"], back["Target Name"]) == ("Government (Iceland)", "Government (Germany)")
    assert (last["Source Name"], last["Source Country"]) == ("police", "")
    assert (last["Target Name"], last["Target Sectors"], last["Target Country"]) == (
        *("Unspecified Actor", "Unspecified"),
        "",
    )
    numbers = [int(r["Event ID"]) for r in (first, there, back, last)]
    assert len(set(numbers)) == 4 and max(numbers) < 2**53
    assert numbers[0] // 128 == int("00c0ffee12345678", 16) >> 18
    assert first["Story ID"] == there["Story ID"] != last["Story ID"]


def test_gdelt_rows(tables: Tables) -> None:
    first, there, _, last = rows("gdelt", tables)
    expected = {
        "SQLDATE": "20240513",
        "MonthYear": "202405",
        "Year": "2024",
        "FractionDate": "2024.3644",
        "Actor1Code": "DEUCOPGOV",
        "Actor1Name": "POLICE OF GRENZLAND",
        "Actor1CountryCode": "DEU",
        "Actor1Type1Code": "COP",
        "Actor1Type2Code": "GOV",
        "Actor2CountryCode": "ISL",
        "Actor2Type1Code": "",
        "EventCode": "163",
        "EventBaseCode": "163",
        "EventRootCode": "16",
        "QuadClass": "4",
        "NumArticles": "1",
        "AvgTone": "",
        "ActionGeo_Type": "4",
        "ActionGeo_FullName": "Aldmouth, Westmark, Germany",
        "ActionGeo_CountryCode": "GM",
        "ActionGeo_Lat": "54.25",
        "DATEADDED": "",
        "SOURCEURL": "https://example.org/1?a=b&c=d",
    }
    assert {k: first[k] for k in expected} == expected
    assert (there["EventRootCode"], there["QuadClass"]) == ("04", "1")
    assert (last["SQLDATE"], last["Year"], last["Actor1Code"]) == ("", "", "")
    assert not out("gdelt", tables).startswith(b"GLOBAL"), "GDELT's files have no header"


def test_a_month_is_no_day(tables: Tables) -> None:
    in_may = {"start": "2024-05-01", "end": "2024-05-31", "precision": "month", "basis": "explicit", "text": "May"}
    row = rows("gdelt", tables, [record(date=in_may)])[0]
    assert (row["SQLDATE"], row["MonthYear"], row["Year"], row["FractionDate"]) == ("", "202405", "2024", "")
    assert rows("icews", tables, [record(date=in_may)])[0]["Event Date"] == ""
    winter = {**in_may, "start": "2023-12-01", "end": "2024-02-29"}
    row = rows("gdelt", tables, [record(date=winter)])[0]
    assert (row["MonthYear"], row["Year"]) == ("", "")


@pytest.mark.parametrize(
    ("code", "sector", "expected"),
    [
        ("UNO", "GOV", ("IGOUNO", "UNO", "IGO")),
        ("EUR", "GOV", ("EURGOV", "", "GOV")),
        ("IMG", "REB", ("IMGREB", "", "IMG")),
        ("NGO", "SOC", ("NGO", "", "NGO")),
        ("ROU", "MED", ("ROMHLH", "", "HLH")),
        ("ROU", "JRN", ("ROMMED", "", "MED")),
    ],
)
def test_cameo_codes_of_actors(code: str, sector: str, expected: tuple[str, ...], tables: Tables) -> None:
    one = record()
    one["actor"][0] |= {"country": code, "sector": sector, "other_sectors": []}
    row = rows("gdelt", tables, [one])[0]
    assert (row["Actor1Code"], row["Actor1KnownGroupCode"], row["Actor1Type1Code"]) == expected


@pytest.mark.parametrize("status", ["denied", "negated", "planned", "predicted", "hypothetical"])
@pytest.mark.parametrize("name", ["polecat", "icews", "gdelt"])
def test_layouts_without_a_status_leave_out_what_was_not_done(name: str, status: str, tables: Tables) -> None:
    file = io.BytesIO()
    _, left = write([record(status=status), meeting()], LAYOUTS[name], file, tables, Options(header=True))
    assert left == 1 and b"SANCTION" not in file.getvalue() and b"\t163\t" not in file.getvalue()
    file = io.BytesIO()
    assert write([record(status=status)], LAYOUTS["csv"], file, tables) == (1, 0)


def test_csv_brings_odd_characters_back(tables: Tables) -> None:
    row = rows("csv", tables)[0]
    assert row["quote"] == ODD.replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert row["actor_sector"] == "COP" and row["anchor_start"] == str(record()["anchor"]["start"])


@given(words=st.lists(st.text(st.characters(exclude_categories=("Cs",))), min_size=2, max_size=2))
@settings(max_examples=150, deadline=None)
def test_any_text_comes_back_from_csv_and_keeps_to_its_cell(words: list[str]) -> None:
    one = record(quote={"start": 0, "end": 1, "text": words[0]})
    one["article"]["publication"] = words[1]
    one["actor"][0]["text"] = words[0]
    made = load_once()
    found = rows("csv", made, [one, meeting()])
    nul = ("\0", "\N{REPLACEMENT CHARACTER}")
    assert [r["quote"] for r in found] == [words[0].replace(*nul), ""]
    assert found[0]["publication"] == words[1].replace(*nul)
    for name in ("polecat", "icews"):
        table = rows(name, made, [one, meeting()])
        assert all(None not in row and None not in row.values() for row in table)
        column = "Source" if name == "polecat" else "Publisher"
        assert table[0][column] == one_line(words[1]) and table[-1][column] == "The Aldmouth Post"
    for line in out("gdelt", made, [one]).decode().split("\n")[:-1]:
        assert len(line.split("\t")) == 61


@functools.cache
def load_once() -> Tables:
    return load_tables()


def test_csv_loads_with_types_in_arrow_and_duckdb(tables: Tables, tmp_path: Path) -> None:
    import duckdb
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    path = tmp_path / "events.csv"
    path.write_bytes(out("csv", tables))
    columns = load_columns()["csv"]
    arrow = {"integer": pa.int64(), "number": pa.float64(), "day": pa.date32()}
    table = arrow_csv.read_csv(
        path,
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types={c.name: arrow.get(c.type, pa.string()) for c in columns}, strings_can_be_null=True
        ),
    )
    kinds = {"integer": "BIGINT", "number": "DOUBLE", "day": "DATE"}
    names = {c.name: kinds.get(c.type, "VARCHAR") for c in columns}
    read = duckdb.sql(f"SELECT * FROM read_csv('{path}', header=true, columns={names})").fetchall()
    assert read == [tuple(row.values()) for row in table.to_pylist()]
    assert table.to_pylist()[0]["quote"] == ODD.replace("\0", "\N{REPLACEMENT CHARACTER}")


def test_tabs_keep_odd_characters_on_one_line(tables: Tables) -> None:
    odd = record()
    odd["actor"][0] |= {"entity": ODD, "text": ODD}
    for name in ("polecat", "icews", "gdelt"):
        text = out(name, tables, [odd], header=True).decode()
        assert len(text.splitlines()) == len(text.split("\n")) - 1 == 2, name
        cells = text.split("\n")[1].split("\t")
        assert len(cells) == len(load_columns()[name])
        assert "\U0001f30d" in text and "\u05e9\u05dc\u05d5\u05dd" in text
    assert '"' not in out("gdelt", tables, [odd]).decode()


def test_parquet_has_types_and_brings_everything_back(tables: Tables) -> None:
    import datetime

    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(out("parquet", tables)))
    assert table.column_names == [c.name for c in load_columns()["csv"]]
    first = table.to_pylist()[0]
    assert first["quote"] == ODD
    assert first["date_start"] == datetime.date(2024, 5, 13)
    assert (first["contexts"], first["quad"], first["lat"]) == (["economic", "maritime"], 4, 54.25)
    assert table.to_pylist()[2]["date_start"] is None
    assert pq.read_table(io.BytesIO(out("parquet", tables, []))).num_rows == 0


def test_geojson(tables: Tables) -> None:
    made = json.loads(out("geojson", tables))
    first, _, third = made["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [-3.5, 54.25]}
    assert first["properties"]["quote"] == ODD
    assert third["geometry"] is None
    assert json.loads(out("geojson", tables, [])) == {"type": "FeatureCollection", "features": []}


def test_json_and_jsonl_are_the_records(tables: Tables) -> None:
    assert json.loads(out("json", tables)) == RECORDS
    assert [json.loads(line) for line in out("jsonl", tables).decode().splitlines() if line] == RECORDS
    assert json.loads(out("json", tables, [])) == []


def test_lone_surrogates_do_not_stop_an_export(tables: Tables) -> None:
    broken = record(quote={"start": 0, "end": 1, "text": "\ud800"})
    for name in LAYOUTS:
        assert out(name, tables, [broken])


def test_writing_is_streaming(tables: Tables) -> None:
    """What was taken from the records is written before the next one is asked for (Parquet: in groups)."""
    for name in set(LAYOUTS) - {"parquet"}:
        file, seen = io.BytesIO(), []

        def source(file: io.BytesIO = file, seen: list[int] = seen) -> Any:
            for _ in range(3):
                yield meeting()
                seen.append(file.tell())

        write(source(), LAYOUTS[name], file, tables)
        assert seen[0] < seen[1] < seen[2], name


def test_an_unknown_layout_is_named() -> None:
    with pytest.raises(SettingsError, match="there is no layout 'acled'"):
        layout_named("acled")


def test_every_country_of_the_lexicon_has_a_row(tables: Tables) -> None:
    from legation.datafiles import read_tsv

    path = Path(__file__).parents[2] / "src/legation/places/countries.tsv"
    header = ("id", "name", "aliases", "abbreviations", "demonyms", "lat", "lon", "country", "feature", "rank")
    assert {r[0] for r in read_tsv(path, header).value} == set(tables.countries)
    cow = [c.cow for c in tables.countries.values() if c.cow]
    fips = [c.fips for c in tables.countries.values() if c.fips]
    assert len(cow) == len(set(cow)) == 195 and len(fips) == len(set(fips))


def test_every_sector_has_a_row(tables: Tables) -> None:
    assert {s.code for s in tables.codebook.sectors} == set(tables.sectors)


def test_cameo_types_are_cameo_s(tables: Tables) -> None:
    path = SHARED.with_name("cameo_actor_types.csv")
    if not path.exists():
        pytest.skip("the conventions are not here")
    with path.open(encoding="utf8") as file:
        known = {row["code"] for row in csv.DictReader(file)}
    assert {s.cameo for s in tables.sectors.values() if s.cameo} <= known
