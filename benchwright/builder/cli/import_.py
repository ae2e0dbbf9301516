"""``benchwright import``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples, keep_memory

if TYPE_CHECKING:
    from benchwright.builder.importing import ImportRun

__all__ = ["register"]

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "import",
        epilog=examples(
            "benchwright import medmcqa/*.parquet -o items.parquet",
            "benchwright import anatomy_test.csv --layout mmlu_csv --lang ja --dataset jmmlu -o items.parquet",
            "benchwright import ours.csv --draft ours.yaml",
            "benchwright import ours.csv --mapping ours.yaml -o items.parquet",
            "benchwright import newer.csv --link-to older/items.parquet -o items.parquet",
            "benchwright import Posts.xml --layout forum --lang en -o items.parquet",
        ),
    )(import_)


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help="Tables of questions, or folders of them.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Table of items to write.")] = Path(
        "items.parquet"
    ),
    layout: Annotated[str, typer.Option("--layout", metavar="NAME", help="Layout by name, auto, or forum.")] = "auto",
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", metavar="FILE", help="Your own layout, or the profile of a forum, as YAML."),
    ] = None,
    language: Annotated[str | None, typer.Option("--lang", metavar="TAG", help="Language of all the files.")] = None,
    dataset: Annotated[str | None, typer.Option("--dataset", metavar="NAME", help="First part of the ids.")] = None,
    config: Annotated[str | None, typer.Option("--config", metavar="NAME", help="Second part of the ids.")] = None,
    split: Annotated[str | None, typer.Option("--split", metavar="NAME", help="Third part of the ids.")] = None,
    key_form: Annotated[
        str | None, typer.Option("--key-form", metavar="FORM", help="letter, label, index or text.")
    ] = None,
    key_base: Annotated[
        int | None, typer.Option("--key-base", metavar="N", min=0, max=1, help="Number of the first option.")
    ] = None,
    delimiter: Annotated[str | None, typer.Option("--delimiter", metavar="SIGN", help="What parts the fields.")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", metavar="NAME", help="Encoding of the text.")] = None,
    draft: Annotated[
        Path | None, typer.Option("--draft", metavar="FILE", help="Write a mapping for the first file and stop.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="Records of each file.")] = None,
    link_to: Annotated[
        Path | None,
        typer.Option("--link-to", metavar="OLD", help="Older import: the same questions get its ids, by content."),
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Turn an existing benchmark into a table of items; every record becomes an item or a reject with its reason.

    The layout is told by names and contents of the columns and shown with its reasons; where two fit alike, or the
    data do not say whether keys count from 0 or 1, the command asks and takes nothing by guess.
    """
    with Reply("import", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        keep_memory()
        from benchwright.builder.importing import import_files, write_draft
        from benchwright.sources import IntakeOptions

        if draft is not None:
            write_draft(files[0], draft)
            reply.data = {"written": [str(draft)]}
            reply.say(f"wrote {draft}: check every line, then give it with --mapping")
            return
        if layout == "forum":
            from benchwright.builder.cli._forum import take_forum

            take_forum(reply, files, out, mapping, language, dataset)
            return
        options = IntakeOptions(
            dataset=dataset,
            config=config,
            split=split,
            language=language,
            key_form=_form(key_form),
            key_base=cast("Literal[0, 1] | None", key_base),
            delimiter=delimiter,
            encoding=encoding,
            limit=limit,
        )
        _show(reply, import_files(files, out, layout=layout, mapping=mapping, options=options, progress=reply.progress))
        if link_to is not None:
            _carry(reply, out, link_to)


def _carry(reply: Reply, out: Path, old: Path) -> None:
    """Give the items the ids that they had before, and say where that could not be."""
    from benchwright.builder.carrying import carry_ids

    carried = carry_ids(out, old)
    reply.data["carried"] = {
        "carried": carried.carried,
        "changed": carried.changed,
        "renamed": carried.renamed,
        "listed": carried.listed.height,
    }
    rows = carried.listed if reply.verbose else carried.listed.head(_SHOWN)
    reply.table("Not carried over", ["new", "old", "reason"], rows.select("left", "right", "reason").rows())
    reply.say(
        f"{carried.carried} items have the ids of {old} ({carried.changed} had others), "
        f"{carried.renamed} new items would have had the id of another question and were named anew"
    )
    for path in carried.written:
        reply.say(f"wrote {path}: {carried.listed.height} rows of what could not be carried over")


def _form(word: str | None) -> Literal["letter", "label", "index", "text"] | None:
    forms = ("letter", "label", "index", "text")
    if word is not None and word not in forms:
        raise typer.BadParameter(f"{word!r} is none of {', '.join(forms)}", param_hint="--key-form")
    return cast("Literal['letter', 'label', 'index', 'text'] | None", word)


def _show(reply: Reply, run: ImportRun) -> None:
    from dataclasses import asdict

    reply.data = {
        "items": run.items,
        "rejects": run.rejects.height,
        "files": [asdict(one) for one in run.files],
        "ledger": run.ledger.model_dump(mode="json"),
        "written": [str(path) for path in run.written],
    }
    reply.table(
        "Files",
        ["file", "layout", "language", "records", "items", "keyed", "rejected"],
        [[one.file, one.layout, one.language, one.records, one.items, one.keyed, one.rejected] for one in run.files],
    )
    for one in run.files:
        for text in one.reasons if reply.verbose else ():
            reply.say(f"{one.file}: {text}")
        for text in one.doubts:
            reply.say(f"{one.file}: doubt: {text}")
        if one.unused:
            reply.say(f"{one.file}: columns not used: {', '.join(one.unused)}")
    columns = ["file", "number", "reason", "detail"]
    shown = run.rejects if reply.verbose else run.rejects.head(_SHOWN)
    reply.table("Rejects", ["file", "record", "reason", "detail"], shown.select(columns).iter_rows())
    if shown.height < run.rejects.height:
        reply.say(f"{run.rejects.height - shown.height} more: -v prints all")
    ledger = run.ledger
    reply.say(f"{ledger.rows_in} records = {ledger.rows_out} items + {ledger.rows_rejected} rejected")
    for path in run.written:
        reply.say(f"wrote {path}")
