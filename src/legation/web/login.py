"""Coming in with a token, saying who one is, choosing a theme."""

from __future__ import annotations

import asyncio
import time
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from legation.web.guard import Guard, cookie_header, safe_next

router = APIRouter(include_in_schema=False)


def check_form(request: Request, token: str) -> None:
    """403 unless the form came from a page of this session."""
    import hmac

    if not hmac.compare_digest(request.state.form_token.encode(), token.encode()):
        raise HTTPException(403, "This form has expired. Go back, reload the page and try again.")


@router.get("/login")
def login_page(request: Request, next: str = "/") -> Response:  # noqa: A002 (the usual name in addresses)
    """Where the token is typed in."""
    page: Response = request.app.state.pages(request, "login.html", next=safe_next(next), wrong="")
    return page


@router.post("/login")
async def log_in(
    request: Request,
    token: Annotated[str, Form(max_length=500)],
    form_token: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """A known token makes a session that knows the person's name."""
    check_form(request, form_token)
    guard: Guard = request.app.state.guard
    if guard.must_wait():
        raise HTTPException(429, "Too many wrong tokens. Wait a minute.")
    name = guard.name_of(token.strip())
    if name is None:
        guard.wrong.append(time.monotonic())
        await asyncio.sleep(0.5)
        wrong: Response = request.app.state.pages(
            request, "login.html", 401, next=safe_next(next), wrong="That token is not known."
        )
        return wrong
    answer = RedirectResponse(safe_next(next), 303)
    secure = request.url.scheme == "https"
    answer.raw_headers.append((b"set-cookie", cookie_header(guard.new_session(name), secure)))
    return answer


@router.post("/logout")
def log_out(request: Request, form_token: Annotated[str, Form()]) -> Response:
    """Forget the person."""
    check_form(request, form_token)
    guard: Guard = request.app.state.guard
    answer = RedirectResponse("/login", 303)
    answer.raw_headers.append((b"set-cookie", cookie_header(guard.new_session(), request.url.scheme == "https")))
    return answer


@router.post("/person")
def say_who(
    request: Request,
    name: Annotated[str, Form(max_length=60)],
    form_token: Annotated[str, Form()],
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """The name that corrections and codings carry, where no token says it."""
    check_form(request, form_token)
    answer = RedirectResponse(safe_next(next), 303)
    shown = " ".join(name.split())
    answer.set_cookie("person", quote(shown), max_age=31_536_000, httponly=True, samesite="lax")
    return answer
