"""Who is named in the text: noun phrases and pronouns that may be political actors, resolved and clustered.

The line: base phrases -> what their own words say -> links inside the sentence (possessors, "of", apposition)
-> coreference -> office holders by date -> countries from the context. Each step only adds to the drafts.
"""

from __future__ import annotations

from legation.actors.coreference import resolve_coreference
from legation.actors.lexicon import Lexicon
from legation.actors.mentions_context import (
    add_context,
    add_holders,
    adopt_adjective,
    copy_inner,
    link_phrases,
    link_possessors,
    mark_places,
    spread_clusters,
)
from legation.actors.mentions_draft import Draft, find
from legation.actors.mentions_nested import drop_shards, merge_titles, nested_mentions, quantity_mentions
from legation.actors.mentions_phrases import base_phrases
from legation.actors.mentions_reading import read_phrase
from legation.actors.mentions_scene import Scene, make_scene
from legation.actors.mentions_words import ActorWords, load_words
from legation.model.actors import Mention
from legation.model.parse import Parse
from legation.model.text import Article


def find_mentions(
    article: Article, parse: Parse, lexicon: Lexicon, words: ActorWords | None = None
) -> tuple[Mention, ...]:
    """All mentions of possible actors, sorted by start, the longer first.

    `words` are the word tables; without them the package's own are loaded (once a process).
    """
    scene = make_scene(article, parse, lexicon, words or load_words())
    drafts = draft_mentions(scene)
    heads = {d.head: k for k, d in enumerate(drafts) if not d.nested}
    adopt_adjective(scene, drafts)
    mark_places(scene, drafts)
    link_phrases(scene, drafts, heads)
    add_holders(scene, drafts)
    resolve_coreference(scene, drafts, heads)
    spread_clusters(drafts)
    link_possessors(scene, drafts)
    spread_clusters(drafts)
    add_context(scene, drafts)
    copy_inner(drafts, heads)
    add_holders(scene, drafts)
    spread_clusters(drafts)
    return _freeze(article, drafts)


def draft_mentions(scene: Scene) -> list[Draft]:
    """Phrases read by their own words, with nested names and "thousands of ..." phrases, in text order."""
    drafts: list[Draft] = []
    idle: list[Draft] = []
    covered = -1  # last token of a name with a preposition in it ("Office of the Director ...")
    for phrase in base_phrases(scene.parse):
        if phrase.head <= covered:
            continue
        at = scene.hit_at.get(phrase.head)
        if at is not None and scene.hits[at].last > phrase.last and scene.hits[at].first <= phrase.head:
            covered = scene.hits[at].last
        for draft in read_phrase(scene, phrase):
            end = scene.parse.token_at(draft.end - 1)
            covered = max(covered, end) if end is not None and end > phrase.last else covered
            (drafts if _may_act(scene, draft) else idle).append(draft)
    drafts = merge_titles(scene, drop_shards(scene, drafts))
    drafts.extend(quantity_mentions(scene, drafts, idle))
    drafts.extend(nested_mentions(scene, drafts))
    drafts.sort(key=lambda d: (d.start, -d.end, d.nested))
    return drafts


def _may_act(scene: Scene, draft: Draft) -> bool:
    """Whether the words of a phrase could name an actor at all."""
    if draft.basis != "unknown" or draft.kind == "pronoun" or draft.country or draft.noun:
        return True
    poss = scene.parse.kid(draft.head, "poss")
    if draft.kind == "description":
        return poss is not None and poss.pos in ("PROPN", "PRON")
    label = scene.label_at.get(draft.head)
    return label is None or label[2] not in ("DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY")


def _freeze(article: Article, drafts: list[Draft]) -> tuple[Mention, ...]:
    """The final form; possessor-only abstract nouns that stayed without country are dropped."""
    keep = [
        k for k, d in enumerate(drafts)
        if d.kind == "pronoun" or d.basis != "unknown" or d.country or d.name or d.noun
    ]
    keep.sort(key=lambda k: (drafts[k].start, -drafts[k].end, k))
    place = {k: n for n, k in enumerate(keep)}
    numbers: dict[int, int] = {}
    out: list[Mention] = []
    for k in keep:
        d = drafts[k]
        if d.entry is not None and d.entry.kind in ("country", "metonym", "region") and d.entry.country != d.country:
            d.entry = None
        root = find(drafts, k)
        cluster = numbers.setdefault(root, len(numbers))
        antecedent = place.get(d.antecedent) if d.antecedent is not None else None
        out.append(
            Mention(
                start=d.start, end=d.end, text=article.text[d.start : d.end], head=d.head, kind=d.kind, cluster=cluster,
                country=d.country, sector=d.sector, other_sectors=d.others,
                entity=d.entry.name if d.entry else None, entity_id=d.entry.id if d.entry else None,
                office=d.office, modifier=d.modifier, antecedent=antecedent, plural=d.plural,
                basis=d.basis, by=d.by, readings=d.readings,
            )
        )
    return tuple(out)
