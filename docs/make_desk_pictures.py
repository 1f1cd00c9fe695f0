"""Takes the pictures in docs/desk/: every screen over the demo articles, in light, in dark and on a phone.

python docs/make_desk_pictures.py        (needs a Chromium; about a minute)
"""

from __future__ import annotations

import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from legation.claims.rules import load_link_rules
from legation.claims.stored import board_store, link_store
from legation.resources import load_resources
from legation.settings import Settings
from legation.store import Filter, Store, run_row
from legation.watch import add_watch
from legation.web import samples
from web.tools import RECALL, browser_path, coded, documents, serving

OUT = Path(__file__).parent / "desk"
MOST = 150_000  # bytes of one picture
PAIR = "q=NOR+%3C-%3E+ISL"
LOOKS = {
    "light": {"viewport": {"width": 1080, "height": 620}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1080, "height": 620}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
}


def fill(store: Store) -> dict[str, str]:
    """A store as it looks after some work; the addresses of its screens."""
    resources, at = load_resources(Settings()), datetime(2024, 9, 1, 8)
    run = run_row(resources.run, at.isoformat(), "legation ingest samples/news")
    store.load(run, coded(resources, documents()), shard="demo", loaded_at=at.isoformat())
    rules = load_link_rules()
    link_store(store, rules, at=at.isoformat())
    board_store(store, rules, at=at.isoformat())
    for name, condition in (("Norway against Iceland", "NOR -> ISL, SANCTION or THREATEN or ACCUSE"),
                            ("Alleged attacks", "ASSAULT, alleged or denied")):  # fmt: skip
        add_watch(store, name=name, condition=condition, made_at=at, by="Ada")
    pair = Filter.parse("NOR <-> ISL")
    review = samples.make(
        store, name="spring sample", kind="random", seed=7, size=12, where=pair, shows=False, by="Ada", at=at
    )
    for k, id_ in enumerate(samples.items(store, review)):
        said = samples.answers_of(store.record(id_) or {})
        samples.code(store, review, id_, "Ada", said, "", at)
        if k < 10:
            other = {"status": "alleged"} if k % 5 == 0 else {"type": "THREATEN", "mode": ""} if k % 7 == 3 else {}
            samples.code(store, review, id_, "Ben", {**said, **other}, "", at)
    return {
        "articles": "/",
        "reader": f"/article?id={RECALL}",
        "events": f"/events?{PAIR}&status=alleged&status=denied",
        "dyads": f"/dyads?{PAIR}",
        "claims": "/claims",
        "review": f"/review/{review}",
        "watches": f"/watches?condition={PAIR[2:]},+AGREE",
        "api": "/api",
        "export": f"/export?{PAIR}&layout=plover",
    }


def take(page: Any, name: str, path: str, look: str) -> None:
    """One picture. A card is pointed at in the reader, a chart drawn before it is taken."""
    page.goto(path)
    if name == "dyads":
        page.locator("[data-state=drawn] svg").nth(3).wait_for()
    if name == "reader" and look != "phone":
        page.locator("#article[data-ready]").wait_for()
        page.locator(".card", has_text="THREATEN").first.hover()
    file = OUT / f"{name}-{look}.png"
    page.screenshot(path=file)
    size = file.stat().st_size
    print(f"{file.name}  {size:,}" + ("  TOO LARGE" if size > MOST else ""))


def main() -> None:
    from playwright.sync_api import sync_playwright

    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "demo.duckdb", create=True) as store:
        screens = fill(store)
        with serving(store) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browser_path(), args=["--no-sandbox"])
            for look, options in LOOKS.items():
                page = browser.new_context(base_url=url, **options).new_page()
                for name, path in screens.items():
                    if look != "phone" or name in ("reader", "events", "dyads", "claims"):
                        take(page, name, path, look)
            browser.close()


if __name__ == "__main__":
    main()
