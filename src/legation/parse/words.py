"""Parts of speech and lemmas: what the library's ruler and lemmatiser say of a word with its tag and label.

Both look at one word at a time, so they are asked once for each word, tag and (where their rules name it) label, and
the answer is kept: they took 30% of the parser's time. Their few rules over two words ("there is", "gonna") are found
by `Pairs` and asked with both words. A word that no rule names is not asked about at all where its tag and label
settle the matter: a name keeps its form, a base form is its own lemma.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Word = tuple[str, str, str]  # text, tag, dependency label
Answer = tuple[str, str]  # coarse part of speech, lemma
MAX_ANSWERS = 200_000
OTHER = "dep"  # a label that says nothing
NEUTRAL = "Qvaxbo"  # a word of which no rule speaks
STOP: Word = (".", ".", OTHER)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The ruler's patterns over two words, each word with what it demands of text, tag and label."""

    patterns: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...]

    def fits(self, first: Word, second: Word) -> bool:
        """Whether any pattern fits the two words."""
        return any(_fits(a, first) and _fits(b, second) for a, b in self.patterns)

    def opens(self, word: Word) -> bool:
        """Whether any pattern may begin with the word."""
        return any(_fits(a, word) for a, _ in self.patterns)


def _fits(wanted: Mapping[str, Any], word: Word) -> bool:
    text, tag, label = word
    values = {"LOWER": text.lower(), "ORTH": text, "TAG": tag, "DEP": label}
    for key, demand in wanted.items():
        if key == "IS_SPACE":
            if demand != text.isspace():
                return False
            continue
        value = values[key]  # another key: KeyError, see `read_words`
        if isinstance(demand, str):
            if value != demand:
                return False
        elif not all(_holds(how, what, value) for how, what in demand.items()):
            return False
    return True


def _holds(how: str, what: Any, value: str) -> bool:
    if how == "IN":
        return value in what
    if how == "NOT_IN":
        return value not in what
    if how == "REGEX":
        return re.search(what, value) is not None
    raise ValueError(how)


@dataclass(slots=True)
class Kind:
    """Words with one tag and label; stands in for a token of the library where its lemmatiser asks for one.

    `lemma`: the form as it stands, the form in lower case, or what the lemmatiser's rules say.
    """

    pos_: str
    pos: int
    morph: Any
    lemma: Literal["form", "lower", "rules"]
    text: str = ""
    orth: int = 0


@dataclass(slots=True)
class WordTable:
    """Answers that were given before. They are a cache: they change no result."""

    vocab: Any
    ruler: Any
    lemmatiser: Any
    lemmas: Mapping[str, str]
    pairs: Pairs
    labels: frozenset[str]  # dependency labels that any rule of the ruler names; all others are as good as OTHER
    named: frozenset[str]  # words that a rule of the ruler names, in lower case
    shapes: re.Pattern[str] | None  # and what such words look like
    openers: dict[str, bool] = field(default_factory=dict)
    kinds: dict[tuple[str, str], Kind] = field(default_factory=dict)
    answers: dict[Word, tuple[str, str, bool]] = field(default_factory=dict)
    paired: dict[tuple[Word, Word], tuple[Answer, Answer]] = field(default_factory=dict)

    def read(self, texts: Sequence[Sequence[Word]]) -> list[list[Answer]]:
        """Part of speech and lemma of each word of each text."""
        if len(self.answers) + len(self.paired) > MAX_ANSWERS:
            self.answers.clear()
            self.paired.clear()
            self.lemmatiser.cache.clear()
        answers, labels = self.answers, self.labels
        texts = [[w if w[2] in labels else (w[0], w[1], OTHER) for w in words] for words in texts]
        missing = list(dict.fromkeys(w for words in texts for w in words if w not in answers))
        if missing:
            answers.update(self._ask(missing))
        return [self._read(words) for words in texts]

    def _read(self, words: Sequence[Word]) -> list[Answer]:
        found = [self.answers[word] for word in words]
        out = [(pos, lemma) for pos, lemma, _ in found]
        for k in [k for k, (_, _, opens) in enumerate(found[:-1]) if opens]:
            both = (words[k], words[k + 1])
            if self.pairs.fits(*both):
                if both not in self.paired:
                    self.paired[both] = self._ask_both(both)
                out[k], out[k + 1] = self.paired[both]
        return out

    def _ask(self, words: Sequence[Word]) -> dict[Word, tuple[str, str, bool]]:
        """Each word alone: what stands between them fits no pattern over two words."""
        found: dict[Word, tuple[str, str, bool]] = {}
        unsettled: list[Word] = []
        for word in words:
            settled = self._settled(word)
            if settled is None:
                unsettled.append(word)
            else:  # no pattern names the word, so that a pattern over two can only begin with its label
                opens = self.openers.get(word[2])
                if opens is None:
                    opens = self.openers[word[2]] = self.pairs.opens((NEUTRAL, "", word[2]))
                found[word] = (*settled, opens)
        if unsettled:
            found.update(self._ask_all(unsettled))
        return found

    def _settled(self, word: Word) -> Answer | None:
        """The answer where tag and label alone decide it."""
        text, tag, label = word
        lower = text.lower()
        if lower in self.named or text.isspace() or (self.shapes and self.shapes.search(lower)):
            return None
        kind = self.kinds.get((tag, label))
        if kind is None:
            kind = self.kinds[tag, label] = self._kind(tag, label)
        if kind.lemma == "form":
            return kind.pos_, text
        if kind.lemma == "rules":
            kind.text, kind.orth = text, self.vocab.strings.add(text)
            found = self.lemmatiser.rule_lemmatize(kind)[0]
            return kind.pos_, found if kind.pos_ == "PROPN" else self.lemmas.get(lower) or found.lower()
        return kind.pos_, self.lemmas.get(lower) or lower

    def _kind(self, tag: str, label: str) -> Kind:
        """What the ruler makes of any word with this tag and label."""
        token = self._doc(((NEUTRAL, tag, label),))[0]
        tables = any(
            self.lemmatiser.lookups.get_table(name, {}).get(token.pos_.lower())
            for name in ("lemma_index", "lemma_exc", "lemma_rules")
        )
        lemma: Literal["form", "lower", "rules"] = "rules"
        if token.pos_ == "PROPN" and not tables:
            lemma = "form"
        elif token.pos_ not in ("", "PROPN") and (not tables or self.lemmatiser.is_base_form(token)):
            lemma = "lower"
        return Kind(token.pos_, token.pos, token.morph, lemma)

    def _ask_all(self, words: Sequence[Word]) -> dict[Word, tuple[str, str, bool]]:
        opens = [self.pairs.opens(word) for word in words]
        apart: list[Word] = []
        at: list[int] = []
        for word, opening in zip(words, opens, strict=True):
            at.append(len(apart))
            apart += [word, STOP] if opening else [word]
        answers = self._run(apart)
        return {w: (*answers[k], opening) for w, k, opening in zip(words, at, opens, strict=True)}

    def _ask_both(self, both: tuple[Word, Word]) -> tuple[Answer, Answer]:
        one, two = self._run(both)
        return one, two

    def _run(self, words: Sequence[Word]) -> list[Answer]:
        return [(t.pos_, lemma_of(t, self.lemmas)) for t in self._doc(words)]

    def _doc(self, words: Sequence[Word]) -> Any:
        from spacy.tokens import Doc

        doc = Doc(
            self.vocab,
            words=[text for text, _, _ in words],
            tags=[tag for _, tag, _ in words],
            deps=[label for _, _, label in words],
            heads=list(range(len(words))),
        )
        return self.lemmatiser(self.ruler(doc))


def _name(wanted: Mapping[str, Any], named: set[str], shapes: set[str]) -> bool:
    """Note which words a pattern over one word speaks of; False when it cannot be told."""
    demand = wanted.get("LOWER")
    if demand is None:
        return not wanted.keys() - {"TAG", "DEP", "IS_SPACE"}  # white space is always asked about
    if isinstance(demand, str):
        named.add(demand)
        return True
    named.update(demand.get("IN", ()))
    shapes.update([demand["REGEX"]] if "REGEX" in demand else ())
    return not demand.keys() - {"IN", "REGEX"}


def lemma_of(token: Any, lemmas: Mapping[str, str]) -> str:
    """Our lemma of one of the library's tokens: lower case except for names; `lemmas` mends what it gets wrong."""
    lemma: str = token.lemma_
    return lemma if token.pos_ == "PROPN" else lemmas.get(token.lower_) or lemma.lower()


def _index_words(lemmatiser: Any) -> None:
    """Sets instead of lists in the lemmatiser's index: it looks for every candidate among tens of thousands."""
    index = lemmatiser.lookups.get_table("lemma_index", {})
    for pos in list(index):
        index[pos] = frozenset(index[pos])


def read_words(nlp: Any, lemmas: Mapping[str, str]) -> WordTable | None:
    """The table of a loaded pipeline; None when its ruler and lemmatiser look at more than we can tell."""
    try:
        ruler, lemmatiser = nlp.get_pipe("attribute_ruler"), nlp.get_pipe("lemmatizer")
        if lemmatiser.mode != "rule":
            return None
        pairs: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
        named: set[str] = set()
        shapes: set[str] = set()
        labels: set[str] = set()
        for rule in ruler.patterns:
            for pattern in rule["patterns"]:
                if len(pattern) > 2 or any("OP" in word for word in pattern):
                    return None
                for demand in [word["DEP"] for word in pattern if "DEP" in word]:
                    labels.update([demand] if isinstance(demand, str) else demand.get("IN", demand.get("NOT_IN")))
                if len(pattern) == 1:
                    _fits(pattern[0], STOP)
                    if not _name(pattern[0], named, shapes):
                        return None
                else:
                    pairs.append((pattern[0], pattern[1]))
        for a, _ in pairs:
            if not _name(a, named, shapes) or not (a.keys() & {"LOWER", "DEP"}):
                return None
        expression = re.compile("|".join(f"(?:{shape})" for shape in sorted(shapes))) if shapes else None
        if NEUTRAL.lower() in named or (expression and expression.search(NEUTRAL.lower())):
            return None
        if OTHER in labels or any(_fits(word, STOP) for pair in pairs for word in pair):
            return None
        _index_words(lemmatiser)
    except (AttributeError, KeyError, ValueError, TypeError):
        return None
    return WordTable(
        nlp.vocab, ruler, lemmatiser, lemmas, Pairs(tuple(pairs)), frozenset(labels), frozenset(named), expression
    )
