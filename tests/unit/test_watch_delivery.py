"""Deliveries: exactly once, through everything that can go wrong between here and there."""

from __future__ import annotations

import datetime
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from tests.receivers import Post, free_port, post, web
from tests.stores import make_store

from legation.settings import MailServer, Secret, Secrets
from legation.store import Store
from legation.watch import (
    Channel,
    Kind,
    Report,
    Teller,
    add_watch,
    ledger,
    list_watches,
    run_watches,
    unsubscribe,
    webhook,
)
from legation.watch import mail as mail_module

NOW = datetime.datetime(2024, 7, 6, 11, tzinfo=datetime.UTC)
KEY = "a key that only the test knows"
FOUR = "NOR -> ISL"  # four events in the store
ROOT = Path(__file__).parent.parent.parent


def at(**span: float) -> datetime.datetime:
    return NOW + datetime.timedelta(**span)


def secrets(mail: Post | None = None) -> Secrets:
    server = MailServer("127.0.0.1", "Desk <desk@lab.example>", mail.port, "none") if mail else None
    return Secrets(server, {"default": Secret(KEY)}, ("127.0.0.1",))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "CONNECT_SECONDS", 5.0)
    monkeypatch.setattr(webhook, "WHOLE_SECONDS", 5.0)
    monkeypatch.setattr(mail_module, "SECONDS", 5.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_store(tmp_path / "a.duckdb")


def watching(store: Store, *channels: Channel, pace: str = "at once", condition: str = FOUR) -> str:
    allowed = ("127.0.0.1",)
    return add_watch(
        store,
        name="w",
        condition=condition,
        channels=channels,
        pace=pace,
        made_at=NOW,
        by="me",
        past=True,
        allow_hosts=allowed,
    ).id


def states(store: Store) -> dict[str, int]:
    return dict(list_watches(store)[0].counts)


def run_until_done(store: Store, given: Secrets) -> list[Report]:
    """Runs at growing distances, as a job by the clock would, until nothing waits."""
    reports = [run_watches(store, at(minutes=1), secrets=given)]
    while reports[-1].waiting and len(reports) < 40:
        reports.append(run_watches(store, at(days=len(reports)), secrets=given))
    return reports


def test_every_channel_gets_every_event_once(path: Path, tmp_path: Path) -> None:
    with Store.open(path) as store, web() as hook, post() as mail:
        feed = tmp_path / "feed.atom"
        people = [Channel(Kind.EMAIL, f"{n}@b.example") for n in ("ada", "bob")]
        watching(store, *people, Channel(Kind.WEBHOOK, hook.url), Channel(Kind.ATOM, str(feed)))
        report = run_watches(store, at(hours=1), secrets=secrets(mail))
        assert (report.new, report.failed, report.dead, report.waiting, report.problems) == (4, 0, 0, 0, ())
        assert run_watches(store, at(hours=2), secrets=secrets(mail)) == Report()
        assert len(hook.seen) == len(hook.kept) == 4
        assert len(mail.seen) == len(mail.kept) == 8
        assert {r: len(mail.to(r)) for r in ("ada@b.example", "bob@b.example")} == {
            "ada@b.example": 4,
            "bob@b.example": 4,
        }
        assert feed.read_text("utf8").count("<entry>") == 4
        assert states(store) == {"sent": 16}


@pytest.mark.parametrize(
    "wrong", [500, 503, 404, 301, "hang", "drop", "drip", ("redirect", "http://127.0.0.1:1/")], ids=str
)
def test_a_webhook_that_fails_is_tried_again(path: Path, wrong: object, monkeypatch: pytest.MonkeyPatch) -> None:
    if wrong in ("hang", "drip"):
        monkeypatch.setattr(webhook, "WHOLE_SECONDS", 1.2)
    with Store.open(path) as store, web() as hook:
        watching(store, Channel(Kind.WEBHOOK, hook.url))
        hook.wrong = [wrong]
        first = run_watches(store, at(minutes=1), secrets=secrets())
        assert first.failed == 1
        assert not [h for h in hook.seen if h.path != "/hook"]
        reports = run_until_done(store, secrets())
        assert len(hook.kept) == 4
        assert len(hook.seen) == 5
        assert sum(r.sent for r in (first, *reports)) == 4
        bodies = {h.headers["webhook-id"]: json.loads(h.body)["id"] for h in hook.seen}
        assert all(k == v for k, v in bodies.items())
        assert states(store) == {"sent": 4}


def test_a_yes_that_got_lost_leads_to_the_same_message_again(path: Path) -> None:
    """Nobody can know whether it arrived: the second message has the id of the first, and the same content."""
    with Store.open(path) as store, web() as hook, post() as mail:
        watching(store, Channel(Kind.WEBHOOK, hook.url), Channel(Kind.EMAIL, "ada@b.example"))
        hook.wrong, mail.wrong = ["late"], ["late"]
        run_until_done(store, secrets(mail))
        assert (len(hook.seen), len(hook.kept)) == (5, 4)
        assert (len(mail.seen), len(mail.kept)) == (5, 4)
        twice = [h for h in hook.seen if h.headers["webhook-id"] == hook.seen[0].headers["webhook-id"]]
        assert len(twice) == 2
        assert twice[0].body == twice[1].body
        assert states(store) == {"sent": 8}


@pytest.mark.parametrize("wrong", ["drop", "data 451", "rcpt 450", "mail 530", "hello 421"])
def test_a_mail_server_that_fails_is_tried_again(path: Path, wrong: str) -> None:
    with Store.open(path) as store, post() as mail:
        watching(store, Channel(Kind.EMAIL, "ada@b.example"))
        mail.wrong = [wrong]
        assert run_watches(store, at(minutes=1), secrets=secrets(mail)).failed == 1
        run_until_done(store, secrets(mail))
        assert len(mail.kept) == 4
        assert states(store) == {"sent": 4}


def test_a_refusal_for_good_is_a_dead_letter_and_the_others_go_on(path: Path) -> None:
    with Store.open(path) as store, post() as mail, web() as hook:
        watching(store, Channel(Kind.EMAIL, "ada@b.example"), Channel(Kind.WEBHOOK, hook.url))
        mail.wrong, hook.wrong = ["rcpt 550"], [410]
        report = run_watches(store, at(minutes=1), secrets=secrets(mail))
        assert (report.dead, report.sent, report.waiting) == (2, 6, 0)
        assert states(store) == {"dead": 2, "sent": 6}
        assert list_watches(store)[0].last_error in ("the mail server refused the address (550)", "answered 410")
        assert run_watches(store, at(days=9), secrets=secrets(mail)).sent == 0
        again = run_watches(store, at(days=10), secrets=secrets(mail), retry_dead=True)
        assert again.sent == 2
        assert (len(mail.kept), len(hook.kept)) == (4, 4)


def test_nobody_listening_is_given_up_after_all_tries(path: Path) -> None:
    with Store.open(path) as store:
        watching(store, Channel(Kind.WEBHOOK, f"http://127.0.0.1:{free_port()}/"), condition="NOR -> ISL, SANCTION")
        moment, tries = at(minutes=1), []
        for _ in range(ledger.TRIES):
            report = run_watches(store, moment, secrets=secrets())
            tries.append((report.failed, report.dead))
            watch = list_watches(store)[0]
            if watch.next_try:
                assert run_watches(store, watch.next_try - datetime.timedelta(seconds=1), secrets=secrets()).failed == 0
                moment = watch.next_try
        assert tries == [(1, 0)] * (ledger.TRIES - 1) + [(0, 1)]
        assert states(store) == {"dead": 1}
        assert list_watches(store)[0].last_error == "Connection refused"


def test_waits_grow_up_to_a_day_and_heed_the_receiver() -> None:
    waits = [ledger.waiting_time(n).total_seconds() for n in range(1, 9)]
    assert waits == [60, 240, 960, 3840, 15360, 61440, 86400, 86400]
    assert ledger.waiting_time(1, asked=500).total_seconds() == 500
    assert ledger.waiting_time(1, asked=10**9).total_seconds() == 86400


def test_a_receiver_that_asks_us_to_wait_is_left_in_peace(path: Path) -> None:
    with Store.open(path) as store, web() as hook:
        watching(store, Channel(Kind.WEBHOOK, hook.url), condition="NOR -> ISL, SANCTION")
        hook.wrong = [("wait", 7200)]
        assert run_watches(store, at(minutes=1), secrets=secrets()).failed == 1
        assert run_watches(store, at(minutes=120), secrets=secrets()) == Report(waiting=1)
        assert run_watches(store, at(minutes=121), secrets=secrets()).sent == 1


def test_one_server_that_is_down_costs_one_try_a_run(path: Path) -> None:
    with Store.open(path) as store, post() as mail:
        watching(store, Channel(Kind.EMAIL, "ada@b.example"), Channel(Kind.EMAIL, "bob@b.example"))
        down = Secrets(MailServer("127.0.0.1", "desk@lab.example", free_port(), "none"))
        assert run_watches(store, at(minutes=1), secrets=down).failed == 1
        assert states(store) == {"failed": 1, "pending": 7}
        run_until_done(store, secrets(mail))
        assert len(mail.seen) == 8


def test_without_server_or_key_everything_waits_and_no_try_is_lost(path: Path) -> None:
    with Store.open(path) as store, web() as hook, post() as mail:
        watching(store, Channel(Kind.EMAIL, "ada@b.example"), Channel(Kind.WEBHOOK, hook.url))
        report = run_watches(store, at(minutes=1), secrets=Secrets(allow_hosts=("127.0.0.1",)))
        assert (report.sent, report.failed, report.waiting, len(report.problems)) == (0, 0, 8, 2)
        assert run_watches(store, at(minutes=2), secrets=secrets(mail)).sent == 8


CRASHING = """
import datetime, os, sys
sys.path.insert(0, {root!r})
from legation.settings import MailServer, Secret, Secrets
from legation.store import Store
from legation.watch import ledger, mail, run_watches, webhook
module, name, count = {where!r}.split(".")[0], {where!r}.split(".")[1], {count}
owner = {{"ledger": ledger, "mail": mail.Mailer, "deliver": sys.modules["legation.watch.deliver"]}}[module]
original, calls = getattr(owner, name), []
def crash(*given, **named):
    calls.append(1)
    if len(calls) == count:
        os._exit(9)  # as when the power fails: nothing is closed, nothing tidied up
    return original(*given, **named)
setattr(owner, name, crash)
server = MailServer("127.0.0.1", "desk@lab.example", {mail}, "none")
secrets = Secrets(server, {{"default": Secret({key!r})}}, ("127.0.0.1",))
with Store.open({path!r}) as store:
    run_watches(store, datetime.datetime.fromisoformat({now!r}), secrets=secrets)
"""


@pytest.mark.parametrize(
    ("where", "count", "kept", "seen"),
    [
        ("ledger.start", 1, 0, 8),  # queued, nothing noted yet
        ("mail.send", 2, 1, 8),  # noted as leaving, not sent
        ("deliver.post", 3, 6, 8),  # four mails came before
        ("ledger.settle", 1, 1, 9),  # sent, the answer not noted: one message twice on the wire, under one id
        ("ledger.settle", 6, 6, 9),
    ],
)
def test_a_crash_loses_nothing_and_doubles_nothing(path: Path, where: str, count: int, kept: int, seen: int) -> None:
    with web() as hook, post() as mail:
        with Store.open(path) as store:
            watching(store, Channel(Kind.EMAIL, "ada@b.example"), Channel(Kind.WEBHOOK, hook.url))
        code = CRASHING.format(
            root=str(ROOT),
            where=where,
            count=count,
            mail=mail.port,
            key=KEY,
            path=str(path),
            now=at(minutes=1).isoformat(),
        )
        died = subprocess.run(
            [sys.executable, "-c", code], check=False, env={**os.environ, "PYTHONPATH": "src"}, cwd=ROOT
        )
        assert died.returncode == 9
        with Store.open(path) as store:
            assert states(store).get("sending", 0) == (0 if where == "ledger.start" else 1)
            assert len(mail.kept) + len(hook.kept) == kept
            run_until_done(store, secrets(mail))
            assert (len(mail.kept), len(hook.kept)) == (4, 4)
            assert len(mail.seen) + len(hook.seen) == seen
            assert states(store) == {"sent": 8}


def test_restarts_in_between_change_nothing(path: Path) -> None:
    with web() as hook, post() as mail:
        with Store.open(path) as store:
            watching(store, Channel(Kind.EMAIL, "ada@b.example"), Channel(Kind.WEBHOOK, hook.url))
        hook.wrong, mail.wrong = [500, 204, 503, 204, 500], ["data 451", "hello 421", "late"]
        for day in range(1, 9):
            with Store.open(path) as store:
                run_watches(store, at(days=day), secrets=secrets(mail))
        with Store.open(path) as store:
            assert states(store) == {"sent": 8}
        assert (len(mail.kept), len(hook.kept)) == (4, 4)


def test_an_event_that_is_rejected_before_it_was_told_is_not_told(path: Path) -> None:
    with Store.open(path) as store, web() as hook:
        watching(store, Channel(Kind.WEBHOOK, hook.url), condition="NOR -> ISL, THREATEN")
        hook.wrong = [500]
        run_watches(store, at(minutes=1), secrets=secrets())
        id_ = json.loads(hook.seen[0].body)["events"][0]["record"]["id"]
        store.correct(id_, "rejected", True, "me", None, made_at="2024-07-06T12:00:00")
        assert run_watches(store, at(days=1), secrets=secrets()).waiting == 0
        assert len(hook.seen) == 1
        assert states(store) == {"withdrawn": 1}


@pytest.mark.parametrize(
    ("pace", "early", "due"),
    [
        ("hourly", {"minutes": 50}, {"hours": 1}),
        ("daily", {"hours": 12}, {"hours": 13}),
        ("weekly", {"days": 1}, {"days": 2}),
    ],
)
def test_a_digest_is_one_message_for_a_period(path: Path, pace: str, early: dict, due: dict) -> None:
    """NOW is a Saturday, eleven o'clock."""
    with Store.open(path) as store, web() as hook, post() as mail:
        watching(store, Channel(Kind.EMAIL, "ada@b.example"), Channel(Kind.WEBHOOK, hook.url), pace=pace)
        assert run_watches(store, at(**early), secrets=secrets(mail)).sent == 0
        mail.wrong = ["late"]
        assert run_watches(store, at(**due), secrets=secrets(mail)).failed == 1
        run_watches(store, at(days=30), secrets=secrets(mail))
        assert [m["Subject"] for m in mail.kept.values()] == ["w: 4 events"]
        assert len(mail.seen) == 2
        assert [len(json.loads(h.body)["events"]) for h in hook.seen] == [4]


def test_a_person_who_unsubscribes_while_a_run_sends_gets_no_more(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(path) as store, post() as mail:
        watching(store, Channel(Kind.EMAIL, "ada@b.example"), Channel(Kind.EMAIL, "bob@b.example"))
        original = mail_module.Mailer.send

        def send(mailer: mail_module.Mailer, message: EmailMessage, recipient: str) -> None:
            original(mailer, message, recipient)
            if len(mail.seen) == 2:  # from another thread, as the desk does it
                thread = threading.Thread(target=unsubscribe, args=(store, "ada@b.example", at(hours=1)))
                thread.start()
                thread.join()

        monkeypatch.setattr(mail_module.Mailer, "send", send)
        report = run_watches(store, at(minutes=1), secrets=secrets(mail))
        assert (report.sent, report.waiting, report.problems) == (6, 0, ())
        assert (len(mail.to("ada@b.example")), len(mail.to("bob@b.example"))) == (2, 4)
        assert states(store) == {"sent": 6, "withdrawn": 2}
        assert run_watches(store, at(days=2), secrets=secrets(mail)) == Report()
        assert states(store) == {"sent": 6, "withdrawn": 2}


def test_two_runs_at_the_same_time_send_each_message_once(path: Path) -> None:
    with Store.open(path) as store, web() as hook:
        watching(store, Channel(Kind.WEBHOOK, hook.url))
        runs = [
            threading.Thread(target=run_watches, args=(store, at(minutes=n)), kwargs={"secrets": secrets()})
            for n in range(1, 5)
        ]
        for thread in runs:
            thread.start()
        for thread in runs:
            thread.join()
        assert len(hook.seen) == 4


def test_a_flood_comes_as_one_message(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "FLOOD", 3)
    with Store.open(path) as store, post() as mail:
        watching(store, Channel(Kind.EMAIL, "ada@b.example"))
        run_watches(store, at(minutes=1), secrets=secrets(mail))
        assert [m["Subject"] for m in mail.kept.values()] == ["w: 4 events"]


def test_a_run_that_takes_too_long_leaves_the_rest_to_the_next(path: Path) -> None:
    with Store.open(path) as store, web() as hook:
        watching(store, Channel(Kind.WEBHOOK, hook.url))
        report = run_watches(store, at(minutes=1), secrets=secrets(), seconds=-1)
        assert (report.sent, report.waiting) == (0, 4)
        assert run_watches(store, at(minutes=2), secrets=secrets()).sent == 4


def test_a_feed_is_never_written_over_something_else(path: Path, tmp_path: Path) -> None:
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work")
    with Store.open(path) as store:
        watching(store, Channel(Kind.ATOM, str(precious)))
        report = run_watches(store, at(minutes=1))
        assert report.failed == 1
        assert "is no feed of ours" in " ".join(report.problems)
    assert precious.read_text() == "years of work"


def test_a_feed_follows_corrections_and_leaves_no_other_file(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "feeds"
    folder.mkdir()
    with Store.open(path) as store:
        watching(store, Channel(Kind.ATOM, str(folder / "w.atom")))
        run_watches(store, at(minutes=1))
        before = (folder / "w.atom").read_text("utf8")
        id_ = store.events().to_pylist()[0]["id"]
        id_ = next(i for i in (r["id"] for r in store.events().to_pylist()) if f"/{i}</id>" in before)
        store.correct(id_, "rejected", True, "me", None, made_at="2024-07-06T12:00:00")
        run_watches(store, at(minutes=2))
        after = (folder / "w.atom").read_text("utf8")
    assert before.count("<entry>") >= after.count("<entry>") > 0
    assert before != after
    assert [p.name for p in folder.iterdir()] == ["w.atom"]


def wait_for(what: Callable[[], bool], seconds: float = 8) -> bool:
    until = time.monotonic() + seconds
    while not what() and time.monotonic() < until:
        time.sleep(0.02)
    return what()


def test_a_teller_tells_when_it_is_woken_and_by_the_clock(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Store.open(path) as store, web() as hook:
        teller = Teller(store, secrets(), every=3600)
        teller.start()
        watching(store, Channel(Kind.WEBHOOK, hook.url))
        hook.wrong = [500]
        teller.wake()
        assert wait_for(lambda: states(store) == {"failed": 1, "sent": 3})
        assert wait_for(lambda: "watch w: webhook: answered 500" in caplog.text)
        with store.transaction() as cursor:
            cursor.execute("UPDATE deliveries SET next_try = ? WHERE state = 'failed'", [NOW.replace(tzinfo=None)])
        teller.stop()
        assert len(hook.kept) == 3
        second = Teller(store, secrets(), every=0.05)
        second.start()
        assert wait_for(lambda: states(store) == {"sent": 4})
        second.stop()
        assert len(hook.seen) == 5


def test_a_teller_that_is_stopped_ends_after_the_message_on_its_way(path: Path) -> None:
    with Store.open(path) as store, web() as hook:
        watching(store, Channel(Kind.WEBHOOK, hook.url))
        hook.wrong, hook.hang = ["hang"], 0.3
        teller = Teller(store, secrets())
        teller.start()
        assert wait_for(lambda: bool(hook.seen))
        teller.stop()
        assert (len(hook.seen), states(store)) == (1, {"failed": 1, "pending": 3})


def test_a_teller_outlives_what_goes_wrong(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Store.open(path) as store, web() as hook:
        teller = Teller(store, secrets(), every=0.05)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys.modules["legation.watch.teller"], "list_watches", lambda _: 1 / 0)
            teller.start()
            assert wait_for(lambda: "running the watches failed" in caplog.text)
        watching(store, Channel(Kind.WEBHOOK, hook.url))
        assert wait_for(lambda: len(hook.kept) == 4)
        teller.stop()


class PowerCut(BaseException):
    """Nothing catches it, as nothing catches the end of the process."""


@pytest.mark.parametrize("seed", range(4))
def test_whatever_goes_wrong_in_whatever_order(path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures of receivers, power cuts before and after each note, restarts: every event once for who keeps ids."""
    chance = random.Random(seed)
    hooks = [204, 204, 204, 500, 404, 429, "drop", "late", ("redirect", "http://127.0.0.1:1/")]
    mails = ["", "", "drop", "late", "data 451", "rcpt 450", "hello 421"]
    cuts = 0
    for name in ("start", "settle"):
        original = getattr(ledger, name)

        def cut(*given: Any, _original: Callable[..., Any] = original, **named: Any) -> Any:
            nonlocal cuts
            moment = chance.random()
            if moment < 0.08 and cuts < 12:
                cuts += 1
                raise PowerCut
            result = _original(*given, **named)
            if moment > 0.92 and cuts < 12:
                cuts += 1
                raise PowerCut
            return result

        monkeypatch.setattr(ledger, name, cut)
    with web() as hook, post() as mail:
        with Store.open(path) as store:
            watching(store, Channel(Kind.EMAIL, "ada@b.example"), Channel(Kind.WEBHOOK, hook.url), condition="")
            total = run_watches(store, at(minutes=1)).new
        for day in range(1, 30):
            bad = day < 9  # then the world is well again
            hook.wrong = [chance.choice(hooks) for _ in range(4 * bad)]
            mail.wrong = [w for w in (chance.choice(mails) for _ in range(2 * bad)) if w]
            with Store.open(path) as store:
                with suppress(PowerCut):
                    run_watches(store, at(days=day), secrets=secrets(mail), retry_dead=True)
                if states(store) == {"sent": 2 * total}:
                    break
        with Store.open(path) as store:
            assert states(store) == {"sent": 2 * total}
        assert cuts
        assert len(mail.kept) == len(hook.kept) == total > 10
        told = [json.loads(h.body)["events"][0]["event"] for h in hook.kept.values()]
        assert len(set(told)) == total
        assert len({m["Message-ID"] for _, m in mail.seen}) == total
