"""Scraped text and pages: what stays, what goes and why, and where every word stood."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from legation.clean import Cleaner, clean, load_cleaner
from legation.model.text import Article, RawDocument
from legation.problems import DocumentError

CLEANER = load_cleaner()

# ruff: noqa: E501 (a page has long lines)

SCRAPED = """Skip to main content
Home
World
Gondor Closes Border Crossing After Rohan Accuses It of Spying

By Ioreth Vale
March 3, 2031 10:15 AM
Share by e-mailShare by e-mail
Facebook
The gate of Minas Tirith at dawn.
The gate of Minas Tirith at dawn.Credit: Beren Holt/AFP

Gondor on Tuesday closed its main border crossing with Rohan after the chancellor of Rohan accused it of spying on his cabinet, officials in both capitals said.

"We have nothing to hide, and we will not be insulted by people who read our letters at breakfast," the foreign minister of Gondor, Faramir Ost, told reporters in Minas Tirith.

Chancellor Eorl of Rohan. Credit: Ioreth Vale,AP

"We will reopen the crossing when the chancellor takes back his words about our envoys."

Why do the olive groves of Lebennin smell of the sea?

-- : --

Rohan said in a statement that it would answer in kind, and its parliament is to debate the matter on Thursday in a session behind closed doors.

The two countries signed a border treaty in 2019 after years of quarrels over tolls, and the crossing has been open to traders ever since.

Get alerts on this story:
Related articles
* Ten things to do in Dale this weekend
* Dwarves open a new mine
"""

REMOVED = {
    "Skip to main content": "menu",
    "By Ioreth Vale": "byline-meta",
    "March 3, 2031 10:15 AM": "byline-meta",
    "Facebook": "share",
    "The gate of Minas Tirith at dawn.": "caption",
    "The gate of Minas Tirith at dawn.Credit: Beren Holt/AFP": "caption",
    "Chancellor Eorl of Rohan. Credit: Ioreth Vale,AP": "caption",
    "Why do the olive groves of Lebennin smell of the sea?": "promo",
    "-- : --": "player",
    "Get alerts on this story:": "alert",
    "Related articles": "related",
}


def text(content: str, **more: object) -> RawDocument:
    return RawDocument("id", content, "text", "test.txt", **more)  # type: ignore[arg-type]


def page(content: str, **more: object) -> RawDocument:
    return RawDocument("id", content, "html", "test.html", **more)  # type: ignore[arg-type]


def check_pieces(article: Article, raw: str) -> None:
    at = 0
    for piece in article.pieces:
        assert at <= piece.start < piece.end <= len(article.text)
        at = piece.end
        assert article.text[piece.start : piece.end] == raw[piece.raw_start : piece.raw_start + piece.end - piece.start]
    for removed in article.removed:
        assert removed.raw_start is not None
        assert removed.raw_end is not None
        assert raw[removed.raw_start : removed.raw_end] == removed.text


def test_scraped_page() -> None:
    article = clean(text(SCRAPED), CLEANER)
    assert article.title == "Gondor Closes Border Crossing After Rohan Accuses It of Spying"
    assert article.text[: article.title_end] == article.title
    assert article.published == "2031-03-03"
    assert article.published_basis == "page"
    assert article.author == "Ioreth Vale"
    assert article.language == "en"
    reasons = {r.text: r.reason for r in article.removed}
    assert {k: reasons.get(k) for k in REMOVED} == REMOVED
    assert "Share by e-mailShare by e-mail" in reasons
    body = article.text[article.title_end :].strip()
    assert body.startswith("Gondor on Tuesday")
    assert body.endswith("ever since.")
    assert "olive" not in article.text
    assert "weekend" not in article.text
    check_pieces(article, SCRAPED)


def test_a_quotation_runs_on_across_a_caption() -> None:
    article = clean(text(SCRAPED), CLEANER)
    assert 'Minas Tirith.\n\n"We will reopen' in article.text


def test_raw_offsets() -> None:
    article = clean(text(SCRAPED), CLEANER)
    start = article.text.index("signed a border treaty")
    raw_start, raw_end = article.raw(start, start + len("signed a border treaty"))
    assert SCRAPED[raw_start:raw_end] == "signed a border treaty"


def test_the_caller_knows_better() -> None:
    article = clean(text(SCRAPED, date="2031-03-04", title="A title of its own"), CLEANER)
    assert (article.published, article.published_basis) == ("2031-03-04", "given")
    assert article.text.startswith("A title of its own\n\n")
    assert article.text[: article.title_end] == "A title of its own"
    check_pieces(article, SCRAPED)


@pytest.mark.parametrize(
    "content",
    [
        "Arnor threatened to close the border.",
        "Talks in Dale",
        "Harad recalled its ambassador",
        "Rohan and Gondor met.\nThey agreed on a truce.",
        "The king of Arnor met the queen of Rohan.\n\nThey signed a treaty on trade and left without a word.",
        "Police fired tear gas. Associated Press",
        "Beren, left, greets the envoy of Rohan on the steps of the palace.",
    ],
)
def test_plain_text_stays_as_it_is(content: str) -> None:
    article = clean(text(content), CLEANER)
    assert article.text == content
    assert article.removed == ()


SHORT = """The Pelargir Herald
Menu
Envoys expelled as ford between Rohan and Gondor stays shut
12 May 2033
Share this with Facebook
Image copyright EPA
Image caption Riders patrol the ford near Edoras
Rohan has expelled four envoys of Gondor in a growing row over spying.
Gondor's foreign ministry called the decision "unfounded and hostile".
The envoys have 72 hours to leave, Rohan's chancellor Eorl Brand said.
What is the row about?
Rohan says that Gondor listened to calls of its cabinet for three years.
Gondor denies this.
You may also be interested in:
The bridge nobody wanted
Why the ford froze in June
Last month, a Rohan newspaper published what it said were transcripts.
Media caption Traders at the ford tell of their losses
The Union of the West urged both sides to show restraint.
A Gondorian diplomat, who asked not to be named, told the Herald that the papers were forged.
How did others react?
Dale's king said that he would not take sides for now.
Harad, which buys most of its horses from Rohan, offered to mediate.
Related Topics
Rohan
More on this story
Gondor shuts ford
Top Stories
Rescuers are still looking for two men in the lower galleries, officials say.
"""


def test_short_paragraphs_and_a_box_between_them() -> None:
    article = clean(text(SHORT), CLEANER)
    assert article.title == "Envoys expelled as ford between Rohan and Gondor stays shut"
    assert article.published == "2033-05-12"
    body = article.text[article.title_end :]
    for kept in ("Gondor denies this.", "Last month, a Rohan newspaper", "offered to mediate."):
        assert kept in body
    for gone in ("bridge nobody wanted", "Traders at the ford", "Rescuers", "Riders patrol", "Gondor shuts ford"):
        assert gone not in body


def test_wrapped_lines_are_one_paragraph() -> None:
    wrapped = (
        "The council of Arnor said on Monday that it would send grain to the\n"
        "towns of Rohan after the flood of last week, and the first carts left\n"
        "the same night under guard.\n\n"
        "The chancellor thanked the council in a letter that was read aloud in\n"
        "the market of Edoras, where hundreds had waited since the early hours\n"
        "for bread.\n"
    )
    article = clean(text(wrapped), CLEANER)
    assert article.text == wrapped.strip()


def test_already_clean_is_left_alone() -> None:
    content = "Share\n\nArnor threatened Rohan. "
    article = clean(text(content, already_clean=True, date="2031-01-01"), CLEANER)
    assert article.text == content
    assert article.title is None
    assert article.title_end == 0
    assert [(p.start, p.end, p.raw_start) for p in article.pieces] == [(0, len(content), 0)]
    assert article.published_basis == "given"


BODY = "".join(
    f"<p>{s}</p>"
    for s in (
        "Gondor on Tuesday closed its main border crossing with Rohan after the chancellor accused it of spying on him.",
        "The foreign minister said that the crossing would stay closed until the chancellor takes back his words.",
        "Rohan answered that it would close the ford as well, and that its parliament is to debate the matter soon.",
        "Traders from Dale said that they had lost a third of their goods while they waited at the closed gate.",
    )
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Gondor Closes Crossing - The Pelargir Post</title>
<meta property="og:site_name" content="The Pelargir Post"><meta property="og:title" content="Gondor Closes Crossing">
<meta property="article:published_time" content="2031-03-03T10:00:00Z"><meta name="author" content="Ioreth Vale">
</head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World news</a></li></ul></nav>
<article><h1>Gondor Closes Crossing</h1><div class="share">Share on Facebook</div>
<figure><img src="a.jpg"><figcaption>The gate at dawn. Credit: Beren Holt/AFP</figcaption></figure>{BODY}
<p>Sign up for our daily newsletter.</p></article>
<footer>© 2031 The Pelargir Post. All rights reserved.</footer></body></html>"""


def test_page() -> None:
    article = clean(page(PAGE, url="https://post.example/1"), CLEANER)
    assert article.title == "Gondor Closes Crossing"
    assert article.published == "2031-03-03"
    assert article.published_basis == "page"
    assert article.author == "Ioreth Vale"
    assert article.publication == "The Pelargir Post"
    assert article.url == "https://post.example/1"
    assert article.pieces == ()
    assert article.text.startswith("Gondor Closes Crossing\n\nGondor on Tuesday")
    assert "Credit" not in article.text
    assert "newsletter" not in article.text
    reasons = {r.text: r.reason for r in article.removed}
    assert reasons["World news"] == "menu"
    assert reasons["The gate at dawn. Credit: Beren Holt/AFP"] in ("caption", "credit")
    assert reasons["Sign up for our daily newsletter."] == "newsletter"
    assert all(r.raw_start is None and r.raw_end is None for r in article.removed)


def test_page_without_a_date() -> None:
    article = clean(page(PAGE.replace("2031-03-03T10:00:00Z", "").replace("2031", "")), CLEANER)
    assert article.published is None
    assert article.published_basis == "none"


GERMAN = (
    "Die Regierung von Gondor hat am Dienstag die Grenze zu Rohan geschlossen, nachdem der Kanzler ihr vorgeworfen "
    "hatte, sein Kabinett auszuspionieren, und die Minister sagten, dass sie nicht wieder öffnen werde."
)
RUSSIAN = "Правительство Гондора во вторник закрыло границу с Роханом после обвинений в шпионаже. " * 3
MENU = "\n".join(["Home", "World", "Sport", "Weather", "Share on Facebook", "Sign up", "Contact us"] * 8)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (text(""), "empty"),
        (text(" \n\t "), "empty"),
        (text("ab\x00cd" * 9), "binary"),
        (text("\x01\x02\x03" * 50), "binary"),
        (text(GERMAN), "language"),
        (text(RUSSIAN), "language"),
        (text(MENU), "no-article"),
        (text("a " * 2_000_000), "too-large"),
        (text("a" * 1_500_000), "too-large"),
        (page("<html><body></body></html>"), "no-article"),
        (page("<p>x</p>" * 2_000_000), "too-large"),
        (page(f"<html><body><article><p>{GERMAN}</p><p>{GERMAN}</p></article></body></html>"), "language"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_what_is_no_article(raw: RawDocument, code: str) -> None:
    begun = time.process_time()
    with pytest.raises(DocumentError) as caught:
        clean(raw, CLEANER)
    assert time.process_time() - begun < 10
    problem = caught.value.problem
    assert (problem.code, problem.name, problem.id) == (code, raw.name, raw.id)
    assert problem.message


def test_other_languages_can_be_looked_at() -> None:
    assert clean(text(GERMAN), CLEANER, any_language=True).language == "de"


@pytest.mark.parametrize("sign", ["@", "(", '"', "- ", "a-", "1:2 ", "A ", "©", "Credit: ", "Menu\n", "A, left, "])
def test_no_input_takes_long(sign: str) -> None:
    content = (sign * 100_000)[:100_000]
    begun = time.process_time()
    try:
        article = clean(text(content), CLEANER, any_language=True)
        check_pieces(article, content)
    except DocumentError as error:
        assert error.problem.code in ("no-article", "language")
    assert time.process_time() - begun < 5


LINES = [
    *SCRAPED.split("\n"),
    "",
    "  ",
    "Ünïcödé 🙂 says so.",
    "a\tb\u2028c",
    "x" * 200,
    "* list",
    "Mr. O’Neil said: “No.”",
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=40)), max_size=25),
    st.sampled_from(["\n", "\n\n", "\r\n"]),
)
def test_every_word_is_kept_or_removed_where_it_stood(lines: list[str], joint: str) -> None:
    raw = joint.join(lines)
    try:
        article = clean(text(raw), CLEANER, any_language=True)
    except DocumentError:
        return
    check_pieces(article, raw)
    covered = sorted(
        [(p.raw_start, p.raw_start + p.end - p.start) for p in article.pieces]
        + [(r.raw_start or 0, r.raw_end or 0) for r in article.removed]
    )
    at = 0
    for start, end in covered:
        assert start >= at
        assert not raw[at:start].strip(" \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\u00a0\u200b\u2028\u2029\ufeff\u3000")
        at = end
    assert article == clean(text(raw), CLEANER, any_language=True)


def test_loading_twice_gives_the_same(cleaner: Cleaner = CLEANER) -> None:
    again = load_cleaner()
    assert again.files == cleaner.files
    assert clean(text(SCRAPED), again) == clean(text(SCRAPED), cleaner)
