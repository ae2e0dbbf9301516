"""The same amounts in other units: 500 mg is 0.5 g, so the key of a question holds whatever it asks of the amount.

Masses and volumes are rewritten by exact decimal arithmetic, all of one unit alike in stem and options. An item is
refused where an amount is not certain (a range, a list, grouped digits), where units or digits are themselves what is
asked, where an option is a number whose unit stands elsewhere, and where two options are one amount. Amounts of
compound units (mg/dL, 5 mg/kg) stay as they are. Units in words and in other scripts than Latin are not read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final

import regex

__all__ = ["Reworded", "reworded"]

_MICRO: Final = "µg"
_LADDERS: Final = (
    {"kg": 6, "g": 3, "mg": 0, _MICRO: -3},
    {"L": 3, "mL": 0},
    {"l": 3, "ml": 0},
)
"""Units that are rewritten into each other, from the greatest, with their powers of ten."""
_ALIASES: Final = {"μg": _MICRO, "mcg": _MICRO}
_UNIT: Final = r"kg|mg|g|µg|μg|mcg|mL|ml|L|l"
_JOINS: Final = r"/·⋅×*^%‰⁻⁰¹²³"
_AMOUNT: Final = regex.compile(
    rf"(?P<number>\d+(?:[.,]\d+)*)(?P<space>[ \u00a0\u202f]?)(?P<unit>{_UNIT})(?![\p{{L}}\p{{N}}])"
)
_COMPOUND_AFTER: Final = regex.compile(rf"\s*[{_JOINS}]|\s?(?:Hg|H2O)\b")
_COMPOUND_BEFORE: Final = regex.compile(r"/\s*$")
_NEXT_NUMBER: Final = regex.compile(rf"\p{{N}}[\s,;]*(?:(?!(?:{_UNIT})\b)\p{{L}}{{1,7}}\.?)?[\s,;]*$")
_NUMBER_BEHIND: Final = regex.compile(r"[\s,;]*(?:\p{L}{1,7}\.?)?[\s,;]*\p{N}[\p{N}.,]*")
_DASH_BEHIND: Final = regex.compile(r"\s?[-–—−]\s?\p{N}")
_BARE_UNIT: Final = regex.compile(
    rf"(?<![\p{{N}}\p{{L}}/'’])(?<!\p{{N}}[ \u00a0\u202f])(?:{_UNIT})(?![\p{{L}}\p{{N}}'’]|\s*[{_JOINS}])"
)
_BARE_NUMBER: Final = regex.compile(r"(?<![\p{L}\p{N}.,])\p{N}+(?:[.,]\p{N}+)*(?!\s?[\p{L}%‰°]|[.,]?\p{N})")
_GROUPED: Final = regex.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+|\d+(?:[.,]\d+){2,}")
_PLACES: Final = 3
_MOST: Final = 100_000
_HEAVIEST: Final = 20
"""Kilograms up to which they become grams: the weight of a person stays what it is."""


@dataclass(frozen=True)
class Reworded:
    """The texts of an item with other units, or the reason why there are none, and where it lies."""

    stem: str = ""
    options: tuple[str, ...] = ()
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True)
class _Amount:
    start: int
    end: int
    number: str
    space: str
    unit: str

    @property
    def value(self) -> Decimal:
        return Decimal(self.number.replace(",", "."))


def reworded(language: str, stem: str, options: Sequence[str], context: str = "") -> Reworded:
    """Return stem and options with their masses and volumes in other units, or why they have to stay."""
    words = _asked(language)
    if words is None:
        return Reworded(reason="language-unknown")
    texts = (stem, *options)
    for text in (context, *texts):
        asked = words.search(text) or _BARE_UNIT.search(text)
        if asked:
            return Reworded(reason="unit-asked", detail=asked.group())
    found = []
    for text in texts:
        amounts, unsure = _amounts(text)
        if unsure:
            return Reworded(reason="amount-unsure", detail=unsure)
        found.append(amounts)
    targets = _targets([amount for amounts in found for amount in amounts])
    if not targets:
        return Reworded(reason="no-amount")
    bare = next((hit.group() for text in options if (hit := _BARE_NUMBER.search(text))), None)
    if bare is not None:
        return Reworded(reason="options-bare", detail=bare)
    plain = [_plain(text, amounts) for text, amounts in zip(texts[1:], found[1:], strict=True)]
    if len(set(plain)) < len(plain):
        return Reworded(reason="options-equal")
    mark = _mark(language, found)
    made = [_rewritten(text, amounts, targets, mark) for text, amounts in zip(texts, found, strict=True)]
    return Reworded(made[0], tuple(made[1:]))


@lru_cache(maxsize=256)
def _asked(language: str) -> regex.Pattern[str] | None:
    """Return the words by which a stem asks for units or digits in a language; null where they are not known."""
    told = _words().get(language.split("-", maxsplit=1)[0])
    if told is None:
        return None
    return regex.compile("|".join(rf"\b{regex.escape(one)}" if one[0].isascii() else one for one in told), regex.I)


@lru_cache(maxsize=1)
def _words() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("units_asked.toml").read_text(encoding="utf-8"))


def _amounts(text: str) -> tuple[list[_Amount], str]:
    """Return the amounts of a text that may be rewritten, and the first one that nobody can be sure of."""
    amounts = []
    for hit in _AMOUNT.finditer(text):
        before, behind = text[: hit.start()], text[hit.end() :]
        if _COMPOUND_AFTER.match(behind) or _COMPOUND_BEFORE.search(before):
            continue
        listed = _NUMBER_BEHIND.match(behind)
        alone = listed is None or _AMOUNT.match(text, hit.end() + _number_at(listed)) is not None
        if (
            _touches(before)
            or _NEXT_NUMBER.search(before)
            or _DASH_BEHIND.match(behind)
            or not alone
            or _GROUPED.fullmatch(hit["number"])
        ):
            return [], hit.group()
        unit = _ALIASES.get(hit["unit"], hit["unit"])
        amounts.append(_Amount(hit.start(), hit.end(), hit["number"], hit["space"], unit))
    return amounts, ""


def _touches(before: str) -> bool:
    """Tell whether a number goes on to the left: a letter or digit that touches it, or a sign of a range or sum."""
    if not before:
        return False
    if before[-1].isalnum() and not _unspaced(before[-1]):
        return True
    last = before.rstrip()[-1:]
    return last in set(":^×*±+-–—−~") or (before[-1] in ".," and len(before) > 1)


def _unspaced(sign: str) -> bool:
    return "\u3040" <= sign <= "\u9fff"


def _number_at(found: regex.Match[str]) -> int:
    return next(place for place, sign in enumerate(found.group()) if sign.isdecimal() or sign.isnumeric())


def _targets(amounts: Sequence[_Amount]) -> dict[str, tuple[str, int]]:
    """Return for each unit into which one it is rewritten, and by which power of ten; only where all amounts fit."""
    targets: dict[str, tuple[str, int]] = {}
    for ladder in _LADDERS:
        names = list(ladder)
        for unit in sorted({one.unit for one in amounts} & ladder.keys()):
            values = [one.value for one in amounts if one.unit == unit]
            at = names.index(unit)
            nearby = [names[place] for place in (at - 1, at + 1) if 0 <= place < len(names)]
            fitting = [
                (max(len(_said(value, ladder[unit] - ladder[other])) for value in values), other)
                for other in nearby
                if all(_fits(value, ladder[unit] - ladder[other], other) for value in values)
            ]
            if fitting:
                # The shorter numbers; of two as short the greater unit.
                other = min(fitting, key=lambda one: one[0])[1]
                targets[unit] = (other, ladder[unit] - ladder[other])
    return targets


def _said(value: Decimal, power: int) -> str:
    return f"{value.scaleb(power).normalize():f}"


def _fits(value: Decimal, power: int, unit: str) -> bool:
    made = value.scaleb(power).normalize()
    places = -min(0, int(made.as_tuple().exponent))
    heavy = unit == "kg" or (power > 0 and unit == "g" and value > _HEAVIEST)
    return places <= _PLACES and 0 < made < _MOST and not heavy


def _plain(text: str, amounts: Sequence[_Amount]) -> str:
    """Return a text with its amounts in the smallest unit: equal where two texts say the same."""
    powers = {unit: power for ladder in _LADDERS for unit, power in ladder.items()}
    return _put(text, amounts, lambda one: _said(one.value, powers[one.unit] + 3)).casefold()


def _mark(language: str, found: Sequence[Sequence[_Amount]]) -> str:
    """Return the decimal mark: that of the item, or of its language."""
    own = next((sign for amounts in found for one in amounts for sign in one.number if sign in ".,"), None)
    if own is not None:
        return own
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(language.split("-", maxsplit=1)[0]).number_symbols["latn"]["decimal"])
    except (UnknownLocaleError, ValueError, KeyError):
        return "."


def _rewritten(text: str, amounts: Sequence[_Amount], targets: dict[str, tuple[str, int]], mark: str) -> str:
    def other(one: _Amount) -> str:
        if one.unit not in targets:
            return text[one.start : one.end]
        unit, power = targets[one.unit]
        return _said(one.value, power).replace(".", mark) + one.space + unit

    return _put(text, amounts, other)


def _put(text: str, amounts: Sequence[_Amount], say: Callable[[_Amount], str]) -> str:
    parts, at = [], 0
    for one in amounts:
        parts += [text[at : one.start], say(one)]
        at = one.end
    return "".join([*parts, text[at:]])
