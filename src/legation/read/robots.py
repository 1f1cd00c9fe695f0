"""robots.txt (RFC 9309): may our agent ask for this path?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

MAX_ROBOTS_BYTES = 500_000  # the least that the standard asks a reader to accept; the rest is not looked at
_MOST_RULES = 5_000
_SAFE = "/?&=%:@!$'()+,;~*#[]-._"


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules for one agent: (path pattern, allowed), and the pause it asks for in seconds (None: none)."""

    rules: tuple[tuple[str, bool], ...]
    delay: float | None = None

    def allows(self, path: str) -> bool:
        """Whether a path (with its query) may be asked for: the longest pattern that fits decides, allowing first."""
        wanted = _normal(path or "/")
        best, allowed = -1, True
        for pattern, allow in self.rules:
            if _fits(pattern, wanted) and (len(pattern) > best or (len(pattern) == best and allow)):
                best, allowed = len(pattern), allow
        return allowed


ALLOW_ALL = Robots(())
REFUSE_ALL = Robots((("/", False),))


def _normal(path: str) -> str:
    """One spelling for all the ways to escape a path."""
    return quote(unquote(path.replace("%2F", "%252F").replace("%2f", "%252F")), safe=_SAFE)


def _fits(pattern: str, path: str) -> bool:
    """Whether a pattern with * and $ fits the beginning of a path, without going back and forth."""
    end = pattern.endswith("$")
    parts = (pattern[:-1] if end else pattern).split("*")
    if not path.startswith(parts[0]):
        return False
    at = len(parts[0])
    for k, part in enumerate(parts[1:], 1):
        if end and k == len(parts) - 1:
            return len(path) - len(part) >= at and path.endswith(part)
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return at == len(path) if end and len(parts) == 1 else True


def parse_robots(text: str, agent: str) -> Robots:
    """The rules for an agent: those of all groups that name it, else those for "*"."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    delays: dict[str, float] = {}
    names: list[str] = []
    in_rules = False
    for raw in text.lstrip("\ufeff").splitlines():
        key, mark, value = raw.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not mark:
            continue
        if key == "user-agent":
            if in_rules:
                names, in_rules = [], False
            names.append(re.split(r"[/\s]", value.lower(), maxsplit=1)[0] if value != "*" else "*")
            groups.setdefault(names[-1], [])
        elif key in ("allow", "disallow"):
            in_rules = True
            if value:
                for name in names:
                    if len(groups[name]) < _MOST_RULES:
                        groups[name].append((_normal(value), key == "allow"))
        elif key == "crawl-delay":
            in_rules = True
            if re.fullmatch(r"\d{1,6}(?:\.\d{1,3})?", value):
                for name in names:
                    delays.setdefault(name, float(value))
    chosen = agent.lower() if agent.lower() in groups else "*"
    return Robots(tuple(groups.get(chosen, ())), delays.get(chosen))
