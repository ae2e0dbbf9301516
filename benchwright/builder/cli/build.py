"""``benchwright build``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from benchwright.builder.run import BuildResult

__all__ = ["register"]

_MANY: Final = 40
"""Files, from which on the table lists the doubtful ones alone."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "build",
        epilog=examples(
            "benchwright build myexam",
            "benchwright build myexam gate.missing_numbers=2 --jobs 4",
            "benchwright build myexam --limit 5",
            "benchwright build myexam --dry-run --json",
        ),
    )(build)


def build(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DIR] [KEY=VALUE]...", help="Folder of the project, and overrides of the recipe."),
    ] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; default one per core.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the recipe, place the files, stop.")] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="Only so many booklets and what belongs to them, for a trial.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List every file, not only the doubtful of many.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Do every piece of work again.")] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Run the whole recipe of a project.

    A run that was stopped continues where it stood; only what changed is done again. Ends with the table of files, the
    ledger and the report. Exit code 1 when the gate of the recipe is not met.
    """
    with Reply("build", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.gate import raise_for_gate
        from benchwright.builder.run import run_build

        project, overrides = split_words(words or [])
        overrides += [f"limit={limit}"] if limit else []
        if dry_run:
            _dry(reply, project, overrides)
            return
        result = run_build(project, overrides=overrides, jobs=jobs, force=force, progress=reply.progress)
        _show(reply, result, everything=everything)
        raise_for_gate(result.gate)


def split_words(words: list[str]) -> tuple[Path, list[str]]:
    """Return the folder, and the ``key=value`` overrides.

    Raises:
        typer.BadParameter: more than one folder.
    """
    folders = [word for word in words if "=" not in word]
    if len(folders) > 1:
        raise typer.BadParameter(f"one folder, please: {', '.join(folders)}")
    return Path(folders[0] if folders else "."), [word for word in words if "=" in word]


def _dry(reply: Reply, project: Path, overrides: list[str]) -> None:
    from dataclasses import asdict

    from benchwright.builder.recipe import load_recipe, place_files

    placed = place_files(load_recipe(project, overrides), project / "raw")
    reply.data = {"files": [asdict(file) for file in placed.files], "hidden": placed.hidden}
    reply.table(
        "Files",
        ["file", "role", "status", "exam", "edition", "part", "language", "booklet"],
        [[f.name, f.role, f.status, f.exam, f.edition, f.part, f.language, f.booklet] for f in placed.files],
    )
    reply.say(f"{len(placed.papers)} booklets, {len(placed.keys)} keys; nothing was written")


def _show(reply: Reply, result: BuildResult, *, everything: bool) -> None:
    reply.data = {
        "files": result.files,
        "ledger": [entry.model_dump(mode="json") for entry in result.ledger],
        "counts": result.counts,
        "gate": [check.as_dict() for check in result.gate],
        "gate_met": result.gate_met,
        "waivers": [entry.model_dump(mode="json") for entry in result.waivers],
        "report": str(result.report),
        "done": result.done,
        "kept": result.kept,
    }
    _show_files(reply, result, everything=everything)
    ledger = [[e.stage, e.unit, e.rows_in, e.rows_out, e.rows_rejected, e.rows_merged] for e in result.ledger]
    reply.table("Ledger: in = out + rejected + merged", ["stage", "unit", "in", "out", "rejected", "merged"], ledger)
    counts = [[name, count] for name, count in result.counts.items() if name.startswith(("rejects.", "findings."))]
    reply.table("Counts", ["rejects by reason, open findings", "n"], counts)
    reply.table(
        "Waivers and excuses", ["subject", "state", "what"], [[e.subject, e.reason, e.detail] for e in result.waivers]
    )
    if reply.verbose:
        for name in result.done:
            reply.say(f"did {name}")
    reply.say(
        f"{result.counts['items']} items, {result.counts['findings']} findings; did {len(result.done)} pieces of work, "
        f"{result.kept} were done before"
    )
    reply.say(f"report: {result.report}")


def _show_files(reply: Reply, result: BuildResult, *, everything: bool) -> None:
    """Print the table of files: of many only the doubtful ones, and the totals of each exam and role."""
    columns = ["file", "role", "expected", "found", "keyed", "figures", "rejected"]
    doubtful = [row for row in result.files if row["doubts"] or row["rejected"]]
    short = len(result.files) > _MANY and not everything
    shown = doubtful if short else result.files
    rows = [[*(row[name] for name in columns), "; ".join(row["doubts"]) or None] for row in shown]
    reply.table("Files with doubts" if short else "Files", [*columns, "doubt"], rows)
    if short:
        totals = [[*place, *numbers] for place, numbers in _totals(result.files).items()]
        reply.table("All files", ["exam", "role", "files", "doubtful", "expected", "found", "keyed", "figures"], totals)
        reply.say(f"{len(result.files) - len(doubtful)} of {len(result.files)} files without a doubt; --all lists them")
    for exam, editions in _without_keys(result.files).items():
        reply.say(
            f"no key found for {exam}: {', '.join(editions)}; a key can be a CSV file with the columns number and "
            "answer and the role key in recipe.yaml, and `benchwright show ID --source` shows the page of a question"
        )


def _totals(files: list[dict[str, Any]]) -> dict[tuple[str, str], list[int]]:
    """Return by exam and role: files, doubtful ones, and the sums of their numbers."""
    totals: dict[tuple[str, str], list[int]] = {}
    for row in files:
        sums = totals.setdefault((row["exam"], row["role"]), [0] * 6)
        numbers = [row[name] or 0 for name in ("expected", "found", "keyed", "figures")]
        for place, number in enumerate([1, int(bool(row["doubts"] or row["rejected"])), *numbers]):
            sums[place] += number
    return dict(sorted(totals.items()))


def _without_keys(files: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return by exam the editions of which no item has a key: one line in place of a finding for each item."""
    keyed: dict[tuple[str, str], tuple[int, int]] = {}
    for row in files:
        if row["role"] == "booklet":
            found, known = keyed.get((row["exam"], row["edition"] or "?"), (0, 0))
            keyed[row["exam"], row["edition"] or "?"] = (found + row["found"], known + (row["keyed"] or 0))
    lacking: dict[str, list[str]] = {}
    for (exam, edition), (found, known) in sorted(keyed.items()):
        if found and not known:
            lacking.setdefault(exam, []).append(f"{edition} ({found} items)")
    return lacking
