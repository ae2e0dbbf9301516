"""What a number or mark on a scan may be when engines read it wrongly: the signs that they confuse."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Final

import regex

__all__ = ["LEADS", "MARK", "POINTS", "RAISED", "lead_of", "may_be", "plain_mark", "without_raised"]

MARK: Final = regex.compile(r"^(?P<star>\*?)(?P<open>[(\[]?)(?P<sign>[A-Fa-f1-6])(?P<close>[)\].:,;]-?|-|)$")
POINTS: Final = str.maketrans(",;·•", "....")
"""Signs after a number that engines read for a point."""
_POINT_LIKE: Final = "e*°º~^o"
_TRIM: Final = "()[]{}.,:;-–—'\"*_ "
LEADS: Final = ("問",)
RAISED: Final = "902oOaª°º*?%'\"“”‘’^®"
"""What engines read for the raised letter of ``1º``."""


@lru_cache(maxsize=1)
def _confusions() -> dict[str, frozenset[str]]:
    from ruamel.yaml import YAML

    raw = YAML(typ="safe").load(files("benchwright.sources").joinpath("data/ocr_confusions.yaml").read_text("utf-8"))
    return {str(sign): frozenset(map(str, others)) | {str(sign)} for sign, others in raw.items()}


def may_be(text: str, wanted: str, opening: str) -> bool:
    """Tell whether a word can be a sign as read wrongly; punctuation around it does not count."""
    bare = text.strip(_TRIM) or text
    lead = opening.strip(_TRIM)
    if lead and bare != wanted:
        bare = bare[len(lead) :] if len(bare) == len(lead) + len(wanted) else ""
    if len(bare) == len(wanted) + 1 and bare[-1] in _POINT_LIKE:
        bare = bare[:-1]
    known = _confusions()
    return len(bare) == len(wanted) and all(
        c == w or c in known.get(w, frozenset()) for c, w in zip(bare, wanted, strict=True)
    )


def plain_mark(text: str) -> str:
    """Return a mark without the asterisk before it, its comma as a point; another word as it is."""
    m = MARK.match(text)
    return f"{m['open']}{m['sign']}{m['close'].translate(POINTS)}" if m else text


def without_raised(text: str, closing: str) -> str:
    """Return a word without the last sign where numbers end in a raised letter and the sign may be that letter."""
    return text[:-1] if closing == "º" and len(text) > 1 and text[-1] in RAISED else text


def lead_of(opening: str) -> str:
    """Return the sign before a number for which engines read another one."""
    known = _confusions()
    return next((sign for sign in LEADS if opening in known.get(sign, frozenset())), opening)
