"""What messages say, and that nothing an article holds does more than stand there."""

from __future__ import annotations

import copy
import datetime
import email.policy
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.receivers import post
from tests.stores import RUN, coded_items, coded_records, make_store

from legation.settings import MailServer, Secrets
from legation.store import Item, Store
from legation.watch import Channel, Kind, WatchError, add_watch, feed, find_watch, run_watches, send
from legation.watch.mail import compose
from legation.watch.phrases import FILE, phrases
from legation.watch.render import mail_bodies, subject_of
from legation.watch.words import LONGEST_SUBJECT, harmless, message, safe_link, short, subject

NOW = datetime.datetime(2024, 7, 6, 11, tzinfo=datetime.UTC)
SERVER = MailServer("127.0.0.1", "The desk <desk@lab.example>", 25, "none")
ATOM = "{http://www.w3.org/2005/Atom}"
NASTY = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> ]]> & \u202egnp.exe\u2066 \x00\x1b[31m \ud800\uffff\ufeff"
    "\r\nBcc: everybody@b.example\r\n\r\n{{ 7 * 7 }} {% raw %} %s {who}"
)


def record(**changes: Any) -> dict[str, Any]:
    """A coded record, changed."""
    found = copy.deepcopy(next(r for r in coded_records() if r["type"] == "SANCTION" and r["date"]["text"]))
    found["actor"][0]["entity"], found["recipient"][0]["entity"] = "Russia", "United States"
    found["date"] = {**found["date"], "start": "2021-03-17", "end": "2021-03-17"}
    return {**found, **changes}


def link(text: str | None, stance: str = "asserts", cue: str | None = "said") -> dict[str, Any]:
    span = None if cue is None else {"start": 5, "end": 9, "text": cue}
    return {
        "text": text, "start": 1, "end": 4, "code": None, "country": None, "sector": None,
        "cue": span, "stance": stance, "manner": "indirect",
    }  # fmt: skip


def hostile() -> dict[str, Any]:
    """A record in which every text that comes from an article is an attack."""

    def attack(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {k: attack(v, k) for k, v in value.items()}
        if isinstance(value, list):
            return [attack(v, key) for v in value]
        return NASTY if key in ("text", "entity", "title", "publication", "url", "name", "mode", "code") else value

    base = record(attribution=[link("x"), link("y")], quote={"start": 0, "end": 1, "text": "x"})
    base["place"] = {"text": "x", "name": "x", "country": "NOR"}
    base["facets"]["condition"] = {"start": 0, "end": 1, "text": "x"}
    return attack(base)


def test_the_subject_says_who_did_what_to_whom_how_it_stands_and_when() -> None:
    assert subject(record()) == "Russia → United States: SANCTION withdraw (happened), 17 March 2021"


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        (
            {"status": "alleged", "attribution": [link("the coast guard")]},
            "(alleged by the coast guard), 17 March 2021",
        ),
        ({"status": "alleged", "attribution": [link(None)]}, "(alleged), 17 March 2021"),
        (
            {"status": "denied", "attribution": [link("a paper"), link("Arnor", "denies")]},
            "(denied by Arnor), 17 March 2021",
        ),
        ({"status": "negated"}, "(did not happen), 17 March 2021"),
        ({"recipient": [], "mode": None}, "Russia: SANCTION (happened), 17 March 2021"),
        ({"actor": []}, "Nobody named → United States: SANCTION withdraw (happened), 17 March 2021"),
    ],
)
def test_subjects_of_other_kinds(changes: dict, end: str) -> None:
    assert subject(record(**changes)).endswith(end)


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ({"start": "2021-03-01", "end": "2021-03-31", "precision": "month"}, "March 2021"),
        ({"start": "2021-01-01", "end": "2021-12-31", "precision": "year"}, "2021"),
        ({"start": "2021-03-15", "end": "2021-03-21", "precision": "week"}, "15 March 2021 – 21 March 2021"),
        ({"start": "2020-01-01", "end": "2021-12-31", "precision": "year"}, "2020 – 2021"),
        ({"start": None, "end": None, "precision": "none"}, "reported 15 May 2024"),
    ],
)
def test_days_are_no_more_precise_than_they_are(date: dict, words: str) -> None:
    base = record()
    base["date"] = {**base["date"], "basis": "explicit", "text": None, **date}
    base["article"]["published"] = "2024-05-15"
    assert subject(base).endswith(f", {words}")
    base["article"]["published"] = None
    assert not date["start"] or subject(base).endswith(words)


def test_who_says_it_is_told_outermost_first() -> None:
    said = message(record(attribution=[link("the ministry", cue="told reporters"), link("Arnor", "denies")]))
    assert said.according_to == "according to the ministry (“told reporters”), telling of a denial by Arnor"
    plain = message(record(attribution=[]))
    assert plain.according_to.startswith("the report itself")
    unnamed = link("allegedly", cue="allegedly")
    unnamed |= {"start": 5, "end": 14}
    unnamed["cue"] = {"start": 5, "end": 14, "text": "allegedly"}
    assert "a source that is not named" in message(record(attribution=[unnamed])).according_to


def test_how_sure_says_both_what_we_think_and_what_the_text_says() -> None:
    base = record(confidence=0.814)
    base["facets"] = {
        **base["facets"], "certainty": "possible", "condition": {"start": 0, "end": 1, "text": "unless it rains"},
    }  # fmt: skip
    said = message(base).how_sure
    assert "81 %" in said
    assert "possible" in said
    assert "“unless it rains”" in said
    assert message(record(confidence=None)).how_sure == "not estimated"


def test_every_message_says_what_who_when_how_sure_the_words_and_the_source() -> None:
    shown = message(record(quote={"start": 0, "end": 9, "text": "We are done"}), reports=2)
    for body in mail_bodies([shown], watch=None, heading="h", recipient="a@b.example", contact=None, subject="s"):
        for words in (
            shown.subject, shown.what, shown.according_to, shown.how_sure, shown.day, shown.anchor, "We are done",
            shown.title, shown.link or "-", shown.id, "3 articles",
        ):  # fmt: skip
            assert words in body.replace("&#39;", "'"), words


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "https://a.example/\" onclick=x", "//a.example",
     "", "https://", "https://a.example/\u202e", "vbscript:x", " https://a.example/a b", None],
)  # fmt: skip
def test_only_plain_web_addresses_are_made_links(url: str | None) -> None:
    assert safe_link(url) is None


OURS = {
    *("html lang", "head", "meta charset", "title", "body style", "div style", "p style", "p", "strong", "h2 style"),
    *("blockquote style", "table style", "tr", "th scope align valign style", "td", "span style", "br", "a href rel"),
}


def tags(html: str) -> set[str]:
    """Every tag with the names of its attributes; links are looked at on the way."""
    found = set()

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.add(" ".join([tag, *(name for name, _ in attrs)]))
            assert (dict(attrs).get("href") or "https://").startswith("https://")
            assert "url(" not in (dict(attrs).get("style") or "")

    Parser().feed(html)
    return found


def test_the_check_of_tags_sees_attacks() -> None:
    assert tags("<p><img src=x onerror=alert(1)><script>x</script>") - OURS == {"img src onerror", "script"}


def test_what_an_article_holds_is_harmless_in_a_mail() -> None:
    shown = message(hostile(), 1)
    subject_line = subject_of([shown], "w")
    plain, html = mail_bodies([shown], watch=None, heading="h", recipient="r", contact=None, subject=subject_line)
    assert tags(html) <= OURS
    assert "49" not in subject_line
    assert "{{ 7 * 7 }}" in plain
    for text in (plain, html):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    mail = compose(SERVER, "a@b.example", subject_line, (plain, html), message_id="f00", now=NOW)
    raw = mail.as_bytes()
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert "Bcc" not in parsed
    assert [k for k in parsed if k.startswith("X-")] == []
    assert raw.count(b"\r\nTo: ") == 1
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300))
def test_no_text_becomes_a_header(text: str) -> None:
    mail = compose(SERVER, "a@b.example", text, ("plain", "<p>html</p>"), message_id="f00", now=NOW)
    parsed = email.message_from_bytes(mail.as_bytes(), policy=email.policy.default)
    assert set(parsed.keys()) == {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version",
                                  "Content-Type"}  # fmt: skip
    assert parsed["To"] == "a@b.example"
    assert parsed.get_body(("plain",)).get_content().strip() == "plain"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "address",
    ["a@b.example\r\nBcc: c@d.example", "a@b.example\n", "a@b.example, c@d.example", "A <a@b.example>", "a b@c.example",
     "\"a\"@b.example", "a@b.example\x00", "@b.example", "a@", "a@b@c.example", "a..b@c.example", ".a@c.example",
     "ä@b.example", "a@-b.example", "a@b.example;c", "a" * 65 + "@b.example", "a@" + "b" * 260, ""],
)  # fmt: skip
def test_an_address_is_one_plain_address_or_nothing(address: str) -> None:
    with pytest.raises(WatchError):
        compose(SERVER, address, "s", ("p", "h"), message_id="f00", now=NOW)


@pytest.mark.parametrize("sender", ["desk@lab.example\r\nBcc: a@b.example", "desk", "Desk\n <desk@lab.example>"])
def test_a_sender_cannot_be_a_header_either(sender: str) -> None:
    with pytest.raises(WatchError):
        compose(replace(SERVER, sender=sender), "a@b.example", "s", ("p", "h"), message_id="f00", now=NOW)


def test_the_same_message_has_the_same_bytes() -> None:
    one, two = (
        compose(SERVER, "a@b.example", "s", ("p", "<p>h</p>"), message_id="f00", now=NOW).as_bytes() for _ in range(2)
    )
    assert one == two


def test_a_watch_mail_says_how_to_end_it(tmp_path: Path) -> None:
    with Store.open(make_store(tmp_path / "a.duckdb")) as store, post() as server:
        channels = [Channel(Kind.EMAIL, "ada@b.example")]
        watch = add_watch(store, name="w", condition="NOR -> ISL, SANCTION", channels=channels, made_at=NOW, by="me",
                          past=True)  # fmt: skip
        given = Secrets(MailServer("127.0.0.1", "desk@lab.example", server.port, "none"))
        run_watches(store, NOW, secrets=given)
        (mail,) = server.kept.values()
        assert mail["List-Unsubscribe"].strip() == f"<mailto:desk@lab.example?subject=unsubscribe%20{watch.id}>"
        for part in ("plain", "html"):
            body = mail.get_body((part,))
            assert body is not None
            assert f"unsubscribe {watch.id}" in body.get_content()


def hostile_store(path: Path) -> Store:
    item = next(i for i in coded_items() if i.article)
    store = Store.open(path, create=True)
    bad = hostile()
    bad = {**bad, "article": {**bad["article"], "id": "bad", "title": NASTY.replace("\ud800", "").replace("\x00", "")}}
    assert item.article is not None

    def storable(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: storable(v) for k, v in value.items()}
        if isinstance(value, list):
            return [storable(v) for v in value]
        return value.replace("\ud800", "").replace("\x00", "") if isinstance(value, str) else value

    article = {**item.article, "article_id": "bad", "digest": "bad"}
    store.load(RUN, [Item("bad", "bad.html", article, (storable(bad),))])
    return store


def check_atom(data: bytes) -> ET.Element:
    """RFC 4287: what must stand once, and what must be an address, a time, an id."""
    root = ET.fromstring(data)
    assert root.tag == ATOM + "feed"
    ids = set()
    for node in (root, *root.findall(ATOM + "entry")):
        for name in ("id", "title", "updated"):
            assert len(node.findall(ATOM + name)) == 1, name
        for name in ("updated", "published"):
            for one in node.findall(ATOM + name):
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one.text or "")
        id_ = node.findtext(ATOM + "id") or ""
        assert re.fullmatch(r"tag:[a-z.]+,\d{4}-\d\d-\d\d:[\w/.-]+", id_)
        assert id_ not in ids
        ids.add(id_)
        for one in node.findall(ATOM + "link"):
            assert re.match(r"https?://", one.get("href") or "")
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    assert feedparser.parse(data).bozo == 0
    return root


def test_a_feed_is_valid_and_its_ids_stay(tmp_path: Path) -> None:
    with Store.open(make_store(tmp_path / "a.duckdb")) as store:
        watch = add_watch(store, name="a & b <c>", condition="NOR -> ISL", made_at=NOW, by="me")
        data = feed(store, watch.id, link="http://127.0.0.1:8021/watches/x.atom")
        root = check_atom(data)
        entries = root.findall(ATOM + "entry")
        assert len(entries) == 4
        assert root.findtext(ATOM + "title") == "a & b <c>"
        assert feed(store, "a & b <c>", link="http://127.0.0.1:8021/watches/x.atom") == data
        run_watches(store, NOW + datetime.timedelta(days=1))
        assert feed(store, watch.id, link="http://127.0.0.1:8021/watches/x.atom") == data
        assert len(check_atom(feed(store, watch.id, entries=2)).findall(ATOM + "entry")) == 2


def test_a_feed_is_newest_first(tmp_path: Path) -> None:
    items = {i.article["article_id"]: i for i in coded_items() if i.article}
    with Store.open(tmp_path / "a.duckdb", create=True) as store:
        store.load(RUN, [items["gazette-7"]])
        add_watch(store, name="w", condition="", made_at=NOW, by="me")
        store.load(RUN, [items["courier-1"]])
        run_watches(store, NOW + datetime.timedelta(days=1))
        entries = check_atom(feed(store, "w")).findall(ATOM + "entry")
        updated = [e.findtext(ATOM + "updated") for e in entries]
        assert updated == sorted(updated, reverse=True)
        assert len(set(updated)) == 2
    with Store.open(tmp_path / "b.duckdb", create=True) as store:
        add_watch(store, name="empty", condition="", made_at=NOW, by="me")
        assert not check_atom(feed(store, "empty")).findall(ATOM + "entry")


def test_what_an_article_holds_is_harmless_in_a_feed(tmp_path: Path) -> None:
    with hostile_store(tmp_path / "a.duckdb") as store:
        add_watch(store, name="w", condition="", made_at=NOW, by="me")
        (entry,) = check_atom(feed(store, "w")).findall(ATOM + "entry")
        content = entry.findtext(ATOM + "content") or ""
        assert "&lt;script&gt;" in content
        assert tags(content) <= OURS
        assert not entry.findall(ATOM + "link")


def test_send_sends_an_event_or_an_article(tmp_path: Path) -> None:
    with Store.open(make_store(tmp_path / "a.duckdb")) as store, post() as server:
        mail = MailServer("127.0.0.1", "desk@lab.example", server.port, "none")
        id_ = store.events(order="day").to_pylist()[0]["id"]
        first = send(store, id_, "ada@b.example", mail, NOW)
        assert first == message(store.record(id_) or {}).subject
        for name in ("courier-1", "https://courier.example/1"):
            title = send(store, name, "bob@b.example", mail, NOW)
            assert title.startswith("Norway recalls its ambassador to Iceland: ")
        assert [m["To"] for m in server.kept.values()] == ["ada@b.example", "bob@b.example", "bob@b.example"]
        assert all("List-Unsubscribe" not in m for m in server.kept.values())
        with pytest.raises(WatchError, match="no event and no article"):
            send(store, "nothing", "ada@b.example", mail, NOW)
        server.wrong = ["rcpt 550"]
        with pytest.raises(WatchError, match="refused the address"):
            send(store, id_, "ada@b.example", mail, NOW)
        with pytest.raises(WatchError, match="no mail server"):
            send(store, id_, "ada@b.example", None, NOW)


def test_every_phrase_is_used_and_every_status_has_one() -> None:
    source = "".join(p.read_text("utf8") for p in FILE.parent.glob("*.py") if p.name != "phrases.py")
    used = set(re.findall(r"(?:\bp|phrases\(\))\.(\w+)", source))
    assert set(type(phrases()).model_fields) <= used
    statuses = {"happened", "alleged", "denied", "negated", "hypothetical", "planned", "predicted", "historical"}
    assert set(phrases().status) == statuses


@given(st.text(max_size=400), st.integers(10, 100))
def test_shortened_text_is_never_longer_and_starts_the_same(text: str, length: int) -> None:
    cut = short(text, length)
    assert len(cut) <= max(length, 0) or cut == text
    assert text.startswith(cut.removesuffix("…").rstrip(" ,;:"))
    assert LONGEST_SUBJECT < 200
    assert harmless(harmless(text)) == harmless(text)


def test_find_watch_takes_names_and_ids(tmp_path: Path) -> None:
    with Store.open(make_store(tmp_path / "a.duckdb")) as store:
        watch = add_watch(store, name="w", condition="", made_at=NOW, by="me")
        assert find_watch(store, "w") == find_watch(store, watch.id)
