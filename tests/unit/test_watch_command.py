"""`legation watch` and `legation send` from the outside."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.receivers import free_port, post, web
from tests.stores import make_store

KEY = "a key that only the test knows"


@dataclass
class Ran:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """The command line in this process, in a folder with a store, with this environment and no other."""
    from legation.cli.app import run as entry

    monkeypatch.chdir(folder)
    for name in [k for k in os.environ if k.startswith("LEGATION_")]:
        monkeypatch.delenv(name)

    def call(*arguments: str | Path, **environment: str) -> Ran:
        with monkeypatch.context() as here:
            here.setattr(sys, "argv", ["legation", *map(str, arguments)])
            for name, value in environment.items():
                here.setenv(name, value)
            status = 0
            try:
                entry()
            except SystemExit as stop:
                status = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_store(tmp_path / "legation.duckdb")
    return tmp_path


def test_a_watch_from_beginning_to_end(folder: Path, run: Callable[..., Ran]) -> None:
    with web() as hook, post() as mail:
        secrets = folder / "secrets.toml"
        secrets.write_text(
            f'[smtp]\nhost = "127.0.0.1"\nport = {mail.port}\nsecurity = "none"\nsender = "desk@lab.example"\n'
            f'[keys]\nherring = "{KEY}"\n'
        )
        secrets.chmod(0o600)
        made = run("watch", "add", "Herring", "NOR -> ISL, SANCTION or ACCUSE, happened or planned", "--email",
                   "ada@b.example", "--webhook", hook.url, "--allow-host", "127.0.0.1", "--key", "herring", "--atom",
                   "herring.atom", "--past")  # fmt: skip
        assert (made.returncode, made.stderr) == (0, "")
        assert "what Norway does to Iceland; type SANCTION or ACCUSE; told as happened or planned" in made.stdout
        tried = run("watch", "test", "Herring", "--secrets", secrets)
        assert tried.returncode == 0
        assert tried.stdout.count(": sent\n") == 3
        assert (len(hook.kept), len(mail.kept)) == (1, 1)
        ran = run("watch", "run", "--secrets", secrets)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ran.stdout == "watches: 2 new, 5 sent, 0 failed, 0 given up, 0 waiting\n"
        assert (len(hook.kept), len(mail.kept)) == (3, 3)
        again = run("watch", "run", LEGATION_SECRETS=str(secrets))
        assert again.stdout == "watches: 0 new, 0 sent, 0 failed, 0 given up, 0 waiting\n"
        assert (folder / "herring.atom").read_text("utf8").count("<entry>") == 2
        assert stat.S_IMODE((folder / "herring.atom").stat().st_mode) == 0o644
        ended = run("watch", "unsubscribe", "ada@b.example")
        assert ended.stdout == "ada@b.example: 1 subscription ended\n"
        listed = json.loads(run("watch", "list", "--format", "jsonl").stdout)
        assert [c["kind"] for c in listed["channels"]] == ["atom", "webhook"]
        assert listed["deliveries"] == {"sent": 6}
        assert run("watch", "remove", "Herring").returncode == 0
        assert run("watch", "list").stdout == "no watches\n"
        everything = "".join(p.stdout + p.stderr for p in (made, tried, ran, again, ended))
        assert KEY not in everything
        for file in folder.iterdir():
            assert file == secrets or KEY.encode() not in file.read_bytes()


def test_what_failed_shows_in_the_list(run: Callable[..., Ran]) -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    run(
        "watch",
        "add",
        "w",
        "NOR -> ISL, SANCTION",
        "--webhook",
        url,
        "--allow-host",
        "127.0.0.1",
        "--past",
    )
    ran = run("watch", "run", LEGATION_WEBHOOK_KEY=KEY)
    assert ran.returncode == 1
    assert ran.stdout == "watches: 1 new, 0 sent, 1 failed, 0 given up, 1 waiting\n"
    assert "w: webhook: Connection refused" in ran.stderr
    shown = run("watch", "list").stdout
    assert "noticed 1; deliveries: 1 failed" in shown
    assert "next try " in shown
    assert f"  webhook  {url}: 1 failed\n           Connection refused\n" in shown
    unready = run("watch", "run")
    assert unready.returncode == 0  # its time has not come


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("add", "w", "NOR -> ISL", "--webhook", "https://10.0.0.1/x"), "private address"),
        (("add", "w", "NOR -> ISL", "--webhook", "http://127.0.0.1/x", "--allow-host", "localhost"), "plain http"),
        (("add", "w", "NOR -> ISL", "--email", "a@b.example\nBcc: c@d.example"), "no e-mail address"),
        (("add", "w", "NOR -> Atlantis"), "condition"),
        (("run", "nobody"), "no watch 'nobody'"),
        (("test", "nobody"), "no watch 'nobody'"),
        (("remove", "nobody"), "no watch 'nobody'"),
        (("unsubscribe", "nobody"), "no e-mail address"),
        (("list", "--store", "none.duckdb"), "none.duckdb"),
    ],
)
def test_what_cannot_be_done_ends_with_two(run: Callable[..., Ran], arguments: tuple[str, ...], complaint: str) -> None:
    ran = run("watch", *arguments)
    assert ran.returncode == 2
    assert complaint in ran.stderr
    assert "Traceback" not in ran.stderr
    assert ran.stdout == ""


def test_secrets_that_others_may_read_are_refused(folder: Path, run: Callable[..., Ran]) -> None:
    secrets = folder / "secrets.toml"
    secrets.write_text(f'[keys]\ndefault = "{KEY}"\n')
    secrets.chmod(0o644)
    for command in (("watch", "run"), ("watch", "test", "w"), ("send", "courier-1", "--to", "a@b.example")):
        ran = run(*command, "--secrets", secrets)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "chmod 600" in ran.stderr
        assert KEY not in ran.stderr


def test_send_from_the_command_line(run: Callable[..., Ran]) -> None:
    with post() as mail:
        environment = {"LEGATION_SMTP_HOST": "127.0.0.1", "LEGATION_SMTP_PORT": str(mail.port),
                       "LEGATION_SMTP_SECURITY": "none", "LEGATION_SMTP_SENDER": "desk@lab.example"}  # fmt: skip
        sent = run("send", "courier-1", "--to", "ada@b.example", **environment)
        assert sent.returncode == 0
        assert sent.stdout.startswith("sent to ada@b.example: Norway recalls its ambassador to Iceland: ")
        assert len(mail.to("ada@b.example")) == 1
        assert run("send", "nothing", "--to", "ada@b.example", **environment).returncode == 2
        bad = run("send", "courier-1", "--to", "a@b.example\nBcc: c@d.example", **environment)
        assert bad.returncode == 2
        assert len(mail.seen) == 1


def test_an_ingest_runs_the_watches(legation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [k for k in os.environ if k.startswith("LEGATION_")]:
        monkeypatch.delenv(name)
    texts = {
        "one.txt": "Norway on Monday recalled its ambassador to Iceland.",
        "two.txt": "Sweden on Monday imposed sanctions on Iceland over herring.",
    }
    for name, text in texts.items():
        Path(name).write_text(text)
    first = legation("ingest", "one.txt", "--date", "2024-05-15", "--engine", "here", "--no-clean", "--rules-only")
    assert first.status == 0
    assert "watches" not in first.err
    assert legation("watch", "add", "w", "recipient: ISL", "--atom", "w.atom", "--email", "ada@b.example").status == 0
    second = legation("ingest", "two.txt", "--date", "2024-05-15", "--engine", "here", "--no-clean", "--rules-only")
    assert second.status == 0
    assert "watches: 1 new, 1 sent, 0 failed, 0 given up, 1 waiting" in second.err
    assert "no mail server is set" in second.err
    assert "Sweden → Iceland: SANCTION" in Path("w.atom").read_text("utf8")
