"""`legation watch` and `legation send`: be told when it happens again, tell somebody what happened."""

from __future__ import annotations

import datetime
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from legation.cli.safe import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from legation.watch import Report, Watch

app = typer.Typer(help="Saved conditions, and whom they tell.", no_args_is_help=True)

DEFAULT_STORE = Path("legation.duckdb")
StoreFile = Annotated[Path, typer.Option("--store", metavar="FILE", help="The store.")]
SecretsFile = Annotated[
    Path | None,
    typer.Option(
        "--secrets",
        metavar="FILE",
        help="Mail server and keys (TOML, mode 600); else the file that LEGATION_SECRETS names, and the environment.",
    ),
]
AllowHosts = Annotated[
    list[str] | None,
    typer.Option("--allow-host", metavar="HOST", help="A webhook may go to this host though it is private or http."),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name or id of a watch.", show_default=False)]


class Digest(StrEnum):
    """How often a watch tells."""

    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class ListFormat(StrEnum):
    """How watches are listed."""

    TABLE = "table"
    JSONL = "jsonl"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the watch is called.", show_default=False)],
    condition: Annotated[
        str,
        typer.Argument(
            metavar="CONDITION",
            help='As for `legation query`: "RUS GOV -> USA GOV, SANCTION, happened or planned".',
            show_default=False,
        ),
    ],
    store: StoreFile = DEFAULT_STORE,
    email: Annotated[list[str] | None, typer.Option("--email", metavar="ADDRESS", help="Tell this address.")] = None,
    webhook: Annotated[list[str] | None, typer.Option("--webhook", metavar="URL", help="POST to this URL.")] = None,
    atom: Annotated[
        list[Path] | None, typer.Option("--atom", metavar="FILE", help="Keep an Atom feed in this file.")
    ] = None,
    digest: Annotated[
        Digest | None, typer.Option("--digest", help="One message for all of a period; else one for each event.")
    ] = None,
    key: Annotated[
        str, typer.Option("--key", metavar="NAME", help="Which of the secret keys signs the webhooks.")
    ] = "default",
    allow_host: AllowHosts = None,
    past: Annotated[bool, typer.Option("--past", help="Tell also of what is in the store already.")] = False,
) -> None:
    """Save a condition and say whom it tells. What is in the store already is told only with --past."""
    from legation.settings import load_secrets
    from legation.store import Store
    from legation.watch import Channel, Kind, Pace, add_watch
    from legation.watch.addresses import checked_url

    allowed = {h.lower() for h in allow_host or []}
    channels = [Channel(Kind.EMAIL, address) for address in email or []]
    channels += [Channel(Kind.WEBHOOK, url, key, checked_url(url).host in allowed) for url in webhook or []]
    channels += [Channel(Kind.ATOM, str(path)) for path in atom or []]
    with Store.open(store) as opened:
        watch = add_watch(
            opened,
            name=name,
            condition=condition,
            channels=channels,
            pace=digest.value if digest else Pace.AT_ONCE,
            made_at=_now(),
            by=_user(),
            past=past,
            allow_hosts=load_secrets().allow_hosts if webhook else (),
        )
    print(f"watch {watch.name} ({watch.id}): {printable(watch.words)}")
    if not channels:
        print("it tells nobody: read its feed at the desk (legation serve)")


@app.command("list")
def list_(
    store: StoreFile = DEFAULT_STORE,
    output: Annotated[ListFormat, typer.Option("--format", help="How watches are listed.")] = ListFormat.TABLE,
) -> None:
    """List the watches: whom they tell, what was sent, what waits, what was given up and why."""
    from legation.store import Store
    from legation.watch import list_watches

    with Store.open(store, read_only=True) as opened:
        watches = list_watches(opened)
    for watch in watches:
        if output is ListFormat.JSONL:
            from legation.record.written import dump

            print(dump(_as_dict(watch)))
        else:
            _show(watch)
    if not watches and output is ListFormat.TABLE:
        print("no watches")


@app.command("run")
def run(
    store: StoreFile = DEFAULT_STORE,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Only these watches; else all.", show_default=False)
    ] = None,
    secrets: SecretsFile = None,
    allow_host: AllowHosts = None,
    retry_dead: Annotated[
        bool, typer.Option("--retry-dead", help="Try again what was given up after too many tries.")
    ] = False,
) -> None:
    """Look for events that are new to the watches and send what is due. `legation ingest` does the same at its end."""
    from legation.settings import load_secrets
    from legation.store import Store
    from legation.watch import run_watches

    loaded = load_secrets(secrets)
    with Store.open(store) as opened:
        report = run_watches(
            opened, _now(), secrets=loaded, allow_hosts=allow_host or (), names=names or (), retry_dead=retry_dead
        )
    print(_line(report))
    raise typer.Exit(_tell_problems(report))


@app.command("remove")
def remove(name: Name, store: StoreFile = DEFAULT_STORE) -> None:
    """End a watch. What it sent stays in the store's history, what still waits is not sent."""
    from legation.store import Store
    from legation.watch import remove_watch

    with Store.open(store) as opened:
        remove_watch(opened, name, _now())


@app.command("test")
def test(
    name: Name, store: StoreFile = DEFAULT_STORE, secrets: SecretsFile = None, allow_host: AllowHosts = None
) -> None:
    """Send one message over every channel of a watch, now. It changes nothing of what the watch will tell."""
    from legation.settings import load_secrets
    from legation.store import Store
    from legation.watch import try_watch

    loaded = load_secrets(secrets)
    with Store.open(store) as opened:
        outcome = try_watch(opened, name, _now(), secrets=loaded, allow_hosts=allow_host or ())
    for channel, problem in outcome:
        print(printable(f"{channel.kind} {channel.target}: {problem or 'sent'}"))
    if not outcome:
        print("this watch has no channels")
    raise typer.Exit(1 if any(problem for _, problem in outcome) else 0)


@app.command("unsubscribe")
def unsubscribe(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Who wants no more mail.", show_default=False)],
    store: StoreFile = DEFAULT_STORE,
    watch: Annotated[str | None, typer.Option("--watch", metavar="NAME", help="Only from this watch.")] = None,
) -> None:
    """Send no more to an address, from one watch or from all."""
    from legation.store import Store
    from legation.watch import unsubscribe as end

    with Store.open(store) as opened:
        ended = end(opened, address, _now(), watch)
    print(f"{printable(address)}: {ended} subscription{'' if ended == 1 else 's'} ended")


def send(
    what: Annotated[
        str,
        typer.Argument(
            metavar="EVENT|ARTICLE", help="Id of an event; or id, URL or path of an article.", show_default=False
        ),
    ],
    to: Annotated[str, typer.Option("--to", metavar="ADDRESS", help="Who gets it.", show_default=False)],
    store: StoreFile = DEFAULT_STORE,
    secrets: SecretsFile = None,
) -> None:
    """Send one event, or an article with its events, by e-mail."""
    from legation.settings import load_secrets
    from legation.store import Store
    from legation.watch import send as send_it

    loaded = load_secrets(secrets)
    with Store.open(store, read_only=True) as opened:
        subject = send_it(opened, what, to, loaded.mail, _now())
    print(printable(f"sent to {to}: {subject}"))


def after_ingest(store: Path) -> None:
    """Run the watches of a store after a load and say on standard error what they did; without watches, nothing.

    The articles are in the store whatever becomes of the messages: what is wrong here is said and tried again, and
    changes nothing of what the load returns. A store that another process holds is left to it.
    """
    from legation.problems import LegationError
    from legation.settings import load_secrets
    from legation.store import Store, StoreLocked
    from legation.watch import list_watches, run_watches

    try:
        with Store.open(store) as opened:
            if not list_watches(opened):
                return
            report = run_watches(opened, _now(), secrets=load_secrets())
    except StoreLocked:
        return
    except LegationError as error:
        print(printable(f"legation: the watches were not run: {error}"), file=sys.stderr)
        return
    print(f"legation: {_line(report)}", file=sys.stderr)
    _tell_problems(report)


def _line(report: Report) -> str:
    return (
        f"watches: {report.new} new, {report.sent} sent, {report.failed} failed, {report.dead} given up, "
        f"{report.waiting} waiting"
    )


def _tell_problems(report: Report) -> int:
    for problem in report.problems:
        print(printable(f"legation: watch {problem}"), file=sys.stderr)
    return 1 if report.problems or report.failed or report.dead else 0


def _show(watch: Watch) -> None:
    """One watch for people."""
    print(f"{watch.name}  ({watch.id}, {watch.pace})")
    print(f"  {printable(watch.condition)}")
    print(f"  {printable(watch.words)}")
    for channel in watch.channels:
        print(f"  {channel.kind:<8} {printable(channel.target)}: {_counted(channel.counts) or 'nothing to tell yet'}")
        if channel.last_error:
            print(f"           {printable(channel.last_error)}")
    print(f"  noticed {watch.noticed}; deliveries: {_counted(watch.counts) or 'none'}")
    if watch.next_try:
        print(f"  next try {watch.next_try:%Y-%m-%d %H:%M} UTC")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {state}" for state, n in counts.items())


def _as_dict(watch: Watch) -> dict[str, object]:
    return {
        "id": watch.id,
        "name": watch.name,
        "condition": watch.condition,
        "words": watch.words,
        "pace": watch.pace,
        "channels": [
            {
                "kind": c.kind,
                "target": c.target,
                "key": c.key,
                "allow": c.allow,
                "deliveries": dict(c.counts),
                "last_error": c.last_error,
            }
            for c in watch.channels
        ],
        "made_at": watch.made_at.isoformat(),
        "made_by": watch.made_by,
        "noticed": watch.noticed,
        "deliveries": dict(watch.counts),
        "next_try": watch.next_try.isoformat() if watch.next_try else None,
        "last_error": watch.last_error,
    }


def _user() -> str:
    """Who runs the command, by the system's list of users; the environment could say anything."""
    import os

    try:
        import pwd

        return pwd.getpwuid(os.geteuid()).pw_name
    except (ImportError, KeyError):
        return "unknown"
