"""Articles that would like to run something, to hide something, or to be too long."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from legation.model.text import RawDocument
from legation.resources import Resources
from legation.store import Filter, RunRow, Store
from legation.web.app import create_app
from legation.web.page import shown, web_link

from .tools import coded, serving

ATTACKS = (
    "<script>window.attacked = 1</script>",
    '<img src=x onerror="window.attacked = 2">',
    "<svg onload=window.attacked=3>",
    '"><script>window.attacked = 4</script>',
    "'-window.attacked=5-'",
    "{{ 7 * 7 }}${7*7}",
    "javascript:window.attacked=6",
    "</title><script>window.attacked = 7</script>",
    "</textarea></pre><script>window.attacked = 8</script>",
)
OVERRIDE = "\u202egnp.exe\u202c and \u2066isolated\u2069"


def hostile(kind: str = "text") -> list[RawDocument]:
    """Every attack as title, as body, as words of an event, as names of publication, author and article."""
    found = []
    for k, attack in enumerate(ATTACKS):
        body = (
            f"Norway {attack} recalled its ambassador to Iceland on Monday. "
            f'"{attack}," Norwegian Foreign Minister {attack} said.\n\n{OVERRIDE}\n\n{attack}\n\n'
            f"Iceland {attack} condemned Norway on Tuesday in {attack}."
        )
        found.append(
            RawDocument(
                id=f"evil-{k}-{attack}",
                kind="text",
                name=f"evil{k}.txt",
                content=body,
                title=f"{attack} Norway recalls its ambassador to Iceland {OVERRIDE}",
                date="2024-06-03",
                url=("javascript:window.attacked=9", "data:text/html,<script>1</script>", "//x.example")[k % 3],
                publication=f"The {attack} Courier",
                author=attack,
                already_clean=True,
            )
        )
    return found


@pytest.fixture
def evil(tmp_path: Path, resources: Resources, demo_run: RunRow) -> Any:
    """A store of such articles, with hostile words in everything that people write too."""
    with Store.open(tmp_path / "evil.duckdb", create=True) as store:
        store.load(demo_run, coded(resources, hostile()), shard="evil", loaded_at="2024-06-03T08:00:00")
        for record in store.records(Filter(type=("SANCTION",))):
            store.correct(record["id"], "status", "planned", ATTACKS[1], ATTACKS[0], made_at="2024-06-04T00:00:00")
            break
        yield store


def test_nothing_of_an_article_runs(evil: Store, visit: Any) -> None:
    ids = evil.sql("SELECT article_id FROM current_articles ORDER BY 1").column(0).to_pylist()
    assert len(ids) == len(ATTACKS) and evil.count() > len(ATTACKS)
    with serving(evil) as url:
        page = visit(url)
        page.goto("/claims")
        for path in ("/", "/events", "/dyads", "/dyads/quotes", "/claims", "/export?layout=jsonl", "/api"):
            page.goto(path)
            if path == "/dyads":
                page.locator("[data-state=drawn] svg").first.wait_for()
                page.locator("[data-state=drawn] .mark-rect path").first.hover()
            assert page.evaluate("window.attacked") is None, path
        for id_ in ids:
            page.goto("/")
            page.get_by_role("link").filter(has_text="Norway recalls").nth(ids.index(id_)).click()
            page.locator("#article[data-ready]").wait_for()
            for card in page.locator(".card").all()[:3]:
                card.hover()
            assert page.evaluate("window.attacked") is None, id_
            assert page.locator("#article img, #article script, #article svg").count() == 0
            assert page.locator("a[href^='javascript:'], a[href^='data:']").count() == 0
            # said, not obeyed
            assert "U+202E" in page.locator("#article").inner_text()
            assert "\u202e" not in page.content()


def test_hostile_words_of_people_are_shown_as_words(evil: Store) -> None:
    desk = TestClient(create_app(evil), base_url="http://localhost")
    token = desk.get("/events").text.split('name="form_token" value="')[1].split('"')[0]
    for attack in ATTACKS:
        desk.post("/filters", data={"name": attack[:80], "condition": f'text: "{attack.replace(chr(34), "")}"',
                                    "form_token": token})  # fmt: skip
        desk.post("/watches", data={"name": attack[:80], "condition": "NOR", "form_token": token})
        desk.post("/review", data={"name": attack[:80], "size": "3", "by": attack[:60], "form_token": token})
        for field in ("q", "actor", "text", "said", "place"):
            text = desk.get("/events", params={field: attack}).text
            assert "<script>window" not in text and "<img src=x" not in text and "<svg onload" not in text
    for path in ("/events", "/watches", "/review", "/articles"):
        text = desk.get(path).text
        assert "<script>window" not in text and "<img src=x" not in text and "49" not in text.split("<h1>")[0]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example",
            "http://", "https://a\u202eb.example", "ftp://a.example", "", None, "http://[broken"],
)  # fmt: skip
def test_only_addresses_of_the_web_become_links(url: str | None) -> None:
    assert web_link(url) is None


def test_addresses_of_the_web_become_links() -> None:
    assert web_link("https://world-desk.example/a?b=c") == "https://world-desk.example/a?b=c"


def test_what_would_reorder_text_is_shown_as_its_number() -> None:
    html = str(shown("a\u202e<b>\u0000\u2028\ufeff"))
    assert html == (
        'a<span class="ctl">U+202E</span>&lt;b&gt;<span class="ctl">U+0000</span><span class="ctl">U+2028</span>'
        '<span class="ctl">U+FEFF</span>'
    )


def long_store(path: Path, run: RunRow, text: str) -> None:
    from legation.store import Item

    article = {
        "article_id": "long", "path": "long.txt", "title": "A very long text", "url": None, "publication": None,
        "author": None, "language": "en", "published": "2024-06-03", "published_basis": "given", "digest": "0",
        "text": text, "removed": [], "words": len(text.split()),
    }  # fmt: skip
    with Store.open(path, create=True) as store:
        store.load(run, [Item("long", "long.txt", article)], shard="long", loaded_at="2024-06-03T08:00:00")


@pytest.mark.parametrize("paragraph", ["Nothing happened here. " * 40 + "\n\n", "x" * 997 + "\n", "\u202e" * 1000])
def test_five_megabytes_are_shown_in_parts(tmp_path: Path, demo_run: RunRow, paragraph: str) -> None:
    text = "A very long text\n\n" + paragraph * (5_000_000 // len(paragraph))
    long_store(tmp_path / "long.duckdb", demo_run, text)
    with Store.open(tmp_path / "long.duckdb") as store:
        desk = TestClient(create_app(store), base_url="http://localhost")
        desk.get("/article?id=long")
        started = time.perf_counter()
        answer = desk.get("/article?id=long&part=3")
        took = time.perf_counter() - started
        assert answer.status_code == 200 and "part 4 of" in answer.text
        assert took < 2, f"{took:.2f} s"  # a tenth of it on an idle machine
        assert len(answer.content) < 2_500_000
        assert desk.get("/").status_code == 200


def test_a_long_article_in_the_browser(tmp_path: Path, demo_run: RunRow, visit: Any) -> None:
    text = "A very long text\n\n" + ("Nothing happened here. " * 40 + "\n\n") * 5400
    long_store(tmp_path / "long.duckdb", demo_run, text)
    with Store.open(tmp_path / "long.duckdb") as store, serving(store) as url:
        page = visit(url)
        page.goto("/article?id=long")
        page.get_by_role("link", name="Next part").first.click()
        page.get_by_text("part 2 of").first.wait_for()
        assert page.locator("#article p").count() < 200
