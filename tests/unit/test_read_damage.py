"""Random damage to files of every kind: documents and problems come out, nothing else, and never a fault of ours."""

from __future__ import annotations

import gzip
import io
import random
import time
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_read_feeds import ATOM, RSS
from test_read_mail import BOX, mail
from test_read_markdown import FILE
from test_read_pdf import PAGE, pdf
from test_read_warc import record

from legation.model.text import RawDocument
from legation.problems import Problem
from legation.read import read_paths

TABLE = "id,headline,text\n" + "".join(f'{k},"a ""b"" c","Arnor\nmet {k}"\n' for k in range(30))


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": ["Arnor met Rohan."] * 50, "date": ["2031-03-03"] * 50}), sink, row_group_size=10)
    return sink.getvalue()


def archive() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.csv", "text\nArnor met\n" * 30)
        out.writestr("b.txt", "Hello there " * 30)
    return sink.getvalue()


WHOLE = {
    "pdf": pdf([PAGE, PAGE]), "feed": RSS.encode(), "feed ": ATOM.encode(), "mbox": BOX, "mail": mail(html="<p>x</p>"),
    "markdown": FILE.encode(), "parquet": parquet(), "zip": archive(), "csv": TABLE.encode(),
    "text": b"Arnor met Rohan.",
    "tsv": TABLE.replace(",", "\t").encode(), "jsonl": b'{"id":"a","text":"Arnor"}\n' * 20, "auto": gzip.compress(BOX),
    "json": b'[{"id":"a","text":"Arnor"}]', "html": b"<html><body><p>Arnor</p></body></html>",
    "urls": b"http://a.example/\n" * 5, "warc": gzip.compress(record(1)) + gzip.compress(record(2)),
}  # fmt: skip
MIXED_IN = (b"", b"\xff\xfe", b"\x00", b'"', b"<", b"\n\n", b"From a@x Mon Mar  3 10:00:00 2031\n", b"\x1f\x8b\x08")


def damaged(whole: bytes, chance: random.Random) -> bytes:
    data = bytearray(whole)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        past = min(len(data), at + chance.choice((0, 1, 1, 2, 5, 40, 400)))
        data[at:past] = chance.choice((*MIXED_IN, chance.randbytes(chance.randint(1, 12)), bytes(data[:40])))
    return bytes(data)


@pytest.mark.parametrize("kind", WHOLE)
def test_damage(kind: str) -> None:
    chance = random.Random(kind)
    for _ in range(150):
        data = damaged(WHOLE[kind], chance)
        begun = time.process_time()
        found = list(read_paths(["-"], stdin=io.BytesIO(data), input_format=kind.strip()))  # type: ignore[arg-type]
        assert found and time.process_time() - begun < 3
        for x in found:
            assert isinstance(x, RawDocument | Problem) and x.name
            assert not (isinstance(x, Problem) and x.code == "internal"), (x, data)


def test_a_fault_of_ours_does_not_take_the_batch_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("of a reader")

    monkeypatch.setattr("legation.read.dispatch.decode", broken)
    first, second = read_paths(["-", "none.txt"], stdin=io.BytesIO(b"Arnor met Rohan."))
    assert isinstance(first, Problem) and first.code == "internal" and "of a reader" in first.message
    assert isinstance(second, Problem) and second.code == "not-found"
