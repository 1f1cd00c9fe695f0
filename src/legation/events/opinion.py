"""The encoder as second opinion: which type a sentence tells of, when its parties are marked.

A small transformer (MiniLM, six layers, int8) fine-tuned on the project's own sentences only; it runs on one thread
of onnxruntime. The package works without its file: then the rules stand alone and `legation info` says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from legation.datafiles import DataFile, fingerprint, read_bytes
from legation.events.marking import MARKS, encode
from legation.problems import ResourceError

FOLDER = Path(__file__).parent / "model"
NONE = "none"
FLOOR = 1e-4  # a probability below this weighs no less


@dataclass(frozen=True, slots=True)
class Question:
    """What the encoder is asked: a text and the spans in it of "source", "target" and "trigger", where known."""

    text: str
    spans: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Opinion:
    """Probabilities: of each type and "none" (they sum to one), of the modes of each type, of each context alone."""

    types: Mapping[str, float]
    modes: Mapping[str, float]
    contexts: Mapping[str, float]

    def mode(self, type_: str) -> tuple[str | None, float]:
        """The likeliest mode if the event is of this type, and its probability among the modes of that type."""
        own = {name.partition("/")[2]: p for name, p in self.modes.items() if name.startswith(type_ + "/")}
        total = sum(own.values())
        if not own or total <= 0:
            return None, 0.0
        best = max(sorted(own), key=lambda m: own[m])
        return best, own[best] / total


@dataclass(frozen=True)
class Encoder:
    """The loaded model. `name` says what it is in `why` and in the run."""

    name: str
    session: Any
    tokenizer: Any
    types: tuple[str, ...]
    modes: tuple[str, ...]
    contexts: tuple[str, ...]
    card: Mapping[str, Any]
    files: tuple[DataFile, ...]

    def ask(self, questions: Sequence[Question]) -> list[Opinion]:
        """One opinion for each question, in their order. The same question has the same answer in any company.

        Each question runs by itself: int8 weights are scaled by what stands in the batch, so that company would
        change the last digits.
        """
        return [self._answer(question) for question in questions]

    def _answer(self, question: Question) -> Opinion:
        import numpy as np

        ids, marks = encode(self.tokenizer, question.text, question.spans)
        row = np.array([ids], dtype=np.int64)
        feed = {"ids": row, "mask": np.ones_like(row), "marks": np.array([marks], dtype=np.int64)}
        kind, mode, context = self.session.run(["type", "mode", "context"], feed)
        types = np.exp(kind[0] - kind[0].max())
        modes = np.exp(mode[0] - mode[0].max())
        contexts = 1.0 / (1.0 + np.exp(-context[0]))

        def named(names: Sequence[str], values: Any) -> dict[str, float]:
            return {name: round(float(v), 4) for name, v in zip(names, values, strict=True)}

        return Opinion(
            named(self.types, types / types.sum()),
            named(self.modes, (modes / modes.sum())[1:]),  # the first says "no mode"
            named(self.contexts, contexts),
        )


def load_encoder(folder: Path = FOLDER) -> Encoder | None:
    """The encoder of the package, or None when its file is not installed. ResourceError when it is damaged."""
    model, words, card = folder / "model.onnx", folder / "tokenizer.json", folder / "card.json"
    if not model.exists():
        return None
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        about = json.loads(read_bytes(card))
        tokenizer = Tokenizer.from_file(str(words))
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        types, modes, contexts = (tuple(about[key]) for key in ("types", "modes", "contexts"))
    except Exception as error:  # onnxruntime and tokenizers raise types of their own
        raise ResourceError(str(folder), f"the encoder cannot be loaded ({str(error).splitlines()[0]})") from error
    if any(tokenizer.token_to_id(word) is None for pair in MARKS.values() for word in pair):
        raise ResourceError(str(words), "lacks the marker words of the encoder")
    files = tuple(fingerprint(path, read_bytes(path)) for path in (card, model, words))
    name = f"encoder:{files[1].sha256[:8]}"
    return Encoder(name, session, tokenizer, types, modes, contexts, about, files)
