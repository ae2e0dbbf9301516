"""Changes that keep the meaning: an audit that speaks here is wrong."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from benchwright.builder.calibrate.planters._draft import Change, Draft, Tools, edited
from benchwright.builder.calibrate.planters._forms import replaced
from benchwright.builder.calibrate.planters._kind import Kind

__all__ = ["HARMLESS"]

_DIGIT: Final = re.compile(r"(?<![\w.,/-])(\d{1,2})(?![\w.,/%°-])")
_MILLI: Final = re.compile(r"(?<![\w.,])(\d{1,2})\s?(g|L|mg)(?![\w/])")
_SMALLER: Final = {"g": "mg", "L": "mL", "mg": "µg"}
_DECIMAL: Final = re.compile(r"(?<![\w.,])(\d{1,3})([.,])(\d{1,2})(?![\w.,])")


def _spelled(draft: Draft, tools: Tools) -> Change | None:
    """A small number in words."""
    words = tools.forms.numbers

    def edit(text: str) -> tuple[str, str] | None:
        places = [found for found in _DIGIT.finditer(text) if 1 < int(found[1]) < len(words)]
        if not places:
            return None
        found = tools.draw.choice(places)
        return text[: found.start()] + words[int(found[1])] + text[found.end() :], words[int(found[1])]

    return edited(draft, tools, edit, only="stem") if words else None


def _converted(draft: Draft, tools: Tools) -> Change | None:
    """A quantity in the next smaller unit, a thousand times the number."""

    def edit(text: str) -> tuple[str, str] | None:
        found = _MILLI.search(text)
        return found and (
            f"{text[: found.start()]}{int(found[1]) * 1000} {_SMALLER[found[2]]}{text[found.end() :]}",
            found[0],
        )

    return edited(draft, tools, edit)


def _decimal(draft: Draft, tools: Tools) -> Change | None:
    """The other decimal sign."""

    def edit(text: str) -> tuple[str, str] | None:
        found = _DECIMAL.search(text)
        sign = found and ("," if found[2] == "." else ".")
        return found and (f"{text[: found.start()]}{found[1]}{sign}{found[3]}{text[found.end() :]}", found[0])

    return edited(draft, tools, edit)


def _pairs(draft: Draft, tools: Tools, *, kind: str) -> Change | None:
    pairs = tools.forms.of(kind)
    both = [*pairs, *((b, a) for a, b in pairs)]
    return edited(draft, tools, lambda text: replaced(text, tools.draw.sample(both, len(both)), draft.primary))


def _spaced(draft: Draft, tools: Tools) -> Change | None:
    """Other quotation marks, dashes and spaces."""
    table = str.maketrans({'"': "“", "'": "’", "-": "‐", "…": "..."})

    def edit(text: str) -> tuple[str, str] | None:
        return (text.translate(table), "")

    return edited(draft, tools, edit)


HARMLESS: Final = (
    Kind("number_spelled", "small number in words", _spelled, alarm=False),
    Kind("unit_converted", "quantity in another unit", _converted, alarm=False),
    Kind("decimal_sign", "the other decimal sign", _decimal, alarm=False),
    Kind("synonym", "synonym", partial(_pairs, kind="synonym"), alarm=False),
    Kind("rephrased", "other words for the same question", partial(_pairs, kind="phrase"), alarm=False),
    Kind("negation_rephrased", "the same negation in other words", partial(_pairs, kind="negation_same"), alarm=False),
    Kind("unit_spelled", "unit in words", partial(_pairs, kind="unit_name"), alarm=False),
    Kind("abbreviation_spelled", "abbreviation in words", partial(_pairs, kind="abbreviation"), alarm=False),
    Kind("typography", "other quotation marks, dashes and spaces", _spaced, alarm=False),
)
