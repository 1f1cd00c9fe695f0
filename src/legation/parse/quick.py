"""The library's models without its detours: tokens and trees by its own compiled code, the rest by ours.

The same weights and the same decisions; a test compares both ways word by word. A pipeline that is built in another
way is run by the library (`read_quick` gives None).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from legation.parse.columns import Columns
from legation.parse.entities import Recogniser, read_recogniser
from legation.parse.network import Floats, Key, Network, read_network
from legation.parse.words import Word, WordTable, read_words

KNOWN = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "ner")
BATCH = 48  # texts computed at once: more fit no cache


@dataclass(frozen=True, slots=True)
class Quick:
    """The parts of a loaded pipeline."""

    nlp: Any
    network: Network
    parser: Any
    tag_weights: Floats
    tag_bias: Floats
    tags: tuple[str, ...]
    words: WordTable
    recogniser: Recogniser

    def pipe(self, texts: Sequence[str]) -> Iterator[Columns]:
        """The columns of each text."""
        for k in range(0, len(texts), BATCH):
            yield from self._batch([self.nlp.make_doc(text) for text in texts[k : k + BATCH]])

    def _batch(self, docs: list[Any]) -> Iterator[Columns]:
        from spacy.attrs import DEP, HEAD, IDX, IS_SPACE, LENGTH, NORM, ORTH, SENT_START, SPACY

        tables = [doc.to_array([ORTH, NORM, SPACY, IDX, LENGTH, IS_SPACE]) for doc in docs]
        words = [list(zip(*(t[:, k].tolist() for k in range(3)), strict=True)) for t in tables]
        vectors = self.network.vectors(words)
        for doc, rows in zip(docs, vectors, strict=True):
            doc.tensor = rows
        self.parser.set_annotations(docs, self.parser.predict(docs))
        entities = self._entities(docs, tables, words)
        trees = [doc.to_array([HEAD, DEP, SENT_START]) for doc in docs]
        seen = [self._words(*text) for text in zip(docs, tables, trees, vectors, strict=True)]
        answers = self.words.read(seen)
        for k, (table, tree) in enumerate(zip(tables, trees, strict=True)):
            yield Columns(
                starts=table[:, 3].tolist(),
                ends=(table[:, 3] + table[:, 4]).tolist(),
                lemmas=[lemma for _, lemma in answers[k]],
                pos=[pos for pos, _ in answers[k]],
                tags=[tag for _, tag, _ in seen[k]],
                deps=[dep for _, _, dep in seen[k]],
                heads=(tree[:, 0].astype(np.int64) + np.arange(len(tree))).tolist(),
                opens=(tree[:, 2] == 1).tolist(),
                spaces=(table[:, 5] == 1).tolist(),
                entities=entities[k],
            )

    def _words(self, doc: Any, table: Any, tree: Any, rows: Floats) -> list[Word]:
        """Text, tag and label of each word."""
        strings = doc.vocab.strings
        names = {key: strings[key] for key in set(tree[:, 1].tolist())}
        choice = (rows @ self.tag_weights + self.tag_bias).argmax(axis=1).tolist()
        forms = [strings[key] for key in table[:, 0].tolist()]
        return [(f, self.tags[c], names[d]) for f, c, d in zip(forms, choice, tree[:, 1].tolist(), strict=True)]

    def _entities(
        self, docs: Sequence[Any], tables: Sequence[Any], words: list[list[Key]]
    ) -> list[list[tuple[int, int, str]]]:
        """Entities of each text, by word numbers within it."""
        from spacy.attrs import SENT_START

        vectors = self.recogniser.network.vectors(words)
        starts = np.concatenate([doc.to_array(SENT_START) == 1 for doc in docs])
        spaces = np.concatenate([t[:, 5] == 1 for t in tables])
        ends = np.zeros(len(starts), dtype=bool)
        sizes = np.cumsum([len(w) for w in words])
        ends[sizes - 1] = True
        out: list[list[tuple[int, int, str]]] = [[] for _ in docs]
        places = sizes.tolist()
        number = 0
        for first, last, label in self.recogniser.find(np.concatenate(vectors), starts, spaces, ends):
            while first >= places[number]:
                number += 1
            begin = places[number] - len(words[number])
            out[number].append((first - begin, last - begin, label))
        return out


def read_quick(nlp: Any, lemmas: Mapping[str, str]) -> Quick | None:
    """The quick way through a loaded pipeline; None when any of its parts is not built as we expect."""
    if tuple(nlp.pipe_names) != KNOWN:
        return None
    network = read_network(nlp.get_pipe("tok2vec").model, nlp.vocab)
    recogniser = read_recogniser(nlp.get_pipe("ner"))
    words = read_words(nlp, lemmas)
    try:
        tagger = nlp.get_pipe("tagger")
        softmax = tagger.model.layers[1].layers[0]
        weights, bias = softmax.get_param("W"), softmax.get_param("b")
    except (AttributeError, KeyError, ValueError, IndexError):
        return None
    if network is None or recogniser is None or words is None or len(tagger.labels) != len(bias):
        return None
    return Quick(
        nlp=nlp,
        network=network,
        parser=nlp.get_pipe("parser"),
        tag_weights=np.ascontiguousarray(weights.T),
        tag_bias=np.asarray(bias),
        tags=tuple(tagger.labels),
        words=words,
        recogniser=recogniser,
    )
