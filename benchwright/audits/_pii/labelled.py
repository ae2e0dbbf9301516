"""What only the word beside it gives away: record numbers, other numbers of a person, dates of birth."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import regex

from benchwright.audits._pii.model import Hit
from benchwright.audits._pii.words import alternation, pieces

__all__ = ["find_births", "find_records", "gate_patterns"]

_TOKEN: Final = r"(?P<v>(?:[A-Z]{1,5}[ -]?)?[0-9](?:[-./]?[0-9A-Z]){2,19})(?![0-9A-Za-z])"
_LONG_TOKEN: Final = r"(?P<v>(?:[A-Z]{1,4}[ -]?)?[0-9](?:[ \-./]?[0-9A-Z]){3,24})(?![0-9A-Za-z])"
_YEAR: Final = regex.compile(r"(?:19|20)[0-9]{2}")
_DATE: Final = regex.compile(
    r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}|(?:19|20)[0-9]{2}[./-][0-9]{1,2}[./-][0-9]{1,2}"
)
_LEAST: Final = 4
_LEAST_ID: Final = 5


def _between() -> str:
    words = "|".join(pieces("words.toml", "numbered"))
    return rf"(?:[ \t\n:.,#№()\-]{{0,3}}(?i:{words})(?![\p{{L}}])){{0,3}}[ \t\n:.#№(\-]{{0,3}}"


@lru_cache(maxsize=4)
def _pattern(rule: str) -> Any:
    return regex.compile(gate_patterns()[rule])


def _records() -> tuple[str, str]:
    record = alternation("words.toml", "record")
    other = alternation("words.toml", "id")
    return f"{record}{_between()}{_TOKEN}", f"{other}{_between()}{_LONG_TOKEN}"


def find_records(folded: str, rule: str) -> Iterator[Hit]:
    """Yield numbers of records and charts, or of cards and policies that no register of ours describes.

    Args:
        folded: the text.
        rule: ``record`` or ``id-labelled``.
    """
    if rule == "record":
        for match in _pattern(rule).finditer(folded):
            digits = sum(sign.isdigit() for sign in match["v"])
            if digits >= _LEAST and not _YEAR.fullmatch(match["v"]) and not _DATE.fullmatch(match["v"]):
                yield Hit(match.start("v"), match.end("v"), "RECORD", "record", 85)
        return
    for match in _pattern(rule).finditer(folded):
        digits = sum(sign.isdigit() for sign in match["v"])
        if digits >= _LEAST_ID and not _DATE.fullmatch(match["v"]):
            yield Hit(match.start("v"), match.end("v"), "ID", "id-labelled", 79)


def _births() -> tuple[str, str]:
    month = "|".join(pieces("words.toml", "month"))
    sep = r"[ .,'’\-/]{1,3}(?:(?:de|of|del|d['’])[ ])?"
    year = r"(?:1[89][0-9]{2}|20[0-9]{2}|2[45][0-9]{2}|1[34][0-9]{2}|['’]?[0-9]{2})(?![0-9])"
    day = r"[0-3]?[0-9](?:st|nd|rd|th|er|\.|º|°|ª|ος|η|-?го|-?е|日|일)?"
    date = (
        rf"(?:[0-3]?[0-9] ?[./\-] ?[0-3]?[0-9] ?[./\-] ?{year}|(?:1[3489]|2[05])[0-9]{{2}} ?[./\-] ?[0-1]?[0-9] ?[./\-] ?[0-3]?[0-9](?![0-9])"
        rf"|{day}{sep}(?:{month}){sep}{year}|(?:{month}){sep}{day}{sep}{year}|(?:1[89]|20)[0-9]{{2}}{sep}(?:{month}){sep}{day}(?![0-9])"
        r"|(?:1[89]|20)[0-9]{2} ?年 ?[0-9]{1,2} ?月 ?[0-9]{1,2} ?日|(?:昭和|平成|令和|大正|民國|民国) ?[0-9元]{1,3} ?年 ?[0-9]{1,2} ?月 ?[0-9]{1,2} ?日"
        r"|(?:1[89]|20)[0-9]{2} ?년 ?[0-9]{1,2} ?월 ?[0-9]{1,2} ?일|[0-3]?[0-9] tháng [0-9]{1,2},? (?:năm )?(?:1[89]|20)[0-9]{2}"
        r"|[0-3]?[0-9] [\p{Thai}]{3,12} (?:พ\.ศ\. ?)?2[45][0-9]{2}|(?:1[89]|20)[0-9]{2}[01][0-9][0-3][0-9](?![0-9]))"
    )
    filler = r"[ \t\n:.,()=\-]{0,4}(?:(?:is|es|est|ist|é|è|er|är|on|to|je|este|είναι|adalah|là|คือ|the|el|le|il|am|der|den|em|no|dia|ngày|στις|la|del|:|是|为|為|は|은|는|هو|है|في|به|את|ב|:)(?![\p{L}])[ :.]{0,2}){0,2}"
    before = rf"{alternation('words.toml', 'birth')}{filler}(?P<d>(?i:{date}))"
    after = rf"(?<![0-9./\-])(?P<d>(?i:{date}))(?i:{'|'.join(pieces('words.toml', 'birth_after'))})"
    return before, after


def find_births(folded: str, rule: str) -> Iterator[Hit]:
    """Yield full dates that a word before (``birth``) or after (``born``) calls a date of birth; a year is none."""
    for match in _pattern(rule).finditer(folded):
        yield Hit(match.start("d"), match.end("d"), "BIRTHDATE", "birth", 89)


@lru_cache(maxsize=1)
def gate_patterns() -> dict[str, str]:
    """Return the pattern of each rule."""
    return dict(zip(("record", "id-labelled", "birth", "born"), (*_records(), *_births()), strict=True))
