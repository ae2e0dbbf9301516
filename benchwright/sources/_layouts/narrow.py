"""The records of any layout in one narrow form: what the item needs, as texts and lists of texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from benchwright.schemas.lists import lists_of
from benchwright.sources._layouts.marked import marked_options
from benchwright.sources._layouts.model import KeyIn, Layout, OptionsIn, RationaleIn, Value
from benchwright.sources._layouts.sides import sided
from benchwright.sources._layouts.values import as_list, as_text, parsed_cell

__all__ = ["NARROW", "inner", "narrowed"]

_TEXTS: Final = (
    "own", "stem", "context", "points", "share_correct", "kind", "needs_image", "config", "split", "edition",
    "language", "country", "profession", "specialty", "session_date", "release_date", "contributor", "annulled",
    "origin", "origin_language", "variant",
)  # fmt: skip
_LISTS: Final = ("labels", "texts", "tokens", "accepted", "prohibited", "distribution")
NARROW: Final = pl.Schema(
    [
        ("row", pl.Int64()),
        ("flags", pl.List(pl.Boolean())),
        ("either", pl.Boolean()),
        *((name, pl.String()) for name in _TEXTS),
        *((name, pl.List(pl.String())) for name in _LISTS),
    ]
)
"""Columns of the narrow form; besides them ``rationale_<n>`` and ``label_<taxonomy>``."""
_VALUES: Final = (
    "config", "split", "edition", "language", "country", "profession", "specialty", "session_date", "release_date",
    "contributor", "needs_image",
)  # fmt: skip


def narrowed(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Return the records in the narrow form; a column that the file lacks is null.

    Of a layout of pairs each record becomes two.
    """
    frame, layout = sided(_emptied(frame, layout.empty), layout)
    frame, layout = _unmarked(frame, layout)
    labels, texts, flags = _whole(frame, layout)
    data: dict[str, pl.Series] = {
        "row": frame["_row"],
        "own": _text(frame, layout.id or next((name for name in layout.number if name in frame.columns), None)),
        "stem": _joined(frame, layout.stem),
        "context": _text(frame, layout.context),
        "labels": labels,
        "texts": texts,
        "tokens": _tokens(frame, layout.key),
        "flags": flags,
        "either": pl.select(pl.repeat(value=False, n=frame.height)).to_series(),
        "accepted": _lists(frame, layout.accepted),
        "prohibited": _letters(_list(frame, layout.prohibited)),
        "annulled": _text(frame, layout.key.annulled_column if layout.key else None),
        "origin": _text(frame, "_origin"),
        "origin_language": _text(frame, "_origin_language"),
        "variant": _text(frame, "_variant"),
        "points": _text(frame, layout.points),
        "share_correct": _text(frame, layout.share_correct),
        "distribution": _list(frame, layout.distribution),
        "kind": pl.Series([layout.kind] * frame.height, dtype=pl.String),
    }
    data.update({name: _value(frame, getattr(layout, name)) for name in _VALUES})
    if layout.key and layout.options and set(layout.key.columns) & set(layout.accepted):
        data["tokens"], data["accepted"] = _by_options(data)
    data.update({f"rationale_{n}": _rationale(frame, one) for n, one in enumerate(layout.rationales)})
    data.update({f"label_{name}": _text(frame, column) for name, column in layout.labels.items()})
    if layout.key and layout.key.either:
        data["tokens"], data["either"] = _parted(data["tokens"], layout.key.either)
    if layout.key and layout.key.annulled:
        data["tokens"], data["annulled"] = _annulled(data, layout.key.annulled)
    narrow = pl.DataFrame({name: series.alias(name) for name, series in data.items()})
    return narrow.cast({name: dtype for name, dtype in NARROW.items() if name in narrow.columns})


def inner(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return the frame of the objects that a column holds: its fields are the columns."""
    head = f"{column}."
    return frame.select(
        "_row", *(pl.col(name).alias(name[len(head) :]) for name in frame.columns if name.startswith(head))
    )


def _unmarked(frame: pl.DataFrame, layout: Layout) -> tuple[pl.DataFrame, Layout]:
    """Cut a text with marked options into columns of its own."""
    column = layout.options.column if layout.options and layout.options.marked else None
    if column is None or column not in frame.columns:
        return frame, layout
    heads, labels, texts = marked_options(as_text(frame[column]))
    frame = frame.with_columns(labels.alias("_marked.label"), texts.alias("_marked.text"), heads.alias("_before"))
    changes: dict[str, Any] = {"options": OptionsIn(column="_marked", text="text", label="label")}
    if layout.stem == (column,):
        changes["stem"] = ("_before",)
    return frame, layout.model_copy(update=changes)


def _emptied(frame: pl.DataFrame, empty: Sequence[str]) -> pl.DataFrame:
    """Return the frame without the texts that say that a cell is empty."""
    if not empty:
        return frame
    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    return frame.with_columns(
        pl.when(~pl.col(name).str.strip_chars().is_in(list(empty))).then(pl.col(name)).alias(name) for name in texts
    )


def _by_options(data: dict[str, pl.Series]) -> tuple[pl.Series, pl.Series]:
    """Return the key of the questions with options, and the accepted texts of the others."""
    frame = pl.DataFrame([data[name].alias(name) for name in ("texts", "tokens", "accepted")])
    there = (pl.col("texts").list.len() > 0).fill_null(value=False)
    parted = frame.select(
        pl.when(there).then("tokens").alias("tokens"), pl.when(~there).then("accepted").alias("accepted")
    )
    return parted["tokens"], parted["accepted"]


def _parted(tokens: pl.Series, pattern: str) -> tuple[pl.Series, pl.Series]:
    """Return the keys with answers of which each alone counts taken apart, and which keys those are."""
    parts = pl.element().str.replace_all(pattern, "\x1f").str.split("\x1f").explode()
    frame = tokens.alias("tokens").to_frame()
    one = pl.col("tokens").list.len() == 1
    either = (one & pl.col("tokens").list.first().str.contains(pattern)).fill_null(value=False)
    parted = frame.select(
        tokens=pl.when(either).then(pl.col("tokens").list.eval(parts)).otherwise("tokens"), either=either
    )
    return parted["tokens"], parted["either"]


def _annulled(data: dict[str, pl.Series], signs: Sequence[str]) -> tuple[pl.Series, pl.Series]:
    """Return the keys without those that say that the question was annulled, and which those are."""
    frame = pl.DataFrame([data["tokens"].alias("tokens"), data["annulled"].alias("annulled")])
    named = pl.col("annulled").str.strip_chars().is_in(list(signs))
    said = named.fill_null(value=False)
    said |= pl.col("tokens").list.join("").str.strip_chars().is_in(list(signs)).fill_null(value=False)
    parted = frame.select(
        tokens=pl.when(~said).then("tokens"), annulled=pl.when(said).then(pl.lit("true")).otherwise("annulled")
    )
    return parted["tokens"], parted["annulled"]


def _letters(lists: pl.Series) -> pl.Series:
    """Return option ids of letters that stand alone or run together (``abd``)."""
    return lists.list.join("").str.to_uppercase().str.extract_all("[A-Z]")


def _nulls(frame: pl.DataFrame, dtype: Any = pl.String) -> pl.Series:
    return pl.Series([None] * frame.height, dtype=dtype)


def _text(frame: pl.DataFrame, column: str | None) -> pl.Series:
    if column is None or column not in frame.columns:
        return _nulls(frame)
    text = as_text(frame[column])
    return text.to_frame("x").select(pl.when(pl.col("x").str.strip_chars() != "").then("x"))[:, 0]


def _list(frame: pl.DataFrame, column: str | None) -> pl.Series:
    if column is None or column not in frame.columns:
        return _nulls(frame, pl.List(pl.String))
    return as_list(frame[column])


def _lists(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    there = [as_list(frame[name]).alias(name) for name in columns if name in frame.columns]
    if not there:
        return _nulls(frame, pl.List(pl.String))
    filled = [one.to_frame().select(pl.col(one.name).fill_null([]))[:, 0] for one in there]
    return pl.DataFrame(filled).select(pl.concat_list(pl.all()).list.drop_nulls().alias("x"))["x"]


def _joined(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    there = [_text(frame, name).alias(name) for name in columns if name in frame.columns]
    if not there:
        return _nulls(frame)
    if len(there) == 1:
        return as_text(frame[there[0].name])
    return pl.DataFrame(there).select(pl.concat_str(pl.all(), separator="\n", ignore_nulls=True).alias("x"))["x"]


def _value(frame: pl.DataFrame, value: Value | None) -> pl.Series:
    if value is None:
        return _nulls(frame)
    if value.column is not None:
        return _text(frame, value.column)
    return pl.Series([value.value] * frame.height, dtype=pl.String)


def _rationale(frame: pl.DataFrame, rationale: RationaleIn) -> pl.Series:
    return _text(frame, rationale.column)


def _tokens(frame: pl.DataFrame, key: KeyIn | None) -> pl.Series:
    if key is None or key.form == "flags":
        return _nulls(frame, pl.List(pl.String))
    there = [name for name in key.columns if name in frame.columns]
    if len(there) != 1:
        return _lists(frame, there)
    column = frame[there[0]]
    if key.separator is not None and column.dtype == pl.String:
        parts = column.str.split(key.separator) if len(key.separator) == 1 else _split(column, key.separator)
        return parts.list.eval(pl.element().str.strip_chars()).list.eval(pl.element().filter(pl.element() != ""))
    return as_list(column)


def _split(column: pl.Series, pattern: str) -> pl.Series:
    return column.str.replace_all(pattern, "\x1f").str.split("\x1f")


def _whole(frame: pl.DataFrame, layout: Layout) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return the options without those at the end of a list that are not there."""
    options = layout.options
    labels, texts, flags = _options(frame, options, layout.key.flag if layout.key else None)
    if options is None or options.columns:
        return labels, texts, flags
    cut = _without_missing(texts, options)
    length = pl.DataFrame([cut.list.len().alias("n"), labels.alias("l"), flags.alias("f")])
    same = length.select(pl.col("l").list.head("n"), pl.col("f").list.head("n"))
    return same["l"], cut, same["f"]


def _options(
    frame: pl.DataFrame, options: OptionsIn | None, flag: str | None
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return labels (null where the layout prints none), texts, and flags of the options."""
    empty = _nulls(frame, pl.List(pl.String))
    no_flags = _nulls(frame, pl.List(pl.Boolean))
    if options is None:
        return empty, empty, no_flags
    if options.columns:
        there = [as_text(frame[name]).alias(name) for name in options.columns if name in frame.columns]
        return empty, _without_missing(_concat(there, frame), options), no_flags
    column = str(options.column)
    inner = [name for name in frame.columns if name.startswith(f"{column}.")]
    if inner and column not in frame.columns:
        return _object(frame, column, inner, options, no_flags)
    if column not in frame.columns:
        return empty, empty, no_flags
    series = frame[column]
    if options.text is not None or _holds_objects(series):
        return _records(series, options, flag)
    return empty, _without_missing(as_list(series), options), no_flags


def _object(
    frame: pl.DataFrame, column: str, inner: Sequence[str], options: OptionsIn, flags: pl.Series
) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Read an object of label and text, or of a list of labels beside a list of texts."""
    if options.text and f"{column}.{options.text}" in inner:
        labels = _list(frame, f"{column}.{options.label}") if options.label else flags.cast(pl.List(pl.String))
        return labels, as_list(frame[f"{column}.{options.text}"]), flags
    pairs = [(name[len(column) + 1 :], as_text(frame[name]).alias(name)) for name in sorted(inner)]
    return _labelled(pairs, frame), _concat([series for _, series in pairs], frame, drop=True), flags


def _labelled(pairs: Sequence[tuple[str, pl.Series]], frame: pl.DataFrame) -> pl.Series:
    there = pl.DataFrame([series.is_not_null().alias(series.name) for _, series in pairs])
    del frame
    named = [pl.when(pl.col(series.name)).then(pl.lit(label)).alias(series.name) for label, series in pairs]
    return there.select(pl.concat_list(named).list.drop_nulls().alias("x"))["x"]


def _concat(columns: Sequence[pl.Series], frame: pl.DataFrame, *, drop: bool = False) -> pl.Series:
    if not columns:
        return _nulls(frame, pl.List(pl.String))
    if not drop and frame.height:
        return lists_of(columns, [pl.select(pl.repeat(value=True, n=frame.height)).to_series()] * len(columns))
    together = pl.concat_list(pl.all())
    return pl.DataFrame(columns).select((together.list.drop_nulls() if drop else together).alias("x"))["x"]


def _without_missing(texts: pl.Series, options: OptionsIn) -> pl.Series:
    """Cut the options that are not there from the end of each list; an empty one between others stays, as empty."""
    flat = texts.explode(empty_as_null=False, keep_nulls=False).to_frame("x")
    if not flat.select(_absent(pl.col("x"), options).any()).item():
        return texts
    place = pl.when(~_absent(pl.element(), options)).then(pl.int_range(1, pl.len() + 1))
    frame = texts.to_frame("x").with_columns(pl.col("x").list.eval(place).list.max().fill_null(0).alias("last"))
    kept = pl.col("x").list.head("last").list.eval(pl.element().fill_null(""))
    return frame.select(pl.when(pl.col("x").is_not_null()).then(kept).alias("x"))["x"]


def _absent(text: pl.Expr, options: OptionsIn) -> pl.Expr:
    stripped = text.str.strip_chars()
    absent = text.is_null() | (stripped == "")
    return absent | stripped.is_in(list(options.missing)) if options.missing else absent


def _holds_objects(series: pl.Series) -> bool:
    if isinstance(series.dtype, pl.List):
        return isinstance(series.dtype.inner, pl.Struct)
    first = series.drop_nulls().head(5) if series.dtype == pl.String else pl.Series(dtype=pl.String)
    return any(_is_object(parsed_cell(text)) for text in first)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value))


def _records(series: pl.Series, options: OptionsIn, flag: str | None) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Read options that are records, or an object of label and text that travels as text."""
    values = series.to_list() if series.dtype != pl.String else [parsed_cell(one or "") for one in series]
    labels: list[list[str] | None] = []
    texts: list[list[str]] = []
    flags: list[list[bool] | None] = []
    for value in values:
        if isinstance(value, dict):
            shown = {label: text for label, text in value.items() if text is not None}
            labels.append([str(one) for one in shown])
            texts.append([str(one) for one in shown.values()])
            flags.append(None)
            continue
        records = [one for one in value or () if isinstance(one, dict)] if isinstance(value, list) else []
        labels.append([str(one.get(options.label)) for one in records] if options.label else None)
        texts.append([_shown(one.get(options.text or "text")) for one in records])
        flags.append([_true(one.get(flag)) for one in records] if flag else None)
    return (
        pl.Series(labels, dtype=pl.List(pl.String)),
        pl.Series(texts, dtype=pl.List(pl.String)),
        pl.Series(flags, dtype=pl.List(pl.Boolean)),
    )


def _true(value: Any) -> bool:
    return value.strip().casefold() in {"1", "true", "yes", "t", "y"} if isinstance(value, str) else bool(value)


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
