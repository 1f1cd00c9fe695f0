"""Questions to the lexicon: lookup, own files, differences, unknown names."""

from __future__ import annotations

from pathlib import Path

import pytest

from legation.actors.lexicon import Lexicon, load_lexicon
from legation.actors.lookup import add_to_overlay, check_overlay, diff, licences, lookup, suggest, unknown


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def test_lookup_gives_the_role_of_the_day(lexicon: Lexicon) -> None:
    found = lookup("Vladimir Putin", "2010-03-01", lexicon)
    assert found[0].entry.id == "person:Q7747"
    assert (found[0].role.office, found[0].role.basis) == ("Prime Minister", "term")
    assert lookup("Vladimir Putin", None, lexicon)[0].role.basis == "static"


def test_lookup_of_a_surname_gives_all_bearers(lexicon: Lexicon) -> None:
    names = [f.entry.name for f in lookup("Bhutto", "1995-01-01", lexicon)]
    assert "Benazir Bhutto" in names
    assert lookup("Qwertzuiop", None, lexicon) == []


def test_own_file_is_checked_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    row = {
        "kind": "person",
        "name": "Ilse Varga",
        "country": "HUN",
        "sector": "GOV",
        "office": "Minister of Fish",
        "office_kind": "minister",
        "start": "2030-01-01",
    }
    assert add_to_overlay(path, [row]) == []
    assert check_overlay(path) == []
    assert add_to_overlay(path, [{**row, "sector": "KING"}])
    assert add_to_overlay(path, [{**row, "colour": "red"}]) == ["row 1: no such column: colour"]
    path.write_text(path.read_text("utf8") + "add\tperson\tX\n", "utf8")
    assert "3 cells" in check_overlay(path)[0]


def test_diff_names_what_an_overlay_changes(tmp_path: Path, lexicon: Lexicon) -> None:
    path = tmp_path / "mine.tsv"
    add_to_overlay(
        path,
        [
            {
                "kind": "person",
                "name": "Ilse Varga",
                "country": "HUN",
                "sector": "GOV",
                "office": "Minister of Fish",
                "office_kind": "minister",
                "start": "2030-01-01",
            },
            {
                "kind": "person",
                "name": "Vladimir Putin",
                "country": "RUS",
                "sector": "GOV",
                "office": "President",
                "office_kind": "head_of_state",
                "start": "2012-05-07",
                "end": "2031-01-01",
            },
        ],
    )
    changes = {c.id: c for c in diff(lexicon, load_lexicon(path))}
    assert set(changes) == {"person:HUN:ilse-varga", "person:Q7747"}
    assert changes["person:Q7747"].what == "changed" and "2031-01-01" in changes["person:Q7747"].detail


def test_unknown_names_are_counted_and_get_suggestions(lexicon: Lexicon) -> None:
    rows = unknown([("Vladislav Putin", "a1"), ("Xqz Front", "a2"), ("Vladislav Putin", "a3")], lexicon)
    assert [(u.text, u.count, u.article) for u in rows] == [("Vladislav Putin", 2, "a1"), ("Xqz Front", 1, "a2")]
    assert rows[0].suggestions[0].id == "person:Q7747"
    assert suggest("", lexicon) == ()


def test_licences_are_listed_by_key() -> None:
    keys = [x.key for x in licences()]
    assert keys == sorted(set(keys)) and "editor" in keys
    assert all(x.licence and x.credit for x in licences())
