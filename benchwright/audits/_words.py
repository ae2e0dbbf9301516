"""Kit: texts cut into words that are numbers. A text is cut at its spaces, and each distinct piece is read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

__all__ = ["WORD", "Bools", "Ints", "Words", "told_apart", "words_of"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

WORD: Final = r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\p{N}+(?:[.,:]\p{N}+)*|[^\s\p{L}\p{M}\p{N}]"
"""A word, a number or one other sign; linear in both engines, because the three kinds begin with different signs.

No word holds a space, so that the words of a text are those of its pieces between spaces.
"""
_START: Final = ".!?:;…\"“”«»„‚‘'([{-–—•*"
_PART: Final = 1_000_000
"""Pieces whose words are put in their places together."""


@dataclass(frozen=True)
class Words:
    """All words of some texts, one after another.

    ``start[i]`` to ``start[i + 1]`` are the words of text ``i``; ``form[j]`` is the number of a word's form in
    ``forms``, a table with ``form`` (the text), ``low`` (number of the form in small letters), ``word`` (has a letter),
    ``capital`` (begins with a capital letter), ``upper`` (two or more letters, all capital).
    """

    start: Ints
    form: npt.NDArray[np.int32]
    forms: pl.DataFrame

    @cached_property
    def text_of(self) -> npt.NDArray[np.int32]:
        """The number of the text of each word."""
        return np.repeat(np.arange(len(self.start) - 1, dtype=np.int32), np.diff(self.start))

    @cached_property
    def initial(self) -> Bools:
        """Which words begin a text, or follow a sign after which a sentence or a quotation may begin."""
        signs = self.forms["form"].is_in(list(_START)).to_numpy()
        after = np.zeros(len(self.form), dtype=np.bool_)
        after[1:] = signs[self.form[:-1]]
        first = self.start[:-1]
        after[first[first < len(self.form)]] = True
        return after

    def within(self, texts: pl.Series) -> Bools:
        """Tell which words stand in some texts, given by their numbers."""
        wanted = np.zeros(len(self.start) - 1, dtype=np.bool_)
        wanted[texts.to_numpy()] = True
        return wanted[self.text_of]

    def column(self, name: str) -> npt.NDArray[np.bool_]:
        """Return one attribute of the forms for each form."""
        return self.forms[name].to_numpy()


def words_of(texts: pl.Series) -> Words:
    """Return the words of texts, none of them null."""
    lists = texts.str.split(" ")
    numbers, pieces = told_apart(lists.explode(empty_as_null=False, keep_nulls=False))
    piece = numbers.to_numpy()
    of_piece = pieces.str.extract_all(WORD)
    flat = of_piece.explode(empty_as_null=False, keep_nulls=False)
    forms = _forms(flat)
    form = flat.cast(pl.Enum(forms["form"])).to_physical()
    counts = of_piece.list.len().to_numpy().astype(np.int64)
    first = np.cumsum(counts) - counts
    place = np.concatenate([[0], np.cumsum(counts[piece])])
    start = place[np.concatenate([[0], np.cumsum(lists.list.len().to_numpy())]).astype(np.int64)]
    return Words(start=start, form=_spread(piece, place, first, form.to_numpy().astype(np.int32)), forms=forms)


def told_apart(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return a number for each text, null for null, and the distinct texts, each at the place of its number."""
    told = texts.cast(pl.Categorical(pl.Categories.random())).to_physical()
    known = told.is_not_null()
    codes = told.filter(known).to_numpy()
    row = np.full(int(codes.max()) + 1 if len(codes) else 0, -1, dtype=np.int64)
    # Any row stands for all that have its code.
    row[codes] = np.flatnonzero(known.to_numpy()) if told.null_count() else np.arange(len(codes))
    used = np.flatnonzero(row >= 0)
    distinct = texts.gather(pl.Series(row[used]))
    if len(used) == len(row):
        return told, distinct
    place = np.full(len(row), 0, dtype=np.uint32)
    place[used] = np.arange(len(used))
    numbers = pl.Series(place).gather(told)
    return numbers, distinct


def _spread(
    piece: npt.NDArray[np.uint32], place: Ints, first: Ints, form: npt.NDArray[np.int32]
) -> npt.NDArray[np.int32]:
    """Write the forms of each piece where its words stand; in parts, for the indices take twice the room."""
    whole = np.empty(int(place[-1]), dtype=np.int32)
    for low in range(0, len(piece), _PART):
        high = min(len(piece), low + _PART)
        begin, end = int(place[low]), int(place[high])
        offset = np.repeat(first[piece[low:high]] - place[low:high], np.diff(place[low : high + 1]))
        whole[begin:end] = form[offset + np.arange(begin, end)]
    return whole


def _forms(flat: pl.Series) -> pl.DataFrame:
    """Return the forms and their attributes; sorted, so that numbers do not depend on the order of the items."""
    ordered = flat.unique()
    small = ordered.str.to_lowercase()
    forms = pl.concat([ordered, small]).unique().sort().alias("form")
    numbered = pl.DataFrame({"form": forms}).with_row_index("number")
    low = numbered.with_columns(pl.col("form").str.to_lowercase().alias("small")).join(
        numbered.select(pl.col("form").alias("small"), pl.col("number").alias("low")),
        on="small",
        how="left",
        maintain_order="left",
    )
    return numbered.with_columns(
        pl.coalesce(low["low"], numbered["number"]).cast(pl.Int32).alias("low"),
        pl.col("form").str.contains(r"\p{L}").alias("word"),
        pl.col("form").str.contains(r"^\p{Lu}").alias("capital"),
        pl.col("form").str.contains(r"^\p{Lu}[\p{Lu}\p{M}]+$").alias("upper"),
    )
