"""The parser's word vectors, computed with as little work as they need.

Why not the library's own pass: it looks up and mixes the same word's features again at every place where it stands
(40% of the work), and its layers copy more than they compute. The weights, the layout (four rows of padding between
texts) and the arithmetic are the library's; only the last bits of the floats differ. What has another layout than
the small English models gives None at loading, and the library computes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.intp]
Key = tuple[int, int, int]  # number of the word, of its norm ("n't" is "not"), whether a space follows
MAX_WORDS = 40_000  # different words whose first vectors are kept; with two networks about 30 MB
_EPSILON = 1e-8  # of the layer norm, as in the library


@dataclass(frozen=True, slots=True)
class Layer:
    """One convolution: window of three, maxout of `pieces`, layer norm. `weights`: inputs x (pieces * width)."""

    weights: Floats
    bias: Floats
    scale: Floats
    shift: Floats
    width: int
    pieces: int

    def __call__(self, x: Floats) -> Floats:
        """The layer's output for rows that already hold their windows."""
        z = x @ self.weights
        z += self.bias
        best: Floats = np.maximum(z[:, : self.width], z[:, self.width : 2 * self.width])
        for k in range(2, self.pieces):
            np.maximum(best, z[:, k * self.width : (k + 1) * self.width], out=best)
        best -= best.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", best, best)
        spread /= self.width
        spread += _EPSILON
        best *= (1.0 / np.sqrt(spread))[:, None]
        best *= self.scale
        best += self.shift
        return best


@dataclass(slots=True)
class Network:
    """One word-vector network: the library's embedding, asked once for each word, and our pass over the layers.

    `rows` and `table` are a cache: they change no result.
    """

    embed: Any
    vocab: Any
    layers: tuple[Layer, ...]
    pad: int
    width: int
    rows: dict[Key, int] = field(default_factory=dict)
    table: Floats = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))

    def vectors(self, words: list[list[Key]]) -> list[Floats]:
        """One row for each word of each text. The numbers are those of the library's table of strings."""
        if len(self.rows) > MAX_WORDS:
            self.rows.clear()
        rows = self.rows
        missing = list(dict.fromkeys(w for text in words for w in text if w not in rows))
        if missing:
            self._learn(missing)
        size = sum(len(text) + self.pad for text in words) + self.pad
        x = np.zeros((size, self.width), dtype=np.float32)
        at = self.pad
        spans: list[tuple[int, int]] = []
        for text in words:
            x[at : at + len(text)] = self.table[[rows[w] for w in text]]
            spans.append((at, at + len(text)))
            at += len(text) + self.pad
        window = np.zeros((size, 3 * self.width), dtype=np.float32)
        for layer in self.layers:
            window[1:, : self.width] = x[:-1]
            window[:, self.width : 2 * self.width] = x
            window[:-1, 2 * self.width :] = x[1:]
            x += layer(window)
        return [x[a:b] for a, b in spans]

    def _learn(self, words: list[Key]) -> None:
        from spacy.tokens import Doc

        strings = self.vocab.strings
        doc = Doc(self.vocab, words=[strings[w] for w, _, _ in words], spaces=[space == 1 for _, _, space in words])
        for token, (_, norm, _) in zip(doc, words, strict=True):
            if token.norm != norm:
                token.norm_ = strings[norm]
        new = self.embed.predict([doc])[0]
        first = len(self.rows)
        if first + len(words) > len(self.table):
            grown = np.zeros((2 * (first + len(words)) + 1000, self.width), dtype=np.float32)
            if first:
                grown[:first] = self.table[:first]
            self.table = grown
        self.table[first : first + len(words)] = new
        self.rows.update((w, first + k) for k, w in enumerate(words))


def read_network(model: Any, vocab: Any) -> Network | None:
    """The network of a loaded model; None when it is not built as we expect."""
    try:
        embed, encode = model.layers
        blocks = [block.layers[0] for block in encode.layers[0].layers]
        if not all(block.name.startswith("residual") for block in encode.layers[0].layers):
            return None
        layers = []
        for block in blocks:
            window, rest = block.layers
            maxout, norm = rest.layers[0].layers
            if (window.name, maxout.name, norm.name) != ("expand_window", "maxout", "layernorm"):
                return None
            if window.attrs["window_size"] != 1:
                return None
            layers.append(_layer(maxout, norm))
        pad = int(encode.attrs["pad"])
    except (AttributeError, KeyError, ValueError, TypeError, IndexError):
        return None
    return Network(embed, vocab, tuple(layers), pad, layers[0].width) if layers else None


def _layer(maxout: Any, norm: Any) -> Layer:
    w, b = maxout.get_param("W"), maxout.get_param("b")
    width, pieces, inputs = w.shape
    weights = np.ascontiguousarray(w.transpose(1, 0, 2).reshape(pieces * width, inputs).T)
    return Layer(
        weights=weights,
        bias=np.ascontiguousarray(b.reshape(width, pieces).T.reshape(-1)),
        scale=np.asarray(norm.get_param("G")),
        shift=np.asarray(norm.get_param("b")),
        width=width,
        pieces=pieces,
    )
