"""A desk over the demo articles, and a real browser to walk it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from legation.resources import Resources
from legation.store import Item, RunRow, Store, run_row

from .tools import Watcher, browser_path, coded, documents, serving


@pytest.fixture(scope="session")
def demo_items(resources: Resources) -> list[Item]:
    """All demo articles, coded once."""
    return coded(resources, documents())


@pytest.fixture(scope="session")
def demo_run(resources: Resources) -> RunRow:
    """The run that coded them."""
    return run_row(resources.run, "2024-09-01T08:00:00", "legation ingest samples/news")


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory, demo_items: list[Item], demo_run: RunRow) -> Path:
    """A store with the demo articles; tests copy it."""
    path = tmp_path_factory.mktemp("desk") / "demo.duckdb"
    with Store.open(path, create=True) as store:
        store.load(demo_run, demo_items, shard="demo", loaded_at="2024-09-01T08:00:00")
    return path


@pytest.fixture
def store(demo_file: Path, tmp_path: Path) -> Iterator[Store]:
    """A store of one's own."""
    path = tmp_path / "demo.duckdb"
    shutil.copy(demo_file, path)
    with Store.open(path) as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> Iterator[str]:
    """The address of a desk over the demo articles."""
    with serving(store) as url:
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser. Tests that need it are skipped where none is installed, and say how to get one."""
    path = browser_path()
    if path is None:
        pytest.skip("no Chromium found: install one (Debian: apt-get install chromium) or set LEGATION_CHROMIUM")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Any]:
    """visit(base, **options) gives a page of a fresh browser session; afterwards nothing may have gone wrong."""
    contexts, watchers = [], []

    def open_page(base: str, **options: Any) -> Any:
        settings = {"viewport": {"width": 1360, "height": 860}, "accept_downloads": True, **options}
        context = chromium.new_context(base_url=base, **settings)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.watcher = Watcher(page, base)
        contexts.append(context)
        watchers.append(page.watcher)
        return page

    yield open_page
    for context in contexts:
        context.close()
    wrong = [line for watcher in watchers for line in watcher.wrong]
    assert not wrong, wrong
