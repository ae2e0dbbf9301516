"""Kit: units in doubt -> which items, stems and options are in another language.

A stem and the options together are judged each for itself; the item is judged from both. Where both are too short,
stem and options are read as one text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from benchwright.audits._lid.identify import Identifier, identifier
from benchwright.audits._lid.labels import family, label_language
from benchwright.audits._lid.units import OPTIONS, STEM, letters, units, words_only
from benchwright.audits._lid.weigh import Evidence, foreign, possible, telling
from benchwright.audits._lid.writing import astray_script, has_own_script, in_other_script
from benchwright.schemas.errors import MissingDependencyError
from benchwright.schemas.plugins import AuditContext

__all__ = ["JUDGED", "judged"]

JUDGED: Final = pl.Schema(
    {
        **dict.fromkeys(("code", "subject", "text_hash", "language", "found", "field", "text"), pl.String()),
        "share": pl.Float64(),
    }
)
_SHORT: Final = 40
"""Letters of a stem below which stem and options are also read as one text."""
_OPEN: Final = -2.5
_OPEN_SOURCE: Final = -4.5
"""Logarithm of odds of the options together from which each option is looked at."""
_OPTION_LETTERS: Final = 4
_DENSE: Final = r"[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]"
Row = dict[str, Any]


def judged(items: pl.LazyFrame, context: AuditContext) -> pl.DataFrame:
    """Return one row per item that is, wholly or in a part, in another language than declared.

    ``share`` is the model's share of the language found, 0 to 1. Nothing is found without fastText, and nothing for
    languages that the model lacks.
    """
    try:
        told = identifier(context)
    except MissingDependencyError:
        return pl.DataFrame(schema=JUDGED)
    parts = units(items).collect()
    known = [tag for tag in parts["language"].unique() if told.accepted(tag)]
    parts = parts.filter(pl.col("language").is_in(known))
    if parts.is_empty():
        return pl.DataFrame(schema=JUDGED)
    expected = frozenset({"en"}).union(
        label_language(tag)
        for column in ("language", "origin_language")
        for tag in items.select(column).unique().collect()[column].drop_nulls()
    )
    origins = {tag: label_language(tag) for tag in parts["origin_language"].drop_nulls().unique()}
    own = {tag: label_language(tag) for tag in known}
    source = pl.col("origin_language").replace_strict(origins, default=None, return_dtype=pl.String)
    parts = parts.with_columns(
        pl.when(source != pl.col("language").replace_strict(own, return_dtype=pl.String)).then(source).alias("source")
    )
    found = _doubtful(told, parts, expected)
    found = pl.concat([found, _pooled(told, parts, found, expected)], how="diagonal")
    halves = _halves(told, found, expected)
    wanted = pl.concat([found.filter("foreign").select("subject"), halves.select("subject")]).unique()
    about = _grouped(parts.join(wanted, on="subject", how="semi"))
    half = {(row["subject"], row["text_hash"]): row for row in halves.iter_rows(named=True)}
    of_wanted = _grouped(found.join(wanted, on="subject", how="semi"))
    rows = [row for name, units_ in of_wanted.items() for row in _item(units_, about[name], half.get(name))]
    return pl.DataFrame(rows, schema=JUDGED, orient="row")


def _grouped(rows: pl.DataFrame) -> dict[tuple[str, str], dict[str, Row]]:
    grouped: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows.sort("subject", "text_hash", "unit").iter_rows(named=True):
        grouped.setdefault((row["subject"], row["text_hash"]), {})[row["unit"]] = row
    return grouped


def _doubtful(told: Identifier, parts: pl.DataFrame, expected: frozenset[str]) -> pl.DataFrame:
    """Return the units whose declared language is not clear, with the verdict on each."""
    open_ = _seen(told, parts)
    return _verdicts(open_.filter(pl.col("found").is_not_null()), expected)


def _seen(told: Identifier, parts: pl.DataFrame, sure: float = 0.8) -> pl.DataFrame:
    on = ["tag", "words", "source"]
    named = parts.with_columns(pl.col("language").alias("tag"))
    texts = named.select(on).unique()
    return named.join(told.evidence(texts, sure), on=on, how="inner", nulls_equal=True, maintain_order="left").drop(
        "tag"
    )


def _verdicts(rows: pl.DataFrame, expected: frozenset[str]) -> pl.DataFrame:
    # Only units that the first pass of the model did not settle, and of these the ones that can be foreign at all.
    open_ = rows.select(possible().fill_null(value=True)).to_series()
    verdicts = [foreign(_evidence(row, expected)) for row in rows.filter(open_).iter_rows(named=True)]
    none = pl.Series([False], dtype=pl.Boolean).new_from_index(0, rows.height)
    return rows.with_columns(foreign=none.scatter(open_.arg_true(), pl.Series(verdicts, dtype=pl.Boolean)))


def _evidence(row: Row, expected: frozenset[str]) -> Evidence:
    declared = label_language(row["language"])
    mine, theirs = telling(row["words"], declared, row["found"])
    source = row["source"] is not None and row["found"] in family(row["source"])
    there = row["found"] in expected or in_other_script(row["language"], row["found"])
    native = has_own_script(row["words"], row["language"], row["found"], whole=row["unit"] == STEM)
    return Evidence(
        unit=row["unit"],
        declared=declared,
        found=row["found"],
        letters=row["letters"],
        share=row["share"],
        odds=row["odds"],
        source=source,
        expected=there,
        mine=mine,
        theirs=theirs,
        native=native,
    )


def _pooled(told: Identifier, parts: pl.DataFrame, found: pl.DataFrame, expected: frozenset[str]) -> pl.DataFrame:
    """Return the verdict on stem and options as one text, for items of a short stem in doubt; unit ``item``."""
    doubtful = found.filter(pl.col("unit").is_in([STEM, OPTIONS]) & (pl.col("odds") > 0))
    short = parts.filter((pl.col("unit") == STEM) & (pl.col("letters") < _SHORT)).select("subject")
    both = (
        parts.filter(pl.col("unit").is_in([STEM, OPTIONS]))
        .join(doubtful.select("subject").unique(), on="subject", how="semi")
        .join(short, on="subject", how="semi")
        .sort("subject", "text_hash", "unit", descending=[False, False, True])
        .group_by("subject", "text_hash", "language", "source", maintain_order=True)
        .agg(pl.col("words").str.join(" "), pl.col("text").str.join("\n"), pl.col("letters").sum(), pl.len().alias("n"))
        .filter(pl.col("n") == 2)
        .drop("n")
    )
    if both.is_empty():
        return found.clear()
    rows = _seen(told, both).filter(pl.col("found").is_not_null()).with_columns(unit=pl.lit(STEM))
    return _verdicts(rows, expected).with_columns(unit=pl.lit("item"))


def _item(found: dict[str, Row], whole: dict[str, Row], half: Row | None) -> Iterator[tuple[Any, ...]]:
    """Yield the findings of one item from its units in doubt, all its units, and its options that went astray."""
    stem, pooled = found.get(STEM), found.get("item")
    if pooled and pooled["foreign"]:
        yield _row("L101", pooled, None)
    elif stem and stem["foreign"]:
        own = _own_options(whole.get(OPTIONS), found.get(OPTIONS), stem)
        yield _row("L102", stem, STEM) if own else _row("L101", stem, None)
    elif half:
        yield _row("L103", half, OPTIONS)
    for unit in ("context", "rationale"):
        part = found.get(unit)
        if part and part["foreign"]:
            yield _row("L104", part, "context" if unit == "context" else None)


def _own_options(options: Row | None, doubtful: Row | None, stem: Row) -> bool:
    """Tell whether the options of an item with a foreign stem are in the declared language."""
    if options is None or options["letters"] < _SHORT:
        return False
    return doubtful is None or (
        not doubtful["foreign"] and (doubtful["found"] != stem["found"] or doubtful["odds"] < 0)
    )


def _halves(told: Identifier, found: pl.DataFrame, expected: frozenset[str]) -> pl.DataFrame:
    """Return the items of whose options at least half are in one other language; options as columns of units."""
    name = ["subject", "text_hash"]
    options = _in_doubt(found.filter(pl.col("unit") == OPTIONS))
    lines = (
        options.select(*name, "language", "source", pl.col("text").str.split("\n"))
        .explode("text", empty_as_null=False, keep_nulls=False)
        .with_columns(words_only(pl.col("text")).alias("words"))
        .with_columns(letters(pl.col("words")).alias("letters"))
        .filter((pl.col("letters") >= _OPTION_LETTERS) | pl.col("words").str.contains(_DENSE))
        .with_columns(pl.len().over(name).alias("all"), pl.int_range(pl.len()).over(name).alias("place"))
    )
    if lines.is_empty():
        return found.clear()
    each = _seen(told, lines, 0.5).filter((pl.col("odds") > 0) & pl.col("found").is_not_null())
    kin = {one: _kin(one) for one in {*each["found"], *each["source"].drop_nulls()}}
    each = each.with_columns(pl.col("found").replace_strict(kin, return_dtype=pl.String, default=None).alias("kin"))
    from_source = pl.col("kin") == pl.col("source").replace_strict(kin, return_dtype=pl.String, default=None)
    most = (
        each.group_by(*name, "kin", "all")
        .agg(pl.len().alias("n"), from_source.any().fill_null(value=False).alias("own"))
        .filter(2 * pl.col("n") >= pl.col("all"))
        .sort(*name, "n", "own", "kin", descending=[False, False, True, True, False])
        .unique(name, keep="first", maintain_order=True)
    )
    joined = (
        each.join(most.select(*name, "kin"), on=[*name, "kin"], how="semi")
        .sort(*name, "place")
        .group_by(*name, "kin", "language", "source", maintain_order=True)
        .agg(pl.col("words").str.join(" "), pl.col("text").str.join("\n"))
        .with_columns(letters(pl.col("words")).alias("letters"), pl.lit(OPTIONS).alias("unit"))
    )
    again = _seen(told, joined).filter(pl.col("found").is_not_null())
    alike = {one: _kin(one) for one in again["found"].unique()}
    agreed = pl.col("found").replace_strict(alike, return_dtype=pl.String, default=None) == pl.col("kin")
    return _verdicts(again.filter(agreed), expected).filter("foreign")


def _in_doubt(options: pl.DataFrame) -> pl.DataFrame:
    """Return the options of which each by itself is worth a look."""
    least = pl.when(pl.col("source").is_null()).then(_OPEN).otherwise(_OPEN_SOURCE)
    tags = sorted(options["language"].unique())
    astray = astray_script(pl.col("words"), tags)
    named = options.with_columns(pl.col("language").alias("tag"))
    return named.filter(pl.col("foreign") | (pl.col("odds") > least) | astray)


def _kin(language: str) -> str:
    """Return one name for the languages that stand for one in an option: Han without kana may be Japanese."""
    return "ja" if language in {"ja", "zh"} else min(family(language))


def _row(code: str, row: Row, field: str | None) -> tuple[Any, ...]:
    return code, row["subject"], row["text_hash"], row["language"], row["found"], field, row["text"], row["share"]
