"""Webhooks: one signed POST, to the address that was looked at, without following anybody anywhere.

Headers and signature follow the Standard Webhooks specification 1.0 (webhook-id, webhook-timestamp,
webhook-signature), so that receivers need not write their own check. `webhook-id` stays the same when a message is
sent again; whoever keeps the ids that were handled handles each message once.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import http.client
import json
import socket
import ssl
from collections.abc import Iterable, Mapping
from typing import Any

from legation.settings import Secret
from legation.watch.addresses import Target, checked_url, resolve
from legation.watch.deadline import deadline
from legation.watch.model import WatchError

CONNECT_SECONDS = 10.0
WHOLE_SECONDS = 30.0
RESPONSE_BYTES = 65536  # of the answer's body that are read, and thrown away
KEY_PREFIX = "whsec_"
SHORTEST_KEY = 16  # bytes


class Refused(Exception):  # noqa: N818 (an answer, not a fault)
    """The receiver did not take the message. `final`: it never will; `wait`: seconds it asks us to wait."""

    def __init__(self, message: str, *, final: bool = False, wait: int | None = None) -> None:
        super().__init__(message)
        self.final, self.wait = final, wait


def signing_key(secret: Secret) -> bytes:
    """The key's bytes: base64 after `whsec_`, else the text as it stands. WatchError when it is short or broken."""
    text = secret.reveal()
    try:
        prefixed = text.startswith(KEY_PREFIX)
        key = base64.b64decode(text[len(KEY_PREFIX) :], validate=True) if prefixed else text.encode("utf8")
    except (binascii.Error, UnicodeEncodeError):
        raise WatchError("the webhook's key is no base64 after whsec_") from None
    if len(key) < SHORTEST_KEY:
        raise WatchError(f"the webhook's key is shorter than {SHORTEST_KEY} bytes")
    return key


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """What stands in `webhook-signature`: "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body"."""
    signed = b".".join((message_id.encode("ascii"), str(timestamp).encode("ascii"), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")


def post(
    url: str,
    payload: Mapping[str, Any],
    *,
    message_id: str,
    timestamp: int,
    secret: Secret,
    allowed: Iterable[str] = (),
    context: ssl.SSLContext | None = None,
) -> None:
    """Send once; returning means that the receiver said yes (2xx).

    Refused when it did not, OSError when it could not be reached or did not answer in time, WatchError when it must
    not be asked at all (private address, plain http, broken key).
    """
    target = checked_url(url)
    body = json.dumps(payload, ensure_ascii=False, sort_keys=True, allow_nan=False).encode("utf8", "backslashreplace")
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "legation",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Idempotency-Key": message_id,
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(signing_key(secret), message_id, timestamp, body),
    }
    connection = _Checked(target, resolve(target, allowed), context)
    try:
        connection.connect()
        with deadline(connection.sock, WHOLE_SECONDS):
            connection.request("POST", target.path, body, headers)
            answer = connection.getresponse()
            status, wait = answer.status, _seconds(answer.getheader("Retry-After"))
            with contextlib.suppress(OSError, http.client.HTTPException):
                answer.read(RESPONSE_BYTES)  # the answer counts, its text does not
    except http.client.HTTPException as error:
        raise OSError(f"the answer is no HTTP ({type(error).__name__})") from None
    finally:
        connection.close()
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise Refused(f"answered {status}: redirects are not followed, give the final URL")
    raise Refused(f"answered {status}", final=status == 410, wait=wait)


def _seconds(header: str | None) -> int | None:
    """`Retry-After` where it is a number of seconds."""
    return int(header) if header is not None and header.isascii() and header.isdigit() and len(header) < 7 else None


class _Checked(http.client.HTTPConnection):
    """A connection to addresses that were looked at before; the name serves for the Host header and the certificate."""

    sock: socket.socket

    def __init__(self, target: Target, addresses: tuple[str, ...], context: ssl.SSLContext | None) -> None:
        super().__init__(target.host, target.port, timeout=CONNECT_SECONDS)
        self.target, self.addresses = target, addresses
        self.context = (context or ssl.create_default_context()) if target.tls else None
        if target.tls:
            self.default_port = http.client.HTTPS_PORT  # so that the Host header names no port it need not

    def connect(self) -> None:
        """Try the addresses in turn; the first that answers is it."""
        failure: OSError | None = None
        for address in self.addresses:
            try:
                plain = socket.create_connection((address, self.port), CONNECT_SECONDS)
            except OSError as error:
                failure = error
                continue
            self.sock = plain
            if self.context is not None:
                wrapped = self.context.wrap_socket(
                    plain, server_hostname=self.target.host, do_handshake_on_connect=False
                )
                self.sock = wrapped
                with deadline(wrapped, CONNECT_SECONDS):
                    wrapped.do_handshake()
            return
        raise failure or OSError("no address")
