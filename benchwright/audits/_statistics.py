"""Kit: tails of the chi-square and normal distributions, so that the core needs no statistics library."""

from __future__ import annotations

import math
from typing import Final

__all__ = ["chi_square_tail", "normal_tail"]

_STEPS: Final = 1000
_ENOUGH: Final = 1e-15
_TINY: Final = 1e-300


def chi_square_tail(statistic: float, freedom: int) -> float:
    """Return the probability of a chi-square value at least so great.

    Range 0 to 1. The regularised upper incomplete gamma function, by its series below and its continued fraction
    (modified Lentz) above ``a + 1`` (Press et al., Numerical Recipes, 6.2).

    Raises:
        ValueError: fewer than one degree of freedom, or a negative statistic.
    """
    if freedom < 1 or statistic < 0:
        raise ValueError(f"no chi-square value {statistic!r} with {freedom!r} degrees of freedom")
    a, x = freedom / 2, statistic / 2
    if x == 0:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    value = 1 - front * _series(a, x) if x < a + 1 else front * _fraction(a, x)
    return min(1.0, max(0.0, value))


def _series(a: float, x: float) -> float:
    term = total = 1 / a
    for step in range(1, _STEPS):
        term *= x / (a + step)
        total += term
        if term < total * _ENOUGH:
            break
    return total


def _fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c, d = 1 / _TINY, 1 / b
    value = d
    for step in range(1, _STEPS):
        factor = -step * (step - a)
        b += 2
        d = factor * d + b
        c = b + factor / c
        d = 1 / (d if abs(d) > _TINY else _TINY)
        c = c if abs(c) > _TINY else _TINY
        value *= d * c
        if abs(d * c - 1) < _ENOUGH:
            break
    return value


def normal_tail(z: float) -> float:
    """Return the probability of a standard normal value at least so great; range 0 to 1."""
    return math.erfc(z / math.sqrt(2)) / 2
