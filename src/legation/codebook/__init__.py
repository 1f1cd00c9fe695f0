"""PLOVER 2.0 as data: types, modes, contexts, sectors, quad schemes, scores, and the way to CAMEO and back."""

from legation.codebook.book import Codebook, load_codebook
from legation.codebook.describe import describe
from legation.codebook.schema import CameoCode, Context, EventType, Mode, QuadScheme, Sector, SpecialCode

__all__ = [
    "CameoCode",
    "Codebook",
    "Context",
    "EventType",
    "Mode",
    "QuadScheme",
    "Sector",
    "SpecialCode",
    "describe",
    "load_codebook",
]
