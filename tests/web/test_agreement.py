"""Krippendorff's alpha against values worked out by hand and against the published worked example."""

from __future__ import annotations

import pytest

from legation.web.agreement import agreement

# the worked example that Krippendorff prints: four observers, twelve units, gaps
A = (1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None)
B = (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3)
C = (None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None)
D = (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None)


@pytest.mark.parametrize(("difference", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_published_example(difference: str, alpha: float) -> None:
    found = agreement(zip(A, B, C, D, strict=True), difference)
    assert found.alpha == pytest.approx(alpha, abs=0.0005)
    assert found.units == 11  # the last unit has one value only


def test_two_coders_by_hand() -> None:
    # 10 units, 3 values of "yes" by one, 3 by the other, 1 unit where both say it: 4 units differ.
    # 20 values: 14 no, 6 yes. Observed 4/10; by chance 2*14*6/(20*19) = 168/380. alpha = 1 - 0.4*380/168
    one = (0, 1, 0, 0, 0, 0, 0, 1, 1, 0)
    two = (1, 1, 1, 0, 0, 0, 0, 0, 0, 0)
    found = agreement(zip(one, two, strict=True))
    assert found.alpha == pytest.approx(1 - 0.4 * 380 / 168)
    assert (found.units, found.equal) == (10, 6)


def test_no_agreement_beyond_chance_is_zero_and_worse_is_negative() -> None:
    assert agreement([("a", "a"), ("a", "b"), ("a", "a")]).alpha == pytest.approx(0)
    assert agreement([("a", "b"), ("b", "a")]).alpha == pytest.approx(-0.5)


def test_perfect() -> None:
    assert agreement([("a", "a"), ("b", "b"), ("a", "a", "a")]).alpha == 1


@pytest.mark.parametrize("units", [[], [("a",)], [("a", None)], [("a", "a"), ("a", "a")]])
def test_what_cannot_be_said_is_none(units: list[tuple[str | None, ...]]) -> None:
    assert agreement(units).alpha is None


def test_order_of_coders_and_units_does_not_matter() -> None:
    units = list(zip(A, B, C, D, strict=True))
    turned = [tuple(reversed(u)) for u in reversed(units)]
    assert agreement(turned).alpha == pytest.approx(agreement(units).alpha or 0)
