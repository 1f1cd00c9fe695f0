"""The forms in which `legation code` prints events: tables for people, and the layouts of `legation export`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

from legation.model.coded import Coded
from legation.record.written import to_dict

if TYPE_CHECKING:
    from legation.export.encoders import Encoder
    from legation.export.layouts import Layout


class Writer(Protocol):
    """Prints documents one after the other."""

    def add(self, coded: Coded) -> None:
        """Print the events of one document."""

    def close(self) -> None:
        """Print what comes at the end."""


class Printed:
    """A layout of export/ on standard output."""

    def __init__(self, layout: Layout, encoder: Encoder) -> None:
        self._layout, self._encoder = layout, encoder
        self._left = 0
        self._started = False

    def add(self, coded: Coded) -> None:
        """Print the events of one document."""
        self._start()
        for record in coded.records:
            written = to_dict(record, coded)
            if self._layout.takes(written):
                sys.stdout.write(self._encoder.add(written))
            else:
                self._left += 1

    def close(self) -> None:
        """End the layout, and say what had no place in it."""
        self._start()
        sys.stdout.write(self._encoder.end())
        if self._left:
            print(left_out(self._layout.name, self._left), file=sys.stderr)

    def _start(self) -> None:
        if not self._started:
            self._started = True
            sys.stdout.write(self._encoder.start())


def left_out(layout: str, number: int) -> str:
    """The remark about records whose status a layout cannot show."""
    return (
        f"legation: note: {number} event{'' if number == 1 else 's'} left out: {layout} cannot say that something "
        "is denied, negated, planned, predicted or hypothetical"
    )


def writer(name: str) -> Writer:
    """The writer of a format."""
    if name == "table":
        from legation.cli.table import Table

        return Table()
    from legation.export.layouts import Options, layout_named
    from legation.export.tables import load_tables

    layout = layout_named(name)
    assert layout.encoder is not None, "a layout that is no text cannot be printed"
    return Printed(layout, layout.encoder(load_tables(), Options()))
