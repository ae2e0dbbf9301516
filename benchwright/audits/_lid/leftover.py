"""Kit: options that stand word for word as in the source, and read together as the source's language.

One such option may be a name, a drug or a Latin term. Half of the options or more, read as one text, tell.
"""

from __future__ import annotations

import math
from typing import Final

import polars as pl

from benchwright.audits._content.exonyms import known_name
from benchwright.audits._lid.identify import identifier
from benchwright.audits._lid.labels import family
from benchwright.audits._lid.units import words_only
from benchwright.schemas.errors import MissingDependencyError
from benchwright.schemas.plugins import AuditContext

__all__ = ["LEFT_ODDS", "left_together"]

LEFT_ODDS: Final = 0.3
"""Natural logarithm of the odds, source's language against the translation's, from which the options are left there."""
_SHARE: Final = 0.15
"""Least share of the source's language; a model that gives it less has only seen that it is not the other one.

Both were set on the development half of the real pairs of ``bench/language.py``.
"""
_LABELS: Final = 20
_FLOOR: Final = 0.01
_WORD: Final = r"\p{L}{2}"
_NAME: Final = r"^\P{L}*\p{Lu}\S*(?: \p{Lu}\S*)+$"
"""Two words or more, each with a capital: a name, which no translation changes."""
_KEYS: Final = ("subject", "text_hash")
_PAIR: Final = ("source_language", "target_language")


def left_together(fields: pl.LazyFrame, context: AuditContext) -> pl.DataFrame:
    """Return the items of whose options half or more equal their source and are in its language.

    Args:
        fields: rows of :func:`translated_fields` of two languages.
        context: names the model of languages.

    Columns: ``subject``, ``text_hash``, ``all`` (options with words), ``same``, ``shown`` (the equal ones but names).
    Nothing is found without fastText, for languages that the model lacks, and between near relatives.
    """
    options = fields.filter(pl.col("field").str.starts_with("option:"))
    # Few options equal their source: only the items that have such are looked at.
    equal = options.filter((pl.col("source") == pl.col("target")) & pl.col("target").str.contains(_WORD))
    some = equal.select(_KEYS).unique()
    equals = pl.col("source") == pl.col("target")
    no_name = ~pl.col("target").str.contains(_NAME)
    counted = (
        options.join(some, on=_KEYS, how="semi")
        .filter(pl.col("target").str.contains(_WORD))
        .group_by(*_KEYS, *_PAIR)
        .agg(
            pl.len().alias("all"),
            equals.sum().alias("same"),
            pl.col("target").filter(equals & no_name).sort().str.join("; ").alias("shown"),
        )
        .filter((2 * pl.col("same") >= pl.col("all")) & (pl.col("shown") != ""))
        .collect()
    )
    odds = _odds(counted, context)
    kept = counted.join(odds, on=["shown", *_PAIR], how="inner")
    told = (pl.col("odds") > LEFT_ODDS) & (pl.col("share") >= _SHARE)
    return kept.filter(told).select(*_KEYS, "all", "same", "shown").sort(_KEYS)


def _odds(counted: pl.DataFrame, context: AuditContext) -> pl.DataFrame:
    schema = {**dict.fromkeys(("shown", *_PAIR), pl.String), "odds": pl.Float64, "share": pl.Float64}
    try:
        told = identifier(context)
    except MissingDependencyError:
        return pl.DataFrame(schema=schema)
    rows: list[tuple[str, str, str, float, float]] = []
    for (source, target), part in counted.group_by(*_PAIR, maintain_order=True):
        theirs, mine = told.accepted(str(source)), told.accepted(str(target))
        if not theirs or not mine or family(str(source)) & family(str(target)):
            continue
        distinct = part["shown"].unique().sort()
        own_words = [_unlike(text, str(source), str(target)) for text in distinct]
        texts = pl.DataFrame({"shown": distinct, "words": own_words}).filter(pl.col("words") != "")
        lines = texts.select(words_only(pl.col("words"))).to_series()
        # Distinct texts of the few items with such options.
        for text, shares in zip(texts["shown"], told.model.shares(lines, _LABELS), strict=True):
            share = sum(one for label, one in shares.items() if label in theirs)
            own = sum(one for label, one in shares.items() if label in mine)
            odds = math.log((share + _FLOOR) / (own + _FLOOR))
            rows.append((text, str(source), str(target), odds, share))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _unlike(shown: str, source: str, target: str) -> str:
    """Return the options without those that the locale data name alike in both languages: Argentina, Cuba."""
    return "; ".join(one for one in shown.split("; ") if not _is_named_alike(one.strip(" ."), source, target))


def _is_named_alike(option: str, source: str, target: str) -> bool:
    return known_name(option, source) and known_name(option, target)
