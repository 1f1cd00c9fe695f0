"""The command line: one file per group of commands, and the only code that prints."""

from __future__ import annotations


def main() -> None:
    """Entry point of the `legation` command."""
    import os
    import signal

    # sentences are small: a second thread of the matrix library only waits for the first (measured on two shared
    # cores: 10 ms of CPU a sentence with one thread, 73 ms with two). Read when NumPy is loaded, so set before.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

    from legation.cli.app import run

    if hasattr(signal, "SIGPIPE"):  # "| head" has seen enough: end like every other tool, without a word
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    run()
