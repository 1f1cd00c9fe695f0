"""From patterns to regular expressions over *tokens*.

Why: news is mostly words that belong to no time expression. Each token is reduced to one character that stands
for the set of word classes it belongs to ("second" is an ordinal and a unit), so a pattern becomes an ordinary
regular expression over a string of one character a token. That string is scanned at the speed of C, and a
pattern can look at its neighbours without caring how many letters they have.

The language of a pattern: `word` itself, `{class}` a word of that class (a slot whose value the builder reads),
`<MACRO>`, `( | )` alternatives, `?` after a piece that may be absent, `[ ]` around each expression where one
pattern finds several ("[ 3 ] and [ 5 May ]"). Upper and lower case are the same unless the class says `capital`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from legation.dates.schema import PatternEntry, WordsFile
from legation.problems import ResourceError

TOKEN = re.compile(
    r"[Qq][1-4]\b|[A-Za-z]+(?:['’](?:s|t|ll)\b|(?!\w))|\d+(?:[.,:]\d+)*[A-Za-z]{0,3}(?![A-Za-z])|\n+|[^\w\s]|\w+"
)
DASHES = "-–—−‐‑"
_PIECE = re.compile(r"\{(\w+)\}|<(\w+)>|\[|\]|\(|\)|\||\?|[^\s{}<>()|?\[\]]+")

Slots = dict[str, tuple[int, int | str]]  # slot name -> (token index, value)


@dataclass(frozen=True, slots=True)
class Rule:
    """A compiled pattern. `groups` maps a regex group to (slot name, class, expression number).

    `needs` are sets of characters of which every match holds at least one each; `width` is the number of tokens
    of the longest match. With both, only the surroundings of a rare word have to be searched.
    """

    entry: PatternEntry
    order: int
    regex: re.Pattern[str]
    groups: tuple[tuple[str, str, str, int], ...]
    parts: int
    needs: tuple[frozenset[str], ...]
    width: int


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Tokens -> characters, and the values of words in their classes."""

    chars: Mapping[str, str]
    by_signature: Mapping[frozenset[str], str]
    values: Mapping[str, Mapping[str, int | str]]
    other: str


@lru_cache(maxsize=1 << 16)
def number_classes(token: str) -> frozenset[str]:
    """The classes of a token that begins with a digit: what it could be by its shape alone."""
    match = re.fullmatch(r"(\d+)([A-Za-z]*)", token)
    out: set[str] = set()
    if match:
        digits, tail = match[1], match[2].lower()
        n, size = int(digits[:9]), len(digits)
        if not tail:
            if size <= 2:
                out |= {"number"} if n else set()
                out |= {"day"} if 1 <= n <= 31 else set()
                out |= {"hour"} if n <= 24 else set()
                out |= {"two_digits"} if size == 2 else set()
                out |= {"month_number"} if 1 <= n <= 12 else set()
            elif size == 3:
                out |= {"number", "short_year"}
            elif size == 4:
                out |= {"new_year"} if 1800 <= n <= 2100 else set()
                out |= {"year"} if 1500 <= n <= 2100 else {"number"}
                out |= {"short_year"} if n < 1500 else set()
                out |= {"military"} if n // 100 <= 24 and n % 100 < 60 else set()
        elif tail in ("st", "nd", "rd", "th"):
            out |= {"day_ordinal"} if 1 <= n <= 31 else set()
            out |= {"century_ordinal"} if 1 <= n <= 21 else set()
        elif tail == "s":
            out |= {"decade_digits"} if size == 4 and 1500 <= n <= 2100 and n % 10 == 0 else set()
            out |= {"decade_digits_bc"} if size in (2, 3) and n % 10 == 0 else set()
            out |= {"decade_short"} if size == 2 and n % 10 == 0 and n >= 20 else set()
        elif tail in ("am", "pm") and 1 <= n <= 12:
            out |= {"clock_ampm"}
        elif tail in ("hrs", "h", "z") and size == 4 and n // 100 <= 24 and n % 100 < 60:
            out |= {"clock_military"}
        return frozenset(out)
    if re.fullmatch(r"\d{1,2}:\d\d(:\d\d)?", token):
        hour, minute = (int(x) for x in token.split(":")[:2])
        return frozenset({"clock"}) if hour <= 24 and minute < 60 else frozenset()
    match = re.fullmatch(r"(\d{1,2})[:.](\d\d)([ap]m)", token.lower())
    if match:
        return frozenset({"clock_ampm"}) if 1 <= int(match[1]) <= 12 and int(match[2]) < 60 else frozenset()
    if re.fullmatch(r"\d{1,2}:\d\d(h|hrs)", token.lower()):
        return frozenset({"clock_military"})
    if re.fullmatch(r"\d{1,2}\.\d\d", token):
        hour, minute = (int(x) for x in token.split("."))
        return frozenset({"number", "clock_dot"} if 1 <= hour <= 12 and minute < 60 else {"number"})
    if re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d+)?", token):
        return frozenset({"number"})
    return frozenset()


def _number_shapes() -> list[frozenset[str]]:
    """Every signature that a number can have (all shapes are tried once)."""
    tokens = [str(n) for n in range(2200)] + [f"{n:02d}" for n in range(100)] + [f"{n:04d}" for n in range(2500)]
    tokens += [f"{n}{t}" for n in range(100) for t in ("st", "nd", "rd", "th", "s", "am", "pm", "AM")]
    tokens += [f"{n}s" for n in range(1500, 2101, 10)] + ["1400hrs", "1400h", "0800Z", "14:30h", "14:30", "3:30pm"]
    tokens += [f"{n}s" for n in range(100, 1000, 10)]
    tokens += ["3.30", "13.30", "3.75", "1,500", "12,500.5", "1.5", "7000", "9999"]
    return sorted({number_classes(t) for t in tokens}, key=sorted)


def build_lexicon(words: WordsFile, literals: set[str]) -> Lexicon:
    """One character for every set of classes that a word or a number can have. Deterministic: sorted throughout."""
    lower: dict[str, set[str]] = {w: {"=" + w} for w in sorted(literals - {"."})}
    capital: dict[str, set[str]] = {}
    values: dict[str, dict[str, int | str]] = {}
    for name, cls in sorted(words.classes.items()):
        values[name] = dict(cls.words)
        for word in cls.words:
            (capital if cls.capital else lower).setdefault(word, set()).add(name)
    for word, classes in lower.items():
        if word[0].isdigit():
            classes |= number_classes(word)
    spelled: dict[str, frozenset[str]] = {}
    for word in sorted(set(lower) | set(capital)):
        plain = frozenset(lower.get(word, set()))
        if plain:
            spelled[word] = plain
        upper = plain | frozenset(capital.get(word, set()))
        spelled[word[:1].upper() + word[1:]] = upper
        spelled.setdefault(word.upper(), upper)
        spelled[word.title()] = upper
    signatures = sorted({*spelled.values(), *_number_shapes()}, key=sorted)
    free = (chr(c) for c in range(0x21, 0xD800) if chr(c) not in ".\n")
    by_signature = {s: next(free) for s in signatures if s}
    for extra in (frozenset({"=" + d}) for d in sorted({*"()/,:;'\"%$#", "-", "--"})):
        if extra not in by_signature:
            by_signature[extra] = next(free)
    other = next(free)
    by_signature[frozenset()] = other
    chars = {w: by_signature[s] for w, s in spelled.items()}
    for mark in "()/,:;'\"":
        chars[mark] = by_signature[frozenset({"=" + mark})]
    chars["’"] = chars["‘"] = chars["`"] = chars["'"]
    chars["“"] = chars["”"] = chars['"']
    chars["--"], chars["-"] = by_signature[frozenset({"=--"})], by_signature[frozenset({"=-"})]
    for dash in DASHES:
        chars.pop(dash, None)
    chars["-"] = by_signature[frozenset({"=-"})]
    return Lexicon(chars, by_signature, values, other)


def literals_of(text: str) -> set[str]:
    """The plain words of a pattern."""
    return {m[0].lower() for m in _PIECE.finditer(text) if m[1] is None and m[2] is None and m[0] not in "[]()|?"}


def expand(text: str, macros: Mapping[str, str], file: str, depth: int = 0) -> str:
    """A pattern with its macros written out. ResourceError for an unknown one or one that contains itself."""

    def put(match: re.Match[str]) -> str:
        if match[1] not in macros or depth > 8:
            raise ResourceError(file, f"unknown or circular macro <{match[1]}>")
        return "( " + expand(macros[match[1]], macros, file, depth + 1) + " )"

    return re.sub(r"<(\w+)>", put, text)


def _charset(name: str, lexicon: Lexicon, file: str) -> str:
    if name == "line":
        return r"[\n]"
    if name == "other":
        return "[" + re.escape(lexicon.other) + "]"
    chars = "".join(c for s, c in lexicon.by_signature.items() if name in s)
    if name == "=.":
        chars += "."
    if not chars:
        raise ResourceError(file, f"no word is in the class {name!r}")
    return "[" + re.escape(chars) + "]"


def _neighbour(text: str | None, lexicon: Lexicon, file: str) -> str:
    parts = [_charset(m[1] or "=" + m[0].lower(), lexicon, file)[1:-1] for m in _PIECE.finditer(text or "")]
    return "[" + "".join(parts) + "]" if parts else ""


SLOT_OF = {
    "month_ambiguous": "month", "month_short": "month", "weekday_short": "weekday", "day_ordinal": "day",
    "new_year": "year", "year_word": "unit", "month_word": "unit", "hour_word": "unit",
    "minute_word": "unit", "last_quarter": "quarter", "exact_part": "part", "this_quarter": "rel",
    "weekday_plural": "weekday", "fall": "season", "number_word": "number", "article": "number",
    "vague_number": "number", "units": "unit", "calendar_unit": "unit", "big_unit": "unit", "rel_last": "rel",
    "rel_next": "rel", "story_rel": "rel", "that": "rel", "span_rel": "rel", "parts": "part", "earlier": "back",
    "later": "ahead", "quarter_code": "quarter", "quarter_ordinal": "quarter", "century_ordinal": "century",
    "zone_name": "zone", "a_letter": "ampm", "p_letter": "ampm", "weekdays": "weekday",
}  # fmt: skip


def compile_rule(entry: PatternEntry, order: int, match: str, lexicon: Lexicon, file: str) -> Rule:
    """One rule from its entry (macros already written out)."""
    out: list[str] = []
    groups: list[tuple[str, str, str, int]] = []
    part = parts = 0
    for piece in _PIECE.finditer(match):
        token = piece[0]
        if piece[1]:
            group = f"g{len(groups)}"
            groups.append((group, SLOT_OF.get(piece[1], piece[1]), piece[1], part))
            out.append(f"(?P<{group}>{_charset(piece[1], lexicon, file)})")
        elif token == "[":
            parts += 1
            part = parts
            out.append(f"(?P<span{parts}>")
        elif token == "]":
            part = 0
            out.append(")")
        elif token == "(":
            out.append("(?:")
        elif token in ")|?":
            out.append(token)
        elif token == ".":
            out.append(r"\.")
        else:
            out.append(_charset("=" + token.lower(), lexicon, file))
    text = "(?:" + "".join(out) + ")"
    for positive, before, neighbour in (
        (True, True, entry.after), (False, True, entry.not_after),
        (True, False, entry.before), (False, False, entry.not_before),
    ):  # fmt: skip
        chars = _neighbour(neighbour, lexicon, file)
        if chars and before:
            text = f"(?<{'=' if positive else '!'}{chars})" + text
        elif chars:
            text += f"(?{'=' if positive else '!'}{chars})"
    try:
        needs, width = _needs(match, lexicon, file)
        return Rule(entry, order, re.compile(text), tuple(groups), parts, needs, width)
    except re.error as error:
        raise ResourceError(file, f"pattern {entry.id}: {error} in {match!r}") from error


def _needs(match: str, lexicon: Lexicon, file: str) -> tuple[tuple[frozenset[str], ...], int]:
    """What every match of a pattern must contain, and how long it can be."""
    pieces = [m for m in _PIECE.finditer(match) if m[0] not in "[]"]
    position = 0

    def members(piece: re.Match[str]) -> frozenset[str]:
        if piece[0] == ".":
            return frozenset(".")
        name = piece[1] or "=" + piece[0].lower()
        if name in ("other", "line"):
            return frozenset(lexicon.other if name == "other" else "\n")
        return frozenset(c for s, c in lexicon.by_signature.items() if name in s)

    def sequence() -> tuple[list[frozenset[str]], int]:
        """One alternation up to its closing bracket: what all alternatives need, and the longest of them."""
        nonlocal position
        options: list[tuple[list[frozenset[str]], int]] = []
        needed: list[frozenset[str]] = []
        length = 0
        while position < len(pieces) and pieces[position][0] != ")":
            token = pieces[position][0]
            position += 1
            if token == "|":
                options.append((needed, length))
                needed, length = [], 0
                continue
            if token == "(":
                inner, inner_length = sequence()
                position += 1
            else:
                inner, inner_length = [members(pieces[position - 1])], 1
            if position < len(pieces) and pieces[position][0] == "?":
                position += 1
                inner = []
            needed += inner
            length += inner_length
        options.append((needed, length))
        longest = max(n for _, n in options)
        if len(options) == 1:
            return needed, longest
        if not all(need for need, _ in options):
            return [], longest
        # one set that serves all alternatives: of each the least common looking
        return [frozenset().union(*(min(need, key=lambda s: _commonness(s, lexicon)) for need, _ in options))], longest

    needed, width = sequence()
    if not needed:
        raise ResourceError(file, f"a pattern could match nothing at all: {match!r}")
    return tuple(sorted(set(needed), key=sorted)), width


def _commonness(chars: frozenset[str], lexicon: Lexicon) -> int:
    """A guess how often the words of a set occur: function words and numbers often, others seldom."""
    often = {"preposition": 50, "article": 100, "=,": 100, "=.": 100, "=the": 100, "=-": 50, "number": 10}
    return sum(max((often.get(cls, 1) for cls in s), default=1) for s, c in lexicon.by_signature.items() if c in chars)


def to_classes(text: str, lexicon: Lexicon) -> tuple[str, list[tuple[int, int]]]:
    """The text as one character a token, and where each token stands. A line break that ends a paragraph or a
    headline becomes a token of its own that no pattern crosses; a break inside a wrapped sentence vanishes."""
    chars, other, by_signature = lexicon.chars, lexicon.other, lexicon.by_signature
    out: list[str] = []
    spans: list[tuple[int, int]] = []
    line_start = 0
    for match in TOKEN.finditer(text):
        token = match[0]
        char = chars.get(token) if token not in DASHES else None
        if char is None:
            first = token[0]
            if first == ".":
                char = "."
            elif (first == "[" and text[match.end() : match.end() + 1].isalpha()) or (
                first == "]" and text[match.start() - 1 : match.start()].isalpha()
            ):
                continue  # an editor's brackets: "[Ten] years ago"
            elif first in DASHES:
                # "1914-18" joins, "in 1939 - they say" separates; a long dash joins only figures
                a, b = match.span()
                spaced = (text[a - 1 : a].isspace() and text[b : b + 1].isspace()) or (
                    first in "—−" and not (text[a - 1 : a].isdigit() and text[b : b + 1].isdigit())
                )
                char = chars["--"] if spaced else chars["-"]
            elif first == "\n":
                start, end = match.span()
                wrapped = (
                    end == start + 1 and start - line_start > 45 and text[start - 1] not in '.!?:"”'
                    and end < len(text) and (text[end].islower() or text[end].isdigit())
                )  # fmt: skip
                line_start = end
                if wrapped:
                    continue
                char = "\n"
            elif "0" <= first <= "9":
                char = by_signature.get(number_classes(token), other)
            elif token[-2:] in ("'s", "’s") and token[:-2] in chars:
                # "Monday's": the word, then its possessive, so that a pattern ends before it
                out.append(chars[token[:-2]])
                spans.append((match.start(), match.end() - 2))
                out.append(chars.get("'s", other))
                spans.append((match.end() - 2, match.end()))
                continue
            else:
                char = other
        out.append(char)
        spans.append(match.span())
    return "".join(out), spans
