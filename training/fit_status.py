"""Sets the numbers of the status effects from sentences of our own, judged by hand: training/status/sentences.tsv.

    python training/fit_status.py [--check]

Each sentence names one predicate, how sure a careful reader is that it happened or will (`factuality`, -3 to 3), and
which `effect` and `polarity` it was written for. The facets are found in it, and the judgements are averaged for each
effect in three places: `number`, `spoken` (the one who is to act is I, we or you) and `negated_number`. Only
sentences in which the program sees the effect and polarity meant are counted: the sentences were written kind by kind,
so that a misread one is no estimate of how often that happens in running text. Sentences with "probably" and its like
are left out, since their share of the number is the record contract's (3, 2, 1).

A mean of few is drawn towards what the contract says, as if WEIGHT more sentences had been judged so: certain 3,
probable 2, possible 1, open 0, negated the same with a minus sign; `spoken` is drawn towards `number`. Rounded to a
tenth. Source of the shrinkage: a conjugate normal prior with known variance.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from legation.attribution.facets import find_standings
from legation.attribution.facets_data import Effect, load_status_cues
from legation.attribution.facets_standing import Standing
from legation.model.text import Article
from legation.parse.parser import load_parser, parse

ROOT = Path(__file__).parent.parent
SENTENCES = ROOT / "training" / "status" / "sentences.tsv"
EFFECTS = ROOT / "src" / "legation" / "attribution" / "cues" / "status_effects.yml"
WEIGHT = 2  # sentences that the contract's scale counts for
PLACES = ("number", "spoken", "negated_number")
CONTRACT = {"certain": 3.0, "unstated": 3.0, "probable": 2.0, "possible": 1.0}


@dataclass(frozen=True)
class Judged:
    """One line of the table; `factuality` is the reader's judgement."""

    text: str
    predicate: str
    factuality: float
    effect: str
    polarity: str
    kind: str

    @property
    def start(self) -> int:
        """Where the predicate begins in the text. ValueError unless it stands there exactly once."""
        (found,) = re.finditer(rf"(?<!\w){re.escape(self.predicate)}(?!\w)", self.text)
        return found.start()


def read_sentences(path: Path = SENTENCES) -> list[Judged]:
    """The table's lines in order."""
    with path.open(encoding="utf8", newline="") as file:
        return [
            Judged(r["text"], r["predicate"], float(r["factuality"]), r["effect"], r["polarity"], r["kind"])
            for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def read_standings(sentences: list[Judged]) -> Iterator[tuple[Judged, Standing]]:
    """Each sentence with the standing that the program gives to its predicate."""
    parser, cues = load_parser(), load_status_cues()
    for s in sentences:
        article = Article("x", s.text, None, 0, None, None, None, "none", None, "en", (), ())
        parsed = parse(article, parser)
        token = parsed.token_at(s.start)
        if token is None:
            raise ValueError(f"no word at the predicate of: {s.text}")
        yield s, find_standings(article, parsed, cues)[token]


def contract_number(effect: Effect) -> float:
    """What the record contract says of an effect: by certainty if it happened or is possible, else open (0)."""
    if effect.actuality == "happened" or effect.certainty == "possible":
        return CONTRACT[effect.certainty] if effect.actuality in ("happened", "hypothetical") else 0.0
    return 0.0


def as_meant(sentence: Judged, standing: Standing) -> bool:
    """Whether the program sees what the sentence was written for."""
    return standing.effect == sentence.effect and standing.negated == (sentence.polarity == "negated")


def fit(judged: list[tuple[Judged, Standing]]) -> dict[str, dict[str, tuple[float, int]]]:
    """Effect -> place -> (number, sentences it rests on)."""
    table = load_status_cues().effects
    seen: dict[tuple[str, str], list[float]] = defaultdict(list)
    for sentence, standing in judged:
        if as_meant(sentence, standing) and not standing.sure:
            place = "negated_number" if standing.negated else "spoken" if standing.spoken else "number"
            seen[standing.effect, place].append(sentence.factuality)
    out: dict[str, dict[str, tuple[float, int]]] = {}
    for name, effect in table.items():
        prior = contract_number(effect)
        if abs(prior) == 3.0:  # the ends of the scale are defined by the contract, whatever a reader's habit
            seen_of = {place: len(seen[name, place]) for place in PLACES}
            out[name] = {p: (-3.0 if p == "negated_number" else 3.0, n) for p, n in seen_of.items()}
            continue
        numbers: dict[str, tuple[float, int]] = {}
        for place in PLACES:
            drawn = {"number": prior, "negated_number": -prior}.get(place)
            toward = numbers["number"][0] if drawn is None else drawn
            values = seen[name, place]
            mean = (sum(values) + WEIGHT * toward) / (len(values) + WEIGHT)
            numbers[place] = (round(mean, 1) + 0.0, len(values))
        out[name] = numbers
    return out


def written(text: str, numbers: dict[str, dict[str, tuple[float, int]]]) -> str:
    """The effects file with the numbers set; every other character stays."""
    lines = []
    for line in text.split("\n"):
        if match := re.match(r"\s*- \{name: (\w+),", line):
            for place, (value, _) in numbers[match[1]].items():
                line, times = re.subn(rf"\b{place}: -?[\d.]+", f"{place}: {value:g}", line)
                if times != 1:
                    raise ValueError(f"{match[1]}: no place for {place}")
        lines.append(line)
    return "\n".join(lines)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file would change")
    check = given.parse_args().check
    judged = list(read_standings(read_sentences()))
    numbers = fit(judged)
    for name, row in numbers.items():
        print(f"{name:13}", *(f"{place} {value:+.1f} ({n})" for place, (value, n) in row.items()), sep="  ")
    right = sum(as_meant(*pair) for pair in judged)
    print(f"{right} of {len(judged)} sentences are read as they were meant")
    before = EFFECTS.read_text("utf8")
    after = written(before, numbers)
    if check:
        sys.exit(before != after)
    EFFECTS.write_text(after, "utf8")


if __name__ == "__main__":
    main()
