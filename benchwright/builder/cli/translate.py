"""``benchwright translate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchwright.builder.cli._group import OWN, OwnGroup
from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples, keep_memory
from benchwright.builder.cli._people import add_people

if TYPE_CHECKING:
    from benchwright.builder.translate import DryRun, TranslateRun

__all__ = ["register"]

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command with its sub-commands."""
    group = typer.Typer(cls=OwnGroup, rich_markup_mode=None, add_completion=False)
    group.command(
        OWN,
        epilog=examples(
            "benchwright translate items.parquet --to es --engine apertium -o es.parquet",
            "benchwright translate items.parquet --to es,fr --engine transformers --set model=models/nllb",
            "benchwright translate items.parquet --to pl --engine openai --set url=http://localhost:8000/v1 --dry-run",
            "benchwright translate items.parquet --to es --engine apertium --engine openai#gpt --choose gpt",
            "benchwright translate items.parquet --to es --engine apertium --engine openai#gpt --choose chrf_back "
            "--scores scores",
            "benchwright translate items.parquet --to es --engine apertium --limit 20 -o trial.parquet",
            "benchwright translate --engines",
        ),
    )(translate)
    add_people(group)
    app.add_typer(group, name="translate", help="Make versions of items in other languages.")


def translate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="ITEMS...", help="Tables of items, folders of projects, or files to import."),
    ] = None,
    to: Annotated[
        list[str] | None, typer.Option("--to", metavar="LANGS", help="Languages to translate into, parted by commas.")
    ] = None,
    engine: Annotated[
        list[str] | None,
        typer.Option("--engine", metavar="NAME[#VARIANT]", help="Engine; several make versions side by side."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Table of the versions to write or to continue.")
    ] = Path("translated.parquet"),
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Setting of the engine, or ENGINE.KEY=VALUE of one of several."
        ),
    ] = None,
    source: Annotated[
        str | None, typer.Option("--from", metavar="LANG", help="Language to translate from, where there are several.")
    ] = None,
    layout: Annotated[
        str, typer.Option("--layout", metavar="NAME", help="Layout of files that are imported, or auto.")
    ] = "auto",
    glossary: Annotated[
        Path | None,
        typer.Option("--glossary", metavar="FILE", help="Terms that must stay or be translated so: CSV, TSV or TBX."),
    ] = None,
    numbers: Annotated[
        bool, typer.Option("--protect-numbers", help="Keep numbers and their units from the engine too.")
    ] = False,
    choose: Annotated[
        str | None,
        typer.Option(
            "--choose",
            metavar="VARIANTS",
            help="Which version is the choice, best first; or, with --scores, a score.",
        ),
    ] = None,
    scores: Annotated[
        Path | None,
        typer.Option("--scores", metavar="DIR", help="Folder of `benchwright score`: the best number is the choice."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Only the first items by id.")
    ] = None,
    ids: Annotated[
        Path | None, typer.Option("--ids", metavar="FILE", help="Text file of ids or groups, one a line; no others.")
    ] = None,
    cache: Annotated[
        Path | None,
        typer.Option("--cache", metavar="FILE", help="File of finished translations, instead of the user's."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it would take, by language and engine; nothing is translated.")
    ] = False,
    listed: Annotated[bool, typer.Option("--engines", help="List the engines and their settings.")] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Make versions of items in other languages, by engines: each item comes as a whole, or is refused with a reason.

    Group, option ids, key, labels and media stay; markup, formulas and placeholders come back as they were. A run that
    was stopped goes on where it stood; with a table that exists only versions whose source changed are made again, and
    those of people never. Sub-commands: `translate export` and `translate import` for translators.
    """
    with Reply("translate", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        keep_memory()
        if listed:
            _list_engines(reply)
            return
        from benchwright.builder.translate import TranslateWish, dry_run_items, engine_wishes, translate_items

        if scores is not None and (not choose or "," in choose):
            raise typer.BadParameter("name one score with --choose", param_hint="--scores")
        if not files or not to or not engine:
            raise typer.BadParameter("give ITEMS, --to and --engine", param_hint="translate")
        wish = TranslateWish(
            to=to,
            engines=engine_wishes(engine, settings or ()),
            source=source,
            glossary=glossary,
            numbers=numbers,
            choose=[one.strip() for one in (choose or "").split(",") if one.strip()],
            scores=scores,
            only=ids,
            limit=limit,
            cache=cache,
        )
        if dry_run:
            _show_dry(reply, dry_run_items(files, out, wish, layout=layout))
            return
        _show(reply, translate_items(files, out, wish, layout=layout, progress=reply.progress))


def _list_engines(reply: Reply) -> None:
    from benchwright.builder.translate import engines

    known = engines()
    reply.data = {"engines": {name: dict(one.settings) for name, one in known.items()}}
    reply.table(
        "Engines",
        ["engine", "setting", "what it does"],
        [[name, key, text] for name, one in known.items() for key, text in (one.settings or {"-": "-"}).items()],
    )


def _show_dry(reply: Reply, rows: list[DryRun]) -> None:
    from dataclasses import asdict

    reply.data = {"dry_run": [asdict(one) for one in rows]}
    reply.table(
        "What it would take",
        ["engine", "to", "items", "to make", "texts", "words", "characters", "tokens in", "tokens out", "cost"],
        [
            [
                one.engine,
                one.language,
                one.items,
                one.to_make,
                one.texts,
                one.words,
                one.characters,
                one.tokens_in,
                one.tokens_out,
                one.cost,
            ]
            for one in rows
        ],
    )


def _show(reply: Reply, run: TranslateRun) -> None:
    counts = [one for one in run.ledger if one.event == "count" and one.unit == "item"]
    outcomes = dict(run.told.group_by("outcome").len().sort("outcome").iter_rows())
    reply.data = {
        "items": run.items,
        "made": run.made,
        "kept": run.kept,
        "stale": run.stale,
        "rejected": run.rejects.height,
        "asked": run.asked,
        "on_disk": run.known,
        "spans": outcomes,
        "said": run.said,
        "ledger": [one.model_dump(mode="json") for one in run.ledger],
        "written": [str(path) for path in run.written],
    }
    reply.table(
        "Versions",
        ["version", "items", "there", "rejected", "how"],
        [
            [one.subject, one.rows_in, one.rows_out, one.rows_rejected, (one.detail or "").split("|")[0]]
            for one in counts
        ],
    )
    shown = run.rejects if reply.verbose else run.rejects.head(_SHOWN)
    reply.table("Rejects", ["language", "reason", "detail"], shown.select("language", "reason", "detail").iter_rows())
    if shown.height < run.rejects.height:
        reply.say(f"{run.rejects.height - shown.height} more: -v prints all")
    if outcomes:
        reply.say("spans and notes: " + ", ".join(f"{name} {count}" for name, count in outcomes.items()))
    for one in [one for one in run.ledger if one.reason == "chosen"][: None if reply.verbose else _SHOWN]:
        reply.say(f"chosen for {one.subject}: {one.detail}")
    for said in run.said:
        reply.say(said)
    reply.say(f"{run.made} made, {run.kept} kept, {run.stale} stale, {run.rejects.height} rejected")
    for path in run.written:
        reply.say(f"wrote {path}")
