"""Narrow records -> a table of items, and the rejects of what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
import regex

from benchwright.schemas.hashing import with_hashes
from benchwright.schemas.ids import segment
from benchwright.schemas.item import SCHEMA_VERSION, Item
from benchwright.schemas.languages import parse_language
from benchwright.schemas.lists import in_lists, lists_of, picked, rows_and_places
from benchwright.schemas.rows import table_schema
from benchwright.schemas.text import sha256_text
from benchwright.sources._layouts.keys import LETTERS, PLACES
from benchwright.sources._layouts.model import Layout

__all__ = ["Placement", "items_of", "key_rejects"]

_SCHEMA: Final = table_schema(Item)
_PLAIN: Final = r"^[A-Za-z0-9._~+,=()!*'$-]+$"
_MADE: Final = frozenset({"machine_translation", "post_edited", "perturbed"})
"""Origins of an item that says from which other one it was made; the hash is empty where that one is not there."""
_YES: Final = frozenset({"true", "1", "yes", "t", "y"})
_DOTS: Final = regex.compile(r"\.{1,2}")


@dataclass(frozen=True, slots=True)
class Placement:
    """What is the same for all records of one file."""

    dataset: str
    file: str
    sha256: str
    parser: str
    language: str | None
    config: str = "all"
    split: str = "all"
    edition: str | None = None
    licence: str = "unknown"


def items_of(narrow: pl.DataFrame, answers: pl.DataFrame, layout: Layout, place: Placement) -> pl.DataFrame:
    """Return the items of narrow records, with the columns of the item table."""
    both = narrow.with_columns(answers["places"], answers["unread"])
    both = both.with_columns(_number(both), *_filled(both, place))
    both = both.with_columns(
        _languages(both["language"]).alias("language"), _languages(both["origin_language"]).alias("origin_language")
    )
    both = both.with_columns(_group(both, place))
    columns = {**_plain(both, layout), **_texts(layout, place), **_lists(both, layout, place)}
    frame = both.select(
        columns[name].cast(dtype).alias(name) if name in columns else pl.lit(_empty(dtype), dtype=dtype).alias(name)
        for name, dtype in _SCHEMA.items()
    )
    return _derived(with_hashes(frame))


def _derived(items: pl.DataFrame) -> pl.DataFrame:
    """Return the items with the hash of what each was made from, where that is in the same table."""
    made = pl.col("derived_from")
    if items["derived_from"].null_count() == items.height:
        return items
    hashes = items.select("id", found=pl.col("hashes").struct.field("text_hash")).unique("id", keep="first")
    source = items.select(made.struct.field("id")).join(hashes, on="id", how="left", maintain_order="left")["found"]
    if source.null_count() == items.height:
        return items
    known = made.struct.with_fields(text_hash=pl.coalesce(pl.lit(source), made.struct.field("text_hash")))
    return with_hashes(items.with_columns(pl.when(made.is_not_null()).then(known).alias("derived_from")))


def _empty(dtype: Any) -> Any:
    return [] if isinstance(dtype, pl.List) else None


def _number(both: pl.DataFrame) -> pl.Expr:
    del both
    return pl.coalesce("own", pl.col("row").cast(pl.String)).alias("number")


def _filled(both: pl.DataFrame, place: Placement) -> list[pl.Expr]:
    del both
    return [
        pl.coalesce("config", pl.lit(place.config)).alias("config"),
        pl.coalesce("split", pl.lit(place.split)).alias("split"),
        pl.coalesce("edition", pl.lit(place.edition, dtype=pl.String)).alias("edition"),
        pl.coalesce("language", pl.lit(place.language, dtype=pl.String)).alias("language"),
    ]


def _languages(column: pl.Series) -> pl.Series:
    names = column.unique().drop_nulls().to_list()
    return column.replace_strict(names, [parse_language(name) for name in names], default=None)


def _segments(column: str) -> pl.Expr:
    """Return a column as segments of a group: what is plain stays, the rest is percent-encoded text by text."""
    text = pl.col(column)
    plain = text.str.contains(_PLAIN) & ~text.is_in([".", ".."])
    encoded = text.map_batches(
        lambda texts: pl.Series(texts.name, [None if one is None else segment(one) for one in texts], dtype=pl.String),
        return_dtype=pl.String,
    )
    return pl.when(plain).then(text).otherwise(encoded)


def _group(both: pl.DataFrame, place: Placement) -> pl.Expr:
    odd = both.select((~pl.col("number").str.contains(_PLAIN) | pl.col("number").is_in([".", ".."])).any()).item()
    number = _segments("number") if odd else pl.col("number")
    padded = pl.when(pl.col("number").str.contains(r"^[0-9]+$")).then(number.str.zfill(3)).otherwise(number)
    parts = [pl.lit(segment(place.dataset)), _few("config", both), _few("split", both), padded]
    return pl.concat_str(parts, separator="/").alias("group")


def _few(column: str, both: pl.DataFrame) -> pl.Expr:
    names = both[column].unique().drop_nulls().to_list()
    return pl.col(column).replace_strict(names, [segment(name) for name in names], return_dtype=pl.String)


def _plain(both: pl.DataFrame, layout: Layout) -> dict[str, pl.Expr]:
    several = (pl.col("places").list.len() > 1) & ~pl.col("either")
    bare = pl.col("texts").list.len().fill_null(0) == 0
    by_key = pl.when(bare).then(pl.lit("open")).when(several).then(pl.lit("multiple")).otherwise(pl.lit("single"))
    any_counts = layout.key is not None and layout.key.several == "any"
    if any_counts:
        by_key = pl.when(bare).then(pl.lit("open")).otherwise(pl.lit("single"))
    source = pl.coalesce("origin_language", pl.lit(layout.origin_language, dtype=pl.String))
    said = pl.coalesce("origin", pl.lit(layout.origin))
    # A rewrite in the language of its source is no original: the two need ids of their own.
    alike = (source == pl.col("language")).fill_null(value=False)
    rewrite = alike & pl.col("variant").is_not_null()
    itself = alike & said.str.contains("translation|post_edited") & pl.col("variant").is_null()
    origin = pl.when(itself).then(pl.lit("native")).otherwise(said)
    needs = pl.col("needs_image").str.to_lowercase()
    pictured = pl.col("media").list.len() > 0 if "media" in both.columns else pl.lit(value=False)
    return {
        "schema_version": pl.lit(SCHEMA_VERSION),
        "id": pl.concat_str(
            "group",
            pl.lit("@"),
            "language",
            pl.when(rewrite).then(pl.lit("#") + pl.col("variant")).otherwise(pl.lit("")),
        ),
        "group": pl.col("group"),
        "language": pl.col("language"),
        "origin_language": pl.coalesce(source, pl.col("language")),
        "origin": origin,
        "derived_from": pl.when(origin.is_in(list(_MADE))).then(
            _struct(
                "derived_from",
                id=pl.concat_str("group", pl.lit("@"), pl.coalesce(source, pl.col("language"))),
                text_hash=pl.lit(""),
            )
        ),
        "kind": pl.coalesce("kind", by_key),
        "stem": pl.col("stem").fill_null(""),
        "needs_image": pl.when(needs.is_in(["true", "1", "yes"]))
        .then(pl.lit("yes"))
        .when(needs.is_in(["false", "0", "no"]))
        .then(pl.lit("no"))
        .when(pictured)
        .then(pl.lit("yes"))
        .otherwise(pl.lit("unknown")),
        "tier": pl.lit("raw"),
    }


def _struct(name: str, **fields: pl.Expr) -> pl.Expr:
    """Return a struct column of the item table; fields that are not given are null or empty."""
    dtype = _SCHEMA[name]
    return _of(dtype, fields)


def _of(dtype: Any, fields: dict[str, pl.Expr]) -> pl.Expr:
    parts = []
    for one in dtype.fields:
        given = fields.get(one.name)
        value = pl.lit(_empty(one.dtype), dtype=one.dtype) if given is None else given.cast(one.dtype)
        parts.append(value.alias(one.name))
    return pl.struct(parts)


def _texts(layout: Layout, place: Placement) -> dict[str, pl.Expr]:
    context = pl.col("context")
    return {
        "context": pl.when(context.is_not_null()).then(
            _struct("context", id=context.map_batches(_context_ids, return_dtype=pl.String), text=context)
        ),
        "exam": _struct(
            "exam",
            country=pl.col("country"),
            body=pl.lit(layout.body, dtype=pl.String),
            code=pl.lit(place.dataset),
            edition=pl.coalesce("edition", "config"),
            session_date=pl.col("session_date"),
            release_date=pl.col("release_date"),
            part=pl.col("split"),
            number=pl.col("number"),
            profession=pl.col("profession"),
            specialty=pl.col("specialty"),
            points=pl.col("points").cast(pl.Float64, strict=False),
        ),
        "licence": _struct("licence", id=pl.lit(place.licence)),
        "contributor": pl.col("contributor"),
    }


def _context_ids(texts: pl.Series) -> pl.Series:
    return pl.Series(texts.name, [one and f"c-{sha256_text(one)[:16]}" for one in texts], dtype=pl.String)


def _lists(both: pl.DataFrame, layout: Layout, place: Placement) -> dict[str, pl.Expr]:
    return {
        "options": _options(both),
        "key": _key(layout, place),
        "rationales": _rationales(both, layout),
        "labels": _labels(both, layout),
        "human": _human(layout),
        "media": _media(both),
        "provenance": pl.concat_list(
            _of(
                _inner("provenance"),
                {
                    "field": pl.lit("item"),
                    "file": pl.lit(place.file),
                    "sha256": pl.lit(place.sha256),
                    "row": pl.col("row"),
                    "parser": pl.lit(place.parser),
                },
            )
        ),
    }


def _inner(name: str) -> Any:
    dtype = _SCHEMA[name]
    return dtype.inner if isinstance(dtype, pl.List) else dtype


def _options(both: pl.DataFrame) -> pl.Expr:
    """Return the options: ids are letters by position, labels as printed or those letters."""
    counts = both["texts"].list.len().fill_null(0).cast(pl.Int64)
    longest = int(counts.max() or 0)  # type: ignore[arg-type]
    if not longest:
        return pl.lit([], dtype=_SCHEMA["options"])
    rows, places = rows_and_places(counts)
    ids = pl.Series([_letter(place) for place in range(longest)]).gather(places)
    labels = picked(both["labels"], rows, places)
    fields = {
        "id": ids,
        "label": ids if labels is None else labels.fill_null(ids),
        "text": both["texts"].explode(empty_as_null=False, keep_nulls=False).fill_null(""),
        "prohibited": _prohibited(both["prohibited"], rows, ids),
    }
    flat = pl.DataFrame([series.alias(name) for name, series in fields.items()])
    records = flat.select(_of(_inner("options"), {name: pl.col(name) for name in fields}).alias("options"))
    return pl.lit(in_lists(records["options"], counts))


def _prohibited(lists: pl.Series, rows: pl.Series, ids: pl.Series) -> pl.Series:
    if lists.null_count() == len(lists):
        return pl.select(pl.repeat(value=False, n=len(ids))).to_series()
    both = pl.DataFrame([lists.gather(rows).alias("all"), ids.alias("one")])
    return both.select(pl.col("all").list.contains(pl.col("one")).fill_null(value=False)).to_series()


def _letter(place: int) -> str:
    return LETTERS[place] if place < len(LETTERS) else f"{LETTERS[place // 26 - 1]}{LETTERS[place % 26]}"


def _key(layout: Layout, place: Placement) -> pl.Expr:
    known = (pl.col("places").list.len() > 0) & (pl.col("unread").list.len().fill_null(0) == 0)
    letters = pl.col("places").list.eval(
        pl.element().replace_strict(list(range(PLACES)), [_letter(n) for n in range(PLACES)], default=None)
    )
    key = layout.key
    annulled = pl.col("annulled").str.strip_chars().str.to_lowercase().is_in(list(_YES)).fill_null(value=False)
    each = letters.list.eval(pl.concat_list(pl.element()))
    any_counts = key is not None and key.several == "any"
    together = pl.when(pl.col("either")).then(each).otherwise(_in_a_list(letters)) if key and key.either else None
    complete = each if any_counts else _in_a_list(letters) if together is None else together
    status = pl.when(annulled).then(pl.lit("annulled")).when(known).then(pl.lit(key.status if key else "unknown"))
    accepted = pl.col("accepted").fill_null([])
    bare = pl.col("texts").list.len().fill_null(0) == 0
    answered = bare & (accepted.list.len() > 0)
    answers = pl.when(known & ~annulled).then(complete).otherwise(pl.lit([], dtype=pl.List(pl.List(pl.String))))
    return _struct(
        "key",
        status=status.when(answered).then(pl.lit(key.status if key else "official")).otherwise(pl.lit("unknown")),
        answers=answers,
        accepted=pl.when(bare).then(accepted).otherwise([]),
        source=pl.when(known | answered | annulled).then(pl.lit(place.file)),
    )


def _in_a_list(column: pl.Expr) -> pl.Expr:
    """Return lists as lists of one list."""
    return pl.concat_list(pl.struct(column.alias("x"))).list.eval(pl.element().struct.field("x"))


def _rationales(both: pl.DataFrame, layout: Layout) -> pl.Expr:
    each = []
    for place, one in enumerate(layout.rationales):
        text = pl.col(f"rationale_{place}")
        fields = {
            "text": text,
            "language": pl.col("language"),
            "option": pl.lit(one.option, dtype=pl.String),
            "author_kind": pl.lit(one.author),
        }
        each.append((text.is_not_null(), fields))
    return _those_there(both, "rationales", each)


def _labels(both: pl.DataFrame, layout: Layout) -> pl.Expr:
    each = []
    for name in layout.labels:
        value = pl.col(f"label_{name}")
        fields = {"taxonomy": pl.lit(name), "value": value, "source": pl.lit(layout.label_source)}
        each.append((value.is_not_null(), fields))
    return _those_there(both, "labels", each)


def _human(layout: Layout) -> pl.Expr:
    """Return how candidates did; a number that is no share of them is not taken."""
    unit = 100 if layout.percent else 1
    share = pl.col("share_correct").cast(pl.Float64, strict=False) / unit
    shares = pl.col("distribution").list.eval(pl.element().cast(pl.Float64, strict=False) / unit)
    complete = shares.list.eval(pl.element().is_between(0, 1).fill_null(value=False)).list.all()
    fits = complete & (shares.list.len() == pl.col("texts").list.len())
    places = pl.int_range(pl.len()).replace_strict(list(range(PLACES)), [_letter(n) for n in range(PLACES)])
    each = shares.list.eval(pl.struct(option=places, share=pl.element()))
    known = share.is_between(0, 1).fill_null(value=False)
    whole = _struct(
        "human", share_correct=pl.when(known).then(share), distribution=pl.when(fits).then(each).otherwise([])
    )
    return pl.when(known | fits.fill_null(value=False)).then(whole)


def _media(both: pl.DataFrame) -> pl.Expr:
    return pl.col("media") if "media" in both.columns else pl.lit([], dtype=_SCHEMA["media"])


def _those_there(both: pl.DataFrame, name: str, each: Sequence[tuple[pl.Expr, dict[str, pl.Expr]]]) -> pl.Expr:
    """Return lists of the records that a row has."""
    if not each or both.is_empty():
        return pl.lit([], dtype=_SCHEMA[name])
    parts = [both.select(_of(_inner(name), fields).alias(name))[name] for _, fields in each]
    return pl.lit(lists_of(parts, [both.select(there).to_series() for there, _ in each]))


def key_rejects(
    items: pl.DataFrame, narrow: pl.DataFrame, answers: pl.DataFrame, file: str, column: str = "the key"
) -> list[dict[str, Any]]:
    """Return one row for each key with a token that is no answer of its question: the item stays, without a key."""
    joined = items.select("group", "language").with_columns(answers["unread"], narrow["row"])
    broken = joined.filter(pl.col("unread").list.len() > 0)
    return [
        {
            "file": file,
            "reason": "key-unreadable",
            "text": ", ".join(row["unread"])[:300],
            "detail": f"record {row['row']}, column {column}; found: {row['unread'][0][:80]!r}; "
            "expected: an answer of this question",
            "group": row["group"],
            "language": row["language"],
            "number": str(row["row"]),
            "stage": "import",
        }
        for row in broken.iter_rows(named=True)
    ]
