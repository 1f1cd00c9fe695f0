"""RSS and Atom: entries as articles, with what the feed says about them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from read_support import document, problem, read, short

from legation.clean import clean, load_cleaner
from legation.read.fragment import text_of

CLEANER = load_cleaner()

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Pelargir Post</title><link>https://post.example/</link><language>en-us</language>
<item><title>Gondor recalls &amp; waits</title><link>https://post.example/a/1</link><guid>https://post.example/?p=1</guid>
<pubDate>Mon, 03 Mar 2031 23:30:00 -0500</pubDate><dc:creator>A. Baggins</dc:creator>
<description>Short summary.</description>
<content:encoded><![CDATA[<p>Gondor recalled its <a href="x">ambassador</a> from Harad on Monday.</p>
<p>Harad&#8217;s king <b>rejected</b> the charge.</p><script>alert(1)</script><img src="x" alt="no">]]>
</content:encoded></item>
<item><title>Second</title><link>https://post.example/a/2</link><guid isPermaLink="false">17</guid>
<description>Rohan met Arnor &lt;i&gt;in Dale&lt;/i&gt;.</description></item>
<item><title>Third</title><guid isPermaLink="false">18</guid><description></description></item>
</channel></rss>
"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>Dale Herald</title>
<updated>2031-03-05T00:00:00Z</updated>
<entry><title type="html">Dale &lt;em&gt;votes&lt;/em&gt;</title><id>tag:dale.example,2031:1</id>
<link rel="alternate" href="https://dale.example/1"/><published>2031-03-04T23:30:00-08:00</published>
<updated>2031-03-05T09:00:00Z</updated><author><name>B. Took</name></author><author><name>C. Brandybuck</name></author>
<summary>No.</summary><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Dale voted on Tuesday.</p>
<p>Counting goes on.</p></div></content></entry>
<entry><title>Only changed</title><id>tag:dale.example,2031:2</id><updated>2031-03-05T09:00:00Z</updated>
<summary>Dale counted again.</summary></entry></feed>
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_rss() -> None:
    first, second, third = read("a.rss", RSS, date="2030-01-01")
    one, two = document(first), document(second)
    assert one.content == ("Gondor recalled its ambassador from Harad on Monday.\n\nHarad’s king rejected the charge.")
    assert (one.id, one.url, one.title) == (
        "https://post.example/?p=1",
        "https://post.example/a/1",
        "Gondor recalls & waits",
    )
    # the day that it was where the outlet is, not in Greenwich
    assert (one.date, one.author, one.publication, one.language) == (
        "2031-03-03",
        "A. Baggins",
        "The Pelargir Post",
        "en",
    )
    assert (one.kind, one.name, one.origin) == ("text", "a.rss entry 1", ())
    assert (two.id, two.date, two.content) == ("https://post.example/a/2", "2030-01-01", "Rohan met Arnor in Dale.")
    assert (problem(third).code, third.name, third.id) == ("empty", "a.rss entry 3", "a.rss:3")


def test_atom() -> None:
    one, two = map(document, read("a.atom", ATOM))
    assert (one.id, one.date, one.author) == ("tag:dale.example,2031:1", "2031-03-04", "B. Took, C. Brandybuck")
    assert (one.title, one.publication, one.url) == ("Dale votes", "Dale Herald", "https://dale.example/1")
    assert one.content == "Dale voted on Tuesday.\n\nCounting goes on."
    assert (two.date, two.content) == ("2031-03-05", "Dale counted again.")


def test_offsets_of_an_entry_are_none() -> None:
    article = clean(document(read("a.atom", ATOM)[0]), CLEANER)
    assert article.pieces == () and article.raw(0, 4) == (None, None)
    assert (article.author, article.publication, article.published_basis) == (
        "B. Took, C. Brandybuck",
        "Dale Herald",
        "given",
    )
    assert article.text == "Dale votes\n\nDale voted on Tuesday.\n\nCounting goes on."


def test_a_feed_under_another_name() -> None:
    for name in ("a.xml", "a", "a.txt.gz"):
        if name.endswith("gz"):
            continue
        assert [x[0] for x in short(read(name, RSS))] == ["ok", "ok", "empty"]
    assert [x[0] for x in short(read("a.bin", RSS, input_format="feed"))] == ["ok", "ok", "empty"]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (
            "<!DOCTYPE html><html><body><h1>404</h1><p>Not found</p></body></html>",
            "not-a-feed",
            "HTML page",
        ),
        (
            "<html><head><link type='application/rss+xml'></head><body>The <rss> moved</body></html>",
            "not-a-feed",
            "HTML",
        ),
        ("<?xml version='1.0'?><note><to>x</to></note>", "not-a-feed", "neither RSS nor Atom"),
        ("<rss version='2.0'><channel><title>x</title></channel></rss>", "empty", "no entry"),
        ("<rss", "not-a-feed", ""),
        ("", "empty", ""),
        (b"\x00" * 40, "not-a-feed", ""),
    ],
)
def test_what_is_no_feed(content: str | bytes, code: str, words: str) -> None:
    (found,) = read("a.rss", content)
    assert problem(found).code == code and words in found.message


def test_a_feed_that_breaks_off() -> None:
    found = read("a.rss", RSS[: RSS.index("<item><title>Third")])
    assert [x[0] for x in short(found)] == ["ok", "ok", "damaged"]
    found = read("a.rss", RSS.replace("<title>Second", "<title>Sec & <ond"))
    assert len([x for x in short(found) if x[0] == "ok"]) >= 1  # not well formed: what can be read is


def test_encodings() -> None:
    text = RSS.replace("UTF-8", "iso-8859-2").replace("A. Baggins", "Ł. Bączek")
    assert document(read("a.rss", text.encode("iso-8859-2"))[0]).author == "Ł. Bączek"
    text = RSS.replace("UTF-8", "utf-16").replace("A. Baggins", "Ł. Bączek")
    assert document(read("a.rss", text.encode("utf-16"))[0]).author == "Ł. Bączek"


def test_bombs_of_entities_and_outer_files(here: Path) -> None:
    (here / "secret.txt").write_text("SECRET")
    rows = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    bomb = RSS.replace("<rss", f'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">{rows}]><rss', 1).replace("Short", "&i; Short")
    begun = time.process_time()
    found = read("a.rss", bomb)
    assert time.process_time() - begun < 10
    assert all(len(document(x).content) < 100_000 for x in found if x.name.endswith(("1", "2")))
    outer = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{here}/secret.txt">]><rss'
    found = read("a.rss", RSS.replace("<rss", outer, 1).replace("Second", "&x;").replace("in Dale", "&x;"))
    assert not [x for x in found if "SECRET" in str(x)]


def test_size() -> None:
    (found,) = read("a.rss", RSS + " " * 20_000_001)
    assert problem(found).code == "too-large"


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("Plain &amp; simple", "Plain & simple"),
        ("<p>One</p>two<br>three", "One\n\ntwo\n\nthree"),
        ("<p>a <b>b</b>c</p>", "a bc"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a\n\nb"),
        ("<div style='display:none'>gone <p>gone</p></div><p>here</p>after", "here\n\nafter"),
        ("<style>p{}</style><!-- no --><p>x</p>", "x"),
        ("a < b and c > d", "a < b and c > d"),
        ("<p></p>", ""),
        ("<p>\x00x</p>", "x"),
        ("<p>" + "<b>" * 1_500 + "deep", "deep"),
    ],
)
def test_text_of_fragments(fragment: str, text: str) -> None:
    assert text_of(fragment) == text
