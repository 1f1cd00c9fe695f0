"""One spelling for a place name, however a newspaper writes it.

The gazetteer's index and the words of a text meet in this form, so the script that builds the gazetteer and the
stage that reads it must call the same function: "St. Louis", "Saint Louis" and "ST LOUIS" are one key.
"""

from __future__ import annotations

import re
import unicodedata

# letters that Unicode does not take apart into a base letter and a mark
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ə": "a", "ħ": "h"}
)
_SILENT = str.maketrans("", "", "'’‘ʼʻ`´ʿʾ.\"")
_SPACE = re.compile(r"[\s\-‐‑–/_]+")
_SHORT = {"saint": "st", "fort": "ft", "mount": "mt", "&": "and"}


def fold(name: str) -> str:
    """The key of a name: lower case, no marks, no stops or apostrophes, hyphens as spaces, "Saint" as "st".

    >>> fold("Saint-Denis"), fold("St. Denis"), fold("Łódź"), fold("N'Djamena")
    ('st denis', 'st denis', 'lodz', 'ndjamena')
    """
    if not name.isascii():
        name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    name = name.lower().translate(_LETTERS).translate(_SILENT)
    words = _SPACE.sub(" ", name).strip().split(" ")
    return " ".join(_SHORT.get(w, w) for w in words)
