"""``benchwright export``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from benchwright.builder.export import TaskWish

__all__ = ["register"]

_SHOWN = 20
_LAYOUT = "layout:"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "export",
        epilog=examples(
            "benchwright export release/1.0.0 --to lm-eval -o tasks",
            "benchwright export release/1.0.0 --to lm-eval -o tasks --shots 5 --prompt english",
            "benchwright export release/1.0.0 --to inspect -o tasks --images --form open",
            "benchwright export release/1.0.0 --to opencompass --lang fr -o ours",
            "benchwright export items.parquet --to layout:medmcqa -o ours.jsonl",
            "benchwright export items.parquet --mapping ours.yaml -o ours.csv",
        ),
    )(export)


def export(
    source: Annotated[
        Path, typer.Argument(metavar="ITEMS", help="Table of items, or the folder of a build or release.")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="PATH", help="Folder of the task, or file of the layout to write.")
    ],
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="FORMAT",
            help="lm-eval, inspect, lighteval, helm, opencompass, mmlu-csv, plain, xliff, or layout:NAME.",
        ),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", metavar="FILE", help="Your own layout as a YAML file.")
    ] = None,
    language: Annotated[
        list[str] | None, typer.Option("--lang", metavar="TAG", help="Only items of this language.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="Name of the task.")] = None,
    shots: Annotated[int, typer.Option("--shots", metavar="N", min=0, help="Solved examples before each.")] = 0,
    shots_from: Annotated[
        str | None, typer.Option("--shots-from", metavar="SPLIT", help="Split that the examples come from.")
    ] = None,
    form: Annotated[str, typer.Option("--form", metavar="FORM", help="mcq, or open: without the options.")] = "mcq",
    prompt: Annotated[
        str, typer.Option("--prompt", metavar="WORDS", help="Words around the question: native or english.")
    ] = "native",
    images: Annotated[bool, typer.Option("--images", help="Take questions with pictures.")] = False,
    rationale: Annotated[bool, typer.Option("--rationale", help="Explain the solved examples.")] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Write items as a task of an evaluation program, or in the layout of a published benchmark.

    A task has the words around the questions in their language, and leaves out what cannot be asked, with the reason.
    A layout is read back before it is kept: an item that would come back as another question is refused.
    """
    if (to is None) == (mapping is None):
        raise typer.BadParameter("give either --to FORMAT or --mapping FILE", param_hint="--to")
    for value, known, hint in ((form, ("mcq", "open"), "--form"), (prompt, ("native", "english"), "--prompt")):
        if value not in known:
            raise typer.BadParameter(f"{value!r} is none of {', '.join(known)}", param_hint=hint)
    with Reply("export", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        if to is None or to.startswith(_LAYOUT):
            _layout(reply, source, out, to and to.removeprefix(_LAYOUT), mapping, language or [])
            return
        from benchwright.builder.export import TaskWish

        wish = TaskWish(
            **({"name": name} if name else {}),
            languages=tuple(language or ()),
            shots=shots,
            shots_from=shots_from,
            form=cast("Any", form),
            prompt=cast("Any", prompt),
            images=images,
            rationale=rationale,
        )
        _task(reply, source, to, out, wish)


def _layout(
    reply: Reply, source: Path, out: Path, layout: str | None, mapping: Path | None, languages: list[str]
) -> None:
    from benchwright.builder.export import export_items

    language = languages[0] if languages else None
    run = export_items(source, out, layout, mapping=mapping, language=language)
    reply.data = asdict(run)
    refused = [(one.id, one.reason) for one in run.refused]
    reply.table("Refused", ["item", "reason"], refused if reply.verbose else refused[:_SHOWN])
    reply.table("What the layout does not hold", ["field", "items"], run.losses.items())
    if run.empty:
        reply.say(f"left empty: {', '.join(run.empty)}")
    reply.say(f"wrote {out}: {run.records} records of {run.items} items, {len(run.refused)} refused")
    reply.say(f"read back: {run.checked} items with the same question, options and key")


def _task(reply: Reply, source: Path, to: str, out: Path, wish: TaskWish) -> None:
    from benchwright.builder.export import export_task

    run = export_task(source, to, out, wish)
    reply.data = asdict(run)
    rows = [(language, n, run.shots.get(language, 0), run.words[language]) for language, n in run.asked.items()]
    reply.table("Questions", ["language", "asked", "solved examples", "words"], rows)
    reply.table("Left out", ["reason", "items"], [(why, len(ids)) for why, ids in run.left_out.items()])
    if reply.verbose:
        reply.table("Items left out", ["item", "reason"], [(i, why) for why, ids in run.left_out.items() for i in ids])
    for path in run.files if reply.verbose else []:
        reply.say(f"wrote {path}")
    reply.say(f"wrote {len(run.files)} files under {out}")
