"""Documentation that a test can check: commands, options, problem codes, data folders, record keys."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from conftest import ROOT
from test_command_line import KEYS

DOCS = ROOT / "docs"
PACKAGE = ROOT / "src" / "legation"
DATA = {".yml", ".tsv", ".gz", ".bin", ".onnx", ".json", ".npz"}


def test_every_command_and_option_is_documented() -> None:
    subprocess.run([sys.executable, DOCS / "make_commands.py", "--check"], check=True)


def problem_codes() -> set[str]:
    """Codes of all problems that the program can make, read from its source."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Problem", "refuse") and node.args:
                if ast.unparse(node.args[0]) == "code":  # handed on by a helper called refuse
                    continue
                assert isinstance(node.args[0], ast.Constant), f"{path}: a problem's code is a fixed word"
                found.add(node.args[0].value)
    return found


def test_every_problem_code_is_documented_and_no_other() -> None:
    page = (DOCS / "problems.md").read_text("utf8")
    assert set(re.findall(r"^\| `([a-z-]+)` \|", page, re.M)) == problem_codes()


def test_every_folder_with_data_is_documented() -> None:
    page = (DOCS / "data.md").read_text("utf8")
    folders = {p.parent.relative_to(PACKAGE).as_posix() for p in PACKAGE.rglob("*") if p.suffix in DATA}
    assert not [f for f in sorted(folders) if f"`{f}/`" not in page]


def test_every_data_file_is_documented() -> None:
    page = (DOCS / "data.md").read_text("utf8")
    patterns = re.findall(r"`([\w*.]+\.(?:yml|tsv|gz|json|onnx))`", page)
    for path in (p for p in PACKAGE.rglob("*") if p.suffix in DATA):
        folder = path.parent.relative_to(PACKAGE).as_posix()
        if folder in ("events/rules", "dates/patterns"):  # one file for each type; numbered files
            continue
        assert any(path.match(p) for p in patterns), path


def test_every_key_of_the_record_is_documented() -> None:
    page = (DOCS / "event-record.md").read_text("utf8")
    named = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (`.*?) \|", page, re.M))))
    assert named >= KEYS


def test_every_reason_of_the_record_stage_is_documented() -> None:
    page = (DOCS / "event-record.md").read_text("utf8")
    source = (PACKAGE / "record" / "assemble.py").read_text("utf8")
    for reason in re.findall(r'Rejected\(candidate, "([a-z-]+)"\)', source):
        assert f"| `{reason}` |" in page, reason


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*DOCS.glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text("utf8")):
            if not target.startswith(("http:", "https:", "mailto:")):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_shows_what_the_program_prints() -> None:
    """The table at the top of README.md is real output."""
    readme = (ROOT / "README.md").read_text("utf8")
    command, shown = re.search(r"```console\n\$ (legation code [^\n]+)\n(.*?)```", readme, re.S).groups()  # type: ignore[union-attr]
    arguments = command.split()[1:]
    ran = subprocess.run([sys.executable, "-m", "legation", *arguments], cwd=ROOT, capture_output=True, check=True)
    assert [x.rstrip() for x in ran.stdout.decode().splitlines()] == [x.rstrip() for x in shown.splitlines()]


def test_no_page_is_empty() -> None:
    assert all(len(Path(p).read_text("utf8")) > 200 for p in DOCS.glob("*.md"))
