"""Which mentions are one actor, on our own sentences."""

from __future__ import annotations

import pytest

from legation.actors import find_mentions
from legation.actors.coreference_quotes import quotations
from legation.model.actors import Mention
from legation.model.text import Article
from legation.parse.parser import parse
from legation.resources import Resources


class Reader:
    """Text in, mentions out."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    def article(self, text: str) -> Article:
        """A clean article."""
        return Article("test", text, None, 0, None, None, "2021-05-04", "given", None, "en", (), ())

    def __call__(self, text: str) -> tuple[Mention, ...]:
        a = self.article(text)
        return find_mentions(a, parse(a, self.resources.parser), self.resources.lexicon)


@pytest.fixture(scope="session")
def read(resources: Resources) -> Reader:
    """Finds the mentions of a text."""
    return Reader(resources)


def at(found: tuple[Mention, ...], words: str, nth: int = 0) -> Mention:
    """The nth mention with these words."""
    return [m for m in found if m.text == words][nth]


PAIRS = [
    ("Brazil's foreign ministry summoned the envoy. The ministry said it was angry.", "The ministry", "it"),
    ("A senior Hamas official said the group would fight on.", "Hamas", "the group"),
    ("Ada Lindqvist lost the vote. She blamed the press.", "Ada Lindqvist", "She"),
    ("Otto Brenner met his ministers.", "Otto Brenner", "his"),
    ("Marta Olsen and her son left.", "Marta Olsen", "her"),
    ("Canada recalled its ambassador.", "Canada", "its"),
    ("Soldiers who fired at the crowd fled.", "Soldiers", "who"),
    ("The Northern Accord Front (NAF) marched. NAF burned flags.", "The Northern Accord Front", "NAF"),
    ("Ivan Petrosyan resigned. Petrosyan gave no reason.", "Ivan Petrosyan", "Petrosyan"),
    ("Talal Haddad, Lebanon's envoy, walked out.", "Talal Haddad", "Lebanon's envoy"),
    ('"I refuse," said Ada Lindqvist.', "Ada Lindqvist", "I"),
]


@pytest.mark.parametrize(("text", "one", "other"), PAIRS)
def test_one_actor(read: Reader, text: str, one: str, other: str) -> None:
    found = read(text)
    last = [m for m in found if m.text == other][-1]
    assert at(found, one).cluster == last.cluster


def test_two_people_stay_two(read: Reader) -> None:
    found = read("Ada Lindqvist met Otto Brenner. She thanked him.")
    assert at(found, "She").cluster == at(found, "Ada Lindqvist").cluster
    assert at(found, "him").cluster == at(found, "Otto Brenner").cluster
    assert at(found, "She").cluster != at(found, "him").cluster


def test_object_pronoun_is_not_its_subject(read: Reader) -> None:
    found = read("Ada Lindqvist saw her.")
    assert at(found, "her").cluster != at(found, "Ada Lindqvist").cluster


def test_who_speaks_is_not_he_in_the_quotation(read: Reader) -> None:
    found = read('Otto Brenner accused Karl Weiss. "He lied to us," Brenner said.')
    assert at(found, "He").cluster != at(found, "Brenner").cluster


def test_we_is_the_side_of_the_speaker(read: Reader) -> None:
    found = read('"We will not sign," Finnish Foreign Minister Otto Brenner said.')
    assert at(found, "We").country == "FIN"


def test_plural_sum_names_both(read: Reader) -> None:
    m = at(read("India and Nepal closed the border. The two countries blamed smugglers."), "The two countries")
    assert [r.country for r in m.readings] == ["IND", "NPL"] and m.country is None


def test_quotation_ends_with_its_paragraph(read: Reader) -> None:
    a = read.article('He said: "This never ended\n\nNew text here.')
    assert [a.text[s:e] for s, e in quotations(parse(a, read.resources.parser)).spans] == ["This never ended"]


def test_possessor_gives_family_its_country_and_elite_sector(read: Reader) -> None:
    found = read("Turkish President Recep Tayyip Erdogan and his son visited Baku.")
    assert (at(found, "his son").country, at(found, "his son").sector) == ("TUR", "ELI")
