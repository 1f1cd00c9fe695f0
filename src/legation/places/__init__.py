"""Places: names of places in the text, what they stand for, and where an event happened.

Place data: GeoNames (https://www.geonames.org), CC BY 4.0; see NOTICE.md.
"""

from legation.places.event_place import place_of
from legation.places.gazetteer import Gazetteer, load_gazetteer
from legation.places.toponyms import find_places

__all__ = ["Gazetteer", "find_places", "load_gazetteer", "place_of"]
