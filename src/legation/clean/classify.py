"""Which lines of a scraped page belong to the article.

Three steps: each line by itself (chrome.yml says what it certainly is, lines.yml how it reads); the stretch of
lines with the highest sum is the article (furniture inside it costs little, a heading like "Related articles"
much); inside it, lines that read like furniture where they stand are taken out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from legation.clean.cleaner import ChromeRule, Cleaner
from legation.clean.features import Line, score, words_of
from legation.clean.units import Unit

_SQUEEZE = re.compile(r"\W+")
_DOUBLED = re.compile(r"\A(.{4,200}?)\s*\1\Z", re.S)
_SPEECH = re.compile(r"[\"“][^\"“”]{12,}[,.!?…][\"”]|[,:] [\"“][A-Z]")
LONGEST = 2_000  # characters of a line that is compared with chrome.yml
HARD = -5.0  # the score of a line that certainly is furniture


@dataclass(frozen=True, slots=True)
class Judged:
    """A line with its score and, when it is certainly furniture, the entry that says so."""

    line: Line
    score: float
    rule: ChromeRule | None
    ends: float


def squeeze(text: str) -> str:
    """Text for comparison: letters and digits in small letters, single spaces."""
    return _SQUEEZE.sub(" ", text.lower()).strip()


def undouble(text: str) -> str:
    """A link printed double ("Send in e-mailSend in e-mail") once."""
    match = _DOUBLED.match(text) if len(text) < LONGEST else None
    return match.group(1) if match else text


def certain(text: str, count: int, rules: tuple[ChromeRule, ...]) -> ChromeRule | None:
    """The entry that a line certainly belongs to; None for long lines and lines of signs, which only cost time."""
    if len(text) > LONGEST or (len(text) > 80 and sum(map(str.isalnum, text)) < 0.3 * len(text)):
        return None
    quoted = bool(_SPEECH.search(text))
    for rule in rules:
        if rule.always and count <= rule.most and (rule.quoted or not quoted) and rule.pattern.search(text):
            return rule
    return None


def judge(units: list[Unit], cleaner: Cleaner, english: bool) -> list[Judged]:
    """Every line by itself."""
    copies = Counter(squeeze(u.body) for u in units)
    function, reader = cleaner.language.english, cleaner.language.reader_words
    out = []
    for unit in units:
        words = words_of(unit.body)
        low = tuple(w.lower() for w in words)
        n = max(1, len(low))
        view = unit.text if len(unit.text) <= LONGEST else f"{unit.text[: LONGEST // 2]} {unit.text[-LONGEST // 2 :]}"
        hits = sum(len(r.pattern.findall(view)) for r in cleaner.rules if not r.always)
        line = Line(
            unit,
            view,
            words,
            low,
            copies[squeeze(unit.body)],
            hits,
            english,
            sum(w in function for w in low) / n,
            sum(w in reader for w in low) / n,
        )
        rule = certain(undouble(unit.body), len(words), cleaner.rules)
        own = HARD if rule else score(line, cleaner.weights)
        out.append(Judged(line, own, rule, rule.ends if rule else 0.0))
    return out


def stretch(judged: list[Judged], cleaner: Cleaner) -> tuple[int, int]:
    """(first, past last) of the article: the stretch with the highest sum of clipped scores; (0, 0) when none.

    A heading that ends articles costs extra when the stretch goes on behind it, so that comments and teasers
    are only joined when there is more text behind them than a furniture line may cost.
    """
    settings = cleaner.segment
    best, best_span = 0.0, (0, 0)
    total, first, run = 0.0, 0, 0
    for k, j in enumerate(judged):
        run = run + 1 if j.score < 0 else 0
        value = max(j.score, settings.interruption if run <= 4 else settings.interruption * settings.long_run)
        value -= j.ends
        if total <= 0:
            total, first = 0.0, k
        total += value
        if total > best:
            best, best_span = total, (first, k + 1)
    return best_span


def in_context(judged: list[Judged], k: int, cleaner: Cleaner) -> float:
    """A line's score with its neighbours' mean, both clipped so that one furniture line does not drag a paragraph."""
    settings = cleaner.segment
    near = [
        max(-2.0, min(3.0, judged[i].score))
        for i in range(max(0, k - settings.reach), min(len(judged), k + settings.reach + 1))
        if i != k
    ]
    return judged[k].score + (settings.near * sum(near) / len(near) if near else 0.0)
