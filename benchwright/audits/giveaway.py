"""Giveaways: the right option told from the others by length, grammar, echo or place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from benchwright.audits._agreement import article_agreement
from benchwright.audits._audit import TableAudit
from benchwright.audits._findings import finding
from benchwright.audits._optionrows import keyed_options, whole_option
from benchwright.audits._statistics import chi_square_tail, normal_tail
from benchwright.schemas.plugins import AuditCode, AuditContext

__all__ = ["AUDIT"]

LONGEST: Final = AuditCode("S501", "the right option is much longer than the others", "info")
LENGTHS: Final = AuditCode("S502", "right options tend to be the longest or the shortest", "minor", "dataset")
GRAMMAR: Final = AuditCode("S503", "only the right option agrees with the end of the stem", "minor")
ECHO: Final = AuditCode("S504", "a long word of the stem returns in the right option alone", "info")
PLACES: Final = AuditCode("S505", "right options stand at some places more often than at others", "minor", "dataset")

LENGTH_RATIO: Final = 2.0
"""S501 speaks when the right option is so many times as long as the longest other."""
_LENGTH_MORE: Final = 40
P_VALUE: Final = 0.001
"""S502 and S505 speak below this probability, corrected for the number of tests (Bonferroni)."""
_LEAST_ITEMS: Final = 100
_LEAST_EXPECTED: Final = 5
_LEAST_EXCESS: Final = 0.05
_MUCH: Final = 0.15
"""A share so far from what chance gives makes the finding major."""
_LONG_WORD: Final = 8
_LONGEST_WORD: Final = 1000
"""A run of more letters is no word."""
_RARE: Final = 2
"""S504 counts words that stand in at most so many stems."""


def _find(items: pl.LazyFrame, context: AuditContext) -> Sequence[pl.LazyFrame]:
    rows = keyed_options(items)
    single = rows.filter((pl.col("kind") == "single") & (pl.col("options") > 1))
    one = single.filter(pl.col("right").sum().over("item") == 1).collect().rechunk().lazy()
    measured = one.with_columns(pl.col("text").fill_null("").str.len_chars().cast(pl.Int64).alias("length"))
    lengths = measured.group_by("version").agg(
        *(pl.col(name).first() for name in ("subject", "text_hash", "language", "options")),
        pl.col("length").filter("right").first().alias("right"),
        pl.col("length").filter(~pl.col("right")).max().alias("others"),
        pl.col("length").filter(~pl.col("right")).min().alias("least"),
        pl.col("option").filter("right").first(),
        pl.col("text").filter("right").first(),
        pl.col("position").filter("right").first(),
    )
    # One chunk: the engine panics where a filter leaves one of several chunks of an eager table without rows.
    kept = lengths.collect().rechunk()
    return [
        _longest(kept.lazy(), context.thresholds.get(LONGEST.code, LENGTH_RATIO)),
        _tendency(kept, context.thresholds.get(LENGTHS.code, P_VALUE)),
        _grammar(items, one),
        _echo(items, one),
        _places(kept, context.thresholds.get(PLACES.code, P_VALUE)),
    ]


def _longest(lengths: pl.LazyFrame, ratio: float) -> pl.LazyFrame:
    found = lengths.filter(
        (pl.col("others") > 0)
        & (pl.col("right") >= ratio * pl.col("others"))
        & (pl.col("right") - pl.col("others") >= _LENGTH_MORE)
    )
    return finding(
        found,
        LONGEST,
        pl.format("the right option has {} characters, the longest other {}", "right", "others"),
        field=pl.lit("option:") + pl.col("option"),
        spans=pl.concat_list(whole_option()),
        evidence=pl.col("text"),
        value=pl.col("right") / pl.col("others"),
        threshold=ratio,
    )


def _tendency(lengths: pl.DataFrame, limit: float) -> pl.LazyFrame:
    """Per language: how often the key is alone the longest (shortest), against one in as many as there are options.

    Ties count for chance, so that the test errs towards silence; variance is that of unequal chances.
    """
    chance = (1 / pl.col("options")).alias("chance")
    table = (
        lengths.with_columns(chance, (pl.col("right") > pl.col("others")).alias("longest"))
        .with_columns((pl.col("right") < pl.col("least")).alias("shortest"))
        .group_by("language")
        .agg(
            pl.len().alias("n"),
            pl.col("chance").sum().alias("expected"),
            (pl.col("chance") * (1 - pl.col("chance"))).sum().alias("variance"),
            pl.col("longest").sum(),
            pl.col("shortest").sum(),
        )
        .filter(pl.col("n") >= _LEAST_ITEMS)
        .sort("language")
    )
    tests = 2 * table.height
    found: list[dict[str, Any]] = []
    # One row for each language and end: a handful.
    for row in table.iter_rows(named=True):
        for end in ("longest", "shortest"):
            excess = (row[end] - row["expected"]) / row["n"]
            p = min(1.0, tests * normal_tail((row[end] - 0.5 - row["expected"]) / row["variance"] ** 0.5))
            if p < limit and excess >= _LEAST_EXCESS:
                message = (
                    f"in {row['language']} the right option is the {end} in {row[end]} of {row['n']} items; "
                    f"chance gives {row['expected']:.0f} (p {_p(p)})"
                )
                found.append(_row(f"options:{row['language']}:{end}", message, p, limit, major=excess >= _MUCH))
    return _dataset(found, LENGTHS)


def _grammar(items: pl.LazyFrame, one: pl.LazyFrame) -> pl.LazyFrame:
    found = article_agreement(items, one)
    return finding(
        found,
        GRAMMAR,
        pl.format("after “{}” only option {} can follow", "article", "option"),
        field=pl.lit("option:") + pl.col("option"),
        spans=pl.concat_list(whole_option()),
        evidence=pl.col("text"),
    )


def _echo(items: pl.LazyFrame, one: pl.LazyFrame) -> pl.LazyFrame:
    """Only words of the right option are taken apart; the rest are looked up in the texts as they are."""
    words = pl.col("text").fill_null("").str.to_lowercase().str.extract_all(rf"[\p{{L}}\p{{M}}]{{{_LONG_WORD},}}")
    keyed = one.filter("right").select(
        "subject", "text_hash", "item", "option", "text", words.list.unique().alias("word")
    )
    asked = items.select(pl.col("id").alias("subject"), pl.col("stem").str.to_lowercase().alias("asked")).unique(
        "subject", keep="any"
    )
    spaced = keyed.explode("word", empty_as_null=False, keep_nulls=False).filter(
        ~pl.col("word").str.contains(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
    )
    sought = pl.when(pl.col("word").str.len_chars() <= _LONGEST_WORD).then(pl.col("word"))
    said = (
        spaced.join(asked, on="subject", how="inner")
        .filter(pl.col("asked").str.contains(sought, literal=True))
        .collect()
        .rechunk()
    )
    # Most items are settled by then: the other options are looked at where a word of the key is in the stem.
    others = (
        one.filter(~pl.col("right"))
        .join(said.lazy().select("item").unique(), on="item", how="semi")
        .group_by("item")
        .agg(pl.col("text").fill_null("").str.to_lowercase().str.join("\n").alias("others"))
    )
    echoed = (
        said.lazy()
        .join(others, on="item", how="inner")
        .filter(~pl.col("others").str.contains(pl.col("word").str.slice(0, _LONG_WORD - 2), literal=True))
        .collect()
        .rechunk()
    )
    rare = _rare(asked.select("asked").collect()["asked"], echoed["word"].unique().sort())
    found = (
        echoed.lazy()
        .filter(pl.col("word").is_in(rare.implode()))
        .group_by("subject", "text_hash", "option", "text")
        .agg(pl.col("word").unique().sort())
    )
    message = pl.format("of the options only {} repeats “{}” of the stem", "option", pl.col("word").list.join("”, “"))
    field = pl.lit("option:") + pl.col("option")
    return finding(found, ECHO, message, field=field, spans=pl.concat_list(whole_option()), evidence=pl.col("text"))


def _rare(stems: pl.Series, words: pl.Series) -> pl.Series:
    """Return the words that stand in few stems. Eager: the lazy engine panics here on a morsel without rows."""
    if words.is_empty():
        return words
    found = stems.drop_nulls().str.extract_many(words.to_list(), overlapping=True).list.unique().explode()
    return found.drop_nulls().value_counts().filter(pl.col("count") <= _RARE).to_series()


def _places(lengths: pl.DataFrame, limit: float) -> pl.LazyFrame:
    """Chi-square of the places of the key, per language and number of options."""
    counted = (
        lengths.group_by("language", "options", "position")
        .agg(pl.len().alias("n"))
        .group_by("language", "options")
        .agg(pl.col("position"), pl.col("n"), pl.col("n").sum().alias("total"))
        .filter(pl.col("total") >= _LEAST_EXPECTED * pl.col("options"), pl.col("total") >= _LEAST_ITEMS // 2)
        .sort("language", "options")
    )
    found: list[dict[str, Any]] = []
    # One row for each language and number of options: a handful.
    for row in counted.iter_rows(named=True):
        expected = row["total"] / row["options"]
        seen = dict(zip(row["position"], row["n"], strict=True))
        counts = [seen.get(place, 0) for place in range(row["options"])]
        statistic = sum((count - expected) ** 2 / expected for count in counts)
        p = min(1.0, counted.height * chi_square_tail(statistic, row["options"] - 1))
        if p < limit:
            message = (
                f"in {row['language']} the right option of {row['options']} stands at places 1 to {row['options']}: "
                f"{', '.join(map(str, counts))} times (chi-square {statistic:.1f}, p {_p(p)})"
            )
            much = max(counts) / row["total"] - 1 / row["options"] >= _MUCH
            found.append(_row(f"key:{row['language']}:{row['options']}", message, p, limit, major=much))
    return _dataset(found, PLACES)


def _p(p: float) -> str:
    return "< 0.0001" if p < 0.0001 else f"{p:.4f}"


def _row(field: str, message: str, p: float, limit: float, *, major: bool) -> dict[str, Any]:
    return {"field": field, "message": message, "p": p, "limit": limit, "severity": "major" if major else "minor"}


def _dataset(found: list[dict[str, Any]], code: AuditCode) -> pl.LazyFrame:
    schema = {"field": pl.String, "message": pl.String, "p": pl.Float64, "limit": pl.Float64, "severity": pl.String}
    rows = pl.LazyFrame(found, schema=schema).with_columns(
        pl.lit("dataset").alias("subject"), pl.lit(None, dtype=pl.String).alias("text_hash")
    )
    return finding(
        rows,
        code,
        pl.col("message"),
        field=pl.col("field"),
        severity=pl.col("severity"),
        evidence=pl.col("message"),
        value=pl.col("p"),
        threshold=pl.col("limit"),
    )


AUDIT: Final = TableAudit(
    "giveaway", (LONGEST, LENGTHS, GRAMMAR, ECHO, PLACES), _find, {"ratio": LENGTH_RATIO, "p": P_VALUE}
)
