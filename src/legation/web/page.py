"""How a page is put together: templates, text made harmless, the frame that every screen shares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

HERE = Path(__file__).parent
THEMES = ("light", "dark")

# controls, bidirectional marks and overrides, zero-width characters, separators, lone surrogates: what would move,
# reorder or hide text. New line and tab are harmless in a browser.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def harmless(value: Any) -> Any:
    """What every `{{ ... }}` passes through: text without characters that reorder or hide what stands beside them."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", value)
    return "" if value is None else value


def shown(text: str | None) -> Markup:
    """Text of an article: escaped, and what is unsafe shown as its number instead of obeyed."""
    parts: list[str] = []
    at = 0
    for match in _UNSAFE.finditer(text or ""):
        number = f"U+{ord(match.group()):04X}"
        parts += (str(escape((text or "")[at : match.start()])), f'<span class="ctl">{number}</span>')
        at = match.end()
    parts.append(str(escape((text or "")[at:])))
    return Markup("".join(parts))  # every part is escaped above


def web_link(url: str | None) -> str | None:
    """An address of an article when it is one of the web; None for javascript:, data: and whatever else."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc and not _UNSAFE.search(url or "") else None


def query(pairs: Iterable[tuple[str, Any]] | Mapping[str, Any], **others: Any) -> str:
    """A query string of these parameters; `others` replace those of the same name, None takes one away."""
    given = list(pairs.items() if isinstance(pairs, Mapping) else pairs)
    kept = [(k, v) for k, v in given if k not in others and v not in (None, "")]
    return urlencode(kept + [(k, v) for k, v in others.items() if v not in (None, "")])


def day_words(value: date | datetime | str | None) -> str:
    """A day for people: 4 Mar 2024."""
    if value is None:
        return ""
    if isinstance(value, str):
        try:
            return day_words(date.fromisoformat(value[:10]))
        except ValueError:
            return value
    return f"{value.day} {value:%b} {value.year}"


def number(value: float | None, digits: int = 0) -> str:
    """A number with thin groups: 12 345 or 0.81."""
    return "" if value is None else f"{value:,.{digits}f}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def environment() -> Environment:
    """The templates: everything is escaped, an unknown name is an error."""
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters |= {"shown": shown, "day": day_words, "number": number}
    env.globals |= {"web_link": web_link, "query": query}
    return env


class Pages:
    """Renders the screens. `frame` gives what the head of every page says about the store."""

    def __init__(self, frame: Any) -> None:
        self.env = environment()
        self.frame = frame

    def __call__(self, request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """One page. The theme is the reader's choice, kept in a cookie of this desk."""
        theme = request.cookies.get("theme", "")
        common = {
            "here": request.url.path,
            "form_token": request.state.form_token,
            "person": person(request),
            "logged_in": bool(request.state.person),
            "theme": theme if theme in THEMES else "",
            "said": request.query_params.get("said", ""),
            "frame": self.frame(),
        }
        return HTMLResponse(self.env.get_template(template).render({**common, **values}), status)


def person(request: Request) -> str:
    """Who works here: the name of the token, else the name that was typed in once, else nobody."""
    name: str = request.state.person
    return name or _UNSAFE.sub("", unquote(request.cookies.get("person", "")))[:60].strip()
