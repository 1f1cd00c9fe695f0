"""Addresses that people type, checked before anything is sent to them.

An e-mail address must be one and nothing more (a second line in it would be a header). A webhook must not reach
into the network that the program runs in: its host is resolved once, every address is looked at, and the
connection goes to the very address that was looked at, so that a name that answers differently the second time
(DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import urllib.parse
from collections.abc import Iterable
from dataclasses import dataclass

from legation.watch.model import WatchError

# the form that HTML's e-mail field accepts: no quotes, no comments, no lists, ASCII only
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
LONGEST_ADDRESS = 254
LONGEST_URL = 2000
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?\.?")
_PRIVATE = "a private address is refused unless the host is allowed by name (--allow-host)"
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def checked_mail(address: str) -> str:
    """The address, its domain in lower case. WatchError when it is anything but one plain address."""
    shown = repr(address[:80])
    if len(address) > LONGEST_ADDRESS or not _MAIL.fullmatch(address) or ".." in address:
        raise WatchError(f"{shown} is no e-mail address (one plain address such as desk@example.org is needed)")
    local, _, domain = address.rpartition("@")
    if local.startswith(".") or local.endswith("."):
        raise WatchError(f"{shown} is no e-mail address (a dot stands at an end)")
    return f"{local}@{domain.lower()}"


def same_mail(one: str, other: str) -> bool:
    """Whether two addresses reach the same person: capitals do not count, as nearly every server has it."""
    return one.strip().lower() == other.strip().lower()


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart. `host` is in lower case, without brackets; `path` brings its query."""

    url: str
    tls: bool
    host: str
    port: int
    path: str


def checked_url(url: str) -> Target:
    """The parts of a webhook's URL. WatchError for what is no plain http(s) URL, or brings a name and password."""
    if len(url) > LONGEST_URL or not url.isascii() or re.search(r"[\x00-\x20\x7f\\]", url):
        raise WatchError(f"{url[:80]!r} is no URL (ASCII without blanks, at most {LONGEST_URL} characters)")
    try:
        parts = urllib.parse.urlsplit(url)
        port = parts.port
    except ValueError:
        raise WatchError(f"{url[:80]!r} is no URL") from None
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host:
        raise WatchError(f"{url[:80]!r}: a webhook is an http or https URL with a host")
    if parts.username is not None or parts.password is not None:
        raise WatchError("a webhook's URL holds no name and password (it would be stored): sign with a key")
    if not (_is_address(host) or _HOST.fullmatch(host)):
        raise WatchError(f"{url[:80]!r}: {host!r} is no host name")
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(url, tls, host, port or (443 if tls else 80), path)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: IPAddress) -> bool:
    """Whether the address is one that anybody on the internet could reach; what it carries inside counts too."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        for inner in (address.sixtofour, *(address.teredo or ())):
            if inner is not None and not is_public(inner):
                return False
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _named(target: Target, allowed: Iterable[str]) -> bool:
    return target.host.rstrip(".") in {h.lower().rstrip(".") for h in allowed}


def check_openly(target: Target, allowed: Iterable[str] = ()) -> None:
    """What can be said of a target without asking anybody: plain http, and private addresses written as numbers.

    WatchError unless the host is allowed by name.
    """
    if _named(target, allowed):
        return
    if not target.tls:
        raise WatchError(f"{target.host}: plain http is refused unless the host is allowed by name (--allow-host)")
    if target.host == "localhost" or (_is_address(target.host) and not is_public(ipaddress.ip_address(target.host))):
        raise WatchError(f"{target.host}: {_PRIVATE}")


def resolve(target: Target, allowed: Iterable[str] = ()) -> tuple[str, ...]:
    """The addresses to connect to, in the resolver's order.

    WatchError when one of them is private and the host is not allowed by name: a host with a public and a private
    address is refused whole. OSError when the name has no address.
    """
    hosts = tuple(allowed)
    check_openly(target, hosts)
    answers = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    found = tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))
    for text in found:
        if not _named(target, hosts) and not is_public(ipaddress.ip_address(text.partition("%")[0])):
            raise WatchError(f"{target.host}: {_PRIVATE}")
    if not found:
        raise OSError("no address")
    return found
