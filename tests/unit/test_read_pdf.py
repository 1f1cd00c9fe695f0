"""PDF: printed lines become paragraphs. The files are made here, a few objects each."""

from __future__ import annotations

import time
import zlib
from pathlib import Path

import pytest
from read_support import document, problem, read, short

from legation.clean import clean, load_cleaner
from legation.read.pdf import hyphens_file, one_word

Printed = list[tuple[int, int, str]]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pdf(pages: list[Printed], *, encrypt: bool = False, stream: bytes | None = None, **about: str) -> bytes:
    """A PDF whose pages print lines of Helvetica 11 at (x, y)."""
    objects: list[bytes] = []

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    font = add(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    parent = 2 * len(pages) + 2
    kids = []
    for lines in pages:
        drawn = b"BT /F1 11 Tf\n"
        for x, y, text in lines:
            shown = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
            drawn += b"1 0 0 1 %d %d Tm (%s) Tj\n" % (x, y, shown)
        drawn += b"ET"
        filters = b""
        if stream is not None:
            drawn, filters = stream, b"/Filter /FlateDecode "
        content = add(b"<< %s/Length %d >>\nstream\n%s\nendstream" % (filters, len(drawn), drawn))
        page = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 612 792] /Contents %d 0 R " % (parent, content)
        kids.append(add(page + b"/Resources << /Font << /F1 %d 0 R >> >> >>" % font))
    tree = b" ".join(b"%d 0 R" % k for k in kids)
    assert add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), tree)) == parent
    catalog = add(b"<< /Type /Catalog /Pages %d 0 R >>" % parent)
    info = add(b"<< %s >>" % b" ".join(b"/%s (%s)" % (k.encode(), v.encode()) for k, v in about.items()))
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root %d 0 R /Info %d 0 R " % (len(objects) + 1, catalog, info)
    if encrypt:
        out += b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> " % (b"41" * 32, b"42" * 32)
        out += b"/ID [<4142> <4142>] "
    return out + b">>\nstartxref\n%d\n%%%%EOF\n" % start


PAGE: Printed = [
    (72, 700, "Gondor recalls envoy from Harad"),
    (72, 670, "The government of Gondor on Monday recalled its ambas-"),
    (72, 656, "sador from Harad after talks on fishing rights had failed, and"),
    (72, 642, "the foreign minister said the step was long overdue in any case."),
    (72, 614, "Harad rejected the charge. It called the step a well-"),
    (72, 600, "known trick and said that its own envoy would stay where he"),
]
NEXT: Printed = [
    (72, 740, "was for the time being."),
    (90, 726, "Rohan, an ally of both, offered to host talks in Edoras and to"),
    (72, 712, "send word."),
]


def edges(number: int) -> Printed:
    return [(72, 765, "The Pelargir Post"), (300, 30, f"Page {number} of 3")]


def test_paragraphs_across_lines_and_pages() -> None:
    data = pdf([edges(1) + PAGE, edges(2) + NEXT, [*edges(3), (72, 700, "It ended on Friday evening in Dale.")]])
    one = document(read("a.pdf", data, date="2031-03-04")[0])
    assert one.content.split("\n\n") == [
        "Gondor recalls envoy from Harad",
        "The government of Gondor on Monday recalled its ambassador from Harad after talks on fishing rights had "
        "failed, and the foreign minister said the step was long overdue in any case.",
        "Harad rejected the charge. It called the step a well-known trick and said that its own envoy would stay where "
        "he was for the time being.",
        "Rohan, an ally of both, offered to host talks in Edoras and to send word.",
        "It ended on Friday evening in Dale.",
    ]
    assert (one.date, one.origin, one.kind, one.id) == ("2031-03-04", (), "text", "a.pdf")
    article = clean(one, load_cleaner())
    assert article.pieces == () and "Harad rejected the charge." in article.text


@pytest.mark.parametrize("example", hyphens_file().examples, ids=lambda e: e[2])
def test_hyphens(example: tuple[str, str, str]) -> None:
    first, second, whole = example
    assert one_word(first, second, frozenset(), hyphens_file()) == ("-" not in whole)
    assert whole.replace("-", "") == first + second


def test_what_the_document_writes_elsewhere_decides() -> None:
    assert not one_word("peace", "keeper", frozenset({"peace-keeper"}), hyphens_file())
    assert one_word("peace", "keeper", frozenset(), hyphens_file())
    assert one_word("cross", "roads", frozenset({"crossroads"}), hyphens_file())


def test_two_columns() -> None:
    left = [(72, 700 - 14 * k, f"left line {k} of a column that is as wide as") for k in range(6)]
    right = [(330, 700 - 14 * k, f"right line {k} of a column that is as wide as") for k in range(6)]
    text = document(read("a.pdf", pdf([left + right]))[0]).content
    assert text.index("left line 5") < text.index("right line 0")
    assert "\n" not in text


def test_title_and_author_only_where_they_are_printed() -> None:
    data = pdf([[(72, 685, "By Ana Baggins"), *PAGE]], Title="Gondor recalls envoy from Harad", Author="Ana Baggins")
    one = document(read("a.pdf", data)[0])
    assert (one.title, one.author) == ("Gondor recalls envoy from Harad", "Ana Baggins")
    one = document(read("a.pdf", pdf([PAGE], Title="Microsoft Word - draft 7.doc", Author="user 12"))[0])
    assert (one.title, one.author, one.date) == (None, None, None)


def test_running_heads_of_a_single_page_are_text() -> None:
    one = document(read("a.pdf", pdf([edges(1) + PAGE]))[0])
    assert "The Pelargir Post" in one.content  # nothing says that it is a head
    assert "Page 1 of 3" not in one.content


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (pdf([[], []]), "no-text", "2 pages are pictures"),
        (pdf([PAGE], encrypt=True), "encrypted", "password"),
        (pdf([PAGE])[:300], "damaged", "cannot|no PDF"),
        (b"%PDF-1.7\n" + b"\x00" * 400, "damaged", "no PDF"),
        (b"", "empty", "empty"),
        (b"no PDF at all", "damaged", "no PDF"),
        (pdf([[(72, 700, "•§" * 20 + "ab")]]), "no-text", "text"),
    ],
)
def test_what_cannot_be_read(data: bytes, code: str, words: str) -> None:
    (found,) = read("a.pdf", data)
    assert problem(found).code == code
    assert any(w in found.message for w in words.split("|"))


def test_a_bomb_in_a_page() -> None:
    bomb = zlib.compress(b" " * 300_000_000, 9)
    begun = time.process_time()
    found = read("a.pdf", pdf([[]], stream=bomb))
    assert [x[0] for x in short(found)] == ["no-text"]
    assert time.process_time() - begun < 20


def test_too_many_pages() -> None:
    (found,) = read("a.pdf", pdf([[]] * 3_001))
    assert problem(found).code == "too-large"
