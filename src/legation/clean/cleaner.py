"""The data of this stage: words of page furniture, weights of line features, function words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import field_validator, model_validator

from legation.clean.features import FEATURES
from legation.datafiles import DataFile, Schema, read_tsv, read_yaml
from legation.problems import ResourceError

FOLDER = Path(__file__).parent

Reason = Literal[
    "share", "caption", "credit", "promo", "player", "alert", "newsletter", "menu", "byline-meta", "cookie",
    "related", "comments", "legal", "repeated", "title-again", "other",
]  # fmt: skip


class ChromeEntry(Schema):
    """One kind of furniture line, see the head of chrome.yml."""

    id: str
    reason: Reason
    where: Literal["whole", "start", "end", "anywhere"]
    always: bool
    ends: float = 0.0
    case: bool = False
    quoted: bool = False
    most: int = 40
    phrases: tuple[str, ...] = ()
    pattern: str | None = None
    examples: tuple[str, ...]
    not_: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _not(cls, data: object) -> object:
        if isinstance(data, dict) and "not" in data:
            data = {**data, "not_": data["not"]}
            del data["not"]
        return data

    @model_validator(mode="after")
    def _one_form(self) -> ChromeEntry:
        if bool(self.phrases) == bool(self.pattern):
            raise ValueError("needs either phrases or a pattern")
        return self

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"not a regular expression ({error})") from error
        return value


class ChromeFile(Schema):
    """chrome.yml"""

    chrome: tuple[ChromeEntry, ...]


class FeatureWeight(Schema):
    """One feature of a line and its weight."""

    feature: str
    weight: float
    note: str

    @field_validator("feature")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in FEATURES:
            raise ValueError(f"unknown feature; known are {', '.join(sorted(FEATURES))}")
        return value


class SegmentSettings(Schema):
    """How lines are joined to an article, see lines.yml."""

    near: float
    reach: int
    interruption: float
    long_run: float
    keep: float
    lone_line: float
    plain: float


class ContextSettings(Schema):
    """Weights for short lines seen with the article around them, see lines.yml."""

    short: int
    beside_furniture: float
    no_shared_words: float
    few_shared_words: float
    many_shared_words: float
    list_of_article: float
    list_inside: float
    after_colon: float
    introduces: float
    sentence_below: float
    run_of_headlines: float


class TitleSettings(Schema):
    """How the headline of a scraped page is found, see lines.yml."""

    back: int
    least_words: int
    most_words: int
    least_shared: float
    only_above: float
    above_byline: float
    distance: float


class LinesFile(Schema):
    """lines.yml"""

    features: tuple[FeatureWeight, ...]
    segment: SegmentSettings
    context: ContextSettings
    title: TitleSettings


class LanguageFile(Schema):
    """language.yml"""

    english: frozenset[str]
    scripts: dict[str, tuple[tuple[int, int], ...]]
    in_names: frozenset[str]
    least_foreign_letters: int
    short_hits: int
    short_share: float
    alone_share: float
    accented_share: float
    none_share: float
    least_words: int
    least_share: float
    least_letters: float
    reader_words: frozenset[str]
    months: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One row of languages.tsv: a language and its small words."""

    code: str
    name: str
    script: str
    words: frozenset[str]
    example: str


@dataclass(frozen=True, slots=True)
class Languages:
    """What language.py needs, with the words turned round: `by_word` goes from a word to the codes that have it."""

    settings: LanguageFile
    profiles: tuple[Profile, ...]
    by_word: dict[str, tuple[str, ...]]
    words_of: dict[str, frozenset[str]]

    def name(self, code: str) -> str | None:
        """The English name of a language, None when it is not in the list."""
        return next((p.name for p in self.profiles if p.code == code), None)

    def script_of(self, letter: str) -> str:
        """The script of a letter, "other" when it is not in the list."""
        at = ord(letter)
        for name, ranges in self.settings.scripts.items():
            if any(first <= at <= last for first, last in ranges):
                return name
        return "other"


@dataclass(frozen=True, slots=True)
class ChromeRule:
    """A compiled entry of chrome.yml."""

    id: str
    reason: Reason
    always: bool
    ends: float
    most: int
    quoted: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Everything that cleaning needs, loaded once. `files` are its fingerprints."""

    rules: tuple[ChromeRule, ...]
    weights: dict[str, float]
    segment: SegmentSettings
    context: ContextSettings
    title: TitleSettings
    language: LanguageFile
    languages: Languages
    files: tuple[DataFile, ...]


def _phrase(text: str) -> str:
    return re.escape(text).replace(r"\*", ".{1,80}?").replace("’", "['’]").replace(r"\ ", r"\s+")


def _compile(entry: ChromeEntry) -> re.Pattern[str]:
    """One regular expression for an entry, to be used with `search` on a stripped line."""
    if entry.pattern is not None:
        core = entry.pattern
    else:
        core = "(?:" + "|".join(_phrase(x) for x in sorted(entry.phrases, key=lambda x: (-len(x), x))) + ")"
    bounded = core if entry.pattern is not None else rf"(?<!\w){core}(?!\w)"
    shape = {
        "whole": rf"\A[^\w(©]*(?:{core})\W*\Z",
        "start": rf"\A[^\w(\[©]*(?:{bounded})",
        "end": rf"(?:{bounded})\s*\Z",
        "anywhere": bounded,
    }[entry.where]
    return re.compile(shape, 0 if entry.case else re.IGNORECASE)


def load_cleaner() -> Cleaner:
    """Read and check the data files. ResourceError names file, line and key."""
    chrome = read_yaml(FOLDER / "chrome.yml", ChromeFile)
    lines = read_yaml(FOLDER / "lines.yml", LinesFile)
    language = read_yaml(FOLDER / "language.yml", LanguageFile)
    ids = [x.id for x in chrome.value.chrome]
    double = sorted({x for x in ids if ids.count(x) > 1})
    if double:
        raise ResourceError("clean/chrome.yml", f"the id {double[0]!r} stands twice")
    rules = tuple(
        ChromeRule(x.id, x.reason, x.always, x.ends, x.most, x.quoted, _compile(x)) for x in chrome.value.chrome
    )
    weights = {x.feature: x.weight for x in lines.value.features}
    table = read_tsv(FOLDER / "languages.tsv", ("code", "name", "script", "words", "example"))
    files = (chrome.file, lines.file, language.file, table.file)
    value = lines.value
    languages = _languages(language.value, table.value)
    return Cleaner(rules, weights, value.segment, value.context, value.title, language.value, languages, files)


def _languages(settings: LanguageFile, rows: list[list[str]]) -> Languages:
    """The rows of languages.tsv. ResourceError for a script that language.yml does not have, or a code twice."""
    profiles: list[Profile] = []
    by_word: dict[str, list[str]] = {}
    for code, name, script, words, example in rows:
        if script != "latin" and script not in settings.scripts:
            raise ResourceError("clean/languages.tsv", f"there is no script {script!r} in language.yml", key=code)
        if any(p.code == code for p in profiles) or code == "en":
            raise ResourceError("clean/languages.tsv", f"the code {code!r} stands twice", key=code)
        profiles.append(Profile(code, name, script, frozenset(words.split()), example))
        for word in profiles[-1].words:
            by_word.setdefault(word, []).append(code)
    turned = {word: tuple(sorted(codes)) for word, codes in sorted(by_word.items())}
    return Languages(settings, tuple(profiles), turned, {p.code: p.words for p in profiles})
