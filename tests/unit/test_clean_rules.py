"""Every entry of chrome.yml does what its examples say; every feature has a weight and a reason."""

from __future__ import annotations

import pytest

from legation.clean import Cleaner, load_cleaner
from legation.clean.classify import certain, undouble
from legation.clean.cleaner import FOLDER, ChromeEntry, ChromeFile
from legation.clean.features import FEATURES, words_of
from legation.datafiles import read_yaml

ENTRIES = read_yaml(FOLDER / "chrome.yml", ChromeFile).value.chrome


@pytest.fixture(scope="module")
def cleaner() -> Cleaner:
    return load_cleaner()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: e.id)
def test_examples(entry: ChromeEntry, cleaner: Cleaner) -> None:
    rule = next(r for r in cleaner.rules if r.id == entry.id)
    assert entry.examples
    assert entry.not_
    for text in entry.examples:
        assert rule.pattern.search(text), text
        if entry.always:
            assert certain(text, len(words_of(text)), cleaner.rules), text
    for text in entry.not_:
        assert not rule.pattern.search(text), text
        assert certain(text, len(words_of(text)), cleaner.rules) is None, text


def test_every_feature_has_a_weight(cleaner: Cleaner) -> None:
    assert set(cleaner.weights) == set(FEATURES)


def test_files_are_named(cleaner: Cleaner) -> None:
    names = ("chrome.yml", "lines.yml", "language.yml", "languages.tsv")
    assert [f.name for f in cleaner.files] == [f"clean/{x}" for x in names]


@pytest.mark.parametrize(
    ("text", "once"),
    [("Send by postSend by post", "Send by post"), ("Share Share", "Share"), ("The king spoke.", "The king spoke.")],
)
def test_undouble(text: str, once: str) -> None:
    assert undouble(text) == once


@pytest.mark.parametrize(
    "text",
    [
        "The ministers of Arnor and Rohan met in Dale on Monday and agreed to reopen the pass.",
        '"We will not share this river," the king told reporters.',
        "Rhun's envoy said the photo of the bridge was a forgery, the Pelargir Post reported.",
        "The court sentenced the editor of the Pelargir Post to two years in prison.",
        "Police fired tear gas at the crowd, witnesses told Reuters.",
        "On Monday, Harad recalled its ambassador.",
        "The video shows soldiers crossing the ford.",
        "A video released by the raiders shows three captives.",
        "By Sunday the rebels held the harbour.",
        "Follow-up talks are planned in Lorien.",
        "The parliament published its report on Tuesday, 3 March.",
    ],
)
def test_news_is_never_certain_furniture(text: str, cleaner: Cleaner) -> None:
    assert certain(text, len(words_of(text)), cleaner.rules) is None
