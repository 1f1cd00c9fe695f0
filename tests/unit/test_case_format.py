"""The format of case files: what it reads, and how it says what it cannot read."""

from __future__ import annotations

import pytest

from legation.evaluate.cases import CaseError, Party, parse_cases

GOOD = """# a remark
=== the threat happened
article 2024-03-05
title: Border row
Arnor threatened to close the border.

It said so twice.
---
THREATEN restrict
  words   threatened
  who     Arnor      ARN  GOV
  whom    none
  aux     actual
  from    Gondor     GND
  stance  denies
not COERCE
not ASSAULT destroy
xfail two sentences
===

=== nothing here
article
The match ended in a draw.
---
none
===
"""


def test_reads_every_part() -> None:
    one, two = parse_cases(GOOD, "x.cases")
    assert (one.name, one.date, one.title, one.line) == ("the threat happened", "2024-03-05", "Border row", 2)
    assert one.text == "Arnor threatened to close the border.\n\nIt said so twice."
    (event,) = one.events
    assert (event.type, event.mode) == ("THREATEN", "restrict")
    assert event.parties == {"who": [Party("Arnor", "ARN", "GOV")], "whom": [], "from": [Party("Gondor", "GND")]}
    assert event.values == {"words": "threatened", "aux": "actual"}
    assert event.stances == ["denies"]
    assert one.forbidden == [("COERCE", None), ("ASSAULT", "destroy")]
    assert one.xfail == "two sentences"
    assert (two.date, two.none, two.xfail) == (None, True, None)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("hello\n", 1, "a case starts with"),
        ("=== a\nText.\n---\nnone\n", 2, "must follow the name"),
        ("=== a\narticle 2024-03-05\n---\nnone\n", 2, "no text"),
        ("=== a\narticle\nText.\n=== b\n", 4, "must stand between"),
        ("=== a\narticle\nText.\n---\n===\n", 1, "states nothing"),
        ("=== a\narticle\nText.\n---\n  who Arnor\n", 5, "below the type"),
        ("=== a\narticle\nText.\n---\nACCUSE\n  how Arnor\n", 6, "no such key"),
        ("=== a\narticle\nText.\n---\nACCUSE\n  who\n", 6, "needs a value"),
        ("=== a\narticle\nText.\n---\nACCUSE\n  aux actual\n  aux future\n", 7, "stands twice"),
        ("=== a\narticle\nText.\n---\naccuse\n", 5, "neither TYPE"),
        ("=== a\narticle\nText.\n---\nxfail\n", 5, "needs a reason"),
        ("=== a\narticle\nText.\n---\nnone\nACCUSE\n", 1, "nothing else can be stated"),
        ("=== a\narticle\nText.\n---\nACCUSE\n  who  A  B  C  D\n", 6, "two spaces apart"),
        ("=== a\narticle\nText.\n---\nnone\n===\n=== a\narticle\nText.\n---\nnone\n", 1, "stands twice"),
    ],
)
def test_says_file_and_line_of_what_it_cannot_read(text: str, line: int, words: str) -> None:
    with pytest.raises(CaseError, match=words) as caught:
        parse_cases(text, "x.cases")
    assert caught.value.line == line
    assert str(caught.value).startswith(f"x.cases, line {line}: ")
