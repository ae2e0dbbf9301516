"""What is said of each pair that the columns found to contradict: code, severity, message, evidence and places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import polars as pl

from benchwright.audits._findings import SPANS
from benchwright.audits._polarity.axes import AXES, Axis
from benchwright.audits._polarity.places import Place, Reading, readings, stands_on

__all__ = ["SETTLED", "settled"]

SETTLED: Final = pl.Schema(
    {name: pl.String() for name in ("subject", "text_hash", "field", "code", "severity", "message", "evidence")}
    | {"spans": SPANS}
)
_SHOWN: Final = 4
_LONG: Final = 250
"""Code points; in a longer source a pair of everyday opposites is a weak sign."""
_BESIDE: Final = 12
"""Code points between a word that denies and the word that it turns."""
_ASKING: Final = ("stem", "context")
"""Fields that may ask for the exception; an option with the word *false* asks for nothing."""


def settled(rows: pl.DataFrame, severities: dict[str, str]) -> pl.DataFrame:
    """Return one row per pair and code.

    This is a Python loop: it runs over the pairs in which the columns of :func:`compared` saw a contradiction, which
    are few, to find the places of the words, and to count them where the columns know only that they are there.

    Args:
        rows: what :func:`benchwright.audits._polarity.compare.compared` returned.
        severities: severity by code.
    """
    texts = pl.concat(
        rows.select(pl.col(f"{side}_language").alias("language"), pl.col(side).alias("text"))
        for side in ("source", "target")
    )
    known = readings(texts)
    out = [
        {"subject": row["subject"], "text_hash": row["text_hash"], "field": row["field"], **said}
        for row in rows.iter_rows(named=True)
        for said in _said(
            row,
            known[row["source_language"], row["source"]],
            known[row["target_language"], row["target"]],
            severities,
        )
    ]
    return pl.DataFrame(out, schema=SETTLED)


def _said(
    row: dict[str, Any], source: Reading, target: Reading, severities: dict[str, str]
) -> Iterator[dict[str, Any]]:
    if row["exception"] and row["field"] in _ASKING:
        yield _exception(row, source.places, target.places, severities)
    elif row["lost"]:
        words = _denying(source.places, "neg")
        yield _finding(
            row, "T201", severities, f"a negation of the source ({_quoted(words)}) is not in the translation", words
        )
    elif row["added"]:
        words = _denying(target.places, "neg")
        message = f"a negation of the translation ({_quoted(words)}) is not in the source"
        yield _finding(row, "T202", severities, message, (), words)
    elif row["turned"]:
        words = [place for place in _denying(target.places, "turned") if not _cognate(place.text, row["source"])]
        if words:
            message = f"the translation has a word of negative meaning ({_quoted(words)}), nothing in the source denies"
            yield _finding(row, "T211", severities, message, (), words)
    by_code: dict[tuple[str, str], list[tuple[str, list[Place], list[Place]]]] = {}
    for number, axis in enumerate(AXES):
        half, bit = divmod(number, 64)
        if row[f"against{half}"] >> bit & 1:
            crossed = _crossed(number, axis, source, target)
            if crossed:
                doubtful = axis.everyday and len(row["source"]) > _LONG
                key = (axis.code, "minor" if doubtful else severities[axis.code])
                by_code.setdefault(key, []).append(crossed)
    for (code, severity), found in by_code.items():
        message = "; ".join(said for said, _, _ in found)
        sources = [place for _, places_, _ in found for place in places_]
        targets = [place for _, _, places_ in found for place in places_]
        yield {**_finding(row, code, severities, message, sources, targets), "severity": severity}


def _cognate(word: str, source: str) -> bool:
    """Tell whether the source has the word too, in its own spelling and with a prefix: *insaturado*, *unsaturated*."""
    start = 3 if word.lower().startswith("dis") else 2
    stem = word.lower()[start : start + 4]
    low = source.lower()
    at = low.find(stem)
    while stem and at >= 0:
        if at >= 1 and low[at - 1].isalpha():
            return True
        at = low.find(stem, at + 1)
    return False


def _exception(
    row: dict[str, Any], source: list[Place], target: list[Place], severities: dict[str, str]
) -> dict[str, Any]:
    before, after = _denying(source, "except"), _denying(target, "except")
    if before:
        message = (
            f"the source asks for the exception or the wrong statement ({_quoted(before)}), the translation does not"
        )
    else:
        message = (
            f"the translation asks for the exception or the wrong statement ({_quoted(after)}), the source does not"
        )
    return _finding(row, "T203", severities, message, before, after)


def _denying(found: list[Place], name: str) -> list[Place]:
    return [place for place in found if place.meaning[name]]


def _crossed(number: int, axis: Axis, source: Reading, target: Reading) -> tuple[str, list[Place], list[Place]] | None:
    """Return what is said where the words moved from one pole to the other, by their number."""
    before = {pole: sum(stands_on(one, pole, number) for one in source.meant) for pole in "ab"}
    after = {pole: sum(stands_on(one, pole, number) for one in target.meant) for pole in "ab"}
    for pole, other in (("a", "b"), ("b", "a")):
        alone = not before[other] and not after[pole]
        moved = not after[pole] and after[other] >= before[pole] + before[other]
        if not (before[pole] and after[other] and (alone or moved)):
            continue
        if axis.turns and _denied(source.places, number) != _denied(target.places, number):
            continue
        names = (axis.first, axis.second) if pole == "a" else (axis.second, axis.first)
        words = [place for place in source.places if place.on(pole, number)]
        others = [place for place in target.places if place.on(other, number)]
        return f"{names[0]} ({_quoted(words)}) became {names[1]} ({_quoted(others)})", words, others
    return None


def _denied(found: list[Place], number: int) -> bool:
    """Tell whether a text denies, or denies by its meaning beside a word of the axis, by words off the axis.

    *Unfavourable* is on the axis of good and bad, the *less* of *less favourable* is not.
    """
    off = [place for place in found if not place.on("a", number) and not place.on("b", number)]
    poles = [place for place in found if place.on("a", number) or place.on("b", number)]
    if any(place.meaning["neg"] or place.meaning["except"] for place in off):
        return True
    softly = [place for place in off if place.meaning["soft"] or place.meaning["faint"]]
    return any(
        -_BESIDE <= place.start - pole.end <= _BESIDE or -_BESIDE <= pole.start - place.end <= _BESIDE
        for place in softly
        for pole in poles
    )


def _quoted(found: Sequence[Place]) -> str:
    words = list(dict.fromkeys(place.text for place in found)) or ["…"]
    return ", ".join(words[:_SHOWN]) + (", …" if len(words) > _SHOWN else "")


def _finding(
    row: dict[str, Any],
    code: str,
    severities: dict[str, str],
    message: str,
    source: Sequence[Place],
    target: Sequence[Place] = (),
) -> dict[str, Any]:
    return {
        "code": code,
        "severity": severities[code],
        "message": message,
        "evidence": f"source: {_quoted(source)}; {row['source']}" if source else row["source"],
        "spans": [
            {"field": row["field"], "start": place.start, "end": place.end, "text": place.text}
            for place in dict.fromkeys(target)
        ],
    }
