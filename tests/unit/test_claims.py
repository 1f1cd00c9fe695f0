"""The claim board: one row for one claim, every voice on its side, the same whatever the order of the reports."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from claim_records import link, party, record

from legation.claims.board import Board, Claim, build_board
from legation.claims.group import Known
from legation.claims.phrases import claim_words
from legation.claims.rules import LinkRules, load_link_rules
from legation.claims.sources import Sources
from legation.claims.words import Stemmer
from legation.codebook import load_codebook
from legation.model.text import RawDocument
from legation.pipeline import code_document
from legation.record.written import to_dict
from legation.resources import Resources, load_resources
from legation.settings import Settings

RULES = load_link_rules()
CHILE, PERU = party("Chile", "CHLGOV"), party("Peru", "PERGOV")
MEDDLED = "COERCE misinformation"


def board(*records: dict[str, Any], **options: Any) -> Board:
    return build_board(records, RULES, **options)


def only(made: Board) -> Claim:
    (claim,) = made.claims
    return claim


def names(voices: Any) -> list[str]:
    return [v.source.name for v in voices]


def meddling() -> list[dict[str, Any]]:
    """One claim in four reports of three papers."""
    year = {"day": "2023-01-01", "end": "2023-12-31", "precision": "year", "aux": "historical"}
    return [
        record(
            "a1", MEDDLED, [CHILE], [PERU], "An inquiry found that Chile meddled in the election.", "meddled",
            said=[link("An inquiry", "PERLEG", manner="document")], publication="Post", published="2024-03-01", **year,
        ),
        record(
            "a1", MEDDLED, [CHILE], [PERU], "Chile denied that it meddled in the election.", "meddled",
            said=[link("Chile", "CHLGOV", "denies")], publication="Post", published="2024-03-01", at=100, **year,
        ),
        record(
            "a2", MEDDLED, [party("Santiago", "CHLGOV", "metonym:CHL:santiago")], [],
            "President Rosa Vidal spoke of Santiago's meddling in the election.", "meddling",
            said=[link("President Rosa Vidal", "PERGOV")], publication="Star", published="2024-03-04", **year,
        ),
        record(
            "a3", MEDDLED, [CHILE], [PERU], "Vidal said Chile interfered in last year's election.", "interfered",
            said=[link("Vidal", "PERGOV")], publication="Echo", published="2024-03-09", **year,
        ),
    ]  # fmt: skip


def test_one_row_for_one_claim() -> None:
    claim = only(board(*meddling()))
    assert names(claim.asserted_by) == ["inquiry", "President Rosa Vidal"]
    assert names(claim.denied_by) == ["Chile"]
    assert claim.disputed
    assert [s.article for s in claim.asserted_by[1].said] == ["a2", "a3"]
    assert claim.denied_by[0].itself
    assert not claim.asserted_by[0].itself
    assert claim.first_seen.date == "2024-03-01"
    assert claim.first_seen.publication == "Post"
    assert (claim.reports, claim.publications) == (3, 3)
    assert claim.claim == "Chile interfered by deception or manipulation in Peru (2023)"
    assert claim.statuses == ("alleged", "denied")


def test_order_changes_nothing() -> None:
    reports = meddling()
    wanted = [c.to_dict() for c in board(*reports).claims]
    for order in itertools.permutations(reports):
        assert [c.to_dict() for c in board(*order).claims] == wanted


def test_the_id_is_that_of_the_claim_and_not_of_its_reports() -> None:
    first, denial, *later = meddling()
    name = only(board(first)).id
    assert only(board(first, denial)).id == name
    assert only(board(first, denial, *later)).id == name
    assert only(board(denial, later[1])).id == name


def test_a_claim_in_a_store_keeps_its_id_when_what_is_known_of_it_changes() -> None:
    *_, vague, later = meddling()
    vague = {**vague, "date": {**vague["date"], "start": None, "end": None, "precision": "none"}}
    old = only(board(vague))
    assert only(board(vague, later)).id != old.id
    grown = board(vague, later, known=Known(groups=[[vague["id"]]]), ids={vague["id"]: old.id})
    assert only(grown).id == old.id


def test_another_country_another_claim() -> None:
    reports = meddling()
    other = record(
        "a4", MEDDLED, [party("Bolivia", "BOLGOV")], [PERU], "An inquiry found that Bolivia meddled in the election.",
        "meddled", said=[link("An inquiry", "PERLEG", manner="document")], published="2024-03-01",
    )  # fmt: skip
    assert len(board(*reports, other).claims) == 2


def test_deeds_of_other_days_are_other_claims() -> None:
    shelled = [
        record(
            f"d{n}", "ASSAULT heavy-weapons", [CHILE], [PERU], "Peru said Chile shelled a border village.", "shelled",
            said=[link("Peru", "PERGOV")], day=f"2024-03-{day:02}", published=f"2024-03-{day + 1:02}",
        )
        for n, day in enumerate((1, 12))
    ]  # fmt: skip
    assert len(board(*shelled).claims) == 2
    shelled[1]["date"] = {**shelled[1]["date"], "start": "2024-03-02", "end": "2024-03-02"}
    assert len(board(*shelled).claims) == 1


def sides(*said: dict[str, Any], **options: Any) -> dict[str, list[str]]:
    claim = only(
        board(
            record(
                "x1",
                "ASSAULT",
                [CHILE],
                [PERU],
                "Chile attacked Peru, it is said.",
                "attacked",
                said=list(said),
                **options,
            ),
            everything=True,
        )
    )
    every = ("asserted_by", "denied_by", "doubted_by", "repeated_by", "told_by")
    return {side: names(getattr(claim, side)) for side in every if getattr(claim, side)}


@pytest.mark.parametrize(
    ("chain", "options", "wanted"),
    [
        ([], {}, {"told_by": ["x1"]}),
        ([], {"negated": True}, {"denied_by": ["x1"]}),
        ([link("Lima Radio", "PERJRN")], {}, {"asserted_by": ["Lima Radio"]}),
        ([link("the army", "CHLMIL")], {"negated": True}, {"denied_by": ["army"]}),
        # to deny that it did not happen is to say that it did
        ([link("the army", "CHLMIL", "denies")], {"negated": True}, {"asserted_by": ["army"]}),
        ([link("a bishop", "PERSOC", "doubts")], {}, {"doubted_by": ["bishop"]}),
        # who passes on what another says repeats it; the other is the one who says it
        (
            [link("Lima Radio", "PERJRN"), link("a colonel", "PERMIL")],
            {},
            {"asserted_by": ["colonel"], "repeated_by": ["Lima Radio"]},
        ),
        (
            [link("Lima Radio", "PERJRN"), link("a colonel", "PERMIL", "denies")],
            {},
            {"denied_by": ["colonel"]},
        ),
        # who denies that somebody says so denies it; that the other says so is not known
        ([link("the army", "CHLMIL", "denies"), link("a colonel", "PERMIL")], {}, {"denied_by": ["army"]}),
        ([link("allegedly", manner="unnamed")], {}, {"asserted_by": ["unnamed sources"]}),
        ([link("Nobody", manner="indirect", stance="doubts")], {}, {}),
    ],
)
def test_who_stands_on_which_side(chain: list[Any], options: dict[str, Any], wanted: dict[str, list[str]]) -> None:
    if wanted:
        assert sides(*chain, **options) == wanted
    else:
        with pytest.raises(ValueError, match="not enough values"):
            sides(*chain, **options)


def test_who_passes_a_denial_on_is_named_beside_it() -> None:
    chain = [link("Lima Radio", "PERJRN"), link("a colonel", "PERMIL", "denies")]
    claim = only(board(record("y", "ASSAULT", [CHILE], [PERU], "Chile attacked.", "attacked", said=chain)))
    assert claim.denied_by[0].said[0].via == ("Lima Radio",)


def test_a_reporter_against_a_source_is_a_dispute() -> None:
    said = record(
        "m1", "ASSAULT", [CHILE], [PERU], "Peru said Chile bombed a bridge.", "bombed", said=[link("Peru", "PERGOV")]
    )
    told = record("m2", "ASSAULT", [CHILE], [PERU], "Chile never bombed a bridge.", "bombed", negated=True)
    assert only(board(said, told)).disputed
    assert not only(board(said, {**told, "status": "happened", "facets": {"polarity": "affirmed"}})).disputed


def test_nobody_disputes_with_himself() -> None:
    both = [
        record(
            "n1", "ASSAULT", [CHILE], [PERU], f"Chile {word} that it bombed a bridge.", "bombed", at=n * 100,
            said=[link("Chile", "CHLGOV", stance)],
        )
        for n, (word, stance) in enumerate((("admitted", "asserts"), ("denied", "denies")))
    ]  # fmt: skip
    assert not only(board(*both)).disputed


def test_what_is_to_come_is_another_claim() -> None:
    past = record(
        "f1",
        "SANCTION",
        [CHILE],
        [PERU],
        "Envoys said Chile cut trade with Peru.",
        "cut",
        said=[link("Envoys", "BOLGOV")],
    )
    coming = record(
        "f2", "SANCTION", [CHILE], [PERU], "Envoys said Chile would cut trade with Peru.", "cut", aux="future",
        said=[link("Envoys", "BOLGOV")],
    )  # fmt: skip
    made = board(past, coming)
    assert sorted(c.claim for c in made.claims) == [
        "Chile cut relations or exchange with Peru",
        "Chile will cut relations or exchange with Peru",
    ]


def test_a_paper_that_takes_it_up_repeats_it() -> None:
    first = record(
        "r1", "ASSAULT", [CHILE], [PERU], "Peru said Chile bombed a bridge near the pass.", "bombed",
        said=[link("Peru", "PERGOV")], publication="Post",
    )  # fmt: skip
    later = record(
        "r2", "ASSAULT", [CHILE], [PERU], "Chile bombed a bridge near the pass.", "bombed", publication="Star",
        published="2024-03-06",
    )  # fmt: skip
    claim = only(board(first, later))
    assert names(claim.repeated_by) == ["Star"]
    assert names(claim.asserted_by) == ["Peru"]
    assert not claim.told_by


# --- accusations and denials without a record of the deed


def answered(rejection: str, anchor: str, **options: Any) -> Claim:
    deed = record(
        "b1", "COERCE seize", [CHILE], [PERU], "Peru said Chile had seized two trawlers near Arica.", "seized",
        said=[link("Peru", "PERGOV")],
    )  # fmt: skip
    kind = options.pop("kind", "REJECT")
    reply = record(options.pop("article", "b1"), kind, [CHILE], [PERU], rejection, anchor, at=60, **options)
    return next(c for c in board(deed, reply, everything=True).claims if c.type == "COERCE")


def test_a_denial_towards_the_accuser_denies_the_claim() -> None:
    claim = answered("Chile called this nonsense.", "called")
    assert names(claim.denied_by) == ["Chile"]
    assert claim.denied_by[0].said[0].how == "rejection"
    assert claim.disputed


def test_a_refusal_of_something_else_denies_nothing() -> None:
    assert not answered("Chile refused to meet.", "refused", kind="REJECT meet").denied_by
    assert not answered("Chile called this nonsense.", "called", status="alleged").denied_by
    assert not answered("Chile declined to comment.", "declined").denied_by


def test_a_denial_elsewhere_must_say_what_it_denies() -> None:
    later = {"article": "b2", "published": "2024-03-20"}
    assert names(answered("Chile denied having seized trawlers off Arica.", "denied", **later).denied_by) == ["Chile"]
    assert not answered("Chile denied that its minister was ill.", "denied", **later).denied_by
    earlier = {"article": "b2", "published": "2024-02-20"}
    assert not answered("Chile denied having seized trawlers off Arica.", "denied", **earlier).denied_by


def test_an_accusation_is_the_accusers_stand() -> None:
    text = "Peru accused Chile of seizing two trawlers."
    accusation = record("e1", "ACCUSE allege", [PERU], [CHILE], text, "accused")
    deed = record(
        "e1", "COERCE seize", [CHILE], [party("two trawlers")], text, "seizing", said=[link("Peru", "PERGOV")]
    )
    claim = next(c for c in board(accusation, deed).claims if c.type == "COERCE")
    (peru,) = claim.asserted_by
    assert {s.how for s in peru.said} == {"accusation", "attribution"}


# --- sources


def test_one_person_under_several_names_is_one_voice() -> None:
    who = party("Ana Ruiz", "PERGOV", "person:Q1", start=800)
    records = [
        record("s1", "ACCUSE", [who], [CHILE], "Ana Ruiz criticised Chile.", "criticised"),
        *(
            record(
                f"s{n}", "ASSAULT", [CHILE], [PERU], "It was said that Chile bombed a bridge.", "bombed", said=[said]
            )
            for n, said in enumerate((link("Foreign Minister Ana Ruiz", "PERGOV"), link("Ruiz", "PERGOV")), 2)
        ),
    ]
    claim = next(c for c in board(*records).claims if c.type == "ASSAULT")
    assert names(claim.asserted_by) == ["Ana Ruiz"]
    assert claim.asserted_by[0].source.entity_id == "person:Q1"


def test_pronouns_of_two_articles_are_two_voices() -> None:
    records = [
        record(
            f"v{n}",
            "ASSAULT",
            [CHILE],
            [PERU],
            "They said Chile bombed the bridge.",
            "bombed",
            said=[link("they", "PERMIL")],
        )
        for n in range(2)
    ]
    claim = only(board(*records))
    assert len(claim.asserted_by) == 2
    assert {v.source.name for v in claim.asserted_by} == {"Peru (armed forces)"}


def test_one_office_of_two_countries_is_two_voices() -> None:
    records = [
        record(f"w{c}", "ASSAULT", [CHILE], [PERU], "The president said Chile bombed the bridge.", "bombed",
               said=[link("the president", f"{c}GOV")])
        for c in ("PER", "BOL")
    ]  # fmt: skip
    assert len(only(board(*records)).asserted_by) == 2


def test_a_reporters_denial_alone_is_no_claim() -> None:
    told = record("x", "ASSAULT", [CHILE], [PERU], "Chile did not bomb the bridge.", "bomb", negated=True)
    assert not board(told).claims
    assert len(board(told, everything=True).claims) == 1


def test_names_of_parties() -> None:
    sources = Sources([record("p", "ASSAULT", [CHILE], [], "Chile attacked.", "attacked")], RULES)
    assert sources.name(party("We", "CHLMIL")) == "Chile (armed forces)"
    assert sources.name(party("they")) == "they"
    assert sources.name(party("the report", "CHLSPY")) == "report"
    assert sources.name(party("Santiago", "CHLGOV", "metonym:CHL:santiago")) == "Chile"
    assert sources.name(party("the  border\nguards", "CHLMIL")) == "border guards"
    assert sources.phrase(party("the  border\nguards", "CHLMIL")) == "the border guards"
    america = party("the U.S.", "USAGOV") | {"entity": "United States", "entity_id": "country:USA"}
    assert (sources.name(america), sources.phrase(america)) == ("United States", "the United States")


# --- words


@pytest.mark.parametrize(
    "forms", [("meddling", "meddled", "meddle"), ("interference", "interfere", "interfered"), ("attacks", "attackers"),
              ("sanctions", "sanction"), ("killing", "killed"), ("bodies", "body"), ("2,500", "2,500")],
)  # fmt: skip
def test_forms_of_one_word(forms: tuple[str, ...]) -> None:
    stemmer = Stemmer(RULES)
    assert len({stemmer.stem(f) for f in forms}) == 1


def test_words_that_must_stay_apart() -> None:
    stemmer = Stemmer(RULES)
    words = ["border", "board", "police", "policy", "army", "arms", "mine", "ministry", "election", "elections board"]
    assert len({stemmer.stem(w) for w in words}) == len(words)


def test_every_type_and_every_phrase_is_of_the_codebook() -> None:
    book = load_codebook()
    assert {t.name for t in book.types} <= set(RULES.phrases)
    for key in RULES.phrases:
        kind, _, mode = key.partition(" ")
        assert book.type(kind).name == kind
        if mode:
            assert book.type(kind).mode(mode).name == mode


@pytest.mark.parametrize(
    ("kind", "mode", "told", "who", "whom", "wanted"),
    [
        ("ASSAULT", "drone", "past", ["Chile"], ["Peru"], "Chile attacked with drones Peru (2024-03)"),
        ("ASSAULT", None, "future", [], ["Peru"], "Somebody will attack Peru (2024-03)"),
        ("CONSULT", None, "possible", ["Chile", "Peru"], [], "Chile and Peru may meet or talk (2024-03)"),
        ("AID", "unheard-of", "past", ["Chile"], [], "Chile gave aid (2024-03)"),
        (
            "AID",
            None,
            "past",
            ["A", "B", "C"],
            ["D", "E", "F"],
            "A, B and others gave aid to D, E and others (2024-03)",
        ),
    ],
)
def test_claims_in_plain_words(
    kind: str, mode: str | None, told: str, who: list[str], whom: list[str], wanted: str
) -> None:
    date = {"start": "2024-03-01", "end": "2024-03-31", "precision": "month"}
    made = claim_words(kind, mode, told, [{"phrase": n} for n in who], [{"phrase": n} for n in whom], date, RULES)
    assert made == wanted


def test_rules_are_whole(tmp_path: Any) -> None:
    rules: LinkRules = load_link_rules()
    assert rules.family["ASSAULT"] == rules.family["COERCE"]
    assert rules.opposed <= set(rules.sector_groups.values())
    assert {f.name for f in rules.files} == {
        f"claims/{n}" for n in ("linking.yml", "stop_words.tsv", "suffixes.tsv", "phrases.yml")
    }


# --- with the pipeline

ARTICLE = "\n\n".join(
    (
        "Chile calls its ambassador to Peru home",
        "Chile called its ambassador to Peru home on Monday after Peruvian President Rosa Vidal said Chile had meddled "
        "in the 2022 Peruvian election.",
        "A Peruvian intelligence report supported earlier allegations that Chile meddled in the 2022 Peruvian "
        "election, an accusation Chile called absurd.",
        "Diplomats said the report would probably lead to Peruvian sanctions on Chile.",
    )
)


def test_an_article_from_text_to_board() -> None:
    # the rules alone: this is about claims, and the encoder may call a forecast sanction a threat
    resources = load_resources(Settings(engine="rules"))
    coded = code_document(RawDocument("t", ARTICLE, "text", "t", date="2024-03-05"), resources)
    made = build_board([to_dict(r, coded) for r in coded.records], RULES)
    (meddled,) = [c for c in made.claims if c.mode == "misinformation"]
    assert meddled.disputed
    assert {v.source.code for v in meddled.asserted_by} == {"PERGOV", "PERSPY"}
    assert [v.source.code for v in meddled.denied_by] == ["CHLGOV"]
    (forecast,) = [c for c in made.claims if c.type == "SANCTION" and c.told == "future"]
    assert forecast.statuses == ("predicted",)
    assert names(forecast.asserted_by) == ["unnamed sources"]


def test_shuffled_articles_give_the_same_board(resources: Resources) -> None:
    coded = code_document(RawDocument("t", ARTICLE, "text", "t", date="2024-03-05"), resources)
    records = [to_dict(r, coded) for r in coded.records]
    wanted = [c.to_dict() for c in build_board(records, RULES).claims]
    random.Random(4).shuffle(records)
    assert [c.to_dict() for c in build_board(records, RULES).claims] == wanted
