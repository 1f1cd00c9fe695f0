"""Frames x triggers -> candidates: what happened, and who did it to whom."""

from legation.events.arbitration import second_opinion
from legation.events.confidence import confidence
from legation.events.contexts import ContextCue, find_contexts
from legation.events.engine import find_candidates
from legation.events.opinion import Encoder, load_encoder
from legation.events.pairs import PairType, classify_pair
from legation.events.rules import Rules, load_rules

__all__ = [
    "ContextCue",
    "Encoder",
    "PairType",
    "Rules",
    "classify_pair",
    "confidence",
    "find_candidates",
    "find_contexts",
    "load_encoder",
    "load_rules",
    "second_opinion",
]
