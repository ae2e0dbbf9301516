"""``benchwright review push``, ``pull``, ``serve`` and ``status``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag
from benchwright.builder.cli._review import FolderOption, ProjectOption, axes_of, folder_of, show_table, words

__all__ = ["COMMANDS"]

_RULES: Final = ("any", "apart", "one")
UrlOption = Annotated[str | None, typer.Option("--url", metavar="URL", help="Server; LABEL_STUDIO_URL where not told.")]


def push(
    items: Annotated[Path, typer.Argument(metavar="ITEMS", help="Project, or table of items.")],
    project: ProjectOption = "review",
    folder: FolderOption = None,
    source: Annotated[Path | None, typer.Option("--source", metavar="ITEMS", help="The originals.")] = None,
    back: Annotated[Path | None, typer.Option("--back", metavar="ITEMS", help="Back-translations.")] = None,
    audit: Annotated[
        Path | None,
        typer.Option("--audit", metavar="DIR", help="Folder of an audit: its risk ranks, its findings show."),
    ] = None,
    crops: Annotated[
        Path | None, typer.Option("--crops", metavar="PROJECT", help="Show the printed page that items were read from.")
    ] = None,
    budget: Annotated[int | None, typer.Option("--budget", metavar="N", min=1, help="Items of the round; all.")] = None,
    control: Annotated[
        float, typer.Option("--control", metavar="SHARE", min=0.0, max=1.0, help="Share drawn at random.")
    ] = 0.3,
    strata: Annotated[
        str, typer.Option("--strata", metavar="NAMES", help="language, kind, origin, exam, edition; with commas.")
    ] = "language",
    reviewers: Annotated[
        list[str] | None,
        typer.Option("--reviewers", metavar="NAMES", help="E-mail addresses, or a CSV file with profiles."),
    ] = None,
    per_item: Annotated[
        int, typer.Option("--per-item", metavar="K", min=1, help="Independent reviewers of each item.")
    ] = 1,
    seeded: Annotated[
        int, typer.Option("--seeded", metavar="N", min=0, help="Items with a planted error for each reviewer.")
    ] = 0,
    repeated: Annotated[
        int, typer.Option("--repeated", metavar="N", min=0, help="Items that each reviewer sees twice.")
    ] = 0,
    axes: Annotated[
        list[str] | None, typer.Option("--axes", metavar="NAMES", help="Questions, with commas (docs/review.md).")
    ] = None,
    form: Annotated[
        Path | None, typer.Option("--form", metavar="FILE", help="Axes of your own, as YAML (docs/review.md).")
    ] = None,
    no_findings: Annotated[bool, typer.Option("--no-findings", help="Do not show what the audit found.")] = False,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="The same seed, the same plan.")] = 0,
    next_round: Annotated[
        bool, typer.Option("--next-round", help="Plan one more round, of items not yet sent.")
    ] = False,
    same_items: Annotated[
        bool,
        typer.Option("--same-items", help="The next round has the items of the last one, with other reviewers."),
    ] = False,
    pairwise: Annotated[
        bool, typer.Option("--pairwise", help="Show two versions of a question side by side; the budget counts pairs.")
    ] = False,
    against: Annotated[
        Path | None, typer.Option("--against", metavar="ITEMS", help="The versions to compare with (--pairwise).")
    ] = None,
    institutions: Annotated[
        str,
        typer.Option(
            "--institutions",
            metavar="RULE",
            help="apart: reviewers of an item from different ones, none twice; one: an item stays in one; any.",
        ),
    ] = "any",
    again: Annotated[bool, typer.Option("--again", help="Make projects anew that somebody deleted.")] = False,
    url: UrlOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Plan, write the plan, and push nothing.")] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Plan a round of review and put its tasks onto a Label Studio server, a project for each language and reviewer.

    The riskiest items are taken within the budget, and a random slice of all others. Run again, it goes on where it
    stood: no task is doubled and none is lost. Set LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY.
    """
    if against is not None and not pairwise:
        raise typer.BadParameter("only --pairwise compares with other versions", param_hint="--against")
    if pairwise and (seeded or same_items):
        raise typer.BadParameter("--seeded and --same-items are for rounds of items", param_hint="--pairwise")
    if institutions not in _RULES:
        raise typer.BadParameter(f"{institutions!r} is none of {', '.join(_RULES)}", param_hint="--institutions")
    with Reply("review push", as_json=as_json, quiet=quiet) as reply:
        from benchwright.builder.review.axes import DEFAULT_AXES, PAIR_AXES
        from benchwright.builder.review.pushing import RoundWish, plan_round, push_round

        place = folder_of(project, folder, items)
        wish = RoundWish(
            items=items,
            project=project,
            budget=budget,
            control=control,
            per_item=per_item,
            reviewers=words(reviewers),
            strata=tuple(words([strata])),
            seeded=seeded,
            repeated=repeated,
            seed=seed,
            axes=tuple(words(axes)) or (PAIR_AXES if pairwise else DEFAULT_AXES),
            form=form,
            source=source,
            back=back,
            audit=audit,
            shown=("image",) if no_findings else ("findings", "image"),
            crops=crops,
            next_round=next_round or same_items,
            same_items=same_items,
            pairwise=pairwise,
            against=against,
            institutions=cast("Any", institutions),
        )
        made = plan_round(wish, place)
        plan = made.plan
        for note in made.notes:
            reply.say(note)
        tasks = place.tasks()
        reply.data = {"plan": plan.model_dump(mode="json"), "new_plan": made.is_new, "tasks": tasks.height}
        what = f"{plan.ranked} items by risk, {plan.control} at random"
        if plan.kind == "pairs":
            what = f"{plan.control} of {plan.items} pairs of versions"
        reply.say(
            f"round {plan.round}: {what}, {plan.per_item} reviewers each, {plan.seeded} seeded, {plan.repeated}"
            f" repeated; {tasks.height} tasks in {place.root}"
        )
        if dry_run:
            return
        from benchwright.builder.review.labelstudio.sdk import connect

        done = push_round(wish, place, connect(url), plan, again=again, progress=reply.progress)
        reply.data |= {"projects": done.projects, "added": done.added, "kept": done.kept, "removed": done.removed}
        reply.table("Projects", ["project", "number"], sorted(done.projects.items()))
        reply.say(f"{done.added} tasks added, {done.kept} were there, {done.removed} copies taken away")


def pull(
    project: ProjectOption = "review",
    folder: FolderOption = None,
    export: Annotated[
        list[Path] | None,
        typer.Option("--export", metavar="FILE", help="JSON exports of projects, instead of a server."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Copy of the verdicts to write.")
    ] = None,
    url: UrlOption = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Take annotations in as verdicts, from the server or from export files; as often as one likes.

    A verdict on a text that is not what was sent is refused, and told. Of several annotations of one task by one person
    the newest counts; skipped ones do not. What was deleted on the server is withdrawn here.
    """
    with Reply("review pull", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.review.labelstudio.pull import pull_export, pull_server
        from benchwright.builder.store import write_table

        place = folder_of(project, folder)
        place.tasks()
        axes = axes_of(place)
        if export:
            done = pull_export(place, axes, export)
        else:
            from benchwright.builder.review.labelstudio.sdk import connect

            done = pull_server(connect(url), place, project, axes, progress=reply.progress)
        counts = {
            name: getattr(done, name)
            for name in ("annotations", "taken", "skipped", "doubled", "refused", "partial", "withdrawn")
        }
        reply.data = {**counts, "strangers": done.strangers, "refusals": done.rows, "verdicts": done.verdicts.height}
        reply.say(", ".join(f"{count} {name}" for name, count in counts.items()))
        for one in done.strangers:
            reply.say(f"{one} is on no list of reviewers")
        rows = [[row["reason"], row["item_id"], row["reviewer"], row["found"]] for row in done.rows]
        reply.table("Not taken", ["reason", "item", "reviewer", "found"], rows if verbose else rows[:20])
        if out is not None:
            write_table(out, done.verdicts)
        reply.say(f"wrote {out or place.verdicts} ({done.verdicts.height} verdicts)")


def serve(
    folder: Annotated[
        Path, typer.Option("--folder", metavar="DIR", help="Folder of the server: its database and its account.")
    ] = Path("label-studio"),
    port: Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="Port on this machine.")] = 8080,
    as_json: JsonFlag = False,
) -> None:
    """Start a Label Studio server on this machine, until it is interrupted.

    It needs its environment (`benchwright doctor --install label-studio`), listens on 127.0.0.1 only, and prints the
    account and the token.
    """
    with Reply("review serve", as_json=as_json) as reply:
        from benchwright.builder.review.labelstudio.serve import running

        with running(folder, port) as server:
            told = {"url": server.url, "email": server.email, "password": server.password, "token": server.token}
            reply.data = {**told, "pid": server.pid, "log": str(server.log)}
            reply.say(f"{server.url} answers; sign in as {server.email} with {server.password}")
            reply.say(f"export LABEL_STUDIO_URL={server.url} LABEL_STUDIO_API_KEY={server.token}")
            reply.say("interrupt to end it")
            _until_interrupted()


def _until_interrupted() -> None:
    import signal
    import threading

    ended = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: ended.set())
    ended.wait()


def status(
    items: Annotated[Path, typer.Argument(metavar="ITEMS", help="Project, or table of items.")],
    project: ProjectOption = "review",
    folder: FolderOption = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Say where each round stands, and list corrected texts that wait for a decision, the largest change first.

    Where institutions of reviewers are known, their shares of each round and of each other's items stand beside it.
    """
    with Reply("review status", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.review.adjudication import pending_corrections
        from benchwright.builder.review.states import institution_pairs, institution_states, pair_states, round_states
        from benchwright.builder.tables import items_table

        place = folder_of(project, folder, items)
        table, verdicts, decisions = items_table(items), place.read_verdicts(), place.read_decisions()
        show_table(reply, "Rounds", round_states(place.tasks(), table, verdicts, decisions), key="rounds")
        pairs = pair_states(place.tasks(), verdicts)
        if not pairs.is_empty():
            show_table(reply, "Pairs of versions", pairs, key="pairs")
        homes = institution_states(place.tasks(), place.reviewers(), verdicts)
        if not homes.is_empty():
            show_table(reply, "Institutions", homes, key="institutions")
            shared = institution_pairs(place.tasks(), place.reviewers())
            show_table(reply, "Items of two institutions", shared, key="institution_pairs")
        waiting = pending_corrections(verdicts, decisions, table)
        show_table(reply, "Corrections that wait", waiting, key="corrections", everything=verbose)


COMMANDS: Final = (
    (
        "push",
        push,
        (
            "benchwright review push myexam --project round1 --budget 300 --reviewers ana@example.org,ben@example.org",
            "benchwright review push items.parquet --audit audit --per-item 2 --reviewers people.csv --seeded 5",
            "benchwright review push myexam --project round1 --next-round --budget 200",
            "benchwright review push es.parquet --against es-human.parquet --pairwise --source en.parquet --budget 200",
            "benchwright review push myexam --reviewers people.csv --per-item 2 --institutions apart --same-items",
        ),
    ),
    (
        "pull",
        pull,
        (
            "benchwright review pull --project round1",
            "benchwright review pull --project round1 --export project-3.json -o verdicts.parquet",
        ),
    ),
    ("serve", serve, ("benchwright review serve --folder label-studio --port 8080",)),
    ("status", status, ("benchwright review status myexam --project round1",)),
)
