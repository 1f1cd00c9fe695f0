"""An end to every conversation: a server that sends one byte a second would keep a socket's own timeout happy."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def deadline(connection: socket.socket, seconds: float) -> Iterator[None]:
    """Inside the block the connection lives at most so long; what waits on it then fails with an OSError."""

    def cut() -> None:
        # close() would leave a reader in another thread waiting; shutting down wakes it
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
