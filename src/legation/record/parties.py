"""Who takes part, and what they were on the event's own day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from legation.actors import Lexicon, role_of
from legation.model.actors import Mention, Role
from legation.model.claims import Attribution
from legation.model.coded import Coded
from legation.model.events import ActorEntry, Participant, SourceLink

UNKNOWN = Role(None, None, (), None, None, None, "unknown")
UNNAMED = Role(None, "UNK", (), None, None, None, "words")  # "sources said": PLOVER's sector for the unknown


def entry(participant: Participant, mentions: Sequence[Mention], day: str | None, lexicon: Lexicon) -> ActorEntry:
    """A participant with the role of its mention on `day`; without a mention nothing is known but the words."""
    if participant.mention is None:
        return ActorEntry(participant, None, None, UNKNOWN)
    mention = mentions[participant.mention]
    return ActorEntry(participant, mention.entity, mention.entity_id, role_of(mention, day, lexicon))


def source_link(attribution: Attribution, seen: Coded, day: str | None, lexicon: Lexicon) -> SourceLink:
    """A link of the chain with the speaker's role on `day`."""
    text = seen.article.text[attribution.source.start : attribution.source.end] if attribution.source else None
    role = UNNAMED if attribution.manner == "unnamed" else UNKNOWN
    if attribution.source_mention is not None:
        known = role_of(seen.mentions[attribution.source_mention], day, lexicon)
        role = known if known.country or known.sector else role
    return SourceLink(attribution, role, text)


def speaker(attribution: Attribution, seen: Coded) -> Participant | None:
    """The source of an attribution as a participant, for events that are acts of speech; None when nobody is named."""
    source = attribution.source
    if source is None:
        return None
    if attribution.source_mention is not None:
        m = seen.mentions[attribution.source_mention]
        return Participant(m.start, m.end, m.text, m.head, attribution.source_mention, f"speaker:{attribution.cue_id}")
    head = seen.parse.head_of(source.start, source.end)
    if head is None:
        return None
    text = seen.article.text[source.start : source.end]
    return Participant(source.start, source.end, text, head, None, f"speaker:{attribution.cue_id}")


def clusters(participants: Iterable[Participant], mentions: Sequence[Mention]) -> set[int]:
    """The actors of the article behind some participants."""
    return {mentions[p.mention].cluster for p in participants if p.mention is not None}


def is_source(participants: Sequence[Participant], attribution: Attribution, mentions: Sequence[Mention]) -> bool:
    """Whether the source of an attribution is one of the participants: the same actor, or the same words."""
    if attribution.source is None:
        return False
    if attribution.source_mention is not None:
        if mentions[attribution.source_mention].cluster in clusters(participants, mentions):
            return True
        if _one_government(participants, mentions[attribution.source_mention], mentions):
            return True
    return any(p.start < attribution.source.end and attribution.source.start < p.end for p in participants)


def _one_government(participants: Sequence[Participant], source: Mention, mentions: Sequence[Mention]) -> bool:
    """A ministry or spokesman speaks for the government: one country, both in government or the state itself."""
    if source.country is None or source.sector not in (None, "GOV", "MIL"):
        return False
    for p in participants:
        if p.mention is not None:
            m = mentions[p.mention]
            if m.country == source.country and m.sector in (None, "GOV") and m.entity_id is None:
                return True
    return False
