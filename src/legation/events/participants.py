"""From a head token in a slot to the actor who stands there.

A slot is often filled by a thing, not by an actor: "rejected *Arnor's demand*", "shelled *a Gondorian camp*",
"*Rohan's missiles* struck". Then the actor is looked for inside the noun phrase: possessor, adjective or
compound, then a prepositional phrase.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from legation.events.arguments import Frames
from legation.model.actors import Mention
from legation.model.events import Participant
from legation.model.parse import Parse

_NO_ACTOR = frozenset(("DATE", "GPE", "LOC", "FAC", "EVENT"))  # kinds of name that do nothing by themselves
_ACTS = ("subject", "light:subject", "surface")  # slots in which even a place name is somebody
_INSIDE_PREPS = (
    "of",
    "by",
    "from",
    "for",
    "in",
    "against",
    "on",
    "near",
    "to",
    "with",
    "at",
    "around",
    "into",
    "between",
)


@dataclass(frozen=True, slots=True)
class MentionIndex:
    """Mentions by head token and by covered token."""

    mentions: Sequence[Mention]
    by_head: dict[int, int]
    covering: dict[int, tuple[int, ...]]

    def at(self, token: int) -> int | None:
        """The mention whose head is the token, else the shortest one that covers it."""
        got = self.by_head.get(token)
        if got is not None:
            return got
        inside = self.covering.get(token, ())
        return inside[0] if inside else None


def index_mentions(mentions: Sequence[Mention], parse: Parse) -> MentionIndex:
    """Look-up tables over the mentions of one article, in one pass."""
    by_head: dict[int, int] = {}
    covering: dict[int, list[int]] = defaultdict(list)
    for k, m in enumerate(mentions):
        held = by_head.get(m.head)
        if held is None or _better(m, mentions[held]):
            by_head[m.head] = k
        for t in parse.tokens_in(m.start, m.end):
            covering[t].append(k)
    order = {t: tuple(sorted(ks, key=lambda k: (mentions[k].end - mentions[k].start, k))) for t, ks in covering.items()}
    return MentionIndex(mentions, by_head, order)


def _better(a: Mention, b: Mention) -> bool:
    """With one head: the one that is known, then the longer."""
    known = (a.country is not None) + (a.sector is not None), (b.country is not None) + (b.sector is not None)
    return (known[0], a.end - a.start) > (known[1], b.end - b.start)


def is_known(m: Mention) -> bool:
    """Whether anything is known of the actor: a country or a sector."""
    return m.country is not None or m.sector is not None


@dataclass(frozen=True, slots=True)
class Resolver:
    """Turns slot fillers into participants."""

    parse: Parse
    frames: Frames
    index: MentionIndex

    def resolve(
        self, heads: Iterable[int], by: str, *, side: str, place_ok: bool = False, avoid: Sequence[Participant] = ()
    ) -> list[Participant]:
        """Participants for the given heads, in order, without repeats. `side` is "actor" or "recipient".

        A place name counts on the actor's side only where it reads as a government; on the recipient's side
        only with `place_ok` ("shelled Juba", "visited Russia"). Nobody in `avoid` is returned: inside "its Rohan
        ambassador" the owner is the actor, so the ambassador's country is looked for.
        """
        out: list[Participant] = []
        seen: set[tuple[int, int]] = set()
        for h in heads:
            found = self._members(h, by, side, avoid)
            for p in found or [*self._first_halves(h, by, avoid), *self._one(h, by, side, place_ok, 2, avoid)]:
                if (p.start, p.end) not in seen:
                    seen.add((p.start, p.end))
                    out.append(p)
        return out

    def _first_halves(self, h: int, by: str, avoid: Sequence[Participant]) -> list[Participant]:
        """The first parties of "Rohirric and Gondorian envoys", which hang on the noun of the last."""
        out: list[Participant] = []
        for c in self.parse.kids(h, "amod", "nmod", "compound"):
            k = self.index.by_head.get(c.i)
            listed = self.parse.kid(c.i, "conj") or self.parse.tokens[c.i + 1].text == ","  # "A, B and C envoys"
            if k is None or not listed:
                continue
            m = self.index.mentions[k]
            apart = m.end <= self.parse.tokens[h].start and m.head == c.i and m.country is not None
            whole = [x for x in self._covering(h) if x.start <= m.start and m.end <= x.end]
            if apart and all(x.country not in (None, m.country) for x in whole):
                found = self._mention(k, by)
                out += [] if any(self.same(found, a) for a in avoid) else [found]
        return out

    def _members(self, h: int, by: str, side: str, avoid: Sequence[Participant]) -> list[Participant]:
        """The parties of "ministers of Rohan and Gondor", "negotiators for the king and the rebels"; none if one.

        The first keeps the words of the head, because its office or force is known by them.
        """
        k = self.index.by_head.get(h)
        m = self.index.mentions[k] if k is not None else None
        t = self.parse.tokens[h]
        people = t.tag == "NNS" and by in _ACTS if m is None else m.kind in ("title", "description")
        if m is not None and m.sector is None and t.tag != "NNS":
            people = False
        for prep in ("of", "from", "for") if people else ("between",):
            got: list[Participant] = []
            for o in self.frames.prep(h, prep):
                got += [*self._first_halves(o, by, avoid), *self._one(o, f"{by}:{prep}", side, True, 1, avoid)]
            kinds = {(self.country(p), self.sector(p)) for p in got if p.mention is not None}
            if len(kinds) < 2 or any(p.mention is None or not is_known(self.index.mentions[p.mention]) for p in got):
                continue
            first = got[0]
            country = self.index.mentions[first.mention].kind in ("metonym", "place", "demonym")  # type: ignore[index]
            if m is not None and k is not None and country and m.country == self.country(first) and m.end < first.start:
                text = self.parse.text[m.start : first.end]
                got[0] = Participant(m.start, first.end, text, m.head, k, by)
            return [p for p in got if not any(self.same(p, a) for a in avoid)]
        return []

    def _covering(self, h: int) -> list[Mention]:
        """Mentions that cover a head token."""
        return [self.index.mentions[k] for k in self.index.covering.get(h, ())]

    def _one(
        self, h: int, by: str, side: str, place_ok: bool, depth: int, avoid: Sequence[Participant] = ()
    ) -> list[Participant]:
        if self.parse.tokens[h].tag in ("WP", "WDT", "WP$", "EX"):
            return []
        k = self.index.at(h)
        m = self.index.mentions[k] if k is not None else None
        stands = m is not None and (m.kind != "place" or place_ok or side == "recipient" or by in _ACTS)
        if m is not None and stands and is_known(m) and self._heads(m, h):
            found = self._mention(k, by)  # type: ignore[arg-type]  # k is not None where m is not
            if not any(self.same(found, a) for a in avoid):
                return [found]
            if any((found.start, found.end) == (a.start, a.end) for a in avoid):
                return []  # the actor again: his own adjective is nobody else
            return self.inside(h, by, side, place_ok, depth, avoid) or [found]
        if m is None or not is_known(m):
            inner = self.inside(h, by, side, place_ok, depth, avoid)
            if inner:
                return inner
        if side == "actor" and self.parse.tokens[h].pos == "NOUN" and depth == 2:
            # "published a report accusing X": who published it
            got = [
                p
                for o in self.frames.owner(h)
                for p in self._one(o, by + ":owner", side, False, 1)
                if p.mention is not None and is_known(self.index.mentions[p.mention])
            ]
            if got:
                return got
        if m is not None and (m.kind in ("name", "title", "description", "pronoun")) and self._heads(m, h):
            return [self._mention(k, by)]  # type: ignore[arg-type]  # as above
        if side == "recipient":
            return [self.phrase(h, by)] if self.parse.tokens[h].pos in ("NOUN", "PROPN") else []
        t = self.parse.tokens[h]
        if t.ent in ("PERSON", "ORG", "NORP") or (
            t.pos == "PROPN" and t.ent not in ("DATE", "GPE", "LOC", "FAC", "EVENT")
        ):
            return [self.phrase(h, by)]
        return []

    def _heads(self, m: Mention, h: int) -> bool:
        """Whether the mention is what the head names, not just something that stands around it."""
        return m.head == h or self.parse.head_of(m.start, m.end) == h or m.start <= self.parse.tokens[h].start < m.end

    def inside(
        self, h: int, by: str, side: str, place_ok: bool, depth: int, avoid: Sequence[Participant] = ()
    ) -> list[Participant]:
        """Actors inside the noun phrase headed by h."""
        if depth == 0:
            return []
        owner = self.frames.possessor(h)
        if owner:
            got = [
                p
                for o in owner
                for p in self._one(o, by + ":possessor", side, True, depth - 1)
                if p.mention is not None and not any(self.same(p, a) for a in avoid)
            ]
            if got:
                return got
        for c in self.frames.modifier(h):
            k = self.index.at(c)
            if k is not None:
                m = self.index.mentions[k]
                if is_known(m) and m.head != h and not m.start <= self.parse.tokens[h].start < m.end:
                    found = self._mention(k, by + ":modifier")
                    if not any(self.same(found, a) for a in avoid):
                        return [found]
        for prep in _INSIDE_PREPS:
            held: list[Participant] = []
            for o in self.frames.prep(h, prep):
                held += [
                    p
                    for p in self._one(o, f"{by}:{prep}", side, place_ok or side == "recipient", depth - 1)
                    if p.mention is not None
                    and is_known(self.index.mentions[p.mention])
                    and not any(self.same(p, a) for a in avoid)
                ]
                if held and prep != "with":  # "ties with A, B and C": with all of them
                    break
            if held:
                return held
        for o in self.frames.described(h):
            got = [
                p
                for p in self._one(o, by + ":clause", side, place_ok, depth - 1)
                if p.mention is not None and is_known(self.index.mentions[p.mention])
            ]
            if got:
                return got
        return []

    def _mention(self, k: int, by: str) -> Participant:
        m = self.index.mentions[k]
        return Participant(m.start, m.end, m.text, m.head, k, by)

    def phrase(self, h: int, by: str) -> Participant:
        """The base noun phrase around a head that no mention covers."""
        p = self.parse
        first = h
        while first - 1 >= 0 and p.tokens[first - 1].head in range(first - 1, h + 1) and p.left[h] <= first - 1:
            if p.tokens[first - 1].dep in ("punct", "cc", "prep", "mark"):
                break
            first -= 1
        a, b = p.tokens[first].start, p.tokens[h].end
        return Participant(a, b, p.text[a:b], h, None, by)

    def country(self, p: Participant) -> str | None:
        """The country of a participant, None when unknown."""
        return self.index.mentions[p.mention].country if p.mention is not None else None

    def sector(self, p: Participant) -> str | None:
        """The sector of a participant by its words, None when unknown."""
        return self.index.mentions[p.mention].sector if p.mention is not None else None

    def same(self, a: Participant, b: Participant) -> bool:
        """Whether two participants are one actor."""
        if (a.start, a.end) == (b.start, b.end):
            return True
        if a.mention is None or b.mention is None:
            return False
        ms = self.index.mentions
        return ms[a.mention].cluster == ms[b.mention].cluster
