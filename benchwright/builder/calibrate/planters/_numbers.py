"""Numbers that are not what they were. The reading of numbers is the planters' own."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from functools import partial
from typing import Final

from benchwright.builder.calibrate.planters._draft import Change, Draft, Tools, edited
from benchwright.builder.calibrate.planters._forms import halved, replaced
from benchwright.builder.calibrate.planters._kind import Kind

__all__ = ["NUMBERS"]

_PLAIN: Final = re.compile(r"(?<![\w.,/^()-])\d{1,4}(?:[.,]\d{1,2})?(?![\w.,/)-]*\d)(?![A-Za-z]\d)")
_SIGNED: Final = re.compile(r"(?<![\w)])[-−–](?=\d)")
_RANGE: Final = re.compile(r"(?<![\w.,/])(\d{1,3})\s?[-–]\s?(\d{1,3})(?![\w.,/-])")
_COMPARED: Final = re.compile(r"[<>≤≥]")
_FLIPPED: Final = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
_UNITS: Final = (
    ("mg", "g"),
    ("µg", "mg"),
    ("mcg", "mg"),
    ("mL", "L"),
    ("ml", "l"),
    ("g/dL", "mg/dL"),
    ("g/dl", "mg/dl"),
    ("mmol/L", "µmol/L"),
    ("cm", "mm"),
    ("kg", "g"),
    ("мг", "г"),
    ("мкг", "мг"),
    ("мл", "л"),
    ("mmHg", "cmHg"),
    ("毫克", "克"),
    ("毫升", "升"),
    ("ملغ", "غ"),
    ("مجم", "جم"),
)


def _number(text: str, tools: Tools, change: Callable[[str, Tools], str]) -> tuple[str, str] | None:
    places = [found for found in _PLAIN.finditer(text) if int(re.sub(r"\D", "", found[0]) or 0) > 1]
    if not places:
        return None
    found = tools.draw.choice(places)
    return text[: found.start()] + change(found[0], tools) + text[found.end() :], found[0]


def _times_ten(number: str, _tools: Tools) -> str:
    """Ten times as much, in the digits and with the decimal sign of the text."""
    whole, sign, part = _parts(number)
    return whole + (part[:1] + (sign + part[1:] if part[1:] else "") if part else _zero(number))


def _by_ten(number: str, _tools: Tools) -> str:
    whole, sign, part = _parts(number)
    if len(whole) > 1:
        return f"{whole[:-1]}{sign or '.'}{whole[-1]}{part}"
    return f"{_zero(number)}{sign or '.'}{whole}{part}"


def _parts(number: str) -> tuple[str, str, str]:
    found = re.fullmatch(r"(\d+)(?:([.,])(\d+))?", number)
    return (found[1], found[2] or "", found[3] or "") if found else (number, "", "")


def _zero(number: str) -> str:
    first = number[0]
    return chr(ord(first) - int(first))


def _digits_turned(number: str, tools: Tools) -> str:
    """Another number of the same length: two digits change places, or one digit changes."""
    whole, sign, part = _parts(number)
    if len(whole) > 1 and whole[-1] != whole[-2]:
        turned = whole[:-2] + whole[-1] + whole[-2]
        if int(turned[0]):
            return turned + sign + part
    zero, last = ord(_zero(number)), int(whole[-1])
    return whole[:-1] + chr(zero + (last + tools.draw.randint(2, 8)) % 10 or zero) + sign + part


def _drop(draft: Draft, tools: Tools) -> Change | None:
    def edit(text: str) -> tuple[str, str] | None:
        made = _number(text, tools, lambda _number, _tools: "")
        return made and (re.sub(r" {2,}", " ", made[0]), made[1])

    return edited(draft, tools, edit, only="stem")


def _change(draft: Draft, tools: Tools, *, change: Callable[[str, Tools], str]) -> Change | None:
    return edited(draft, tools, partial(_number, tools=tools, change=change))


def _swap(draft: Draft, tools: Tools) -> Change | None:
    """Two different numbers of one text change places."""

    def edit(text: str) -> tuple[str, str] | None:
        places = list(_PLAIN.finditer(text))
        pairs = [(a, b) for a, b in itertools.pairwise(places) if a[0] != b[0]]
        if not pairs:
            return None
        a, b = tools.draw.choice(pairs)
        return text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :], f"{a[0]} {b[0]}"

    return edited(draft, tools, edit)


def _unsigned(draft: Draft, tools: Tools) -> Change | None:
    return edited(draft, tools, lambda text: (_SIGNED.sub("", text, count=1), "-") if _SIGNED.search(text) else None)


def _cut_range(draft: Draft, tools: Tools) -> Change | None:
    def edit(text: str) -> tuple[str, str] | None:
        found = _RANGE.search(text)
        return found and (text[: found.start()] + found[1] + text[found.end() :], found[0])

    return edited(draft, tools, edit)


def _flip(draft: Draft, tools: Tools) -> Change | None:
    def edit(text: str) -> tuple[str, str] | None:
        found = _COMPARED.search(text)
        return found and (text[: found.start()] + _FLIPPED[found[0]] + text[found.end() :], found[0])

    return edited(draft, tools, edit)


def _unit(draft: Draft, tools: Tools) -> Change | None:
    units = halved(_UNITS, tools.half)

    def edit(text: str) -> tuple[str, str] | None:
        for left, right in tools.draw.sample(units, len(units)):
            found = re.search(rf"(?<=\d)\s?{re.escape(left)}(?!\w|/)", text)
            if found:
                new = found[0].replace(left, right)
                return text[: found.start()] + new + text[found.end() :], left
        return None

    return edited(draft, tools, edit)


def _time(draft: Draft, tools: Tools) -> Change | None:
    pairs = tools.forms.of("time")
    both = [*pairs, *((b, a) for a, b in pairs)]
    return edited(draft, tools, lambda text: _near_number(replaced(text, both, draft.primary), text))


def _near_number(made: tuple[str, str] | None, text: str) -> tuple[str, str] | None:
    """Keep a changed unit of time only where the text has a number: "of the day" is no duration."""
    return made if made and re.search(r"\d", text) else None


NUMBERS: Final = (
    Kind("dose_x10", "number ten times as great", partial(_change, change=_times_ten), needs_source=True),
    Kind("decimal_shift", "decimal point moved to the left", partial(_change, change=_by_ten), needs_source=True),
    Kind(
        "digits_turned", "digits of a number turned round", partial(_change, change=_digits_turned), needs_source=True
    ),
    Kind("number_dropped", "number left out", _drop, needs_source=True),
    Kind("values_swapped", "two numbers of one text change places", _swap, needs_source=True),
    Kind("unit_swapped", "unit exchanged", _unit, needs_source=True),
    Kind("time_unit_swapped", "days for hours and the like", _time, needs_source=True),
    Kind("sign_lost", "minus sign lost", _unsigned, needs_source=True),
    Kind("range_cut", "range cut to its first number", _cut_range, needs_source=True),
    Kind("comparison_flipped", "less for greater", _flip, needs_source=True),
)
