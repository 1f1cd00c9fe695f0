"""The command line: one file per group of commands, and the only code that prints."""

from __future__ import annotations


def main() -> None:
    """Entry point of the `legation` command."""
    import signal

    from legation.cli.app import run

    if hasattr(signal, "SIGPIPE"):  # "| head" has seen enough: end like every other tool, without a word
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    run()
