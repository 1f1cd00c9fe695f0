"""A BERT encoder in plain torch, just what MiniLM-L6 needs, so that training needs no further library.

Why our own forty lines: the weights are a published checkpoint (Apache-2.0 by its model card), the architecture is
that of Devlin et al. 2019, and a module this small exports to ONNX without surprises.
"""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path

import torch
from torch import Tensor, nn

TYPES = [
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
    "none",
]
HIDDEN, LAYERS, HEADS, INNER = 384, 6, 12, 1536
FIRST_MARKER, MARKERS = 2, 6  # [unused1] to [unused6] of BERT's vocabulary


class Layer(nn.Module):
    """One transformer layer, post-norm as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12), nn.LayerNorm(HIDDEN, eps=1e-12)
        self.up, self.down = nn.Linear(HIDDEN, INNER), nn.Linear(INNER, HIDDEN)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        n, t, _ = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(n, t, HEADS, HIDDEN // HEADS).transpose(1, 2)

        scores = split(self.query(x)) @ split(self.key(x)).transpose(-1, -2) / math.sqrt(HIDDEN // HEADS)
        mixed = (torch.softmax(scores + bias, -1) @ split(self.value(x))).transpose(1, 2).reshape(n, t, HIDDEN)
        x = self.norm1(x + self.drop(self.out(mixed)))
        return self.norm2(x + self.drop(self.down(nn.functional.gelu(self.up(x)))))


class Encoder(nn.Module):
    """Sentence with marked parties and trigger -> logits of type, mode and contexts.

    `marks` are token positions of the source, target and trigger marker (0 = the [CLS] token, where one is absent).
    """

    def __init__(self, vocabulary: int, modes: int, contexts: int) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, HIDDEN)
        self.positions = nn.Embedding(512, HIDDEN)
        self.kinds = nn.Embedding(2, HIDDEN)
        # the word table is not trained (half of all weights, and 4,000 sentences cannot move it sensibly);
        # the six marker words get vectors of their own
        self.words.weight.requires_grad_(False)
        self.markers = nn.Embedding(MARKERS + 1, HIDDEN, padding_idx=0)
        self.norm = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(0.2)
        self.to_type = nn.Linear(HIDDEN * 4, len(TYPES))
        self.to_mode = nn.Linear(HIDDEN * 4, modes)
        self.to_context = nn.Linear(HIDDEN * 4, contexts)

    def forward(self, ids: Tensor, mask: Tensor, marks: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        positions = torch.arange(ids.shape[1], device=ids.device).unsqueeze(0)
        marker = torch.where((ids >= FIRST_MARKER) & (ids < FIRST_MARKER + MARKERS), ids - FIRST_MARKER + 1, 0)
        x = self.norm(self.words(ids) + self.markers(marker) + self.positions(positions) + self.kinds.weight[0])
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        weight = mask.to(x.dtype).unsqueeze(-1)
        mean = (x * weight).sum(1) / weight.sum(1)
        picked = torch.gather(x, 1, marks.unsqueeze(-1).expand(-1, -1, HIDDEN)).flatten(1)
        features = self.drop(torch.cat([mean, picked], 1))
        return self.to_type(features), self.to_mode(features), self.to_context(features)


def load_pretrained(model: Encoder, path: Path) -> None:
    """Copy the weights of a BERT checkpoint in safetensors form (header, then raw float32)."""
    raw = path.read_bytes()
    size = struct.unpack("<Q", raw[:8])[0]
    header = json.loads(raw[8 : 8 + size])
    base = 8 + size

    def tensor(name: str) -> Tensor:
        entry = header[name]
        a, b = entry["data_offsets"]
        flat = torch.frombuffer(bytearray(raw[base + a : base + b]), dtype=torch.float32)
        return flat.reshape(entry["shape"])

    names = {
        "words.weight": "embeddings.word_embeddings.weight",
        "positions.weight": "embeddings.position_embeddings.weight",
        "kinds.weight": "embeddings.token_type_embeddings.weight",
        "norm.weight": "embeddings.LayerNorm.weight",
        "norm.bias": "embeddings.LayerNorm.bias",
    }
    parts = {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "out": "attention.output.dense",
        "norm1": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "norm2": "output.LayerNorm",
    }
    for k in range(LAYERS):
        for ours, theirs in parts.items():
            for kind in ("weight", "bias"):
                names[f"layers.{k}.{ours}.{kind}"] = f"encoder.layer.{k}.{theirs}.{kind}"
    state = model.state_dict()
    for ours, theirs in names.items():
        state[ours].copy_(tensor(theirs))
