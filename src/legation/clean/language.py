"""Is this English? Function words decide: no trained model, and nothing said about short texts."""

from __future__ import annotations

import re

from legation.clean.cleaner import LanguageFile

_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str, data: LanguageFile) -> tuple[str, bool]:
    """(name, is it English): "en", the name of another language, or "other". Short texts are taken as English."""
    words = [w.lower() for w in _WORD.findall(text[:50_000])]
    letters = [c for c in text[:50_000] if c.isalpha()]
    if letters and len(letters) > 60:
        latin = sum(c < "\u0250" for c in letters) / len(letters)
        if latin < data.least_letters:
            return "other", False
    if len(words) < data.least_words:
        return "en", True
    share = sum(w in data.english for w in words) / len(words)
    best, most = "other", 0.0
    for name in sorted(data.others):
        other = sum(w in data.others[name] for w in words) / len(words)
        if other > most:
            best, most = name, other
    if share >= data.least_share and share >= most:
        return "en", True
    if share >= 2 * data.least_share:
        return "en", True  # English with many foreign names ("La Paz", "de la Cruz")
    if len(words) < 4 * data.least_words and most < data.least_share:
        return "en", True  # a short list of names has few function words in any language
    return (best if most >= data.least_share else "other"), False
