"""Whatever is pointed at: documents in order, and a problem in the place of what cannot be read."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from legation.model.text import RawDocument, Span
from legation.problems import Problem
from legation.read import MAX_LINE_BYTES, read_paths

HTML = "<!DOCTYPE html><html><body><p>Arnor met Rohan.</p></body></html>"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def one(path: str, content: bytes | str, **more: object) -> RawDocument | Problem:
    Path(path).write_bytes(content.encode() if isinstance(content, str) else content)
    found = list(read_paths([path], **more))  # type: ignore[arg-type]
    assert len(found) == 1
    return found[0]


def document(found: RawDocument | Problem) -> RawDocument:
    assert isinstance(found, RawDocument), found
    return found


def problem(found: RawDocument | Problem) -> Problem:
    assert isinstance(found, Problem), found
    return found


def test_kinds() -> None:
    assert document(one("a.txt", "Arnor met Rohan.")).kind == "text"
    assert document(one("a.html", "Arnor met Rohan.")).kind == "html"
    assert document(one("b.txt", HTML)).kind == "html"
    assert document(one("b", HTML)).kind == "html"
    assert document(one("c.md", "# News\n\n<p>Arnor met Rohan.</p>")).kind == "text"


def test_id_name_and_date() -> None:
    found = document(one("a.txt", "Arnor met Rohan.", date="2031-03-03"))
    assert (found.id, found.name, found.date, found.title) == ("a.txt", "a.txt", "2031-03-03", None)


def test_no_clean_is_for_text_only() -> None:
    assert document(one("a.txt", "Arnor met Rohan.", no_clean=True)).already_clean
    assert not document(one("a.html", HTML, no_clean=True)).already_clean


@pytest.mark.parametrize(
    "content",
    [
        "Éowyn’s naïve café".encode(),
        b"\xef\xbb\xbf" + "Éowyn’s naïve café".encode(),
        "Éowyn’s naïve café".encode("utf-16"),
        "Éowyn’s naïve café".encode("cp1252"),
    ],
)
def test_encodings(content: bytes) -> None:
    assert document(one("a.txt", content)).content == "Éowyn’s naïve café"


def test_encoding_named_by_the_page() -> None:
    content = '<html><head><meta charset="iso-8859-2"></head><body><p>Łódź</p></body></html>'
    assert "Łódź" in document(one("a.html", content.encode("iso-8859-2"))).content
    assert "Łódź" in document(one("a.txt", content.encode("iso-8859-2"))).content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n ", "empty"),
        ("a.txt", b"\xef\xbb\xbf", "empty"),
        ("a.html", b"", "empty"),
        ("a.txt", b"ab\x00cd", "binary"),
        ("a.txt", b"\x01\x02\x03\x04" * 20, "binary"),
        ("a.pdf", b"%PDF-1.7 ...", "damaged"),
        ("a.txt", b"PK\x03\x04....", "binary"),
        ("a.txt", "Правительство Гондора закрыло границу.".encode("cp1251"), "encoding"),
        ("a.txt", "It’s “done”, he said – again and again. ".encode() * 3 + b"\xff", "encoding"),
        ("a.txt", b"\xff\xfea", "encoding"),
        ("a.json", b"{", "bad-json"),
        ("a.json", b"3", "bad-item"),
        ("a.jsonl", b"\n\n", "empty"),
        ("a.jsonl", b"\x00\x01\x02", "binary"),
    ],
)
def test_what_cannot_be_read(name: str, content: bytes, code: str) -> None:
    found = problem(one(name, content))
    assert found.code == code
    assert found.name.startswith(name)
    assert found.message


def test_what_is_not_there() -> None:
    codes = [(p.code, p.name, p.id) for p in map(problem, read_paths(["no.txt", "no/", "*.none", "-"]))]
    assert codes == [("not-found", x, x) for x in ("no.txt", "no/", "*.none", "-")]


def test_folders_are_sorted_and_the_rest_goes_on(here: Path) -> None:
    for name, content in {
        "d/b.txt": "B met C.",
        "d/a.html": HTML,
        "d/c/x.txt": "",
        "d/.hidden.txt": "H",
        "d/z.png": "P",
    }.items():
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text(content, "utf8")
    found = list(read_paths(["d", "none.txt", "d/b.txt", "d/*.html"]))
    assert [x.id for x in found] == ["d/a.html", "d/b.txt", "d/c/x.txt", "none.txt", "d/b.txt", "d/a.html"]
    (here / "e").mkdir()
    assert problem(next(read_paths(["e"]))).code == "empty"


def test_jsonl_items() -> None:
    items = [
        {
            "id": "one",
            "text": "Arnor met Rohan.",
            "date": "2031-03-03T10:00:00Z",
            "title": "News",
            "url": "http://x.example/",
        },
        {"id": 2, "html": HTML, "date": None, "title": ""},
        {"text": "Rohan met Arnor.", "spans": [[0, 5], [10, 15]]},
    ]
    path = Path("i.jsonl")
    path.write_text("\n".join(map(json.dumps, items)) + "\n", "utf8")
    first, second, third = map(document, read_paths(["i.jsonl"], date="2031-01-01", no_clean=True))
    assert (first.id, first.kind, first.date, first.title) == ("one", "text", "2031-03-03", "News")
    assert first.url == "http://x.example/"
    assert first.already_clean
    assert (second.id, second.kind, second.date, second.title) == ("2", "html", "2031-01-01", None)
    assert not second.already_clean
    assert third.id == "i.jsonl:3"
    assert third.name == "i.jsonl line 3"
    assert third.spans == (Span(0, 5), Span(10, 15))


def test_broken_lines_do_not_stop_the_others() -> None:
    lines = [
        b'{"id": "a", "text": "Arnor met Rohan."}',
        b'{"id": "b", "text": ',
        b"",
        b"[1]",
        b'{"id": "c"}',
        b'{"id": "d", "text": 3}',
        b'{"id": "e", "text": "x", "date": "next week"}',
        b'{"id": "f", "text": "abc", "spans": [[0, 9]]}',
        b'{"id": "g", "text": "\xff"}',
        b"[" * 100_000,
        b'{"id": "h", "text": "Rohan met Arnor."}',
    ]
    Path("i.jsonl").write_bytes(b"\n".join(lines))
    found = list(read_paths(["i.jsonl"]))
    seen = [(x.id, x.code if isinstance(x, Problem) else "ok", x.name) for x in found]
    assert seen == [
        ("a", "ok", "i.jsonl line 1"),
        ("b", "bad-json", "i.jsonl line 2"),
        (None, "bad-item", "i.jsonl line 4"),
        ("c", "bad-item", "i.jsonl line 5"),
        ("d", "bad-item", "i.jsonl line 6"),
        ("e", "bad-item", "i.jsonl line 7"),
        ("f", "bad-item", "i.jsonl line 8"),
        ("g", "encoding", "i.jsonl line 9"),
        (None, "bad-json", "i.jsonl line 10"),
        ("h", "ok", "i.jsonl line 11"),
    ]


def test_an_endless_line(here: Path) -> None:
    with (here / "i.jsonl").open("wb") as out:
        out.write(
            b'{"id": "a", "text": "' + b"a" * (MAX_LINE_BYTES + 10) + b'"}\n{"id": "b", "text": "Arnor met Rohan."}\n'
        )
    first, second = read_paths(["i.jsonl"])
    assert (problem(first).code, problem(first).name) == ("too-large", "i.jsonl line 1")
    assert document(second).id == "b"
    with (here / "i.txt").open("wb") as out:
        out.write(b"a" * 50_000_000)
    assert problem(next(read_paths(["i.txt"]))).code == "too-large"


def test_standard_input() -> None:
    def read(content: bytes, **more: object) -> list[RawDocument | Problem]:
        return list(read_paths(["-"], stdin=io.BytesIO(content), **more))  # type: ignore[arg-type]

    assert document(read(b"Arnor met Rohan.")[0]).id == "-"
    assert document(read(HTML.encode())[0]).kind == "html"
    assert [x.id for x in read(b'{"id": "a", "text": "x"}\n{"id": "b", "text": "y"}\n')] == ["a", "b"]
    assert problem(read(b"Arnor", input_format="jsonl")[0]).code == "bad-json"
    assert problem(read(b"")[0]).code == "empty"


def test_json_files() -> None:
    item = {"id": "a", "text": "Arnor met Rohan."}
    assert document(one("a.json", json.dumps(item))).id == "a"
    Path("l.json").write_text(json.dumps([item, {"text": "Rohan met Arnor."}, 3]), "utf8")
    first, second, third = read_paths(["l.json"])
    assert (document(first).id, document(second).id) == ("a", "l.json:2")
    assert (problem(third).code, problem(third).name) == ("bad-item", "l.json item 3")


def test_nothing_is_opened_before_its_turn(here: Path) -> None:
    found = read_paths(["late.txt"])
    (here / "late.txt").write_text("Arnor met Rohan.", "utf8")
    assert document(next(found)).content == "Arnor met Rohan."
