"""Parses as JSON, so that a test can bring the parse it was written against and needs no parser.

A parser swap then cannot change what such a test means, and a wrong parse can be told from a wrong rule.
"""

from __future__ import annotations

import json
from dataclasses import astuple
from typing import Any

from legation.model.parse import NamedEntity, Parse, Sentence, Token
from legation.parse.columns import link

FORMAT = 1


def dump_parse(parse: Parse) -> str:
    """One line of JSON with text, tokens, sentences and entities; the same parse gives the same line."""
    content = {
        "format": FORMAT,
        "text": parse.text,
        "tokens": [astuple(t) for t in parse.tokens],
        "sentences": [astuple(s) for s in parse.sentences],
        "entities": [astuple(e) for e in parse.entities],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_parse(line: str) -> Parse:
    """The parse that `dump_parse` wrote. ValueError when the line is of another format or its offsets are broken."""
    content: dict[str, Any] = json.loads(line)
    if content.get("format") != FORMAT:
        raise ValueError(f"a stored parse of format {content.get('format')!r}, expected {FORMAT}")
    text = content["text"]
    tokens = [Token(*row) for row in content["tokens"]]
    for t in tokens:
        if text[t.start : t.end] != t.text:
            raise ValueError(f"token {t.i} is {t.text!r}, but {text[t.start : t.end]!r} stands at its offsets")
    sentences = [Sentence(*row) for row in content["sentences"]]
    return link(text, tokens, sentences, [NamedEntity(*row) for row in content["entities"]])
