"""Mails and mail boxes: the words, the subject, the day, who sent them; broken ones do not stop the others."""

from __future__ import annotations

import email.message
import email.policy
import io
import tracemalloc
from pathlib import Path

import pytest
from read_support import document, problem, read, short

from legation.read import read_paths

TEXT = "Gondor recalled its ambassador from Harad on Monday, the foreign ministry said. " * 4


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def mail(text: str = TEXT, html: str | None = None, **headers: str) -> bytes:
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    headers = {
        "From": "Ána Baggins <ana@post.example>",
        "Subject": "Gondor recalls – and waits",
        "Date": "Mon, 03 Mar 2031 23:30:00 -0500",
        "Message-ID": "<1@post.example>",
        **headers,
    }
    for key, value in headers.items():
        message[key.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return bytes(message)


def test_one_mail() -> None:
    one = document(read("a.eml", mail())[0])
    assert one.content.split() == TEXT.split()
    assert (one.title, one.date, one.id) == ("Gondor recalls – and waits", "2031-03-03", "1@post.example")
    assert (one.author, one.publication, one.origin, one.kind) == ("Ána Baggins", None, (), "text")


def test_a_newsletter() -> None:
    page = f"<html><head><style>p{{}}</style></head><body><table><tr><td><p>{TEXT}</p></td></tr></table></body></html>"
    data = mail("Your program cannot show this.", page, From="The Post <n@post.example>", List_Id="<n.post.example>")
    one = document(read("a.eml", data)[0])
    assert one.content == TEXT.strip()
    assert (one.author, one.publication) == (None, "The Post")
    both = document(read("a.eml", mail(TEXT, page))[0])
    assert both.content.split() == TEXT.split()
    only = email.message.EmailMessage()
    only["Subject"] = "News"
    only.set_content(page, subtype="html")
    assert document(read("a.eml", bytes(only), date="2031-01-01")[0]).date == "2031-01-01"


def test_attachments_are_left_alone() -> None:
    message = email.message_from_bytes(mail(), policy=email.policy.default)
    message.make_mixed()  # type: ignore[attr-defined]
    message.add_attachment("SECRET words", filename="a.txt")  # type: ignore[attr-defined]
    other = email.message_from_bytes(mail("OTHER words"), policy=email.policy.default)
    message.add_attachment(other)  # type: ignore[attr-defined]
    content = document(read("a.eml", bytes(message))[0]).content
    assert content.startswith("Gondor") and "SECRET" not in content and "OTHER" not in content


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64", "!!!!", "no-text"),
        ("Content-Type: image/png\nContent-Transfer-Encoding: base64", "aGVsbG8=", "no-text"),
        ("Content-Type: multipart/mixed; boundary=x", "--x\nContent-Type: text/plain\n\n\n--x--", "no-text"),
        ("Content-Type: text/plain; charset=no-such", "Gondor \xff met".encode("latin-1"), None),
        ("Content-Type: text/plain; charset=utf-8", b"Gondor \x81\x8d met", "encoding"),
        ("Content-Type: multipart/mixed", "no boundary here", None),
        ("Content-Type: multipart/mixed; boundary=x", "--x\nContent-Type: text/plain\n\nGondor waits.", None),
        ("Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable", "Gondor =ZZ waits=", None),
        ('Content-Type: ;;;==="', "Gondor waits.", None),
        ("Date: never\nFrom: @@@<<\nSubject: =?x-none?b?!!?=\nMessage-ID: <<[[", "Gondor waits.", None),
    ],
)
def test_broken_parts(headers: str, body: str | bytes, code: str | None) -> None:
    data = headers.encode() + b"\n\n" + (body if isinstance(body, bytes) else body.encode())
    (found,) = read("a.eml", data)
    if code is None:
        assert "ondor" in document(found).content or "boundary" in document(found).content
    else:
        assert problem(found).code == code and found.name == "a.eml"


def test_what_is_no_mail() -> None:
    assert problem(read("a.eml", b"")[0]).code == "empty"
    assert problem(read("a.eml", b"Gondor waits, and waits.\n")[0]).code == "bad-item"
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (k, k) for k in range(3_000))
    (found,) = read("a.eml", deep + b"Content-Type: text/plain\n\nGondor waits.")
    assert found.name == "a.eml"  # either way, but no exception


BOX = (
    b"From a@x Mon Mar  3 10:00:00 2031\n" + mail().replace(b"\r\n", b"\n") + b"\n>From the start, it was clear.\n\n"
    b"From b@x Mon Mar  3 11:00:00 2031\nSubject: Broken\nContent-Type: image/png\n\nxxx\n\n"
    b"From c@x Mon Mar  3 12:00:00 2031\nno headers here at all\n\n"
    b"From d@x Mon Mar  3 13:00:00 2031\nSubject: Last\n\nFrom Harad came no answer.\nRohan met Arnor.\n"
)


def test_mbox() -> None:
    for name in ("a.mbox", "inbox"):
        found = read(name, BOX)
        assert short(found) == [
            ("ok", f"{name} message 1"),
            ("no-text", f"{name} message 2"),
            ("bad-item", f"{name} message 3"),
            ("ok", f"{name} message 4"),
        ]
        first, last = document(found[0]), document(found[3])
        assert first.content.endswith("\nFrom the start, it was clear.")
        assert (last.id, last.title) == (f"{name}:4", "Last")
        assert "From Harad came no answer." in last.content
    assert problem(read("a.mbox", b"nothing\n")[0]).code == "empty"
    assert problem(read("a.mbox", b"")[0]).code == "empty"


def test_a_mail_that_is_too_long_does_not_stop_the_box() -> None:
    with Path("a.mbox").open("wb") as out:
        out.write(b"From a@x Mon Mar  3 10:00:00 2031\nSubject: Long\n\n")
        for _ in range(45):
            out.write((b"x" * 999 + b"\n") * 1_000)
        out.write(b"\nFrom b@x Mon Mar  3 10:00:00 2031\nSubject: Line\n\n" + b"y" * 26_000_000 + b"\n")
        out.write(b"\nFrom c@x Mon Mar  3 10:00:00 2031\nSubject: Short\n\nRohan met Arnor.\n")
    found = read("a.mbox")
    assert [x[0] for x in short(found)] == ["too-large", "too-large", "ok"]


def test_a_box_is_streamed() -> None:
    box = b"From a@x Mon Mar  3 10:00:00 2031\nSubject: News\n\n%s\n\n" % (TEXT.encode() * 20) * 1_500
    tracemalloc.start()
    count = sum(1 for x in read_paths(["-"], stdin=io.BytesIO(box), input_format="mbox") if document(x))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1_500 and len(box) > 9_000_000 and peak < 2_000_000, peak
