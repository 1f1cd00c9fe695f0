"""The form without words, and words put back into it."""

from __future__ import annotations

import copy
import csv
import io
import json
from typing import Any

import pytest
from export_records import TEXT, meeting, record, unknown

from legation.export.attach import Copy, Report, Shelf, attach_record, attach_rows
from legation.export.layouts import LAYOUTS, Options, write
from legation.export.safe import digest, safe
from legation.export.tables import Tables, load_tables

TITLE = "Grenzland shuts the river port"
COPY = Copy("elsewhere.html", None, TITLE, TEXT)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return load_tables()


def out(name: str, tables: Tables, records: list[dict[str, Any]]) -> str:
    file = io.BytesIO()
    write(records, LAYOUTS[name], file, tables, Options(safe=True, header=True))
    if name == "parquet":
        import pyarrow.parquet as pq

        return json.dumps(pq.read_table(file).to_pylist(), ensure_ascii=False, default=str)
    return file.getvalue().decode()


@pytest.mark.parametrize("name", LAYOUTS)
def test_no_words_of_the_article_are_left(name: str, tables: Tables) -> None:
    text = out(name, tables, [safe(record(), TEXT), safe(meeting(), TEXT), safe(unknown(), TEXT)])
    words = TEXT.split()
    for k in range(len(words) - 1):
        assert " ".join(words[k : k + 2]) not in text, (name, words[k])
    assert "minister" not in text and "closed" not in text


def test_what_comes_from_our_own_tables_stays() -> None:
    made = safe(record(), TEXT)
    assert made["actor"][0]["entity"] == "Police of Grenzland" and made["actor"][0]["country"] == "DEU"
    assert made["place"]["name"] == "Aldmouth" and made["article"]["publication"] == "The Aldmouth Post"
    assert made["anchor"]["start"] == record()["anchor"]["start"]
    assert made["anchor"]["sha256"] == digest("closed the port")
    assert made["article"]["text_sha256"] == digest(TEXT)


def test_making_safe_changes_nothing_in_the_record_itself() -> None:
    one = record()
    before = copy.deepcopy(one)
    safe(one, TEXT)
    assert one == before


@pytest.mark.parametrize("one", [record(), meeting(), record(date=unknown()["date"]), record(place=None)])
@pytest.mark.parametrize("known", [TEXT, None])
def test_words_come_back_exactly(one: dict[str, Any], known: str | None) -> None:
    """By the hash of the text, or, where the export has none, by the title."""
    report = Report()
    assert attach_record(json.loads(json.dumps(safe(one, known))), Shelf([COPY]), report) == one
    assert report.complete and report.spans >= 5


def test_other_words_are_named_and_not_put_in() -> None:
    changed = Copy("news/1.txt", None, TITLE, TEXT.replace("closed the port", "opened the gate"))
    report = Report()
    made = attach_record(safe(record(), TEXT), Shelf([changed]), report)
    assert made["anchor"]["text"] is None and made["anchor"]["sha256"] == digest("closed the port")
    assert made["actor"][0]["text"] == "Grenzland's police"
    named = {field for _, field, _ in report.different}
    assert named == {"anchor", "sentence", "evidence.0"} and not report.complete


def test_the_best_of_several_copies_is_taken() -> None:
    worse = Copy("news/1.txt", None, TITLE, "x" + TEXT)
    report = Report()
    made = attach_record(safe(record()), Shelf([worse, Copy("b", None, TITLE, TEXT)]), report)
    assert made == record() and report.complete


def test_an_article_without_a_copy_is_named() -> None:
    report = Report()
    one = safe(record(), TEXT)
    assert attach_record(one, Shelf([Copy("other", None, None, "other text")]), report) == one
    assert report.missing == {"news/1.txt": 1} and not report.complete


def test_csv_words_come_back(tables: Tables) -> None:
    records = [record(), meeting()]
    given = out("csv", tables, [safe(r, TEXT) for r in records])
    report = Report()
    rows = list(attach_rows(csv.DictReader(io.StringIO(given, newline="")), Shelf([COPY]), report))
    file = io.BytesIO()
    write(records, LAYOUTS["csv"], file, tables)
    plain = list(csv.DictReader(io.StringIO(file.getvalue().decode(), newline="")))
    nul = {"quote"}  # the plain form writes U+FFFD for NUL
    assert [{k: row[k] for k in plain[0] if k not in nul} for row in rows] == [
        {k: v for k, v in row.items() if k not in nul} for row in plain
    ]
    assert report.complete
    missing = Report()
    assert next(attach_rows(csv.DictReader(io.StringIO(given, newline="")), Shelf([]), missing))["anchor"] == ""
    list(attach_rows(csv.DictReader(io.StringIO(given, newline="")), Shelf([]), missing := Report()))
    assert missing.missing == {"news/1.txt": 2}
