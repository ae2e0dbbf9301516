"""``benchwright review export`` and ``review import``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply
from benchwright.builder.cli._review import FolderOption, ProjectOption, axes_of, folder_of

if TYPE_CHECKING:
    from benchwright.builder.review.folder import ReviewFolder
    from benchwright.builder.review.pushing import RoundWish

__all__ = ["COMMANDS"]

_FORMATS: Final = ("xlsx", "csv", "pearmut", "label-studio")
_KINDS: Final = ("human", "model", "metric", "rule")
SourceOption = Annotated[Path | None, typer.Option("--source", metavar="ITEMS", help="The originals.")]
BackOption = Annotated[Path | None, typer.Option("--back", metavar="ITEMS", help="Back-translations.")]
AuditOption = Annotated[Path | None, typer.Option("--audit", metavar="DIR", help="Folder of an audit.")]


def export(
    items: Annotated[Path, typer.Argument(metavar="ITEMS", help="Project, or table of items.")],
    form: Annotated[
        str, typer.Option("--format", metavar="NAME", help="xlsx, csv, pearmut, label-studio (task files).")
    ] = "xlsx",
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the files.")] = Path("for-review"),
    project: ProjectOption = "review",
    folder: FolderOption = None,
    source: SourceOption = None,
    back: BackOption = None,
    audit: AuditOption = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Write the tasks of a planned round as files for reviewers without a server (plan with `review push --dry-run`).

    Sheets have the texts in locked columns and lists of values for the answers; Pearmut gets a campaign with the list
    of each reviewer.
    """
    if form not in _FORMATS:
        raise typer.BadParameter(f"{form!r} is none of {', '.join(_FORMATS)}", param_hint="--format")
    with Reply("review export", as_json=as_json, quiet=quiet) as reply:
        from benchwright.builder.review.exchange.run import write_files
        from benchwright.builder.review.pushing import material_for

        place = folder_of(project, folder, items)
        axes = list(axes_of(place).values())
        wish = _wish(items, project, source, back, audit)
        written, notes = write_files(
            place, out, cast("Any", form), axes, material_for(wish, place), _shown(place), project
        )
        for note in notes:
            reply.say(note)
        reply.data = {"written": [str(path) for path in written], "notes": notes}
        for path in written:
            reply.say(f"wrote {path}")


def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILES...", help="Filled sheets, logs of Pearmut, or tables of ratings.")
    ],
    items: Annotated[Path | None, typer.Option("--items", metavar="ITEMS", help="Project, or table of items.")] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help="Tables of ratings: human, model, metric, rule gave them."),
    ] = None,
    reviewer: Annotated[
        str | None, typer.Option("--reviewer", metavar="NAME", help="Who rated, where a table does not say it.")
    ] = None,
    contains: Annotated[
        bool, typer.Option("--contains", help="FILES are predictions: judge them by the text of the right option.")
    ] = False,
    project: ProjectOption = "review",
    folder: FolderOption = None,
    source: SourceOption = None,
    back: BackOption = None,
    audit: AuditOption = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Take verdicts in from files: filled sheets and Pearmut logs of this review, or ratings that were given elsewhere.

    A sheet or log goes through the checks of `review pull`. With --kind the files are tables of ratings (item_id,
    reviewer, axis, value); those of models, metrics and rules never count as human.
    """
    if kind is not None and kind not in _KINDS:
        raise typer.BadParameter(f"{kind!r} is none of {', '.join(_KINDS)}", param_hint="--kind")
    with Reply("review import", as_json=as_json, quiet=quiet) as reply:
        place = folder_of(project, folder, items)
        if kind is not None or contains:
            _ratings(reply, place, files, items, kind or "rule", reviewer, contains=contains)
            return
        if items is None:
            raise typer.BadParameter("sheets need the items that were sent", param_hint="--items")
        from benchwright.builder.review.exchange.run import take_files
        from benchwright.builder.review.pushing import material_for

        material = material_for(_wish(items, project, source, back, audit), place)
        done = take_files(place, files, axes_of(place), material, _shown(place))
        counts = {
            name: getattr(done, name) for name in ("annotations", "taken", "skipped", "doubled", "refused", "partial")
        }
        reply.data = {**counts, "refusals": done.rows, "verdicts": done.verdicts.height}
        reply.say(", ".join(f"{count} {name}" for name, count in counts.items()))
        rows = [[row["reason"], row["item_id"], row["reviewer"], row["found"]] for row in done.rows]
        reply.table("Not taken", ["reason", "item", "reviewer", "found"], rows[:20])
        reply.say(f"wrote {place.verdicts} ({done.verdicts.height} verdicts)")


def _ratings(
    reply: Reply,
    place: ReviewFolder,
    files: list[Path],
    items: Path | None,
    kind: str,
    reviewer: str | None,
    *,
    contains: bool,
) -> None:
    import polars as pl

    from benchwright.builder.review.judges import contains as contains_of
    from benchwright.builder.review.ratings import read_ratings, verdicts_from
    from benchwright.builder.store import write_table
    from benchwright.builder.tables import items_table

    table = items_table(items) if items else None
    if contains:
        if table is None:
            raise typer.BadParameter("the right options are those of the items", param_hint="--items")
        judged = contains_of(table, pl.concat([pl.read_parquet(path) for path in files]))
        told = judged.select(
            "item_id", pl.lit("correct").alias("axis"), "value", reviewer=pl.concat_str(pl.lit("contains|"), "model")
        )
        new = verdicts_from(files[0], told, items=table, kind="rule")
    else:
        new = pl.concat([read_ratings(path, items=table, kind=cast("Any", kind), reviewer=reviewer) for path in files])
    before = place.read_verdicts()
    keys = ["item_id", "text_hash", "axis", "reviewer", "reviewer_kind", "round", "role"]
    merged = pl.concat([before, new]).unique(keys, keep="last", maintain_order=True)
    write_table(place.verdicts, merged.sort(*keys, nulls_last=True))
    reply.data = {"rows": new.height, "new": merged.height - before.height, "verdicts": merged.height}
    reply.say(f"{new.height} ratings, {merged.height - before.height} of them new; wrote {place.verdicts}")


def _wish(items: Path, project: str, source: Path | None, back: Path | None, audit: Path | None) -> RoundWish:
    from benchwright.builder.review.pushing import RoundWish

    return RoundWish(items=items, project=project, source=source, back=back, audit=audit)


def _shown(place: ReviewFolder) -> tuple[str, ...]:
    return tuple(name for name in place.plans()[-1].shown if name != "image")


COMMANDS: Final = (
    (
        "export",
        export,
        (
            "benchwright review export myexam --project round1 --format xlsx -o sheets",
            "benchwright review export myexam --project round1 --format pearmut -o campaign",
        ),
    ),
    (
        "import",
        import_,
        (
            "benchwright review import sheets/*.xlsx --items myexam --project round1",
            "benchwright review import judge.csv --items myexam --project round1 --kind model --reviewer gpt-x",
            "benchwright review import predictions.parquet --items myexam --contains",
        ),
    ),
)
