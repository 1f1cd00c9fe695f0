"""The date of an event: from its clause, its sentence, its discourse or the day of publication, in this order.

Why so careful: most sentences of news hold several events and one time. A time belongs to the verb it hangs on
("called on Wednesday ... after Biden said"), to a noun of its own ("the November 3 election"), or to the whole
sentence; a background clause without a time of its own has no date at all, rather than that of the newspaper.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from legation.dates.calendar import iso_day
from legation.dates.dateline import day_of_writing
from legation.dates.hooks import Hook, best, dated, hooks_of
from legation.dates.patterns import Patterns
from legation.model.claims import Facets
from legation.model.parse import Parse, Token
from legation.model.text import Article
from legation.model.when_where import EventDate, Timex

NEWS_WINDOW = 90  # days around publication that count as news
NOT_YET = ("planned", "promised", "threatened", "demanded", "predicted", "conditional", "hypothetical")
NO_DATE = EventDate(None, None, "none", "none", None, None, "dates/none")


def date_of(
    article: Article, parse: Parse, timexes: Sequence[Timex], predicate: int, facets: Facets | None, patterns: Patterns
) -> EventDate:
    """The event's own date. `predicate` is a token index; `facets` are those of the event (for a speech act, of the
    saying and not of what is said). Never invented: NO_DATE where the text gives none. An unresolved expression of
    the event's own clause is kept in `span` and `text` with `start` None.
    """
    rules = patterns.event_time
    hooks = hooks_of(parse, timexes, rules)
    near = [h for h in hooks if _in_clause(parse, h, predicate, patterns)]
    direct = [h for h in near if h.verb == predicate or predicate in h.nouns]
    if not direct and facets is not None and facets.actuality in NOT_YET:
        near = []  # "agreed on Monday to meet": Monday is the day of the agreement
    own = best(parse, predicate, direct or near)
    if own is not None:
        return dated(own, "clause")
    electoral = _electoral(parse, hooks, predicate, patterns)
    if electoral is not None:
        return electoral
    report = _report(parse, hooks, predicate, patterns)
    if report is not None:
        return report
    sentence = best(parse, predicate, [h for h in hooks if _in_sentence(parse, h, predicate, patterns)])
    if sentence is not None:
        return dated(sentence, "sentence")
    inherited = _inherited(article, parse, hooks, predicate, facets, patterns)
    if inherited is not None:
        return inherited
    return _publication(article, parse, timexes, predicate, facets, patterns)


def _in_clause(parse: Parse, hook: Hook, predicate: int, patterns: Patterns) -> bool:
    """Whether the time hangs on the predicate or on a verb that shares its time with it."""
    rules, tokens = patterns.event_time, parse.tokens
    own = [n for n in hook.nouns if {tokens[n].lower, tokens[n].lemma.lower()} & rules.own_time_nouns]
    if predicate in hook.nouns:
        # "Monday's attack", "the attack in the town on Monday", but not "the attack on the 2019 summit"
        return not [n for n in own if n != predicate and hook.nouns.index(n) < hook.nouns.index(predicate)]
    if hook.verb is None:
        return False
    if own and not _gives_time(parse, hook, own[-1], rules.time_giving_prepositions):
        return False
    verb = tokens[hook.verb]
    if predicate == verb.i:
        return True
    if verb.dep in ("acl", "relcl") and verb.head == predicate and verb.lemma in rules.light_verbs:
        return True  # "claims made in May"
    token = tokens[predicate]
    if token.pos in ("NOUN", "PROPN", "ADJ"):
        aside = token.dep == "pobj" and tokens[token.head].lower in rules.aside_prepositions
        return _verb_above(parse, predicate) == verb.i and verb.lemma in rules.light_verbs and not aside
    return _shares_time(parse, token, verb, patterns)


def _gives_time(parse: Parse, hook: Hook, noun: int, prepositions: frozenset[str]) -> bool:
    """ "at the 2019 summit" dates the verb, "over the 2014 annexation" does not."""
    token = parse.tokens[noun]
    above = parse.tokens[token.head]
    return above.pos in ("ADP", "SCONJ") and above.lower in prepositions


def _shares_time(parse: Parse, token: Token, verb: Token, patterns: Patterns) -> bool:
    """Whether a verb has the time of one above it: "met and signed", "decided to recall", "attacked, killing"."""
    current = token
    for _ in range(4):
        above = parse.tokens[current.head]
        if current.dep == "conj":
            if above.i == verb.i and parse.kids(current.i, "nsubj", "nsubjpass"):
                return False  # a second verb with a subject of its own tells something else
        elif current.dep == "advcl":
            marks = {t.lower for t in parse.kids(current.i, "mark")}
            if current.tag != "VBG" or marks - patterns.event_time.same_time_marks:
                return False
        elif current.dep != "xcomp":
            return False
        if above.i == verb.i:
            return True
        current = above
    return False


def _verb_above(parse: Parse, token: int) -> int | None:
    for above in parse.ancestors(token):
        if above.pos in ("VERB", "AUX"):
            return above.i
    return None


def _in_sentence(parse: Parse, hook: Hook, predicate: int, patterns: Patterns) -> bool:
    """Whether the time stands in the same sentence, in no other clause: a fragment, or hung on nothing at all."""
    if parse.sentence_of[hook.head] != parse.sentence_of[predicate] or hook.verb is not None:
        return False
    sentence = parse.sentence(predicate)
    own = [n for n in hook.nouns if parse.tokens[n].lower in patterns.event_time.own_time_nouns]
    return not own and not sentence.in_title


def _electoral(parse: Parse, hooks: list[Hook], predicate: int, patterns: Patterns) -> EventDate | None:
    """Meddling in an election has the year of that election, wherever the article names it."""
    rules, tokens = patterns.event_time, parse.tokens
    token = tokens[predicate]
    if token.lower not in rules.electoral_events and token.lemma.lower() not in rules.electoral_events:
        return None
    below = [tokens[k].lower for k in parse.subtree(predicate)]
    if not any(word in rules.electoral_nouns for word in below) and token.lower not in ("meddling", "interference"):
        return None
    votes = [h for h in hooks if h.timex.begin and any(tokens[n].lower in rules.electoral_nouns for n in h.nouns[:2])]
    if not votes:
        return None
    here = parse.sentence_of[predicate]
    hook = min(votes, key=lambda h: (parse.sentence_of[h.head] != here, abs(h.head - predicate)))
    year = (hook.timex.begin or "")[:4]
    timex = hook.timex
    return EventDate(
        f"{year}-01-01", f"{year}-12-31", "year", "inherited", (timex.start, timex.end), timex.text,
        f"{timex.rule}@election",
    )  # fmt: skip


def _report(parse: Parse, hooks: list[Hook], predicate: int, patterns: Patterns) -> EventDate | None:
    """What a report says has the date of the report: "the report, released Tuesday, ..."."""
    rules, tokens = patterns.event_time, parse.tokens
    if not _says_it(parse, predicate, rules.report_nouns):
        return None
    for hook in hooks:
        if hook.verb is None or tokens[hook.verb].lemma not in rules.release_verbs:
            continue
        verb = tokens[hook.verb]
        noun = tokens[verb.head] if verb.dep in ("acl", "relcl") else parse.kid(verb.i, "nsubjpass", "dobj")
        if noun is not None and noun.lemma in rules.report_nouns:
            return dated(hook, "report")
    return None


def _says_it(parse: Parse, predicate: int, nouns: frozenset[str]) -> bool:
    """Whether a report is the subject, owner or frame of the predicate (a pronoun may stand for it)."""
    tokens = parse.tokens
    token = tokens[predicate]
    owners = parse.kids(predicate, "poss", "nsubj")
    verb = predicate if token.pos in ("VERB", "AUX") else _verb_above(parse, predicate)
    if token.dep == "acl" and parse.kids(predicate, "dobj", "oprd"):
        owners.append(tokens[token.head])  # "the report named him" read as "the report, named"
    if verb is not None and (token.pos in ("VERB", "AUX") or token.dep in ("dobj", "pobj", "attr")):
        owners += parse.kids(verb, "nsubj")
    for owner in owners:
        if owner.lemma.lower() in nouns:
            return True
        if owner.lower in ("it", "which", "that"):
            first = parse.sentence(predicate).i
            for sentence in parse.sentences[max(0, first - 1) : first]:
                root = next((t for t in tokens[sentence.first : sentence.last + 1] if t.head == t.i), None)
                if root is not None and any(k.lemma.lower() in nouns for k in parse.kids(root.i, "nsubj")):
                    return True
    return False


def _inherited(
    article: Article, parse: Parse, hooks: list[Hook], predicate: int, facets: Facets | None, patterns: Patterns
) -> EventDate | None:
    """The time of a clause above, or of the sentence before in the same paragraph. Only the past is handed on.

    "In 2014 the army left after rebels took the town": both in 2014. "Police said on Monday that gunmen killed
    ...": not after Monday, so not the day of a later publication. What the facets call background, denied or
    merely possible takes no more than the old time of a clause that is no saying.
    """
    published = iso_day(article.published)
    rules, tokens = patterns.event_time, parse.tokens
    if facets is not None and facets.actuality in NOT_YET:
        return None
    news = _is_news(parse, predicate, facets, patterns)
    current = predicate
    for above in parse.ancestors(predicate):
        if tokens[current].dep in rules.background_labels:
            break
        if above.pos in ("VERB", "AUX"):
            saying = above.lemma in rules.speech_verbs
            found = best(parse, predicate, [h for h in hooks if h.verb == above.i and not h.before])
            if found and ((news and _past(found.timex, published)) or (not saying and _old(found.timex, published))):
                return dated(found, "clause-above", "inherited")
        current = above.i
    return _from_sentence_before(parse, hooks, predicate, published, news, patterns)


def _from_sentence_before(
    parse: Parse, hooks: list[Hook], predicate: int, published: datetime.date | None, news: bool, patterns: Patterns
) -> EventDate | None:
    """ "In 2003 they invaded. The troops burned two villages." "On Monday rebels struck. They killed five." """
    tokens, sentence = parse.tokens, parse.sentence(predicate)
    token = tokens[predicate]
    if sentence.i == 0 or token.tag != "VBD" or token.head != predicate:
        return None
    if token.lemma in patterns.event_time.speech_verbs or any(parse.sentence_of[h.head] == sentence.i for h in hooks):
        return None
    previous = parse.sentences[sentence.i - 1]
    if previous.paragraph != sentence.paragraph:
        return None
    pronoun = news and any(k.pos == "PRON" for k in parse.kids(predicate, "nsubj", "nsubjpass"))
    for hook in hooks:
        if hook.verb is None or parse.sentence_of[hook.head] != previous.i:
            continue
        root = tokens[hook.verb]
        told = root.head == root.i and root.tag == "VBD" and root.lemma not in patterns.event_time.speech_verbs
        if told and (_old(hook.timex, published) or (pronoun and _past(hook.timex, published))):
            return dated(hook, "discourse", "inherited")
    return None


def _past(timex: Timex, published: datetime.date | None) -> bool:
    """Whether a time lies wholly before the end of the day of publication (or nothing is known of that day)."""
    finish = iso_day(timex.finish)
    return finish is not None and (published is None or finish <= published)


def _old(timex: Timex, published: datetime.date | None) -> bool:
    """Whether a time lies outside the news window."""
    finish = iso_day(timex.finish)
    if finish is None:
        return False
    return published is None or (published - finish).days > NEWS_WINDOW


def _publication(
    article: Article, parse: Parse, timexes: Sequence[Timex], predicate: int, facets: Facets | None, patterns: Patterns
) -> EventDate:
    """The day of publication, for what the text reports as its news and nothing else."""
    explicit = [
        (t.start, t.end, t.value) for t in timexes if t.rule.startswith("dates/date-") and t.basis == "explicit"
    ]
    day, name = day_of_writing(article, explicit)
    if day is None or not _is_news(parse, predicate, facets, patterns):
        return NO_DATE
    iso = day.isoformat()
    return EventDate(iso, iso, "day", "publication", None, None, f"dates/{name}")


def _is_news(parse: Parse, predicate: int, facets: Facets | None, patterns: Patterns) -> bool:
    """No denial, forecast, condition or background: those stay undated without a time of their own."""
    if facets is not None and (
        facets.polarity == "negated" or facets.historical or facets.generic or facets.condition is not None
        or facets.actuality in NOT_YET
    ):  # fmt: skip
        return False
    rules, tokens = patterns.event_time, parse.tokens
    chain = [tokens[predicate], *parse.ancestors(predicate)]
    for token in chain:
        if token.pos in ("VERB", "AUX", "NOUN") and token.dep in rules.background_labels:
            # "a statement that it had called ..." is what is said, no background
            return bool(parse.kids(token.i, "mark")) and tokens[token.head].pos in ("NOUN", "PROPN")
        if token.pos in ("VERB", "AUX"):
            if any(k.lower in rules.background_words for k in parse.kids(token.i, "advmod")):
                return False
            if token.dep != "xcomp" and token.dep != "conj":
                break
    return True
