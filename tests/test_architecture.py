"""The house rules that no linter knows."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "legation"
MODULES = sorted(PACKAGE.rglob("*.py"))
STAGES = ("clean", "parse", "actors", "events", "attribution", "dates", "places", "record", "codebook", "model")


def calls(tree: ast.AST) -> set[str]:
    """Names of what is called: "print", "datetime.now", "random.random" ..."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found.add(ast.unparse(node.func))
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_the_command_line_prints(path: Path) -> None:
    if path.is_relative_to(PACKAGE / "cli"):
        return
    tree = ast.parse(path.read_text("utf8"))
    used = {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    assert "print" not in calls(tree)
    assert not {"sys.stdout", "sys.stderr"} & used


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_stages_have_no_clock_no_chance_no_network_no_environment(path: Path) -> None:
    if path.relative_to(PACKAGE).parts[0] not in STAGES:
        return
    tree = ast.parse(path.read_text("utf8"))
    imported = {alias.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names}
    imported |= {(n.module or "").split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert not imported & {"time", "random", "secrets", "uuid", "socket", "urllib", "http", "requests", "subprocess"}
    forbidden = ("now", "today", "utcnow", "getenv")
    assert not {c for c in calls(tree) if c.rsplit(".", 1)[-1] in forbidden}
    assert "os.environ" not in {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_long_files_give_their_reason(path: Path) -> None:
    text = path.read_text("utf8")
    if len(text.splitlines()) > 400:
        assert "400 lines" in text[:2000], "a file of more than 400 lines says why at its top"


def test_importing_the_package_reads_no_data_and_loads_no_library() -> None:
    code = (
        "import builtins, io, sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda e, a: opened.append(str(a[0])) if e == 'open' else None)\n"
        "import legation\n"
        "bad = [f for f in opened if 'legation' in f and not f.endswith(('.py', '.pyc')) and '__pycache__' not in f]\n"
        "names = ('spacy', 'thinc', 'numpy', 'trafilatura', 'pydantic', 'yaml', 'rich')\n"
        "heavy = [m for m in names if m in sys.modules]\n"
        "assert not bad and not heavy, (bad, heavy)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_the_pipeline_loads_no_model() -> None:
    code = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda e, a: opened.append(str(a[0])) if e == 'open' else None)\n"
        "import legation.pipeline\n"
        "data = ('.yml', '.tsv', '.gz', '.bin', '.json', '.onnx', '.npz')\n"
        "bad = [f for f in opened if 'legation' in f and f.endswith(data)]\n"
        "assert not bad and 'spacy' not in sys.modules, bad\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_file_names_a_package_index() -> None:
    words = ("--index-url", "--extra-index-url", "--find-links", "files.pythonhosted", "pypi.org")
    for path in [*ROOT.glob("requirements/*"), ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / ".ci" / "run"]:
        text = path.read_text("utf8").replace("--no-emit-index-url", "")
        assert not [w for w in words if w in text], path


def test_the_locked_files_fit_what_is_asked_for() -> None:
    dependencies = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]["dependencies"]
    asked = (ROOT / "requirements" / "runtime.in").read_text("utf8").splitlines()
    assert [x for x in asked if x and not x.startswith("#")] == dependencies
    dev = (ROOT / "requirements" / "dev.txt").read_text("utf8").splitlines()
    for name in ("runtime.txt", "build.txt"):
        pins = [x for x in (ROOT / "requirements" / name).read_text("utf8").splitlines() if "==" in x and x[0] != " "]
        assert pins and set(pins) <= set(dev), name
