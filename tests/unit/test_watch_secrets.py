"""Secrets: where they may come from, and that they show nowhere."""

from __future__ import annotations

import logging
import os
import pickle
import traceback
from pathlib import Path

import pytest

from legation.problems import SettingsError
from legation.settings import MailServer, Secret, Secrets, load_secrets

WORD = "hunter2-very-long"
FILE = f"""
allow_hosts = ["Intranet.example"]
[smtp]
host = "mail.lab.example"
port = 2525
security = "ssl"
user = "desk"
password = "{WORD}"
sender = "Desk <desk@lab.example>"
[keys]
default = "{WORD}-key"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.toml"
    path.write_text(FILE)
    path.chmod(0o600)
    return path


def test_a_file_of_mode_600_is_read(file: Path) -> None:
    found = load_secrets(file, {})
    assert found.mail is not None
    assert (found.mail.host, found.mail.port, found.mail.security, found.mail.user) == (
        "mail.lab.example", 2525, "ssl", "desk",
    )  # fmt: skip
    assert found.mail.password is not None
    assert found.mail.password.reveal() == WORD
    assert found.keys["default"].reveal() == f"{WORD}-key"
    assert found.allow_hosts == ("intranet.example",)
    assert load_secrets(None, {"LEGATION_SECRETS": str(file)}).allow_hosts == found.allow_hosts


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o666, 0o620, 0o610, 0o700])
def test_a_file_that_others_may_touch_is_refused(file: Path, mode: int) -> None:
    file.chmod(mode)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_secrets(file, {})


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    for path in (pipe, tmp_path, tmp_path / "none"):
        with pytest.raises(SettingsError):
            load_secrets(path, {})


def test_a_file_of_another_user_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = file.stat()
    other = os.stat_result([*own[:4], 4242, *own[5:10]])
    monkeypatch.setattr(os, "fstat", lambda _: other)
    with pytest.raises(SettingsError, match="another user"):
        load_secrets(file, {})


def test_the_environment_wins_over_the_file(file: Path) -> None:
    env = {
        "LEGATION_SMTP_HOST": "other.example",
        "LEGATION_SMTP_PASSWORD": "new word",
        "LEGATION_SMTP_PORT": "99",
        "LEGATION_WEBHOOK_KEY": "one",
        "LEGATION_WEBHOOK_KEY_BETA": "two",
        "LEGATION_ALLOW_HOSTS": "a.example, B",
    }
    found = load_secrets(file, env)
    assert found.mail is not None
    assert found.mail.password is not None
    assert (found.mail.host, found.mail.port, found.mail.password.reveal()) == ("other.example", 99, "new word")
    assert {name: key.reveal() for name, key in found.keys.items()} == {"default": "one", "beta": "two"}
    assert found.allow_hosts == ("intranet.example", "a.example", "b")


def test_without_anything_there_is_nothing() -> None:
    assert load_secrets(None, {}) == Secrets()


@pytest.mark.parametrize("security", ["starttls", "ssl", "none"])
def test_the_port_follows_the_security(security: str) -> None:
    env = {"LEGATION_SMTP_HOST": "a", "LEGATION_SMTP_SENDER": "b@c.example", "LEGATION_SMTP_SECURITY": security}
    found = load_secrets(None, env).mail
    assert found is not None
    assert found.port == {"starttls": 587, "ssl": 465, "none": 25}[security]


@pytest.mark.parametrize(
    "content",
    [
        f"[smtp]\nhost = 'a'\nsender = 'b@c.example'\nport = '{WORD}'",
        f"[smtp]\nhost = 'a'\nsender = 'b@c.example'\nsecurity = '{WORD}'",
        f"[smtp]\nhost = 'a'\npassword = '{WORD}'",
        f"[smtp]\npassword = ['{WORD}']",
        f"[smtp]\nhost = 'a'\nsender = 'b@c.example'\npasswort = '{WORD}'",
        f"[smtp]\npassword = '{WORD}",
        f"keys = '{WORD}'",
        f"allow_hosts = '{WORD}'",
        f"[smpt]\npassword = '{WORD}'",
        f"[smtp]\npassword = '{WORD}'\npassword = '{WORD}'",
        f"{WORD} = \udcff".encode("utf8", "surrogateescape"),
        f"# {WORD}\n" + "#" * 70000,
    ],
)
def test_what_is_wrong_is_said_without_saying_the_secret(tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "secrets.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(0o600)
    with pytest.raises(SettingsError) as error:
        load_secrets(path, {})
    assert str(path) in str(error.value)
    assert WORD not in "".join(traceback.format_exception(error.value))


def test_a_secret_shows_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(WORD)
    server = MailServer("a", "b@c.example", password=secret)
    everything = Secrets(server, {"default": secret})
    logging.getLogger("test").error("%s %r %s %r", secret, server, everything, {"x": secret})
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>40}", repr(server), repr(everything), caplog.text]
    assert not [s for s in shown if WORD in s]
    assert all("***" in s for s in shown)
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert not hasattr(secret, "__dict__")


def test_the_words_to_strike_out() -> None:
    keys = {"a": Secret("one"), "b": Secret("longer"), "c": Secret("")}
    assert Secrets(MailServer("h", "s@c.example", password=Secret("three")), keys).words() == ("longer", "three", "one")
