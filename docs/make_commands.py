"""Writes docs/commands.md from the help texts of the program. `--check` only compares (used by the tests)."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Any

import typer.main

from legation.cli.app import app

PAGE = Path(__file__).with_name("commands.md")
INTRO = """# Commands

This page is written by `make docs` from the program's own help; a test fails when the two differ.

Exit status: 0 done; 1 some items failed (each is named on standard error with its reason, the rest is delivered);
2 unusable arguments, settings or data files. Records are described in [event-record.md](event-record.md), problem
codes in [problems.md](problems.md).
"""


def options_of(command: Any) -> list[tuple[str, str]]:
    """(name, what it does) of every argument and option, in the order of the help."""
    rows = []
    for parameter in command.params:
        is_option = parameter.param_type_name == "option"
        names = [*parameter.opts, *parameter.secondary_opts] if is_option else [parameter.metavar or parameter.name]
        name = " / ".join(names)
        kind = parameter.type_descriptor.annotation
        if is_option and isinstance(kind, type) and issubclass(kind, Enum):
            name += " " + "\\|".join(choice.value for choice in kind)
        elif is_option and parameter.metavar:
            name += f" {parameter.metavar}"
        text = parameter.help or ""
        default = parameter.default
        if is_option and default not in (None, False, True, ()) and not callable(default):
            text += f" Default: {getattr(default, 'value', default)}."
        rows.append((f"`{name}`", text.strip()))
    return rows


def commands_of(group: Any, above: str = "") -> list[tuple[str, Any]]:
    """(name, command) of every command; those of a group bring its name ("watch add")."""
    found = []
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found += commands_of(command, f"{above}{name} ")
        else:
            found.append((above + name, command))
    return found


def page() -> str:
    """The whole page."""
    parts = [INTRO]
    for name, command in sorted(commands_of(typer.main.get_command(app))):
        parts.append(f"\n## legation {name}\n\n{(command.help or '').strip()}\n\n")
        parts.append("| argument or option | what it does |\n|---|---|\n")
        parts += [f"| {option} | {text} |\n" for option, text in options_of(command) if option != "`--help`"]
    return "".join(parts)


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.read_text("utf8") == page() else "docs/commands.md is out of date: run `make docs`")
    PAGE.write_text(page(), "utf8")
