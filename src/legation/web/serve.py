"""Running the desk: who may come in under which name, and the web server around the application."""

from __future__ import annotations

import ipaddress
import logging
import secrets
import socket
import stat
from collections.abc import Callable
from pathlib import Path

from legation.problems import SettingsError
from legation.settings import load_secrets
from legation.store import Store
from legation.web.guard import LOOPBACK, Guard

LEAST_TOKEN = 16  # characters


def read_tokens(file: Path) -> dict[str, str]:
    """token -> person, from a file with a person and a token a line. SettingsError when others could read it."""
    try:
        mode = file.stat().st_mode
        text = file.read_text("utf8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read ({getattr(error, 'strerror', None) or 'not UTF-8'})") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingsError(f"{file}: others can read these tokens; take that away with: chmod 600 {file}")
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) < 2 or len(words[-1]) < LEAST_TOKEN or words[-1] in found:
            raise SettingsError(
                f"{file}, line {number}: needs a person and a token of {LEAST_TOKEN} characters or more"
            )
        found[words[-1]] = " ".join(words[:-1])
    if not found:
        raise SettingsError(f"{file}: holds no token")
    return found


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach this address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def guard_for(host: str, names: tuple[str, ...], tokens: Path | None, say: Callable[[str], None]) -> Guard:
    """The guard for a desk at this address. Beyond loopback there is always a token; a fresh one is said."""
    people = read_tokens(tokens) if tokens else {}
    if not is_loopback(host) and not people:
        token = secrets.token_urlsafe(24)
        people = {token: "analyst"}
        say(f"token  {token}")
    hosts = {*LOOPBACK, *(n.lower() for n in names)}
    try:
        address = ipaddress.ip_address(host.strip("[]"))
        if not address.is_unspecified:
            hosts.add(f"[{address}]" if address.version == 6 else str(address))
    except ValueError:
        hosts.add(host.lower())
    return Guard(frozenset(hosts), people)


def shown_host(host: str) -> str:
    """The host of the address that is said: where the desk listens everywhere, the name of this machine for itself."""
    try:
        if ipaddress.ip_address(host.strip("[]")).is_unspecified:
            return "localhost"
    except ValueError:
        pass
    return f"[{host.strip('[]')}]" if ":" in host else host


def serve(
    path: Path,
    host: str,
    port: int,
    names: tuple[str, ...],
    tokens: Path | None,
    read_only: bool,
    secrets: Path | None,
    say: Callable[[str], None],
) -> None:
    """Open the store and serve it until interrupted. SettingsError for an address that cannot be had."""
    import uvicorn

    from legation.web.app import create_app

    guard = guard_for(host, names, tokens, say)
    known = load_secrets(secrets)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
        listener.listen(128)  # from here on a browser that comes early waits instead of being refused
    except OSError as error:
        raise SettingsError(
            f"{host}:{port}: cannot listen there ({error.strerror}); another --port may be free"
        ) from error
    with Store.open(path, read_only=read_only) as store:
        shown = shown_host(host)
        if shown == "localhost" != host and not names:
            say("name   only localhost so far; --name NAME allows the name or address that others use")
        say(f"desk   http://{shown}:{listener.getsockname()[1]}/  (Ctrl-C ends it)")
        logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
        config = uvicorn.Config(
            create_app(store, guard, known),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
        )
        uvicorn.Server(config).run(sockets=[listener])
