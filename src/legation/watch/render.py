"""Messages from the templates. Values are escaped by the template engine wherever HTML is made."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from legation.watch.phrases import phrases
from legation.watch.words import LONGEST_SUBJECT, Message, short

if TYPE_CHECKING:
    import jinja2

    from legation.watch.model import Watch

TEMPLATES = Path(__file__).parent / "templates"


@functools.cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=jinja2.select_autoescape(["html"], default=False),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


def subject_of(events: Sequence[Message], name: str) -> str:
    """The event's own line, or for several events how many there are under `name`."""
    if len(events) == 1:
        return events[0].subject
    return short(phrases().digest.format(name=name, n=len(events)), LONGEST_SUBJECT)


def mail_bodies(events: Sequence[Message], **values: Any) -> tuple[str, str]:
    """(plain text, HTML) of a mail. `values`: watch or None, heading, recipient, contact, subject."""
    environment = _environment()
    plain = environment.get_template("message.txt").render(events=events, **values)
    html = environment.get_template("message.html").render(events=events, **values)
    return plain, html


def event_html(event: Message) -> str:
    """One event as HTML, for a feed."""
    return _environment().get_template("event.html").render(e=event)


def watch_values(watch: Watch) -> dict[str, str]:
    """What a receiver's program is told about the watch."""
    return {"id": watch.id, "name": watch.name, "condition": watch.condition, "words": watch.words}
