"""Filters: what people write is what is asked."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stores import coded_records, make_store

from legation.store import Filter, Store
from legation.store.filter_words import AUX, QUADS, STATUSES, actor_words, checked, sectors, vocabulary


def words_of(field: str) -> list[str]:
    return sorted({str(value[field]) for value in vocabulary().values() if field in value})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", Filter()),
        ("RUS GOV -> USA GOV, SANCTION, happened or planned",
         Filter(actor=("RUS GOV",), recipient=("USA GOV",), type=("SANCTION",), status=("happened", "planned"))),
        ("RUSGOV->usa", Filter(actor=("RUS GOV",), recipient=("USA",))),
        ("RUS or BLR -> *", Filter(actor=("RUS", "BLR"))),
        ("-> NOR MIL", Filter(recipient=("NOR MIL",))),
        ("NOR <-> ISL", Filter(actor=("NOR",), recipient=("ISL",), either=True)),
        ("REB", Filter(actor=("REB",), either=True)),
        ('"Anna Berg" -> NOR', Filter(actor=('"Anna Berg"',), recipient=("NOR",))),
        ("country:NOR -> Q42", Filter(actor=("country:NOR",), recipient=("Q42",))),
        ("sanction withdraw", Filter(type=("SANCTION",), mode=("withdraw",))),
        ("verbal conflict", Filter(quad=(3,))),
        ("quad: 1 or 2, happened only", Filter(quad=(1, 2), happened_only=True)),
        ("since 2024-02, until 2024-02", Filter(since=datetime.date(2024, 2, 1), until=datetime.date(2024, 2, 29))),
        ("in 2023", Filter(since=datetime.date(2023, 1, 1), until=datetime.date(2023, 12, 31))),
        ("confidence >= 0.8", Filter(confidence_min=0.8)),
        ("confidence: 80%", Filter(confidence_min=0.8)),
        ('"peace, or war"', Filter(text="peace, or war")),
        ("source: reporter or NOR GOV", Filter(source=("reporter", "NOR GOV"))),
        ("place: Oslo or ISL, publication: \"Harbour, Gazette\"",
         Filter(place=("Oslo", "ISL"), publication=("Harbour, Gazette",))),
        ("negated", Filter(status=("negated",))),
        ("aux: negated", Filter(aux=("negated",))),
        ("context: military", Filter(context=("military",))),
        ("article: courier-1, group: g, claim: c", Filter(article="courier-1", group="g", claim="c")),
    ],
)  # fmt: skip
def test_what_is_written_is_what_is_meant(words: str, expected: Filter) -> None:
    assert Filter.parse(words) == expected
    assert Filter.parse(str(expected)) == expected
    assert Filter.from_params(expected.to_params()) == expected


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("RUS -> USA -> CHN", "one arrow"),
        ("-> ", "at least one side"),
        ("RUS GOW -> USA", "'GOW' is no sector"),
        ("Norway -> ISL", 'a name in quotes \\("Norway"\\)'),
        ("bananas", "not understood"),
        ('"open', "not closed"),
        ("since 2024-13", "no day"),
        ("since tomorrow", "not understood"),
        ("since 2024, until 2023", "lies after"),
        ("confidence >= 7", "between 0 and 1"),
        ("type: SANKTION", "there is no 'SANKTION'"),
        ("status: happend", "there are alleged"),
        ("since 2024, since 2023", "given twice"),
        ("article:", "is missing"),
        ("happened or SANCTION", "status or type"),
    ],
)
def test_what_cannot_be_read_is_told(words: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Filter.parse(words)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12).filter(
    lambda text: text.strip() == text and text.strip('"').strip()
)
COUNTRIES = st.sampled_from(["NOR", "ISL", "USA", "UNO"])
ACTORS = st.one_of(
    COUNTRIES,
    st.sampled_from(sorted(sectors())),
    st.builds("{} {}".format, COUNTRIES, st.sampled_from(sorted(sectors()))),
    st.sampled_from(["country:NOR", "Q42", '"Anna ""Nan"" Berg"', '"A -> B, or C"']),
)


def some(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


FILTERS = st.fixed_dictionaries(
    {
        "actor": some(ACTORS),
        "recipient": some(ACTORS),
        "either": st.booleans(),
        "type": some(st.sampled_from(words_of("type"))),
        "mode": some(st.sampled_from(words_of("mode"))),
        "quad": st.lists(st.sampled_from(sorted(QUADS)), max_size=2, unique=True).map(tuple),
        "status": some(st.sampled_from(STATUSES)),
        "aux": some(st.sampled_from(AUX)),
        "context": some(st.sampled_from(words_of("context"))),
        "source": some(st.one_of(ACTORS, st.just("reporter"))),
        "place": some(st.one_of(COUNTRIES, NAMES)),
        "publication": some(NAMES),
        "since": st.none() | st.dates(datetime.date(1900, 1, 1), datetime.date(2000, 1, 1)),
        "until": st.none() | st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)),
        "confidence_min": st.none() | st.floats(0, 1),
        "text": st.none() | NAMES,
        "article": st.none() | NAMES,
        "group": st.none() | NAMES,
        "claim": st.none() | NAMES,
        "happened_only": st.booleans(),
    }
)


@given(FILTERS)
@settings(max_examples=60, deadline=None)
def test_a_filter_survives_words_and_addresses(values: dict[str, object]) -> None:
    found = checked(values)
    assert Filter.parse(str(found)) == found
    assert Filter.from_params(found.to_params()) == found


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("store") / "a.duckdb")


@given(FILTERS)
@settings(max_examples=25, deadline=None)
def test_every_filter_is_an_answerable_question(store: Path, values: dict[str, object]) -> None:
    found = checked(values)
    with Store.open(store, read_only=True) as opened:
        assert opened.count(found) == opened.events(found).num_rows
        opened.months(found)


def sides(record: dict[str, object], name: str) -> set[tuple[str | None, str | None]]:
    return {(p["country"], p["sector"]) for p in record[name]}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "keeps"),
    [
        ("NOR -> ISL", lambda r: "NOR" in dict(sides(r, "actor")) and "ISL" in dict(sides(r, "recipient"))),
        ("REB", lambda r: any(s == "REB" for side in ("actor", "recipient") for _, s in sides(r, side))),
        ("REB ->", lambda r: any(s == "REB" for _, s in sides(r, "actor"))),
        ("SANCTION or ACCUSE, happened", lambda r: r["type"] in ("SANCTION", "ACCUSE") and r["status"] == "happened"),
        ("source: reporter", lambda r: not r["attribution"]),
        ("source: NOR GOV", lambda r: bool(r["attribution"]) and r["attribution"][0]["code"] == "NORGOV"),
        ("context: diplomatic", lambda r: "diplomatic" in r["contexts"]),
        ("publication: Plains Tribune", lambda r: r["article"]["publication"] == "Plains Tribune"),
        ("confidence >= 0.75", lambda r: r["confidence"] >= 0.75),
        ('"SURVEY ship"', lambda r: "survey ship" in r["sentence"]["text"].lower()),
        ("article: courier-2", lambda r: r["article"]["id"] == "courier-2"),
        ("until 2020", lambda r: (r["date"]["start"] or r["article"]["published"]) < "2021"),
    ],
)
def test_a_filter_keeps_what_it_says(store: Path, words: str, keeps: object) -> None:
    with Store.open(store, read_only=True) as opened:
        found = {r["id"] for r in opened.records(Filter.parse(words))}
    assert found == {r["id"] for r in coded_records() if keeps(r)}  # type: ignore[operator]
    assert found and len(found) < len(coded_records())


def test_either_direction_is_both_directions(store: Path) -> None:
    with Store.open(store, read_only=True) as opened:
        there, back, both = (opened.count(Filter.parse(f"NOR {arrow} ISL")) for arrow in ("->", "<->", "<->"))
        assert both == back == there + opened.count(Filter.parse("ISL -> NOR")) > there > 0


def test_values_are_bound_and_never_written_into_the_question(store: Path) -> None:
    evil = "x'; DROP TABLE events; --"
    with Store.open(store, read_only=True) as opened:
        for field in ("text", "article", "group", "claim"):
            assert opened.count(Filter(**{field: evil})) == 0
        assert opened.count(Filter(actor=(f'"{evil}"',), place=(evil,), publication=(evil,))) == 0
        assert opened.count() > 0


def test_an_actor_word_is_one_of_four_things() -> None:
    assert actor_words("RUS").country == "RUS"
    assert actor_words("gov").sector == "GOV"
    assert actor_words("person:anna-berg").entity == "person:anna-berg"
    assert actor_words('"Anna ""Nan"" Berg"').name == 'Anna "Nan" Berg'
    with pytest.raises(ValueError, match="empty"):
        actor_words('""')
