"""Frames x triggers -> candidates: what happened, and who did it to whom."""

from legation.events.engine import find_candidates
from legation.events.rules import Rules, load_rules

__all__ = ["Rules", "find_candidates", "load_rules"]
