"""Which lemmas a word form may be given, whatever its part of speech: the lemmatiser's tables read without a parse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Forms:
    """`exceptions` and `suffixes` are the lemmatiser's own; `lemmas` ours."""

    exceptions: tuple[Mapping[str, Any], ...]
    suffixes: tuple[tuple[str, str], ...]
    lemmas: Mapping[str, str]

    def lemmas_of(self, form: str) -> set[str]:
        """Every lemma that any reading of the form may have; the form itself is one. Lower case."""
        found = {form}
        for table in self.exceptions:
            found.update(table.get(form, ()))
        for old, new in self.suffixes:
            if form.endswith(old):
                found.add(form[: len(form) - len(old)] + new)
        if form in self.lemmas:
            found.add(self.lemmas[form])
        return found


def read_forms(nlp: Any, lemmas: Mapping[str, str]) -> Forms | None:
    """The forms of a loaded pipeline; None when its lemmatiser does not go by rules."""
    try:
        lemmatiser = nlp.get_pipe("lemmatizer")
        if lemmatiser.mode != "rule":
            return None
        exceptions = lemmatiser.lookups.get_table("lemma_exc")
        rules = lemmatiser.lookups.get_table("lemma_rules")
    except (AttributeError, KeyError, ValueError):
        return None
    suffixes = sorted({(old, new) for pairs in rules.values() for old, new in pairs})
    return Forms(tuple(exceptions.values()), tuple(suffixes), lemmas)
