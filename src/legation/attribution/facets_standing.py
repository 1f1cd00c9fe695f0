"""How an event stands, as it is handed down the tree from the words above it to the words below."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from legation.attribution.facets_data import Effect
from legation.model.claims import Certainty, Cue, Facets
from legation.model.text import Span

CERTAIN_SHARE = {"probable": 2 / 3, "possible": 1 / 3}  # of the number of a plain assertion: 3, 2, 1


@dataclass(frozen=True, slots=True)
class Mark:
    """A cue that was met. `silent`: it decided nothing that differs from the default (kept for tests and `explain`)."""

    cue: Cue
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing of one token: name of the effect in force, polarity, and the cues that made it so.

    `reported` is true inside what somebody is said to have said: there "would" is a future seen from the past.
    `spoken`: the one who is to act is I, we or you.
    """

    effect: str = "happened"
    negated: bool = False
    sure: Certainty | None = None
    condition: Span | None = None
    historical: bool = False
    generic: bool = False
    reported: bool = False
    spoken: bool = False
    marks: tuple[Mark, ...] = ()

    def mark(self, cue: Cue, silent: bool = False) -> tuple[Mark, ...]:
        """The marks with one more, at most twelve (a chain of embeddings must not grow without end)."""
        return (*self.marks[-11:], Mark(cue, silent))

    def without(self, field: str) -> tuple[Mark, ...]:
        """The marks but those of one field."""
        return tuple(m for m in self.marks if m.cue.field != field)


@dataclass(frozen=True, slots=True)
class Effects:
    """The table of effects and what happens when one meets a standing."""

    table: Mapping[str, Effect]

    def rank(self, standing: Standing) -> int:
        """0 for what is told as done; the higher, the further from it."""
        return self.table[standing.effect].rank

    def fresh(self, above: Standing, cue: Cue | None = None, reported: bool | None = None) -> Standing:
        """A standing of its own: only the time frame comes down, not polarity, actuality or certainty."""
        marks = tuple(m for m in above.marks if m.cue.field == "historical")
        out = Standing(
            historical=above.historical,
            spoken=above.spoken,
            reported=above.reported if reported is None else reported,
            marks=marks,
        )
        return replace(out, marks=out.mark(cue, silent=True)) if cue else out

    def apply(self, above: Standing, name: str, cue: Cue) -> Standing:
        """`name` is `holds`, `fails`, `free`, an effect, or "not " and an effect; polarity is set, not added."""
        if name == "free":
            return self.fresh(above, cue, reported=True)
        if name in ("holds", "fails"):
            changed = above.negated != (name == "fails")
            out = replace(above, negated=name == "fails")
            return replace(out, marks=out.mark(_of(cue, "polarity"), silent=not changed))
        negated = name.startswith("not ")
        effect = name.removeprefix("not ")
        out = replace(above, negated=negated)
        if negated != above.negated:
            out = replace(out, marks=out.mark(_of(cue, "polarity")))
        if self.table[effect].rank >= self.rank(above) and effect != above.effect:
            kept = out.marks
            if self.table[above.effect].future is None:
                kept = tuple(m for m in out.marks if m.cue.field not in ("actuality", "certainty"))
            out = replace(out, effect=effect, sure=None, marks=kept)
            return replace(out, marks=out.mark(_of(cue, "actuality")))
        return replace(out, marks=out.mark(_of(cue, "actuality"), silent=True))

    def facets(self, token: int, standing: Standing, ongoing: Cue | None) -> Facets:
        """The standing as the record's facets: cues only for what differs from the default."""
        row = self.table[standing.effect]
        number = row.negated_number if standing.negated else row.spoken if standing.spoken else row.number
        certainty = row.certainty
        if standing.sure and certainty == "unstated":
            certainty = standing.sure
            number *= CERTAIN_SHARE.get(certainty, 1.0)
        actuality = row.actuality
        marks = [m.cue for m in standing.marks if not m.silent]
        if ongoing is not None and actuality == "happened":
            actuality = "ongoing"
            marks.append(ongoing)
        differs = {
            "polarity": True,
            "actuality": standing.effect != "happened" or actuality == "ongoing",
            "certainty": certainty != "unstated",
            "condition": standing.condition is not None,
            "historical": standing.historical,
            "generic": standing.generic,
        }
        return Facets(
            token=token,
            polarity="negated" if standing.negated else "affirmed",
            actuality=actuality,
            certainty=certainty,
            condition=standing.condition,
            historical=standing.historical,
            generic=standing.generic,
            factuality=round(number, 3),
            cues=tuple(dict.fromkeys(c for c in marks if differs[c.field])),
        )


def _of(cue: Cue, field: str) -> Cue:
    return cue if cue.field == field else replace(cue, field=field)
