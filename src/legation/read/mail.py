"""Mails and mail boxes: the text part (or the HTML part as text), subject, day, sender. Attachments are left alone."""

from __future__ import annotations

import email
import email.errors
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import BinaryIO

from legation.model.text import RawDocument
from legation.problems import DocumentError, Problem
from legation.read.days import mail_day
from legation.read.decode import decode
from legation.read.fragment import text_of
from legation.read.how import How, Source
from legation.read.items import language_code, lines_of
from legation.read.limits import MAX_MAIL_BYTES, MAX_TEXT_BYTES, megabytes
from legation.read.streams import bounded

_FROM = re.compile(rb"From \S.*\d{4}\s*$|From \S+\s+\w{3}\s", re.S)  # "From SENDER DAY", as mail boxes divide mails
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.M)
_HEADER = re.compile(rb"[!-9;-~]+:")
_LEAST_TEXT = 200  # characters; newsletters put "your program cannot show this" into the text part
_MOST_PARTS = 2_000


def read_mail(stream: BinaryIO, source: Source, how: How) -> Iterator[RawDocument | Problem]:
    """One mail in a file (.eml)."""
    data = bounded(stream, MAX_MAIL_BYTES, source.name)
    if not data.strip():
        raise DocumentError(Problem("empty", "is empty", source.name, source.name))
    yield _mail(data, source.name, source.name, how)


def read_mbox(stream: BinaryIO, source: Source, how: How) -> Iterator[RawDocument | Problem]:
    """Every mail of a mail box, one at a time. What stands in no mail is one Problem."""
    number = 0
    for data in _split(stream):
        number += 1
        name = source.part("message", number)
        if data is None:
            yield Problem("too-large", f"is longer than {megabytes(MAX_MAIL_BYTES)}", name, source.id(number))
        else:
            yield _mail(data, name, source.id(number), how)
    if not number:
        reason = "holds no mail (none of its lines is a “From sender day” line)"
        yield Problem("empty", reason, source.name, source.name)


def _split(stream: BinaryIO) -> Iterator[bytes | None]:
    """The bytes of each mail; None for one that is too long. Only one is held at a time."""
    held: list[bytes] | None = None
    size, blank = 0, True
    for _, line in lines_of(stream):
        if line is not None and blank and _FROM.match(line):
            if held is not None:
                yield _unquoted(held) if size <= MAX_MAIL_BYTES else None
            held, size = [], 0
        elif held is not None:
            size += len(line) if line is not None else MAX_MAIL_BYTES + 1
            if line is not None and size <= MAX_MAIL_BYTES:
                held.append(line)
            else:
                held.clear()
        blank = line is not None and not line.strip()
    if held is not None:
        yield _unquoted(held) if size <= MAX_MAIL_BYTES else None


def _unquoted(lines: list[bytes]) -> bytes:
    return _QUOTED_FROM.sub(rb"\1", b"".join(lines))


def _mail(data: bytes, name: str, default_id: str, how: How) -> RawDocument | Problem:
    if not _HEADER.match(data.lstrip()[:200]):
        return Problem("bad-item", "does not begin with the headers of a mail", name, default_id)
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        id_ = _header(message, "message-id").strip("<> ") or default_id
    except (ValueError, LookupError, RecursionError, AttributeError, IndexError, TypeError) as error:
        # the library's parser has faults with headers that are no headers
        return Problem("bad-item", f"is no mail that can be read ({type(error).__name__}: {error})", name, default_id)
    try:
        text = _text(message, name, id_)
    except DocumentError as error:
        return error.problem
    except RecursionError:
        return Problem("bad-item", "its parts are nested too deeply", name, id_)
    sender, bulk = _sender(message)
    return RawDocument(
        id=id_,
        content=text,
        kind="text",
        name=name,
        title=" ".join(_header(message, "subject").split()) or None,
        date=mail_day(_header(message, "date")) or how.date,
        publication=sender if bulk else None,
        already_clean=how.no_clean,
        author=None if bulk else sender,
        language=language_code(_header(message, "content-language")),
        origin=(),
    )


def _header(message: EmailMessage, name: str) -> str:
    """A header as text; "" when there is none or it cannot be read."""
    try:
        return str(message.get(name) or "")
    except (ValueError, LookupError, AttributeError, IndexError, TypeError):  # faults of the library with odd headers
        return ""


def _sender(message: EmailMessage) -> tuple[str | None, bool]:
    """(the sender's name without the address, whether it is a list or newsletter)."""
    name, address = email.utils.parseaddr(_header(message, "from"))
    bulk = any(_header(message, h) for h in ("list-id", "list-unsubscribe", "list-post"))
    bulk = bulk or _header(message, "precedence").strip().lower() in ("bulk", "list")
    shown = " ".join(name.split()) or address.partition("@")[2 if bulk else 0]
    return shown or None, bulk


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The parts of a mail in their order, without what is attached: files, other mails."""
    waiting: list[EmailMessage] = [message]
    while waiting:
        part = waiting.pop()
        if part is not message and (part.get_content_disposition() == "attachment" or _is_mail(part)):
            continue
        yield part
        if part.is_multipart() and not _is_mail(part):
            inner = part.get_payload()
            waiting.extend(
                reversed([x for x in inner if isinstance(x, EmailMessage)] if isinstance(inner, list) else [])
            )


def _is_mail(part: EmailMessage) -> bool:
    return part.get_content_type() == "message/rfc822"


def _text(message: EmailMessage, name: str, id_: str) -> str:
    """The words of the mail. DocumentError when there are none, or when they cannot be read."""
    plain: list[str] = []
    pages: list[str] = []
    broken: DocumentError | None = None
    for count, part in enumerate(_parts(message)):
        if count >= _MOST_PARTS:
            raise DocumentError(Problem("too-large", f"has more than {_MOST_PARTS:,} parts", name, id_))
        kind = part.get_content_type()
        if kind.startswith("multipart/") and not part.is_multipart():
            kind = "text/plain"  # its divisions cannot be found: all of it is shown as one
        if kind not in ("text/plain", "text/html"):
            continue
        try:
            data = part.get_payload(decode=True)
            if not isinstance(data, bytes) or not data.strip():
                continue
            charset = part.get_param("charset")
            known = charset if isinstance(charset, str) else None
            text = decode(data, name, html=kind == "text/html", id_=id_, charset=known)
        except DocumentError as error:
            broken = broken or error
            continue
        except (ValueError, LookupError, AttributeError, TypeError, AssertionError) as error:
            reason = f"one of its parts cannot be read ({type(error).__name__}: {error})"
            broken = broken or DocumentError(Problem("damaged", reason, name, id_))
            continue
        (pages if kind == "text/html" else plain).append(text)
    written = "\n\n".join(x.strip() for x in plain if x.strip())
    if len(written) < _LEAST_TEXT and pages:
        shown = "\n\n".join(text_of(x) for x in pages).strip()
        written = shown if len(shown) > len(written) else written
    if not written:
        raise broken or DocumentError(Problem("no-text", "has no part with text in it", name, id_))
    if len(written) > MAX_TEXT_BYTES:
        raise DocumentError(Problem("too-large", f"is longer than {megabytes(MAX_TEXT_BYTES)}", name, id_))
    return written.replace("\r\n", "\n")
