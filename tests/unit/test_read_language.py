"""What is not English is recognised and said so, in twenty languages; English in any shape is coded."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from legation.clean import clean, load_cleaner
from legation.clean.cleaner import Profile
from legation.clean.language import judge
from legation.model.text import RawDocument
from legation.pipeline import code_document
from legation.problems import DocumentError
from legation.resources import Resources

CLEANER = load_cleaner()
DATA = CLEANER.languages

ROWS = (Path(__file__).parent.parent / "data" / "read" / "languages.tsv").read_text("utf8").splitlines()
SENTENCES = dict(row.split("\t") for row in ROWS if not row.startswith("#"))
ENGLISH = (
    "The chancellor of Rohan met the king on Tuesday to talk about the border, which has been closed for three weeks. "
    "Afterwards he said that there is no way out of the dispute yet."
)


@pytest.mark.parametrize("profile", DATA.profiles, ids=lambda p: p.code)
def test_examples_of_the_table(profile: Profile) -> None:
    found = judge(profile.example, DATA)
    assert (found.code, found.sure) == (profile.code, True)


@pytest.mark.parametrize("code", SENTENCES)
def test_languages(code: str) -> None:
    text = SENTENCES[code]
    assert judge(text, DATA).code == code
    first = judge(text.split(". ")[0], DATA)
    assert not first.english, first
    raw = RawDocument("a", text, "text", "a.txt", already_clean=True)
    with pytest.raises(DocumentError) as caught:
        clean(raw, CLEANER)
    problem = caught.value.problem
    assert (problem.code, problem.name) == ("language", "a.txt")
    assert str(DATA.name(code)) in problem.message and "English" in problem.message


@pytest.mark.parametrize("code", SENTENCES)
def test_a_few_words_are_never_surely_english(code: str) -> None:
    words = SENTENCES[code].split()
    for k in range(1, min(9, len(words))):
        found = judge(" ".join(words[:k]), DATA)
        assert not (found.english and found.sure), (k, found)


@pytest.mark.parametrize("code", [c for c in SENTENCES if c not in ("ja", "zh", "ko", "ar", "fa", "hi", "he")])
def test_capitals_do_not_hide_a_language(code: str) -> None:
    assert not judge(SENTENCES[code].upper(), DATA).english


def test_what_the_caller_says_counts_only_where_the_text_says_nothing() -> None:
    def cleaned(text: str, language: str | None) -> str:
        raw = RawDocument("a", text, "text", "a", already_clean=True, language=language)
        return clean(raw, CLEANER, any_language=True).language

    assert cleaned("Rohan: Edoras 3, Dunharrow 1", None) == "en"
    assert cleaned("Rohan: Edoras 3, Dunharrow 1", "sv") == "sv"
    assert cleaned(ENGLISH, "de") == "en"  # feeds often say what their software was delivered with
    assert cleaned(SENTENCES["de"], "en") == "de"
    with pytest.raises(DocumentError, match="Swedish"):
        clean(RawDocument("a", "Edoras 3", "text", "a", already_clean=True, language="sv"), CLEANER)


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH, ENGLISH.upper(), ENGLISH.lower().replace(",", "").replace(".", ""), "Edoras", "", "1234 5678", "…",
        "Rio de la Plata talks resume", "Macron meets Erdoğan", "EDORAS RECALLS ENVOY", "Van der Berg quits",
        "Le Pen, Mélenchon trade blows", "De Gaulle", "Die Welt: Merz wins", "La Paz, El Alto tense", "Take care.",
        "São Paulo mayor Ricardo Nunes and São Tomé's president met in Brasília.", "Taliban ban men in Herat",
        "The minister, Łukasz Ńowak, told “Die Zeit” that “es ist nicht so”, and left for Łódź with the others.",
        "1. Edoras\n2. Dunharrow\n3. Aldburg\n" * 12,
    ],
)  # fmt: skip
def test_english_and_what_shows_nothing_pass(text: str) -> None:
    assert judge(text, DATA).english


@pytest.mark.parametrize("seed", range(5))
def test_misread_letters_leave_english_english(seed: int) -> None:
    chance = random.Random(seed)
    swaps = {"h": "b", "e": "c", "m": "rn", "n": "u", "l": "1", "o": "0", "f": "i", "t": "l"}
    text = "".join(swaps.get(c, c) if chance.random() < 0.12 else c for c in ENGLISH * 4)
    assert judge(text, DATA).english


def test_there_are_twenty() -> None:
    assert len(SENTENCES) >= 20


def test_mixed_texts() -> None:
    assert judge(ENGLISH * 3 + SENTENCES["es"], DATA).code == "en"
    assert judge(SENTENCES["ru"] * 4 + ENGLISH, DATA).code == "ru"
    assert judge(SENTENCES["fr"] * 4 + ENGLISH, DATA).code == "fr"
    unknown = "Nid yw'r cyngor wedi cytuno ar y cynllun hwn eto, meddai'r arweinydd wrth bobl y dref ddydd Llun. " * 8
    assert judge(unknown, DATA).code == "und"


def test_it_is_fast_and_always_the_same() -> None:
    begun = time.process_time()
    for _ in range(50):
        assert judge(ENGLISH * 200, DATA) == judge(ENGLISH * 200, DATA)
    assert time.process_time() - begun < 2
    for text in ("a" * 1_000_000, "я" * 1_000_000, "' " * 500_000, "漢" * 500_000, "é" * 500_000):
        judge(text, DATA)
    assert time.process_time() - begun < 5


LONG = (
    "Rohan expelled the ambassador of Harad on Monday, " + "which nobody in the old city of Edoras had expected, " * 40
)


@pytest.mark.parametrize(
    "text",
    [
        LONG + "officials said.",
        "Germany " + "and France " * 150 + "condemned Russia.",
        "GERMANY EXPELS TWO RUSSIAN DIPLOMATS\n\nGERMANY EXPELLED TWO RUSSIAN DIPLOMATS ON MONDAY, THE MINISTRY SAID.",
        "germany expelled two russian diplomats on monday the ministry said russia protested and threatened to answer",
        "Gerrnany expe1led two Russian dip1omats on Mon- day , tbe rninistry said . Russia pr0tested ; no reas0n",
        "Germany — expelled … two ‘Russian’ “diplomats”;; (on [Monday]) ,, said !!! the ??? ministry",
        "Germany\nexpelled\ntwo\nRussian\ndiplomats\non\nMonday\n",
        "\u200bGermany\u00ad expelled\u00a0two\u2009Russian diplomats on Monday, the ministry said.\ufeff",
        "Germany expelled two Russian diplomats" + "." * 5_000,
        "((((" * 300 + "Germany expelled Russian diplomats" + "))))" * 300,
        "said " * 400,
        "Germany, " * 300 + "expelled diplomats.",
    ],
    ids=["tokens", "list", "capitals", "no-signs", "misread", "signs", "lines", "invisible", "dots", "brackets", "said",
         "commas"],
)  # fmt: skip
@pytest.mark.parametrize("already_clean", [True, False], ids=["clean", "raw"])
def test_text_in_a_bad_state_is_coded_or_refused_but_never_fails(
    text: str, already_clean: bool, resources: Resources
) -> None:
    begun = time.process_time()
    raw = RawDocument("a", text, "text", "a", date="2031-03-03", already_clean=already_clean)
    try:
        coded = code_document(raw, resources)
    except DocumentError as error:
        assert not already_clean and error.problem.code == "no-article"
        return
    finally:
        assert time.process_time() - begun < 20
    for record in coded.records:
        for entry in record.evidence:
            assert coded.article.text[entry.start : entry.end] == entry.text
