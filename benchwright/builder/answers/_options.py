"""Kit: what was answered -> ids of options, whatever the order in which they were shown."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.builder.answers._matching import plain

__all__ = ["answered", "option_table"]

_LETTER: Final = r"^\s*[\(\[]?\s*([A-Za-z])\s*(?:[\)\].:,]|$|\s*\n)"
_SAID: Final = (
    r"(?i)(?:answer|respuesta|réponse|resposta|risposta|antwort|ответ|答案|答え|정답|الإجابة)"
    r"\W{0,12}(?:is|es|est|é|è|ist|는|は|为|是)?\W{0,6}\(?\b([A-J])\b"
)
_BOXED: Final = r"\\boxed\{\s*(?:\\text\{)?\(?([A-Ja-j])\)?\}"
_SEVERAL: Final = r"^\s*[A-Ja-j](?:\s*[,;+&/]\s*[A-Ja-j])+\s*\.?\s*$"


def option_table(items: pl.DataFrame) -> pl.DataFrame:
    """Return ``item_id``, ``option``, ``place``, ``label`` and ``said`` (the plain text) of every option."""
    each = items.unique("id", keep="first", maintain_order=True).select(pl.col("id").alias("item_id"), "options")
    rows = each.explode("options", empty_as_null=False, keep_nulls=False)
    option = pl.col("options").struct
    return rows.select(
        "item_id",
        option.field("id").alias("option"),
        pl.int_range(pl.len()).over("item_id").cast(pl.Int64).alias("place"),
        plain(option.field("label").fill_null("")).alias("label"),
        plain(option.field("text").fill_null("")).alias("said"),
    )


def answered(rows: pl.DataFrame, options: pl.DataFrame) -> pl.DataFrame:
    """Add ``option`` (ids joined by commas; null where nothing could be read) and ``shown`` (ids as shown).

    The place or the letter speaks of the options as the log shows them; their texts tell which options of the item
    these are. Where the log shows none, or letters alone, the order is the item's.
    """
    table = rows.with_row_index("_row")
    options = options.join(table.select("item_id").unique(), on="item_id", how="semi")
    shown = _shown(table, options)
    letters = _letters(table)
    placed = pl.concat([table.filter(pl.col("place").is_not_null()).select("_row", "place"), letters]).unique(
        maintain_order=True
    )
    named = [
        placed.join(shown, on=["_row", "place"], how="inner").select("_row", "option"),
        _in_own_order(table.join(shown, on="_row", how="anti"), placed, options),
    ]
    chosen = _joined_ids(pl.concat(named))
    by_text = _by_text(table, options)
    order = shown.filter(pl.col("moved").any().over("_row")).sort("_row", "place")
    order = order.group_by("_row", maintain_order=True).agg("option")
    order = order.select("_row", pl.col("option").alias("shown"))
    return (
        table.join(chosen, on="_row", how="left", maintain_order="left")
        .join(by_text, on="_row", how="left", maintain_order="left")
        .join(order, on="_row", how="left", maintain_order="left")
        .with_columns(pl.coalesce("_text", "option").alias("option"), pl.col("shown").fill_null([]))
        .drop("_row", "_text")
    )


def _shown(table: pl.DataFrame, options: pl.DataFrame) -> pl.DataFrame:
    """Return ``_row``, ``place``, ``option`` and ``moved`` of answers whose log shows the texts of the options."""
    told = (
        table.filter(pl.col("options").list.len() > 0)
        .select("_row", "item_id", "options")
        .with_columns(pl.int_ranges(pl.col("options").list.len()).alias("place"))
        .explode("options", "place", empty_as_null=False, keep_nulls=False)
        .with_columns(plain(pl.col("options")).alias("said"))
    )
    alone = options.filter((pl.col("said") != "") & (pl.len().over("item_id", "said") == 1))
    found = told.join(
        alone.select("item_id", "said", "option", pl.col("place").alias("own")), on=["item_id", "said"], how="inner"
    )
    # All the texts of a row must be options of the item, or none counts: another version of the set.
    whole = (
        found.group_by("_row")
        .len()
        .join(told.group_by("_row").len().rename({"len": "all"}), on="_row")
        .filter(pl.col("len") == pl.col("all"))
    )
    return found.join(whole.select("_row"), on="_row", how="semi").select(
        "_row", pl.col("place").cast(pl.Int64), "option", (pl.col("place") != pl.col("own")).alias("moved")
    )


def _in_own_order(rest: pl.DataFrame, placed: pl.DataFrame, options: pl.DataFrame) -> pl.DataFrame:
    """Return ``_row`` and ``option`` of answers to options that were shown in the order of the item."""
    texts = (pl.col("options").list.eval(pl.element().str.len_chars()).list.max() > 1).fill_null(value=False)
    # Options that are texts and not the item's are another version: their places say nothing.
    known = rest.filter(~texts).select("_row", "item_id", pl.col("options").list.len().fill_null(0).alias("n"))
    counted = options.with_columns(pl.len().over("item_id").alias("_n"))
    return (
        placed.join(known, on="_row", how="inner")
        .join(counted, on=["item_id", "place"], how="inner")
        .filter((pl.col("n") == 0) | (pl.col("n") == pl.col("_n")))
        .select("_row", "option")
    )


def _joined_ids(chosen: pl.DataFrame) -> pl.DataFrame:
    """Return ``_row`` and ``option``: the ids of one answer, joined by commas."""
    alone = pl.len().over("_row") == 1
    several = chosen.filter(~alone).group_by("_row").agg(pl.col("option").unique().sort().str.join(","))
    return pl.concat([chosen.filter(alone), several])


def _letters(table: pl.DataFrame) -> pl.DataFrame:
    """Return ``_row`` and ``place`` of the letters that an answer is, or says that it is."""
    given = table.filter(pl.col("place").is_null() & pl.col("answer").is_not_null()).select("_row", "answer")
    text = pl.col("answer")
    several = text.str.contains(_SEVERAL)
    said = text.str.extract_all(_SAID).list.last().str.extract(_SAID)
    one = pl.coalesce(text.str.extract(_LETTER), text.str.extract(_BOXED), said)
    letters = pl.when(several).then(text.str.extract_all(r"[A-Ja-j]")).otherwise(pl.concat_list(one))
    each = (
        given.select("_row", letters.alias("letter"))
        .explode("letter", empty_as_null=False, keep_nulls=False)
        .drop_nulls()
    )
    places = {letter: place for place, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    return each.select(
        "_row",
        pl.col("letter").str.to_uppercase().replace_strict(places, default=None, return_dtype=pl.Int64).alias("place"),
    ).drop_nulls()


def _by_text(table: pl.DataFrame, options: pl.DataFrame) -> pl.DataFrame:
    """Return ``_row`` and ``_text``: the option whose whole text, or whose id of several signs, the answer is."""
    given = table.filter(pl.col("place").is_null() & pl.col("answer").is_not_null())
    given = given.select("_row", "item_id", plain(pl.col("answer")).alias("said")).filter(
        pl.col("said").str.len_chars() > 1
    )
    alone = options.filter((pl.col("said") != "") & (pl.len().over("item_id", "said") == 1))
    return given.join(alone, on=["item_id", "said"], how="inner").select("_row", pl.col("option").alias("_text"))
