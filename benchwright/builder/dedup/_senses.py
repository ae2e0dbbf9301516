"""Kit: whether two texts of one language say the opposite of each other, by the lexicons of polarity.

Two things turn an item round: another number of words that deny, or words that moved from one pole of an axis to the
other. Of direction, place, sex and age it is enough that one text has a pole that the other has not.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from benchwright.audits._polarity.axes import AXES
from benchwright.audits._polarity.concepts import concepts
from benchwright.audits._polarity.lexicon import digest
from benchwright.audits._quantities.lexicon import digest as numbers_digest
from benchwright.builder.dedup._letters import PART
from benchwright.schemas.text import sha256_text

__all__ = ["differing_senses", "senses_differ", "senses_digest", "with_senses"]

_POLES: Final = ("a0", "b0", "a1", "b1")
_STRICT: Final = frozenset({"T204", "T205", "T206", "T207"})
"""Codes of the audit whose axes turn an item round when a pole is only gone."""


def _mask(half: int) -> int:
    places = (divmod(number, 64) for number, axis in enumerate(AXES) if axis.code in _STRICT)
    return sum(1 << bit for own, bit in places if own == half)


_MASKS: Final = (_mask(0), _mask(1))


def senses_digest() -> str:
    """Return a hash of the words that deny, are opposed or count, for signatures."""
    return sha256_text(digest() + numbers_digest())[:8]


def with_senses(frame: pl.DataFrame) -> pl.DataFrame:
    """Return items with ``denies``, how many words deny, ``asks``, how many ask for the exception, and their poles.

    Args:
        frame: columns ``language``, ``stem``, ``options`` and ``context``. A language without a lexicon says nothing.
    """
    whole = pl.concat_str("context", pl.lit("\n"), "stem", pl.lit(". "), "options")
    texts = frame.select(
        language=pl.col("language").str.split("-").list.first().str.to_lowercase(),
        text=whole.str.replace_all(PART, ". ", literal=True),
    )
    known = concepts(texts).select(
        "language", "text", *_POLES, denies=pl.sum_horizontal("neg", "nor", "soft"), asks="except"
    )
    found = texts.join(known, on=["language", "text"], how="left", maintain_order="left")
    return frame.hstack(found.select(pl.col("denies", "asks", *_POLES).fill_null(0)))


def senses_differ() -> pl.Expr:
    """Tell whether two items have opposite senses: from the columns of :func:`with_senses` with ``_a`` and ``_b``."""
    rules = [pl.col(f"{name}_a") != pl.col(f"{name}_b") for name in ("denies", "asks")]
    rules += [_turned(half) != 0 for half in (0, 1)]
    return pl.any_horizontal(rules)


def _turned(half: int) -> pl.Expr:
    """Return the axes, as bits, on which two texts are opposed."""
    a, b, c, d = (pl.col(f"{pole}{half}_{side}") for side in "ab" for pole in "ab")
    crossed = (a & d & ~c) | (b & c & ~d) | (c & b & ~a) | (d & a & ~b)
    strict = pl.lit(_MASKS[half], dtype=pl.UInt64)
    return crossed | (((a ^ c) | (b ^ d)) & strict)


def differing_senses(row: dict[str, Any]) -> list[str]:
    """Name what is opposed in a pair: a row with the columns of :func:`with_senses` of both sides."""
    told = [
        f"{word} {row[f'{name}_a']} -> {row[f'{name}_b']}"
        for name, word in (("denies", "words that deny"), ("asks", "words for the exception"))
        if row[f"{name}_a"] != row[f"{name}_b"]
    ]
    for number, axis in enumerate(AXES):
        half, bit = divmod(number, 64)
        ours, theirs = ([row[f"{pole}{half}_{side}"] >> bit & 1 for pole in "ab"] for side in "ab")
        if ours != theirs:
            names = (axis.first, axis.second)
            told.append(" -> ".join(_poles(names, one) for one in (ours, theirs)))
    return told


def _poles(names: tuple[str, str], stands: list[int]) -> str:
    return " and ".join(name for name, there in zip(names, stands, strict=True) if there) or "none"
