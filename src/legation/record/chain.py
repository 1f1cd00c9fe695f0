"""Who says that an event happened: chains of attributions, outermost first.

Two attributions whose content holds the same words are nested (the inner one is itself part of what the outer one
says) or stand side by side (a report asserts, a ministry denies). Nested ones make one chain, side by side ones
make one record each.
"""

from __future__ import annotations

from collections.abc import Sequence

from legation.model.claims import Attribution
from legation.model.text import Span

Chain = tuple[int, ...]  # indices of attributions, outermost first


def chains(anchor: Span, attributions: Sequence[Attribution]) -> tuple[Chain, ...]:
    """Every chain of attributions over the anchor; one empty chain when nobody is said to say it."""
    over = [k for k, a in enumerate(attributions) if any(part.covers(anchor) for part in a.content)]
    over = [k for k in over if not _nameless_inside(k, over, attributions)]
    inside = {k: [j for j in over if j != k and _within(attributions[j], attributions[k])] for k in over}
    roots = [k for k in over if not any(k in inside[j] and j not in inside[k] for j in over)]
    paths = [path for root in roots for path in _paths(root, inside)]
    return tuple(dict.fromkeys(paths)) or ((),)


def _within(inner: Attribution, outer: Attribution) -> bool:
    """Whether the inner attribution is itself part of what the outer one says."""
    sign = inner.cue or inner.source
    if sign is not None and any(part.covers(sign) for part in outer.content):
        return True
    return sign is None and _size(inner) < _size(outer)


def _nameless_inside(k: int, over: Sequence[int], attributions: Sequence[Attribution]) -> bool:
    """ "alleged" inside what somebody says adds no source to the chain; it stays a cue of its own."""
    this = attributions[k]
    return this.source is None and any(
        j != k and attributions[j].source is not None and _within(this, attributions[j]) for j in over
    )


def _paths(node: int, inside: dict[int, list[int]], above: Chain = ()) -> list[Chain]:
    """Ways from one attribution to the innermost ones inside it."""
    below = [j for j in inside[node] if node not in inside[j] and j not in above]
    nearest = [j for j in below if not any(j in inside[i] and i not in inside[j] for i in below if i != j)]
    if not nearest:
        return [(node,)]
    return [(node, *path) for child in nearest for path in _paths(child, inside, (*above, node))]


def _size(attribution: Attribution) -> int:
    return sum(part.end - part.start for part in attribution.content)
