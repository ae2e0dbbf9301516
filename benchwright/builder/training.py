"""Labelled rows -> a classifier with its figures on rows that it has not seen: ``train-filter`` and ``train-lid``."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from benchwright.audits._lid import fasttexts
from benchwright.builder._alike import alike_groups
from benchwright.builder._figures import held_out_figures
from benchwright.builder._labelled import Labelled, read_labelled
from benchwright.builder.store import file_sha256, replacing, write_json, writing
from benchwright.schemas.errors import InputError, OutputError, Problem
from benchwright.schemas.signature import signature
from benchwright.schemas.text import sha256_of

__all__ = ["Training", "TrainingSettings", "train_classifier"]

_FORMAT: Final = 1


class TrainingSettings(BaseModel):
    """How rows are read, split and learnt; all of it is in the card and in the signature of the model.

    ``least`` rows of each label are needed; ``shortest`` to ``longest`` are the pieces of words that are looked at.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    task: Literal["filter", "lid"] = "filter"
    text: str
    label: str
    group: str | None = None
    language: str | None = None
    languages: tuple[str, ...] = ()
    seed: int = Field(default=1, ge=0, le=2**31 - 1)
    held_out: float = Field(default=0.2, gt=0, lt=1)
    least: int = Field(default=10, ge=2)
    epochs: int = Field(default=25, ge=1)
    rate: float = Field(default=0.5, gt=0)
    size: int = Field(default=32, ge=4)
    words: int = Field(default=2, ge=1)
    shortest: int = Field(default=2, ge=0)
    longest: int = Field(default=4, ge=0)
    buckets: int = Field(default=50_000, ge=5_000)


@dataclass(frozen=True)
class Training:
    """What was done, or would be: ``card`` is what stands beside the model, without figures after a dry run."""

    card: dict[str, Any]
    rejects: pl.DataFrame
    written: tuple[Path, ...]


def train_classifier(
    files: list[Path],
    out: Path,
    settings: TrainingSettings,
    *,
    overwrite: bool = False,
    dry_run: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Training:
    """Train on a part of the rows, measure on the rest, and write model and card.

    The model that is written is the one that was measured. The same rows in any order, settings and fastText give the
    same bytes.

    Raises:
        InputError: the rows cannot be read, or no classifier can be learnt from them.
        MissingDependencyError: fastText is not installed.
        OutputError: the model exists and ``overwrite`` is not given, or cannot be written.
    """
    if out.exists() and not overwrite and not dry_run:
        problem = Problem("output-exists", "the model exists", str(out), remedy="give --overwrite, or another name")
        raise OutputError(problem)
    labelled = read_labelled(files, settings.text, settings.label, settings.group, settings.language, settings.task)
    labels = _labels(labelled, settings)
    rows = _split(labelled.rows, labels, settings)
    card = _plan(labelled, rows, labels, settings)
    if dry_run:
        return Training(card, labelled.rejects, ())
    learnt = rows.filter(~pl.col("held"))
    say(f"training on {learnt.height} rows")
    with tempfile.TemporaryDirectory() as folder:
        trained = Path(folder) / "model.bin"
        rate = _learn(learnt, settings, trained)
        _save(trained, out)
    held = _measured(out, rows.filter("held"))
    digest = file_sha256(out) or ""
    figures = held_out_figures(held, labels, settings.seed)
    if settings.language is not None:
        figures["languages"] = {
            str(tongue): held_out_figures(part, tuple(sorted(part["label"].unique())), settings.seed)
            for (tongue,), part in sorted(held.drop_nulls("language").group_by("language"), key=lambda one: str(one[0]))
        }
    card |= {"sha256": digest, "rate": rate, "library": fasttexts.library_version(), "held_out": figures}
    card["signature"] = _signature(settings, figures, digest)
    write_json(fasttexts.card_path(out), card)
    return Training(card, labelled.rejects, (out, fasttexts.card_path(out)))


def _labels(labelled: Labelled, settings: TrainingSettings) -> tuple[str, ...]:
    counts = dict(labelled.rows["label"].value_counts().sort("label").iter_rows())
    found = ", ".join(f"{label} {count}" for label, count in counts.items()) or "no usable row"
    if len(counts) < 2:
        raise _impossible("there is one label only, and nothing to tell apart", found, "two labels or more")
    few = [label for label, count in counts.items() if count < settings.least]
    if few:
        expected = f"at least {settings.least} different texts of each label"
        raise _impossible(f"too few rows of {', '.join(few)}", found, expected)
    return tuple(counts)


def _split(rows: pl.DataFrame, labels: tuple[str, ...], settings: TrainingSettings) -> pl.DataFrame:
    """Hold out whole groups, in an order that the seed and the texts decide, until each label has its share."""
    rows = rows.with_columns(group=alike_groups(rows["line"], rows["group"]))
    wanted = {label: settings.held_out * rows.filter(pl.col("label") == label).height for label in labels}
    have = dict.fromkeys(labels, 0)
    left = {label: rows.filter(pl.col("label") == label).height for label in labels}
    held: list[int] = []
    groups = rows.group_by("group").agg(pl.col("line").min(), pl.col("label").value_counts()).to_dicts()
    groups.sort(key=lambda one: hashlib.sha256(f"{settings.seed}\n{one['line']}".encode()).digest())
    for group in groups:
        counts = {one["label"]: one["count"] for one in group["label"]}
        # A group that would go far beyond the share of a label, or take all that is left of it, is learnt from.
        if all(have[label] + count / 2 < wanted[label] and count < left[label] for label, count in counts.items()):
            held.append(group["group"])
            for label, count in counts.items():
                have[label] += count
                left[label] -= count
    for label in labels:
        if have[label] == 0:
            count = rows.filter(pl.col("label") == label)["group"].n_unique()
            raise _impossible(
                f"no row of {label} can be held out: its texts are too much alike",
                f"{count} groups of near-identical texts",
                "texts that differ, or a larger --held-out",
            )
    return rows.with_columns(held=pl.col("group").is_in(held))


def _plan(
    labelled: Labelled, rows: pl.DataFrame, labels: tuple[str, ...], settings: TrainingSettings
) -> dict[str, Any]:
    held = rows.filter("held")
    return {
        "format": _FORMAT,
        "task": settings.task,
        "labels": list(labels),
        "languages": list(settings.languages) or sorted(rows["language"].drop_nulls().unique().to_list()),
        "normalisation": fasttexts.NORMALISATION,
        "settings": settings.model_dump(mode="json", exclude={"task", "languages"}),
        "rows": {
            "read": labelled.read,
            "rejected": labelled.rejects.height,
            "merged": labelled.merged,
            "learnt": rows.height - held.height,
            "held_out": held.height,
            "groups": rows["group"].n_unique(),
        },
        "learnt": dict(rows.filter(~pl.col("held"))["label"].value_counts().sort("label").iter_rows()),
        "data": sha256_of(sorted(f"{label}\t{line}" for label, line in rows.select("label", "line").iter_rows())),
    }


def _learn(rows: pl.DataFrame, settings: TrainingSettings, model: Path) -> float:
    # The order decides the bytes of the model: it hangs on the texts alone, and mixes the labels.
    digests = [hashlib.sha256(line.encode()).hexdigest() for line in rows["line"]]
    ordered = rows.with_columns(digest=pl.Series(digests)).sort("digest", "label")
    lines = ordered.select(pl.format("{}{} {}", pl.lit(fasttexts.LABEL), pl.col("label"), pl.col("line"))).to_series()
    path = model.with_suffix(".txt")
    path.write_text("\n".join(lines.to_list()) + "\n", encoding="utf-8")
    return fasttexts.train(
        path,
        model,
        settings.rate,
        seed=settings.seed,
        epoch=settings.epochs,
        dim=settings.size,
        wordNgrams=settings.words,
        minn=settings.shortest,
        maxn=settings.longest,
        bucket=settings.buckets,
        minCount=1,
    )


def _save(trained: Path, out: Path) -> None:
    # A card of an earlier model would not fit this one.
    with writing(out):
        fasttexts.card_path(out).unlink(missing_ok=True)
    with replacing(out) as file, trained.open("rb") as saved:
        shutil.copyfileobj(saved, file)


def _measured(out: Path, held: pl.DataFrame) -> pl.DataFrame:
    model = replace(fasttexts.load_model(out), card={"normalisation": fasttexts.NORMALISATION})
    told, _ = model.best(held["line"])
    return held.with_columns(told=told).sort("line", "label")


def _signature(settings: TrainingSettings, figures: dict[str, Any], digest: str) -> str:
    f1 = [f"{label}={one['f1']}" for label, one in figures["labels"].items()]
    return signature(
        f"train-{settings.task}",
        model=digest,
        settings=sha256_of(settings.model_dump(mode="json"))[:8],
        figures=sha256_of(figures)[:8],
        f1=f1,
        n=figures["n"],
        seed=settings.seed,
    )


def _impossible(message: str, found: str, expected: str) -> InputError:
    remedy = "label more rows; docs/filters.md says how many are worth it"
    return InputError(Problem("training-impossible", message, found=found, expected=expected, remedy=remedy))
