"""Who says so, and how sure: attributions (source, cue, content, stance) and the status facets of predicates."""

from legation.attribution.attributions import find_attributions
from legation.attribution.cues import Cues, load_cues
from legation.attribution.facets import find_facets
from legation.attribution.quotes import Quote, quote_table

__all__ = ["Cues", "Quote", "find_attributions", "find_facets", "load_cues", "quote_table"]
