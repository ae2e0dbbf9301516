"""What a paper says of points, of the mark that passes, and of what a wrong answer costs. Nothing is assumed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import regex

from benchwright.schemas.item import Item
from benchwright.schemas.parts import Label, PassRule
from benchwright.sources._kindwords import has_phrase, words_pattern
from benchwright.sources._words import fold

__all__ = ["marking_labels", "pass_rule", "points_in", "with_points"]

_NUMBER: Final = r"(?P<points>\p{Nd}{1,3}(?:[.,]\p{Nd}{1,2})?|½|¼|\p{Nd}\s?/\s?\p{Nd})"
_SHARE: Final = regex.compile(r"(?P<share>\p{Nd}{1,3}(?:[.,]\p{Nd}{1,2})?)\s?[%٪％]")
_FRACTION: Final = regex.compile(
    r"[-−–]?\s?(?P<value>\p{Nd}{1,2}\s?/\s?\p{Nd}{1,2}|½|⅓|¼|⅔|\p{Nd}{1,2}(?:[.,]\p{Nd}{1,3})?)(?![\p{Nd}%])"
)
_PARTS: Final = {"½": 0.5, "⅓": 1 / 3, "¼": 0.25, "⅔": 2 / 3}
_USUAL: Final = 0.5
_LEAST: Final = 3


@lru_cache(maxsize=1)
def _patterns() -> tuple[regex.Pattern[str], regex.Pattern[str], regex.Pattern[str]]:
    """Return the patterns of points: bracketed before a stem, bracketed or after a dash at its end, anywhere."""
    word = words_pattern("points")
    told = rf"(?:{_NUMBER}\s?{word}\.?|{word}\s?[:：]\s?{_NUMBER})"
    return (
        regex.compile(rf"^\s*[(\[（【]\s?{told}\s?[)\]）】]"),
        regex.compile(rf"[(\[（【]\s?{told}\s?[)\]）】]\s*[.:?]?\s*$"),
        regex.compile(rf"(?<![\p{{Nd}}.,/]){told}"),
    )


def points_in(stem: str) -> float | None:
    """Return the points that stand in brackets at the beginning or the end of a stem."""
    plain = fold(stem)
    found = _patterns()[0].search(plain) or _patterns()[1].search(plain)
    return _value(found.captures("points")[0]) if found else None


def _value(text: str) -> float:
    plain = text.replace(" ", "").replace(",", ".")
    if plain in _PARTS:
        return _PARTS[plain]
    over = regex.match(r"^(\d+)/(\d+)$", plain)
    if over and int(over[2]):
        return int(over[1]) / int(over[2])
    return float(plain)


def with_points(items: Sequence[Item], lead: Sequence[str]) -> list[Item]:
    """Return the items with the points that the paper prints for them.

    Points in brackets count where most questions of the paper have them: a score that a single question speaks of
    is a part of that question. Else a line before the first question that says what each is worth.
    """
    own = [points_in(item.stem) for item in items]
    told = sum(one is not None for one in own)
    usual = told >= max(min(_LEAST, len(items)), _USUAL * len(items))
    each = _each(lead)
    result = []
    for item, points in zip(items, own, strict=True):
        mine = points if usual else None
        mine = each if mine is None else mine
        if mine is None or item.exam.points is not None:
            result.append(item)
        else:
            result.append(item.replace(rules_checked=True, exam=item.exam.model_copy(update={"points": mine})))
    return result


def _each(lead: Sequence[str]) -> float | None:
    """Return what each question is worth, when the lines before the first one say it once."""
    values: set[float] = set()
    for line in lead:
        if not (has_phrase(line, "each") and has_phrase(line, "question")):
            continue
        for clause in regex.split(r"(?<!\p{Nd})[,;.]|[,;.](?!\p{Nd})", line):
            if has_phrase(clause, "wrong") or has_phrase(clause, "costs") or has_phrase(clause, "pass"):
                continue
            values |= {_value(found.captures("points")[0]) for found in _patterns()[2].finditer(fold(clause))}
    return values.pop() if len(values) == 1 else None


def pass_rule(lead: Sequence[str]) -> PassRule | None:
    """Return the share or number of points that passes, when the lines before the first question say it once."""
    shares: set[float] = set()
    points: set[float] = set()
    for line in lead:
        if not has_phrase(line, "pass"):
            continue
        found = {_value(one["share"]) / 100 for one in _SHARE.finditer(line)}
        shares |= {share for share in found if 0 < share <= 1}
        if not found and not has_phrase(line, "wrong"):
            points |= {_value(one.captures("points")[0]) for one in _patterns()[2].finditer(fold(line))}
    if len(shares) == 1:
        return PassRule(share=shares.pop())
    return PassRule(points=points.pop()) if len(points) == 1 and not shares else None


def marking_labels(lead: Sequence[str]) -> list[Label]:
    """Return what a wrong answer costs, as printed, when the lines before the first question say it once."""
    found: dict[str, str] = {}
    for line in lead:
        for sentence in regex.split(r"(?<=[.;。])\s+", line):
            if not (has_phrase(sentence, "wrong") and has_phrase(sentence, "costs")):
                continue
            values = [one["value"].replace(" ", "") for one in _FRACTION.finditer(sentence)]
            if len(values) == 1:
                found[values[0]] = sentence.strip()
    if len(found) != 1:
        return []
    value, evidence = next(iter(found.items()))
    return [Label(taxonomy="marking", value=f"wrong answer: -{value}", source="printed", evidence=evidence)]
