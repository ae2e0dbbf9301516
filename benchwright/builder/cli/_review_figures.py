"""``benchwright review agreement`` and ``review estimate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag
from benchwright.builder.cli._review import FolderOption, FormOption, ProjectOption, axes_of, folder_of, show_table

if TYPE_CHECKING:
    import polars as pl

    from benchwright.builder.review.axes import Axis
    from benchwright.builder.review.folder import ReviewFolder

__all__ = ["COMMANDS"]

_ORDER: Final = ("all", "confidence", "pair")
_HEAD: Final = ("axis", "language", "by", "group", "statistic", "estimate", "low", "high", "items", "raters", "note")


def agreement(
    project: ProjectOption = "review",
    folder: FolderOption = None,
    verdicts: Annotated[
        list[Path] | None, typer.Option("--verdicts", metavar="FILE", help="Tables of verdicts or ratings instead.")
    ] = None,
    items: Annotated[
        Path | None, typer.Option("--items", metavar="ITEMS", help="The items: tells judges that translated them.")
    ] = None,
    form: FormOption = None,
    judges: Annotated[bool, typer.Option("--judges", help="Models and metrics beside the experts.")] = False,
    resamples: Annotated[
        int, typer.Option("--resamples", metavar="N", min=0, max=100_000, help="Resamples of the intervals; 0: none.")
    ] = 1000,
    within: Annotated[int, typer.Option("--within", metavar="K", min=1, help="Steps for agreement within k.")] = 1,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="The same seed, the same intervals.")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Table to write; annotators lie beside it.")
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Say how far reviewers agree, by axis, language, pair and confidence, and how each reviewer works.

    Percentages always stand beside coefficients that are corrected for chance, each with a 95 % interval over items.
    There is no figure on fewer than two items that two reviewers judged. Seeded errors, repeats, models and metrics do
    not count; --judges sets the latter beside the experts. Judgements of two versions side by side give shares of wins,
    strengths, and how many triads of them go round in a circle.
    """
    with Reply("review agreement", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.review.agreement import AgreementWish
        from benchwright.builder.review.agreement import agreement as agree
        from benchwright.builder.review.annotators import annotator_report
        from benchwright.builder.review.comparing.pairs import turned
        from benchwright.builder.review.pairwise import pairwise_beside_direct

        place = folder_of(project, folder)
        given = _given(place, verdicts)
        axes = axes_of(place, form)
        one_way = turned(given)
        found = agree(one_way, AgreementWish(resamples, seed, within, axes=axes))
        # Whole axes first, so that they are seen before the many pairs of reviewers.
        by = [*found["by"]]
        order = sorted(range(found.height), key=lambda place: _ORDER.index(by[place]))
        shown = found.select(_HEAD)[order]
        show_table(reply, "Agreement", shown, key="agreement", everything=verbose)
        people = annotator_report(one_way)
        show_table(reply, "Reviewers", people, key="reviewers", everything=verbose)
        _versions(reply, given, resamples, seed)
        modes = pairwise_beside_direct(given, axes, resamples, seed)
        if not modes.is_empty():
            show_table(reply, "Pairwise beside direct ratings", modes, key="modes", everything=verbose)
        if judges:
            _judges(reply, given, axes, items, resamples, seed)
        if out is not None:
            from benchwright.builder.store import write_table

            beside = out.with_name(f"{out.stem}.reviewers.parquet")
            write_table(out, found)
            write_table(beside, people)
            reply.data["written"] = [str(out), str(beside)]
            reply.say(f"wrote {out} and {beside}")


def _given(place: ReviewFolder, verdicts: list[Path] | None) -> pl.DataFrame:
    import polars as pl

    from benchwright.builder.review.ratings import read_ratings

    return pl.concat([read_ratings(path) for path in verdicts]) if verdicts else place.read_verdicts()


def _versions(reply: Reply, given: pl.DataFrame, resamples: int, seed: int) -> None:
    from benchwright.builder.review.comparing.standing import standings
    from benchwright.builder.review.comparing.triads import circular_triads
    from benchwright.builder.review.judges import position_bias

    human = given.filter(given["reviewer_kind"] == "human")
    tables = (
        ("Versions", standings(given, resamples, seed), "versions"),
        ("Circular triads", circular_triads(given, seed=seed), "triads"),
        ("Places of versions", position_bias(human), "places"),
    )
    for title, table, key in tables:
        if not table.is_empty():
            show_table(reply, title, table, key=key, everything=reply.verbose)


def _judges(
    reply: Reply, given: pl.DataFrame, axes: dict[str, Axis], items: Path | None, resamples: int, seed: int
) -> None:
    from benchwright.builder.review.judges import judge_report, position_bias
    from benchwright.builder.tables import items_table

    table = judge_report(given, axes, items_table(items) if items else None, resamples, seed)
    show_table(reply, "Judges beside experts", table, key="judges", everything=reply.verbose)
    bias = position_bias(given)
    if not bias.is_empty():
        show_table(reply, "Places of answers", bias, key="positions")


def profiles(
    project: ProjectOption = "review",
    folder: FolderOption = None,
    least: Annotated[
        int, typer.Option("--least", metavar="N", min=1, help="Fewest people on whom a figure may rest.")
    ] = 3,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="JSON document to write: EXAM/evidence/reviewers.json."),
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Say who reviewed, in numbers that may be published: languages, years, specialties, institutions, consent.

    No name and no pseudonym is in it, and figures on fewer than --least people are left out. In the folder evidence of
    a project a release takes it into its card.
    """
    with Reply("review profiles", as_json=as_json, quiet=quiet) as reply:
        from benchwright.builder.review.profiles import profiles_of
        from benchwright.builder.store import write_json

        place = folder_of(project, folder)
        place.tasks()
        reply.data = profiles_of(place.read_verdicts(), place.reviewers(), least)
        heads = ("language", "people", "items", "verdicts", "native_share", "years_median")
        rows = [["*" if name == "language" else reply.data[name] for name in heads]]
        rows += [[one[name] for name in heads] for one in reply.data["languages"]]
        reply.table("Reviewers", list(heads), rows)
        reply.table("Specialties", ["specialty", "people"], [list(one.values()) for one in reply.data["specialties"]])
        told = ("institutions", "with_consent", "unlisted", "other_specialties")
        reply.say(", ".join(f"{name.replace('_', ' ')}: {reply.data[name]}" for name in told))
        if out is not None:
            write_json(out, {"command": "review profiles", **reply.data})
            reply.say(f"wrote {out}")


def estimate(
    items: Annotated[Path, typer.Argument(metavar="ITEMS", help="The set: a project, or a table of items.")],
    project: ProjectOption = "review",
    folder: FolderOption = None,
    scores: Annotated[
        Path | None,
        typer.Option("--scores", metavar="DIR", help="Folder of an audit: its risk sharpens the estimate."),
    ] = None,
    width: Annotated[
        float, typer.Option("--width", metavar="SHARE", min=0.001, max=1.0, help="Interval width to plan for.")
    ] = 0.05,
    severity: Annotated[
        str, typer.Option("--severity", metavar="NAME", help="Least error that makes an item wrong, for the audit.")
    ] = "major",
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Table to write.")] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Estimate the error rate of the whole set by severity and language, with 95 % intervals.

    It rests on the random slice of the review; items that were chosen by risk count for themselves. The estimate is
    corrected for the size of the set, and sharpened by the risk of all items where an audit gives it. Beside it stand
    precision and recall of the audit by the judgement of the reviewers.
    """
    if severity not in {"minor", "major", "critical"}:
        raise typer.BadParameter("minor, major or critical", param_hint="--severity")
    with Reply("review estimate", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.review.estimate.inputs import audit_tables
        from benchwright.builder.review.estimate.run import estimate_rates
        from benchwright.builder.review.estimate.worth import audit_worth
        from benchwright.builder.review.outcomes import outcomes
        from benchwright.builder.store import write_table
        from benchwright.builder.tables import items_table

        place = folder_of(project, folder, items)
        table = items_table(items)
        risk, findings = audit_tables(items, scores)
        tasks = place.tasks().filter(place.tasks()["role"] == "item")
        found = outcomes(table, place.read_verdicts(), place.read_decisions())
        run = estimate_rates(table, tasks, found, risk, width)
        show_table(reply, "Error rate", run.rates, key="rates", everything=verbose)
        for note in run.notes:
            reply.say(note)
        reply.data["notes"] = run.notes
        written = []
        if out is not None:
            write_table(out, run.rates)
            written.append(str(out))
        if findings is not None:
            worth = audit_worth(run.population, findings, severity)
            show_table(reply, "The audit by the reviewers' judgement", worth, key="audit", everything=verbose)
            if out is not None:
                beside = out.with_name(f"{out.stem}.audit.parquet")
                write_table(beside, worth)
                written.append(str(beside))
        reply.data["written"] = written
        for path in written:
            reply.say(f"wrote {path}")


COMMANDS: Final = (
    (
        "profiles",
        profiles,
        ("benchwright review profiles --project round1 -o myexam/evidence/reviewers.json",),
    ),
    (
        "agreement",
        agreement,
        (
            "benchwright review agreement --project round1",
            "benchwright review agreement --verdicts ratings.csv --judges -o agreement.parquet",
        ),
    ),
    (
        "estimate",
        estimate,
        (
            "benchwright review estimate myexam --project round1",
            "benchwright review estimate items.parquet --project round1 --scores audit --width 0.03 --json",
        ),
    ),
)
