"""Webhooks: signed, to public addresses only, to the very address that was looked at; TLS for both ways of sending."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import ipaddress
import json
import shutil
import socket
import ssl
import subprocess
import time
from pathlib import Path

import pytest
from tests.receivers import free_port, post, web
from tests.stores import make_store

from legation.settings import MailServer, Secret, Secrets
from legation.store import Store
from legation.watch import Channel, Kind, WatchError, add_watch, run_watches, webhook
from legation.watch import mail as mail_module
from legation.watch.addresses import checked_mail, checked_url, is_public, resolve
from legation.watch.mail import Mailer, compose
from legation.watch.webhook import Refused, signature, signing_key

NOW = datetime.datetime(2024, 7, 6, 11, tzinfo=datetime.UTC)
SECRET = Secret("a key that only the test knows")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
     "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1",
     "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
     "2002:7f00:1::", "2002:a00:1::1", "2001:db8::1", "::127.0.0.1"],
)  # fmt: skip
def test_private_addresses_in_every_dress(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_public_addresses(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    ["ftp://a.example/", "file:///etc/passwd", "gopher://a.example", "https://", "https://u:p@a.example/", "a.example",
     "https://a.example/\r\nX: y", "https://a example/", "https://a.example\\@b.example/", "https://a.example:99999/",
     "https://ä.example/", "https://[::1/", "https://a.example/" + "x" * 2000, "https://@a.example/"],
)  # fmt: skip
def test_what_is_no_webhook(url: str) -> None:
    with pytest.raises(WatchError):
        checked_url(url)


def answers(*addresses: str):
    """A resolver that gives these addresses."""

    def getaddrinfo(host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in addresses]

    return getaddrinfo


def test_a_name_with_one_private_address_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    target = checked_url("https://receiver.example/x")
    monkeypatch.setattr(socket, "getaddrinfo", answers("93.184.216.34", "10.0.0.5"))
    with pytest.raises(WatchError, match="private address"):
        resolve(target)
    assert resolve(target, ["receiver.example"]) == ("93.184.216.34", "10.0.0.5")
    with pytest.raises(WatchError, match="private address"):
        resolve(target, ["other.example", "example", "93.184.216.34"])
    monkeypatch.setattr(socket, "getaddrinfo", answers("93.184.216.34"))
    assert resolve(target) == ("93.184.216.34",)


@pytest.mark.parametrize("url", ["https://127.0.0.1/x", "https://[::1]/x", "https://localhost/x", "https://2130706433/x",
                                 "https://0x7f000001/", "https://127.1/", "https://[::ffff:127.0.0.1]/"])  # fmt: skip
def test_loopback_in_every_spelling_is_refused(url: str) -> None:
    with pytest.raises(WatchError, match="private address"):
        resolve(checked_url(url))


def test_plain_http_is_refused_unless_the_host_is_allowed() -> None:
    with pytest.raises(WatchError, match="plain http"):
        resolve(checked_url("http://93.184.216.34/x"))
    assert resolve(checked_url("http://93.184.216.34/x"), ["93.184.216.34"]) == ("93.184.216.34",)


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the second answer, and any later one, is never asked for."""
    asked = []
    real = socket.getaddrinfo

    def rebinding(host: str, port: object, *more: object, **named: object) -> object:
        if host == "receiver.example":
            asked.append(host)
            return answers("127.0.0.1" if len(asked) == 1 else "10.255.255.1")(host, int(str(port)))
        return real(host, port, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with web() as hook:
        url = f"http://receiver.example:{hook.port}/a?b=c"
        webhook.post(url, {}, message_id="m1", timestamp=5, secret=SECRET, allowed=["receiver.example"])
        assert asked == ["receiver.example"]
        assert hook.seen[0].path == "/a?b=c"
        assert hook.seen[0].headers["host"] == f"receiver.example:{hook.port}"


def test_a_private_address_is_refused_at_the_moment_of_sending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Saved while the name was public, private now: nothing leaves, the watch says why."""
    with Store.open(make_store(tmp_path / "a.duckdb")) as store, web() as hook:
        channels = [Channel(Kind.WEBHOOK, f"https://receiver.example:{hook.port}/")]
        add_watch(store, name="w", condition="NOR -> ISL", channels=channels, made_at=NOW, by="me", past=True)
        monkeypatch.setattr(socket, "getaddrinfo", answers("127.0.0.1"))
        report = run_watches(store, NOW, secrets=Secrets(keys={"default": SECRET}))
        assert report.failed == 1
        assert "private address" in report.problems[0]
        assert not hook.seen


def test_the_signature_is_the_one_of_standard_webhooks() -> None:
    with web() as hook:
        webhook.post(hook.url, {"words": "Ærø → Þór"}, message_id="msg_1", timestamp=1720263600, secret=SECRET,
                     allowed=["127.0.0.1"])  # fmt: skip
        (seen,) = hook.seen
        signed = b"msg_1.1720263600." + seen.body
        digest = hmac.new(SECRET.reveal().encode(), signed, hashlib.sha256).digest()
        assert seen.headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
        assert seen.headers["webhook-timestamp"] == "1720263600"
        assert seen.headers["webhook-id"] == seen.headers["idempotency-key"] == "msg_1"
        assert json.loads(seen.body) == {"words": "Ærø → Þór"}


def test_the_published_example_of_standard_webhooks() -> None:
    """Key, message and signature as the specification's libraries print them."""
    key = signing_key(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
    body = b'{"test": 2432232314}'
    signed = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("word", ["xyz", "whsec_!!!!", "whsec_c2hvcnQ=", ""])
def test_keys_that_sign_nothing(word: str) -> None:
    with pytest.raises(WatchError) as error:
        signing_key(Secret(word))
    assert not word or word not in str(error.value)


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    with web() as hook:
        hook.wrong = ["huge"]
        began = time.monotonic()
        webhook.post(hook.url, {}, message_id="m", timestamp=1, secret=SECRET, allowed=["127.0.0.1"])
        assert time.monotonic() - began < 2


def test_a_redirect_is_an_error_that_names_no_address() -> None:
    with web() as other, web() as hook:
        hook.wrong = [("redirect", other.url)]
        with pytest.raises(Refused, match="redirects are not followed") as error:
            webhook.post(hook.url, {}, message_id="m", timestamp=1, secret=SECRET, allowed=["127.0.0.1"])
        assert str(other.port) not in str(error.value)
        assert not other.seen


@pytest.mark.parametrize(
    ("given", "kept"), [("Ada@EXAMPLE.org", "Ada@example.org"), ("a+b@c-d.example", "a+b@c-d.example")]
)
def test_addresses_are_kept_in_one_form(given: str, kept: str) -> None:
    assert checked_mail(given) == kept


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 and a server's context with it."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which makes the certificate for this test, is not installed")
    folder = tmp_path_factory.mktemp("tls")
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", "key.pem", "-out",
               "cert.pem", *names]  # fmt: skip
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return folder / "cert.pem", context


def letter(server: MailServer):
    return compose(server, "ada@b.example", "s", ("plain", "<p>h</p>"), message_id="f00", now=NOW)


def test_mail_is_encrypted_and_logged_in(certificate: tuple[Path, ssl.SSLContext]) -> None:
    file, context = certificate
    with post(context) as server:
        server.password = "correct horse"
        given = MailServer("127.0.0.1", "d@lab.example", server.port, "starttls", "desk", Secret("correct horse"), file)
        with Mailer(given) as mailer:
            mailer.send(letter(given), "ada@b.example")
            mailer.send(letter(given), "ada@b.example")
        assert server.encrypted == [True, True]
        assert server.logins == [("desk", "correct horse")]
        assert server.connections == 1


def test_a_certificate_nobody_vouches_for_is_not_trusted(certificate: tuple[Path, ssl.SSLContext]) -> None:
    _, context = certificate
    with post(context) as server:
        given = MailServer("127.0.0.1", "desk@lab.example", server.port, "starttls", "desk", Secret("word"))
        with Mailer(given) as mailer, pytest.raises(OSError, match="certificate"):
            mailer.send(letter(given), "ada@b.example")
        assert not server.seen
        assert not server.logins
    with web(context) as hook, pytest.raises(ssl.SSLCertVerificationError):
        url = hook.url.replace("http:", "https:")
        webhook.post(url, {}, message_id="m", timestamp=1, secret=SECRET, allowed=["127.0.0.1"])
    assert not hook.seen


def test_webhooks_over_tls(certificate: tuple[Path, ssl.SSLContext]) -> None:
    file, context = certificate
    with web(context) as hook:
        url = hook.url.replace("http:", "https:")
        webhook.post(url, {"a": 1}, message_id="m", timestamp=1, secret=SECRET, allowed=["127.0.0.1"],
                     context=ssl.create_default_context(cafile=str(file)))  # fmt: skip
        assert len(hook.kept) == 1


def test_no_encryption_where_it_was_asked_for_means_no_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_module, "SECONDS", 1.0)
    with post() as server:
        given = MailServer("127.0.0.1", "desk@lab.example", server.port, "starttls", "desk", Secret("word"))
        with Mailer(given) as mailer, pytest.raises(OSError, match="does not offer"):
            mailer.send(letter(given), "ada@b.example")
        assert not server.logins
        with pytest.raises(WatchError, match="without encryption"):
            Mailer(MailServer("127.0.0.1", "desk@lab.example", server.port, "none", "desk", Secret("word")))


def test_a_server_that_repeats_the_password_does_not_bring_it_into_the_store(
    certificate: tuple[Path, ssl.SSLContext], tmp_path: Path
) -> None:
    file, context = certificate
    word = "hunter2-very-long"
    path = make_store(tmp_path / "a.duckdb")
    with post(context) as server, Store.open(path) as store:
        server.password = "another"
        given = MailServer("127.0.0.1", "desk@lab.example", server.port, "starttls", "desk", Secret(word), file)
        channels = [Channel(Kind.EMAIL, "ada@b.example")]
        add_watch(store, name="w", condition="NOR -> ISL", channels=channels, made_at=NOW, by="me", past=True)
        report = run_watches(store, NOW, secrets=Secrets(given, {"default": SECRET}))
        assert server.logins == [("desk", word)]
        assert report.problems == ("w: email: the mail server refused the login (535)",)
        assert word not in json.dumps(store.sql("SELECT * FROM deliveries").to_pylist(), default=str)
    for file_of_store in (path, path.with_suffix(".duckdb.wal")):
        if file_of_store.exists():
            assert word.encode() not in file_of_store.read_bytes()


def test_a_mail_server_that_is_not_there() -> None:
    given = MailServer("127.0.0.1", "desk@lab.example", free_port(), "none")
    with Mailer(given) as mailer, pytest.raises(OSError, match="cannot be reached"):
        mailer.send(letter(given), "ada@b.example")
