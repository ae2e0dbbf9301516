"""Options that stand in one text, each behind its letter: ``A one B two C three``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl
import regex

__all__ = ["marked_options"]

_MARK: Final = regex.compile(r"(?<![\p{L}\p{N}])[(\[（]?(?P<sign>[A-Ja-j])(?:[).:、．。：）\]]\s*|\s+)")


def marked_options(texts: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return what stands before the first option, the labels, and the texts of the options.

    The letters must come in order from the first one on; of marks inside a text, those at the beginning of a line
    win. A text without two such letters has no options: it is all stem. One loop over the texts: letters in order
    are no regular language.
    """
    heads: list[str | None] = []
    labels: list[list[str]] = []
    options: list[list[str]] = []
    for text in texts:
        head, found = _cut(text or "")
        heads.append(head if text is not None else None)
        labels.append([sign for sign, _ in found])
        options.append([one for _, one in found])
    return (
        pl.Series("stem", heads, dtype=pl.String),
        pl.Series("labels", labels, dtype=pl.List(pl.String)),
        pl.Series("texts", options, dtype=pl.List(pl.String)),
    )


def _cut(text: str) -> tuple[str, list[tuple[str, str]]]:
    marks = list(_MARK.finditer(text))
    at_starts = [one for one in marks if not text[text.rfind("\n", 0, one.start()) + 1 : one.start()].strip()]
    for candidates in (at_starts, marks):
        chain = _in_order(candidates)
        if len(chain) >= 2:
            ends = [one.start() for one in chain[1:]] + [len(text)]
            options = [(one["sign"], text[one.end() : end].strip()) for one, end in zip(chain, ends, strict=True)]
            return text[: chain[0].start()].strip(), options
    return text.strip(), []


def _in_order(marks: Sequence[regex.Match[str]]) -> list[regex.Match[str]]:
    """Return the longest chain A, B, C ..., the first of each letter after the letter before."""
    best: list[regex.Match[str]] = []
    for start in [place for place, one in enumerate(marks) if one["sign"] in "Aa"]:
        chain = [marks[start]]
        for one in marks[start + 1 :]:
            if ord(one["sign"]) == ord(chain[-1]["sign"]) + 1:
                chain.append(one)
        if len(chain) >= len(best):
            best = chain
    return best
