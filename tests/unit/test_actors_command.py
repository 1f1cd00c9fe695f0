"""`legation actors`: lookup, one's own file, who was not recognised, what differs."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from legation.actors.lexicon import FOLDER, load_lexicon
from legation.actors.lexicon_overlay import OVERLAY_COLUMNS
from legation.actors.overlay_file import merge, read_own
from legation.cli.app import run
from legation.export.bring import KEYS
from legation.problems import ResourceError
from legation.store import Item, RunRow, Store

ROOT = Path(__file__).parents[2]


class Ran:
    """What a command left behind."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    def lines(self) -> list[dict[str, Any]]:
        """The output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Call = Callable[..., Ran]


@pytest.fixture
def actors(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Call:
    def call(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["legation", "actors", *map(str, arguments)])
        status = 0
        try:
            run()
        except SystemExit as end:
            status = int(end.code or 0)
        out, err = capfdbinary.readouterr()
        return Ran(status, out.decode(), err.decode())

    return call


def rows(path: Path, *lines: str, header: str = "kind name country sector office office_kind start end") -> Path:
    """A file of rows; the cells of a line stand between bars."""
    text = ["\t".join(header.split()), *("\t".join(c.strip() for c in line.split("|")) for line in lines)]
    path.write_text("\n".join(text) + "\n", "utf8")
    return path


MINISTER = "person|Ilse Varga|HUN|GOV|Minister of Fish|minister|2030-01-01|2032-06-30"


# -- lookup


def test_lookup_tells_offices_and_the_role_of_the_day(actors: Call) -> None:
    ran = actors("lookup", "Vladimir Putin", "--date", "2010-03-01")
    first = ran.out.splitlines()[0]
    assert "RUSGOV" in first and "term, Prime Minister" in first
    held = [line for line in ran.out.splitlines() if line.rstrip().endswith("editor  term")]
    assert len(held) == 1 and "2008-05-08" in held[0] and "2012-05-07" in held[0]


def test_lookup_as_json_names_all_candidates(actors: Call) -> None:
    found = actors("lookup", "Bhutto", "--date", "1995-01-01", "--format", "jsonl").lines()
    names = [f["name"] for f in found]
    assert "Benazir Bhutto" in names and len(names) > 1
    one = next(f for f in found if f["name"] == "Benazir Bhutto")
    assert (one["code"], one["office"], one["basis"], one["strong"]) == ("PAKGOV", "Prime Minister", "term", False)
    assert [o["start"] for o in one["offices"] if o["basis"] == "term"] == ["1993-10-19"]
    assert all(o["source"] for o in one["offices"])


def test_lookup_without_a_day_gives_no_basis_for_offices(actors: Call) -> None:
    ran = actors("lookup", "Vladimir Putin")
    assert "basis: static" in ran.out and "on the day" not in ran.out


def test_lookup_of_nobody_says_so_on_standard_error(actors: Call) -> None:
    ran = actors("lookup", "Vladislav Putin")
    assert (ran.status, ran.out) == (0, "") and "Vladimir Putin (person:Q7747)" in ran.err


@pytest.mark.parametrize(
    ("asked", "name"), [("vladimir putin", "Vladimir Putin"), ("hamas", "Hamas"), ("iaea", "IAEA")]
)
def test_lookup_finds_names_in_small_letters(actors: Call, asked: str, name: str) -> None:
    ran = actors("lookup", asked, "--format", "jsonl")
    assert ran.lines() == actors("lookup", name, "--format", "jsonl").lines() != []


def test_lookup_refuses_a_day_that_is_none(actors: Call) -> None:
    ran = actors("lookup", "Putin", "--date", "2010-02-30")
    assert ran.status == 2 and "not a day" in ran.err


# -- one's own file


def test_added_rows_take_precedence(actors: Call, tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    ran = actors("add", rows(tmp_path / "new.tsv", MINISTER), "--actors", own)
    assert (ran.status, ran.err) == (0, "") and "1 added" in ran.out
    found = actors("lookup", "Ilse Varga", "--date", "2031-01-01", "--actors", own, "--format", "jsonl").lines()
    assert [(f["code"], f["office"], f["basis"]) for f in found] == [("HUNGOV", "Minister of Fish", "term")]
    assert actors("lookup", "Ilse Varga").out == ""
    again = actors("add", tmp_path / "new.tsv", "--actors", own)
    assert "0 added, 0 replaced, 1 stood there already" in again.out
    assert len(own.read_text("utf8").splitlines()) == 2


def test_the_setting_says_where_the_own_file_is(actors: Call, tmp_path: Path) -> None:
    own, settings = tmp_path / "own.tsv", tmp_path / "settings.toml"
    own.write_text("\t".join(OVERLAY_COLUMNS) + "\n", "utf8")
    settings.write_text('actors = "own.tsv"\n', "utf8")
    assert actors("add", rows(tmp_path / "new.tsv", MINISTER), "--settings", settings).status == 0
    assert "Ilse Varga" in own.read_text("utf8")
    assert actors("lookup", "Ilse Varga", "--settings", settings, "--format", "jsonl").lines()[0]["country"] == "HUN"


def test_without_an_own_file_nothing_is_added(actors: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEGATION_SETTINGS", raising=False)
    ran = actors("add", rows(tmp_path / "new.tsv", MINISTER))
    assert ran.status == 2 and "--actors" in ran.err


def test_every_wrong_row_is_named_with_file_and_line_and_nothing_is_written(actors: Call, tmp_path: Path) -> None:
    new = rows(
        tmp_path / "new.tsv",
        "# comments and blank lines count as lines",
        MINISTER,
        "person|Ola Dahl|NOR|KING|||2030|",
        "",
        "person|Ola Dahl|NO|GOV|||2030|",
        "person|Ola Dahl|NOR",
        "person|Ola Dahl|NOR|GOV|Minister|minister|2031|2030",
        MINISTER,
    )
    own = tmp_path / "own.tsv"
    ran = actors("add", new, "--actors", own)
    assert ran.status == 2 and not own.exists()
    told = ran.err.splitlines()
    assert [t.split(": ")[0] for t in told[:-1]] == [
        f"{new}, line 4 (Ola Dahl)",
        f"{new}, line 6 (Ola Dahl)",
        f"{new}, line 7 (Ola Dahl)",
        f"{new}, line 8 (Ola Dahl)",
        f"{new}, line 9 (Ilse Varga)",
    ]
    assert "KING" in told[0] and "three capital" in told[1] and "3 cells, expected 8" in told[2]
    assert "before it starts" in told[3] and "stands on line 3" in told[4] and "5 problems" in told[5]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"kind\tname\tcolour\n", "no such column: colour"),
        (b"kind\tcountry\n", "no column name"),
        (b"kind\tname\tname\n", "stands twice"),
        (b"", "is empty"),
        (b"kind\tname\nperson\tM\xfcller\n", "line 2: not UTF-8"),
    ],
)
def test_files_that_are_none(actors: Call, tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "new.tsv").write_bytes(content)
    ran = actors("add", tmp_path / "new.tsv", "--actors", tmp_path / "own.tsv")
    assert ran.status == 2 and reason in ran.err and not (tmp_path / "own.tsv").exists()


def test_a_broken_own_file_is_not_touched(actors: Call, tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("\t".join(OVERLAY_COLUMNS) + "\nadd\tperson\tX\n", "utf8")
    ran = actors("add", rows(tmp_path / "new.tsv", MINISTER), "--actors", own)
    assert ran.status == 2 and f"{own}, line 2 (X): 3 cells, expected 15" in ran.err
    assert "Varga" not in own.read_text("utf8")
    broken = actors("lookup", "Putin", "--actors", own)
    assert broken.status == 2 and "line 2" in broken.err


def test_a_run_names_the_line_of_a_wrong_row(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    cells = ["add", "person", "Ola Dahl", "", "", "NOR", "KING", *[""] * 6, "user", ""]
    own.write_text("# mine\n" + "\t".join(OVERLAY_COLUMNS) + "\n\n" + "\t".join(cells) + "\n", "utf8")
    with pytest.raises(ResourceError, match="line 4: Ola Dahl: sector is 'KING'"):
        load_lexicon(own)


def test_edit_replaces_the_rows_of_an_actor_and_keeps_all_else(actors: Call, tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    actors("add", rows(tmp_path / "a.tsv", MINISTER, "group|Skerry Guard|NOR|REB||||"), "--actors", own)
    own.write_text("# my project\n" + own.read_text("utf8"), "utf8")
    ran = actors("edit", rows(tmp_path / "b.tsv", MINISTER.replace("2030-01-01", "2030-03-01")), "--actors", own)
    assert "1 added, 1 replaced, 0 stood there already" in ran.out
    lines = own.read_text("utf8").splitlines()
    assert lines[0] == "# my project" and "2030-03-01" in lines[2] and "Skerry Guard" in lines[3] and len(lines) == 4


def test_check_writes_nothing(actors: Call, tmp_path: Path) -> None:
    ran = actors("add", rows(tmp_path / "a.tsv", MINISTER), "--actors", tmp_path / "own.tsv", "--check")
    assert ran.status == 0 and "nothing was written" in ran.out and not (tmp_path / "own.tsv").exists()


def test_likely_slips_are_told_and_still_written(actors: Call, tmp_path: Path) -> None:
    new = rows(
        tmp_path / "a.tsv",
        "add|group|Skerry Guard|NOX|REB",
        "drop|person|Nobody Atall||",
        "add|country|Arnor|ARN|GOV",
        "add|group|Red Hand|ARN|REB",
        header="action kind name country sector",
    )
    ran = actors("add", new, "--actors", tmp_path / "own.tsv")
    notes = ran.err.splitlines()
    assert len(notes) == 2 and "line 2" in notes[0] and "NOX" in notes[0] and "line 3" in notes[1]
    assert "4 added" in ran.out


def test_ids_keep_bearers_of_one_name_apart(tmp_path: Path) -> None:
    header = "kind name id country office office_kind start"
    two = rows(
        tmp_path / "a.tsv",
        "person|Ali Dar|person:one|PAK|Minister|minister|2030",
        "person|Ali Dar|person:two|IND|Minister|minister|2030",
        header=header,
    )
    old = merge(None, [], read_own(two, whole=False)[0], replace=False)
    (tmp_path / "own.tsv").write_text(old.text, "utf8")
    new = rows(tmp_path / "b.tsv", "person|Ali Dar|person:two|IND|Minister|minister|2031", header=header)
    merged = merge(old.text, read_own(tmp_path / "own.tsv")[0], read_own(new, whole=False)[0], replace=True)
    assert (merged.added, merged.replaced) == (1, 1)
    assert [line.split("\t")[10] for line in merged.text.splitlines()[1:]] == ["2030", "2031"]


def test_the_invented_world_is_a_good_overlay() -> None:
    found, problems = read_own(ROOT / "tests" / "cases" / "world.tsv")
    assert problems == [] and len(found) > 10


# -- unknown


def party(text: str, start: int, country: str | None = None, entity: str | None = None) -> dict[str, Any]:
    return {"text": text, "start": start, "end": start + len(text), "country": country, "entity_id": entity}


def record(article: str, *parties: dict[str, Any], source: dict[str, Any] | None = None) -> dict[str, Any]:
    cue = {"start": 900, "end": 904, "text": "said"}
    return {
        **dict.fromkeys(KEYS),
        "article": {"id": article},
        "sentence": {"start": 100},
        "actor": list(parties),
        "recipient": [],
        "attribution": [{"cue": cue, **source}] if source else [],
    }


RECORDS = [
    record("a", party("the Xqz Front", 120)),
    record("a", party("the Xqz Front", 120)),  # a second event of the same words
    record("b", party("The Xqz Front", 100), source=party("Vladislav Putin", 150)),
    record("b", party("Rebels", 100), party("Norway", 160, "NOR", "country:NOR")),
    record("c", party("Danish Minister Mette Lund", 130, "DNK"), party("Icelandic boats", 170, "ISL")),
    record("c", party("Boris Johnson", 140), source=party("allegedly", 900)),
]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in RECORDS), "utf8")
    return path


def test_unknown_names_are_counted_once_for_each_place(actors: Call, lines: Path) -> None:
    ran = actors("unknown", lines, "--format", "jsonl")
    assert [(u["text"], u["count"], u["article"]) for u in ran.lines()] == [
        ("Xqz Front", 2, "a"),
        ("Vladislav Putin", 1, "b"),
    ]
    assert ran.lines()[1]["suggestions"][0]["id"] == "person:Q7747"
    assert "2 names; 1 mentions left out" in ran.err  # Boris Johnson is in the lexicon


def test_unknown_with_coded_and_all(actors: Call, lines: Path) -> None:
    texts = [u["text"] for u in actors("unknown", lines, "--coded", "--format", "jsonl").lines()]
    assert texts == ["Xqz Front", "Danish Minister Mette Lund", "Vladislav Putin"]
    texts = [u["text"] for u in actors("unknown", lines, "--all", "--format", "jsonl").lines()]
    assert texts == ["Xqz Front", "Rebels", "Vladislav Putin"]
    assert [u["text"] for u in actors("unknown", lines, "--least", "2", "--format", "jsonl").lines()] == ["Xqz Front"]


def test_unknown_as_a_table_and_with_an_own_file(actors: Call, lines: Path, tmp_path: Path) -> None:
    ran = actors("unknown", lines, "--limit", "1")
    assert "Xqz Front" in ran.out and "Putin" not in ran.out and "2 names, the first 1 shown" in ran.err
    own = tmp_path / "own.tsv"
    actors("add", rows(tmp_path / "a.tsv", "group|Xqz Front|NOR|REB||||"), "--actors", own)
    assert "Xqz" not in actors("unknown", lines, "--actors", own).out


def test_unknown_from_a_store(actors: Call, tmp_path: Path) -> None:
    from export_records import TEXT
    from export_records import record as full

    made = full(id=f"{1:016x}")
    made["actor"][0] |= {"text": "the Xqz Front", "country": None, "sector": None, "code": None, "entity_id": None}
    path = tmp_path / "s.duckdb"
    about = {"resources": {"x.yml": "aa"}, "settings": {"quad_scheme": "plover-sections", "goldstein_scheme": "icews"}}
    article = {**made["article"], "article_id": made["article"]["id"], "text": TEXT}
    del article["id"]
    with Store.open(path, create=True) as store:
        store.load(RunRow("4f90b987325a71b8", "0.9", "c0de", **about), [Item("k", "n.txt", article, (made,))])
    ran = actors("unknown", "--store", path, "--format", "jsonl")
    assert [u["text"] for u in ran.lines()] == ["Xqz Front"]


def test_unknown_needs_to_be_told_where(actors: Call, lines: Path, tmp_path: Path) -> None:
    assert actors("unknown").status == 2
    assert actors("unknown", lines, "--store", tmp_path / "s.duckdb").status == 2


# -- diff


def test_diff_with_an_overlay(actors: Call, tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    president = "person|Vladimir Putin|RUS|GOV|President|head_of_state|2012-05-07|2031-01-01"
    actors("add", rows(tmp_path / "a.tsv", MINISTER, president), "--actors", own)
    changes = actors("diff", ".", own, "--format", "jsonl").lines()
    assert [(c["what"], c["id"]) for c in changes] == [("added", "person:HUN:ilse-varga"), ("changed", "person:Q7747")]
    back = actors("diff", own, ".")
    assert "removed  Ilse Varga" in back.out and "0 added, 1 removed, 1 changed" in back.err
    assert actors("diff", own, own).out == ""


def test_diff_with_the_folder_of_another_version(actors: Call, tmp_path: Path) -> None:
    other = tmp_path / "lexicon"
    shutil.copytree(FOLDER, other)
    with (other / "groups.tsv").open("a", encoding="utf8") as groups:
        groups.write("group:xqz-front\tXqz Front\t\tgroup\tNOR\tREB\t\t\teditor\n")
    changes = actors("diff", other, ".", "--format", "jsonl").lines()
    assert [(c["what"], c["id"]) for c in changes] == [("removed", "group:xqz-front")]


def test_diff_of_what_is_not_there(actors: Call, tmp_path: Path) -> None:
    assert actors("diff", ".", tmp_path / "none.tsv").status == 2
    ran = actors("diff", ".", tmp_path)
    assert ran.status == 2 and "persons.tsv" in ran.err
