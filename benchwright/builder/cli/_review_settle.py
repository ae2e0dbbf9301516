"""``benchwright review adjudicate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag
from benchwright.builder.cli._review import FolderOption, ProjectOption, axes_of, folder_of

__all__ = ["COMMANDS"]


def adjudicate(
    items: Annotated[Path, typer.Argument(metavar="ITEMS", help="Project, or table of items.")],
    project: ProjectOption = "review",
    folder: FolderOption = None,
    no_majority: Annotated[
        bool, typer.Option("--no-majority", help="Leave every difference to the adjudicator.")
    ] = False,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the conflicts to fill in.")] = None,
    take: Annotated[Path | None, typer.Option("--take", metavar="FILE", help="Take the filled file in.")] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who decided, where the file does not say it.")] = "",
    second: Annotated[
        str | None,
        typer.Option("--second", metavar="REVIEWER", help="Plan the conflicts as tasks for one adjudicator."),
    ] = None,
    patches: Annotated[
        Path | None, typer.Option("--patches", metavar="FILE", help="Write decided corrections as patches.")
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Decide about verdicts: alike ones and majorities by rule, the rest by an adjudicator; decided texts to patches.

    Conflicts go into a CSV file (--csv, then --take), or to one more reviewer on the server (--second, then push and
    pull). A correction by one reviewer alone needs the word of somebody else. Who decided, when and against which votes
    is kept in decisions.parquet.
    """
    with Reply("review adjudicate", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.fixes.files import write_patches
        from benchwright.builder.review.adjudication import conflicts_csv, settle, taken_from_csv, with_decisions
        from benchwright.builder.review.corrections import patches_of
        from benchwright.builder.store import write_bytes, write_table
        from benchwright.builder.tables import items_table

        if take is not None and not by:
            raise typer.BadParameter("say who decided", param_hint="--by")
        place, table = folder_of(project, folder, items), items_table(items)
        axes = axes_of(place)
        known = place.read_decisions()
        settled = settle(place.read_verdicts(), axes, known, majority=not no_majority)
        made = list(settled.decisions)
        conflicts = settled.conflicts
        if take is not None:
            taken = taken_from_csv(take, conflicts, axes, by)
            done = {(one.item_id, one.text_hash, one.axis, one.round) for one in taken}
            conflicts = [one for one in conflicts if _unit(one) not in done]
            made += taken
        decisions = with_decisions(known, made)
        write_table(place.decisions, decisions)
        written = [str(place.decisions)]
        if csv is not None:
            write_bytes(csv, conflicts_csv(conflicts, table))
            written.append(str(csv))
        if second is not None:
            from benchwright.builder.review.second import plan_second

            count = plan_second(place, conflicts, second)
            reply.say(f"{count} tasks for {second}: push them with `benchwright review push`")
        found = patches_of(decisions, table, axes, project)
        if patches is not None:
            new = write_patches(patches, found)
            written.append(str(patches))
            reply.say(f"{new} new patches")
        reply.data = {
            "decisions": decisions.height,
            "new": len(made),
            "conflicts": [{**one, "votes": list(one["votes"])} for one in conflicts],
            "patches": len(found),
            "written": written,
        }
        reply.say(f"{len(made)} decided now, {decisions.height} in all, {len(conflicts)} left")
        rows = [[one["item_id"], one["axis"], ", ".join(one["votes"])] for one in conflicts]
        reply.table("Left to an adjudicator", ["item", "axis", "votes"], rows if verbose else rows[:20])
        for path in written:
            reply.say(f"wrote {path}")


def _unit(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["item_id"], one["text_hash"], one["axis"], one["round"]


COMMANDS: Final = (
    (
        "adjudicate",
        adjudicate,
        (
            "benchwright review adjudicate myexam --project round1 --csv conflicts.csv",
            "benchwright review adjudicate myexam --take conflicts.csv --by ana --patches myexam/patches/review.jsonl",
            "benchwright review adjudicate myexam --project round1 --second chief@example.org",
        ),
    ),
)
