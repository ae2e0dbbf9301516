"""Words of a target that stand in its source just so."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchwright.audits._content.frequency import zipf
from benchwright.audits._paired import Pairs

__all__ = ["copied_words"]

_MARGIN: Final = 0.5
_OFTEN: Final = 2
_SHORTEST: Final = 2
_PLURAL: Final = ("en", "es", "fr", "pt", "gl", "ca")
"""Languages that make plurals by an s: what is a word of theirs without it is one with it."""
_LONG: Final = 6
_KNOWN: Final = 2.0
"""Frequency of a word that is a usual one of its language (Zipf)."""
_BEFORE_NOUN: Final = (
    r"(?i)^(?:d(?:er|ie|as|en|em|es)|k?ein(?:e[nmrs]?)?|im|am|zum|zur|vom|beim|ins|ans|"
    r"(?:mein|dein|sein|ihr|unser|euer|dies|jed|all|viel|manch|solch|welch|beid|mehrer|einig|letzt|nächst|erst)(?:e[nmrs]?)?)$"
)
"""The articles of such a language; names of places and persons mostly have none before them."""


def copied_words(pairs: Pairs) -> pl.DataFrame:
    """Return the words of targets that their sources have in the same spelling, letters of any case.

    Columns: ``pair``, ``at`` (number of the word in the whole run of words), ``form``, ``low``, ``zs`` and ``zt``
    (frequency in the language of the source and of the target), ``exact`` (the source has it in the same case),
    ``plain`` (the source has it in small letters).
    """
    parts = [_of_language(pairs, source, target) for source, target in pairs.languages() if source != target]
    return pl.concat([*parts, _empty()])


def _empty() -> pl.DataFrame:
    schema = {"pair": pl.UInt32, "at": pl.Int64, "form": pl.Int32, "low": pl.Int32, "zs": pl.Float64, "zt": pl.Float64}
    return pl.DataFrame(schema={**schema, "exact": pl.Boolean, "plain": pl.Boolean, "noun": pl.Boolean})


def _plurals(texts: pl.Series, source: str, target: str) -> npt.NDArray[np.bool_]:
    """Tell which words are plurals of words that both languages have: ``edemas``, ``amnesias``."""
    if target not in _PLURAL:
        return np.zeros(len(texts), dtype=np.bool_)
    some = (texts.str.ends_with("s") & (texts.str.len_chars() >= _LONG)).to_numpy()
    single = texts.filter(pl.Series(some)).str.slice(0, texts.filter(pl.Series(some)).str.len_chars() - 1).to_list()
    here, there = zipf(target, single), zipf(source, single)
    plural = np.zeros(len(texts), dtype=np.bool_)
    plural[some] = (here >= _KNOWN) & (there - here < _MARGIN)
    return plural


def _of_language(pairs: Pairs, source: str, target: str) -> pl.DataFrame:
    words = pairs.words
    rows = pairs.rows.filter(
        (pl.col("source_language") == source)
        & (pl.col("target_language") == target)
        & (pl.col("source") != pl.col("target"))
    )
    low = words.forms["low"].to_numpy()
    text_of = words.text_of
    in_source = words.within(rows["source_text"])
    in_target = words.within(rows["target_text"])
    both = np.zeros(words.forms.height, dtype=np.bool_)
    both[np.intersect1d(low[words.form[in_source]], low[words.form[in_target]])] = True
    both &= words.column("word")
    forms = words.forms["form"]
    chosen = np.flatnonzero(both)
    texts = forms.gather(chosen)
    zs, zt = zipf(source, texts.to_list()), zipf(target, texts.to_list())
    # Only words that could be the source's are looked for in the pairs: a word of both languages decides nothing.
    odd = (texts.str.len_chars() >= _SHORTEST).to_numpy() & ((zs - zt >= _MARGIN) | (zt == 0))
    odd &= ~_plurals(texts, source, target)
    table = pl.DataFrame({"low": chosen[odd].astype(np.int32), "zs": zs[odd], "zt": zt[odd]})
    wanted = np.zeros(words.forms.height, dtype=np.bool_)
    wanted[chosen[odd]] = True
    at_target = np.flatnonzero(in_target & wanted[low[words.form]])
    at_source = np.flatnonzero(in_source & wanted[low[words.form]])
    found = pl.DataFrame(
        {
            "target_text": text_of[at_target].astype(np.int64),
            "at": at_target,
            "form": words.form[at_target],
            "low": low[words.form[at_target]],
        }
    )
    article = forms.str.contains(_BEFORE_NOUN).to_numpy()
    led = article[words.form[np.maximum(at_source - 1, 0)]] & ~np.isin(at_source, words.start[:-1])
    there = (
        pl.DataFrame(
            {
                "source_text": text_of[at_source].astype(np.int64),
                "form": words.form[at_source],
                "low": low[words.form[at_source]],
                "noun": led,
            }
        )
        .unique()
        .with_columns((pl.col("form") == pl.col("low")).alias("small"))
        .group_by("source_text", "low")
        .agg(pl.col("form").alias("spellings"), pl.col("small").any().alias("plain"), pl.col("noun").any())
    )
    numbers = rows.select("pair", pl.col("source_text", "target_text").cast(pl.Int64))
    copied = (
        found.join(numbers, on="target_text", how="inner")
        .join(there, on=["source_text", "low"], how="inner")
        .with_columns(pl.col("form").is_in(pl.col("spellings")).alias("exact"))
        .join(table, on="low", how="inner")
    )
    # A form that stands in other targets without its source having it is a word of the target language.
    uses = found.join(numbers, on="target_text", how="inner").group_by("low").len("uses")
    copies = copied.group_by("low").len("copies")
    free = uses.join(copies, on="low").filter(pl.col("uses") - pl.col("copies") >= _OFTEN).select("low")
    return copied.join(free, on="low", how="anti").select(_empty().columns)
