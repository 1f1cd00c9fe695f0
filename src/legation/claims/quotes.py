"""The quote table of a document: one row a direct quotation, ready for export."""

from __future__ import annotations

from typing import Any

from legation.actors import find_mentions, role_of
from legation.attribution import find_attributions
from legation.attribution.quotes import Quote, quote_table
from legation.clean import clean
from legation.model.actors import Mention
from legation.model.text import Article, RawDocument
from legation.parse import parse
from legation.record.written import actor_code
from legation.resources import Resources

PARTS = ("cleaner", "parser", "lexicon", "cues")
COLUMNS = (
    *("article", "title", "publication", "url", "date"),
    *("speaker", "speaker_name", "speaker_id", "speaker_code", "speaker_country", "speaker_sector", "verb"),
    *("quote", "about", "about_codes", "start", "end"),
)


def quote_rows(raw: RawDocument, resources: Resources) -> list[dict[str, Any]]:
    """The quotations of a document in text order. DocumentError when it holds no article.

    `speaker` are the words of the text, `speaker_name` the resolved entity; codes are those of the day of publication.
    `about` lists who is named inside the quotation. `start`/`end` reach from the first to the last quoted stretch.
    """
    article = clean(raw, resources.cleaner)
    parsed = parse(article, resources.parser)
    mentions = find_mentions(article, parsed, resources.lexicon)
    attributions = find_attributions(article, parsed, mentions, resources.cues)
    return [_row(q, article, mentions, resources) for q in quote_table(article, parsed, mentions, attributions)]


def _row(quote: Quote, article: Article, mentions: tuple[Mention, ...], resources: Resources) -> dict[str, Any]:
    who = None if quote.speaker_mention is None else mentions[quote.speaker_mention]
    role = None if who is None else role_of(who, article.published, resources.lexicon)
    about = [mentions[k] for k in quote.about if _is_somebody(mentions[k])]
    roles = [role_of(m, article.published, resources.lexicon) for m in about]
    return {
        "article": article.id,
        "title": article.title,
        "publication": article.publication,
        "url": article.url,
        "date": quote.published,
        "speaker": quote.speaker,
        "speaker_name": who.entity if who else None,
        "speaker_id": who.entity_id if who else None,
        "speaker_code": actor_code(role.country, role.sector) if role else None,
        "speaker_country": role.country if role else None,
        "speaker_sector": role.sector if role else None,
        "verb": quote.verb,
        "quote": " ".join(quote.words.split()),
        "about": [m.entity or m.text for m in about],
        "about_codes": [actor_code(r.country, r.sector) for r in roles],
        "start": quote.spans[0].start,
        "end": quote.spans[-1].end,
    }


def _is_somebody(mention: Mention) -> bool:
    """Whether words name somebody: neither a pronoun nor a thing that only belongs to somebody ("its word")."""
    if mention.kind == "description":
        return mention.sector is not None or mention.entity_id is not None
    return mention.kind != "pronoun"
