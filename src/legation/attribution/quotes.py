"""The quote table: every direct quotation with its speaker and the verb, ready for export."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from legation.model.actors import Mention
from legation.model.claims import Attribution
from legation.model.parse import Parse
from legation.model.text import Article, Span


@dataclass(frozen=True, slots=True)
class Quote:
    """One quotation as one speaker's words.

    `words` is what stands between the marks, stretches joined by a space; `spans` are their places with the marks.
    `speaker` is the speaker's words in the text and `verb` the cue's, each None where there is none.
    `speaker_mention` and `about` are indices into the mentions: who speaks, and who is named inside the quotation
    (one mention for each actor, in text order). `published` is the article's date as ISO day or None.
    """

    speaker: str | None
    speaker_span: Span | None
    speaker_mention: int | None
    verb: str | None
    verb_span: Span | None
    words: str
    spans: tuple[Span, ...]
    about: tuple[int, ...]
    published: str | None


_MARKS = "“”\"'`„«»‘’ \n"


def quote_table(
    article: Article, parse: Parse, mentions: Sequence[Mention], attributions: Sequence[Attribution]
) -> tuple[Quote, ...]:
    """Quotations in text order. Indirect speech and quoted single words (scare quotes) are not in it.

    Of nested attributions the innermost keeps a quotation: it is the one whose content is least besides it.
    """
    order = sorted(range(len(mentions)), key=lambda k: (mentions[k].start, mentions[k].end))
    starts = [mentions[k].start for k in order]
    rows: dict[tuple[Span, ...], Quote] = {}
    for a in attributions:
        spans = tuple(s for s in a.content if _is_quoted(article.text, s))
        if not spans or spans in rows:
            continue
        rows[spans] = Quote(
            speaker=article.text[a.source.start : a.source.end] if a.source else None,
            speaker_span=a.source,
            speaker_mention=a.source_mention,
            verb=article.text[a.cue.start : a.cue.end] if a.cue else None,
            verb_span=a.cue,
            words=" ".join(article.text[s.start : s.end].strip(_MARKS) for s in spans),
            spans=spans,
            about=_about(spans, mentions, order, starts),
            published=article.published,
        )
    return tuple(rows[k] for k in sorted(rows, key=lambda k: (k[0].start, k[-1].end)))


def _is_quoted(text: str, s: Span) -> bool:
    return text[s.start : s.start + 1] in tuple('“"„«‘') or text[s.start : s.start + 2] in ("''", "``")


def _about(
    spans: tuple[Span, ...], mentions: Sequence[Mention], order: list[int], starts: list[int]
) -> tuple[int, ...]:
    """The first mention of every actor named inside the quotation."""
    seen: set[int] = set()
    out: list[int] = []
    for s in spans:
        for k in range(bisect.bisect_left(starts, s.start), bisect.bisect_left(starts, s.end)):
            m = mentions[order[k]]
            if m.cluster not in seen:
                seen.add(m.cluster)
                out.append(order[k])
    return tuple(out)
