"""Bytes into text: which encoding, and whether it is text at all.

Order of evidence: byte order mark; valid UTF-8; what came with the bytes; the encoding that an HTML page names;
Windows-1252 when the result reads like text. Anything else is a `Problem`, never a guess full of wrong letters.
"""

from __future__ import annotations

import codecs
import re

from legation.problems import DocumentError, Problem

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive (or an Office document)"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
_SAMPLE = 65_536
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_CONTROL_SHARE = 0.005  # printable text has none; a stray form feed or bell should not lose an article
_META = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I)
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|article|div|p|section|main)\b",
    re.I | re.S,
)
_TAG = re.compile(r"</?(?:p|div|span|a|li|ul|body|head|article|section|script|h[1-6]|br|img|meta)\b[^<>]{0,300}>", re.I)
_ENTITY_LIKE = re.compile(r"[\xc2\xc3\xe2][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def is_binary(data: bytes) -> str | None:
    """What the bytes are when they are no text, for a message; None when they may be text."""
    if any(data.startswith(bom) for bom, _ in BOMS):
        return None
    for magic, what in _MAGIC:
        if data.startswith(magic):
            return what
    sample = data[:_SAMPLE]
    if b"\x00" in sample:
        return "binary, or UTF-16 without a byte order mark"
    if len(_CONTROL.findall(sample)) > _CONTROL_SHARE * len(sample):
        return "binary"
    return None


def decode(data: bytes, name: str, *, html: bool, id_: str | None = None, charset: str | None = None) -> str:
    """The text of a file. DocumentError with code "binary" or "encoding" when there is none."""
    return decoded(data, name, html=html, id_=id_, charset=charset)[0]


def decoded(
    data: bytes, name: str, *, html: bool, id_: str | None = None, charset: str | None = None
) -> tuple[str, str]:
    """As `decode`, with the encoding.

    `charset` is what came with the bytes (a server's or mail's header): believed when they are not UTF-8.
    """
    what = is_binary(data)
    if what:
        raise DocumentError(Problem("binary", f"is not text but {what}", name, id_))
    for bom, encoding in BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                reason = f"starts like {encoding} but is not ({error.reason} at byte {error.start})"
                raise DocumentError(Problem("encoding", reason, name, id_)) from error
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        first = error
    if charset:
        try:
            return data.decode(charset), charset
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
    if html:
        named = _META.search(data[:4096])
        if named:
            try:
                encoding = named.group(1).decode("ascii")
                return data.decode(encoding), encoding
            except (LookupError, UnicodeDecodeError):
                pass
    text = _windows(data)
    if text is None:
        byte = f"byte 0x{data[first.start]:02x} at {first.start}"
        reason = f"is neither UTF-8 ({byte}) nor Windows-1252; save it as UTF-8"
        raise DocumentError(Problem("encoding", reason, name, id_))
    return text, "cp1252"


def _windows(data: bytes) -> str | None:
    """The bytes as Windows-1252 when that gives something that reads like text in a Western language."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    high = sum(c > "\x7f" for c in text[:_SAMPLE])
    # UTF-8 with one broken byte would come out as "â€™": two such pairs are no accident
    if len(_ENTITY_LIKE.findall(text[:_SAMPLE])) >= 2:
        return None
    odd = sum(c > "\x7f" and not (c.isalpha() or c in "‘’“”–—…•·«»©®°£€ \xa0\xad½¼¾") for c in text[:_SAMPLE])
    if high > 0.25 * len(text[:_SAMPLE]) or odd > 0.25 * high + 1:
        return None
    return text


def control_share(text: str) -> float:
    """Share of control characters: above half a percent the text is binary data that was decoded."""
    sample = text[:_SAMPLE]
    return len(_CONTROL_TEXT.findall(sample)) / max(1, len(sample))


def looks_like_html(text: str) -> bool:
    """Whether text without a telling name is a page: it begins like one, or is full of tags."""
    head = text[:20_000]
    return bool(_HTML_START.match(head)) or len(_TAG.findall(head)) >= 8
