"""The tables of `legation evaluate`: what counts as right, and the invented-world adapter on a world of our own."""

from __future__ import annotations

from pathlib import Path

from legation.codebook import load_codebook
from legation.evaluate.rule_table import outcome
from legation.evaluate.world import actors_of, read_world, root_of_cameo

RECORD = {
    "type": "ACCUSE",
    "actor": [{"start": 0, "end": 5, "country": "NOR"}],
    "recipient": [{"start": 20, "end": 27, "country": "ISL"}],
}


def test_outcome_by_spans() -> None:
    gold = {"root": "ACCUSE", "source_span": [0, 5], "target_span": [20, 27]}
    assert outcome(RECORD, gold) == "right"
    assert outcome(RECORD, {**gold, "root": "REJECT"}) == "other_type"
    assert outcome(RECORD, {**gold, "target_span": [40, 45]}) == "other_sides"
    assert outcome(RECORD, {"root": "REJECT", "source_span": [7, 9], "target_span": [40, 45]}) == "other"


def test_outcome_by_country() -> None:
    gold = {"root": "ACCUSE", "actor": [{"country": "NOR"}], "recipient": [{"country": "ISL"}]}
    assert outcome(RECORD, gold) == "right"
    assert outcome(RECORD, {**gold, "recipient": [{"country": "DNK"}]}) == "other_sides"


def test_yield_is_both_of_its_types() -> None:
    gold = {"root": "YIELD", "source_span": [0, 5], "target_span": [20, 27]}
    assert outcome({**RECORD, "type": "RETREAT"}, gold) == "right"


def test_cameo_roots() -> None:
    book = load_codebook()
    assert root_of_cameo("020", book) == "REQUEST"
    assert root_of_cameo("190", book) == "ASSAULT"
    assert root_of_cameo("080", book) == "YIELD"


def test_world_files(tmp_path: Path) -> None:
    (tmp_path / "PETR_Validate_actors_2_02.txt").write_text(
        "# comment\nLOWLAND_REPUBLIC [LOW]\n+LOWLANDERS\n\nHILLMEN # note\n\t[HIL]\n", encoding="utf8"
    )
    (tmp_path / "PETR_Validate_records_2_02.xml").write_text(
        "<Validation><!-- a -- b --><Sentence category='A' id='A-1' evaluate='true'>"
        "<EventCoding eventcode='190' sourcecode='LOWMIL' targetcode='HIL'/><Text>Lowlanders\nshelled Hillmen.</Text>"
        "</Sentence><Sentence id='A-2' evaluate='false'><Text>No.</Text></Sentence>"
        "<Sentence id='A-3'><EventCoding noevents='True'/><Text>Quiet.</Text></Sentence></Validation>",
        encoding="utf8",
    )
    assert list(actors_of(tmp_path / "PETR_Validate_actors_2_02.txt")) == [
        ("LOW", ["Lowland Republic", "Lowlanders"]),
        ("HIL", ["Hillmen"]),
    ]
    items = read_world(tmp_path, load_codebook())
    assert [(i.text, i.events) for i in items] == [
        ("Lowlanders shelled Hillmen.", (("LOW", "HIL", "ASSAULT"),)),
        ("Quiet.", ()),
    ]
