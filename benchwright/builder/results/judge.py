"""Which answers are right: compared with the key as sets of option ids, never by position or text of an option."""

from __future__ import annotations

from typing import Final

import polars as pl

__all__ = ["KEYED", "MODEL", "by_setting", "judged", "key_columns"]

MODEL: Final = ("model", "setting_hash")
"""What tells one model in one setting from another."""
KEYED: Final = ("official", "provisional", "revised", "contested")
_CREDIT: Final = pl.List(pl.String)


def key_columns(items: pl.DataFrame) -> pl.DataFrame:
    """Return what an answer is compared with.

    Returns:
        ``item_id``, ``responses`` (each complete correct response as its ids sorted and joined by a comma),
        ``right_sets`` (the same as lists), ``accepted`` (texts in comparable form), ``ids`` of all options,
        ``prohibited`` ids, and ``scored``: whether the item has a key that counts, and that names options it has.
    """
    key = pl.col("key").struct
    answers = key.field("answers")
    sets = answers.list.eval(pl.element().list.sort())
    options = pl.col("options")
    named = sets.list.eval(pl.element().list.join(",")).list.join(",").str.split(",")
    unknown = named.list.set_difference(options.list.eval(pl.element().struct.field("id")))
    return items.select(
        pl.col("id").alias("item_id"),
        sets.alias("right_sets"),
        sets.list.eval(pl.element().list.join(",")).alias("responses"),
        _plain(key.field("accepted").list.join("\x00")).str.split("\x00").alias("accepted"),
        options.list.eval(pl.element().struct.field("id")).alias("ids"),
        options.list.eval(pl.element().filter(pl.element().struct.field("prohibited")).struct.field("id")).alias(
            "prohibited"
        ),
        (
            key.field("status").is_in(KEYED)
            & ((answers.list.len() > 0) | (key.field("accepted").list.len() > 0))
            & ((answers.list.len() == 0) | (unknown.list.len() == 0))
        ).alias("scored"),
    )


def _plain(text: pl.Expr) -> pl.Expr:
    """Return a text as short answers are compared: case-folded, without spaces at the ends and doubled ones."""
    return text.str.to_lowercase().str.replace_all(r"[ \t\r\n]+", " ").str.strip_chars(" .")


def by_setting(answers: pl.DataFrame) -> pl.DataFrame:
    """Return answers whose condition, where an item was not shown in full, is part of the setting."""
    plain = pl.col("condition").fill_null("full") == "full"
    named = pl.concat_str(pl.col("setting_hash").fill_null(""), pl.lit(" "), "condition").str.strip_chars()
    return answers.with_columns(pl.when(plain).then("setting_hash").otherwise(named).alias("setting_hash"))


def judged(answers: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """Return the answers to items with a key, each with what it is worth.

    Args:
        answers: a table of predictions.
        items: a table of items.

    Returns:
        The columns of the answers, and ``given`` (ids sorted, joined by a comma), ``answered`` (whether there is an
        answer that the item knows), ``right`` (the set is one of the complete correct responses, or the text is
        accepted), ``credit`` (0 to 1: right options chosen minus wrong ones, over the right ones, at least 0, best
        over the responses; 1 or 0 for texts) and ``prohibited_chosen``. An answer that is missing or unknown is
        wrong. Answers to annulled items, to items without a key and to items that are not there are left out.
    """
    keys = key_columns(items)
    chosen = (
        pl.col("answer")
        .str.replace_all(r"[\[\]()'\" ]", "")
        .str.split(",")
        .list.eval(pl.element().filter(pl.element() != ""))
    )
    given = chosen.list.unique().list.sort()
    told = answers.join(keys.filter("scored"), on="item_id", how="inner", maintain_order="left").with_columns(
        given.alias("chosen")
    )
    known = (pl.col("chosen").list.len() > 0) & (pl.col("chosen").list.set_difference(pl.col("ids")).list.len() == 0)
    text = _plain(pl.col("answer"))
    by_text = pl.col("ids").list.len() == 0
    told = told.with_columns(
        pl.col("chosen").list.join(",").alias("given"),
        pl.when(by_text)
        .then(text.is_not_null() & (text != ""))
        .otherwise(known)
        .fill_null(value=False)
        .alias("answered"),
    )
    right = (
        pl.when(by_text)
        .then(pl.col("accepted").list.contains(text))
        .otherwise(pl.col("responses").list.contains(pl.col("given")))
    )
    told = told.with_columns((right & pl.col("answered")).fill_null(value=False).alias("right"))
    wanted = [*answers.columns, "given", "answered", "right", "credit", "prohibited_chosen"]
    return told.with_columns(
        _credit(told).alias("credit"),
        (pl.col("chosen").list.set_intersection(pl.col("prohibited")).list.len() > 0)
        .fill_null(value=False)
        .alias("prohibited_chosen"),
    ).select(wanted)


def _credit(told: pl.DataFrame) -> pl.Series:
    """Return the partial credit of each row, best over the complete correct responses."""
    rows = told.select("chosen", "right_sets", "right", "answered").with_row_index("row")
    long = rows.explode("right_sets", empty_as_null=True, keep_nulls=True).with_columns(
        pl.col("right_sets").fill_null(pl.lit([], _CREDIT)), pl.col("chosen").fill_null(pl.lit([], _CREDIT))
    )
    hits = pl.col("chosen").list.set_intersection(pl.col("right_sets")).list.len().cast(pl.Int64)
    false = pl.col("chosen").list.len().cast(pl.Int64) - hits
    share = ((hits - false) / pl.col("right_sets").list.len().clip(1)).clip(0, 1)
    best = long.group_by("row").agg(
        pl.when(pl.col("answered") & (pl.col("right_sets").list.len() > 0))
        .then(share)
        .otherwise(pl.col("right").cast(pl.Float64))
        .max()
        .alias("credit")
    )
    return rows.join(best, on="row", how="left", maintain_order="left")["credit"].fill_null(0.0)
