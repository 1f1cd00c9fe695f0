"""One typed settings object: a file, the environment's one variable, the flags of the command line.

Why one place: a run must be repeatable from what its record says, so nothing else may read the environment.
What describes the input (date, format) is an argument of the command and no setting. `Secrets` stand apart: they are
read for the commands that send messages, are part of no run, and are never written anywhere.
"""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from legation.parse.parser import DEFAULT_PIPELINE
from legation.problems import SettingsError

VARIABLE = "LEGATION_SETTINGS"  # names a settings file; a flag of the command line wins over it
ENGINES = ("auto", "rules")
OVERLAYS = ("actors", "places")  # settings that name a file; in a settings file it counts from that file's folder
SECRETS_VARIABLE = "LEGATION_SECRETS"  # names a file of secrets
KEY_VARIABLE = "LEGATION_WEBHOOK_KEY"  # the key called "default"; LEGATION_WEBHOOK_KEY_NAME is the key called "name"
MAIL_VARIABLE = "LEGATION_SMTP_"  # and HOST, PORT, SECURITY, USER, PASSWORD, SENDER, CA_FILE
ALLOW_VARIABLE = "LEGATION_ALLOW_HOSTS"  # names of hosts, with commas between
PORTS = {"starttls": 587, "ssl": 465, "none": 25}
SECRETS_SIZE = 65536  # bytes; a file of secrets is small


@dataclass(frozen=True, slots=True)
class Settings:
    """What changes the coding of a given text, apart from the data files. Every field goes into the run.

    `engine`: "auto" (rules and, where its file is installed, the encoder) or "rules" (rules only).
    `quad_scheme`, `goldstein_scheme`: names of schemes of the codebook. `actors`: the user's own
    actors, laid over the lexicon. `places`: the user's own places, laid over the gazetteer.
    """

    parser: str = DEFAULT_PIPELINE
    engine: str = "auto"
    quad_scheme: str = "plover-sections"
    goldstein_scheme: str = "icews"
    actors: Path | None = None
    places: Path | None = None


def load_settings(file: Path | None = None, **flags: Any) -> Settings:
    """The settings of `file` (else of the file that LEGATION_SETTINGS names), with `flags` laid over them.

    Flags that are None do not count. SettingsError on unknown keys, values and files.
    """
    if file is None and (named := os.environ.get(VARIABLE)):
        file = Path(named)
    settings = Settings()
    if file is not None:
        settings = _lay_over(settings, _read(file), str(file), file.parent)
    return _lay_over(settings, {k: v for k, v in flags.items() if v is not None}, "arguments", Path())


def _read(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not TOML ({error})") from error


def _lay_over(settings: Settings, values: Mapping[str, Any], name: str, base: Path) -> Settings:
    known = {f.name for f in fields(Settings)}
    if unknown := sorted(set(values) - known):
        raise SettingsError(f"{name}: no such setting: {', '.join(unknown)} (there are {', '.join(sorted(known))})")
    given = dict(values)
    for key in OVERLAYS:
        if key in given:
            if not isinstance(given[key], str | Path):
                raise SettingsError(f"{name}: {key}: the name of a file is needed, not {given[key]!r}")
            given[key] = base / given[key]
            if not given[key].is_file():
                raise SettingsError(f"{name}: {key}: there is no file {given[key]}")
    for key in sorted(known - set(OVERLAYS)):
        if key in given and not isinstance(given[key], str):
            raise SettingsError(f"{name}: {key}: a text is needed, not {given[key]!r}")
    if "engine" in given and given["engine"] not in ENGINES:
        raise SettingsError(f"{name}: engine: {given['engine']!r} is not one of {', '.join(ENGINES)}")
    return replace(settings, **given)


class Secret:
    """A word that must not be seen: printing, logging and formatting it show stars. `reveal` gives it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The word itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed over. `security`: "starttls", "ssl" or "none"; `ca_file`: an authority of one's own."""

    host: str
    sender: str
    port: int = 587
    security: str = "starttls"
    user: str | None = None
    password: Secret | None = None
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is needed to send and must not be known: mail server, keys that sign webhooks (by name).

    `allow_hosts`: hosts to which webhooks may go although their addresses are private. It is no secret, but whoever
    may write the secrets decides it.
    """

    mail: MailServer | None = None
    keys: Mapping[str, Secret] = field(default_factory=dict)
    allow_hosts: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        """Every secret word, so that messages of others can be cleared of them; the longest first."""
        found = [key.reveal() for key in self.keys.values()]
        if self.mail is not None and self.mail.password is not None:
            found.append(self.mail.password.reveal())
        return tuple(sorted((w for w in found if w), key=lambda w: (-len(w), w)))


def load_secrets(file: Path | None = None, environment: Mapping[str, str] | None = None) -> Secrets:
    """The secrets of `file` (else of the file that LEGATION_SECRETS names), the environment laid over them.

    The file is TOML with the tables `smtp` and `keys` and the list `allow_hosts`; only its owner may be able to read
    it (mode 600). SettingsError names what is wrong and never what was read.
    """
    env = os.environ if environment is None else environment
    if file is None and (named := env.get(SECRETS_VARIABLE)):
        file = Path(named)
    data = {} if file is None else _read_secrets(file)
    name = str(file) if file is not None else "environment"
    if unknown := sorted(set(data) - {"smtp", "keys", "allow_hosts"}):
        raise SettingsError(f"{name}: no such table: {', '.join(unknown)} (there are allow_hosts, keys, smtp)")
    mail = _table(data.get("smtp", {}), f"{name}: smtp")
    mail |= {k[len(MAIL_VARIABLE) :].lower(): v for k, v in env.items() if k.startswith(MAIL_VARIABLE) and v}
    keys = _table(data.get("keys", {}), f"{name}: keys")
    if KEY_VARIABLE in env:
        keys["default"] = env[KEY_VARIABLE]
    keys |= {k[len(KEY_VARIABLE) + 1 :].lower(): v for k, v in env.items() if k.startswith(KEY_VARIABLE + "_")}
    hosts = data.get("allow_hosts", [])
    if not isinstance(hosts, list) or not all(isinstance(h, str) for h in hosts):
        raise SettingsError(f"{name}: allow_hosts: a list of names is needed")
    hosts = [*hosts, *(h.strip() for h in env.get(ALLOW_VARIABLE, "").split(",") if h.strip())]
    return Secrets(
        _mail_server(mail, f"{name}: smtp") if mail else None,
        {k.lower(): Secret(v) for k, v in sorted(keys.items()) if v},
        tuple(dict.fromkeys(h.lower() for h in hosts)),
    )


def _read_secrets(file: Path) -> dict[str, Any]:
    """The file's tables. What is checked is what is read: the open file, not its name."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror})") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SettingsError(f"{file}: a file of secrets is a plain file")
        if status.st_mode & 0o177:
            mode = stat.S_IMODE(status.st_mode)
            raise SettingsError(f"{file}: others may read the secrets (mode {mode:o}); run: chmod 600 {file}")
        if status.st_uid not in (os.geteuid(), 0):
            raise SettingsError(f"{file}: belongs to another user")
        with os.fdopen(descriptor, "rb", closefd=False) as opened:
            content = opened.read(SECRETS_SIZE + 1)
    finally:
        os.close(descriptor)
    if len(content) > SECRETS_SIZE:
        raise SettingsError(f"{file}: larger than {SECRETS_SIZE} bytes")
    try:
        return tomllib.loads(content.decode("utf8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # neither the message nor the chain: both can hold what stands in the file
        raise SettingsError(f"{file}: not TOML in UTF-8") from None


def _table(value: object, name: str) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(v, str | int) for v in value.values()):
        raise SettingsError(f"{name}: a table of texts is needed")
    return {key: str(word) for key, word in value.items()}


def _mail_server(given: dict[str, str], name: str) -> MailServer:
    known = [f.name for f in fields(MailServer)]
    if unknown := sorted(set(given) - set(known)):
        raise SettingsError(f"{name}: no such key: {', '.join(unknown)} (there are {', '.join(sorted(known))})")
    if missing := [key for key in ("host", "sender") if not given.get(key)]:
        raise SettingsError(f"{name}: {' and '.join(missing)} must be given")
    security = given.get("security", "starttls").lower()
    if security not in PORTS:
        raise SettingsError(f"{name}: security is one of {', '.join(PORTS)}")
    port = given.get("port", str(PORTS[security]))
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise SettingsError(f"{name}: port: a number from 1 to 65535 is needed")
    password = given.get("password")
    return MailServer(
        host=given["host"],
        sender=given["sender"],
        port=int(port),
        security=security,
        user=given.get("user"),
        password=Secret(password) if password else None,
        ca_file=Path(given["ca_file"]) if given.get("ca_file") else None,
    )
