"""The dated lexicon: what its files promise, who held which office, and what names do in text."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from legation.actors.lexicon import FOLDER, Lexicon, fold, load_lexicon
from legation.actors.lexicon_overlay import OFFICE_KINDS, SECTORS
from legation.actors.roles import role_of
from legation.model.actors import Mention
from legation.problems import ResourceError

DATA = Path(__file__).parent.parent / "data"

# UN members, Holy See, Kosovo, Palestine and Taiwan, with the first full year of those that are younger than 1990.
STATES = (DATA / "states.txt").read_text("utf8").split()
FOREIGN = (DATA / "foreign_ministers.txt").read_text("utf8").split()


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def _rows(name: str) -> Iterator[list[str]]:
    lines = [x for x in (FOLDER / name).read_text("utf8").split("\n") if x and x[0] != "#"]
    return (x.split("\t") for x in lines[1:])


def _mention(lexicon: Lexicon, name: str, day: str) -> Mention:
    hit = next(h for h in lexicon.find(name) if h.end == len(name))
    # of several bearers the one who was somebody on that day
    entry = next(
        (
            e
            for e in hit.entries
            if any(
                lexicon.basis(t.country or "", t.kind, t.start or "", t.end or "", t.as_of or "", day) for t in e.terms
            )
        ),
        hit.entries[0],
    )
    return Mention(0, len(name), name, 0, "name", 0, entry.country, entry.sector, entity_id=entry.id, basis="lexicon")


PROBES = [
    line.split("\t") for line in (DATA / "role_probes.tsv").read_text("utf8").split("\n") if line and line[0] != "#"
][1:]


@pytest.mark.parametrize(("name", "day", "country", "sector"), PROBES, ids=[f"{p[0]} {p[1]}" for p in PROBES])
def test_role_on_a_day(lexicon: Lexicon, name: str, day: str, country: str, sector: str) -> None:
    role = role_of(_mention(lexicon, name, day), day, lexicon)
    assert (role.country, role.sector) == (country, None if sector == "-" else sector)
    assert role.basis


def test_who_governs_is_known(lexicon: Lexicon) -> None:
    missing, asked = [], 0
    for state in STATES:
        code, _, first = state.partition(":")
        for year in range(int(first or 1990), 2027):
            day = f"{year}-07-01" if year < 2026 else "2026-02-15"
            asked += 1
            if not any(lexicon.holders(code, k, day) for k in ("head_of_government", "head_of_state", "royal")):
                missing.append((code, year))
    assert asked > 7000
    assert len(missing) <= 0.01 * asked, missing


def test_foreign_ministers_are_known(lexicon: Lexicon) -> None:
    asked = [(c, y) for c in FOREIGN for y in range(2000, 2026)]
    missing = [(c, y) for c, y in asked if not lexicon.holders(c, "foreign_minister", f"{y}-07-01")]
    assert len(missing) <= 0.03 * len(asked), missing


@pytest.mark.parametrize(
    "name",
    [
        "countries.tsv",
        "regions.tsv",
        "persons.tsv",
        "groups.tsv",
        "parties.tsv",
        "organisations.tsv",
        "bodies.tsv",
        "body_patterns.tsv",
    ],
)
def test_files_are_sorted_and_have_unique_ids(name: str) -> None:
    rows = list(_rows(name))
    ids = [r[0] for r in rows]
    assert ids == sorted(ids)
    assert len(ids) == len(set(ids))
    assert all(c == c.strip() for r in rows for c in r)


def test_editor_is_sorted() -> None:
    rows = list(_rows("editor.tsv"))
    keys = [(r[0] != "add", r[1], r[5], r[2], r[10], r[9]) for r in rows]
    assert keys == sorted(keys)
    assert len({tuple(r) for r in rows}) == len(rows)


def test_terms_are_well_formed_and_have_a_licensed_source() -> None:
    sources = set(re.findall(r"^- key: (\S+)", (FOLDER / "licences.yml").read_text("utf8"), re.M))
    date = re.compile(r"(\d{4}(-\d\d(-\d\d)?)?)?")
    for row in _rows("persons.tsv"):
        assert row[3], row[0]
        for part in row[3].split("|"):
            country, kind, sector, start, end, as_of, source, _office = part.split(";", 7)
            assert re.fullmatch("[A-Z]{3}", country), row
            assert kind in OFFICE_KINDS, row
            assert sector in SECTORS, row
            assert source in sources and source not in ("wlc", "reign"), row
            assert all(date.fullmatch(x) for x in (start, end, as_of)), row
            assert start or end or as_of, row
    for name in (
        "countries.tsv",
        "regions.tsv",
        "groups.tsv",
        "parties.tsv",
        "organisations.tsv",
        "bodies.tsv",
        "body_patterns.tsv",
    ):
        for row in _rows(name):
            assert set(row[-1].split("+")) <= sources, (name, row)


def test_generic_words_are_no_names(lexicon: Lexicon) -> None:
    stop = [line for line in (DATA / "generic_words.txt").read_text("utf8").split("\n") if line]
    for word in stop:
        strong = [h for h in lexicon.find(word) if h.strong]
        assert not strong, (word, strong[0].entries[0].id)


def test_loads_fast_and_finds_fast() -> None:
    start = time.process_time()
    lexicon = load_lexicon()
    assert time.process_time() - start < 1.5  # half a second on a quiet machine, see benchmarks/
    text = (
        "Officials in Ankara said on Monday that the Turkish Foreign Ministry and Recep Tayyip Erdogan agreed. " * 2000
    )
    start = time.process_time()
    lexicon.find(text)
    assert len(text) / (time.process_time() - start) > 2e6


def test_find_takes_the_longest_name_at_word_boundaries(lexicon: Lexicon) -> None:
    text = "Iranian envoys met Iran's foreign ministry; Irangate, New Yorkers and the Washington Post."
    found = [(text[h.start : h.end], h.entries[0].id) for h in lexicon.find(text)]
    assert ("Iran's foreign ministry", "body:IRN:foreign-ministry") in found
    assert ("Washington Post", "media:washington-post") in found
    assert not any(name == "Iran" for name, _ in found)


def test_find_reads_accents_quotes_and_line_ends_alike(lexicon: Lexicon) -> None:
    for text in ("Recep Tayyip Erdoğan", "Recep Tayyip Erdogan", "Recep Tayyip\nErdogan"):
        assert lexicon.find(text)[0].end == len(text)
    assert lexicon.find("Côte d’Ivoire")[0].entries[0].country == "CIV"
    assert len(fold("ß Æ Ł é’")) == len("ß Æ Ł é’")


@pytest.mark.parametrize(
    ("name", "code", "strong"),
    [
        ("the Kremlin", "RUS", True),
        ("White House", "USA", True),
        ("Downing Street", "GBR", True),
        ("Beijing", "CHN", True),
        ("Jordan", "JOR", False),
        ("Georgia", "GEO", False),
        ("Chad", "TCD", False),
        ("Soviet Union", "RUS", True),
        ("Czechoslovakia", "CZE", True),
        ("Yugoslavia", "SRB", True),
        ("East Germany", "DEU", True),
        ("Kosovo", "KOS", True),
        ("West Bank", "PSE", True),
        ("Taiwan", "TWN", True),
        ("Abkhazia", "GEO", True),
        ("Chechen", "RUS", True),
        ("Ivory Coast", "CIV", True),
        ("Burma", "MMR", True),
        ("Zaire", "COD", True),
        ("UN", "UNO", True),
        ("U.N. Security Council", "UNO", True),
        ("NATO", "IGO", True),
        ("European Commission", "EUR", True),
        ("Amnesty International", "NGO", True),
        ("ISIS", "IMG", True),
        ("Daesh", "IMG", True),
        ("Hamas", "PSE", True),
        ("PLO", "PSE", True),
        ("Hezbollah", "LBN", True),
        ("Reuters", "GBR", True),
        ("Gazprom", "MNC", True),
        ("Knesset", "ISR", True),
        ("State Duma", "RUS", True),
        ("FARC", "COL", True),
        ("Tamil Tigers", "LKA", True),
    ],
)
def test_names_and_codes(lexicon: Lexicon, name: str, code: str, strong: bool) -> None:
    hit = lexicon.find(name)[-1]
    assert (hit.entries[0].country, hit.strong) == (code, strong)


def test_holders_demonyms_and_surnames(lexicon: Lexicon) -> None:
    assert [e.name for e in lexicon.holders("RUS", "head_of_state", "2009-01-01")] == ["Dmitry Medvedev"]
    assert lexicon.holders("FRA", "foreign_minister", "1991-06-01")[0].name == "Roland Dumas"
    assert lexicon.demonym("Russians") == "RUS"
    assert lexicon.demonym("Ruritanian") is None
    assert lexicon.country_name("GBR") == "United Kingdom"
    assert {e.name for e in lexicon.surname("Bush")} >= {"George W. Bush", "George H. W. Bush"}
    assert lexicon.surname("Assad")


def test_open_terms_say_so_and_end_with_a_successor(lexicon: Lexicon) -> None:
    lavrov = _mention(lexicon, "Sergey Lavrov", "2026-11-01")
    assert role_of(lavrov, "2026-11-01", lexicon).basis == "term-open"
    kuleba = _mention(lexicon, "Dmytro Kuleba", "2025-03-01")
    assert role_of(kuleba, "2025-03-01", lexicon).sector == "ELI"


def _overlay(path: Path, *rows: str) -> Path:
    header = (
        "action\tkind\tname\taliases\tid\tcountry\tsector\tother_sectors\toffice\toffice_kind\tstart\tend\tas_of"
        "\tsource\tnote"
    )
    path.write_text("\n".join([header, *rows]) + "\n", "utf8")
    return path


def test_overlay_takes_precedence(tmp_path: Path) -> None:
    path = _overlay(
        tmp_path / "mine.tsv",
        "add\tperson\tArno Veldt\tA. Veldt\t\tRUS\tGOV\t\tPresident\thead_of_state\t2027-05-07\t\t2027-06\tme\t",
        "add\tgroup\tNorthern Dawn\t~ND\t\tMLI\tREB\t\t\t\t\t\t\tme\t",
        "drop\tgroup\tHamas\t\t\tPSE\t\t\t\t\t\t\t\t\t",
    )
    lexicon = load_lexicon(path)
    assert [e.name for e in lexicon.holders("RUS", "head_of_state", "2027-06-01")] == ["Arno Veldt"]
    putin = _mention(lexicon, "Vladimir Putin", "2027-06-01")
    assert role_of(putin, "2027-06-01", lexicon).sector == "ELI"
    assert lexicon.find("Northern Dawn")[0].entries[0].country == "MLI"
    assert not lexicon.find("ND")[0].strong
    assert not any(e.id == "group:hamas" for h in lexicon.find("Hamas") for e in h.entries)
    assert lexicon.files[-1].name == str(path)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("add\tperson\tX Y\t\t\tRussia\tGOV\t\tPresident\thead_of_state\t2027\t\t\tme\t", "country"),
        ("add\tperson\tX Y\t\t\tRUS\tKING\t\tPresident\thead_of_state\t2027\t\t\tme\t", "sector"),
        ("add\tperson\tX Y\t\t\tRUS\tGOV\t\tPresident\tpresident\t2027\t\t\tme\t", "office_kind"),
        ("add\tperson\tX Y\t\t\tRUS\tGOV\t\tPresident\thead_of_state\t7.5.2027\t\t\tme\t", "start"),
        ("add\tperson\tX Y\t\t\tRUS\tGOV\t\tPresident\thead_of_state\t2027\t2026\t\tme\t", "ends"),
        ("add\tperson\tX Y\t\t\tRUS\tGOV\t\tPresident\thead_of_state\t2027\t\t\t\t", "source"),
        ("edit\tperson\tX Y\t\t\tRUS\tGOV\t\tPresident\thead_of_state\t2027\t\t\tme\t", "action"),
    ],
)
def test_broken_overlay_is_named(tmp_path: Path, row: str, word: str) -> None:
    with pytest.raises(ResourceError, match=word):
        load_lexicon(_overlay(tmp_path / "broken.tsv", row))


def test_words_of_the_text_decide_where_the_lexicon_is_silent(lexicon: Lexicon) -> None:
    unknown = Mention(0, 9, "Tom Varro", 0, "name", 0, "HUN", "LEG", basis="title", office="lawmaker")
    assert role_of(unknown, "2020-01-01", lexicon).sector == "LEG"
    former = Mention(0, 9, "Tom Varro", 0, "name", 0, "HUN", "LEG", basis="title", modifier="former")
    assert role_of(former, "2020-01-01", lexicon).sector == "ELI"
    people = Mention(0, 8, "Russians", 0, "demonym", 0, "RUS", None, entity_id="country:RUS", basis="lexicon")
    assert role_of(people, "2020-01-01", lexicon).sector is None
    nobody = Mention(0, 2, "he", 0, "pronoun", 0, None, None)
    assert role_of(nobody, None, lexicon).basis == "unknown"


def test_without_a_day_the_title_decides(lexicon: Lexicon) -> None:
    putin = Mention(
        0, 5, "Putin", 0, "name", 0, "RUS", "GOV", entity_id="person:Q7747", basis="title", office="President"
    )
    assert role_of(putin, None, lexicon).basis == "words"
