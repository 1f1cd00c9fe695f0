"""The application: guard, screens, static files. `create_app` is what `legation serve` and the tests run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from legation.problems import LegationError
from legation.settings import Secrets
from legation.store import Store
from legation.web import api, articles, claims, corrections, dyads, events, export, login, review, settled, watches
from legation.web.desk import Desk
from legation.web.guard import Gate, Guard
from legation.web.page import Pages

STATIC = Path(__file__).parent / "static"
SCREENS = (login, articles, corrections, events, dyads, claims, export, review, settled, watches, api)


def create_app(store: Store, guard: Guard | None = None, secrets: Secrets | None = None) -> Gate:
    """The desk over an open store. The caller opens and closes the store; the loader runs while the app does.

    After new articles came in, reports are linked and watches run, as `legation ingest` does at its end; `secrets` are
    what watches send with.
    """
    desk = Desk(store, secrets)
    desk.after_load = [lambda: claims.Linker.of(desk).after_load()]
    guard = guard or Guard()

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        desk.start()
        yield
        desk.stop()

    app = FastAPI(
        title="Legation", version="1", lifespan=life, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json"
    )
    app.state.desk, app.state.guard = desk, guard
    app.state.pages = Pages(desk.frame)
    for screen in SCREENS:
        app.include_router(screen.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _bad_request)
    app.add_exception_handler(LegationError, _refused)
    app.add_exception_handler(Exception, _failed)
    return Gate(app, guard)


def _failure(request: Request, status: int, words: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"problem": words}, status)
    page: Response = request.app.state.pages(request, "problem.html", status, title="Not here", words=words)
    return page


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _failure(request, error.status_code, str(error.detail))


async def _bad_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    named = sorted({".".join(str(x) for x in one["loc"][1:]) + ": " + one["msg"] for one in error.errors()})
    return _failure(request, 422, "; ".join(named))


async def _refused(request: Request, error: Exception) -> Response:
    """What the store refuses on purpose (a bad query, a value that cannot be) is the caller's to mend.

    The problem's words, never its `name`: that is a path of this machine.
    """
    problem = getattr(error, "problem", None)
    return _failure(request, 400, problem.message if problem else "That cannot be done with this store.")


async def _failed(request: Request, _: Exception) -> Response:
    """What nobody foresaw: the guard writes it down for the terminal, the browser learns nothing of it."""
    words = "The desk failed here. The terminal that runs it says why."
    if request.url.path.startswith("/api/"):
        return JSONResponse({"problem": words}, 500)
    return PlainTextResponse(words + "\n", 500)
