"""``benchwright score``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from benchwright.builder.score import ScoreRun

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "score",
        epilog=examples(
            "benchwright score es.parquet --source en.parquet --back back.parquet -o scores",
            "benchwright score es.parquet --source en.parquet --reference people.parquet -o scores",
            "benchwright score es.parquet --source en.parquet --back back.parquet --metrics chrf,facts -o scores",
            "benchwright score es.parquet --source en.parquet --comet models/wmt22-cometkiwi-da -o scores",
            "benchwright score es.parquet --source en.parquet --back back.parquet --limit 100 -o scores",
            "benchwright score es.parquet --source en.parquet --embed intfloat/multilingual-e5-small -o scores",
        ),
    )(score)


def score(
    files: Annotated[
        list[Path], typer.Argument(metavar="ITEMS...", help="Translations: tables of items, or files to import.")
    ],
    source: Annotated[
        list[Path], typer.Option("--source", metavar="FILE", help="The originals that the items are translated from.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for scores, findings and the page.")],
    back: Annotated[
        list[Path] | None,
        typer.Option("--back", metavar="FILE", help="Translations of the items back into the source's language."),
    ] = None,
    reference: Annotated[
        list[Path] | None,
        typer.Option("--reference", metavar="FILE", help="Other translations of the same originals to compare with."),
    ] = None,
    metrics: Annotated[
        str | None,
        typer.Option("--metrics", metavar="NAMES", help="Of chrf, chrf++, bleu, ter, facts; all by default."),
    ] = None,
    embed: Annotated[
        str | None,
        typer.Option("--embed", metavar="MODEL", help="Model of sentence-transformers: a folder, or a hub name."),
    ] = None,
    comet: Annotated[
        list[str] | None,
        typer.Option("--comet", metavar="MODEL", help="Model of COMET: a checkpoint, its folder, or a hub name."),
    ] = None,
    encoder: Annotated[
        Path | None,
        typer.Option("--comet-encoder", metavar="DIR", help="Config and tokenizer of the encoder, if elsewhere."),
    ] = None,
    bf16: Annotated[bool, typer.Option("--bf16", help="Run COMET in bfloat16: faster, other numbers.")] = False,
    workers: Annotated[
        int, typer.Option("--comet-workers", metavar="N", min=1, help="Processes with COMET, each with a GPU.")
    ] = 1,
    tokens: Annotated[
        int | None, typer.Option("--comet-tokens", metavar="N", min=16, help="Tokens of a batch of COMET.")
    ] = None,
    layout: Annotated[
        str, typer.Option("--layout", metavar="NAME", help="Layout of files that are imported, or auto.")
    ] = "auto",
    language: Annotated[
        str | None, typer.Option("--lang", metavar="TAG", help="Language of translations that are imported.")
    ] = None,
    source_language: Annotated[
        str | None, typer.Option("--source-lang", metavar="TAG", help="Language of originals that are imported.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Only the first items by id.")
    ] = None,
    ids: Annotated[
        Path | None, typer.Option("--ids", metavar="FILE", help="Text file of ids or groups, one a line; no others.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", min=1, help="Processes for the metrics without a model.")
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Score translations per field against back-translation, reference or source; the worst field is the item's.

    A score says nothing about good or bad: thresholds are those of `benchwright route`. A field without a number is
    named with its reason in skipped.parquet. COMET runs in an environment that `benchwright doctor --install comet`
    makes. A run that was stopped goes on where it stood.
    """
    with Reply("score", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.score import METRICS, CometSettings, ScoreWish, score_items
        from benchwright.sources import IntakeOptions

        wish = ScoreWish(
            sources=source,
            back=back or (),
            reference=reference or (),
            metrics=METRICS if metrics is None else tuple(one for one in metrics.split(",") if one),
            embed=embed,
            comet=comet or (),
            settings=CometSettings(
                encoder=None if encoder is None else str(encoder),
                dtype="bf16" if bf16 else "fp32",
                tokens=tokens,
            ),
            comet_workers=workers,
            layout=layout,
            options=IntakeOptions(language=language),
            source_options=IntakeOptions(language=source_language),
            jobs=jobs,
            only=ids,
            limit=limit,
        )
        _show(reply, score_items(files, out, wish, progress=reply.progress))


def _show(reply: Reply, run: ScoreRun) -> None:
    reply.data = {**run.facts, "written": [str(path) for path in run.written]}
    columns = ["language", "engine", "score", "items", "without", "mean", "5 %", "median", "95 %"]
    reply.table(
        "Scores of items, each the worst of its fields",
        columns,
        [
            [
                one.language,
                one.engine,
                one.name,
                one.n,
                one.without,
                *map(_number, (one.mean, one.p5, one.median, one.p95)),
            ]
            for one in run.cells
        ],
    )
    reply.table(
        "Machines beside people",
        ["language", "engine", "score", "questions", "gap", "from", "to"],
        [[one.language, one.engine, one.name, one.n, *map(_number, (one.gap, one.low, one.high))] for one in run.gaps],
    )
    codes = run.table("findings").group_by("code", "severity").len().sort("code", "severity").collect()
    reply.table("Findings by code", ["code", "severity", "findings"], codes.iter_rows())
    for note in run.notes:
        reply.say(f"source: {note}")
    if run.alone:
        reply.say(f"{len(run.alone)} items have no source: {', '.join(run.alone[:5])}{', ...' * (len(run.alone) > 5)}")
    reasons = run.table("skipped").group_by("reason").len().sort("reason").collect()
    reply.table("Fields without a number", ["reason", "fields"], reasons.iter_rows())
    scores, findings = (
        run.table(name).select("item_id").collect(engine="streaming").height for name in ("scores", "findings")
    )
    reply.say(f"{run.items} items, {scores} scores, {findings} findings")
    for path in run.written:
        reply.say(f"wrote {path}")


def _number(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
