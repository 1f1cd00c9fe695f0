"""Markdown: the words without the marks, each at its place in the file."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from read_support import document, problem, read

from legation.clean import clean, load_cleaner
from legation.problems import DocumentError
from legation.read.markdown import strip_marks

CLEANER = load_cleaner()

FILE = """---
title: "Gondor recalls envoy"
date: 2031-03-03
authors: [A. Baggins, B. Took]
outlet: The Pelargir Post
lang: en-GB
url: https://post.example/a/1
---

**Gondor** [recalled](https://x.example/a_(b)) its *ambassador* from Harad on `Monday`,
the *foreign ministry* said in a [statement][1] &amp; on its <https://gondor.example/news>.

![The embassy](a.png "Photo: X")

> The **king** said: \\*No more\\* of this, and neither his ministers nor the council
> of the city had anything to add to that.
By A. Baggins
3 March 2031

## What happened before

Harad's 3*4 offer_of_peace was ~~accepted~~ refused.[^2] <b>Rohan</b> agreed with that.BREAK
It is over, the foreign ministry of Gondor said in the evening.

```
left as it is
```

| a | b |
|---|---|

[1]: https://x.example/
[^2]: A note.
""".replace("BREAK", "  ")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_front_matter_and_marks() -> None:
    (found,) = read("a.md", FILE)
    one = document(found)
    assert (one.title, one.date, one.author) == ("Gondor recalls envoy", "2031-03-03", "A. Baggins, B. Took")
    assert (one.publication, one.language, one.url) == ("The Pelargir Post", "en", "https://post.example/a/1")
    for words in (
        "Gondor recalled its ambassador from Harad on Monday, the foreign ministry said in a statement & on its "
        "https://gondor.example/news.",
        "The king said: *No more* of this, and neither his ministers nor the council of the city had anything to add "
        "to that.\nBy A. Baggins\n3 March 2031\n",
        "\nWhat happened before\n",
        "Harad's 3*4 offer_of_peace was accepted refused. Rohan agreed with that.\nIt is over, the",
        "\nleft as it is\n",
    ):
        assert words in one.content, words
    for gone in ("[", "](", "#", "**", "`", "<", "![", "embassy", "---", "> ", "note", "title:"):
        assert gone not in one.content, gone


def test_every_piece_stands_where_it_says() -> None:
    (found,) = read("a.md", FILE)
    one = document(found)
    assert one.origin
    for piece in one.origin:
        words = one.content[piece.start : piece.end]
        assert words == FILE[piece.raw_start : piece.raw_start + len(words)]
    article = clean(one, CLEANER)
    for word in ("Gondor", "recalled", "ambassador", "king", "Rohan"):
        at = article.text.index(word, article.title_end)
        start, end = article.raw(at, at + len(word))
        assert start is not None and FILE[start:end] == word
    at = article.text.index("recalled its ambassador")
    start, end = article.raw(at, at + len("recalled its ambassador"))
    assert FILE[start:end] == "recalled](https://x.example/a_(b)) its *ambassador"  # its ends, with the marks between
    assert (article.title, article.author, article.published_basis) == (one.title, one.author, "given")
    ampersand = one.content.index("&")
    assert clean(one, CLEANER).text.count("&") == 1 and not any(p.start <= ampersand < p.end for p in one.origin)


def test_headings_as_titles() -> None:
    for top in ("# Gondor *recalls* envoy #\n\nText here.", "Gondor recalls envoy\n====\n\nText here."):
        one = document(read("a.md", top)[0])
        assert (one.title, one.content.strip()) == ("Gondor recalls envoy", "Text here.")
    one = document(read("a.md", "## Gondor\n\nText here.")[0])
    assert (one.title, one.content) == (None, "Gondor\n\nText here.")


def test_toml_and_no_front_matter() -> None:
    one = document(read("a.md", '+++\ntitle = "News"\ndate = 2031-03-03\n+++\nText.')[0])
    assert (one.title, one.date, one.content) == ("News", "2031-03-03", "Text.")
    one = document(read("a.md", "---\n\nText.\n\n---\n\nMore.", date="2031-01-01")[0])
    assert (one.title, one.date) == (None, "2031-01-01")
    assert one.content.split() == ["Text.", "More."]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "empty"), ("---\ntitle: x\n---\n", "empty"), ("---\n: : :\n- [\n---\nText.", "bad-item"),
        ("---\ndate: next week\n---\nText.", "bad-item"), ("+++\ntitle = \n+++\nText.", "bad-item"),
        (b"\x00\x01\x02" * 9, "binary"), ("x" * 3_000_001, "too-large"),
    ],
)  # fmt: skip
def test_what_cannot_be_read(content: str | bytes, code: str) -> None:
    (found,) = read("a.md", content)
    assert problem(found).code == code


def test_a_yaml_bomb_is_harmless() -> None:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [f"{b}: &{b} [" + ", ".join([f"*{a}"] * 9) + "]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    one = document(read("a.md", "---\n" + "\n".join(rows) + "\nauthor: *i\ntitle: T\n---\nText.")[0])
    assert (one.title, one.author) == ("T", None)


SIGNS = ["*", "_", "**", "~~", "`", "[", "]", "](", "![", "<!--", "<", ">", "#", "# ", "\n", " ", "\\", "|", "-", "=",
         "[a](", "[^", "&amp;", "&", "a", "word ", "*a ", "[[a]", "(", "http://x.example"]  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
def test_no_input_takes_long(sign: str) -> None:
    begun = time.process_time()
    strip_marks((sign * 400_000)[:400_000], 0)
    strip_marks("# a" + (sign * 200_000)[:200_000] + "x", 0)
    assert time.process_time() - begun < 6


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*SIGNS, "é🙂", "\r\n", "\t", "&#65;", "\n\n"]), max_size=40))
def test_pieces_are_sorted_exact_and_cover_everything_but_entities(parts: list[str]) -> None:
    text = "".join(parts)
    content, origin = strip_marks(text, 0)
    at = raw = 0
    for piece in origin:
        assert piece.start >= at and piece.raw_start >= raw and piece.end > piece.start
        words = content[piece.start : piece.end]
        assert words == text[piece.raw_start : piece.raw_start + len(words)]
        assert set(content[at : piece.start]) <= {"&", "A", " "}
        at, raw = piece.end, piece.raw_start + len(words)
    assert set(content[at:]) <= {"&", "A", " "}


def test_removed_lines_are_placed_too() -> None:
    body = "# News\n\n" + "**Gondor** recalled its ambassador from Harad on Monday, officials said.\n\n" * 3
    text = body + "*Share* this on [Facebook](x)\n\n[Sign up](y) for our newsletter\n"
    article = clean(document(read("a.md", text)[0]), CLEANER)
    assert article.removed
    for r in article.removed:
        assert r.raw_start is not None and r.raw_end is not None
        words = r.text.split()
        assert text[r.raw_start : r.raw_end].startswith(words[0]) or words[0] in text[r.raw_start - 3 : r.raw_end]
        assert r.raw_end <= len(text)


def test_clean_refuses_what_is_no_article() -> None:
    with pytest.raises(DocumentError):
        clean(document(read("a.md", "- [A](b)\n- [B](c)\n- [C](d)\n" * 20)[0]), CLEANER)
