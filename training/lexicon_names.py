"""Cleaning and comparing names of persons: the part of `build_lexicon.py` that knows how sources spell people."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from pathlib import Path

# Words that show that a "name" starts with an office ("Under Secretary of State Michael Smith").
TITLE_WORDS = frozenset((Path(__file__).parent / "title_words.txt").read_text("utf8").split())
HONORIFICS = frozenset(
    [
        "dr",
        "dr.",
        "mr",
        "mr.",
        "mrs",
        "mrs.",
        "ms",
        "ms.",
        "sir",
        "hon",
        "hon.",
        "rt.",
        "right",
        "honourable",
        "prof",
        "prof.",
        "professor",
    ]
)
PARTICLES = frozenset(
    [
        "al",
        "el",
        "ul",
        "ud",
        "bin",
        "ibn",
        "ben",
        "bint",
        "de",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "di",
        "du",
        "la",
        "le",
        "von",
        "van",
        "der",
        "den",
        "the",
        "y",
        "e",
        "i",
        "af",
        "ap",
        "lord",
        "baron",
        "baroness",
    ]
)
_LETTERS = str.maketrans(
    {
        "ı": "i",
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "æ": "ae",
        "Æ": "Ae",
        "ß": "ss",
        "þ": "th",
        "Þ": "Th",
        "œ": "oe",
        "ə": "e",
        "Ə": "E",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "ʻ": "'",
        "`": "'",
        "´": "'",
        "–": "-",
        "‐": "-",
    }
)


def ascii_form(name: str) -> str:
    """The name in ASCII letters, as foreign desks type it."""
    return unicodedata.normalize("NFD", name.translate(_LETTERS)).encode("ascii", "ignore").decode()


def is_latin(name: str) -> bool:
    """Whether the name is written in Latin letters (names in other scripts cannot occur in English text)."""
    letters = [c for c in name if c.isalpha()]
    return (
        "\ufffd" not in name and bool(letters) and all("LATIN" in unicodedata.name(c, "") or c in "ʻʼ" for c in letters)
    )


def tidy(name: str) -> str:
    """White space, apostrophes, brackets, peerages and capitals made uniform: "Bashar al-ASAD" -> "Bashar al-Asad"."""
    name = re.sub(r"\s*[(\[].*?([)\]]|$)", " ", name)
    name = re.sub("[\u200b-\u200f\ufeff]", "", name)
    name = re.sub(r",\s*(\d+(st|nd|rd|th)\b|Baron|Baroness|Viscount|Earl|Jr|Sr)\b.*$", "", name)
    name = name.translate(str.maketrans("’‘ʼ`´‐–", "'''''--")).replace("ʻ", "'").replace('"', "")
    words = []
    for word in name.split():
        parts = word.split("-")
        if any(len(p) > 2 and p.isupper() and not re.fullmatch("[IVX]+", p) for p in parts):
            word = "-".join(p.title().replace("'S", "'s") if p.isupper() and len(p) > 1 else p for p in parts)
        words.append(word.upper() if re.fullmatch("I[iv]i?|V[i]{1,3}", word) else word)
    return " ".join(words).strip(" ,;.-'")


def strip_title(name: str) -> str | None:
    """The name without a leading office; None when an office word stays in it ("Science and Education J. G.")."""
    name = (
        re.sub(r"^(.*\b(?:[IVX]+|[a-z]\w+)) of (?:the )?[A-Z]\w+( [A-Z]\w+)?$", r"\1", name)
        if re.match(r"[\w' -]+ of (the )?[A-Z]\w+( [A-Z]\w+)?$", name)
        and not re.match(r"(Lord|Baroness|Earl|Duke|Prince|Princess|\w+ of\b)", name)
        else name
    )
    words = name.split()
    while words and words[0].lower() in HONORIFICS:
        words = words[1:]
    cut = 0
    for i, word in enumerate(words):
        if word.lower().strip(".,'").removesuffix("'s") in TITLE_WORDS and i < len(words) - 1:
            cut = i + 1
    if cut and len(words) > cut + 1 and words[cut].lower() in ("of", "for"):
        cut += 2
    words = words[cut:]
    while len(words) > 2 and words[-1].lower() in ("al", "el", "bin", "de", "von", "van"):
        words = words[:-1]
    noble = re.match(r"(Lord|Baroness|Earl|Duke|King|Queen|Prince|Princess|Sultan|Emir)\b", name)
    if not noble and (any(w in ("and", "of", "for", "&") or "/" in w for w in words) or len(words) > 8):
        return None
    if not words or words[-1].lower() in TITLE_WORDS:
        return None
    return " ".join(words)


def tokens(name: str) -> list[str]:
    """The parts that identify a person: no particles, no initials, transliteration differences smoothed."""
    plain = ascii_form(name).lower().replace("-", " ").replace("'", "")
    out = []
    for word in plain.split():
        word = word.strip(".,")
        if len(word) < 2 or word in PARTICLES or word in HONORIFICS:
            continue
        word = re.sub(r"(.)\1", r"\1", word.replace("ou", "u").replace("y", "i").replace("ij", "i").replace("ii", "i"))
        out.append(word)
    return out


def key(name: str) -> str:
    """Equal for two spellings of one name that differ in order, accents, hyphens, particles, initials."""
    return " ".join(sorted(tokens(name)))


def initials(name: str) -> set[str]:
    """The initials in a name: the two presidents Bush are told apart by them alone."""
    return {w for part in ascii_form(name).split() for w in re.findall(r"\b([A-Z])\.", part)}


def compatible(a: str, b: str) -> bool:
    """Whether the initials allow that two names are one person's."""
    x, y = initials(a), initials(b)
    return not x or not y or x == y


def similar(a: str, b: str) -> bool:
    """Whether one name can be a spelling or a shorter form of the other: every part has a counterpart."""
    short, long = sorted((tokens(a), tokens(b)), key=len)
    if not short or not compatible(a, b):
        return False
    left = list(long)
    for word in short:
        best = max(left, key=lambda x: SequenceMatcher(None, word, x).ratio(), default=None)
        if best is None:
            return False
        ratio = SequenceMatcher(None, word, best).ratio()
        if ratio < 0.72 or (len(word) <= 3 and word != best):
            return False
        left.remove(best)
    return True


def slug(name: str) -> str:
    """The name as part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", ascii_form(name).lower()).strip("-")
