"""Which items get no twin of a kind, and why: a twin whose key may be wrong is worse than none."""

from __future__ import annotations

from typing import Final

import polars as pl

from benchwright.audits import asks_for_best, option_ties
from benchwright.builder.twins._phrases import phrase_for
from benchwright.builder.twins._units import reworded

__all__ = ["BEFORE", "BEHIND", "REASONS", "refused"]

REASONS: Final[dict[str, str]] = {
    "kind-other": "The item is no question with options of which one or more are right.",
    "no-key": "The item has no key, or its key is annulled, contested or unknown.",
    "key-several": "More than one option is right, or more than one answer is accepted.",
    "options-few": "There are too few options for a twin.",
    "options-figures": "Options are pictures, or have no text: what they say cannot be moved.",
    "options-equal": "Two options have the same text.",
    "option-above": "An option speaks of the options above it.",
    "option-others": "An option speaks of all, none or both of the others.",
    "option-combined": "An option combines letters or numbers, which may be those of other options.",
    "option-letter": "An option holds a single capital letter by which another option is marked.",
    "option-mark": "An option is one letter or number alone, which names something that is printed elsewhere.",
    "options-ordered": "The options are numbers in their order, which other versions of the paper keep.",
    "stem-best": "The stem asks for the best or first of several: without it another one is the best.",
    "language-unknown": "There are no words for this language.",
    "options-numbers": "Options hold numbers: whether the key depends on those of the stem cannot be told.",
    "unit-asked": "Units or digits may be what is asked, or a unit stands without its number.",
    "amount-unsure": "An amount is part of a range, a list or a sum, or its digits are grouped.",
    "options-bare": "An option is a number whose unit may stand elsewhere.",
    "marked": "Parts of the text are marked, and an amount changes their places.",
    "pictured": "The item has a picture, in which amounts may stand.",
    "no-amount": "There is no mass or volume that can be said in another unit.",
    "stem-no-number": "The stem holds no whole number that can be reworded.",
}
_TIES: Final = {
    "above": "option-above",
    "others": "option-others",
    "combined": "option-combined",
    "letter": "option-letter",
    "mark": "option-mark",
}
_FEWEST: Final = {"shuffle": 2, "none-of-the-others": 3, "numbers": 2, "units": 2}
BEFORE: Final = r"\p{Nd}.,:/\-–−^\p{L}"
BEHIND: Final = r"\p{Nd}.,:/\-–−%‰°^\p{L}"
"""What may not stand beside a number that is reworded: it would be a part of a value, a date, a name or a range."""
_NUMBER: Final = rf"(?:^|[^{BEFORE}])\p{{Nd}}{{2,3}}(?:$|[^{BEHIND}])"


def refused(items: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return ``item_id``, ``reason`` and ``detail``: one row for each reason against a twin of a kind."""
    ties = option_ties(items)
    tests = [_plain(items, reason, test) for reason, test in _tests(kind).items()]
    if kind not in {"numbers", "units"}:
        named = ties.filter(pl.col("tie").is_in(list(_TIES))).with_columns(
            pl.col("tie").replace_strict(_TIES, return_dtype=pl.String).alias("reason")
        )
        tests.append(named.select("item_id", "reason", pl.col("text").str.slice(0, 80).alias("detail")))
    if kind == "shuffle":
        ordered = ties.filter(pl.col("tie") == "ordered")
        tests.append(ordered.select("item_id", pl.lit("options-ordered").alias("reason"), pl.lit("").alias("detail")))
    if kind == "none-of-the-others":
        tests.append(_no_replacement(items))
    if kind == "units":
        tests.append(_no_other_units(items))
    found = pl.concat(tests)
    return found.unique(["item_id", "reason"], keep="first", maintain_order=True).sort("item_id", "reason")


def _plain(items: pl.DataFrame, reason: str, test: pl.Expr) -> pl.DataFrame:
    hit = items.filter(test.fill_null(True))
    return hit.select(pl.col("id").alias("item_id"), pl.lit(reason).alias("reason"), pl.lit("").alias("detail"))


def _tests(kind: str) -> dict[str, pl.Expr]:
    texts = pl.col("options").list.eval(pl.element().struct.field("text").fill_null("").str.strip_chars())
    answers = pl.col("key").struct.field("answers")
    pictured = pl.col("media").list.eval(
        (pl.element().struct.field("role") == "option")
        | pl.element().struct.field("attached_to").fill_null("").str.starts_with("option:")
    )
    bad_key = (answers.list.len().fill_null(0) == 0) | pl.col("key").struct.field("status").is_in(
        ["annulled", "contested", "unknown"]
    )
    tests = {
        "kind-other": ~pl.col("kind").is_in(["single", "multiple"]),
        "no-key": bad_key,
        "options-few": pl.col("options").list.len() < _FEWEST[kind],
        "options-figures": pictured.list.any().fill_null(False) | texts.list.contains(""),
        "options-equal": texts.list.n_unique() < texts.list.len(),
    }
    if kind == "none-of-the-others":
        tests["key-several"] = (answers.list.len() != 1) | (answers.list.first().list.len() != 1)
    if kind == "units":
        tests["pictured"] = pl.col("media").list.len() > 0
        tests["marked"] = pl.col("marks").list.len() > 0
    if kind == "numbers":
        tests["options-numbers"] = texts.list.join(" ").str.contains(r"\p{N}")
        tests["stem-no-number"] = ~pl.col("stem").str.contains(_NUMBER)
    return tests


def _no_other_units(items: pl.DataFrame) -> pl.DataFrame:
    """Return why amounts cannot be said in other units. A loop: what stands beside an amount decides, text by text."""
    texts = pl.col("options").list.eval(pl.element().struct.field("text"))
    context = pl.col("context").struct.field("text").fill_null("")
    rows = [
        (name, made.reason, made.detail)
        for name, language, stem, options, told in items.select("id", "language", "stem", texts, context).rows()
        if (made := reworded(language, stem, options or (), told)).reason
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("item_id", "reason", "detail"), pl.String), orient="row")


def _no_replacement(items: pl.DataFrame) -> pl.DataFrame:
    best = asks_for_best(items)
    known = items.select("id", "language").unique("language").rows()
    without = sorted({language for _, language in known if phrase_for(language) is None})
    lacking = items.filter(pl.col("language").is_in(without)).select(pl.col("id").alias("item_id"))
    unknown = pl.concat([lacking, best.filter(pl.col("best").is_null()).select("item_id")]).unique()
    return pl.concat(
        [
            one.select("item_id", pl.lit(reason).alias("reason"), pl.lit("").alias("detail"))
            for reason, one in (("stem-best", best.filter("best")), ("language-unknown", unknown))
        ]
    )
