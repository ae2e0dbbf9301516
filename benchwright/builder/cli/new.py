"""``benchwright new``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, examples

if TYPE_CHECKING:
    from benchwright.builder.new import NewProject
    from benchwright.schemas.papers import FileReport

__all__ = ["register"]

_MANY: Final = 40
"""Files, from which on the table counts them and lists the doubtful ones alone."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "new",
        epilog=examples(
            "benchwright new myexam --raw papers/",
            "benchwright new myexam --raw papers_2031.zip",
            "benchwright new myexam --raw booklet.pdf key.pdf --lang es --explain",
        ),
    )(new)


def new(
    project: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the project; made when it is not there.")],
    more: Annotated[list[Path] | None, typer.Argument(metavar="[FILES]...", help="More raw files.")] = None,
    raw: Annotated[
        list[Path] | None, typer.Option("--raw", help="Raw files, folders or archives; default DIR/raw.")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="Language of the papers: BCP-47 tag or name.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say of every file what was seen in it, and draw it into explain.html.")
    ] = False,
    all_pages: Annotated[
        bool, typer.Option("--all-pages", help="With --explain: draw every page of every file.")
    ] = False,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; default one per core.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a recipe that is there.")] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Look at raw papers and write recipe.yaml.

    Finds the roles of the files, the layouts, the languages and the parts; says of what it is sure and of what not.
    """
    with Reply("new", as_json=as_json, quiet=quiet) as reply:
        from benchwright.builder.explain import EXPLANATION, write_explanation
        from benchwright.builder.new import new_project

        made = new_project(
            project,
            [*(raw or []), *(more or [])],
            language=lang,
            force=force,
            jobs=jobs,
            progress=lambda name: reply.progress("looked at", 0, 1, name),
        )
        _show(reply, made, explain=explain or all_pages)
        if explain or all_pages:
            drawn = project / EXPLANATION
            write_explanation(
                project / "raw",
                made.survey,
                drawn,
                title=project.resolve().name,
                whole=all_pages,
                progress=lambda name: reply.progress("draw", 0, 1, name),
            )
            reply.data["explanation"] = str(drawn)
            reply.say(f"{drawn}: the blocks that were seen, drawn on the pages")


def _show(reply: Reply, made: NewProject, *, explain: bool) -> None:
    survey = made.survey
    reply.data = {
        "recipe": str(made.recipe),
        "survey": survey.model_dump(mode="json"),
        "unplaced": list(made.unplaced),
        "questions": list(made.questions),
    }
    _show_files(reply, survey.files, short=len(survey.files) > _MANY and not explain)
    if explain:
        for file in survey.files:
            reply.say(file.file)
            for line in (*file.why, *(f"doubt: {doubt}" for doubt in file.doubts)):
                reply.say(f"  {line}")
    reply.table(
        "Layouts",
        ["layout", "score", "runner-up"],
        [
            [name, layout.score, ", ".join(f"{other} {score:.3f}" for other, score in (layout.runner_up or {}).items())]
            for name, layout in survey.layouts.items()
        ],
    )
    for name in made.unplaced:
        reply.say(f"no place for {name}: `build` asks for a rule")
    reply.say(f"{made.recipe}: {len(made.questions)} values are not known (# ?)")
    reply.say(f"next: benchwright build {made.recipe.parent}")


def _show_files(reply: Reply, files: Sequence[FileReport], *, short: bool) -> None:
    """Print the table of files: of many how many are alike, and those of which more is doubtful than a close second."""
    columns = ["file", "role", "language", "pages", "found", "layout", "doubts"]
    if short:
        alike: dict[tuple[str, str, str], list[int]] = {}
        for one in files:
            sums = alike.setdefault((one.role, one.language or "-", one.layout or "-"), [0, 0, 0])
            for place, number in enumerate((1, one.pages or 0, one.found or 0)):
                sums[place] += number
        rows = [[*place, *sums] for place, sums in sorted(alike.items())]
        reply.table("Files", ["role", "language", "layout", "files", "pages", "numbers"], rows)
    doubts = {one.file: [doubt for doubt in one.doubts if not (short and "nearly as good" in doubt)] for one in files}
    shown = [one for one in files if doubts[one.file] or not short]
    reply.table(
        "Files with doubts" if short else "Files",
        columns,
        [[f.file, f.role, f.language, f.pages, f.found, f.layout, "; ".join(doubts[f.file]) or None] for f in shown],
    )
    if short:
        reply.say(
            f"{len(files) - len(shown)} of {len(files)} files without a doubt; --explain says what was seen in each"
        )
