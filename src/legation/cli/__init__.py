"""The command line: one file per group of commands, and the only code that prints."""

from __future__ import annotations


def main() -> None:
    """Entry point of the `legation` command."""
    from legation.cli.app import run

    run()
