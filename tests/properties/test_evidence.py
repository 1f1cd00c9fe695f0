"""Whatever the article: every quoted word stands at its offsets, in the article and in the text as given."""

from __future__ import annotations

import html

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from legation.model.coded import Coded
from legation.model.text import RawDocument
from legation.pipeline import code_document
from legation.problems import DocumentError
from legation.record import to_dict
from legation.resources import Resources

NAMES = ("Sweden", "Norway", "the Danish government", "Finland's president", "Moscow", "U.S. President Joe Biden")
VERBS = ("accused", "praised", "attacked", "sanctioned", "met", "threatened", "urged", "rejected", "did not bomb")
TAILS = (" on Monday", " in 2019", " in Paris", ", officials said", " if talks fail", "")
NOISE = ("\u00a0", "\u2028", "caf\u00e9 \U0001f600", "\u202eabc", "\t", "e\u0301", "\r\n", "Share this", "<b>", "&amp;")


@st.composite
def sentences(draw: st.DrawFn) -> str:
    who, did, whom = draw(st.sampled_from(NAMES)), draw(st.sampled_from(VERBS)), draw(st.sampled_from(NAMES))
    core = f"{who[0].upper()}{who[1:]} {did} {whom}{draw(st.sampled_from(TAILS))}"
    if draw(st.booleans()):
        core = f'"{core}," the minister said'
    noise = draw(st.sampled_from(("", *NOISE)))
    return f"{core}. {noise}".strip(" ")


paragraphs = st.lists(sentences(), min_size=1, max_size=3).map(" ".join)
bodies = st.lists(st.one_of(paragraphs, paragraphs, st.text(max_size=30)), min_size=1, max_size=4)
few = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def check(coded: Coded) -> None:
    text = coded.article.text
    for record in coded.records:
        written = to_dict(record, coded)
        spans = [*written["evidence"], *written["actor"], *written["recipient"], written["anchor"], written["sentence"]]
        spans += [x for x in (written["quote"], written["facets"]["condition"], written["place"]) if x]
        spans += [*written["facets"]["cues"], *(x for x in written["attribution"] if x["start"] is not None)]
        for span in spans:
            assert text[span["start"] : span["end"]] == span["text"] != ""
        for span in (written["anchor"], written["sentence"]):
            if span["raw_start"] is not None and span["raw_end"] - span["raw_start"] == len(span["text"]):
                assert coded.raw.content[span["raw_start"] : span["raw_end"]] == span["text"]


def code(raw: RawDocument, resources: Resources) -> Coded | None:
    try:
        coded = code_document(raw, resources)
    except DocumentError:
        return None
    check(coded)
    return coded


@few
@given(bodies, st.booleans(), st.sampled_from([None, "2024-03-05"]))
def test_plain_text(resources: Resources, body: list[str], clean: bool, date: str | None) -> None:
    raw = RawDocument("a", "\n\n".join(body), "text", "a", date=date, already_clean=clean)
    one, two = code(raw, resources), code(raw, resources)
    if one is not None and two is not None:
        assert [to_dict(r, one) for r in one.records] == [to_dict(r, two) for r in two.records]


@few
@given(bodies, st.text(max_size=20))
def test_pages(resources: Resources, body: list[str], title: str) -> None:
    inside = "".join(f"<p>{html.escape(p)}</p>" for p in body)
    page = f"<html><head><title>{html.escape(title)}</title></head><body><article>{inside}</article></body></html>"
    coded = code(RawDocument("a", page, "html", "a"), resources)
    for record in coded.records if coded else ():
        written = to_dict(record, coded)
        assert written["anchor"]["raw_start"] is None
        assert all("prefix" in e and "suffix" in e for e in written["evidence"])


@few
@given(st.text(max_size=400))
def test_any_text_at_all(resources: Resources, text: str) -> None:
    code(RawDocument("a", text, "text", "a", already_clean=True), resources)
    code(RawDocument("a", text, "text", "a"), resources)
