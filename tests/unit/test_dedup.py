"""One event in many reports: what is linked and what is kept apart, reprints, the one-a-day filter, people's word."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from claim_records import link, party, record

from legation.claims.board import VOICES, Claim, Voice, build_board
from legation.claims.compare import Comparer
from legation.claims.events import Linked, explain, link_events
from legation.claims.group import Known
from legation.claims.item import item_of
from legation.claims.one_a_day import one_a_day
from legation.claims.pairs import NEAREST, candidate_pairs
from legation.claims.reprints import Text, find_reprints, originals
from legation.claims.rules import load_link_rules
from legation.claims.words import Stemmer, weights
from legation.model.text import RawDocument
from legation.pipeline import code_document
from legation.record.written import to_dict
from legation.resources import Resources

RULES = load_link_rules()
CHILE, PERU = party("Chile", "CHLGOV"), party("Peru", "PERGOV")
FOLDER = Path(__file__).parent.parent / "data" / "claims"


def report(article: str, sentence: str, anchor: str, **options: Any) -> dict[str, Any]:
    options = {"day": "2024-03-04", "publication": article, **options}
    kind = options.pop("kind", "ASSAULT heavy-weapons")
    actor, recipient = options.pop("actor", [CHILE]), options.pop("recipient", [PERU])
    return record(article, kind, actor, recipient, sentence, anchor, **options)


def shelling(article: str, **options: Any) -> dict[str, Any]:
    return report(
        article, "Chilean guns shelled a fish market in the port and killed four traders.", "shelled", **options
    )


def linked(*records: dict[str, Any], **options: Any) -> list[list[str]]:
    """Groups as sorted lists of articles."""
    made = link_events(records, RULES, **options)
    return sorted(list(g.articles) for g in made.groups)


def test_two_reports_of_one_event() -> None:
    other = report("b", "Four traders died when the port's fish market was shelled by Chile.", "shelled")
    assert linked(shelling("a"), other) == [["a", "b"]]


@pytest.mark.parametrize(
    "change",
    [
        {"day": "2024-03-14", "published": "2024-03-15"},
        {"actor": [party("Bolivia", "BOLGOV")]},
        {"recipient": [party("Ecuador", "ECUGOV")]},
        {"actor": [PERU], "recipient": [CHILE]},
        {"kind": "SANCTION"},
        {"aux": "future"},
        {"place": "Cusco"},
    ],
)
def test_what_keeps_two_reports_apart(change: dict[str, Any]) -> None:
    assert linked(shelling("a", place="Lima"), shelling("b", **{"place": "Lima", **change})) == [["a"], ["b"]]


def test_a_town_and_its_country_are_no_contradiction() -> None:
    assert linked(shelling("a", place="Lima"), shelling("b", place="Peru")) == [["a", "b"]]


def test_what_one_asserts_and_another_denies_is_one_event() -> None:
    text = "Chile denied that it shelled the fish market, which Peru had said."
    said = report("a", text, "shelled", said=[link("Peru", "PERGOV")])
    denied = report("a", text, "shelled", said=[link("Chile", "CHLGOV", "denies")])
    made = link_events([said, denied], RULES)
    assert [g.records for g in made.groups] == [tuple(sorted((said["id"], denied["id"])))]
    assert made.links[0].score == 1.0


def test_the_same_pair_may_do_much_on_one_day() -> None:
    one = report("a", "Chile accused Peru of poisoning a river.", "accused", kind="ACCUSE allege")
    two = report("b", "Chile accused Peru of forging the minutes of a summit.", "accused", kind="ACCUSE allege")
    assert linked(one, two) == [["a"], ["b"]]


def test_meetings_have_no_direction() -> None:
    meet = {"kind": "CONSULT", "recipient": []}
    one = report("a", "Chile and Peru discussed fish quotas in talks.", "talks", actor=[CHILE, PERU], **meet)
    two = report("b", "Peru held talks on fish quotas with Chile.", "talks", actor=[PERU, CHILE], **meet)
    three = report(
        "c", "Bolivia held talks on fish quotas with Chile.", "talks", actor=[party("Bolivia", "BOLGOV"), CHILE], **meet
    )
    assert linked(one, two, three) == [["a", "b"], ["c"]]


def test_rebels_are_not_the_army() -> None:
    rebels, army = party("Chilean rebels", "CHLREB"), party("the Chilean army", "CHLMIL")
    assert linked(shelling("a", actor=[rebels]), shelling("b", actor=[army])) == [["a"], ["b"]]
    assert linked(shelling("a", actor=[CHILE]), shelling("b", actor=[army])) == [["a", "b"]]


def test_a_threshold_can_be_chosen() -> None:
    other = report("b", "Chile fired on an army depot.", "fired")
    assert linked(shelling("a"), other) == [["a"], ["b"]]
    assert linked(shelling("a"), other, threshold=0.4) == [["a", "b"]]


def test_chains_of_neighbours_make_no_event() -> None:
    days = [f"2024-03-{d:02}" for d in range(1, 13)]
    reports = [shelling(f"a{d}", day=d, published=d) for d in days]
    made = link_events(reports, RULES)
    for group in made.groups:
        assert group.first is not None
        assert group.last is not None
        assert int(group.last[-2:]) - int(group.first[-2:]) <= RULES.profiles.same_event.span


def corpus(seed: int, size: int = 60) -> list[dict[str, Any]]:
    rnd = random.Random(seed)
    things = ["market", "bridge", "harbour", "school", "convoy", "mill"]
    return [
        report(
            f"a{n}",
            f"Guns shelled a {rnd.choice(things)} and a {rnd.choice(things)} at dawn.",
            "shelled",
            day=f"2024-03-{rnd.randint(1, 6):02}",
            published=f"2024-03-{rnd.randint(6, 8):02}",
            actor=[rnd.choice([CHILE, PERU])],
            recipient=rnd.choice([[], [party("Bolivia", "BOLGOV")]]),
        )
        for n in range(size)
    ]


def shape(made: Linked) -> list[tuple[str, tuple[str, ...]]]:
    return sorted((g.id, g.records) for g in made.groups)


@pytest.mark.parametrize("seed", range(5))
def test_order_changes_nothing(seed: int) -> None:
    reports = corpus(seed)
    wanted = link_events(reports, RULES)
    assert any(g.reports > 1 for g in wanted.groups)
    assert sum(len(g.records) for g in wanted.groups) == len(reports)
    random.Random(seed + 100).shuffle(reports)
    again = link_events(reports, RULES)
    assert shape(again) == shape(wanted)
    assert sorted(x.score for x in again.links) == sorted(x.score for x in wanted.links)


def test_links_hold_every_group_together() -> None:
    made = link_events(corpus(1), RULES)
    assert len(made.links) == sum(len(g.records) - 1 for g in made.groups)
    of = made.of_record
    assert all(of[x.a] == of[x.b] for x in made.links)
    assert all(x.reasons for x in made.links)


def test_new_reports_join_old_groups_and_old_groups_keep_their_ids() -> None:
    reports = corpus(2)
    before = link_events(reports[:40], RULES)
    known = Known(groups=[g.records for g in before.groups])
    after = link_events(reports, RULES, known=known, ids=before.of_record)
    of = after.of_record
    for group in before.groups:
        assert len({of[r] for r in group.records}) == 1
    kept = {of[g.records[0]] for g in before.groups}
    assert kept <= {g.id for g in before.groups}
    assert len({g.id for g in after.groups}) == len(after.groups)


def test_what_people_say_wins() -> None:
    a, b = shelling("a"), shelling("b")
    c = shelling("c", day="2024-05-04", published="2024-05-05")
    assert linked(a, b, c) == [["a", "b"], ["c"]]
    assert linked(a, b, c, known=Known(parted=[(b["id"], a["id"])])) == [["a"], ["b"], ["c"]]
    assert linked(a, b, c, known=Known(joined=[(a["id"], c["id"])])) == [["a", "b", "c"]]


def test_a_third_report_does_not_join_what_people_parted() -> None:
    a, b, c = shelling("a"), shelling("b"), shelling("c")
    groups = linked(a, b, c, known=Known(parted=[(a["id"], b["id"])]))
    assert len(groups) == 2
    assert not any({"a", "b"} <= set(g) for g in groups)


def test_explain_tells_parts_and_vetoes() -> None:
    a, b = shelling("a"), report("b", "Four traders died when the fish market was shelled.", "shelled", actor=[])
    told = explain(a, b, [a, b], RULES, "same_event")
    parts = {p["part"]: p for p in told["parts"]}
    assert parts["actor"]["worth"] == RULES.profiles.same_event.unknown
    assert set(parts["words"]["shared"]) >= {"fish", "market", "trad"}
    assert told["alike"] == (told["score"] >= told["threshold"])
    apart = explain(a, shelling("c", day="2024-07-01"), [a, b], RULES, "same_event")
    assert apart["veto"] == "other days"
    assert not apart["alike"]


def test_every_weight_moves_the_score() -> None:
    a, b = shelling("a", place="Lima"), report(
        "b", "Chile shelled the port on Monday.", "shelled", day="2024-03-05", place="Peru", kind="ASSAULT"
    )  # fmt: skip
    stemmer = Stemmer(RULES)
    items = [item_of(r, RULES, stemmer) for r in (a, b)]
    found = Comparer(RULES, "same_event", weights(i.words for i in items)).compare(*items)
    assert found.veto is None
    assert all(part is not None for part in found.parts)


@pytest.mark.parametrize("any_day", [False, True])
def test_comparisons_grow_with_the_reports_and_not_with_their_pairs(any_day: bool) -> None:
    counts = []
    for size in (500, 1000, 2000):
        stemmer = Stemmer(RULES)
        items = sorted((item_of(r, RULES, stemmer) for r in corpus(3, size)), key=lambda i: i.order)
        worth = weights(i.words for i in items)
        pairs = list(candidate_pairs(items, RULES.profiles.same_event, worth, any_day=any_day))
        assert len(set(pairs)) == len(pairs)
        counts.append(len(pairs))
    assert counts[2] <= NEAREST * 2000
    assert counts[2] / counts[1] < 2.2


def test_counts_of_reports_and_publications() -> None:
    reports = [shelling("a", publication="Post"), shelling("b", publication="Post"), shelling("c", publication="Star")]
    reports.append(
        report(
            "c",
            "The market was shelled by Chile, which killed four traders at the fish port.",
            "shelled",
            at=200,
            publication="Star",
        )
    )
    (event,) = link_events(reports, RULES, reprints={"b": "a"}).groups
    assert (event.reports, event.independent, event.publications) == (3, 2, 2)
    assert len(event.records) == 4


# --- reprints

STORY = (
    "The harbour master of Arica closed the fish market on Monday after guns were heard from across the bay. "
    "Traders carried crates of hake and squid to the trucks while soldiers put up fences along the pier. "
    "Nobody could say how long the market would stay shut, and the price of fish doubled within the hour. "
    "The mayor promised to pay the traders for what they lose until the port is safe again. "
    "A school near the pier sent its pupils home and the ferry to the islands did not sail."
)
OTHER = (
    "Guns were heard across the bay at Arica on Monday and the fish market was closed. Soldiers fenced off the pier, "
    "and hake was sold for twice its price by noon. The mayor said that traders would be paid for their losses."
)


def test_reprints_whole_and_shortened() -> None:
    short = STORY.split(" The mayor")[0]
    texts = [
        Text("wire", "2024-03-04", STORY),
        Text("whole", "2024-03-05", "By our own staff. " + STORY.replace("Monday", "Monday,")),
        Text("short", "2024-03-05", short),
        Text("other", "2024-03-04", OTHER),
        Text("tiny", "2024-03-06", "Read more on our page."),
        Text("tiny2", "2024-03-06", "Read more on our page."),
    ]
    found = find_reprints(texts)
    assert originals(found) == {"whole": "wire", "short": "wire"}
    assert find_reprints(reversed(texts)) == found
    assert all(0.6 <= r.share <= 1 for r in found)


def test_the_earliest_is_the_original() -> None:
    texts = [Text("late", "2024-03-09", STORY), Text("early", "2024-03-02", STORY), Text("undated", None, STORY)]
    assert originals(find_reprints(texts)) == {"late": "early", "undated": "early"}


def test_long_texts_and_short_copies_of_them() -> None:
    rnd = random.Random(7)
    words = [f"word{rnd.randint(0, 4000)}" for _ in range(3000)]
    long, part = " ".join(words), " ".join(words[:300])
    foreign = " ".join(f"term{rnd.randint(0, 4000)}" for _ in range(300))
    found = find_reprints(
        [Text("long", "2024-01-01", long), Text("part", "2024-01-02", part), Text("no", "2024-01-02", foreign)]
    )
    assert originals(found) == {"part": "long"}


# --- one a day


def test_one_a_day() -> None:
    a, b, c = shelling("a"), shelling("b", day="2024-03-04"), shelling("c", day="2024-03-05")
    d = report("d", "Chile will shell the port.", "shell", aux="future", status="predicted")
    undated = [shelling(f"u{n}", day=None, published=None) for n in range(2)]
    found = one_a_day([a, b, c, d, *undated])
    assert found[a["id"]] == (a["id"], b["id"])
    assert set(found) == {a["id"], c["id"], d["id"], *(u["id"] for u in undated)}
    swapped = one_a_day([b, a, c, d, *undated])
    assert swapped == found


# --- with the pipeline


def coded(name: str, resources: Resources) -> tuple[list[list[str]], dict[str, list[dict[str, Any]]]]:
    """The rows of a file of pairs, and the records of every text in it ("s1a", "s1b", ...)."""
    lines = (FOLDER / name).read_text("utf8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith(("#", "id\t"))]
    records: dict[str, list[dict[str, Any]]] = {}
    for id_, _, _, day_a, text_a, day_b, text_b in rows:
        for side, day, text in (("a", day_a, text_a), ("b", day_b, text_b)):
            raw = RawDocument(id_ + side, text, "text", id_ + side, date=day, already_clean=True)
            made = code_document(raw, resources)
            records[id_ + side] = [to_dict(r, made) for r in made.records]
    return rows, records


@pytest.mark.parametrize(
    ("name", "precision", "recall", "crossing"), [("pairs.tsv", 0.88, 0.7, 0), ("pairs_blind.tsv", 0.85, 0.7, 12)]
)
def test_pairs_of_reports(name: str, precision: float, recall: float, crossing: int, resources: Resources) -> None:
    """The figures that docs/claims.md gives: coding included. In the blind pairs texts recur: those groups cross."""
    rows, records = coded(name, resources)
    made = link_events([r for found in records.values() for r in found], RULES)
    of = made.of_record
    hits = {True: 0, False: 0}
    for id_, label, *_ in rows:
        if any(of[x["id"]] == of[y["id"]] for x in records[id_ + "a"] for y in records[id_ + "b"]):
            hits[label == "same"] += 1
    same = sum(label == "same" for _, label, *_ in rows)
    assert hits[True] / (hits[True] + hits[False]) >= precision
    assert hits[True] / same >= recall
    assert sum(len({a[:-1] for a in g.articles}) > 1 for g in made.groups) <= crossing


def test_pairs_of_claims(resources: Resources) -> None:
    rows, records = coded("claim_pairs.tsv", resources)
    made = build_board([r for found in records.values() for r in found], RULES, everything=True)
    boards = [
        {said.article for voice in voices_of(claim) for said in voice.said}
        for claim in made.claims
        if claim.type not in RULES.bearing.speech
    ]
    hits = {True: 0, False: 0}
    for id_, label, *_ in rows:
        hits[label == "same"] += any({id_ + "a", id_ + "b"} <= articles for articles in boards)
    same = sum(label == "same" for _, label, *_ in rows)
    assert hits[True] / (hits[True] + hits[False]) >= 0.8
    assert hits[True] / same >= 0.8


def voices_of(claim: Claim) -> list[Voice]:
    return [v for side in VOICES for v in getattr(claim, side)]
