"""docs/reading.md says what is read, and with which limits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from legation.cli.options import InputFormat as CommandLine
from legation.read import limits
from legation.read.columns import FIELDS
from legation.read.fetch import FetchLimits
from legation.read.how import FORMATS, InputFormat
from legation.read.kinds import SUFFIXES

PAGE = (Path(__file__).parent.parent.parent / "docs" / "reading.md").read_text("utf8")


def test_every_kind_name_and_field_stands_there() -> None:
    assert set(SUFFIXES) == set(re.findall(r"`(\.[a-z]+)`", PAGE)) - {".gz"}
    assert set(FORMATS) - {"auto"} <= set(re.findall(r"`([a-z]+)`", PAGE))
    assert set(FIELDS) <= set(re.findall(r"`([a-z]+)`", PAGE))
    assert set(SUFFIXES.values()) <= set(FORMATS)


def test_the_command_line_knows_the_same_formats() -> None:
    assert tuple(x.value for x in CommandLine) == get_args(InputFormat)


def test_limits_are_those_of_the_program() -> None:
    flat = " ".join(PAGE.split())
    for words, value in (
        ("One text {} MB", limits.MAX_TEXT_BYTES), ("one page {} MB", limits.MAX_HTML_BYTES),
        ("JSONL {} MB", limits.MAX_LINE_BYTES), ("one JSON file {} MB", limits.MAX_JSON_BYTES),
        ("a feed {} MB", limits.MAX_FEED_BYTES), ("a mail {} MB", limits.MAX_MAIL_BYTES),
        ("a PDF {} MB", limits.MAX_PDF_BYTES), ("more than {} MB)", limits.FREE_UNPACKED_BYTES),
        ("at most {} MB, 60 seconds and 5 redirects", FetchLimits().size),
    ):  # fmt: skip
        assert words.format(value // 1_000_000) in flat, words
    assert f"{limits.MAX_PDF_PAGES:,} pages" in flat and f"{limits.MAX_UNPACKED_RATIO} times" in flat
    assert (FetchLimits().total, FetchLimits().redirects, FetchLimits().pause) == (60.0, 5, 1.0)
