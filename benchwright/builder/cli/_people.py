"""``benchwright translate export`` and ``translate import``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

__all__ = ["add_people"]

_SHOWN = 20


def add_people(group: typer.Typer) -> None:
    """Add the sub-commands."""
    group.command(
        "export",
        epilog=examples(
            "benchwright translate export items.parquet --to pl --format xliff -o agency",
            "benchwright translate export items.parquet --to pl,uk --format xlsx --draft machine.parquet -o agency",
            "benchwright translate export items.parquet --to pl --format csv --glossary terms.tbx --price 0.12",
            "benchwright translate export items.parquet --to pl --format tmx --draft done.parquet -o memory",
        ),
    )(export)
    group.command(
        "import",
        epilog=examples(
            "benchwright translate import agency/pl.xlf --sent agency/pl.sent.parquet --items items.parquet",
            "benchwright translate import back.xlsx --sent agency/pl.sent.parquet --items items.parquet --by Agency",
        ),
    )(take)


def export(
    files: Annotated[
        list[Path], typer.Argument(metavar="ITEMS...", help="Tables of items, folders of projects, or files to import.")
    ],
    to: Annotated[list[str], typer.Option("--to", metavar="LANGS", help="Languages, parted by commas.")],
    form: Annotated[
        str,
        typer.Option("--format", metavar="NAME", help="xliff (2.1), xliff12, xlsx, csv or tmx (of drafts)."),
    ] = "xliff",
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder to write to.")] = Path("translators"),
    source: Annotated[
        str | None, typer.Option("--from", metavar="LANG", help="Language to translate from, where there are several.")
    ] = None,
    draft: Annotated[
        Path | None, typer.Option("--draft", metavar="FILE", help="Translations that are given as drafts.")
    ] = None,
    glossary: Annotated[
        Path | None, typer.Option("--glossary", metavar="FILE", help="Terms for the notes: CSV, TSV or TBX.")
    ] = None,
    only: Annotated[
        Path | None, typer.Option("--only", metavar="FILE", help="Text file of ids or groups, one a line; no others.")
    ] = None,
    price: Annotated[
        float | None, typer.Option("--price", metavar="N", help="Price of a word, for the count sheet.")
    ] = None,
    draft_price: Annotated[
        float | None, typer.Option("--draft-price", metavar="N", help="Price of a word that has a draft.")
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Write items for translators, one file for each language, with notes, drafts and a sheet of words and cost.

    The record `LANG.sent.parquet` stays here: what comes back is checked against it.
    """
    with Reply("translate export", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from dataclasses import asdict

        from benchwright.builder.translate import parse_languages
        from benchwright.builder.translate._people import export_items

        made = export_items(
            files,
            out,
            parse_languages(to),
            form,
            source=source,
            drafts=draft,
            glossary=glossary,
            only=only,
            price=price,
            draft_price=draft_price,
        )
        reply.data = {"counts": [asdict(one) for one in made.counts], "written": [str(path) for path in made.written]}
        reply.table(
            "For translators",
            ["language", "items", "fields", "words", "repeated", "with a draft", "cost"],
            [list(asdict(one).values()) for one in made.counts],
        )
        for path in made.written:
            reply.say(f"wrote {path}")


def take(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What came back.")],
    sent: Annotated[Path, typer.Option("--sent", metavar="FILE", help="Record of what was sent: LANG.sent.parquet.")],
    items: Annotated[list[Path], typer.Option("--items", metavar="ITEMS", help="The items that were sent.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Table of versions to write or to add to.")
    ] = Path("translated.parquet"),
    form: Annotated[
        str, typer.Option("--format", metavar="NAME", help="xliff, xliff12, xlsx, csv, tmx, or auto by the suffix.")
    ] = "auto",
    variant: Annotated[
        str, typer.Option("--variant", metavar="NAME", help="What tells these versions from others; empty for none.")
    ] = "human",
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who translated: the contributor.")] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Take translations of people back: an item comes whole and checked, or is refused with its reasons.

    Checked are ids, sources, missing and doubled fields, protected pieces, and that the item did not change meanwhile.
    Versions of engines stay beside them; the distance between draft and result is written for each field.
    """
    with Reply("translate import", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.translate._people import take_back

        taken = take_back(file, sent, items, out, form=form, variant=variant or None, by=by)
        reply.data = {
            "items": len(taken.items),
            "rejected": taken.rejects.height,
            "notes": taken.notes.height,
            "ledger": [one.model_dump(mode="json") for one in taken.ledger],
            "written": [str(path) for path in taken.written],
        }
        shown = taken.rejects if reply.verbose else taken.rejects.head(_SHOWN)
        reply.table("Rejects", ["reason", "detail"], shown.select("reason", "detail").iter_rows())
        if shown.height < taken.rejects.height:
            reply.say(f"{taken.rejects.height - shown.height} more: -v prints all")
        reply.table("Notes", ["item", "field", "note"], taken.notes.head(_SHOWN).iter_rows())
        ledger = taken.ledger[0]
        reply.say(f"{ledger.rows_in} items sent = {ledger.rows_out} taken + {ledger.rows_rejected} rejected")
        for path in taken.written:
            reply.say(f"wrote {path}")
