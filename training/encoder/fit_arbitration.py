"""Fit how rules and encoder are weighed, and the confidence of records, on the project's own sentences.

    python training/encoder/fit_arbitration.py --corpus training/corpus --folds FOLDER

FOLDER is what `train.py --folds N --out FOLDER` left: models that have not seen a part of the corpus each. Every
sentence is coded by the rules and judged by the model that does not know it; log-linear and logistic weights are
fitted to the labels (Adam, L2), and the reliability is measured by five-fold cross-validation over the sentences.
Writes src/legation/events/rules/arbitration.yml and confidence.yml.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
import yaml
from torch import Tensor, nn

from corpus import Example, locate, read_corpus
from legation.actors import find_mentions, load_lexicon
from legation.events import classify_pair, find_candidates, load_encoder, load_rules
from legation.events.arbitration import OPEN, asked, open_candidates
from legation.events.confidence import log_odds, signs
from legation.events.opinion import NONE, Encoder, Opinion, Question
from legation.events.pairs import Join
from legation.model.events import Candidate, Participant
from legation.model.text import Article
from legation.parse import load_parser, parse

RULES = Path(__file__).parents[2] / "src" / "legation" / "events" / "rules"
SYMMETRIC = ("AGREE", "CONSULT", "COOPERATE")
FLOOR = 1e-4
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate of the rules (or an open question), the encoder's opinion, and the truth."""

    text: str
    candidate: Candidate
    opinion: Opinion
    signs: tuple[str, ...]
    type: str | None  # the right type; None: the label does not say
    right: bool | None  # type and both sides right; None: not known


@dataclass(frozen=True, slots=True)
class PairRow:
    """A labelled pair with the rules' scores and the encoder's opinion without a trigger."""

    text: str
    joins: Mapping[str, Join]
    opinion: Opinion
    type: str


def overlaps(parties: tuple[Participant, ...], span: Span | None) -> bool:
    """Whether one of the parties overlaps the labelled words."""
    return span is not None and any(p.start < span[1] and span[0] < p.end for p in parties)


def truth(c: Candidate, examples: list[Example]) -> tuple[str | None, bool | None]:
    """The right type of a candidate and whether its sides are right, as far as the labels of its sentence say."""
    both: list[tuple[bool, str]] = []
    touched = False
    for e in examples:
        source, target, trigger = (locate(e.text, words) for words in (e.source, e.target, e.trigger))
        everyone = (*c.actors, *c.recipients)
        pair = overlaps(c.actors, source) and (target is None or overlaps(everyone, target))
        if e.type in SYMMETRIC and not pair and target is not None:
            pair = overlaps(everyone, source) and overlaps(everyone, target)
        hit = trigger is not None and c.start < trigger[1] and trigger[0] < c.end
        if pair:
            both.append((hit, e.type))
        touched = touched or (hit and e.type != NONE)
    if both:
        at_trigger = [t for hit, t in both if hit] or [t for _, t in both]
        kinds = sorted(set(at_trigger))
        if c.type in kinds:
            return c.type, True
        if len(kinds) > 1 and NONE in kinds:
            kinds.remove(NONE)
        return (kinds[0], False) if len(kinds) == 1 else (None, False)
    return (None, False) if touched else (None, None)


def gather(examples: list[Example], folds: list[Encoder]) -> tuple[list[Row], list[PairRow], dict[str, Counter[str]]]:
    """Everything the rules say about the corpus, with the opinion of the model that has not seen the sentence."""
    unseen = {text: model for model in folds for text in model.card["unseen"]}
    parser, lexicon, rules = load_parser(), load_lexicon(), load_rules()
    of_text: dict[str, list[Example]] = defaultdict(list)
    for e in examples:
        of_text[e.text].append(e)
    rows, pairs, tally = [], [], defaultdict(Counter)
    for text, labels in sorted(of_text.items()):
        model = unseen[text]
        article = Article("x", text, None, 0, None, None, None, "given", None, "en", (), ())
        parsed = parse(article, parser)
        mentions = find_mentions(article, parsed, lexicon)
        candidates = find_candidates(article, parsed, mentions, rules)
        live = [c for c in candidates if c.dropped is None]
        for c in [*live, *open_candidates(parsed, mentions, candidates, rules)]:
            question = asked(c, parsed)
            if question is None:
                continue
            kind, right = truth(c, labels)
            rows.append(Row(text, c, model.ask([question])[0], signs(c, parsed, mentions, rules), kind, right))
        for e in labels:
            tally[e.writer][e.type] += 1
            spans = {n: s for n in ("source", "target") if (s := locate(text, getattr(e, n))) is not None}
            if e.type != NONE and len(spans) == 2:
                joins = classify_pair(parsed, mentions, e.source, e.target, rules).joins
                pairs.append(PairRow(text, joins, model.ask([Question(text, spans)])[0], e.type))
    return rows, pairs, tally


def descend(weights: Tensor, loss_of, steps: int = 400, decay: float = 0.002) -> Tensor:  # type: ignore[no-untyped-def]
    """Adam on a small convex problem, with L2."""
    weights = weights.clone().requires_grad_(True)
    optimizer = torch.optim.Adam([weights], lr=0.05)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(weights) + decay * (weights**2).sum()
        loss.backward()
        optimizer.step()
    return weights.detach()


def fit_weights(rows: list[Row], types: list[str]) -> dict[str, float]:
    """Weights of the log-linear sum (arbitration.posterior) by maximum likelihood."""
    rows = [r for r in rows if r.type is not None]
    names = sorted({s for r in rows for s in r.signs} - {"open"})
    keys = ["encoder", "rule", "runner_up", NONE, "none_open", *(f"sign.{n}" for n in names)]
    features = torch.zeros(len(rows), len(types), len(keys))
    at = {t: k for k, t in enumerate(types)}
    for i, r in enumerate(rows):
        for t, k in at.items():
            features[i, k, 0] = torch.log(torch.tensor(max(r.opinion.types[t], FLOOR)))
        features[i, at[NONE], 4 if r.candidate.type == OPEN else 3] = 1.0
        if r.candidate.type != OPEN:
            k = at[r.candidate.type]
            features[i, k, 1] = 1.0
            for name in r.signs:
                features[i, k, keys.index(f"sign.{name}")] = 1.0
            if r.candidate.runner_up is not None:
                features[i, at[r.candidate.runner_up[0].partition("/")[0]], 2] = 1.0
    wanted = torch.tensor([at[r.type] for r in rows])
    start = torch.zeros(len(keys))
    start[0] = 1.0
    weights = descend(start, lambda w: nn.functional.cross_entropy(features @ w, wanted))
    chosen = (features @ weights).argmax(1)
    rule = torch.tensor([at.get(r.candidate.type, -1) for r in rows])
    told = rule >= 0
    print(f"{len(rows)} candidates with a known type; rules right {(rule == wanted)[told].float().mean():.3f} of"
          f" {int(told.sum())}, weighed together {(chosen == wanted)[told].float().mean():.3f};"
          f" open questions right {(chosen == wanted)[~told].float().mean():.3f} of {int((~told).sum())}")  # fmt: skip
    return {k: round(float(v), 3) for k, v in zip(keys, weights, strict=True)}


def fit_pairs(pairs: list[PairRow], types: list[str]) -> dict[str, float]:
    """Weights of what joins the pair by the rules and of the encoder's log-probability, when the pair is given."""
    types = [t for t in types if t != NONE]
    keys = ["encoder", "both", "one", "near", "used", "score"]
    features = torch.zeros(len(pairs), len(types), len(keys))
    for i, p in enumerate(pairs):
        for k, t in enumerate(types):
            features[i, k, 0] = torch.log(torch.tensor(max(p.opinion.types[t], FLOOR)))
            for name, value in p.joins[t].features().items() if t in p.joins else ():
                features[i, k, keys.index(name)] = value
    wanted = torch.tensor([types.index(p.type) for p in pairs])
    start = torch.zeros(len(keys))
    start[0] = 1.0
    weights = descend(start, lambda w: nn.functional.cross_entropy(features @ w, wanted))
    alone = torch.zeros(len(keys))
    alone[0] = 1.0
    for name, w in (("encoder", alone), ("both", weights)):
        right = ((features @ w).argmax(1) == wanted).float().mean()
        print(f"pair given, {name}: {right:.3f} of {len(pairs)}")
    return {k: round(float(v), 3) for k, v in zip(keys, weights, strict=True)}


def logistic(data: list[tuple[dict[str, float], bool]], seed: int, name: str) -> dict[str, float]:
    """A logistic sum over named features; prints its calibration error by cross-validation."""
    keys = ["bias", *sorted({k for f, _ in data for k in f})]
    x = torch.zeros(len(data), len(keys))
    x[:, 0] = 1.0
    for i, (f, _) in enumerate(data):
        for k, v in f.items():
            x[i, keys.index(k)] = v
    y = torch.tensor([float(b) for _, b in data])

    def solve(part: Tensor) -> Tensor:
        return descend(
            torch.zeros(len(keys)), lambda w: nn.functional.binary_cross_entropy_with_logits(x[part] @ w, y[part])
        )

    order = torch.tensor(random.Random(seed).sample(range(len(data)), len(data)))
    said = torch.zeros(len(data))
    for k in range(5):
        test = order[k::5]
        rest = torch.cat([order[j::5] for j in range(5) if j != k])
        said[test] = torch.sigmoid(x[test] @ solve(rest))
    print(f"{name}: {len(data)} rows, {y.mean():.3f} right, calibration error {calibration_error(said, y):.3f}")
    weights = solve(order)
    return {k: round(float(v), 3) for k, v in zip(keys, weights, strict=True)}


def calibration_error(said: Tensor, right: Tensor) -> float:
    """Expected calibration error over ten equal bins; prints the table."""
    total = 0.0
    for k in range(10):
        inside = (said >= k / 10) & (said < (k + 1) / 10 if k < 9 else said <= 1.0)
        if inside.any():
            a, b = float(said[inside].mean()), float(right[inside].mean())
            total += float(inside.float().mean()) * abs(a - b)
            print(f"  said {a:.2f}  right {b:.2f}  ({int(inside.sum())})")
    return total


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--folds", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    option = parser.parse_args()
    torch.manual_seed(option.seed)
    torch.set_num_threads(1)
    examples, _ = read_corpus(option.corpus)
    folds = [m for path in sorted(option.folds.glob("fold*")) if (m := load_encoder(path)) is not None]
    known = {text for m in folds for text in m.card["unseen"]}
    rows, pairs, _ = gather([e for e in examples if e.text in known], folds)
    types = list(folds[0].types)
    weights = fit_weights(rows, types)
    classify = fit_pairs(pairs, types)
    own = [r for r in rows if r.candidate.type != OPEN]
    kind = logistic(
        [(dict.fromkeys(r.signs, 1.0), r.type == r.candidate.type) for r in own if r.type], option.seed, "type"
    )
    plain = logistic([(dict.fromkeys(r.signs, 1.0), r.right) for r in own if r.right is not None], option.seed, "rules")
    arbitration = yaml.safe_load((RULES / "arbitration.yml").read_text("utf8"))
    arbitration |= {"weights": weights, "classify": classify}
    write(RULES / "arbitration.yml", ARBITRATION, arbitration)
    write(RULES / "confidence.yml", CONFIDENCE, {"type": kind, "rules": plain, "asked": {"bias": 0.0, "odds": 1.0}})
    rules = load_rules()  # with the new weights
    from legation.events.arbitration import posterior

    data = []
    for r in rows:
        p = posterior(r.candidate, r.opinion, r.signs, rules)
        ranked = sorted(p, key=lambda t: (-p[t], t))
        best = next(t for t in ranked if t != NONE)
        dropped = p[NONE] >= arbitration["drop_at_least"]
        if r.right is None or (r.candidate.type == OPEN and p[best] < arbitration["open_at_least"]) or dropped:
            continue
        right = best == r.type if r.type is not None else r.right and best == r.candidate.type
        data.append(({**dict.fromkeys(r.signs, 1.0), "odds": log_odds(p[best])}, bool(right)))
    sure = logistic(data, option.seed, "asked")
    write(RULES / "confidence.yml", CONFIDENCE, {"type": kind, "rules": plain, "asked": sure})


ARBITRATION = """\
# How rules and encoder are weighed. Weights: fitted by training/encoder/fit_arbitration.py on sentences of our own that
# the encoder had not seen. Limits: ask_below (the rules' own certainty of the type), open_at_least (what only the
# encoder sees), open_most (open questions a sentence), drop_at_least (no event), outvote_at_least (another than the
# rule's), mode_at_least (share of a mode among those of its type).
"""
CONFIDENCE = """\
# How sure a record is: logistic sums over what was seen (events/confidence.py, `signs`), fitted by
# training/encoder/fit_arbitration.py on sentences of our own. `type`: the type alone, by the rules; `rules`: type and
# both sides where the encoder was not asked; `asked`: where it was (`odds`: log-odds of the type by both opinions).
"""


def write(path: Path, head: str, value: dict[str, object]) -> None:
    """A data file with its head."""
    path.write_text(head + yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=110), encoding="utf8")


if __name__ == "__main__":
    main()
