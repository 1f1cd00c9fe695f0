"""Text that has lost its HTML: title and paragraphs are kept where they stand, furniture is taken out with a reason.

Offsets back into the raw text are exact: what is kept is never changed, only cut.
"""

from __future__ import annotations

from legation.clean.classify import Judged, in_context, judge, squeeze, stretch
from legation.clean.cleaner import Cleaner
from legation.clean.features import FEATURES, words_of
from legation.clean.language import language_of
from legation.clean.meta import author_of, day_of
from legation.clean.units import split
from legation.model.text import Article, Piece, RawDocument, Removed
from legation.problems import DocumentError, Problem

# furniture that stands beside paragraphs of the article itself: times of a live report, pictures
BESIDE_PARAGRAPHS = (None, "byline-meta", "caption", "credit")


def clean_scraped(raw: RawDocument, cleaner: Cleaner) -> Article:
    """An article from plain or scraped text. DocumentError "no-article" when nothing reads like one."""
    units = split(raw.content)
    _, english = language_of(" ".join(u.text for u in units if len(u.text) > 80), cleaner.languages)
    if len(units) <= 2 and sum(len(words_of(u.text)) for u in units) >= 5:
        return _assemble(raw, judge(units, cleaner, english), list(range(len(units))), None, {}, cleaner)
    judged = judge(units, cleaner, english)
    first, past = _extent(judged, cleaner)
    if first == past:
        raise DocumentError(Problem("no-article", "no article could be found on the page", raw.name, raw.id))
    core = Core(judged, first, past, cleaner)
    title = None if raw.title else core.title()
    core.widen(title)
    kept, reasons = core.kept(title)
    if not kept and title is None:
        raise DocumentError(Problem("no-article", "no article could be found on the page", raw.name, raw.id))
    return _assemble(raw, judged, kept, title, reasons, cleaner)


def _extent(judged: list[Judged], cleaner: Cleaner) -> tuple[int, int]:
    """The stretch that is the article; the whole text when it shows no furniture or is only a few words."""
    if not judged:
        return 0, 0
    low = sum(len(j.line.words) for j in judged if j.score < 0)
    total = sum(len(j.line.words) for j in judged)
    if any(j.rule is None for j in judged) and (total <= 40 or low <= cleaner.segment.plain * total):
        return 0, len(judged)
    first, past = stretch(judged, cleaner)
    # what follows down to the next furniture is looked at too: an article may end in a list
    while past < len(judged) and judged[past].rule is None and first < past:
        past += 1
    return first, past


class Core:
    """The article's lines seen together: which words it is about, which short lines do not belong to it."""

    def __init__(self, judged: list[Judged], first: int, past: int, cleaner: Cleaner) -> None:
        self.judged, self.first, self.past, self.cleaner = judged, first, past, cleaner
        self.counts: dict[str, int] = {}
        self.stems = [_stems(j, cleaner) for j in judged]
        for k in range(first, past):
            if judged[k].rule is None and judged[k].score > 0:
                for stem in self.stems[k]:
                    self.counts[stem] = self.counts.get(stem, 0) + 1

    def shared(self, k: int) -> float | None:
        """Share of a line's longer words that stand elsewhere in the article; None when it has fewer than two."""
        stems = self.stems[k]
        if len(stems) < 2:
            return None
        own = 1 if self.first <= k < self.past and self.judged[k].rule is None and self.judged[k].score > 0 else 0
        return sum(self.counts.get(s, 0) > own for s in stems) / len(stems)

    def title(self) -> int | None:
        """The headline: the line above the first paragraph whose words the article takes up most."""
        settings = self.cleaner.title
        body = next((k for k in range(self.first, self.past) if self._paragraph(k)), None)
        if body is None:
            return None
        best, best_value = None, -1.0
        for k in range(max(0, body - settings.back), body):
            j = self.judged[k]
            if k > self.first and any(x.rule is None and x.score > 0 for x in self.judged[self.first : k]):
                break  # text of the article stands above it
            count = len(j.line.words)
            if j.rule is not None or j.line.unit.bullet or not settings.least_words <= count <= settings.most_words:
                continue
            only_above = k == 0 and body <= 2
            if _ends(j) and j.line.unit.text[-1] in ".:" and not (only_above and FEATURES["title_case"](j.line)):
                continue
            share = self.shared(k)
            above_byline = any(self._reason(i) == "byline-meta" for i in (k + 1, k + 2, k + 3))
            if share is None or (share < settings.least_shared and not only_above and not (above_byline and share > 0)):
                continue
            common = share * len(self.stems[k])
            value = common / (len(self.stems[k]) + 1) + 0.04 * min(count, 12)
            value += settings.only_above if only_above else settings.above_byline if above_byline else 0.0
            value -= settings.distance * (body - k)
            if value > best_value:
                best, best_value = k, value
        return best

    def _reason(self, k: int) -> str | None:
        rule = self.judged[k].rule if k < len(self.judged) else None
        return rule.reason if rule else None

    def widen(self, title: int | None) -> None:
        """Begin earlier when a paragraph about the same thing stands between by-line and article, cut off by boxes."""
        if title is None or title >= self.first:
            return
        start = title + 1
        for k in range(title + 1, self.first):
            rule = self.judged[k].rule
            if rule is not None and rule.reason == "byline-meta":
                start = k + 1
        for k in range(start, self.first):
            if self._paragraph(k) and (self.shared(k) or 0.0) >= self.cleaner.title.least_shared:
                self.first = k
                return

    def _paragraph(self, k: int) -> bool:
        j = self.judged[k]
        return j.rule is None and j.score > 0.5 and len(j.line.words) >= 8 and _ends(j)

    def kept(self, title: int | None) -> tuple[list[int], dict[int, str]]:
        """(lines of the body, reason for every other line)."""
        settings = self.cleaner.segment
        reasons: dict[int, str] = {}
        kept: list[int] = []
        whole = self.past - self.first == len(self.judged) and not any(j.rule for j in self.judged)
        least = settings.lone_line if whole else settings.keep
        if whole and len(self.judged) <= 3:
            least = -100.0  # a line or two that somebody typed in
        head = squeeze(self.judged[title].line.unit.body) if title is not None else None
        after = "related"
        for k, j in enumerate(self.judged):
            if k == title:
                continue
            if j.rule is not None:
                reasons[k] = _reason(j)
                if k >= self.past and j.ends:
                    after = "comments" if j.rule.reason == "comments" else after
            elif head and squeeze(j.line.unit.body) == head:
                reasons[k] = "title-again"
            elif self._is_caption(k):
                reasons[k] = "caption"
            elif k < self.first or (title is not None and k < title):
                reasons[k] = "menu"
            elif k >= self.past:
                reasons[k] = after
            elif in_context(self.judged, k, self.cleaner) + self._among(k) > least:
                kept.append(k)
            else:
                reasons[k] = self._soft_reason(k)
        return kept, reasons

    def _is_caption(self, k: int) -> bool:
        """A line that is printed again with its credit, or stands above a line that is only a credit."""
        own = squeeze(self.judged[k].line.unit.body)
        if len(self.judged[k].line.words) > 45 or len(own) < 8:
            return False
        for i in range(max(0, k - 3), min(len(self.judged), k + 4)):
            rule = self.judged[i].rule
            if i == k or rule is None or rule.reason not in ("credit", "caption"):
                continue
            if squeeze(self.judged[i].line.unit.body).startswith(own):
                return True
            if i == k + 1 and len(self.judged[i].line.words) <= 6 and self._verbless(k):
                return True
        return False

    def _verbless(self, k: int) -> bool:
        j = self.judged[k]
        return len(j.line.words) <= 25 and not _ends(j)

    def _among(self, k: int) -> float:
        """What the article around a short line says about it, in log-odds."""
        settings = self.cleaner.context
        j = self.judged[k]
        if len(j.line.words) > settings.short:
            return 0.0
        value = 0.0
        if j.line.unit.text[-1] in ":," and k + 1 < len(self.judged) and self.judged[k + 1].rule is None:
            following = self.judged[k + 1]
            if following.score > 0 or following.line.unit.text[0] in "\"“‘'«":
                value += settings.introduces
        above = self.judged[k - 1] if k > self.first else None
        if above is not None and above.rule is None and above.score > 0 and j.line.unit.text[-1] in '."”':
            value += settings.sentence_below
        if any(i >= 0 and self._reason(i) not in BESIDE_PARAGRAPHS for i in (k - 1, k + 1)):
            value += settings.beside_furniture
        share = self.shared(k)
        if share is not None and not (_ends(j) and j.line.unit.text[-1] in '."”'):
            if share == 0:
                value += settings.no_shared_words
            elif share < 0.25:
                value += settings.few_shared_words
        if share is not None and share > 0.5:
            value += settings.many_shared_words
        run = self._run(k) if j.score <= 0 else None
        if run is not None:
            before, after = run
            inside = after < len(self.judged) and self.judged[after].rule is None and after - before > 3
            value += settings.list_inside if inside else settings.list_of_article
            if self.judged[before].line.unit.text.endswith(":"):
                value += settings.after_colon
            if inside:
                return value
        if any(all(self._headline(i) for i in r) for r in ((k - 2, k - 1, k), (k - 1, k, k + 1), (k, k + 1, k + 2))):
            value += settings.run_of_headlines
        return value

    def _run(self, k: int) -> tuple[int, int] | None:
        """The lines around the run of low lines that a line stands in; None when it begins under furniture."""
        before, after = k - 1, k + 1
        while before >= 0 and self.judged[before].rule is None and self.judged[before].score <= 0:
            before -= 1
        while after < len(self.judged) and self.judged[after].rule is None and self.judged[after].score <= 0:
            after += 1
        return (before, after) if before >= self.first and self.judged[before].rule is None else None

    def _headline(self, k: int) -> bool:
        if not 0 <= k < len(self.judged):
            return False
        j = self.judged[k]
        return len(j.line.words) <= self.cleaner.context.short and not _ends(j)

    def _soft_reason(self, k: int) -> str:
        line = self.judged[k].line
        if line.copies > 1:
            return "repeated"
        if line.unit.bullet or len(line.words) <= 3:
            return "menu"
        return "promo"


def _stems(judged: Judged, cleaner: Cleaner) -> frozenset[str]:
    """Longer words cut to six letters, so that "elections" and "election" meet."""
    function = cleaner.language.english
    return frozenset(w[:6] for w in judged.line.low if len(w) > 3 and w not in function)


def _ends(judged: Judged) -> bool:
    return judged.line.unit.text[-1] in '.!?…:;"”’»。' or judged.line.unit.text.endswith((")", "]"))


def _reason(judged: Judged) -> str:
    """The entry's reason; words before a credit make it a caption with its credit."""
    rule = judged.rule
    assert rule is not None
    if rule.reason == "credit":
        match = rule.pattern.search(judged.line.unit.text)
        if match and len(judged.line.unit.text[: match.start()].split()) >= 3:
            return "caption"
    return rule.reason


def _assemble(
    raw: RawDocument,
    judged: list[Judged],
    kept: list[int],
    title: int | None,
    reasons: dict[int, str],
    cleaner: Cleaner,
) -> Article:
    """Text, pieces and removed lines. Lines that stood together keep what stood between them."""
    content = raw.content
    parts: list[str] = []
    pieces: list[Piece] = []
    at = 0

    def add(start: int, end: int) -> None:
        nonlocal at
        if parts:
            parts.append("\n\n")
            at += 2
        parts.append(content[start:end])
        pieces.append(Piece(at, at + end - start, start))
        at += end - start

    title_text: str | None = raw.title.strip() if raw.title else None
    if title is not None:
        unit = judged[title].line.unit
        title_text = unit.text
        add(unit.start, unit.end)
    elif title_text:
        parts.append(title_text)
        at = len(title_text)
    title_end = at
    run: list[int] = []
    for k in [*kept, -1]:
        if run and k != run[-1] + 1:
            add(judged[run[0]].line.unit.start, judged[run[-1]].line.unit.end)
            run = []
        run.append(k)
    text = "".join(parts)
    body = [p for p in pieces if p.start >= title_end]
    removed = tuple(
        Removed(u.text, reasons[k], u.start, u.end, next((p.start for p in body if p.raw_start >= u.end), len(text)))
        for k, u in enumerate(j.line.unit for j in judged)
        if k in reasons
    )
    first = kept[0] if kept else len(judged)
    top = title if title is not None else max(0, first - 6)
    near = [judged[k].line.unit.text for k in range(max(0, top - 3), min(len(judged), first + 3)) if k in reasons]
    day = raw.date or day_of(near, cleaner)
    language, _ = language_of(text[title_end:] or text, cleaner.languages)
    return Article(
        id=raw.id,
        text=text,
        title=title_text,
        title_end=title_end,
        url=raw.url,
        publication=raw.publication,
        published=day,
        published_basis="given" if raw.date else "page" if day else "none",
        author=raw.author or author_of(near, cleaner),
        language=language,
        pieces=tuple(pieces),
        removed=removed,
    )
