"""Sums that check digits are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

__all__ = ["digits_of", "is_day", "is_luhn", "is_verhoeff", "mod_11_10", "mod_97_10", "weighted"]

# Multiplication and permutation in the dihedral group of order ten.
_TIMES: Final = tuple(
    tuple(
        (a + b) % 5 if a < 5 and b < 5 else 5 + (a + b) % 5 if a < 5 else 5 + (a - b) % 5 if b < 5 else (a - b) % 5
        for b in range(10)
    )
    for a in range(10)
)
_STEP: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def digits_of(text: str) -> list[int]:
    """Return the ASCII digits of a text as numbers."""
    return [ord(sign) - 48 for sign in text if "0" <= sign <= "9"]


def weighted(digits: Sequence[int], weights: Sequence[int]) -> int:
    """Return the sum of the products, over the shorter of both."""
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False))


def is_luhn(digits: Sequence[int]) -> bool:
    """Tell whether the last digit is the check digit of Luhn's formula."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        double = digit * 2 if place % 2 else digit
        total += double - 9 if double > 9 else double
    return total % 10 == 0


def is_verhoeff(digits: Sequence[int]) -> bool:
    """Tell whether the last digit is the check digit of Verhoeff's scheme."""
    state = 0
    for place, digit in enumerate(reversed(digits)):
        moved = digit
        for _ in range(place % 8):
            moved = _STEP[moved]
        state = _TIMES[state][moved]
    return state == 0


def mod_11_10(digits: Sequence[int]) -> bool:
    """Tell whether the digits obey ISO 7064, MOD 11,10."""
    state = 10
    for digit in digits[:-1]:
        state = ((state + digit) % 10 or 10) * 2 % 11
    return (state + digits[-1]) % 10 == 1


def mod_97_10(text: str) -> bool:
    """Tell whether letters and digits obey ISO 7064, MOD 97-10; letters count from A = 10."""
    return int("".join(str(int(sign, 36)) for sign in text)) % 97 == 1


def is_day(year: int, month: int, day: int) -> bool:
    """Tell whether there is such a day; of a year of two digits, in either of two centuries."""
    if year < 100:
        return is_day(1900 + year, month, day) or is_day(2000 + year, month, day)
    try:
        date(year, month, day)
    except ValueError:
        return False
    return 1850 <= year <= 2100
