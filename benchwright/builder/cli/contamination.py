"""``benchwright contamination``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples, keep_memory, pairs

if TYPE_CHECKING:
    from benchwright.builder.clean.executors import Executor
    from benchwright.builder.contamination import Searched

__all__ = ["register"]

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "contamination",
        epilog=examples(
            "benchwright contamination items.parquet --corpus crawl/*.jsonl.gz -o hits.parquet",
            "benchwright contamination myexam --corpus crawl --jobs 8 -o hits.parquet",
            "benchwright contamination items.parquet --corpus pages.warc.gz --corpus books.parquet -o hits.parquet",
        ),
    )(contamination)


def contamination(
    items: Annotated[Path, typer.Argument(metavar="ITEMS", help="Table of items, or folder of a project or release.")],
    corpus: Annotated[
        list[Path],
        typer.Option(
            "--corpus", metavar="PATH", help="File or folder: jsonl, parquet, arrow, text, WARC; plain, .gz or .zst."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Table of hits to write.")] = Path(
        "hits.parquet"
    ),
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
    with Reply("contamination", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        keep_memory()
        from benchwright.builder.contamination import ContaminationWish, search_corpus

        wish = ContaminationWish(
            corpus=corpus, out=out, jobs=jobs, executor=cast("Executor", executor), slurm=pairs(slurm or [])
        )
        _show(reply, search_corpus(items, wish, progress=reply.progress))


def _show(reply: Reply, run: Searched) -> None:
    import polars as pl

    from benchwright.builder.contamination.certificate import summary_of

    if run.submitted:
        reply.data = {"submitted": list(run.submitted)}
        reply.say(f"submitted: {', '.join(run.submitted)}; run the same command again when the jobs are done")
        return
    summary = summary_of(run.certificate, run.files)
    reply.data = {**summary, "hits": run.hits.height, "written": [str(path) for path in run.written]}
    real = run.hits.filter(~pl.col("common")).sort("stem_share", "item_id", descending=[True, False])
    shown = real if reply.verbose else real.head(_SHOWN)
    columns = ["item_id", "kind", "file", "name", "stem_share", "option_share", "key_share", "snippet"]
    reply.table("Hits", columns, shown.select(columns).iter_rows())
    if shown.height < real.height:
        reply.say(f"{real.height - shown.height} more: -v prints all")
    if run.hits.height > real.height:
        reply.say(f"{run.hits.height - real.height} hits of stems that are common phrases do not count")
    states = [(state, summary[state]) for state in ("clean", "exposed", "not_searched")]
    reply.table("Certificate", ["state", "items"], states)
    size = summary["bytes"] / 1e6
    reply.say(f"searched {summary['documents']} documents, {size:.1f} MB, in {summary['files']} files")
    for one in summary["not_read"]:
        reply.say(f"not read to its end: {one['file']}: {one['problem']}")
    for path in run.written:
        reply.say(f"wrote {path}")
