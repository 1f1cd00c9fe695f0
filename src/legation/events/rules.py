"""The schema of the event rules and their look-up tables.

A rule is one of two things. A *trigger* says: this verb, noun or fixed phrase, with these slots, is this event.
An *operator* says what becomes of another event it embeds: "threatened to E", "demanded E", "lifted E".
Both are data (`rules/*.yml`); the frames that find their slots are in `arguments.py`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pydantic import Field, TypeAdapter

from legation.datafiles import DataFile, Schema, read_yaml
from legation.events.arguments import FrameWords
from legation.problems import ResourceError

FOLDER = Path(__file__).parent / "rules"
TABLES = ("frames.yml", "classes.yml", "contexts.yml", "confidence.yml", "political.yml", "arbitration.yml", "open.yml")
Sectors = tuple[str, ...]


class Trigger(Schema):
    """One trigger: words that evoke one type of event, and the slots of its participants.

    `verb` entries are lemmas, with a particle after a space ("blow up"). `object` and `prep` narrow a verb by
    the noun beside it (lemmas or @class): "sign" + object @agreement. `noun` entries evoke the event
    themselves; `light` gives the verbs that may carry them (None: any, "-" in the list: none needed).
    `verb: ["*"]` is any verb: other words (`with_words`, `prep`) must then say what it is.
    """

    id: str
    type: str
    mode: str | None = None
    verb: tuple[str, ...] = ()
    noun: tuple[str, ...] = ()
    adjective: tuple[str, ...] = ()
    pos: tuple[str, ...] = ()  # open questions only: any word of these parts of speech
    object: tuple[str, ...] = ()
    prep: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    with_words: tuple[str, ...] = ()  # any of these lemmas must stand in the predicate's clause
    without_words: tuple[str, ...] = ()
    clause_words: tuple[str, ...] = ()  # any of these must stand in a clause that the verb governs
    infinitive: bool = False  # an infinitive must hang on the verb ("told X to leave")
    without_object: tuple[str, ...] = ()
    actor: tuple[str, ...] = ("subject",)
    recipient: tuple[str, ...] = ("object",)
    needs: tuple[Literal["actor", "recipient", "both", "either"], ...] = ("actor",)
    actor_sector: Sectors = ()
    actor_country: tuple[str, ...] = ()  # codes; "IGO", "EUR": a body of several states
    recipient_sector: Sectors = ()
    recipient_is_actor: bool = False  # the recipient must be a known political actor
    direct: bool = False  # the recipient itself stands in its slot, not inside a thing ("met X", not "met X's demand")
    crowd: bool = False  # plural people (@people) of no known sector may be the actor
    reciprocal: bool = False
    abroad: bool = False  # the parties must be of two countries at least
    speech: bool = False
    voice: Literal["any", "active", "passive"] = "any"
    modes: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # mode -> words in the clause that say so
    instrument: tuple[str, ...] = ()  # the subject must be one of these; who wielded it may stay unknown
    weight: float = 1.0
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()


class Operator(Schema):
    """One operator: what an embedding word makes of the event inside it.

    `makes` maps the inner event ("SANCTION", "COERCE/curfew", "*") to the outcome ("THREATEN/relations",
    "REQUEST", "-" = no event). `inner`: must there be an inner event, or is the operator an event by itself
    (`alone` is then its type/mode)? `reach`: where the inner event stands.
    """

    id: str
    verb: tuple[str, ...] = ()
    noun: tuple[str, ...] = ()
    adjective: tuple[str, ...] = ()
    reach: tuple[str, ...] = ("clause", "object")
    makes: dict[str, str]
    alone: str | None = None
    alone_object: tuple[str, ...] = ()  # with no inner event: the object must be one of these, if any are given
    actor: tuple[str, ...] = ("subject",)
    recipient: tuple[str, ...] = ("object", "inner.actor", "inner.recipient")
    future: bool = False  # the inner clause must stand in the future (will, would ...)
    modal: tuple[str, ...] = ()  # the inner clause must carry one of these modals (must, should)
    same_actor: bool = False  # the inner event's actor must be the speaker
    negated: bool | None = None
    keep_inner: bool = False  # the inner event is an event of its own as well
    speech: bool = False
    weight: float = 1.0
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()


class FrameData(Schema):
    """Closed word classes of the frames and named noun classes (@name)."""

    object_control: tuple[str, ...]
    accusing: tuple[str, ...]
    light: tuple[str, ...]
    speech: tuple[str, ...]
    bidding: tuple[str, ...]
    giving: tuple[str, ...]
    transparent: tuple[str, ...]


class DropRule(Schema):
    """Why a candidate is no event: words near the anchor, in the title, or as its object."""

    id: str
    reason: str
    types: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # any of these lemmas in the sentence
    phrases: tuple[str, ...] = ()  # lower-case text in the sentence
    at_least: int = 1  # that many different words
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()


class ContextWords(Schema):
    """Words and phrases of one context; `types` ("COERCE/cyber") carry it by themselves."""

    words: tuple[str, ...]
    phrases: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


class Arbitration(Schema):
    """How rules and encoder are weighed; fitted by training/encoder/fit_arbitration.py."""

    ask_below: float  # a rule surer than this of its type is not asked about
    open_at_least: float  # what only the encoder sees must be this sure
    open_most: int  # open questions in one sentence
    drop_at_least: float  # both hold it for no event
    outvote_at_least: float  # another type must be this likely to replace the rule's
    mode_at_least: float  # a mode of the encoder's must have this share among the modes of its type
    weights: dict[str, float]
    classify: dict[str, float]


class Confidence(Schema):
    """Weights of signs: of the type alone (`type`), of type and both sides without and with the encoder."""

    type: dict[str, float]
    rules: dict[str, float]
    asked: dict[str, float]


class Political(Schema):
    """Who makes an event political: sectors, special codes, kinds of mention; types that need no such party."""

    sectors: tuple[str, ...]
    codes: tuple[str, ...]
    kinds: tuple[str, ...]
    exempt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """All event rules with their indexes. Lemma keys are lower case."""

    triggers: tuple[Trigger, ...]
    operators: tuple[Operator, ...]
    drops: tuple[DropRule, ...]
    classes: dict[str, frozenset[str]]
    frame_words: FrameWords
    transparent: frozenset[str]
    verb_triggers: dict[str, tuple[Trigger, ...]]
    noun_triggers: dict[str, tuple[Trigger, ...]]
    adjective_triggers: dict[str, tuple[Trigger, ...]]
    verb_operators: dict[str, tuple[Operator, ...]]
    noun_operators: dict[str, tuple[Operator, ...]]
    adjective_operators: dict[str, tuple[Operator, ...]]
    contexts: dict[str, ContextWords]
    context_words: dict[str, tuple[str, ...]]  # lemma -> contexts
    confidence: Confidence
    arbitration: Arbitration
    open: tuple[Trigger, ...]
    political: Political
    weights: dict[str, float]  # rule id -> weight
    self_operators: tuple[Operator, ...]  # reach "self": they turn the predicate's own event
    files: tuple[DataFile, ...]
    required: dict[str, tuple[frozenset[str], ...]] = field(default_factory=dict)  # trigger id -> see `required_words`
    lists: dict[int, tuple[tuple[str, ...], frozenset[str]]] = field(default_factory=dict, compare=False, repr=False)
    joined: dict[frozenset[str], dict[str, tuple[str, ...]]] = field(default_factory=dict, compare=False, repr=False)

    def words(self, entries: tuple[str, ...]) -> frozenset[str]:
        """Lemmas of a list that may name classes. A list of a rule is read once (`lists`, by its identity)."""
        known = self.lists.get(id(entries))
        if known is not None and known[0] is entries:
            return known[1]
        out: set[str] = set()
        for e in entries:
            out |= self.classes[e[1:]] if e.startswith("@") else {e}
        words = frozenset(out)
        self.lists[id(entries)] = (entries, words)
        return words

    def particles(self, entries: frozenset[str], lemma: str) -> tuple[str, ...]:
        """The second words of those entries that are two words and begin with the lemma ("blow up"), sorted."""
        table = self.joined.get(entries)
        if table is None:
            pairs = sorted(w.split(" ") for w in entries if w.count(" ") == 1)
            table = {head: tuple(p for h, p in pairs if h == head) for head, _ in pairs}
            self.joined[entries] = table
        return table.get(lemma, ())


def load_rules(folder: Path = FOLDER) -> Rules:
    """Read and check every rule file. ResourceError names the file when an id repeats or a class is unknown."""
    files: list[DataFile] = []
    triggers: list[Trigger] = []
    operators: list[Operator] = []
    drops: list[DropRule] = []
    frames = read_yaml(folder / "frames.yml", FrameData)
    classes_file = read_yaml(folder / "classes.yml", TypeAdapter(dict[str, tuple[str, ...]]))
    contexts = read_yaml(folder / "contexts.yml", TypeAdapter(dict[str, ContextWords]))
    signs = read_yaml(folder / "confidence.yml", Confidence)
    arbitration = read_yaml(folder / "arbitration.yml", Arbitration)
    political = read_yaml(folder / "political.yml", Political)
    files += [frames.file, classes_file.file, contexts.file, signs.file, arbitration.file, political.file]
    context_words: dict[str, list[str]] = defaultdict(list)
    for context, cue in contexts.value.items():
        for word in cue.words:
            context_words[word].append(context)
    classes = {k: frozenset(v) for k, v in classes_file.value.items()}
    trigger_list, operator_list, drop_list = (
        TypeAdapter(list[Trigger]),
        TypeAdapter(list[Operator]),
        TypeAdapter(list[DropRule]),
    )
    open_rules = read_yaml(folder / "open.yml", trigger_list)
    files.append(open_rules.file)
    ids: set[str] = set()
    for path in sorted(folder.glob("*.yml")):
        if path.name in TABLES:
            continue
        if path.name.startswith("operators"):
            ops = read_yaml(path, operator_list)
            operators += ops.value
            files.append(ops.file)
            new = [o.id for o in ops.value]
        elif path.name.startswith("drop"):
            dropped = read_yaml(path, drop_list)
            drops += dropped.value
            files.append(dropped.file)
            new = [d.id for d in dropped.value]
        else:
            found = read_yaml(path, trigger_list)
            triggers += found.value
            files.append(found.file)
            new = [t.id for t in found.value]
            _check_classes(path, found.value, classes)
        for one in new:
            if one in ids:
                raise ResourceError(str(path), "this id stands twice", key=one)
            ids.add(one)
    data = frames.value
    words = FrameWords(
        frozenset(data.object_control),
        frozenset(data.accusing),
        frozenset(data.light),
        frozenset(data.speech),
        frozenset(data.bidding),
        frozenset(data.giving),
    )

    def expand(entries: tuple[str, ...]) -> set[str]:
        return {w for e in entries for w in (classes[e[1:]] if e.startswith("@") else (e,))}

    def table(items: list[Trigger] | list[Operator], attribute: str) -> dict[str, tuple[Trigger | Operator, ...]]:
        out: dict[str, list[Trigger | Operator]] = defaultdict(list)
        for item in items:
            for w in sorted(expand(getattr(item, attribute))):
                out[w.split(" ")[0]].append(item)
        return {k: _unique(v) for k, v in sorted(out.items())}

    return Rules(
        triggers=tuple(triggers),
        operators=tuple(operators),
        drops=tuple(drops),
        classes=classes,
        frame_words=words,
        transparent=frozenset(data.transparent),
        verb_triggers=table(triggers, "verb"),  # type: ignore[arg-type]  # one helper serves both kinds
        noun_triggers=table(triggers, "noun"),  # type: ignore[arg-type]
        adjective_triggers=table(triggers, "adjective"),  # type: ignore[arg-type]
        verb_operators=table(operators, "verb"),  # type: ignore[arg-type]
        noun_operators=table(operators, "noun"),  # type: ignore[arg-type]
        adjective_operators=table(operators, "adjective"),  # type: ignore[arg-type]
        contexts=contexts.value,
        confidence=signs.value,
        arbitration=arbitration.value,
        open=tuple(open_rules.value),
        political=political.value,
        weights={r.id: r.weight for r in (*triggers, *open_rules.value)} | {o.id: o.weight for o in operators},
        context_words={w: tuple(cs) for w, cs in context_words.items()},
        self_operators=tuple(o for o in operators if "self" in o.reach),
        files=tuple(files),
        required={t.id: required_words(t, classes) for t in triggers},
    )


def required_words(trigger: Trigger, classes: dict[str, frozenset[str]]) -> tuple[frozenset[str], ...]:
    """Sets of lemmas, of each of which one must stand in the sentence before the trigger's syntax need be looked at."""
    lists = (trigger.object, trigger.with_words, trigger.clause_words, trigger.instrument, *trigger.prep.values())
    expanded = [
        frozenset(w for e in entries for w in (classes[e[1:]] if e.startswith("@") else (e,)))
        for entries in lists
        if entries
    ]
    return tuple(words for words in expanded if "*" not in words)


def _unique(items: list[Trigger | Operator]) -> tuple[Trigger | Operator, ...]:
    seen: dict[str, Trigger | Operator] = {}
    for item in items:
        seen.setdefault(item.id, item)
    return tuple(seen.values())


def _check_classes(path: Path, triggers: list[Trigger], classes: dict[str, frozenset[str]]) -> None:
    for t in triggers:
        lists = [t.verb, t.noun, t.object, t.with_words, t.without_words, t.clause_words, t.without_object]
        lists += list(t.prep.values())
        lists += list(t.modes.values())
        for entries in lists:
            for e in entries:
                if e.startswith("@") and e[1:] not in classes:
                    raise ResourceError(str(path), f"unknown word class {e}", key=t.id)
