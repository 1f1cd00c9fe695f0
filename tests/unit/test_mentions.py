"""Who is named: every sentence is our own; expectations are what a reader would say."""

from __future__ import annotations

import time

import pytest

from legation.actors import ActorWords, find_mentions, load_words
from legation.model.actors import Mention
from legation.model.text import Article
from legation.parse.parser import parse
from legation.resources import Resources


def article(text: str, day: str | None = "2021-05-04") -> Article:
    """A clean article without a title."""
    basis = "given" if day else "none"
    return Article("test", text, None, 0, None, None, day, basis, None, "en", (), ())


class Reader:
    """Text in, mentions out."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    def __call__(self, text: str, day: str | None = "2021-05-04") -> tuple[Mention, ...]:
        a = article(text, day)
        return find_mentions(a, parse(a, self.resources.parser), self.resources.lexicon)


@pytest.fixture(scope="session")
def read(resources: Resources) -> Reader:
    """Finds the mentions of a text."""
    return Reader(resources)


def one(mentions: tuple[Mention, ...], text: str) -> Mention:
    """The mention with exactly these words."""
    found = [m for m in mentions if m.text == text]
    assert found, f"{text!r} not in {[m.text for m in mentions]}"
    return found[0]


CODES = [
    # day, sentence, words of the mention, country, sector
    ("2021-05-04", "The Norwegian police arrested two men in Oslo.", "The Norwegian police", "NOR", "COP"),
    ("2021-05-04", "A senior Hamas official rejected the plan.", "A senior Hamas official", "PSE", "REB"),
    ("2021-05-04", "Thousands of Chadian refugees crossed the river.", "Thousands of Chadian refugees", "TCD", "REF"),
    ("2021-05-04", "Police in Barcelona fired rubber bullets.", "Police", "ESP", "COP"),
    ("2021-05-04", "Rebels in Mozambique burned a village.", "Rebels", "MOZ", "REB"),
    ("2021-05-04", "The president of Peru met striking miners.", "striking miners", "PER", "LAB"),
    ("2021-05-04", "Ukrainian lawmaker Bohdan Testenko left Kyiv.", "Ukrainian lawmaker Bohdan Testenko", "UKR", "LEG"),
    ("2021-05-04", "Kenya's high court struck down the law.", "Kenya's high court", "KEN", "JUD"),
    ("2021-05-04", "The Spanish government expelled three diplomats.", "The Spanish government", "ESP", "GOV"),
    ("2021-05-04", "Bolivian farmers blocked the main road.", "Bolivian farmers", "BOL", "AGR"),
    ("2021-05-04", "Danish warships entered the strait.", "Danish warships", "DNK", "MIL"),
    ("2021-05-04", "A Greek newspaper reported the deal.", "A Greek newspaper", "GRC", "JRN"),
    ("2021-05-04", "Portuguese nurses walked out on Friday.", "Portuguese nurses", "PRT", "MED"),
    ("2021-05-04", "The Italian opposition party refused.", "The Italian opposition party", "ITA", "PTY"),
    ("2021-05-04", "A U.S. intelligence report blamed hackers.", "A U.S. intelligence report", "USA", "SPY"),
    ("2021-05-04", "Merkel's husband stayed at home.", "Merkel's husband", "DEU", "ELI"),
    ("2021-05-04", "NATO sent envoys.", "NATO", "IGO", "GOV"),
    ("2021-05-04", "An aid agency suspended its work.", "An aid agency", "NGO", "SOC"),
    ("2018-06-01", "Putin visited Beijing.", "Putin", "RUS", "GOV"),
    ("2016-03-10", "Candidate Donald Trump spoke in Ohio.", "Candidate Donald Trump", "USA", "PTY"),
]


@pytest.mark.parametrize(("day", "text", "words", "country", "sector"), CODES)
def test_country_and_sector(read: Reader, day: str, text: str, words: str, country: str, sector: str) -> None:
    m = one(read(text, day), words)
    assert (m.country, m.sector) == (country, sector)


def test_each_conjunct_of_a_shared_noun_is_an_actor(read: Reader) -> None:
    found = read("Senior Finnish and Swedish officials met on Tuesday.")
    assert (one(found, "Finnish").country, one(found, "Finnish").sector) == ("FIN", "GOV")
    assert (one(found, "Swedish officials").country, one(found, "Swedish officials").sector) == ("SWE", "GOV")


def test_place_and_government(read: Reader) -> None:
    found = read("Moscow said its envoy would return to Moscow. Britain imposed sanctions on Moscow.")
    assert [m.kind for m in found if m.text == "Moscow"] == ["metonym", "place", "metonym"]


def test_names_that_only_look_like_governments(read: Reader) -> None:
    found = read("The Washington Post and a Kremlin critic disagreed with Michael Jordan.")
    assert not any(m.text == "Washington" for m in found)
    assert one(found, "The Washington Post").sector == "JRN"
    assert one(found, "a Kremlin critic").sector == "CVL"
    assert all(m.country != "JOR" for m in found)


def test_common_surnames_need_support(read: Reader) -> None:
    assert one(read("Khan met Ali in a park."), "Khan").entity_id is None
    found = read("Pakistani Prime Minister Imran Khan spoke. Khan was brief.", "2020-05-05")
    assert one(found, "Khan").cluster == one(found, "Pakistani Prime Minister Imran Khan").cluster


def test_unknown_person_is_not_forced_into_a_country(read: Reader) -> None:
    m = one(read("Elvira Nordqvist met nobody in particular."), "Elvira Nordqvist")
    assert m.country is None and m.sector is None and m.entity_id is None


def test_title_alone_is_the_holder_on_that_day(read: Reader) -> None:
    text = "The Russian president signed the law."
    on = {day: one(read(text, day), "The Russian president").entity for day in ("2009-06-01", "2018-06-01")}
    assert on["2009-06-01"] != on["2018-06-01"]
    assert one(read(text, None), "The Russian president").entity_id is None


def test_modifiers(read: Reader) -> None:
    found = read("Former French president Paul Vernier praised acting defence minister Ada Lind of Norway.")
    assert [m.modifier for m in found if m.kind == "name" and m.modifier] == ["former", "acting"]


def test_ethnic_groups_belong_to_the_country_of_the_text(read: Reader) -> None:
    assert one(read("Police in Romania beat ethnic Hungarians."), "ethnic Hungarians").country == "ROU"


def test_backed_and_linked_take_the_country_away(read: Reader) -> None:
    assert one(read("Belarus-backed hackers attacked a bank in Vilnius."), "Belarus-backed hackers").country != "BLR"


def test_every_span_is_its_text_and_order_holds(read: Reader) -> None:
    text = "Peru's president told reporters that he and Chilean miners would meet them; the miners cheered."
    found = read(text)
    assert all(text[m.start : m.end] == m.text for m in found)
    assert list(found) == sorted(found, key=lambda m: (m.start, -m.end))
    assert found == read(text)


@pytest.fixture(scope="session")
def words() -> ActorWords:
    """The word tables."""
    return load_words()


def test_word_tables_are_clean(words: ActorWords) -> None:
    assert len(words.nouns) > 400
    assert all(w == w.lower() and w == w.strip() for w in words.nouns)
    assert len({f.name for f in words.files}) == len(words.files) == 7


SKIPPED = ("honorific", "place")


def test_every_title_and_description_is_found_with_its_sector(read: Reader, words: ActorWords) -> None:
    """Each entry's first word in a plain sentence; entries that inherit or name places have their own tests."""
    first: dict[str, str] = {}
    for word, noun in words.nouns.items():
        if noun.sort not in SKIPPED and noun.sector and not noun.inherits:
            first.setdefault(noun.id, word)
    missed = []
    for entry, word in sorted(first.items()):
        found = [m for m in read(f"The French {word} made a statement on Monday.") if m.country == "FRA"]
        sectors = {m.sector for m in found}
        if words.nouns[word].sector not in sectors:
            missed.append((entry, word, [(m.text, m.country, m.sector) for m in found]))
    assert len(missed) <= 0.06 * len(first), missed


def test_cost_grows_linearly(read: Reader) -> None:
    sentence = "The Kenyan minister told Somali officials that he would meet them, but they refused to see him. "
    times = []
    for n in (60, 240):
        a = article(sentence * n)
        p = parse(a, read.resources.parser)
        start = time.process_time()
        find_mentions(a, p, read.resources.lexicon)
        times.append(time.process_time() - start)
    assert times[1] < 12 * times[0] + 0.2


def test_presidents_of_two_countries_are_two_actors(read: Reader) -> None:
    m = one(read("The presidents of Peru and Chile will meet in Lima."), "The presidents")
    assert [r.country for r in m.readings] == ["PER", "CHL"] and m.basis == "sum"


def test_a_document_has_its_maker(read: Reader) -> None:
    m = one(read("According to a report by Norway's intelligence service, troops moved."), "a report")
    assert (m.country, m.sector) == ("NOR", "SPY")
