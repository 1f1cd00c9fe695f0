"""`legation evaluate`: figures against gold data."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from legation.cli import options

if TYPE_CHECKING:
    from legation.resources import Resources

DEFAULT_GOLD = Path("..") / "shared" / "gold"
OWN = ("rules", "confusion", "world")  # tables that the program makes itself; the rest is the scorer's


def evaluate(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="TASK [SCORER-OPTION]...",
            help="Handed to the scorer, such as: dates --set gum_news. Or: rules SET (precision of each rule), "
            "confusion SET (types against types), world (invented-world records).",
        ),
    ],
    scorer: Annotated[
        Path | None,
        typer.Option("--scorer", metavar="FILE", help="The scorer; else ../shared/gold/score.py if there."),
    ] = None,
    gold: Annotated[
        Path, typer.Option("--gold-folder", metavar="FOLDER", help="Where the gold sets lie, for rules and world.")
    ] = DEFAULT_GOLD,
    engine: options.EngineName = None,
    settings: options.SettingsFile = None,
) -> None:
    """Run a scorer on this installation and print its figures."""
    from legation.evaluate.scorer import run_scorer
    from legation.problems import SettingsError

    if arguments[0] in OWN:
        _own(arguments, gold, engine, settings)
        return
    path = scorer or DEFAULT_GOLD / "score.py"
    if not path.is_file():
        raise SettingsError(f"evaluate: there is no scorer at {path} (give --scorer FILE)")
    sys.stdout.flush()
    raise typer.Exit(run_scorer(path, arguments))


def _own(arguments: list[str], gold: Path, engine: options.Engine | None, settings: Path | None) -> None:
    """The tables that the program makes itself."""
    from legation.evaluate import rule_table
    from legation.evaluate.world import run_world
    from legation.problems import SettingsError
    from legation.resources import PARTS

    resources: Resources = options.resources_for(PARTS, engine=engine, settings=settings)
    if arguments[0] == "world":
        print(json.dumps(run_world(gold / "invented_world", resources.settings)))
        return
    if len(arguments) != 2:
        raise SettingsError(f"evaluate: {arguments[0]} needs the name of a set, such as plover_gsr")
    stem = gold / "endtoend" / arguments[1]
    items = rule_table.read_jsonl(stem.with_name(stem.name + ".items.jsonl"))
    truth = rule_table.read_jsonl(stem.with_name(stem.name + ".gold.jsonl"))
    if arguments[0] == "rules":
        print(f"{'rule':38}{'records':>8}{'right':>7}{'type':>6}{'sides':>7}{'other':>7}  precision")
        for row in rule_table.rule_table(items, truth, resources):
            counts = f"{row['records']:8}{row['right']:7}{row['other_type']:6}{row['other_sides']:7}{row['other']:7}"
            print(f"{row['rule']:38}{counts}  {row['precision']:.3f}")
        return
    table = rule_table.confusion(items, truth, resources)
    columns = [*sorted({t for row in table.values() for t in row} - {"-"}), "-"]
    print(f"{'gold / coded':14}" + "".join(f"{c[:9]:>10}" for c in columns))
    for name in sorted(table):
        print(f"{name:14}" + "".join(f"{table[name][c] or '':>10}" for c in columns))
