"""Chains of sources: nested attributions make one chain, side by side ones make one record each."""

from __future__ import annotations

from legation.model.claims import Attribution, Stance
from legation.model.text import Span
from legation.record.chain import chains


def said(
    source: tuple[int, int] | None, cue: tuple[int, int] | None, *content: tuple[int, int], stance: Stance = "asserts"
) -> Attribution:
    return Attribution(
        Span(*source) if source else None,
        Span(*cue) if cue else None,
        tuple(Span(*c) for c in content),
        stance,
        "indirect",
        None,
        "test",
    )


ANCHOR = Span(50, 56)


def test_nobody_says_it() -> None:
    assert chains(ANCHOR, [said((0, 5), (6, 10), (11, 40))]) == ((),)


def test_one_source() -> None:
    assert chains(ANCHOR, [said((0, 5), (6, 10), (11, 60))]) == ((0,),)


def test_outermost_comes_first_whatever_the_order() -> None:
    inner, outer = said((20, 25), (26, 30), (31, 60)), said((0, 5), (6, 10), (11, 60))
    assert chains(ANCHOR, [inner, outer]) == ((1, 0),)


def test_side_by_side_sources_make_two_chains() -> None:
    asserted = said((0, 5), (6, 10), (40, 60))
    denied = said((70, 76), (77, 83), (40, 60), stance="denies")
    assert chains(ANCHOR, [asserted, denied]) == ((0,), (1,))


def test_three_removes() -> None:
    a, b, c = said((0, 5), (6, 10), (11, 60)), said((12, 15), (16, 18), (19, 60)), said((20, 25), (26, 30), (31, 60))
    assert chains(ANCHOR, [a, b, c]) == ((0, 1, 2),)


def test_alleged_inside_a_statement_adds_no_source() -> None:
    alleged, outer = said(None, (42, 49), (50, 60)), said((0, 5), (6, 10), (11, 60))
    assert chains(ANCHOR, [alleged, outer]) == ((1,),)
    assert chains(ANCHOR, [alleged]) == ((0,),)


def test_identical_attributions_do_not_loop() -> None:
    same = said(None, None, (40, 60))
    assert chains(ANCHOR, [same, same]) in (((0,), (1,)), ((0,),), ((),))
