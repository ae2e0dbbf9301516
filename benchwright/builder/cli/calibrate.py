"""``benchwright calibrate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from benchwright.builder.calibrate import Calibration

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "calibrate",
        epilog=examples(
            "benchwright calibrate translated.csv --source original.csv -o calibration",
            "benchwright calibrate myexam -o calibration --write-recipe",
            "benchwright calibrate translated.csv --source original.csv --labelled mqm.tsv -o calibration",
            "benchwright calibrate items.parquet --kinds dose_x10,negation_dropped,number_spelled",
            "benchwright calibrate translated.csv --source original.csv --withhold-words -o calibration",
        ),
    )(calibrate)


def calibrate(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES...", help="Projects that were built, tables of items, or files to import."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for the tables, page and thresholds.")
    ] = None,
    source: Annotated[
        list[Path] | None,
        typer.Option("--source", metavar="FILE", help="The originals that the items are translated from."),
    ] = None,
    layout: Annotated[
        str, typer.Option("--layout", metavar="NAME", help="Layout of files that are imported, or auto.")
    ] = "auto",
    source_layout: Annotated[
        str, typer.Option("--source-layout", metavar="NAME", help="Layout of the files of --source, or auto.")
    ] = "auto",
    language: Annotated[
        str | None, typer.Option("--lang", metavar="TAG", help="Language of the files that are imported.")
    ] = None,
    source_language: Annotated[
        str | None, typer.Option("--source-lang", metavar="TAG", help="Language of the files of --source.")
    ] = None,
    kinds: Annotated[
        list[str] | None, typer.Option("--kinds", metavar="NAMES", help="Only these kinds of damage.")
    ] = None,
    select: Annotated[
        list[str] | None, typer.Option("--select", metavar="CODES", help="Only these codes or beginnings of codes.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="CODES", help="Not these codes or beginnings of codes.")
    ] = None,
    per_kind: Annotated[
        int, typer.Option("--per-kind", metavar="N", min=1, help="Damaged items for each kind and language.")
    ] = 100,
    sample: Annotated[int, typer.Option("--sample", metavar="N", min=10, help="Most items of each language.")] = 3000,
    labelled: Annotated[
        list[Path] | None,
        typer.Option("--labelled", metavar="FILE", help="Errors that people labelled, to set beside the planted ones."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="The same seed plants the same damage.")] = 1,
    budget: Annotated[
        float,
        typer.Option("--budget", metavar="SHARE", min=0, max=1, help="Share of items that one code may flag."),
    ] = 0.02,
    withhold: Annotated[
        bool,
        typer.Option("--withhold-words", help="Look again without half of the words that the audits know."),
    ] = False,
    write_recipe: Annotated[
        bool, typer.Option("--write-recipe", help="Write the thresholds into the recipe of the project.")
    ] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Plant known errors into your own items and say which of them the audit finds, and where it cries wolf.

    Over forty kinds: doses ten times as great, lost negations, swapped options, shifted keys, dropped clauses, wrong
    languages; and changes that keep the meaning, where an alarm is false. Nothing is written into the items.
    """
    with Reply("calibrate", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.calibrate import CalibrateWish, calibrate_files
        from benchwright.builder.calibrate._page import write_calibration
        from benchwright.builder.calibrate._recipe import write_into_recipe
        from benchwright.sources import IntakeOptions

        wish = CalibrateWish(
            sources=source or (),
            layout=layout,
            source_layout=source_layout,
            options=IntakeOptions(language=language),
            source_options=IntakeOptions(language=source_language),
            kinds=_words(kinds),
            select=_words(select) or ("all",),
            ignore=_words(ignore),
            wanted=per_kind,
            labelled=labelled or (),
            sample=sample,
            seed=seed,
            budget=budget,
            withhold=withhold,
        )
        run = calibrate_files(files, wish, progress=reply.progress)
        written = write_calibration(run, out) if out else []
        if write_recipe:
            written.append(write_into_recipe(run, files))
        _show(reply, run, written)


def _words(given: list[str] | None) -> tuple[str, ...]:
    return tuple(one.strip() for word in given or () for one in word.split(",") if one.strip())


def _show(reply: Reply, run: Calibration, written: list[Path]) -> None:
    import polars as pl

    for note in run.notes:
        reply.say(f"input: {note}")
    if run.alone:
        reply.say(f"{len(run.alone)} items have no source: {', '.join(run.alone[:5])}{', ...' * (len(run.alone) > 5)}")
    overall = run.kinds.filter(pl.col("language") == "*")
    reply.data = {
        "items": run.items,
        "languages": run.languages,
        "kinds": run.kinds.to_dicts(),
        "alarms": run.alarms.to_dicts(),
        "thresholds": run.thresholds.to_dicts(),
        "reliability": run.reliability,
        "withheld": None if run.withheld is None else run.withheld.to_dicts(),
        "gap": None if run.gap is None else run.gap.to_dicts(),
        "reliability_labelled": run.human or None,
        "unseen": run.unseen,
        "not_planted": run.not_planted,
        "notes": run.notes,
        "without_source": run.alone,
        "written": [str(path) for path in written],
    }
    for title, alarm in (("Damage that is found", True), ("Changes that keep the meaning", False)):
        rows = [
            [
                row["kind"],
                row["n"],
                f"{row['share']:.1%}",
                f"{row['low']:.1%} to {row['high']:.1%}",
                f"{row['held_kept']} of {row['held_n']}",
                ", ".join(row["codes"]),
            ]
            for row in overall.filter(pl.col("alarm") == alarm).iter_rows(named=True)
        ]
        reply.table(title, ["kind", "n", "found" if alarm else "alarms", "95 % interval", "held back", "codes"], rows)
    _show_withheld(reply, run)
    _show_gap(reply, run)
    shares = run.alarms.filter(pl.col("code") == "*")
    rows = [[row["language"], row["n"], row["flagged"], f"{row['share']:.2%}"] for row in shares.iter_rows(named=True)]
    reply.table("Items as they are with an alarm (real errors among them)", ["language", "n", "flagged", "share"], rows)
    if run.unseen:
        reply.say(f"nothing sees: {', '.join(run.unseen)}")
    if run.not_planted:
        reply.say(f"could not be planted: {', '.join(run.not_planted)}")
    for path in written:
        reply.say(f"wrote {path}")


def _show_withheld(reply: Reply, run: Calibration) -> None:
    if run.withheld is None:
        return
    rows = [
        [
            row["kind"],
            row["n"],
            f"{row['whole']} of {row['n']}",
            f"{row['found']} of {row['n']}",
            f"{row['low']:.1%} to {row['high']:.1%}",
        ]
        for row in run.withheld.iter_rows(named=True)
    ]
    if not rows:
        reply.say("no word that was put in lost all of its entries: another --seed withholds others")
    titles = ["kind", "n", "with whole lexicons", "without the entries", "95 % interval"]
    reply.table("Words whose entries were withheld", titles, rows)


def _show_gap(reply: Reply, run: Calibration) -> None:
    if run.gap is None:
        return
    names = {"*": "any", "": "none (alarms are false)"}
    rows = [
        [
            names.get(row["category"], row["category"]),
            row["n"],
            f"{row['share']:.1%}",
            f"{row['low']:.1%} to {row['high']:.1%}",
            f"{row['planted_share']:.1%}" if row["planted_n"] else "-",
            "-" if row["gap"] is None else f"{100 * row['gap']:+.1f}",
        ]
        for row in run.gap.iter_rows(named=True)
    ]
    reply.table(
        "Errors that people labelled", ["category", "n", "found", "95 % interval", "planted", "gap in points"], rows
    )
