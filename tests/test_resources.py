"""What a run is made of: every data file is hashed, settings count, broken data stops the program at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from conftest import ROOT
from legation.problems import SettingsError
from legation.resources import DATA_SUFFIXES, Resources, data_files, load_resources, run_info
from legation.settings import Settings, load_settings

PACKAGE = ROOT / "src" / "legation"


def test_every_data_file_is_part_of_the_run(resources: Resources) -> None:
    there = {str(p.relative_to(PACKAGE)) for p in PACKAGE.rglob("*") if p.suffix in DATA_SUFFIXES}
    assert there == {file.name for file in data_files(resources)}
    assert [f.name for f in data_files(resources)] == [name for name, _ in resources.run.files]


def test_settings_change_the_id_of_the_run(resources: Resources) -> None:
    assert run_info(resources).id == resources.run.id
    other = Resources(replace(resources.settings, engine="rules"))
    for part in ("cleaner", "parser", "lexicon", "rules", "cues", "patterns", "gazetteer", "codebook", "reductions"):
        other.__dict__[part] = getattr(resources, part)  # what is loaded already
    assert run_info(other).id != resources.run.id


def test_resources_are_frozen(resources: Resources) -> None:
    with pytest.raises(AttributeError):
        resources.settings = Settings()  # type: ignore[misc]


def test_an_overlay_changes_the_run(tmp_path: Path) -> None:
    world = ROOT / "tests" / "cases" / "world.tsv"
    loaded = load_resources(Settings(actors=world), parts=("lexicon",))
    assert str(world) in {file.name for file in loaded.lexicon.files} | {str(world.relative_to(ROOT))}
    broken = tmp_path / "mine.tsv"
    broken.write_text(world.read_text("utf8").replace("\tcountry\t", "\tkingdom\t", 1))
    with pytest.raises(Exception, match=r"mine\.tsv"):
        load_resources(Settings(actors=broken), parts=("lexicon",))


def test_settings_come_from_a_file_an_environment_variable_and_flags(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('engine = "rules"\ngoldstein_scheme = "gdelt"\n')
    assert load_settings(file).engine == "rules"
    assert load_settings(file, engine="auto", parser=None).engine == "auto"
    monkeypatch.setenv("LEGATION_SETTINGS", str(file))
    assert load_settings().goldstein_scheme == "gdelt"
    with pytest.raises(SettingsError, match="engine"):
        load_settings(engine="magic")


def test_a_part_is_loaded_only_when_it_is_asked_for() -> None:
    some = load_resources(Settings(), parts=("patterns",))
    assert "patterns" in some.__dict__ and "lexicon" not in some.__dict__ and "parser" not in some.__dict__
