"""What the tests of the desk share: the demo articles, a desk that listens, what must not happen on a page."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from legation.model.text import RawDocument
from legation.resources import Resources
from legation.store import Item, RunRow, Store, item_of
from legation.web.app import create_app
from legation.web.guard import Gate, Guard

ROOT = Path(__file__).parent.parent.parent
NEWS = ROOT / "samples" / "news"
RECALL = "samples/news/recall.html"  # the page with all the furniture, made like the project's founding article
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser_path() -> str | None:
    """The system's Chromium, or the one that LEGATION_CHROMIUM names."""
    named = os.environ.get("LEGATION_CHROMIUM")
    return named or next((found for name in BROWSERS if (found := shutil.which(name))), None)


def documents() -> list[RawDocument]:
    """The demo articles as `legation ingest samples/news` reads them."""
    found = []
    for line in (NEWS / "wires.jsonl").read_text("utf8").splitlines():
        given = json.loads(line)
        found.append(RawDocument(content=given.pop("text"), kind="text", name="samples/news/wires.jsonl", **given))
    for name in ("attack.html", "recall.html"):
        path = f"samples/news/{name}"
        found.append(RawDocument(id=path, content=(NEWS / name).read_text("utf8"), kind="html", name=path))
    return found


def coded(resources: Resources, raws: list[RawDocument]) -> list[Item]:
    """Documents as the loader takes them."""
    from legation.pipeline import code_document

    return [item_of(raw, code_document(raw, resources)) for raw in raws]


def another_run(run: RunRow, items: list[Item], name: str = "another-run") -> tuple[RunRow, list[Item]]:
    """The same articles coded again under another run: what a new version of the program would bring."""
    moved = []
    for item in items:
        records = tuple({**record, "run": name} for record in item.records)
        moved.append(dataclasses.replace(item, key=f"{name}-{item.key}"[:24], records=records))
    return dataclasses.replace(run, run=name, started="2024-10-01T08:00:00"), moved


class Server:
    """A desk that really listens, on a free port of this machine."""

    def __init__(self, app: Gate) -> None:
        import uvicorn

        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, server_header=False))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)

    def __enter__(self) -> Server:
        self.thread.start()
        until = time.monotonic() + 20
        while not self.server.started and time.monotonic() < until:
            time.sleep(0.02)
        assert self.server.started
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(timeout=20)


@contextlib.contextmanager
def serving(store: Store, guard: Guard | None = None) -> Iterator[str]:
    """The address of a desk over an open store."""
    with Server(create_app(store, guard)) as server:
        yield server.url


class Watcher:
    """What must not happen on any page: errors in the console, requests to another host, answers that fail."""

    def __init__(self, page: Any, base: str) -> None:
        self.wrong: list[str] = []
        self.allowed: set[int] = set()  # statuses that a test provokes on purpose
        self.base = base
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and not (self.allowed and "Failed to load resource" in message.text):
            self.wrong.append(f"console {message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.wrong.append(f"request to another host: {request.url}")

    def _response(self, response: Any) -> None:
        if response.request.resource_type == "document" and response.ok and "<Macro" in response.text():
            self.wrong.append(f"a template that shows itself: {response.url}")
        if response.status >= 400 and response.status not in self.allowed:
            self.wrong.append(f"{response.status} {response.url}")


def open_recall(page: Any) -> None:
    """The article that is made like the project's founding article, with the script at work."""
    page.goto(f"/article?id={RECALL}")
    page.locator("#article[data-ready]").wait_for()
