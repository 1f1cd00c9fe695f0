"""The claim board: one claim a row, with all who assert, deny, doubt or repeat it, and when and where they did.

A claim is who is said to have done what to whom, whoever reports it. It is drawn from records and changes none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from legation.claims.bearing import Bearing, bearings
from legation.claims.compare import Comparer
from legation.claims.group import Grouped, Known, Link, group
from legation.claims.identity import claim_key, name_claims
from legation.claims.item import Item, Record, entity_id_of, is_negated, is_real, item_of, slim
from legation.claims.phrases import claim_words
from legation.claims.rules import LinkRules
from legation.claims.sources import Source, Sources, same_state
from legation.claims.words import Stemmer, weights

REPORTER = "reporter"
VOICES = ("asserted_by", "denied_by", "doubted_by", "repeated_by", "told_by")


@dataclass(frozen=True, slots=True)
class Saying:
    """One place where a source takes a stand on a claim. `how`: attribution, relay, own voice, accusation, rejection.

    `via`: who passes it on, outermost first. `date` is the ISO day of publication or None. `quote` is the direct
    quotation around the words, or None.
    """

    date: str | None
    article: str
    publication: str | None
    record: str
    stance: str
    manner: str | None
    how: str
    cue: str | None
    sentence: str
    quote: str | None
    status: str
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Voice:
    """One source and everything it said on one claim, in order of publication. `itself`: the claim is about it."""

    source: Source
    itself: bool
    said: tuple[Saying, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        source = {k: v for k, v in asdict(self.source).items() if k != "key"}
        said = [asdict(s) for s in self.said]
        return {**source, "itself": self.itself, "first": self.first, "times": len(said), "said": said}

    @property
    def first(self) -> str | None:
        """The earliest day, None where no article is dated."""
        return next((s.date for s in self.said if s.date), None)


@dataclass(frozen=True)
class Claim:
    """One row of the board. `records` are the records it was drawn from, each with what linked it (`links`)."""

    id: str
    claim: str
    type: str
    mode: str | None
    told: str
    statuses: tuple[str, ...]
    actors: tuple[dict[str, Any], ...]
    recipients: tuple[dict[str, Any], ...]
    date: dict[str, Any]
    place: str | None
    words: tuple[str, ...]
    asserted_by: tuple[Voice, ...]
    denied_by: tuple[Voice, ...]
    doubted_by: tuple[Voice, ...]
    repeated_by: tuple[Voice, ...]
    told_by: tuple[Voice, ...]
    first_seen: Saying
    reports: int
    publications: int
    records: tuple[str, ...]
    links: tuple[Link, ...]

    @property
    def disputed(self) -> bool:
        """Asserted (or told as a fact) by one and denied by another."""
        deny = {v.source.key for v in self.denied_by}
        affirm = {v.source.key for v in (*self.asserted_by, *self.told_by)}
        return bool(deny and affirm and (len(deny) > 1 or len(affirm) > 1 or deny != affirm))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON (docs/claims.md)."""
        row = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in (*VOICES, "first_seen", "links")}
        row |= {side: [v.to_dict() for v in getattr(self, side)] for side in VOICES}
        row |= {"disputed": self.disputed, "attributed": self.attributed, "first_seen": asdict(self.first_seen)}
        row["links"] = [asdict(link) for link in self.links]
        return {k: list(v) if isinstance(v, tuple) else v for k, v in row.items()}

    @property
    def attributed(self) -> bool:
        """Whether anybody but reporters takes a stand on it."""
        voices = (*self.asserted_by, *self.denied_by, *self.doubted_by, *self.repeated_by)
        return any(not v.source.key.startswith(REPORTER) for v in voices)


@dataclass
class Board:
    """Claims, the disputed ones first, and the links that made them."""

    claims: tuple[Claim, ...]
    grouped: Grouped
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)


def build_board(
    records: Iterable[Record],
    rules: LinkRules,
    *,
    threshold: float | None = None,
    known: Known | None = None,
    ids: Mapping[str, str] | None = None,
    everything: bool = False,
) -> Board:
    """The board of a set of records; the same whatever their order.

    `known` and `ids` (claim id by record id) are what stands in a store: a claim keeps its id when voices join it.
    `everything`: also what only reporters tell, in their own voice and without contradiction.
    """
    stemmer = Stemmer(rules)
    by_id = {r["id"]: slim(r) for r in records}
    items = sorted((item_of(r, rules, stemmer, loose=True) for r in by_id.values()), key=lambda i: i.order)
    comparer = Comparer(rules, "claim", weights(i.words for i in items))
    grouped = group(items, comparer, threshold=threshold, any_day=True, known=known)
    sources = Sources(by_id.values(), rules)
    names = name_claims([[items[n] for n in members] for members in grouped.groups], ids or {})
    extra = bearings(items, grouped.groups, by_id, comparer)
    links: dict[str, list[Link]] = defaultdict(list)
    of_record = {items[n].id: k for k, members in enumerate(grouped.groups) for n in members}
    for link in grouped.links:
        links[names[of_record[link.a]]].append(link)
    claims = []
    for k, members in enumerate(grouped.groups):
        mine = [items[n] for n in members]
        claim = _claim(names[k], mine, extra.get(k, ()), by_id, sources, rules, links[names[k]])
        if claim is None:
            continue
        if everything or claim.attributed or claim.disputed:
            claims.append(claim)
    claims.sort(key=lambda c: (not c.disputed, c.first_seen.date or "9999", c.first_seen.article, c.id))
    keys = {names[k]: claim_key([items[n] for n in members]) for k, members in enumerate(grouped.groups)}
    return Board(tuple(claims), grouped, keys)


def _claim(
    id_: str,
    items: Sequence[Item],
    extra: Sequence[Bearing],
    by_id: Mapping[str, Record],
    sources: Sources,
    rules: LinkRules,
    links: Sequence[Link],
) -> Claim | None:
    """The row of one group of records; None when nobody takes a stand ("nobody claimed responsibility")."""
    records = [by_id[i.id] for i in items]
    actors, recipients = _parties(records, "actor", sources), _parties(records, "recipient", sources)
    about = {same_state(a["entity_id"]) for a in actors if a["entity_id"]}
    codes = {(a["country"], a["sector"]) for a in actors if a["country"]}
    sides: dict[str, dict[str, list[tuple[Source, Saying]]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        for side, source, saying in _sayings(record, sources):
            sides[side][source.key].append((source, saying))
    for b in extra:
        stand = by_id[b.record]
        speaker = sources.party(stand["actor"][0], stand["article"]["id"])
        side = "denied" if b.how == "rejection" else "asserted"
        key = _already(speaker, sides[side])
        sides[side][key].append((speaker, _saying(stand, _STANCE[side], b.how, None)))
    first_publication = min((r["article"] for r in records), key=lambda a: (a["published"] or "9999", a["id"]))
    for key in [k for k in sides["told"] if k != f"{REPORTER}:{_outlet(first_publication)}"]:
        # a paper that takes up what another had before it repeats the claim, even where it tells it as a fact
        if sides["asserted"]:
            sides["repeated"][key] += sides["told"].pop(key)

    def voices(side: str) -> tuple[Voice, ...]:
        made = []
        for said in sides[side].values():
            ordered = sorted(said, key=lambda x: (x[1].date or "9999", x[1].article, x[1].record))
            source = max((s for s, _ in ordered), key=lambda s: (s.entity_id is not None, len(s.name), s.name))
            itself = source.key in about or (source.sector == "GOV" and (source.country, "GOV") in codes)
            made.append(Voice(source, itself, tuple(s for _, s in ordered)))
        return tuple(sorted(made, key=lambda v: (v.first or "9999", v.said[0].article, v.source.name, v.source.key)))

    everyone = sorted(
        (s for side in sides.values() for said in side.values() for _, s in said),
        key=lambda s: (s.date or "9999", s.article, s.record),
    )
    if not everyone:
        return None
    kind, mode = Counter((r["type"], r["mode"]) for r in records).most_common(1)[0][0]
    date = _date(records)
    told = Counter(_told(r) for r in records).most_common(1)[0][0]
    return Claim(
        id=id_,
        claim=claim_words(kind, mode, told, actors, recipients, date, rules),
        type=kind,
        mode=mode,
        told=told,
        statuses=tuple(
            s for s, _ in sorted(Counter(r["status"] for r in records).items(), key=lambda x: (-x[1], x[0]))
        ),
        actors=actors,
        recipients=recipients,
        date=date,
        place=next((r["place"]["name"] for r in records if r["place"]), None),
        words=tuple(w for w, _ in Counter(r["anchor"]["text"].lower() for r in records).most_common(3)),
        asserted_by=voices("asserted"),
        denied_by=voices("denied"),
        doubted_by=voices("doubted"),
        repeated_by=voices("repeated"),
        told_by=voices("told"),
        first_seen=everyone[0],
        reports=len({s.article for s in everyone}),
        publications=len({s.publication or s.article for s in everyone}),
        records=tuple(sorted(r["id"] for r in records)),
        links=tuple(links),
    )


_STANCE = {"asserted": "asserts", "denied": "denies", "doubted": "doubts"}


def _told(record: Record) -> str:
    """How the thing claimed stands in time: past, future or possible."""
    if is_real(record):
        return "past"
    return "possible" if "hypothetical" in (record["status"], record["aux"]) else "future"


def _sayings(record: Record, sources: Sources) -> list[tuple[str, Source, Saying]]:
    """Who takes which side in one record: the innermost source says it, those around it pass it on.

    What is denied inside a denial ("denied that the report says") is nobody's assertion: only the denier counts.
    """
    article, chain = record["article"], record["attribution"]
    negated = is_negated(record)
    if not chain:
        source = Source(f"{REPORTER}:{_outlet(article)}", _outlet(article), None, None, None, None)
        side, stance = ("denied", "denies") if negated else ("told", "asserts")
        return [(side, source, _saying(record, stance, "own voice", None))]
    out = []
    via: list[str] = []
    passed_on = chain[-1]["stance"] == "asserts" and not negated  # to pass on a denial repeats no claim
    for depth, link in enumerate(chain):
        if sources.nobody(link):
            break
        source = sources.of(link, article["id"])
        inner = depth == len(chain) - 1
        stance = link["stance"]
        if stance == "asserts" and not inner:
            if passed_on:
                out.append(("repeated", source, _saying(record, stance, "relay", link)))
            via.append(source.name)
            continue
        # to deny what did not happen is to say that it did
        flipped = {"asserts": "denies", "denies": "asserts", "doubts": "doubts"}[stance] if negated else stance
        side = {"asserts": "asserted", "denies": "denied", "doubts": "doubted"}[flipped]
        out.append((side, source, _saying(record, flipped, "attribution", link, via)))
        if stance == "denies":
            break
    return out


def _saying(record: Record, stance: str, how: str, link: Mapping[str, Any] | None, via: Sequence[str] = ()) -> Saying:
    article = record["article"]
    return Saying(
        date=article["published"],
        article=article["id"],
        publication=article["publication"],
        record=record["id"],
        stance=stance,
        manner=link["manner"] if link else None,
        how=how,
        cue=link["cue"]["text"] if link and link["cue"] else None,
        sentence=" ".join(record["sentence"]["text"].split()),
        quote=" ".join(record["quote"]["text"].split()) if record["quote"] else None,
        status=record["status"],
        via=tuple(via),
    )


def _outlet(article: Mapping[str, Any]) -> str:
    return str(article["publication"] or article["id"])


def _already(speaker: Source, there: Mapping[str, list[tuple[Source, Saying]]]) -> str:
    """The voice that this speaker has already on a side: under its own key, or as the same office of its country."""
    if speaker.key in there:
        return speaker.key
    for key, said in sorted(there.items()):
        if speaker.code is not None and said[0][0].code == speaker.code and not said[0][0].unnamed:
            return key
    return speaker.key


def _parties(records: Sequence[Record], side: str, sources: Sources) -> tuple[dict[str, Any], ...]:
    """Who stands on one side, the most frequent first; mentions of one entity are one party."""
    found: dict[str, dict[str, Any]] = {}
    counts: Counter[str] = Counter()
    for record in records:
        for entry in record[side]:
            entity = entity_id_of(entry)
            key = same_state(entity) if entity else entry["code"] or entry["text"].casefold()
            counts[key] += 1
            if key not in found:
                found[key] = {
                    "name": sources.name(entry),
                    "phrase": sources.phrase(entry),
                    "entity_id": entity,
                    "code": entry["code"],
                    "country": entry["country"],
                    "sector": entry["sector"],
                }
    order = sorted(found, key=lambda k: (-counts[k], not k.startswith("country:"), k))
    kept: list[dict[str, Any]] = []
    for key in order:
        party = found[key]
        words = _words(party)
        if not any(words <= _words(other) or _words(other) <= words for other in kept):
            kept.append(party)
    # a state and those who speak for it are one party of a claim
    states = {p["country"] for p in kept if _is_state(p)}
    return tuple(p for p in kept if p["country"] not in states or _is_state(p) or p["sector"] != "GOV")


def _words(party: Mapping[str, Any]) -> set[str]:
    return set(party["name"].casefold().split())


def _is_state(party: Mapping[str, Any]) -> bool:
    return same_state(party["entity_id"] or "").startswith("country:")


def _date(records: Sequence[Record]) -> dict[str, Any]:
    """The date most reports give, the most precise first; null where none gives one."""
    rank = {"day": 0, "week": 1, "month": 2, "year": 3}
    dates = Counter(
        (rank.get(d["precision"], 4), d["start"], d["end"], d["precision"])
        for r in records
        if (d := r["date"])["start"] is not None and d["basis"] != "publication"
    ) or Counter(
        (rank.get(d["precision"], 4), d["start"], d["end"], d["precision"])
        for r in records
        if (d := r["date"])["start"] is not None
    )
    if not dates:
        return {"start": None, "end": None, "precision": "none"}
    best = min(dates, key=lambda k: (k[0], -dates[k], k[1]))
    return {"start": best[1], "end": best[2], "precision": best[3]}
