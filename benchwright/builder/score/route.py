"""Which items go to people: thresholds over scores that are there, applied and logged without any new number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.builder.score._rows import PEOPLE
from benchwright.builder.store import file_sha256, read_json, write_bytes, write_table
from benchwright.schemas.errors import NotFoundError, Problem

__all__ = ["LOG", "ROUTED", "RouteRun", "RouteWish", "route"]

LOG: Final = "routing.jsonl"
ROUTED: Final = ("item_id", "language", "engine", "text_hash", "reasons", "fields")


@dataclass(frozen=True, slots=True)
class RouteWish:
    """Where the line is drawn; a number without a value routes nothing, an item without a number is told apart."""

    limits: Mapping[str, float] = field(default_factory=dict)
    """Name of a score and the number from which on, in the bad direction, an item is routed; equal is not worse."""
    worst: Mapping[str, float] = field(default_factory=dict)
    """Name of a score and the share of the items of a language, from 0 to 1, that have the worst numbers."""
    unscored: bool = False
    """Route items that lack one of the named scores, too."""


@dataclass(frozen=True)
class RouteRun:
    """The items that go to people, with the line of the log."""

    routed: pl.DataFrame
    entry: dict[str, Any]


def route(folder: Path, wish: RouteWish, out: Path | None = None) -> RouteRun:
    """Return the items that are routed, write them where asked, and add a line to the log of the folder.

    Args:
        folder: what ``score`` wrote.
        wish: limits and shares.
        out: a table (``.parquet``) or list (``.csv``) to write.

    Raises:
        NotFoundError: ``file-not-found`` where the folder has no scores, ``name-unknown`` for a name that no score has.
        OutputError: a file cannot be written.
    """
    facts, scores, about = _read(folder)
    higher = {one["name"]: bool(one["higher"]) for one in facts["metrics"]}
    _known({**wish.limits, **wish.worst}, higher)
    items = scores.filter(pl.col("field").is_null()).join(about, on="item_id")
    parts = [_over(items, name, limit, higher[name]) for name, limit in sorted(wish.limits.items())]
    parts += [_worst(items, name, share, higher[name]) for name, share in sorted(wish.worst.items())]
    if wish.unscored:
        parts += [_unscored(items, name) for name in sorted({*wish.limits, *wish.worst})]
    reasons = pl.concat([pl.DataFrame(schema={"item_id": pl.String, "reason": pl.String, "name": pl.String}), *parts])
    grouped = reasons.join(_worst_fields(scores, higher), on=["item_id", "name"], how="left")
    routed = (
        grouped.group_by("item_id")
        .agg(
            pl.col("reason").sort().alias("reasons"),
            pl.col("worst_field").drop_nulls().unique().sort().alias("fields"),
        )
        .join(about, on="item_id")
        .select(ROUTED)
        .sort("item_id")
    )
    entry = _entry(folder, wish, about, routed)
    if out is not None:
        _write(out, routed)
    _log(folder / LOG, entry)
    return RouteRun(routed, entry)


def _read(folder: Path) -> tuple[dict[str, Any], pl.DataFrame, pl.DataFrame]:
    facts = read_json(folder / "score.json")
    needed = [folder / name for name in ("score.json", "scores.parquet", "scored.parquet")]
    absent = [path for path in needed if not path.is_file()]
    if facts is None or absent:
        raise NotFoundError(
            Problem(
                "file-not-found",
                "there are no scores in the folder",
                str(absent[0] if absent else needed[0]),
                expected="a folder that `benchwright score` wrote",
                remedy="run `benchwright score ITEMS --source ITEMS -o DIR` first",
            )
        )
    return facts, pl.read_parquet(needed[1]), pl.read_parquet(needed[2])


def _known(names: Mapping[str, float], higher: Mapping[str, bool]) -> None:
    problems = [
        Problem("name-unknown", f"no score has the name {name!r}", found=repr(name), expected=", ".join(sorted(higher)))
        for name in sorted(names)
        if name not in higher
    ]
    if problems:
        raise NotFoundError(problems)


def _bad(name: str, *, higher: bool) -> pl.Expr:
    """Return the number of a score so that more is worse."""
    del name
    return -pl.col("value") if higher else pl.col("value")


def _over(items: pl.DataFrame, name: str, limit: float, higher: bool) -> pl.DataFrame:
    bad = _bad(name, higher=higher) > (-limit if higher else limit)
    found = items.filter((pl.col("name") == name) & bad)
    text = f"{name} {'below' if higher else 'above'} {limit:g}"
    return found.select("item_id", pl.lit(text).alias("reason"), "name")


def _worst(items: pl.DataFrame, name: str, share: float, higher: bool) -> pl.DataFrame:
    own = items.filter((pl.col("name") == name) & pl.col("value").is_not_null())
    # Of equal numbers those that sort first by id, so that the share is met to one item.
    order = own.sort(_bad(name, higher=higher), "item_id", descending=[True, False])
    place = pl.int_range(pl.len()).over("language")
    found = order.filter(place < (pl.len().over("language") * share).ceil())
    return found.select("item_id", pl.lit(f"{name} among the worst {share:g}").alias("reason"), "name")


def _unscored(items: pl.DataFrame, name: str) -> pl.DataFrame:
    scored = items.filter((pl.col("name") == name) & pl.col("value").is_not_null())
    rest = items.select("item_id").unique().join(scored, on="item_id", how="anti")
    return rest.select("item_id", pl.lit(f"no {name}").alias("reason"), pl.lit(name).alias("name"))


def _worst_fields(scores: pl.DataFrame, higher: Mapping[str, bool]) -> pl.DataFrame:
    """Return the field that gives each item its number."""
    good = [name for name, up in higher.items() if up]
    bad = pl.when(pl.col("name").is_in(good)).then(-pl.col("value")).otherwise(pl.col("value"))
    fields = scores.filter(pl.col("field").is_not_null() & pl.col("value").is_not_null()).with_columns(bad.alias("bad"))
    return fields.group_by("item_id", "name").agg(
        pl.col("field").sort_by(["bad", "field"], descending=[True, False]).first().alias("worst_field")
    )


def _entry(folder: Path, wish: RouteWish, about: pl.DataFrame, routed: pl.DataFrame) -> dict[str, Any]:
    total = dict(about.group_by("language").len().sort("language").iter_rows())
    own = dict(routed.group_by("language").len().iter_rows())
    people = about.filter(pl.col("engine").is_in(PEOPLE)).height
    return {
        "scores_sha256": file_sha256(folder / "scores.parquet"),
        "limits": dict(sorted(wish.limits.items())),
        "worst": dict(sorted(wish.worst.items())),
        "unscored": wish.unscored,
        "items": about.height,
        "by_people": people,
        "routed": routed.height,
        "share": round(routed.height / about.height, 6) if about.height else 0.0,
        "by_language": {
            str(language): {"items": n, "routed": own.get(language, 0), "share": round(own.get(language, 0) / n, 6)}
            for language, n in total.items()
        },
    }


def _log(path: Path, entry: dict[str, Any]) -> None:
    """Add a line; the same question asked again of the same scores is no new round."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    line = json.dumps(entry, ensure_ascii=False, sort_keys=True)
    if not lines or lines[-1] != line:
        write_bytes(path, ("\n".join([*lines, line]) + "\n").encode())


def _write(out: Path, routed: pl.DataFrame) -> None:
    if out.suffix == ".csv":
        plain = routed.with_columns(pl.col("reasons", "fields").list.join("; "))
        write_bytes(out, plain.write_csv().encode())
    else:
        write_table(out, routed)
