"""Status facets: sentences that fool keyword rules, the two derived words, offsets, time, and linear growth."""

from __future__ import annotations

import random
import re
import time
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

from legation.attribution.facets import aux_of, find_facets, status_of
from legation.attribution.facets_data import load_status_cues
from legation.model.claims import Actuality, Certainty, Facets, Polarity, default_facets
from legation.model.text import Article
from legation.parse.parser import Parser, load_parser, parse

MARKED = re.compile(r"\*([^*]+)\*")

# the marked word and the auxiliary mode it must get
CASES = """
Arnor *bombed* the port on Monday.|actual
Arnor did not *bomb* the port.|negated
Arnor did not fail to *bomb* the port.|actual
Arnor failed to *bomb* the port.|negated
Nobody failed to *notice* the ships.|actual
The envoy never refused to *meet* the rebels.|actual
The envoy refused to *meet* the rebels.|negated
The firm could not avoid *paying* the fine.|actual
The firm avoided *paying* the fine.|negated
The fleet was unable to *leave* the harbour.|negated
The fleet was not unable to *leave* the harbour.|actual
Guards prevented the crowd from *entering* the palace.|negated
Guards did not prevent the crowd from *entering* the palace.|actual
The army did not stop *shelling* the town.|actual
The king did not forget to *thank* the troops.|actual
The king forgot to *thank* the troops.|negated
He left without *signing* the accord.|negated
No one was *killed* in the raid.|negated
Neither side *fired*.|negated
The judge not only *freed* the editor, she praised him.|actual
No doubt the guards *fired* first.|actual
There is no doubt that the guards *fired* first.|actual
The king could not but *yield*.|actual
It is not true that the army *fired*.|negated
It is false that the army *fired*.|negated
The two states have yet to *sign* the treaty.|negated
The plane nearly *hit* the tower.|negated
He hardly *spoke* to the envoy.|negated
The two sides no longer *trade*.|negated
Arnor threatened to *close* the strait.|future
Arnor *threatens* to close the strait unless Gondor frees the crew.|actual
Arnor must return a ship that it *seized* last week.|actual
Gondor demanded that the crew be *freed*.|hypothetical
A rebel group claimed responsibility for the *attack*.|actual
Gondor warned Arnor against *attacking* the port.|negated
Arnor promised to *open* the strait.|future
Arnor agreed to *withdraw* its troops.|future
Arnor will *withdraw* its troops.|future
Arnor will not *withdraw* its troops.|negated
Arnor is expected to *withdraw* its troops.|future
A *withdrawal* is expected next month.|future
The planned *withdrawal* angered Gondor.|future
The ministers are to *meet* in May.|future
The ministers are due to *meet* in May.|future
Arnor plans to *expel* two diplomats.|future
Arnor decided to *expel* two diplomats.|future
Sources said the vote would likely trigger *sanctions*.|future
Sources said the vote would likely *trigger* sanctions.|future
Arnor to *expel* two diplomats|future
Arnor may *expel* two diplomats.|hypothetical
Arnor may not *expel* the diplomats.|hypothetical
Arnor could *expel* two diplomats.|hypothetical
Arnor might have *expelled* two diplomats.|hypothetical
If Arnor *expels* the envoy, Gondor will retaliate.|hypothetical
If Arnor expels the envoy, Gondor will *retaliate*.|hypothetical
Gondor will *retaliate* unless Arnor frees the crew.|hypothetical
Had they known, they would have *fled*.|hypothetical
Gondor urged Arnor to *free* the crew.|hypothetical
Gondor demanded the *release* of the crew.|hypothetical
Gondor called on Arnor to *free* the crew.|hypothetical
Arnor should *free* the crew.|hypothetical
Gondor fears an *invasion*.|hypothetical
Fears of an *invasion* grew in Gondor.|hypothetical
Gondor hopes to *join* the alliance.|hypothetical
Did they *bomb* the port?|hypothetical
The paper asked whether the army had *bombed* the port.|hypothetical
They discussed a possible *truce*.|hypothetical
In case of *war*, the port will be closed.|hypothetical
The firm is alleged to have *bribed* a judge.|actual
The firm allegedly *bribed* a judge.|actual
The envoy denied that the army *bombed* the port.|actual
The envoy said that the army *bombed* the port.|actual
Arnor accused Gondor of *bombing* the port.|actual
Gondor condemned the *bombing* of the port.|actual
Gondor will condemn the *bombing* of the port.|actual
The rebels will be punished for *bombing* the port.|actual
The army managed to *take* the bridge.|actual
The army was forced to *leave* the bridge.|actual
The army had to *leave* the bridge.|actual
The army began to *shell* the bridge.|actual
The army is *shelling* the bridge.|actual
Arnor is *withdrawing* its troops next month.|future
The cancelled *summit* would have been the first.|negated
The *summit* was called off on Friday.|negated
The court suspended the *sanctions*.|actual
Police foiled an *attack* on the station.|negated
The attempted *coup* left nine dead.|actual
The foiled *coup* was the third.|negated
Talks planned for May *collapsed*.|actual
*Talks* planned for May collapsed.|future
The army neither confirmed nor *denied* the report.|negated
Arnor hesitated but *signed* the treaty.|actual
He pretended to *pray*.|hypothetical
Instead of *talking*, they fought.|negated
"""


@cache
def parser() -> Parser:
    """One parser for the whole file."""
    return load_parser()


@cache
def cues() -> Any:
    """What `find_facets` reads of the stage's cues."""
    return SimpleNamespace(status=load_status_cues())


def facets_of(sentence: str, published: str | None = None) -> Facets:
    """The facets of the word between asterisks."""
    match = MARKED.search(sentence)
    assert match
    text = sentence[: match.start()] + match[1] + sentence[match.end() :]
    article = Article("x", text, None, 0, None, None, published, "given" if published else "none", None, "en", (), ())
    parsed = parse(article, parser())
    token = parsed.token_at(match.start())
    assert token is not None
    return find_facets(article, parsed, cues())[token]


@pytest.mark.parametrize("line", CASES.strip().split("\n"))
def test_aux(line: str) -> None:
    sentence, aux = line.split("|")
    facets = facets_of(sentence)
    assert aux_of(facets) == aux, facets


@pytest.mark.parametrize(
    ("sentence", "published", "historical"),
    [
        ("Arnor *annexed* the isles in 2014.", "2021-03-17", True),
        ("Arnor *annexed* the isles in 2021.", "2021-03-17", False),
        ("The 2003 *invasion* split the alliance.", "2021-03-17", True),
        ("The premier, who *met* the envoy in 2019, resigned on Friday.", "2021-03-17", True),
        ("The premier, who met the envoy in 2019, *resigned* on Friday.", "2021-03-17", False),
        ("Arnor *jailed* nine monks in December 2020.", "2021-02-01", False),
        ("Arnor *jailed* nine monks in March 2020.", "2021-02-01", True),
        ("He *fled* after the November 3 election.", "2021-03-17", True),
        ("He has *lived* in exile since 2014.", "2021-03-17", False),
        ("Decades ago, the two states *fought* over the river.", None, True),
        ("In the 1990s the two states *fought* over the river.", "2021-03-17", True),
        ("His village *burned* during the civil war.", None, True),
        ("Crowds marked the anniversary of the *massacre*.", None, True),
        ("The court will *rule* in 2030.", "2021-03-17", False),
        (
            "Agents paid a crowd to swing the 2016 election. The report condemned election *meddling*.",
            "2021-03-17",
            True,
        ),
        ("The army killed 1974 *soldiers*.", "2021-03-17", False),
        ("The envoy said the army had *left*.", None, False),
    ],
)
def test_history(sentence: str, published: str | None, historical: bool) -> None:
    facets = facets_of(sentence, published)
    assert facets.historical is historical, facets
    assert (aux_of(facets) == "historical") is historical


@pytest.mark.parametrize(
    ("sentence", "certainty"),
    [
        ("The rebels probably *left*.", "probable"),
        ("The rebels may *leave*.", "possible"),
        ("The rebels certainly *left*.", "certain"),
        ("The rebels *left*.", "unstated"),
        ("The alleged *fraud* shocked Gondor.", "possible"),
        ("Police believe that he *fled*.", "probable"),
    ],
)
def test_certainty(sentence: str, certainty: str) -> None:
    assert facets_of(sentence).certainty == certainty


def test_condition_is_the_if_clause() -> None:
    text = "Gondor will *retaliate* if Arnor expels the envoy."
    facets = facets_of(text)
    assert facets.condition is not None
    plain = text.replace("*", "")
    assert plain[facets.condition.start : facets.condition.end] == "if Arnor expels the envoy"
    inside = facets_of(text.replace("*", "").replace("expels", "*expels*"))
    assert inside.condition == facets.condition


def test_general_statements_are_marked_and_news_is_not() -> None:
    assert facets_of("Armies *need* bread.").generic
    assert not facets_of("Troops *enter* the town as rebels flee.").generic
    assert not facets_of("Officials *say* the bank failed.").generic
    assert not facets_of("Protesters *demand* reforms in Arnor.").generic


def _facets(polarity: Polarity, actuality: Actuality, certainty: Certainty, historical: bool) -> Facets:
    return Facets(0, polarity, actuality, certainty, None, historical, False, 0.0, ())


@pytest.mark.parametrize(
    ("facets", "aux"),
    [
        (default_facets(0), "actual"),
        (_facets("affirmed", "ongoing", "unstated", False), "actual"),
        (_facets("affirmed", "happened", "probable", False), "actual"),
        (_facets("affirmed", "happened", "unstated", True), "historical"),
        (_facets("negated", "happened", "unstated", True), "negated"),
        (_facets("affirmed", "planned", "unstated", False), "future"),
        (_facets("affirmed", "promised", "unstated", False), "future"),
        (_facets("affirmed", "threatened", "unstated", False), "future"),
        (_facets("affirmed", "predicted", "probable", False), "future"),
        (_facets("negated", "predicted", "unstated", False), "negated"),
        (_facets("affirmed", "demanded", "unstated", False), "hypothetical"),
        (_facets("affirmed", "conditional", "unstated", False), "hypothetical"),
        (_facets("negated", "hypothetical", "possible", False), "hypothetical"),
    ],
)
def test_aux_table(facets: Facets, aux: str) -> None:
    assert aux_of(facets) == aux


@pytest.mark.parametrize(
    ("aux", "stances", "own_plan", "outermost_is_actor", "status"),
    [
        ("actual", (), False, False, "happened"),
        ("actual", ("asserts",), False, False, "alleged"),
        ("actual", ("doubts",), False, False, "alleged"),
        ("actual", ("asserts",), False, True, "happened"),
        ("actual", ("denies",), False, False, "denied"),
        ("historical", ("asserts", "denies"), False, True, "denied"),
        ("negated", ("asserts",), False, False, "negated"),
        ("negated", ("denies",), False, False, "denied"),
        ("hypothetical", ("asserts",), True, False, "hypothetical"),
        ("future", (), True, False, "planned"),
        ("future", ("asserts",), True, True, "planned"),
        ("future", ("asserts",), False, False, "predicted"),
        ("historical", (), False, False, "historical"),
        ("historical", ("asserts",), False, False, "alleged"),
        ("historical", ("asserts",), False, True, "historical"),
    ],
)
def test_status_table(
    aux: str, stances: tuple[str, ...], own_plan: bool, outermost_is_actor: bool, status: str
) -> None:
    assert status_of(aux, stances, own_plan, outermost_is_actor) == status


def test_cues_stand_where_they_say_and_name_an_entry() -> None:
    lines = [MARKED.sub(r"\1", line.split("|")[0]) for line in CASES.strip().split("\n")]
    random.Random(7).shuffle(lines)
    text = "\n\n".join(lines)
    article = Article("x", text, None, 0, None, None, "2021-03-17", "given", None, "en", (), ())
    parsed = parse(article, parser())
    ids = {entry.id for entry in cues().status.entries}
    found = find_facets(article, parsed, cues())
    assert list(found) == sorted(found)
    assert found == find_facets(article, parsed, cues())
    for token, facets in found.items():
        assert facets.token == token and -3 <= facets.factuality <= 3
        fields = {cue.field for cue in facets.cues}
        if facets.polarity == "negated":
            assert "polarity" in fields or facets.actuality != "happened", parsed.tokens[token]
        if facets.actuality != "happened":
            assert fields & {"actuality", "condition"}, (parsed.tokens[token], facets)
        if facets.historical:
            assert "historical" in fields
        for cue in facets.cues:
            assert text[cue.start : cue.end] == cue.text
            assert cue.cue_id in ids


def test_time_grows_with_length() -> None:
    lines = [MARKED.sub(r"\1", line.split("|")[0]) for line in CASES.strip().split("\n")]

    def seconds(times: int) -> float:
        text = "\n\n".join(lines * times)
        article = Article("x", text, None, 0, None, None, None, "none", None, "en", (), ())
        parsed = parse(article, parser())
        best = 1e9
        for _ in range(3):
            start = time.process_time()
            find_facets(article, parsed, cues())
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(2), seconds(16)
    assert large < 8 * small * 2.5, (small, large)
