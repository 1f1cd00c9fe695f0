"""Third-person pronouns: every earlier mention that fits in number and gender is weighed, the best one wins.

The weights (coreference_weights.yml) are those of a log-linear model over what linguists call salience: subject,
recency, parallelism, name, how often mentioned. The classic rules are its special cases; nothing is random.
"""

from __future__ import annotations

import math

from legation.actors.coreference_quotes import Quotations, speaker_of
from legation.actors.mentions_draft import Draft, find
from legation.actors.mentions_phrases import first_conjunct
from legation.actors.mentions_scene import Scene
from legation.model.parse import Parse, Token

LOOK_BACK = 60  # mentions before the pronoun that are considered
LOOK_AHEAD = 8  # mentions after it in the same sentence (cataphora)
MAX_SENTENCES = 6

Features = dict[str, float]


def resolve_pronoun(
    scene: Scene, drafts: list[Draft], heads: dict[int, int], k: int, quotes: Quotations
) -> int | None:
    """Index of the antecedent of pronoun draft k, or None."""
    d = drafts[k]
    if d.pronoun is not None and d.pronoun.relative:
        return _relative(scene, heads, k, drafts)
    weights = scene.words.weights
    actors: dict[int, float] = {}  # all mentions of one actor speak for it together
    best_of: dict[int, tuple[float, int]] = {}
    for j, features in options_of(scene, drafts, heads, k, quotes):
        score = sum(weights.get(name, 0.0) * value for name, value in features.items())
        root = find(drafts, j)
        actors[root] = actors.get(root, 0.0) + math.exp(score)
        if root not in best_of or score > best_of[root][0]:
            best_of[root] = (score, j)
    if not actors:
        return None
    return best_of[max(actors, key=lambda r: (actors[r], -r))][1]


def options_of(
    scene: Scene, drafts: list[Draft], heads: dict[int, int], k: int, quotes: Quotations
) -> list[tuple[int, Features]]:
    """The candidates without the speaker of the quotation the pronoun stands in, who would say "I"."""
    options = candidates(scene, drafts, k, quotes)
    speaker = speaker_of(scene, drafts, heads, k, quotes)
    if speaker is not None:
        mouth = find(drafts, speaker)
        options = [x for x in options if find(drafts, x[0]) != mouth] or options
    return options


def _relative(scene: Scene, heads: dict[int, int], k: int, drafts: list[Draft]) -> int | None:
    """who, which, that: the noun that the relative clause hangs on."""
    tokens = scene.parse.tokens
    t = tokens[drafts[k].head]
    for a in [t, *scene.parse.ancestors(t.i)]:
        if a.dep == "relcl":
            return heads.get(a.head) if heads.get(a.head) != k else None
        if a.pos == "VERB" and a.i != t.i and a.dep not in ("relcl", "xcomp", "ccomp"):
            break
    return None


def candidates(scene: Scene, drafts: list[Draft], k: int, quotes: Quotations) -> list[tuple[int, Features]]:
    """Mentions that may be the antecedent with their features."""
    parse, d = scene.parse, drafts[k]
    t = parse.tokens[d.head]
    sentence = parse.sentence_of[t.i]
    seen: dict[int, int] = {}
    fitting: list[int] = []
    for j in range(k - 1, max(-1, k - LOOK_BACK), -1):
        c = drafts[j]
        if sentence - parse.sentence_of[c.head] > MAX_SENTENCES and fitting:
            break
        if _fits(scene, drafts, d, j) and not _bound(parse, t, c, d):
            fitting.append(j)
    for j in range(k + 1, min(len(drafts), k + 1 + LOOK_AHEAD)):
        c = drafts[j]
        if parse.sentence_of[c.head] != sentence:
            break
        ahead = c.kind != "pronoun" and c.person and c.start > d.end and _subordinate(parse, t)
        if ahead and _fits(scene, drafts, d, j) and not _bound(parse, t, c, d):
            fitting.append(j)
    for j in fitting:
        root = find(drafts, j)
        seen[root] = seen.get(root, 0) + 1
    pronouns: dict[int, int] = {}
    everywhere: dict[int, int] = {}
    for j in range(max(0, k - 2 * LOOK_BACK), min(len(drafts), k + LOOK_BACK)):
        c, root = drafts[j], find(drafts, j)
        if c.kind == "pronoun" and j < k and c.antecedent is not None:
            pronouns[root] = pronouns.get(root, 0) + 1
        elif c.kind != "pronoun":
            everywhere[root] = everywhere.get(root, 0) + 1
    last_same = _last_same_pronoun(drafts, k)
    out: list[tuple[int, Features]] = []
    rank = subjects = 0
    roots: set[int] = set()
    hobbs = {j: n for n, j in enumerate(sorted(fitting, key=lambda j: _hobbs_order(parse, sentence, drafts[j])))}
    first_person = next((find(drafts, j) for j, c in enumerate(drafts[:LOOK_BACK]) if c.person and c.name), None)
    for j in fitting:
        f = _features(scene, drafts, k, j, quotes)
        root = find(drafts, j)
        f["often"] = math.log(1 + seen[root])
        f["pronouns before"] = math.log(1 + pronouns.get(root, 0))
        f["often in the article"] = math.log(1 + everywhere.get(root, 0))
        f["hobbs"] = math.log(1 + hobbs[j])
        f["hobbs first"] = float(hobbs[j] == 0)
        f["first of the article"] = float(root == first_person)
        f["repeated"] = float(root in roots)
        roots.add(root)
        if j < k and parse.tokens[drafts[j].head].dep in ("nsubj", "nsubjpass"):
            f["nearest subject"] = float(subjects == 0)
            subjects += 1
        f["chain"] = float(last_same is not None and find(drafts, last_same) == root)
        if f["chain"] and last_same is not None:
            gap = sentence - parse.sentence_of[drafts[last_same].head]
            f["chain same sentence"] = float(gap == 0)
            f["chain last sentence"] = float(gap == 1)
        f["rank"] = math.log(1 + rank) if j < k else 0.0
        f["nearest"] = float(rank == 0 and j < k)
        rank += j < k
        out.append((j, f))
    return out


def cluster_gender(drafts: list[Draft], j: int) -> str | None:
    """The gender of a mention or, once a pronoun or another name told it, of its actor."""
    return drafts[j].gender or drafts[find(drafts, j)].gender


def _hobbs_order(parse: Parse, sentence: int, c: Draft) -> tuple[int, int]:
    """The pronoun's own sentence first, then those before it, each from left to right (after Hobbs 1978)."""
    return sentence - parse.sentence_of[c.head], c.start


def _last_same_pronoun(drafts: list[Draft], k: int) -> int | None:
    """The last resolved pronoun of the same kind before k."""
    d = drafts[k]
    for j in range(k - 1, max(-1, k - 30), -1):
        c = drafts[j]
        if c.pronoun is not None and d.pronoun is not None and c.pronoun.id == d.pronoun.id:
            return j if c.antecedent is not None else None
    return None


def _fits(scene: Scene, drafts: list[Draft], d: Draft, j: int) -> bool:
    """Number and gender do not contradict, and the candidate could be such a thing at all."""
    c = drafts[j]
    if c.kind == "pronoun":
        return False
    assert d.pronoun is not None
    if c.start < d.end and d.start < c.end:
        return False
    label = scene.label_at.get(c.head, (0, 0, ""))[2]
    if d.gender in ("m", "f"):
        if c.plural or cluster_gender(drafts, j) not in (None, d.gender):
            return False
        if c.person or c.kin:
            return True
        if c.entry is not None or c.kind in ("place", "demonym", "metonym") or label in ("GPE", "NORP", "LOC", "FAC"):
            return c.kind in ("name", "place") and c.entry is None and not c.country and bool(c.name)
        return c.kind == "name" and label not in ("DATE", "LANGUAGE", "EVENT", "LAW")
    if d.pronoun.number == "plural":
        return c.plural or (c.kind in ("metonym", "name") and not c.person) or (
            c.noun is not None and c.noun.sort in ("body", "group", "population", "force")
        )
    if c.plural or c.person or c.kin:
        return False
    return c.kind != "demonym" or not c.nested


def _bound(parse: Parse, t: Token, c: Draft, d: Draft) -> bool:
    """Whether grammar forbids it: "Ada saw her", "Ada's letter to her mother's" inside its own phrase."""
    reflexive = t.lower.endswith(("self", "selves"))
    h = parse.tokens[c.head]
    if c.end <= d.start and parse.left[h.i] <= t.i <= parse.right[h.i] and t.dep == "poss":
        path = [t, *parse.ancestors(t.i)]  # free in a relative clause or the next conjunct: "Ada and her son"
        return not any(a.dep in ("relcl", "acl", "appos", "conj") and a.head == h.i for a in path)
    if reflexive or t.dep == "poss":
        return False
    verb, prep = parse.tokens[t.head], None
    if t.dep == "pobj":
        prep, verb = verb, parse.tokens[verb.head]
    subject = parse.tokens[first_conjunct(parse, h.i)]
    if t.dep in ("dobj", "dative", "pobj", "iobj") and subject.dep in ("nsubj", "nsubjpass") and subject.head == verb.i:
        return verb.pos in ("VERB", "AUX") and (prep is None or prep.dep in ("dative", "agent", "prep"))
    if t.dep in ("nsubj", "nsubjpass") and h.head == t.head and h.dep in ("dobj", "dative", "attr"):
        return True
    if t.dep in ("dobj", "dative") and h.head == t.head and h.dep in ("dobj", "dative", "attr", "oprd"):
        return True
    # conjuncts differ: "Ada and her"
    return h.head == t.i or (t.head == h.i and t.dep in ("conj", "appos"))


def _subordinate(parse: Parse, t: Token) -> bool:
    """Whether the pronoun stands in a clause or phrase before the main clause ("In her speech, Ada ...")."""
    return any(a.dep in ("advcl", "prep", "pcomp", "csubj") for a in [t, *parse.ancestors(t.i)]) or t.dep == "poss"


def _role(t: Token, parse: Parse) -> str:
    i = first_conjunct(parse, t.i)
    dep = parse.tokens[i].dep
    if dep in ("nsubj", "nsubjpass", "dobj", "pobj", "poss", "appos", "attr", "agent"):
        return dep
    if dep in ("dative", "iobj"):
        return "dobj"
    return "other"


def _features(scene: Scene, drafts: list[Draft], k: int, j: int, quotes: Quotations) -> Features:
    parse, d, c = scene.parse, drafts[k], drafts[j]
    t, h = parse.tokens[d.head], parse.tokens[c.head]
    role, own = _role(h, parse), _role(t, parse)
    gap = parse.sentence_of[t.i] - parse.sentence_of[h.i]
    kind = "person" if d.gender in ("m", "f") else "many" if d.plural else "thing"
    f: Features = {
        f"role {role}": 1.0,
        f"pair {own} {role}": 1.0,
        f"gap {min(gap, 3)}": 1.0,
        f"after {role}": float(j > k),
        f"after own {own}": float(j > k),
        "tokens between": math.log(1 + abs(t.i - h.i)),
        "after": float(j > k),
        f"gender known {d.gender or 'n'}": float(cluster_gender(drafts, j) is not None),
        "conjunct": float(h.dep == "conj"),
        "nested": float(c.nested),
        f"{kind} title": float(c.noun is not None and c.noun.title),
        f"{kind} name": float(bool(c.name)),
        f"{kind} description": float(c.noun is not None and not c.name),
        f"{kind} state": float(c.entry is not None and c.entry.kind in ("country", "metonym")),
        f"{kind} place": float(c.kind == "place"),
        f"{kind} plural": float(c.plural),
    }
    label = scene.label_at.get(c.head, (0, 0, "none"))[2]
    if kind == "person":
        f[f"label {label}"] = 1.0
        f["full name"] = float(" " in c.name)
        f["no person"] = float(not c.person)
        first_name = c.name.split(" ")[0].lower() in scene.words.first_names
        f[f"first name known {d.gender}"] = float(first_name)
        f[f"bare surname {d.gender}"] = float(bool(c.name) and " " not in c.name and not first_name)
        f["first name alone"] = float(first_name and " " not in c.name)
        f["with article"] = float(parse.tokens[c.first].tag in ("DT", "PRP$") and not c.noun)
        f["long name"] = float(c.name.count(" ") > 2)
        if h.dep == "pobj":
            f[f"prep {parse.tokens[h.head].lower}"] = 1.0
        if role == "nsubj" and parse.tokens[first_conjunct(parse, h.i)].head != h.i:
            f["person and subject"] = float(c.person)
    else:
        speaks = t.dep == "nsubj" and parse.tokens[t.head].lemma in scene.words.speech
        known_body = c.entry is not None and c.entry.kind in ("body", "party", "group", "igo", "ngo", "mnc", "media")
        f[f"{kind} body"] = float(known_body or (c.noun is not None and c.noun.sort in ("body", "document")))
        f[f"{kind} unknown"] = float(c.noun is None and c.entry is None)
        f[f"{kind} both speak"] = float(speaks and role == "nsubj"
                                        and parse.tokens[first_conjunct(parse, h.i)].head != t.head
                                        and parse.tokens[parse.tokens[first_conjunct(parse, h.i)].head].lemma
                                        in scene.words.speech)
    if gap == 0:
        f.update(_clause(parse, t, h))
        owned = parse.tokens[t.head]
        f["blamed by the speaker"] = float(_blamed(scene, t, h))
        f["owner conjunct"] = float(t.dep == "poss" and owned.dep == "conj" and owned.head == h.i)
    sentence = parse.sentence(h.i)
    f["sentence start"] = float(h.i - sentence.first <= 4)
    quote, other = quotes.at(d.start), quotes.at(c.start)
    f["quote differs"] = float(quote != other)
    return f


def _blamed(scene: Scene, t: Token, h: Token) -> bool:
    """ "Ada called Ben a liar and said he would pay": the subject of what is said after the blame, and the blamed."""
    parse = scene.parse
    if t.dep not in ("nsubj", "nsubjpass") or parse.tokens[t.head].dep != "ccomp":
        return False
    says = parse.tokens[parse.tokens[t.head].head]
    if says.dep != "conj" or says.lemma not in scene.words.speech or parse.kid(says.i, "nsubj") is not None:
        return False
    blames = parse.tokens[first_conjunct(parse, says.i)]
    return blames.lemma in scene.words.blame and h.dep in ("dobj", "nsubj") and _is_object(parse, h, blames)


def _is_object(parse: Parse, h: Token, verb: Token) -> bool:
    """The object of a verb, or the subject of its small clause ("called him a liar")."""
    up = parse.tokens[h.head]
    return (h.dep == "dobj" and up.i == verb.i) or (h.dep == "nsubj" and up.dep == "ccomp" and up.head == verb.i)


def _clause(parse: Parse, t: Token, h: Token) -> Features:
    """How the two stand in one sentence: does the candidate's verb govern the pronoun?"""
    head = parse.tokens[first_conjunct(parse, h.i)]
    path = {a.i: n for n, a in enumerate(parse.ancestors(t.i))}
    distance = path.get(head.head)
    f: Features = {}
    if distance is not None and parse.tokens[head.head].pos in ("VERB", "AUX"):
        role = "subject" if head.dep in ("nsubj", "nsubjpass") else "object" if head.dep in ("dobj", "dative") else "x"
        f[f"governed by {role}"] = 1.0
        f[f"governed near {role}"] = 1.0 / (1 + distance)
        verb = parse.tokens[head.head]
        f[f"governed by root {role}"] = float(verb.dep == "ROOT")
    verb_of_head = next((a for a in parse.ancestors(h.i) if a.pos in ("VERB", "AUX")), None)
    verb_of_pronoun = next((a for a in parse.ancestors(t.i) if a.pos in ("VERB", "AUX")), None)
    if verb_of_head and verb_of_pronoun:
        f["same clause"] = float(verb_of_head.i == verb_of_pronoun.i)
        f["clause joined"] = float(verb_of_pronoun.dep == "conj" and verb_of_pronoun.head == verb_of_head.i)
        f["pronoun below"] = float(any(a.i == verb_of_head.i for a in parse.ancestors(verb_of_pronoun.i)))
        f["candidate below"] = float(any(a.i == verb_of_pronoun.i for a in parse.ancestors(verb_of_head.i)))
    f["in relative clause"] = float(any(a.dep == "relcl" and a.head == h.i for a in [t, *parse.ancestors(t.i)]))
    return f
