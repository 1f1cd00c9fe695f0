"""A claim in plain words: "Russia interfered in the United States (2020)"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from legation.claims.rules import LinkRules

_OPTIONAL = re.compile(r"\[([^\]]*)\]")
MOST = 2  # parties of one side that are named
NOBODY = "Somebody"


def claim_words(
    kind: str,
    mode: str | None,
    told: str,
    actors: Sequence[Mapping[str, Any]],
    recipients: Sequence[Mapping[str, Any]],
    date: Mapping[str, Any],
    rules: LinkRules,
) -> str:
    """One sentence without a full stop. `told`: past, future or possible."""
    phrase = rules.phrases.get(f"{kind} {mode}") or rules.phrases[kind]
    text = phrase.past if told == "past" else phrase.future
    if told == "possible":
        text = re.sub(r"^will\b", "may", text)
    who = names(actors) or NOBODY
    if len(actors) > 1 and not recipients:
        whom = ""
    else:
        whom = names(recipients)
    text = _OPTIONAL.sub(lambda m: m.group(1).replace("{recipient}", whom) if whom else "", text)
    return f"{who[:1].upper()}{who[1:]} {text}{_when(date)}"


def names(parties: Sequence[Mapping[str, Any]]) -> str:
    """The first parties of a side, written as a list; "" when there is none."""
    listed: list[str] = []
    for party in parties:
        name = str(party["phrase"])
        if name not in listed:
            listed.append(name)
    shown = listed[:MOST]
    if len(listed) > MOST:
        shown.append("others")
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1] if shown else ""


def _when(date: Mapping[str, Any]) -> str:
    start = date["start"]
    return f" ({start[: {'year': 4, 'month': 7}.get(date['precision'], 10)]})" if start else ""
