"""`legation query`, `export` and `attach` from the command line, over JSONL and over a store."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from export_records import TEXT, meeting, party, record, unknown

from legation.cli.app import run
from legation.store import Item, RunRow, Store

RUN = "4f90b987325a71b8"
PLAIN = TEXT.split(" “")[0]  # the article without the odd characters, which cleaning takes out


class Ran:
    """What a command left behind."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    def rows(self) -> list[dict[str, str]]:
        """The output as CSV."""
        return list(csv.DictReader(io.StringIO(self.out, newline="")))


@pytest.fixture
def legation(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]):
    def call(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["legation", *map(str, arguments)])
        status = 0
        try:
            run()
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capfdbinary.readouterr()
        return Ran(status, out.decode(), err.decode())

    return call


def many() -> list[dict[str, Any]]:
    """Two months of two countries, one denial among them, one event without a month."""
    made = []
    days = ["2024-01-05", "2024-01-20", "2024-03-01"]
    for k, day in enumerate(days):
        date = {"start": day, "end": day, "precision": "day", "basis": "explicit", "text": None}
        made.append(record(id=f"{k:016x}", date=date, status="denied" if k == 1 else "happened", quote=None))
    made.append(meeting(id=f"{9:016x}"))
    made[-1]["date"] = {"start": "2024-03-09", "end": "2024-03-09", "precision": "day", "basis": "x", "text": None}
    return made


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "events.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in many()), "utf8")
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "s.duckdb"
    about = {"resources": {"x.yml": "aa"}, "settings": {"quad_scheme": "plover-sections", "goldstein_scheme": "icews"}}
    article = {**record()["article"], "article_id": "news/1.txt", "text": PLAIN}
    del article["id"]
    with Store.open(path, create=True) as made:
        made.load(RunRow(RUN, "0.9", "c0de", **about), [Item("k", "news/1.txt", article, tuple(many()))])
    return path


def test_query_by_words(legation, store: Path) -> None:
    ran = legation("query", "SANCTION, happened", "--store", store, "--format", "csv")
    assert [r["id"] for r in ran.rows()] == [f"{k:016x}" for k in (0, 2)]
    assert ran.status == 0
    words = ("DEU -> ISL", "--happened-only", "--since", "2024-02-01")
    ran = legation("query", *words, "--store", store, "--format", "jsonl")
    assert {json.loads(line)["id"] for line in ran.out.splitlines()} == {f"{2:016x}", f"{9:016x}"}


def test_query_table_counts_what_it_does_not_show(legation, store: Path) -> None:
    ran = legation("query", "--store", store, "--limit", "2")
    assert "4 rows, the first 2 shown" in ran.out and "SANCTION" in ran.out
    assert legation("query", "AID", "--store", store).out.splitlines()[-1] == "0 rows"


def test_months_are_filled_with_zeros(legation, lines: Path) -> None:
    ran = legation("query", "--months", "--records", lines, "--format", "csv")
    found = {(r["month"], r["actor_country"], r["recipient_country"]): r for r in ran.rows()}
    days, sides = ("2024-01-01", "2024-02-01", "2024-03-01"), (("DEU", "ISL"), ("ISL", "DEU"))
    assert sorted(found) == [(day, *pair) for day in days for pair in sides]
    january, february = found["2024-01-01", "DEU", "ISL"], found["2024-02-01", "DEU", "ISL"]
    assert (january["n"], january["material_conflict"], january["goldstein_mean"]) == ("2", "2", "-8.0")
    assert (february["n"], february["goldstein_mean"], february["score_mean"]) == ("0", "", "")
    march = found["2024-03-01", "DEU", "ISL"]
    assert (march["n"], march["verbal_cooperation"], march["goldstein_mean"], march["score_mean"]) == (
        *("2", "1"),
        *("-3.5", "-1.75"),
    )
    only = legation("query", "--months", "--happened-only", "--records", lines, "--format", "csv").rows()
    assert [r["n"] for r in only if r["actor_country"] == "DEU"] == ["1", "0", "2"]
    years = legation("query", "--months", "--unit", "year", "--records", lines, "--format", "csv").rows()
    assert [r["n"] for r in years] == ["4", "1"]


def test_an_event_of_a_whole_year_counts_in_no_month(legation, tmp_path: Path) -> None:
    path = tmp_path / "e.jsonl"
    date = {"start": "2019-01-01", "end": "2019-12-31", "precision": "year", "basis": "explicit", "text": "2019"}
    path.write_text(json.dumps(record(date=date)) + "\n" + json.dumps(meeting()) + "\n", "utf8")
    months = legation("query", "--months", "--records", path, "--format", "csv").rows()
    assert {r["month"] for r in months} == {"2024-05-01"}
    years = legation("query", "--months", "--unit", "year", "--records", path, "--format", "csv").rows()
    assert [(r["month"][:4], r["n"]) for r in years if r["actor_country"] == "DEU" and r["n"] != "0"] == [
        ("2019", "1"),
        ("2024", "1"),
    ]


def test_sql_reads_and_nothing_else(legation, store: Path, tmp_path: Path) -> None:
    ran = legation("query", "--sql", "SELECT type, count(*) AS n FROM events GROUP BY ALL ORDER BY n", "--store", store)
    assert "CONSULT" in ran.out and "2 rows" in ran.out
    secret = tmp_path / "secret.csv"
    secret.write_text("a\nhidden\n")
    for statement in (
        "DROP TABLE events",
        "SELECT 1; SELECT 2",
        f"SELECT * FROM read_csv('{secret}')",
        f"SELECT * FROM '{secret}'",
        f"COPY events TO '{tmp_path / 'out.csv'}'",
        f"ATTACH '{tmp_path / 'x.db'}'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
        "INSERT INTO runs SELECT * FROM runs",
        "",
    ):
        ran = legation("query", "--sql", statement, "--store", store)
        assert ran.status == 2 and "[bad-query]" in ran.err and "hidden" not in ran.out, statement
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s.duckdb", "secret.csv"]
    assert legation("query", "--store", store).status == 0


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_answers_as_files(form: str, legation, store: Path, tmp_path: Path) -> None:
    out = tmp_path / f"a.{form}"
    statement = "SELECT id, contexts, date_start, score, NULL::VARCHAR AS nothing FROM events ORDER BY id LIMIT 1"
    assert legation("query", "--sql", statement, "--store", store, "--format", form, "--out", out).status == 0
    if form == "csv":
        first, second = out.read_text().splitlines()
        assert first == "id,contexts,date_start,score,nothing"
        assert second == "0000000000000000,economic; maritime,2024-01-05,-6.0,"
    elif form == "jsonl":
        assert json.loads(out.read_text())["date_start"] == "2024-01-05"
    else:
        import pyarrow.parquet as pq

        assert pq.read_table(out).to_pylist()[0]["contexts"] == ["economic", "maritime"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("query", "--sql", "SELECT 1", "--months"), "--sql stands alone"),
        (("query", "--format", "parquet"), "name the file with --out"),
        (("query", "RUS -> -> USA"), "filter:"),
        (("query", "--since", "May"), "--since: 'May' is not a day"),
        (("query", "--store", "nowhere.duckdb"), "no such store"),
        (("query", "--records", "nowhere.jsonl"), "nowhere.jsonl: cannot be read"),
        (("export", "x.jsonl", "--store", "s"), "not both"),
        (("export", "x.jsonl"), "--out: name the file"),
        (("export", "x.jsonl", "--layout", "parquet", "--out", "-"), "is no text"),
        (("attach", "x.tab", "y"), ".jsonl and .csv exports"),
        (("attach", "x.csv", "y"), "there is no such file"),
        (("plot", "map", "--out", "x.gif"), "should end in .svg, .png, .html"),
    ],
)
def test_wrong_arguments_are_said(arguments: tuple[str, ...], message: str, legation) -> None:
    ran = legation(*arguments)
    assert ran.status == 2 and message in ran.err


@pytest.mark.parametrize(
    ("line", "message"),
    [("{", "line 2: is not JSON"), ("{}", "line 2: is no event record"), ("[1]", "is no event record")],
)
def test_a_line_that_is_no_record_is_named(line: str, message: str, legation, lines: Path, tmp_path: Path) -> None:
    lines.write_text(json.dumps(unknown()) + "\n" + line + "\n")
    ran = legation("export", lines, "--out", tmp_path / "x.csv")
    assert ran.status == 2 and message in ran.err and not (tmp_path / "x.csv").exists()


def test_export_from_a_store_with_a_filter(legation, store: Path, tmp_path: Path) -> None:
    out = tmp_path / "x.tab"
    ran = legation("export", "--store", store, "--layout", "icews", "--where", "SANCTION", "--out", out)
    assert ran.status == 0
    assert "1 event left out" in ran.err
    assert len(out.read_text("utf8").splitlines()) == 3
    sheet = json.loads((tmp_path / "x.tab.datasheet.json").read_text("utf8"))
    assert sheet["made"]["filters"] == "SANCTION" and sheet["runs"][0]["resources"] == {"x.yml": "aa"}
    assert sheet["counts"]["corrected by hand"] == 0 and sheet["schemes"]["goldstein_scheme"] == ["icews"]


def test_export_to_standard_output(legation, lines: Path) -> None:
    ran = legation("export", lines, "--layout", "gdelt", "--out", "-", "--header")
    assert ran.out.startswith("GLOBALEVENTID\t") and "1 event left out" in ran.err
    assert len(legation("export", lines, "--layout", "gdelt", "--out", "-").out.splitlines()) == 4


def test_safe_export_and_attach(legation, store: Path, tmp_path: Path) -> None:
    safe, plain = tmp_path / "safe.jsonl", tmp_path / "plain.jsonl"
    assert legation("export", "--store", store, "--layout", "jsonl", "--safe", "--out", safe).status == 0
    assert legation("export", "--store", store, "--layout", "jsonl", "--out", plain).status == 0
    title, body = PLAIN.split("\n\n", 1)
    mine = tmp_path / "mine.jsonl"
    mine.write_text(json.dumps({"id": "other-name", "title": title, "text": body}), "utf8")
    ran = legation("attach", safe, mine, "--no-clean", "--input-format", "jsonl")
    back = (tmp_path / "safe.attached.jsonl").read_text("utf8")
    assert "minister" in back and "minister" not in safe.read_text("utf8")
    assert back == plain.read_text("utf8"), ran.err
    assert ran.status == 0
    mine.write_text(json.dumps({"id": "news/1.txt", "text": "Something else altogether was written here."}), "utf8")
    ran = legation("attach", safe, mine, "--no-clean", "--input-format", "jsonl")
    assert ran.status == 1 and "other words in your copy of news/1.txt" in ran.err
    mine.write_text(json.dumps({"id": "nothing like it", "text": "Something else altogether was written."}), "utf8")
    ran = legation("attach", safe, mine, "--no-clean", "--input-format", "jsonl")
    assert ran.status == 1 and "no copy of news/1.txt (4 records)" in ran.err


def test_code_prints_the_layouts() -> None:
    text = b"Norway recalled its ambassador to Iceland on Monday."
    command = [sys.executable, "-m", "legation", "code", "-", "--no-clean", "--date", "2024-05-15", "--format"]
    ran = subprocess.run([*command, "icews"], input=text, capture_output=True, check=True)
    row = ran.stdout.decode().splitlines()[1]
    assert "\tNorway\tGovernment\tNorway\t" in row and "\t161\t" in row
    event = json.loads(subprocess.run([*command, "plover"], input=text, capture_output=True, check=True).stdout)
    assert (event["event"], event["actor"][0]["code"]) == ("SANCTION", "NOR")


def test_records_of_one_article_need_not_stand_together(monkeypatch: pytest.MonkeyPatch) -> None:
    from legation.export import bring
    from legation.store import Filter

    monkeypatch.setattr(bring, "BATCH", 1)
    made = []
    for k in range(6):
        made.append(record(id=f"{k:016x}"))
        made[-1]["article"]["id"] = f"a{k % 2}"
    made.append(record(id=f"{0:016x}"))  # twice in the file
    made[-1]["article"]["id"] = "a0"
    made.append(record(id="e" * 16, run="feed"))
    with bring.as_store(iter(made)) as found:
        assert found.count() == 7
        assert [r["id"] for r in found.records(Filter(article="a0"))] == [f"{k:016x}" for k in (0, 2, 4)]
        assert {run["run"] for run in found.runs()} == {RUN, "feed"}


def test_network_of_the_same_country_is_no_arrow(lines: Path) -> None:
    """Events inside one country are counted by months, but a network shows relations."""
    from legation.export import questions
    from legation.export.bring import as_store
    from legation.store import Filter

    inside = record(recipient=[party("Isles", "DEU", "CVL")])
    with as_store([inside, meeting()]) as found:
        assert questions.pairs(found, Filter()).num_rows == 2
        assert questions.pairs(found, Filter(), sectors=True).num_rows == 3
