"""The codebook is complete, agrees with itself, and its pages agree with it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from legation.codebook import Codebook, load_codebook
from legation.problems import SettingsError

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def book() -> Codebook:
    return load_codebook()


def test_complete(book: Codebook) -> None:
    assert len(book.types) == 16
    assert sum(len(t.modes) for t in book.types) == 67
    assert len(book.contexts) == 37
    assert len(book.sectors) == 25
    assert {s.code for s in book.special} >= {"UNO", "EUR", "IGO", "NGO", "ISM", "IMG", "MNC", "KOS"}
    assert [a.name for a in book.auxiliary] == ["historical", "future", "hypothetical", "negation"]


def test_every_type_is_explained(book: Codebook) -> None:
    for event in book.types:
        assert len(event.definition) > 60
        assert len(event.examples) >= 2
        assert event.notes
        assert len({m.definition for m in event.modes}) == len(event.modes)


def test_accuse_misprint(book: Codebook) -> None:
    assert book.score("ACCUSE") == -3.0
    assert any("misprint" in note for note in book.type("ACCUSE").notes)


def test_scores_of_modes(book: Codebook) -> None:
    assert book.score("RETREAT", "disarm") == 10.0
    assert book.score("REQUEST", "assist") == 0.5
    assert book.score("PROTEST", "vandalize") == book.score("PROTEST")  # the manual prints none


def test_quad_schemes(book: Codebook) -> None:
    assert book.quad("SANCTION", "plover-sections") == 4
    assert book.quad("SANCTION", "plover-table") == 3
    assert book.quad("PROTEST", "gdelt") == 3
    assert book.quad("PROTEST", "icews") == 4
    assert book.quad("ACCUSE", "icews", "investigate") == 3
    assert book.quad("ACCUSE", "gdelt", "investigate") == 2  # GDELT counts 09 as material cooperation
    for scheme in book.quad_schemes:
        for event in book.types:
            for mode in [None, *(m.name for m in event.modes)]:
                assert book.quad(event.name, scheme.name, mode) in range(5)
    with pytest.raises(SettingsError, match="plover-sections"):
        book.quad("AID", "other")


def test_quad_of_the_section_is_the_default(book: Codebook) -> None:
    for event in book.types:
        assert book.quad(event.name) == event.quad


def test_cameo_both_ways(book: Codebook) -> None:
    for event in book.types:
        for mode in [None, *(m.name for m in event.modes)]:
            code = book.cameo(event.name, mode)
            back = book.from_cameo(code)[0]
            if (event.name, mode) != ("RETREAT", "resign"):  # CAMEO has resignations among concessions
                assert back == event.name, (event.name, mode, code)
            assert book.goldstein(code, "icews") is not None
            assert book.goldstein(code, "gdelt") is not None


def test_from_cameo(book: Codebook) -> None:
    assert book.from_cameo("190") == ("ASSAULT", None, ("military",))
    assert book.from_cameo("19")[0] == "ASSAULT"
    assert book.from_cameo("010") == (None, None, ())  # PLOVER dropped statements
    assert book.from_cameo("116")[:2] == ("SANCTION", "convict")  # against the mapping file, with the manual
    assert book.from_cameo("9999") == (None, None, ())
    assert all(c.note for c in book.cameo_codes if c.printed)


def test_goldstein_variants_differ_where_published(book: Codebook) -> None:
    assert book.goldstein("016", "icews") == -5.0
    assert book.goldstein("016", "gdelt") == -2.0
    assert book.goldstein("164", "icews") == -6.5
    assert book.goldstein("164", "gdelt") == -7.0
    assert book.goldstein("1214", "gdelt") == book.goldstein("121", "gdelt")
    with pytest.raises(SettingsError):
        book.goldstein("190", "other")


def test_describe(book: Codebook) -> None:
    everything = book.describe()
    assert all(t.name in everything for t in book.types)
    one = book.describe("sanction")
    assert "convict" in one
    assert "verbal conflict" in one
    assert max(map(len, (everything + "\n" + one).split("\n"))) <= 100
    with pytest.raises(SettingsError, match="NOPE"):
        book.describe("NOPE")


def test_pages_agree_with_the_data(book: Codebook) -> None:
    path = ROOT / "training" / "make_codebook_docs.py"
    spec = importlib.util.spec_from_file_location("make_codebook_docs", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_codebook_docs"] = module
    spec.loader.exec_module(module)
    assert module.differences(ROOT / "docs" / "codebook", module.pages(book)) == []
