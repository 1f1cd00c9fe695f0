"""CSV, TSV, Parquet: which column is what, rows one by one, a Problem for each row that is none."""

from __future__ import annotations

import datetime
import io
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from read_support import document, problem, read, short

from legation.problems import SettingsError
from legation.read import read_paths
from legation.read.columns import columns_file, find_columns, parse_columns
from legation.read.days import day_of

HEAD = "id,headline,pub date,outlet,body\n"
TEXT = "Arnor met Rohan."


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("example", columns_file().examples, ids=lambda e: e.header[0])
def test_examples_of_the_usual_names(example) -> None:
    if not example.found:
        with pytest.raises(Exception, match="no column for the text"):
            find_columns(example.header, {}, "t.csv")
        return
    found = find_columns(example.header, {}, "t.csv")
    assert {field: example.header[at] for field, at in found.places.items()} == example.found


def test_a_row_is_a_document() -> None:
    (found,) = read("a.csv", HEAD + f'7,News,2031-03-03 10:00,The Post,"{TEXT}\nIt ""rained"", too."\n')
    one = document(found)
    assert (one.id, one.title, one.date, one.publication) == ("7", "News", "2031-03-03", "The Post")
    assert one.content == TEXT + '\nIt "rained", too.'
    assert (one.kind, one.name, one.origin) == ("text", "a.csv line 2", None)


def test_all_fields_and_the_callers_date() -> None:
    head = "Link,Lang,By-line,Text,Article ID,DATE\n"
    first, second = read(
        "a.csv",
        head + f"http://x.example/1,en-GB,A. Baggins,{TEXT},,\n,,,{TEXT},x,3 March 2031\n",
        date="2030-01-01",
        no_clean=True,
    )
    one, two = document(first), document(second)
    assert (one.url, one.language, one.author, one.id, one.date) == (
        "http://x.example/1",
        "en",
        "A. Baggins",
        "a.csv:2",
        "2030-01-01",
    )
    assert (two.url, two.language, two.author, two.id, two.date) == (None, None, None, "x", "2031-03-03")
    assert one.already_clean


def test_columns_that_are_named() -> None:
    rows = f"what,when,x\n{TEXT},03/04/2031,no\n"
    (found,) = read("a.csv", rows, columns=["text=what", "date=when:dmy"])
    assert (document(found).content, document(found).date) == (TEXT, "2031-04-03")
    (found,) = read("a.csv", rows, columns={"text": "WHAT", "date": "when:mdy"})
    assert document(found).date == "2031-03-04"
    (found,) = read("a.csv", rows, columns=["text=what", "date=when"])
    assert problem(found).code == "bad-item" and "'03/04/2031'" in problem(found).message
    (found,) = read(
        "a.jsonl",
        '{"body": "Arnor met Rohan.", "text": "no", "when": "2031-03-03"}\n',
        columns=["text=body", "date=when"],
    )
    assert (document(found).content, document(found).date) == (TEXT, "2031-03-03")


@pytest.mark.parametrize("columns", [["text"], ["text="], ["words=body"], ["text=a", "text=b"], ["text=a", "html=b"]])
def test_columns_that_cannot_be_meant(columns: list[str]) -> None:
    with pytest.raises(SettingsError, match="--column"):
        read_paths(["a.csv"], columns=columns)
    with pytest.raises(SettingsError, match="input format"):
        read_paths(["a.csv"], input_format="parchment")  # type: ignore[arg-type]
    assert parse_columns(["text=a=b"]) == {"text": "a=b"}


@pytest.mark.parametrize("name", ["a.csv", "a.parquet"])
def test_the_columns_that_exist_are_named(name: str) -> None:
    if name.endswith("csv"):
        Path(name).write_text("year,country,events\n1,2,3\n")
    else:
        pq.write_table(pa.table({"year": [1], "country": ["2"], "events": [3]}), name)
    for more in ({}, {"columns": ["text=body"]}):
        (found,) = read(name, **more)
        assert problem(found).code == "columns"
        assert "'year', 'country', 'events'" in problem(found).message
    assert "'body'" in problem(found).message


def test_ragged_rows_and_wrong_quotes() -> None:
    rows = [
        'a,T,2031-03-03,P,"Arnor met Rohan."',
        "b,T,2031-03-03,P,Arnor, met Rohan.",  # 3: a comma that is not quoted
        "c,T,2031-03-03",  # 4: cells missing
        'd,T,2031-03-03,P,"He said "no" again."',  # 5: quotes not doubled
        "",
        'e,T,2031-03-03,P,"Arnor met',  # 7: never closed
        "f,T,2031-03-03,P,Rohan met Arnor.",
        'g,T,2031-03-03,P,"Rohan, too."',
        "h,T,yesterday,P,Rohan met Arnor.",  # 10
        "i,T,2031-03-03,P,Rohan \x00 met Arnor.",  # 11
        'j,T,2031-03-03,P,"Two',
        'lines."',
        "k,T,2031-03-03,P,",
    ]
    found = read("a.csv", HEAD + "\n".join(rows) + "\n")
    assert short(found) == [
        ("ok", "a.csv line 2"), ("bad-row", "a.csv line 3"), ("bad-row", "a.csv line 4"), ("bad-row", "a.csv line 5"),
        ("bad-row", "a.csv line 7"), ("ok", "a.csv line 8"), ("ok", "a.csv line 9"), ("bad-item", "a.csv line 10"),
        ("bad-row", "a.csv line 11"), ("ok", "a.csv line 12"), ("ok", "a.csv line 14"),
    ]  # fmt: skip
    assert "6 cells, the heading has 5" in problem(found[1]).message
    assert "should be doubled" in problem(found[3]).message
    assert document(found[9]).content == "Two\nlines."


def test_a_quotation_mark_that_is_never_closed_costs_one_row() -> None:
    body = "".join(f"{k},T,2031-03-03,P,Arnor met Rohan.\n" for k in range(300))
    found = read("a.csv", HEAD + 'x,T,2031-03-03,P,"Arnor\n' + body)
    assert [x[0] for x in short(found)] == ["bad-row"] + ["ok"] * 300
    assert "never closed" in problem(found[0]).message


@pytest.mark.parametrize("mark", [";", "\t", "|", ","])
def test_delimiters(mark: str) -> None:
    (found,) = read("a.csv", f"title{mark}text\nNews{mark}{TEXT}\n")
    assert (document(found).title, document(found).content) == ("News", TEXT)


def test_tabs_without_quoting() -> None:
    rows = 'title\ttext\nA\t"We met," he said.\nB\t"Quoted\twith a tab"\nC\t"open\nD\tRohan met Arnor.\n'
    found = [document(x) for x in read("a.tsv", rows)]
    assert [x.content for x in found] == ['"We met," he said.', "Quoted\twith a tab", '"open', "Rohan met Arnor."]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_encodings(encoding: str) -> None:
    rows = "title,text\nCafé,“Éowyn’s naïve café,” he said…\n".replace("café,”", "café”")
    (found,) = read("a.csv", rows.encode(encoding))
    assert document(found).content == "“Éowyn’s naïve café” he said…"
    assert document(found).title == "Café"


def test_short_cells_are_read_with_their_row() -> None:
    rows = "größe,autör,text\nÄÖ,Éé,Arnor met Rohan – “again” – and the talks went on.\n"
    one = document(read("a.csv", rows.encode("cp1252"), columns=["author=autör"])[0])
    assert one.author == "Éé"


def test_a_row_in_another_encoding_is_read_for_itself() -> None:
    rows = b"text\n" + "Éowyn met Rohan.\n".encode() + "Éowyn met Arnor.\n".encode("cp1252") + b"a\x81\x8d\x90b\n"
    found = read("a.csv", rows)
    assert [document(x).content for x in found[:2]] == ["Éowyn met Rohan.", "Éowyn met Arnor."]
    assert (problem(found[2]).code, problem(found[2]).name) == ("encoding", "a.csv line 4")


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"\n \n", "empty"), (HEAD.encode(), "empty"), (b"PK\x03\x04" + b"\x00" * 50, "binary"),
     (b'"a,b\n1,2\n', "bad-row"), (b"\x89PNG\r\n\x1a\n\x00\x00", "binary")],
)  # fmt: skip
def test_files_that_are_no_table(content: bytes, code: str) -> None:
    (found,) = read("a.csv", content)
    assert problem(found).code == code


def test_an_endless_line_and_a_file_of_nonsense() -> None:
    with Path("a.csv").open("wb") as out:
        out.write(b"title,text\nA," + b"x" * 26_000_000 + b"\nB,Arnor met Rohan.\n")
    found = read("a.csv")
    assert short(found) == [("too-large", "a.csv line 2"), ("ok", "a.csv line 3")]
    found = read("b.csv", "text,x\n" + "a,b,c\n" * 5_000)
    assert len(found) == 5_000  # rows of another width are named one by one, as what they are
    found = read("c.csv", "text,x\n" + 'a,"b"c\n' * 5_000)
    assert len(found) == 1_001 and "1,000 rows" in problem(found[-1]).message


def test_rows_are_streamed() -> None:
    with Path("a.csv").open("w") as out:
        out.write("id,text\n")
        for k in range(20_000):
            out.write(f'{k},"{TEXT * 20}"\n')
    assert Path("a.csv").stat().st_size > 6_000_000
    tracemalloc.start()
    count = sum(1 for x in read_paths(["a.csv"]) if document(x))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 20_000 and peak < 3_000_000, peak


def test_parquet() -> None:
    table = pa.table(
        {
            "body": [TEXT, None, "Rohan met Arnor."],
            "published": [datetime.date(2031, 3, 3), None, datetime.date(2031, 3, 4)],
            "id": [1, 2, 3],
            "authors": [["A. Baggins", "B. Took"], [], None],
            "lang": ["en", None, "de"],
        }
    )
    pq.write_table(table, "t.parquet", row_group_size=1)
    one, two, three = map(document, read("t.parquet"))
    assert (one.id, one.content, one.date, one.author) == ("1", TEXT, "2031-03-03", "A. Baggins, B. Took")
    assert (one.name, two.content, three.language) == ("t.parquet row 1", "", "de")
    pq.write_table(pa.table({"t": [TEXT], "n": [5]}), "n.parquet")
    (found,) = read("n.parquet", columns=["text=n"])
    assert problem(found).code == "columns" and "int64" in problem(found).message
    (found,) = read("n.parquet", columns=["text=t", "date=n"])
    assert problem(found).code == "columns" and "neither a day nor text" in problem(found).message


def test_parquet_times_binary_and_standard_input() -> None:
    moment = datetime.datetime(2031, 3, 3, 23, 30)
    table = pa.table({"text": pa.array([TEXT.encode(), b"\xff\xfe\xfd"], pa.binary()), "date": [moment, moment]})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    one, two = read_paths(["-"], stdin=io.BytesIO(sink.getvalue()))
    assert (document(one).content, document(one).date) == (TEXT, "2031-03-03")
    assert (problem(two).code, problem(two).name) == ("encoding", "- row 2")


def test_broken_parquet() -> None:
    pq.write_table(pa.table({"text": [TEXT] * 3}), "g.parquet", row_group_size=1, compression="NONE")
    good = Path("g.parquet").read_bytes()
    for bad in (b"", b"PAR1", good[:-20], b"text,title\n"):
        (found,) = read("b.parquet", bad)
        assert problem(found).code == "damaged"
    at = pq.ParquetFile("g.parquet").metadata.row_group(1).column(0).dictionary_page_offset
    broken = bytearray(good)
    broken[at : at + 15] = b"\xff" * 15
    found = read("b.parquet", bytes(broken))
    assert "damaged" in [x[0] for x in short(found)]
    assert [x[0] for x in short(found)].count("ok") == 2
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), "e.parquet")
    assert problem(read("e.parquet")[0]).code == "empty"


def test_parquet_with_a_very_long_cell() -> None:
    pq.write_table(pa.table({"text": ["x" * 9_000_000, TEXT]}), "l.parquet")
    found = read("l.parquet")
    assert short(found) == [("too-large", "l.parquet row 1"), ("ok", "l.parquet row 2")]


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2031-03-17", None, "2031-03-17"),
        ("2031-03-17T08:00:00Z", None, "2031-03-17"),
        ("20310317", None, "2031-03-17"),
        ("2031/3/7", None, "2031-03-07"),
        ("2031-03-17 23:59:00-05:00", None, "2031-03-17"),
        ("Mon, 17 Mar 2031 08:00:00 GMT", None, "2031-03-17"),
        ("March 17, 2031", None, "2031-03-17"),
        ("17th March 2031, 08:00", None, "2031-03-17"),
        ("17.03.2031", None, "2031-03-17"),
        ("03/04/2031", None, None),
        ("03/04/2031", "dmy", "2031-04-03"),
        ("03/04/2031 10:00", "mdy", "2031-03-04"),
        ("31/02/2031", "dmy", None),
        ("2031-02-30", None, None),
        ("next week", None, None),
        ("", None, None),
        ("March 2031", None, None),
        ("2031", None, None),
        ("203103171", None, None),
        ("17-Mar-2031", None, "2031-03-17"),
    ],
)
def test_days(text: str, order: str | None, day: str | None) -> None:
    assert day_of(text, order) == day
