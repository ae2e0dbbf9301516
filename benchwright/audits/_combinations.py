"""Kit: options such as “1 and 3” or “A and C”, and what of them is not there."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits._wordfiles import any_of, option_words

__all__ = ["combinations", "members"]

_ROMAN: Final = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
_MEMBER: Final = r"[1-9]|VIII|VII|III|II|IV|VI|IX|I|V|X|[A-H]"
_STATEMENT: Final = r"(?:^|[\s;:,.(\[])(VIII|VII|III|II|IV|VI|IX|I|V|X|[1-9])\s?(?:[.)\]:]|-\s|–\s)"
_LEAST_LISTED: Final = 2


def combinations(items: pl.LazyFrame, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Return the options that combine statements or options of which one is not there, with ``reason``.

    Numbers count against the statements that stem or context list, where they list two or more in order from one.
    Letters count against the options, where some other option is no such combination.
    """
    combined = members(rows).collect().rechunk().lazy()
    return pl.concat([_of_statements(items, combined), _of_options(rows, combined)])


def members(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Options of nothing but members and words that join; the order of what is taken away matters not."""
    joining = any_of(option_words()["joining"])
    whole = rf"(?i:^[\s\p{{P}}&+]*(?:(?:{joining}|[,;&+/.()（）、，]|\s)+|))"
    body = rf"(?:{_MEMBER})"
    tail = rf"(?:(?:\s|[,;&+/()（）、，]|(?i:{joining}))+(?:{_MEMBER}))+(?:\s|[,;.()（）]|(?i:{joining}))*$"
    found = rows.filter(pl.col("text").str.contains(rf"{whole}{body}{tail}"))
    return found.with_columns(
        pl.col("text").str.extract_all(rf"\b(?:{_MEMBER})\b").alias("members"),
    ).filter(pl.col("members").list.len() > 1)


def _numbers(members: pl.Expr) -> pl.Expr:
    numbers = {**{str(n): n for n in range(1, 10)}, **_ROMAN}
    return members.list.eval(pl.element().replace_strict(numbers, default=None, return_dtype=pl.Int64))


def _of_statements(items: pl.LazyFrame, combined: pl.LazyFrame) -> pl.LazyFrame:
    text = pl.concat_str(
        pl.col("context").struct.field("text").fill_null(""), pl.lit("\n"), pl.col("stem").fill_null("")
    )
    stated = (
        items.select(pl.col("id").alias("subject"), text.alias("asked"))
        .join(combined.select("subject").unique(), on="subject", how="semi")
        .with_columns(pl.col("asked").str.extract_all(_STATEMENT).alias("listed"))
        .with_columns(
            _numbers(pl.col("listed").list.eval(pl.element().str.extract(_STATEMENT))).list.drop_nulls().list.unique()
        )
        # 1..N without a gap: else what was read are other numbers.
        .with_columns(pl.col("listed").list.max().alias("most"))
        .filter((pl.col("listed").list.len() >= _LEAST_LISTED) & (pl.col("listed").list.len() == pl.col("most")))
    )
    return (
        combined.with_columns(_numbers(pl.col("members")).alias("named"))
        .filter(pl.col("named").list.eval(pl.element().is_not_null()).list.all())
        .join(stated.select("subject", "most"), on="subject", how="inner")
        .filter(pl.col("named").list.max() > pl.col("most"))
        .with_columns(
            pl.format("it names statement {}; {} are listed", pl.col("named").list.max(), "most").alias("reason")
        )
        .select("subject", "text_hash", "option", "position", "text", "reason")
    )


def _of_options(rows: pl.LazyFrame, combined: pl.LazyFrame) -> pl.LazyFrame:
    letters = combined.filter(pl.col("members").list.eval(pl.element().str.contains("^[A-H]$")).list.all())
    count = letters.group_by("subject").agg(pl.len().alias("combinations"))
    labels = (
        rows.join(count, on="subject", how="semi")
        .group_by("subject")
        .agg(
            pl.col("label").str.extract(r"([A-Za-z])").str.to_uppercase().drop_nulls().alias("labels"),
        )
    )
    own = pl.col("label").str.extract(r"([A-Za-z])").str.to_uppercase()
    absent = pl.col("members").list.set_difference("labels").list.sort()
    reason = (
        pl.when(absent.list.len() > 0)
        .then(pl.format("it names {}, and there is no such option", absent.list.join(", ")))
        .otherwise(pl.format("it names itself, {}", own))
    )
    return (
        letters.join(count, on="subject", how="inner")
        # Combinations follow what they combine; vitamins A and C may stand anywhere.
        .filter((pl.col("options") - pl.col("combinations") >= _LEAST_LISTED) & (pl.col("position") >= _LEAST_LISTED))
        .join(labels, on="subject", how="inner")
        .filter(pl.col("labels").list.len() == pl.col("options"))
        .filter((absent.list.len() > 0) | pl.col("members").list.contains(own))
        .with_columns(reason.alias("reason"))
        .select("subject", "text_hash", "option", "position", "text", "reason")
    )
