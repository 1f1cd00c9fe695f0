"""Forms of attribution that need more than one cue or more than one sentence, and the quote table."""

from __future__ import annotations

import time

import pytest

from legation.attribution import load_cues, quote_table
from legation.attribution.attributions import find_attributions
from legation.model.actors import Mention
from legation.model.claims import Attribution
from legation.model.text import Article
from legation.parse import Parser, load_parser, parse

CUES = load_cues()


@pytest.fixture(scope="module")
def parser() -> Parser:
    return load_parser()


def article(text: str) -> Article:
    return Article("x", text, None, 0, None, None, "2030-05-02", "given", None, "en", (), ())


def attributions(text: str, parser: Parser, mentions: tuple[Mention, ...] = ()) -> tuple[Attribution, ...]:
    return find_attributions(article(text), parse(article(text), parser), mentions, CUES)


def row(text: str, a: Attribution) -> str:
    """source | content / content | stance manner"""
    source = text[a.source.start : a.source.end] if a.source else "-"
    return f"{source} | {' / '.join(text[s.start : s.end] for s in a.content)} | {a.stance} {a.manner}"


FORMS = [
    # denial of an accusation: the content is what is denied
    (
        "Gondor published allegations that Rohan had armed rebels, an accusation Rohan called baseless.",
        "Rohan | that Rohan had armed rebels / an accusation | denies indirect",
    ),
    (
        "Gondor accused Rohan of bombing the bridge, which Rohan denied.",
        "Rohan | bombing the bridge | denies indirect",
    ),
    (
        "Gondor said Rohan had bombed the bridge, a claim Rohan rejected.",
        "Rohan | Rohan had bombed the bridge / a claim | denies indirect",
    ),
    (
        "The premier dismissed as false the report that he had resigned.",
        "The premier | the report that he had resigned | denies indirect",
    ),
    # chains: both links
    (
        "Rohan said Gondor had told it that the bridge was closed.",
        "Rohan | Gondor had told it that the bridge was closed | asserts indirect",
    ),
    (
        "Rohan said Gondor had told it that the bridge was closed.",
        "Gondor | that the bridge was closed | asserts indirect",
    ),
    (
        "The agency quoted the marshal as saying that the fleet had sailed.",
        "The agency | the marshal as saying that the fleet had sailed | asserts indirect",
    ),
    (
        "The agency quoted the marshal as saying that the fleet had sailed.",
        "the marshal | that the fleet had sailed | asserts indirect",
    ),
    # nobody is named
    ("It was alleged that the marshal had fled.", "- | that the marshal had fled | asserts unnamed"),
    ("The governor is accused of taking bribes.", "- | taking bribes | asserts unnamed"),
    ("There were reports that the marshal had fled.", "- | that the marshal had fled | asserts unnamed"),
    (
        "The dam is safe, according to two officials who spoke on condition of anonymity.",
        "two officials | The dam is safe | asserts unnamed",
    ),
    # nouns
    (
        "Claims made by Rohan that the bridge was mined were false.",
        "Rohan | that the bridge was mined | asserts indirect",
    ),
    (
        "Rohan repeated its baseless claim that Gondor had poisoned the well.",
        "its | that Gondor had poisoned the well | doubts indirect",
    ),
    # the reporter's doubt
    (
        "Eomer falsely claimed that the bridge had been mined.",
        "Eomer | that the bridge had been mined | doubts indirect",
    ),
    # documents
    ("The leaked memo states that the ministry knew.", "The leaked memo | that the ministry knew | asserts document"),
    (
        "The ministry announced in a statement that it had closed the embassy.",
        "The ministry | that it had closed the embassy | asserts indirect",
    ),
    # where the report goes on inside the sentence
    (
        "The minister said he would order a review and warned against haste.",
        "The minister | he would order a review | asserts indirect",
    ),
    (
        "Boromir said the truce was over, adding that his men would march.",
        "Boromir | that his men would march | asserts indirect",
    ),
    (
        'Asked whether the army would leave, he said: "Not this year."',
        'he | "Not this year." | asserts direct',
    ),
    # quotations over sentences and paragraphs
    (
        '"The king," Eomer said, "is dead. Long live the king."',
        'Eomer | "The king," / "is dead. Long live the king." | asserts direct',
    ),
    (
        '"The bridge must stay open," Eomer told reporters.\n\n"Without it the town will starve."\n\nSnow fell.',
        'Eomer | "The bridge must stay open," / "Without it the town will starve." | asserts direct',
    ),
    (
        "“The bridge is ours,” Eomer said. “We built it.\n\n“We shall keep it.”",
        "Eomer | “The bridge is ours,” / “We built it. / “We shall keep it.” | asserts direct",
    ),
    (
        "Eomer continued:\n\n“The bridge is ours. We built it.”",
        "Eomer | “The bridge is ours. We built it.” | asserts direct",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_form(text: str, expected: str, parser: Parser) -> None:
    assert expected in [row(text, a) for a in attributions(text, parser)]


@pytest.mark.parametrize(
    "text",
    [
        'The "frozen" conflict enters its tenth year.',
        'The "great wall" is a wooden fence.',
        "The harvest failed and the river froze.",
        "The rain will continue for a week.",
    ],
)
def test_no_attribution(text: str, parser: Parser) -> None:
    assert attributions(text, parser) == ()


def test_inner_attitudes_are_part_of_what_is_said(parser: Parser) -> None:
    found = attributions('"I think the war is lost and I want peace," Eomer said.', parser)
    assert [a.cue_id for a in found] == ["say"]


def test_source_mention_of_a_relative_pronoun_is_its_antecedent(parser: Parser) -> None:
    text = "The marshal, who said the war was lost, resigned."
    mention = Mention(0, 11, "The marshal", 1, "title", 0, None, "MIL")
    found = [a for a in attributions(text, parser, (mention,)) if a.cue_id == "say"]
    assert [a.source_mention for a in found] == [0]


def test_offsets_hold_and_runs_agree(parser: Parser) -> None:
    text = " ".join(t for t, _ in FORMS)
    found = attributions(text, parser)
    assert found == attributions(text, parser)
    for a in found:
        assert a.content
        for s in (*a.content, *(x for x in (a.source, a.cue) if x)):
            assert 0 <= s.start < s.end <= len(text)
            assert not text[s.start].isspace() and not text[s.end - 1].isspace()


def test_quote_table(parser: Parser) -> None:
    text = '"Arnor must leave," Eomer said. "It must leave now." Boromir called the plan "mad".'
    a = article(text)
    p = parse(a, parser)
    mentions = (
        Mention(1, 6, "Arnor", 1, "name", 0, None, None),
        Mention(20, 25, "Eomer", 6, "name", 1, None, None),
    )
    table = quote_table(a, p, mentions, find_attributions(a, p, mentions, CUES))
    assert len(table) == 1
    quote = table[0]
    assert (quote.speaker, quote.verb, quote.words) == ("Eomer", "said", "Arnor must leave, It must leave now.")
    assert (quote.speaker_mention, quote.about, quote.published) == (1, (0,), "2030-05-02")


def test_time_grows_with_the_length(parser: Parser) -> None:
    """Four times the text takes about four times the time, not sixteen times."""
    block = "\n\n".join(t for t, _ in FORMS)

    def seconds(copies: int) -> float:
        a = article("\n\n".join([block] * copies))
        p = parse(a, parser)
        best = 1e9
        for _ in range(3):
            start = time.process_time()
            find_attributions(a, p, (), CUES)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(40) < 9 * seconds(10)
