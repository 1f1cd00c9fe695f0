"""News into political event data that people can check.

The public door: `code_article` for one text, `code_items` for many, the record types for what comes out;
`Store`, `Filter` and `chart` for what was kept.
Names are loaded when they are first used, so that importing the package reads no data and loads no model.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from legation.door import code_article, code_items
    from legation.model.coded import Coded
    from legation.model.events import EventRecord
    from legation.model.run import Run
    from legation.problems import DocumentError, LegationError, Problem
    from legation.record import to_dict
    from legation.resources import Resources, load_resources
    from legation.settings import Settings, load_settings
    from legation.store import Filter, Store
    from legation.web.notebook import chart

_HOME = {
    "Coded": "model.coded",
    "DocumentError": "problems",
    "EventRecord": "model.events",
    "Filter": "store",
    "LegationError": "problems",
    "Problem": "problems",
    "Resources": "resources",
    "Run": "model.run",
    "Settings": "settings",
    "Store": "store",
    "chart": "web.notebook",
    "code_article": "door",
    "code_items": "door",
    "load_resources": "resources",
    "load_settings": "settings",
    "to_dict": "record",
}

__all__ = [
    "Coded",
    "DocumentError",
    "EventRecord",
    "Filter",
    "LegationError",
    "Problem",
    "Resources",
    "Run",
    "Settings",
    "Store",
    "chart",
    "code_article",
    "code_items",
    "load_resources",
    "load_settings",
    "to_dict",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'legation' has no attribute {name!r}")
    return getattr(import_module(f"legation.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
