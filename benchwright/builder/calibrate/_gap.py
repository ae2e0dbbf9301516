"""Recall on errors that people labelled, beside recall on planted damage of a like kind, with the gap between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files
from math import sqrt
from typing import Any, Final

import polars as pl

from benchwright.builder._auditpairs import KEYLESS
from benchwright.builder._intervals import wilson
from benchwright.builder.calibrate._figures import graded
from benchwright.builder.calibrate._labelled import Labelled, Segment
from benchwright.builder.calibrate._measure import audited
from benchwright.builder.calibrate.planters import KINDS
from benchwright.schemas.item import Item
from benchwright.schemas.parts import DerivedFrom, Exam
from benchwright.schemas.plugins import AuditContext
from benchwright.schemas.rows import to_frame

__all__ = ["GAP", "gap_figures", "human_answers", "human_reliability", "kinds_like"]

_PLACE: Final = "benchwright.builder.calibrate"
_ON: Final = ["item_id", "code", "field"]
ANSWERS: Final = pl.Schema(
    {
        "languages": pl.String(),
        "errors": pl.List(pl.String()),
        "found": pl.Boolean(),
        "risk": pl.Float64(),
        "contrast": pl.Boolean(),
    }
)
GAP: Final = pl.Schema(
    {
        "category": pl.String(),
        **dict.fromkeys(("n", "found"), pl.Int64()),
        **dict.fromkeys(("share", "low", "high"), pl.Float64()),
        **dict.fromkeys(("alone_n", "alone_found"), pl.Int64()),
        "kinds": pl.List(pl.String()),
        **dict.fromkeys(("planted_n", "planted_found"), pl.Int64()),
        **dict.fromkeys(("planted_share", "gap", "gap_low", "gap_high"), pl.Float64()),
    }
)


def human_answers(
    labelled: Labelled, items: pl.DataFrame, context: AuditContext, select: Sequence[str], ignore: Sequence[str]
) -> pl.DataFrame:
    """Audit what people labelled.

    Args:
        labelled: translations with their texts, and verdicts on items.
        items: the items that verdicts speak of.
        context: what the audits know besides those items.
        select: codes that take part.
        ignore: codes that do not.

    Returns:
        One row per translation or item: ``languages``, ``errors`` (categories of its major and critical errors),
        ``found`` (an alarm; of a contrast one that is silent about the text without the error), ``risk`` and
        ``contrast``. The text without the error of a contrast is a row of its own, without errors.
    """
    parts = [pl.DataFrame(schema=ANSWERS)]
    by_file: dict[str, list[Segment]] = {}
    for one in labelled.segments:
        by_file.setdefault(one.file, []).append(one)
    # What looks at a whole file shall not compare one system with another.
    parts += [_of_segments(own, select, ignore) for own in by_file.values()]
    if labelled.judged:
        parts.append(_of_items(labelled, items, context, select, ignore))
    return pl.concat(parts)


def _of_items(
    labelled: Labelled, items: pl.DataFrame, context: AuditContext, select: Sequence[str], ignore: Sequence[str]
) -> pl.DataFrame:
    alarms, risks = audited(items, context, select, ignore)
    said = pl.DataFrame(
        {
            "item_id": [one.item_id for one in labelled.judged],
            "errors": [sorted(one.errors) for one in labelled.judged],
        },
        schema={"item_id": pl.String, "errors": pl.List(pl.String)},
    )
    told = said.join(items.select(pl.col("id").alias("item_id"), "language"), on="item_id", maintain_order="left")
    loud = alarms.filter(~pl.col("wide"))["item_id"].unique()
    return (
        told.join(risks, on="item_id", how="left")
        .with_columns(
            pl.col("language").alias("languages"),
            pl.col("item_id").is_in(loud.implode()).alias("found"),
            pl.col("value").alias("risk"),
            pl.lit(value=False).alias("contrast"),
        )
        .select(list(ANSWERS))
    )


def _of_segments(segments: Sequence[Segment], select: Sequence[str], ignore: Sequence[str]) -> pl.DataFrame:
    plain = [one for one in segments if one.clean is None]
    pairs = [one for one in segments if one.clean is not None]
    parts = [pl.DataFrame(schema=ANSWERS)]
    left_out = (*ignore, *KEYLESS)
    if plain:
        alarms, risks = _run(plain, [one.target for one in plain], select, left_out)
        parts.append(_rows(plain, [one.errors for one in plain], alarms, risks, contrast=False))
    if pairs:
        before, calm = _run(pairs, [one.clean or "" for one in pairs], select, left_out)
        after, risks = _run(pairs, [one.target for one in pairs], select, left_out)
        fresh = after.join(before.select(_ON), on=_ON, how="anti")
        parts.append(_rows(pairs, [one.errors for one in pairs], fresh, risks, contrast=True))
        # One clean translation serves several kinds of error: it is counted once.
        firsts = {(one.source, one.clean): place for place, one in reversed(list(enumerate(pairs)))}
        clean = _rows(pairs, [frozenset()] * len(pairs), before, calm, contrast=True)
        parts.append(clean[sorted(firsts.values())])
    return pl.concat(parts)


def _run(
    segments: Sequence[Segment], targets: Sequence[str], select: Sequence[str], ignore: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    sources, made = [], []
    for number, (one, text) in enumerate(zip(segments, targets, strict=True)):
        exam = Exam(code="labelled", edition="1", part="1", number=str(number))
        group = f"labelled/1/1/{number}"
        common: dict[str, Any] = {"group": group, "origin_language": one.source_language, "kind": "open", "exam": exam}
        source = Item(language=one.source_language, stem=one.source, **common)
        derived = DerivedFrom(id=source.id, text_hash=source.hashes.text_hash)
        name = f"{group}@{one.target_language}#target"
        sources.append(source)
        made.append(
            Item(
                id=name,
                language=one.target_language,
                origin="machine_translation",
                stem=text,
                derived_from=derived,
                **common,
            )
        )
    context = AuditContext(sources=to_frame(sources, Item).lazy())
    return audited(to_frame(made, Item), context, select, ignore)


def _rows(
    segments: Sequence[Segment],
    errors: Sequence[frozenset[str]],
    alarms: pl.DataFrame,
    risks: pl.DataFrame,
    *,
    contrast: bool,
) -> pl.DataFrame:
    names = [f"labelled/1/1/{number}@{one.target_language}#target" for number, one in enumerate(segments)]
    loud = set(alarms.filter(~pl.col("wide"))["item_id"])
    grades = dict(risks.iter_rows())
    return pl.DataFrame(
        {
            "languages": [f"{one.source_language}-{one.target_language}" for one in segments],
            "errors": [sorted(one) for one in errors],
            "found": [name in loud for name in names],
            "risk": [grades.get(name) for name in names],
            "contrast": [contrast] * len(names),
        },
        schema=ANSWERS,
    )


def gap_figures(answers: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
    """Return one row per category that people gave, the most frequent first.

    Columns: ``category`` (``*`` any major or critical error, the empty text none: alarms there are false), ``n``
    translations with it, ``found`` of them with an alarm, ``share``, ``low``, ``high`` (95 %, Wilson), ``alone_n`` and
    ``alone_found`` (those without a severe error of another category), ``kinds`` (planted kinds that are like it),
    ``planted_n``, ``planted_found``, ``planted_share``, and ``gap`` (planted less labelled) with its 95 % interval
    (Newcombe 1998, of two independent shares); null where nothing planted is like it.
    """
    overall = kinds.filter((pl.col("language") == "*") & pl.col("alarm"))
    with_any = answers.filter(pl.col("errors").list.len() > 0)
    named = with_any.explode("errors").group_by("errors").len().sort("len", "errors", descending=[True, False])
    rows = [_row("*", with_any, [], overall), _row("", answers.filter(pl.col("errors").list.len() == 0), [], overall)]
    for category in named["errors"]:
        own = answers.filter(pl.col("errors").list.contains(category))
        rows.append(_row(category, own, kinds_like(category), overall))
    return pl.DataFrame([row for row in rows if row["n"]], schema=GAP)


def _row(category: str, own: pl.DataFrame, kinds: Sequence[str], planted: pl.DataFrame) -> dict[str, Any]:
    n, found = own.height, int(own["found"].sum())
    low, high = wilson(found, n) or (0.0, 1.0)
    alone = own.filter(pl.col("errors").list.len() <= 1)
    like = planted.filter(pl.col("kind").is_in(list(kinds)))
    planted_n, planted_found = int(like["n"].sum()), int(like["found"].sum())
    row: dict[str, Any] = {
        "category": category,
        "n": n,
        "found": found,
        "share": found / n if n else None,
        "low": low,
        "high": high,
        "alone_n": alone.height,
        "alone_found": int(alone["found"].sum()),
        "kinds": like["kind"].to_list(),
        "planted_n": planted_n,
        "planted_found": planted_found,
    }
    return {**row, **_difference(planted_found, planted_n, found, n)} if n and planted_n else row


def _difference(hits: int, n: int, others: int, m: int) -> dict[str, float]:
    one, other = hits / n, others / m
    (low, high), (least, most) = wilson(hits, n) or (0.0, 1.0), wilson(others, m) or (0.0, 1.0)
    gap = one - other
    return {
        "planted_share": one,
        "gap": gap,
        "gap_low": gap - sqrt((one - low) ** 2 + (most - other) ** 2),
        "gap_high": gap + sqrt((high - one) ** 2 + (other - least) ** 2),
    }


def human_reliability(answers: pl.DataFrame) -> dict[str, float | int | None]:
    """Return how well ``risk`` serves as the probability of an error that people call major or critical."""
    wrong = pl.col("errors").list.len() > 0
    return graded(answers.filter(wrong)["risk"].drop_nulls(), answers.filter(~wrong)["risk"].drop_nulls())


def kinds_like(category: str) -> list[str]:
    """Return the planted kinds that a category is like: its own name, or those of the words that it holds."""
    plain = re.sub(r"[^a-z0-9]+", " ", category.casefold()).strip()
    own = plain.replace(" ", "_")
    if own in KINDS:
        return [own]
    chosen = {
        kind for words, kinds in _likenesses() if any(f" {word} " in f" {plain} " for word in words) for kind in kinds
    }
    return [name for name in KINDS if name in chosen]


@lru_cache(maxsize=1)
def _likenesses() -> list[tuple[Iterable[str], Iterable[str]]]:
    from ruamel.yaml import YAML

    text = files(_PLACE).joinpath("kinds_of_labels.yaml").read_text(encoding="utf-8")
    return [(one["words"], one["kinds"]) for one in YAML(typ="safe", pure=True).load(text)]
