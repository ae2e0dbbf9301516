"""``benchwright train-filter`` and ``benchwright train-lid``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from benchwright.builder.training import Training

__all__ = ["register"]

_SHOWN = 20

Files = Annotated[list[Path], typer.Argument(metavar="LABELLED...", help="Tables of texts with their labels.")]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Model to write; its card stands beside it.")]
TextColumn = Annotated[str, typer.Option("--text", metavar="COLUMN", help="Column of the texts.")]
GroupColumn = Annotated[
    str | None, typer.Option("--group", metavar="COLUMN", help="Rows of one group are never split: thread, author.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Decides what is held out and the training.")]
HeldOut = Annotated[
    float, typer.Option("--held-out", metavar="SHARE", min=0.01, max=0.9, help="Share of the rows to measure on.")
]
Epochs = Annotated[int, typer.Option("--epochs", metavar="N", min=1, help="Times that the rows are gone through.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a model that exists.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Read, check and split the rows; train and write nothing.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "train-filter",
        epilog=examples(
            "benchwright train-filter labelled.jsonl -o medical.bin --text question --label kind",
            "benchwright train-filter labelled.csv -o medical.bin --text text --label label --group thread --dry-run",
        ),
    )(train_filter)
    app.command(
        "train-lid",
        epilog=examples("benchwright train-lid sentences.tsv -o languages.bin --text sentence --label language"),
    )(train_lid)


def train_filter(
    files: Files,
    out: Out = Path("model.bin"),
    text: TextColumn = "text",
    label: Annotated[str, typer.Option("--label", metavar="COLUMN", help="Column of the labels.")] = "label",
    group: GroupColumn = None,
    language: Annotated[
        str | None, typer.Option("--lang-column", metavar="COLUMN", help="Column of languages: figures for each.")
    ] = None,
    languages: Annotated[
        list[str] | None, typer.Option("--lang", metavar="TAG", help="Language the model is for; may be repeated.")
    ] = None,
    seed: Seed = 1,
    held_out: HeldOut = 0.2,
    epochs: Epochs = 25,
    overwrite: Overwrite = False,
    dry_run: DryRun = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Train a classifier of texts with fastText and measure it on rows held out.

    Near-identical texts stay on one side of the split. The card beside the model has precision, recall and F1 of each
    label with n and 95 % intervals, the settings and the hash of the model; the filter not_medical takes the model by
    its path.
    """
    settings = {
        "text": text, "label": label, "group": group, "language": language, "languages": languages or [],
        "seed": seed, "held_out": held_out, "epochs": epochs,
    }  # fmt: skip
    with Reply("train-filter", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        _train(reply, files, out, "filter", settings, overwrite=overwrite, dry_run=dry_run)


def train_lid(
    files: Files,
    out: Out = Path("languages.bin"),
    text: TextColumn = "text",
    label: Annotated[str, typer.Option("--label", metavar="COLUMN", help="Column of language tags.")] = "language",
    group: GroupColumn = None,
    seed: Seed = 1,
    held_out: HeldOut = 0.2,
    epochs: Epochs = 25,
    overwrite: Overwrite = False,
    dry_run: DryRun = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Train a model that tells languages apart, and measure it on rows held out.

    The same as train-filter with languages for labels and settings made for short texts; the filter wrong_language
    takes the model by its path.
    """
    settings = {
        "text": text, "label": label, "group": group, "seed": seed, "held_out": held_out, "epochs": epochs,
        "words": 1, "longest": 5, "size": 16,
    }  # fmt: skip
    with Reply("train-lid", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        _train(reply, files, out, "lid", settings, overwrite=overwrite, dry_run=dry_run)


def _train(
    reply: Reply,
    files: list[Path],
    out: Path,
    task: Literal["filter", "lid"],
    settings: dict[str, Any],
    *,
    overwrite: bool,
    dry_run: bool,
) -> None:
    from benchwright.builder.training import TrainingSettings, train_classifier

    told = TrainingSettings.model_validate({"task": task, **settings})
    _show(reply, train_classifier(files, out, told, overwrite=overwrite, dry_run=dry_run, say=reply.say))


def _show(reply: Reply, training: Training) -> None:
    card = training.card
    reply.data = {
        "card": card,
        "rejects": training.rejects.to_dicts(),
        "written": [str(path) for path in training.written],
    }
    columns = ["file", "row", "reason", "detail"]
    shown = training.rejects if reply.verbose else training.rejects.head(_SHOWN)
    reply.table("Rejects", columns, shown.select(columns).iter_rows())
    if shown.height < training.rejects.height:
        reply.say(f"{training.rejects.height - shown.height} more: -v prints all")
    rows = card["rows"]
    reply.say(
        f"{rows['read']} rows = {rows['learnt']} learnt + {rows['held_out']} held out + {rows['merged']} merged"
        f" + {rows['rejected']} rejected; {rows['groups']} groups"
    )
    if "held_out" not in card:
        reply.say("dry run: nothing was trained or written")
        return
    reply.table(
        "Held out",
        ["label", "n", "precision", "95 %", "recall", "95 %", "F1", "95 %"],
        [
            [label, one["n"], one["precision"], _span(one["precision_interval"]), one["recall"],
             _span(one["recall_interval"]), one["f1"], _span(one["f1_interval"])]
            for label, one in card["held_out"]["labels"].items()
        ],
    )  # fmt: skip
    reply.say(card["signature"])
    for path in training.written:
        reply.say(f"wrote {path}")


def _span(interval: list[float] | None) -> str | None:
    return None if interval is None else f"{interval[0]:.3f} to {interval[1]:.3f}"
