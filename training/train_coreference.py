"""Train the weights of the pronoun resolver on GAP (Apache-2.0; texts CC BY-SA) and write them as YAML.

    python training/train_coreference.py ITEMS.jsonl GOLD.jsonl [--parses CACHE.pkl] [--out WEIGHTS.yml] [--rounds 3]

A log-linear model over the candidates of each pronoun (softmax, L2), fitted by Adam from zero: no randomness. Rounds:
the "chain" features depend on how earlier pronouns were resolved, so features are read again with each round's weights.
Prints five-fold cross-validated figures; only those measure anything, since the weights shipped have seen all items.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import legation.actors.coreference as coreference
import legation.actors.coreference_pronouns as pronouns
from legation.actors import load_lexicon, load_words
from legation.actors.mentions import draft_mentions
from legation.actors.mentions_context import add_holders, link_phrases, mark_places
from legation.actors.mentions_draft import find
from legation.actors.mentions_scene import make_scene

# features, labels (1 right, 0 wrong), which of A=1/B=2, cluster
Case = tuple[list[dict[str, float]], list[int], list[int], list[int]]


def overlap(a: tuple[int, int], b: Iterable[int]) -> bool:
    """Whether two spans share a character."""
    x, y = b
    return a[0] < y and x < a[1]


def read_cases(parses: list[Any], gold: list[dict[str, Any]], words: Any, lexicon: Any) -> list[Case]:
    """Candidates of every gold pronoun with the current weights."""
    cases: list[Case] = []
    for (article, parse), g in zip(parses, gold, strict=True):
        scene = make_scene(article, parse, lexicon, words)
        drafts = draft_mentions(scene)
        heads = {d.head: k for k, d in enumerate(drafts) if not d.nested}
        mark_places(scene, drafts)
        link_phrases(scene, drafts, heads)
        add_holders(scene, drafts)
        kept: list[Case] = []
        original = pronouns.resolve_pronoun

        def spy(
            scene: Any,
            drafts: Any,
            heads: Any,
            k: int,
            quotes: Any,
            g: Any = g,
            kept: Any = kept,
            original: Any = original,
        ) -> Any:
            if drafts[k].start == g["pronoun"][0] and not kept:
                options = pronouns.options_of(scene, drafts, heads, k, quotes)
                sides = []
                for j, _ in options:
                    root = find(drafts, j)
                    members = [m for m in range(len(drafts)) if find(drafts, m) == root]
                    a = any(overlap((drafts[m].start, drafts[m].end), g["A"]) for m in members)
                    b = any(overlap((drafts[m].start, drafts[m].end), g["B"]) for m in members)
                    sides.append(3 if a and b else 1 if a else 2 if b else 0)
                if g["A_coref"]:
                    right = [int(s in (1, 3)) for s in sides]
                elif g["B_coref"]:
                    right = [int(s in (2, 3)) for s in sides]
                else:
                    right = [int(s == 0) for s in sides]
                kept.append(([f for _, f in options], right, sides, [find(drafts, j) for j, _ in options]))
            return original(scene, drafts, heads, k, quotes)

        coreference.resolve_pronoun = spy
        try:
            coreference.resolve_coreference(scene, drafts, heads)
        finally:
            coreference.resolve_pronoun = original
        cases.append(kept[0] if kept else ([], [], [], []))
    return cases


def fit(cases: list[Case], names: list[str], l2: float = 0.6, steps: int = 200) -> np.ndarray:
    """Weights that maximise the likelihood of the right candidates."""
    index = {n: i for i, n in enumerate(names)}
    usable = [c for c in cases if any(c[1]) and not all(c[1])]
    rows = [f for c in usable for f in c[0]]
    matrix = np.zeros((len(rows), len(names)))
    for r, f in enumerate(rows):
        for n, v in f.items():
            if n in index:
                matrix[r, index[n]] = v
    segment = np.repeat(np.arange(len(usable)), [len(c[0]) for c in usable])
    right = np.array([y for c in usable for y in c[1]], dtype=float)
    w = np.zeros(len(names))
    m, v = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, steps + 1):
        s = matrix @ w
        s -= np.maximum.reduceat(s, np.searchsorted(segment, np.arange(len(usable))))[segment]
        e = np.exp(s)
        p = e / np.bincount(segment, e)[segment]
        q = e * right / np.maximum(np.bincount(segment, e * right), 1e-300)[segment]
        gradient = matrix.T @ (p - q) + l2 * w
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        w -= 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
    return w


def weighted(pairs: list[tuple[Case, dict[str, Any]]], feminine: int) -> list[Case]:
    """The cases, feminine ones several times: resolvers are worse at them."""
    return [c for c, g in pairs for _ in range(feminine if g["gender"] == "F" else 1)]


def measure(cases: list[Case], gold: list[dict[str, Any]], weights: dict[str, float]) -> dict[str, float]:
    """GAP F1 of the best candidate, over all and by gender."""
    counts = {s: [0, 0, 0] for s in ("M", "F")}
    for (features, _, sides, roots), g in zip(cases, gold, strict=True):
        chosen = 0
        if features:
            scores = [sum(weights.get(n, 0.0) * v for n, v in f.items()) for f in features]
            actors: dict[int, float] = {}
            for r, s in zip(roots, scores, strict=True):
                actors[r] = actors.get(r, 0.0) + float(np.exp(s))
            chosen = sides[roots.index(max(actors, key=lambda r: (actors[r], -r)))]
        for bit, side in ((1, "A"), (2, "B")):
            yes, truth = bool(chosen & bit), g[side + "_coref"]
            c = counts[g["gender"]]
            c[0] += yes and truth
            c[1] += yes
            c[2] += truth

    def f1(c: list[int]) -> float:
        return 2 * c[0] / max(1, c[1] + c[2])

    both = [a + b for a, b in zip(counts["M"], counts["F"], strict=True)]
    return {
        "f1": f1(both),
        "M": f1(counts["M"]),
        "F": f1(counts["F"]),
        "p": both[0] / max(1, both[1]),
        "r": both[0] / both[2],
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("items", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--parses", type=Path, required=True, help="pickle of [(Article, Parse)], same order")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--l2", type=float, default=8.0)
    parser.add_argument("--feminine", type=int, default=2, help="how often feminine items count, against the bias")
    args = parser.parse_args()
    gold = [json.loads(line) for line in args.gold.read_text().splitlines()]
    parses = pickle.loads(args.parses.read_bytes())
    lexicon, words = load_lexicon(), load_words()
    for number in range(args.rounds):
        cases = read_cases(parses, gold, words, lexicon)
        frequency: dict[str, int] = {}
        for c in cases:
            for f in c[0]:
                for n, v in f.items():
                    frequency[n] = frequency.get(n, 0) + (v != 0)
        names = sorted(n for n, k in frequency.items() if k >= 20)
        held: list[Case] = []
        held_gold: list[dict[str, Any]] = []
        totals = []
        for gender in "MF":
            pairs = [
                (c, g)
                for c, g in zip(cases, gold, strict=True)
                if g["gender"] == gender and (g["A_coref"] or g["B_coref"])
            ]
            print(
                "oracle",
                gender,
                sum(any(y and s for y, s in zip(c[1], c[2], strict=True)) for c, _ in pairs) / len(pairs),
                end=" ",
            )
        print(
            "oracle",
            sum(any(y and s for y, s in zip(c[1], c[2], strict=True)) for c in cases)
            / sum(g["A_coref"] or g["B_coref"] for g in gold),
            "empty",
            sum(not c[0] for c in cases),
        )
        scored = []
        for fold in range(5):
            train = weighted(
                [(c, g) for i, (c, g) in enumerate(zip(cases, gold, strict=True)) if i % 5 != fold], args.feminine
            )
            w = dict(zip(names, fit(train, names, args.l2), strict=True))
            held = [c for i, c in enumerate(cases) if i % 5 == fold]
            held_gold = [g for i, g in enumerate(gold) if i % 5 == fold]
            totals.append(measure(held, held_gold, w))
            scored.append(w)
        print("round", number, "cross-validated", {k: round(sum(t[k] for t in totals) / 5, 4) for k in totals[0]})
        everything = weighted(list(zip(cases, gold, strict=True)), args.feminine)
        final = dict(zip(names, (float(x) for x in fit(everything, names, args.l2)), strict=True))
        print("   on its own training data", {k: round(v, 4) for k, v in measure(cases, gold, final).items()})
        words = replace(words, weights={**words.weights, **final})
    if args.out:
        lines = [f"{n}: {v:.3f}\n" for n, v in sorted({**words.weights}.items()) if abs(v) >= 0.0005]
        args.out.write_text(
            "# Weights of the pronoun resolver: feature -> weight, fitted by training/train_coreference.py on the GAP\n"
            "# development set (Apache-2.0). Higher means: more likely the antecedent. Features of it and they\n"
            '# ("thing ...", "many ...") are set by hand, because GAP has none.\n' + "".join(lines)
        )


if __name__ == "__main__":
    main()
