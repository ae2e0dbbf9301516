"""Every translated field once, cut into words that are numbers."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from benchwright.audits._pairs import translated_fields
from benchwright.schemas.plugins import AuditContext

__all__ = ["UNSEGMENTED", "WORD", "Pairs", "Words", "prepare"]

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

WORD: Final = r"[\p{L}\p{M}]+(?:['’][\p{L}\p{M}]+)*|\p{N}+(?:[.,:]\p{N}+)*|[^\s\p{L}\p{M}\p{N}]"
"""A word, a number or one other sign; linear in both engines, because the three kinds begin with different signs."""
UNSEGMENTED: Final = ("zh", "ja", "yue", "th", "lo", "km", "my")
"""Languages written without spaces, of which a run of letters is not one word."""
_KEY: Final = ("source", "target", "source_language", "target_language")
_START: Final = ".!?:;…\"“”«»„‚‘'([{-–—•*"


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


@dataclass(frozen=True)
class Pairs:
    """The distinct pairs of texts, and which fields they are.

    ``rows`` has one row per pair: ``pair``, the four columns of its key, ``source_text`` and ``target_text`` (numbers
    of texts in ``words``). ``fields`` has one row per field of an item: ``pair``, ``subject``, ``text_hash`` and
    ``field``.
    """

    rows: pl.DataFrame
    fields: pl.DataFrame
    words: Words

    def languages(self) -> list[tuple[str, str]]:
        """Return the pairs of languages, sorted."""
        kinds = (
            self.rows.select("source_language", "target_language").unique().sort("source_language", "target_language")
        )
        return [(str(source), str(target)) for source, target in kinds.iter_rows()]


_kept: list[tuple[weakref.ref[pl.LazyFrame], Pairs]] = []
"""At most one: the pairs of the run that is going on."""


def prepare(items: pl.LazyFrame, context: AuditContext) -> Pairs:
    """Return the pairs of a run; what three audits need is made once, and forgotten with the run."""
    for table, known in _kept:
        if table() is not None and table() is context.pairs:
            return known
    made = _prepare(translated_fields(items, context).collect())
    if context.pairs is not None:
        _kept[:] = [(weakref.ref(context.pairs), made)]
    return made


def _prepare(table: pl.DataFrame) -> Pairs:
    texts = pl.concat([table["source"], table["target"]]).unique(maintain_order=True).alias("text")
    numbers = texts.to_frame().with_row_index("number")
    kinds = table.select("source_language", "target_language").unique(maintain_order=True).with_row_index("kind")
    # Texts meet by their numbers from here on: strings are compared once.
    numbered = (
        table.join(numbers.rename({"text": "source", "number": "source_text"}), on="source", maintain_order="left")
        .join(numbers.rename({"text": "target", "number": "target_text"}), on="target", maintain_order="left")
        .join(kinds, on=["source_language", "target_language"], nulls_equal=True, maintain_order="left")
    )
    key = ["source_text", "target_text", "kind"]
    rows = numbered.select(*key, *_KEY).unique(key, keep="first", maintain_order=True).with_row_index("pair")
    fields = numbered.join(rows.select(*key, "pair"), on=key, maintain_order="left")
    return Pairs(
        rows=rows.drop("kind"), fields=fields.select("pair", "subject", "text_hash", "field"), words=_words(texts)
    )


def _words(texts: pl.Series) -> Words:
    lists = texts.str.extract_all(WORD)
    start = np.concatenate([[0], np.cumsum(lists.list.len().fill_null(0).to_numpy())]).astype(np.int64)
    flat = lists.explode(empty_as_null=False, keep_nulls=False)
    ordered = flat.unique()
    small = ordered.str.to_lowercase()
    forms = pl.concat([ordered, small]).unique().sort().alias("form")
    # A number of its own for each spelling; sorted, so that they do not depend on the order of the items.
    codes = flat.cast(pl.Enum(forms)).to_physical().to_numpy().astype(np.int32)
    numbered = pl.DataFrame({"form": forms}).with_row_index("number")
    low = numbered.with_columns(pl.col("form").str.to_lowercase().alias("small")).join(
        numbered.select(pl.col("form").alias("small"), pl.col("number").alias("low")),
        on="small",
        how="left",
        maintain_order="left",
    )
    table = numbered.with_columns(
        pl.coalesce(low["low"], numbered["number"]).cast(pl.Int32).alias("low"),
        pl.col("form").str.contains(r"\p{L}").alias("word"),
        pl.col("form").str.contains(r"^\p{Lu}").alias("capital"),
        pl.col("form").str.contains(r"^\p{Lu}[\p{Lu}\p{M}]+$").alias("upper"),
    )
    return Words(start=start, form=codes, forms=table)
