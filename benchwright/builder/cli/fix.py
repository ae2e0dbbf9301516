"""``benchwright fix``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from benchwright.builder.fixes.reporting import Report

__all__ = ["register"]

_PLACE = typer.Argument(metavar="ITEMS", help="Project, or table of items.")
_PATCHES = typer.Option("--patches", metavar="DIR", help="Folder or file of patches; patches/ of the project.")
_BY = typer.Option("--by", metavar="NAME", help="Who says so.")
Place = Annotated[Path, _PLACE]
PatchesOption = Annotated[Path | None, _PATCHES]
ByOption = Annotated[str, _BY]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        name="fix",
        no_args_is_help=True,
        rich_markup_mode=None,
        help="Corrections as patches: added, shown as a diff, applied in order, taken back.",
    )
    commands = (
        (
            add,
            (
                "benchwright fix add myexam --report issue.md --by ana",
                'benchwright fix add myexam --id "exam/2024/1/042@en" --field key --after B --reason appeal --by ana',
                "benchwright fix add --template .github/ISSUE_TEMPLATE/item.yml",
            ),
        ),
        (
            apply,
            (
                "benchwright fix apply myexam -o fixed.parquet",
                "benchwright fix apply items.parquet --patches patches -o fixed.parquet --json",
            ),
        ),
        (diff, ("benchwright fix diff myexam", "benchwright fix diff items.parquet --patches audit/patches.jsonl")),
        (list_, ("benchwright fix list myexam",)),
        (revert, ('benchwright fix revert myexam 3f0c9a --by ana --reason "the paper has it so"',)),
    )
    for function, lines in commands:
        group.command(function.__name__.rstrip("_"), epilog=examples(*lines))(function)
    app.add_typer(group)


def add(
    place: Annotated[Path | None, typer.Argument(metavar="ITEMS", help="Project, or table of items.")] = None,
    item: Annotated[str | None, typer.Option("--id", metavar="ID", help="Id of the item.")] = None,
    field: Annotated[
        str | None, typer.Option("--field", metavar="FIELD", help="stem, context, option:B, rationale:1, key, ...")
    ] = None,
    after: Annotated[str | None, typer.Option("--after", metavar="TEXT", help="What the field should say.")] = None,
    before: Annotated[
        str | None, typer.Option("--before", metavar="TEXT", help="What it says now, to be sure of the version.")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why.")] = None,
    evidence: Annotated[str | None, typer.Option("--evidence", metavar="TEXT", help="Where one can see it.")] = None,
    severity: Annotated[str, typer.Option("--severity", metavar="NAME", help="minor, major, critical.")] = "minor",
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="A filled issue form, as Markdown.")
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="FILE", help="Write the issue form for a repository here.")
    ] = None,
    by: ByOption = "",
    patches: PatchesOption = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Add a correction from values or from a user's report; it is refused where the text is another by now."""
    with Reply("fix add", as_json=as_json, quiet=quiet) as reply:
        from benchwright.builder.fixes.reporting import ISSUE_TEMPLATE, patch_of, read_report
        from benchwright.builder.store import write_bytes

        if template is not None:
            write_bytes(template, ISSUE_TEMPLATE.encode("utf-8"))
            reply.say(f"wrote {template}")
            reply.data["written"] = [str(template)]
            if place is None:
                return
        if place is None or not by:
            raise typer.BadParameter("name the items, and who says so with --by")
        if report is not None:
            told = read_report(report.read_text(encoding="utf-8"), by)
        else:
            told = _report(item, field, after, reason, by, before, evidence, severity)
        from benchwright.builder.fixes.apply import apply_patches
        from benchwright.builder.fixes.files import patch_id, read_patches
        from benchwright.builder.fixes.keeping import keep, patch_folder
        from benchwright.builder.tables import items_table

        home = patch_folder(place, patches)
        there = read_patches([home]) if home.exists() else []
        patch = patch_of(apply_patches(items_table(place), there).items, told)
        file = keep(place, patch, patches)
        reply.data |= {"patch": patch_id(patch), "file": str(file)}
        reply.say(f"added {patch_id(patch)} to {file}")


def _report(
    item: str | None,
    field: str | None,
    after: str | None,
    reason: str | None,
    by: str,
    before: str | None,
    evidence: str | None,
    severity: str,
) -> Report:
    from benchwright.builder.fixes.reporting import Report
    from benchwright.schemas.errors import NotFoundError, Problem

    if item is None or field is None or after is None or reason is None:
        raise typer.BadParameter("a correction needs --id, --field, --after and --reason, or --report")
    for name in ("info", "minor", "major", "critical"):
        if severity == name:
            return Report(item, field, after, reason, by, before, evidence, name)
    raise NotFoundError(
        Problem("name-unknown", "there is no such severity", found=severity, expected="minor, major, critical")
    )


def apply(
    place: Place,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Table of items to write.")] = Path(
        "fixed.parquet"
    ),
    patches: PatchesOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Apply patches in order, set tiers by the verdicts of review/, and list stale translations.

    Exit code 1 where a patch was made for another text: the item keeps its text and is of tier raw. `build` does the
    same with patches/ of the project.
    """
    with Reply("fix apply", as_json=as_json, quiet=quiet) as reply:
        from benchwright.builder.fixes.files import read_patches
        from benchwright.builder.fixes.keeping import fix_items, patch_folder, raise_for_conflicts, review_folders
        from benchwright.builder.store import write_records, write_table
        from benchwright.builder.tables import items_table
        from benchwright.schemas.tables import LedgerEntry

        fixed = fix_items(items_table(place), read_patches([patch_folder(place, patches)]), review_folders(place))
        states = [one.state for one in fixed.applied.states]
        counts = {state: states.count(state) for state in ("applied", "absorbed", "conflict")}
        reply.data = {**counts, "stale": fixed.stale, "written": []}
        reply.say(", ".join(f"{count} {state}" for state, count in counts.items()))
        reply.table("Stale translations", ["id"], [[one] for one in fixed.stale])
        if not dry_run:
            write_table(out, fixed.items)
            ledger = out.with_name(f"{out.stem}.ledger.parquet")
            write_records(ledger, fixed.ledger, LedgerEntry)
            reply.data["written"] = [str(out), str(ledger)]
            reply.say(f"wrote {out} and {ledger}")
        raise_for_conflicts(fixed.applied)


def diff(place: Place, patches: PatchesOption = None, as_json: JsonFlag = False, quiet: QuietFlag = False) -> None:
    """Show patches as a diff: what goes, what comes, why, who and when."""
    with Reply("fix diff", as_json=as_json, quiet=quiet) as reply:
        from benchwright.builder.fixes.diffing import diff_lines
        from benchwright.builder.fixes.files import read_patches
        from benchwright.builder.fixes.keeping import patch_folder

        found = read_patches([patch_folder(place, patches)])
        reply.data["patches"] = [one.model_dump(mode="json") for one in found]
        for line in diff_lines(found):
            reply.say(line)


def list_(
    place: Place,
    patches: PatchesOption = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """List patches in order, each with what becomes of it on the items as they are."""
    with Reply("fix list", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.fixes.apply import apply_patches
        from benchwright.builder.fixes.files import read_patches
        from benchwright.builder.fixes.keeping import patch_folder
        from benchwright.builder.tables import items_table

        states = apply_patches(items_table(place), read_patches([patch_folder(place, patches)])).states
        rows = [
            [one.id, one.state, one.patch.severity, one.patch.id, one.patch.field, one.patch.reason, one.patch.by]
            for one in states
        ]
        names = ["patch", "state", "severity", "item", "field", "reason", "by"]
        reply.data["patches"] = [dict(zip(names, row, strict=True)) for row in rows]
        reply.table("Patches", names, rows)
        reply.say(f"{len(rows)} patches")


def revert(
    place: Place,
    name: Annotated[str, typer.Argument(metavar="PATCH", help="Name of the patch, or its beginning.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")] = "",
    by: ByOption = "",
    patches: PatchesOption = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Take a patch back by a patch that undoes it; both stay in the record."""
    with Reply("fix revert", as_json=as_json, quiet=quiet) as reply:
        from benchwright.builder.fixes.files import patch_id
        from benchwright.builder.fixes.keeping import take_back

        if not by or not reason:
            raise typer.BadParameter("say who and why with --by and --reason")
        reverse = take_back(place, name, by, reason, patches)
        reply.data["patch"] = patch_id(reverse)
        reply.say(f"added {patch_id(reverse)}, which takes {name} back")
