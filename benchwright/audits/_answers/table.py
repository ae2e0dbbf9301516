"""Kit: a table of answers -> arrays of items by respondents.

A respondent is a model in one setting. Of several repeats the first counts; runs that show less than the whole item
(other ``condition`` than ``full``) are respondents of their own kind and are left out here. The candidates of the real
exam are one respondent more where the distribution of their answers is published: they choose what most of them chose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchwright.audits._answers.truth import MISSING

__all__ = ["CANDIDATES", "FULL", "AnswerTable", "answer_table", "judged"]

FULL: Final = "full"
CANDIDATES: Final = "candidates of the exam"
_LEAST_ITEMS: Final = 20
"""Items with a distribution from which on candidates are a respondent: fewer do not tell how able they are."""
_MOST_OPTIONS: Final = 26


@dataclass(frozen=True)
class AnswerTable:
    """Answers to items of one complete response and at least two options.

    ``items``: ``id``, ``group``, ``language``, ``text_hash``, ``size`` (number of options), ``key`` (place of the key;
    null where it is not one option), in the order of the rows of the arrays. ``respondents``: names. ``chosen``: items
    by respondents, the place of the option chosen. ``right`` and ``seen``: 1 or 0.
    """

    items: pl.DataFrame
    respondents: list[str]
    chosen: NDArray[np.int8]
    right: NDArray[np.float32]
    seen: NDArray[np.float32]

    def chosen_rows(self, rows: NDArray[np.int64]) -> AnswerTable:
        """Return some of the items, and the respondents that answered any of them."""
        seen = self.seen[rows]
        there = np.flatnonzero(seen.any(axis=0))
        block = np.ix_(rows, there)
        return AnswerTable(
            self.items[rows],
            [self.respondents[place] for place in there],
            self.chosen[block],
            self.right[block],
            self.seen[block],
        )


def judged(items: pl.LazyFrame, predictions: pl.LazyFrame) -> pl.LazyFrame:
    """Return predictions with ``right``: whether the answer is one of the complete correct responses.

    The key at hand decides, not what a log says of it: keys change. Null where the item has no key or no options.
    An answer of several options is right where it is the same set.
    """
    keys = (
        items.select("id", pl.col("key").struct.field("answers").alias("answers"))
        .filter(pl.col("answers").list.len() > 0)
        .explode("answers", empty_as_null=True, keep_nulls=True)
        .select(
            pl.col("id").alias("item_id"), pl.col("answers").list.unique().list.sort().list.join(",").alias("response")
        )
        .unique()
    )
    keyed = keys.select("item_id", pl.lit(True).alias("keyed")).unique()
    given = pl.col("answer").str.split(",").list.eval(pl.element().str.strip_chars()).list.unique().list.sort()
    return (
        predictions.with_columns(
            pl.when(pl.col("answer").str.contains(",", literal=True))
            .then(given.list.join(","))
            .otherwise("answer")
            .alias("response")
        )
        .join(keyed, on="item_id", how="left", maintain_order="left")
        .join(
            keys.with_columns(pl.lit(True).alias("hit")), on=["item_id", "response"], how="left", maintain_order="left"
        )
        .with_columns(pl.when(pl.col("keyed")).then(pl.col("hit").fill_null(value=False)).alias("right"))
        .drop("keyed", "hit", "response")
    )


def answer_table(items: pl.LazyFrame, predictions: pl.LazyFrame) -> AnswerTable:
    """Return the answers to choice items whose key is one option; sorted by item id and by respondent."""
    size, answers = pl.col("options").list.len(), pl.col("key").struct.field("answers")
    single = (answers.list.len() == 1) & (answers.list.first().list.len() == 1)
    known = (
        items.filter(pl.col("kind").is_in(["single", "true_false"]) & size.is_between(2, _MOST_OPTIONS) & single)
        .filter(pl.col("key").struct.field("status") != "annulled")
        .select(
            "id",
            "group",
            "language",
            pl.col("hashes").struct.field("text_hash").alias("text_hash"),
            size.cast(pl.Int64).alias("size"),
            pl.col("options").list.eval(pl.element().struct.field("id")).alias("ids"),
            answers.list.first().list.first().alias("key_id"),
            pl.col("human").struct.field("distribution").alias("human"),
        )
        .unique("id", keep="any")
        .sort("id")
        .with_row_index("row")
        .collect()
    )
    places = (
        known.select("row", "id", "ids", "key_id")
        .explode("ids", empty_as_null=True, keep_nulls=True)
        .with_columns(pl.int_range(pl.len()).over("row").cast(pl.Int8).alias("place"))
    )
    keys = places.filter(pl.col("ids") == pl.col("key_id")).group_by("row").agg(pl.col("place").min().alias("key"))
    known = known.join(keys, on="row", how="inner", maintain_order="left").drop("row").with_row_index("row")
    places = (
        known.select("row", "id", "ids", "human")
        .explode("ids", empty_as_null=True, keep_nulls=True)
        .with_columns(pl.int_range(pl.len()).over("row").cast(pl.Int8).alias("place"))
    )
    names, chosen = _chosen(predictions, known, places)
    people = _candidates(known, places)
    if names and people is not None:
        names, chosen = [*names, CANDIDATES], np.concatenate([chosen, people[:, None]], axis=1)
    key = known["key"].cast(pl.Int8).to_numpy()
    seen = chosen != MISSING
    right = (chosen == key[:, None]) & seen
    about = known.select("id", "group", "language", "text_hash", "size", pl.col("key").cast(pl.Int64))
    return AnswerTable(about, names, chosen, right.astype(np.float32), seen.astype(np.float32))


def _chosen(predictions: pl.LazyFrame, known: pl.DataFrame, places: pl.DataFrame) -> tuple[list[str], NDArray[np.int8]]:
    """Return the respondents, sorted, and the places they chose: items by respondents.

    Texts become numbers while the answers are read, so that memory holds eight bytes for each.
    """
    full = predictions.filter((pl.col("condition").fill_null(FULL) == FULL) & pl.col("answer").is_not_null())
    runs = full.select("model", "setting_hash").unique().collect()
    several = pl.col("setting_hash").n_unique().over("model") > 1
    name = pl.when(several).then(pl.format("{} ({})", "model", "setting_hash")).otherwise("model")
    runs = runs.with_columns(name.alias("respondent"))
    options = places.select("id", pl.col("ids").alias("answer"), "row", "place")
    there = full.join(options.lazy(), left_on=["item_id", "answer"], right_on=["id", "answer"], how="inner")
    met = there.select("model", "setting_hash").unique().collect()
    runs = runs.join(met, on=["model", "setting_hash"], how="semi", nulls_equal=True)
    names = runs["respondent"].unique().sort().to_list()
    code = pl.col("respondent").replace_strict(names, range(len(names)), return_dtype=pl.UInt16)
    runs = runs.select("model", "setting_hash", code.alias("column"))
    told = (
        there.join(runs.lazy(), on=["model", "setting_hash"], how="inner", nulls_equal=True)
        .select("row", "column", pl.col("repeat").fill_null(0).cast(pl.Int32), "place")
        .collect(engine="streaming")
    )
    chosen = np.full((known.height, len(names)), MISSING, dtype=np.int8)
    rows, columns, repeats, spots = (told[one].to_numpy() for one in ("row", "column", "repeat", "place"))
    # The first repeat is written last, and so stays; of two answers to one repeat that of the first place.
    for repeat in np.unique(repeats)[::-1]:
        for place in np.unique(spots)[::-1]:
            at = (repeats == repeat) & (spots == place)
            chosen[rows[at], columns[at]] = place
    return names, chosen


def _candidates(known: pl.DataFrame, places: pl.DataFrame) -> NDArray[np.int8] | None:
    """Return the place that most candidates chose, for each item; nothing where too few items tell it, or two tie."""
    shares = (
        places.filter(pl.col("human").list.len() > 0)
        .explode("human", empty_as_null=False, keep_nulls=False)
        .with_columns(pl.col("human").struct.field("option"), pl.col("human").struct.field("share"))
        .filter((pl.col("option") == pl.col("ids")) & pl.col("share").is_not_null())
        .filter((pl.col("share") == pl.col("share").max().over("row")) & (pl.col("share") > 0))
        .filter(pl.len().over("row") == 1)
    )
    if shares.height < _LEAST_ITEMS:
        return None
    made = np.full(known.height, MISSING, dtype=np.int8)
    made[shares["row"].to_numpy()] = shares["place"].to_numpy()
    return made
