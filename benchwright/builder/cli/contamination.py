"""``benchwright contamination``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples, keep_memory, pairs

if TYPE_CHECKING:
    from benchwright.builder.clean.executors import Executor
    from benchwright.builder.contamination import ContaminationWish, Searched

__all__ = ["register"]

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "contamination",
        epilog=examples(
            "benchwright contamination items.parquet --corpus crawl/*.jsonl.gz -o hits.parquet",
            "benchwright contamination myexam --corpus crawl --jobs 8 --cutoff some-model=2024-06 -o hits.parquet",
            "benchwright contamination items.parquet --corpus pages.warc.gz --corpus books.parquet -o hits.parquet",
            "benchwright contamination items.parquet --compare rewritten.parquet --corpus crawl -o hits.parquet",
            "benchwright contamination items.parquet --corpus forum.jsonl --embed use-multilingual",
            "benchwright contamination items.parquet --corpus crawl --executor slurm --tasks 100 --slurm partition=cpu",
            "benchwright contamination items.parquet --probe export --probes probes",
            "benchwright contamination items.parquet --probe score --probes probes --answers answers.jsonl",
        ),
    )(contamination)


def contamination(
    items: Annotated[Path, typer.Argument(metavar="ITEMS", help="Table of items, or folder of a project or release.")],
    corpus: Annotated[
        list[Path] | None,
        typer.Option(
            "--corpus", metavar="PATH", help="File or folder: jsonl, parquet, arrow, text, WARC; plain, .gz or .zst."
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Table of hits to write.")] = Path(
        "hits.parquet"
    ),
    compare: Annotated[
        Path | None, typer.Option("--compare", metavar="ITEMS", help="A rewrite of the items, searched beside them.")
    ] = None,
    canary: Annotated[
        str | None, typer.Option("--canary", metavar="GUID", help="Canary; default: that of the release or project.")
    ] = None,
    cutoff: Annotated[
        list[str] | None, typer.Option("--cutoff", metavar="MODEL=DATE", help="Date at which a model's data end.")
    ] = None,
    embed: Annotated[
        str | None,
        typer.Option("--embed", metavar="MODEL", help="Find copies in other words too: a model's name or folder."),
    ] = None,
    least_cosine: Annotated[
        float | None,
        typer.Option(
            "--min-cosine", metavar="COSINE", min=0.0, max=1.0, help="Least cosine by --embed; default: by the model."
        ),
    ] = None,
    probe: Annotated[
        str | None, typer.Option("--probe", metavar="STEP", help="export or score: probes of a model's memory.")
    ] = None,
    probes: Annotated[Path, typer.Option("--probes", metavar="DIR", help="Folder of the probes.")] = Path("probes"),
    answers: Annotated[
        Path | None, typer.Option("--answers", metavar="FILE", help="JSON lines with probe_id and answer.")
    ] = None,
    jobs: Annotated[
        int, typer.Option("--jobs", "--tasks", metavar="N", min=1, help="Processes or tasks that share the files.")
    ] = 1,
    executor: Annotated[
        str, typer.Option("--executor", metavar="NAME", help="local, datatrove, slurm or ray.")
    ] = "local",
    slurm: Annotated[
        list[str] | None, typer.Option("--slurm", metavar="KEY=VALUE", help="partition, time, qos, mem_per_cpu_gb.")
    ] = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Search corpora for the items: re-wrapped, re-cased, with shuffled options, the stem or the options alone.

    Beside the hits a certificate says for each item whether it is clean, exposed or was not searched. A search that
    was killed continues inside the file where it stood.
    """
    if probe not in {None, "export", "score"}:
        raise typer.BadParameter(f"{probe!r} is none of export, score", param_hint="--probe")
    if probe is None and not corpus:
        raise typer.BadParameter("give what to search, or --probe", param_hint="--corpus")
    if probe == "score" and answers is None:
        raise typer.BadParameter("give the answers of the model", param_hint="--answers")
    with Reply("contamination", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        keep_memory()
        if probe is not None:
            _probe(reply, items, probes, answers)
            return
        from benchwright.builder.contamination import ContaminationWish, search_corpus
        from benchwright.builder.contamination.temporal import cutoffs_of

        wish = ContaminationWish(
            corpus=corpus or [],
            out=out,
            jobs=jobs,
            executor=cast("Executor", executor),
            slurm=pairs(slurm or []),
            canary=canary,
            cutoffs=cutoffs_of(cutoff or []),
            embed=embed,
            least=least_cosine,
        )
        run = search_corpus(items, wish, progress=reply.progress)
        _show(reply, run)
        if compare is not None and not run.submitted:
            _compare(reply, items, compare, wish, run)


def _show(reply: Reply, run: Searched) -> None:
    import polars as pl

    if run.submitted:
        reply.data = {"submitted": list(run.submitted)}
        reply.say(f"submitted: {', '.join(run.submitted)}; run the same command again when the jobs are done")
        return
    summary = run.summary
    reply.data = {**summary, "hits": run.hits.height, "written": [str(path) for path in run.written]}
    real = run.hits.filter(~pl.col("common")).sort("stem_share", "item_id", descending=[True, False])
    shown = real if reply.verbose else real.head(_SHOWN)
    columns = ["item_id", "kind", "file", "name", "stem_share", "option_share", "key_share", "cosine", "snippet"]
    reply.table("Hits", columns, shown.select(columns).iter_rows())
    if shown.height < real.height:
        reply.say(f"{real.height - shown.height} more: -v prints all")
    if run.hits.height > real.height:
        reply.say(f"{run.hits.height - real.height} hits of stems that are common phrases do not count")
    states = [(state, summary[state]) for state in ("clean", "exposed", "not_searched")]
    reply.table("Certificate", ["state", "items"], states)
    size = summary["bytes"] / 1e6
    reply.say(f"searched {summary['documents']} documents, {size:.1f} MB, in {summary['files']} files")
    _say_more(reply, summary)
    for path in run.written:
        reply.say(f"wrote {path}")


def _say_more(reply: Reply, summary: dict[str, Any]) -> None:
    for one in summary["benchmark_inside"]:
        reply.say(f"{one['file']} holds the benchmark itself: {one['items']} of {one['of']} items word for word")
    canary = summary["canary"]
    if canary["documents"]:
        places = ", ".join(canary["where"][:5])
        reply.say(f"{canary['documents']} documents hold the canary {canary['guid']}: {places}")
    rows = [
        (model, when, state, count)
        for model, times in summary["released"].items()
        for when, states in times.items()
        for state, count in states.items()
    ]
    if rows:
        reply.table("Released beside the cut-off", ["model", "released", "state", "items"], rows)
    for one in summary["not_read"]:
        reply.say(f"not read to its end: {one['file']}: {one['problem']}")


def _compare(reply: Reply, items: Path, rewritten: Path, wish: ContaminationWish, run: Searched) -> None:
    from benchwright.builder.contamination import search_corpus
    from benchwright.builder.contamination.compare import compared
    from benchwright.builder.store import write_json, write_table
    from benchwright.builder.tables import items_table

    out = wish.out
    other = search_corpus(rewritten, replace(wish, out=out.with_name(f"{out.stem}.after.parquet")))
    if other.submitted:
        reply.say(f"submitted: {', '.join(other.submitted)}; run the same command again when the jobs are done")
        return
    rows, told = compared(items_table(items), run.certificate, items_table(rewritten), other.certificate)
    write_table(out.with_name(f"{out.stem}.compare.parquet"), rows)
    write_json(out.with_name(f"{out.stem}.compare.json"), told)
    reply.data["compare"] = told
    states = ("clean", "exposed", "not_searched")
    reply.table(
        "Before and after",
        ["state", "before", "after"],
        [(one, told["before"][one], told["after"][one]) for one in states],
    )
    moved = [(one["before"], one["after"], one["items"]) for one in told["moved"]]
    reply.table("Items", ["before", "after", "items"], moved)
    reply.say(f"wrote {out.stem}.compare.parquet ({rows.height} rows)")


def _probe(reply: Reply, items: Path, folder: Path, answers: Path | None) -> None:
    if answers is None:
        from benchwright.builder.contamination.probes import PROBES, export_probes
        from benchwright.builder.tables import items_table

        told = export_probes(items_table(items), folder)
        reply.data = dict(told)
        reply.table("Probes", ["kind", "probes"], [one for one in told.items() if not one[0].startswith("items")])
        reply.say(f"{told['items']} items, {told['items_without']} without a probe")
        reply.say(f"wrote {folder / PROBES}: send each prompt, and write probe_id and answer as JSON lines")
        return
    from benchwright.builder.contamination.probescore import score_probes

    summary = score_probes(folder, answers).summary
    reply.data = summary
    kinds = [(name, *_cells(value)) for name, value in summary.items() if isinstance(value, dict)]
    reply.table("Memory", ["probe", "answers", "exact or right", "share", "by chance", "p"], kinds)
    missing, unknown = summary["answers_missing"], summary["answers_unknown"]
    reply.say(f"{summary['answers']} of {summary['probes']} probes answered; {missing} missing, {unknown} unknown")
    reply.say(f"wrote {folder / 'scores.parquet'} and {folder / 'scores.json'}")


def _cells(value: dict[str, Any]) -> tuple[Any, ...]:
    share = value.get("share", value.get("difference"))
    exact = value.get("exact", value.get("right"))
    return value.get("answers", value.get("items")), exact, share, value.get("share_by_chance"), value["p"]
