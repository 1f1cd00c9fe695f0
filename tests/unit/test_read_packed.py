"""gzip of anything, ZIP archives, bombs; files that go away; folders with all of it."""

from __future__ import annotations

import gzip
import io
import json
import os
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from read_support import document, problem, read, short

from legation.read import read_paths

TEXT = "Arnor met Rohan."
PAGE = f"<!DOCTYPE html><html><body><p>{TEXT}</p></body></html>"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


SUFFIXES = ("txt", "html", "json", "jsonl", "csv", "mbox", "eml", "pdf", "rss", "md", "parquet", "urls")
KINDS = ["a.gz", *(f"a.{x}.gz" for x in SUFFIXES)]


def bomb(megabytes: int, block: bytes = b"\x00" * 1_000_000) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt.gz", TEXT, "text"), ("a.html.gz", PAGE, "html"), ("a.gz", PAGE, "html"), ("a.txt", TEXT, "text"),
        ("a.jsonl.gz", json.dumps({"text": TEXT}) + "\n", "text"), ("a.json.gz", json.dumps({"text": TEXT}), "text"),
        ("a.csv.gz", f"text\n{TEXT}\n", "text"), ("a.md.gz", f"*{TEXT}*", "text"), ("b", TEXT, "text"),
        ("a.eml.gz", f"Subject: x\n\n{TEXT}", "text"),
    ],
)  # fmt: skip
def test_gzip_of_anything(name: str, content: str, kind: str) -> None:
    one = document(read(name, gzip.compress(content.encode()))[0])
    assert one.kind == kind and TEXT in one.content
    assert one.name.startswith(name)
    one = document(
        next(read_paths(["-"], stdin=io.BytesIO(gzip.compress(content.encode())))) if kind == "html" else one
    )
    assert TEXT in one.content


def test_several_members_and_twice_packed() -> None:
    rows = [json.dumps({"id": str(k), "text": TEXT}).encode() + b"\n" for k in range(3)]
    assert [x.id for x in read("a.jsonl.gz", b"".join(map(gzip.compress, rows)))] == ["0", "1", "2"]
    assert document(read("a.txt.gz", gzip.compress(gzip.compress(TEXT.encode())))[0]).content == TEXT
    (found,) = read("a.txt.gz", gzip.compress(gzip.compress(gzip.compress(TEXT.encode()))))
    assert problem(found).code == "too-large"


def test_what_stands_before_the_damage_is_read() -> None:
    rows = b"".join(
        json.dumps({"id": str(k), "text": TEXT + os.urandom(40).hex()}).encode() + b"\n" for k in range(3_000)
    )
    packed = gzip.compress(rows)
    for broken in (packed[: len(packed) // 2], packed + b"rubbish", packed[:-6] + b"\x00" * 6):
        found = read("a.jsonl.gz", broken)
        assert (problem(found[-1]).code, found[-1].name) == ("damaged", "a.jsonl.gz")
        assert len(found) > 1_000 and [x.id for x in found[:-1]] == [str(k) for k in range(len(found) - 1)]
    (found,) = read("b.txt.gz", b"\x1f\x8b\x08" + b"x" * 60)
    assert problem(found).code == "damaged"


@pytest.mark.parametrize("name", KINDS)
def test_gzip_bombs(name: str) -> None:
    Path(name).write_bytes(bomb(250))
    Path("z.txt").write_text(TEXT)
    begun = time.process_time()
    tracemalloc.start()
    found = list(read_paths([name, "z.txt"]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [x[0] for x in short(found)][-1] == "ok"
    assert {x[0] for x in short(found)[:-1]} <= {"too-large", "binary", "bad-row", "damaged"}
    assert 2 <= len(found) <= 3
    assert all(x.name.startswith(name) for x in found[:-1])
    assert time.process_time() - begun < 15 and peak < 230_000_000, peak


def test_zip_archives() -> None:
    with zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("b/two.txt", TEXT)
        out.writestr("a/one.csv", f"text\n{TEXT}\nbad,row\n")
        out.writestr("c/three.html.gz", gzip.compress(PAGE.encode()))
        out.writestr("c/picture.png", b"\x89PNG")
        out.writestr("__MACOSX/._two.txt", "x")
        out.writestr(".hidden.txt", "x")
        out.writestr("d/empty.txt", "")
        out.writestr("bomb.txt", b"\x00" * 50_000_000)
    assert short(read("a.zip")) == [
        ("ok", "a.zip/a/one.csv line 2"),
        ("bad-row", "a.zip/a/one.csv line 3"),
        ("ok", "a.zip/b/two.txt"),
        ("too-large", "a.zip/bomb.txt"),
        ("ok", "a.zip/c/three.html.gz"),
        ("empty", "a.zip/d/empty.txt"),
    ]
    data = Path("a.zip").read_bytes()
    assert len(list(read_paths(["-"], stdin=io.BytesIO(data)))) == 6
    with zipfile.ZipFile("n.zip", "w") as out:
        out.write("a.zip")
    assert len(read("n.zip")) == 6
    with zipfile.ZipFile("m.zip", "w") as out:
        out.write("n.zip")
    assert problem(read("m.zip")[0]).code == "too-large"


def test_broken_zip_archives() -> None:
    with zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.txt", TEXT * 50)
        out.writestr("b.txt", TEXT)
    good = Path("a.zip").read_bytes()
    assert problem(read("b.zip", good[:-30])[0]).code == "damaged"
    assert problem(read("b.zip", b"")[0]).code == "damaged"
    broken = bytearray(good)
    broken[50:60] = b"\xff" * 10
    assert [x[0] for x in short(read("b.zip", bytes(broken)))] == ["damaged", "ok"]
    locked = good.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    assert {x[0] for x in short(read("b.zip", locked))} == {"encrypted"}
    with zipfile.ZipFile("e.zip", "w") as out:
        out.writestr("picture.png", b"x")
    assert problem(read("e.zip")[0]).code == "empty"


def test_a_zip_of_one_endless_table() -> None:
    with zipfile.ZipFile("a.zip", "w", zipfile.ZIP_DEFLATED) as out, out.open("a.csv", "w") as member:
        member.write(b"text\n")
        for _ in range(60):
            member.write((TEXT.encode() * 200 + b"\n") * 300)
    begun = time.process_time()
    seen = last = None
    for seen, last in enumerate(read_paths(["a.zip"]), 1):  # noqa: B007
        pass
    assert problem(last).code == "too-large" and "bomb" in last.message and seen > 5_000
    assert time.process_time() - begun < 20


def test_pages_of_fifty_megabytes() -> None:
    with Path("a.html").open("wb") as out:
        out.write(b"<html><body>")
        for _ in range(50):
            out.write(b"<p>x</p>" * 125_000)
    begun = time.process_time()
    (found,) = read("a.html")
    assert (problem(found).code, found.name) == ("too-large", "a.html")
    assert time.process_time() - begun < 2


def test_files_that_go_away_or_change(here: Path) -> None:
    for name in ("a.txt", "b.csv", "c.txt"):
        (here / name).write_text("text\n" + TEXT)
    found = read_paths(["a.txt", ".", "c.txt"])
    assert next(found).name == "a.txt"
    assert next(found).name == "a.txt"
    (here / "b.csv").unlink()
    (here / "c.txt").unlink()
    (here / "c.txt").mkdir()
    rest = short(list(found))
    assert rest[0] == ("unreadable", "b.csv")
    assert rest[1][0] == "unreadable" and rest[2] == ("empty", "c.txt")


def test_a_folder_with_everything(here: Path) -> None:
    (here / "d" / "sub").mkdir(parents=True)
    (here / "d" / "a.txt").write_text(TEXT)
    (here / "d" / "b.md").write_text(TEXT)
    (here / "d" / "c.csv").write_text("x\n1\n")
    (here / "d" / "d.pdf").write_bytes(b"%PDF-1.4 broken")
    (here / "d" / "e.warc.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    (here / "d" / "f.parquet").write_bytes(b"PAR1")
    (here / "d" / "sub" / "g.eml").write_text(f"Subject: News\n\n{TEXT}")
    (here / "d" / "sub" / "h.png").write_bytes(b"\x89PNG")
    (here / "d" / "i.xml").write_text("<note/>")
    (here / "d" / "j.urls").write_text("https://post.example/\n")
    (here / "d" / "k.txt").write_text("# to read\nhttps://post.example/1\n\nhttps://post.example/2\n")
    assert short(read("d")) == [
        ("ok", "d/a.txt"), ("ok", "d/b.md"), ("columns", "d/c.csv"), ("damaged", "d/d.pdf"),
        ("damaged", "d/e.warc.gz record 1"), ("damaged", "d/f.parquet"), ("not-a-feed", "d/i.xml"),
        ("not-fetched", "d/j.urls"), ("not-fetched", "d/k.txt"), ("ok", "d/sub/g.eml"),
    ]  # fmt: skip
    assert [x[0] for x in short(read("d/*.md"))] == ["ok"]
    assert len(read("d/**/*.eml")) == 1
