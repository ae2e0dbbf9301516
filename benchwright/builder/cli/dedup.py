"""``benchwright dedup``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchwright.builder.dedup import DedupRun, DedupWish
    from benchwright.builder.dedup.ways import Search, Way

__all__ = ["register"]

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "dedup",
        epilog=examples(
            "benchwright dedup items.parquet -o duplicates.parquet",
            "benchwright dedup train.parquet test.parquet -o duplicates.parquet --leakage leakage.parquet",
            "benchwright dedup items.parquet -o duplicates.parquet --merge merged --keep gold",
            "benchwright dedup items.parquet -o duplicates.parquet --html clusters.html --sweep sweep",
            "benchwright dedup posts.parquet -o duplicates.parquet --shards 64",
            "benchwright dedup items.parquet -o duplicates.parquet --embed use-multilingual --min-cosine 0.8",
        ),
    )(dedup)


def dedup(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="ITEMS...", help="Tables of items, folders that hold one, files to import.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Table of pairs to write.")] = Path(
        "duplicates.parquet"
    ),
    least: Annotated[
        float, typer.Option("--min-score", metavar="SHARE", min=0.5, max=1.0, help="Least likeness of a pair.")
    ] = 0.75,
    clusters: Annotated[
        Path | None, typer.Option("--clusters", metavar="FILE", help="Table of clusters to write.")
    ] = None,
    leakage: Annotated[
        Path | None,
        typer.Option(
            "--leakage", metavar="FILE", help="Table of pairs across files, exams, editions, splits, languages."
        ),
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Page of clusters to write.")] = None,
    sweep: Annotated[
        Path | None,
        typer.Option("--sweep", metavar="DIR", help="Folder for sweep.parquet and queue.jsonl: pairs of each band."),
    ] = None,
    merge: Annotated[
        Path | None,
        typer.Option("--merge", metavar="DIR", help="Folder for the items without duplicates, and a ledger."),
    ] = None,
    merge_kinds: Annotated[
        str, typer.Option("--merge-kinds", metavar="KINDS", help="Kinds that --merge merges, with commas.")
    ] = "exact,normalised,options_reordered",
    keep: Annotated[
        str, typer.Option("--keep", metavar="POLICY", help="Which of a cluster stays: first, last, gold, complete.")
    ] = "first",
    links: Annotated[
        Path | None, typer.Option("--links", metavar="FILE", help="Table of links between groups: pairs as well.")
    ] = None,
    numbers: Annotated[
        bool, typer.Option("--numbers", help="Pair items of two languages with the same four or more numbers.")
    ] = False,
    embed: Annotated[
        str | None, typer.Option("--embed", metavar="MODEL", help="Compare meaning too: a model's name or folder.")
    ] = None,
    least_cosine: Annotated[
        float,
        typer.Option("--min-cosine", metavar="COSINE", min=0.0, max=1.0, help="Least cosine of a pair by --embed."),
    ] = 0.92,
    nearest: Annotated[
        str,
        typer.Option(
            "--nearest", metavar="HOW", help="Search among vectors: exact, approximate, or auto, by their number."
        ),
    ] = "auto",
    cache: Annotated[
        Path | None, typer.Option("--cache", metavar="DIR", help="Folder that keeps vectors for later runs.")
    ] = None,
    shards: Annotated[
        int | None, typer.Option("--shards", metavar="N", min=1, help="Search on disk in N parts, in little memory.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="Items of each input.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Search and say what is found; write nothing.")] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Find items that are one, or nearly, and say of each pair what kind it is and what differs.

    Items whose numbers or polarity differ, and items with two keys, are reported and never merged. Versions of one
    question in several languages are no duplicates. With --shards a search that was stopped goes on where it stood.
    """
    with Reply("dedup", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder.dedup import DedupWish, find_duplicates
        from benchwright.builder.dedup.clusters import KEEP, kinds_named
        from benchwright.builder.dedup.ways import SEARCHES
        from benchwright.schemas.errors import NotFoundError, Problem

        kinds = kinds_named(merge_kinds)
        if keep not in KEEP:
            raise NotFoundError(
                Problem("name-unknown", "there is no such policy", found=keep, expected=", ".join(KEEP))
            )
        if merge is not None and (merge / "items.parquet").exists():
            _refuse(merge)
        if nearest not in SEARCHES:
            raise NotFoundError(
                Problem("name-unknown", "there is no such search", found=nearest, expected=", ".join(SEARCHES))
            )
        notes: list[str] = []
        wish = DedupWish(
            least=least,
            shards=shards,
            folder=out.parent if shards else None,
            limit=limit,
            more=[
                *_ways(links, numbers=numbers),
                *_meanings(embed, least_cosine, cache, cast("Search", nearest), notes.append),
            ],
        )
        run = find_duplicates(inputs, wish, reply.progress)
        _say(reply, run, notes)
        if dry_run:
            run.close()
            return
        written = [_table(out, run.pairs)]
        if clusters is not None:
            from benchwright.builder.dedup.clusters import clusters_of

            written.append(_table(clusters, clusters_of(run.pairs)))
        if leakage is not None:
            written.append(_leakage(reply, run, leakage))
        if sweep is not None:
            written += _sweep(reply, run, wish, sweep)
        if html is not None:
            from benchwright.builder.dedup.page import write_page

            write_page(html, run, ", ".join(run.items.files))
            written.append(html)
        if merge is not None:
            written += _merge(reply, inputs, run, merge, kinds, keep)
        run.close()
        reply.data["written"] = [str(path) for path in written]
        for path in written:
            reply.say(f"wrote {path}")


def _refuse(folder: Path) -> None:
    from benchwright.schemas.errors import OutputError, Problem

    raise OutputError(
        Problem("output-exists", "the folder holds items", str(folder), remedy="name another folder for --merge")
    )


def _ways(links: Path | None, *, numbers: bool) -> list[Way]:
    from benchwright.builder.dedup.ways import by_links, by_numbers

    ways = [by_links(links)] if links is not None else []
    return [*ways, by_numbers()] if numbers else ways


def _meanings(
    embed: str | None, least: float, cache: Path | None, search: Search, tell: Callable[[str], None]
) -> list[Way]:
    if embed is None:
        return []
    from benchwright.builder.dedup._light import encoder_of
    from benchwright.builder.dedup.ways import by_meaning

    return [by_meaning(encoder_of(embed), least, cache, search=search, tell=tell)]


def _say(reply: Reply, run: DedupRun, notes: list[str]) -> None:
    reply.data = {
        "items": run.items.height,
        "candidates": run.candidates,
        "pairs": run.pairs.height,
        "kinds": run.kinds,
        "signature": run.signature,
        "notes": [*run.notes, *notes],
    }
    for note in reply.data["notes"]:
        reply.say(note)
    reply.table("Pairs", ["kind", "pairs"], run.kinds.items())
    shown = run.pairs if reply.verbose else run.pairs.filter(run.pairs["kind"] == "other_key").head(_SHOWN)
    rows = shown.select("id_a", "id_b", "kind", "evidence").rows()
    reply.table("Pairs" if reply.verbose else "One item, two keys", ["a", "b", "kind", "evidence"], rows)
    reply.say(f"{run.items.height} items, {run.pairs.height} pairs")


def _table(path: Path, frame: Any) -> Path:
    from benchwright.builder.store import write_table

    write_table(path, frame)
    return path


def _leakage(reply: Reply, run: DedupRun, path: Path) -> Path:
    from benchwright.builder.dedup.leakage import leakage_of

    found = leakage_of(run)
    reply.data["leakage"] = found.to_dicts()
    reply.table("Leakage", found.columns, found.head(_SHOWN * 2).rows())
    return _table(path, found)


def _sweep(reply: Reply, run: DedupRun, wish: DedupWish, folder: Path) -> list[Path]:
    import json

    from benchwright.builder.dedup.sweep import queue_of, sweep_of
    from benchwright.builder.store import write_bytes

    table = sweep_of(run, wish.least)
    reply.data["sweep"] = table.to_dicts()
    reply.table("Sweep", table.columns, table.rows())
    queue = folder / "queue.jsonl"
    lines = [json.dumps(one, ensure_ascii=False, sort_keys=True) for one in queue_of(run, wish.least)]
    write_bytes(queue, "".join(f"{line}\n" for line in lines).encode())
    return [_table(folder / "sweep.parquet", table), queue]


def _merge(
    reply: Reply, inputs: list[Path], run: DedupRun, folder: Path, kinds: tuple[str, ...], keep: str
) -> list[Path]:
    from benchwright.builder.dedup.merging import write_merged

    done = write_merged(inputs, run, folder, kinds, cast("Any", keep))
    reply.data["merge"] = {"rows_in": done.rows_in, "rows_out": done.rows_out, "rows_merged": done.rows_merged}
    reply.say(f"{done.rows_in} rows in = {done.rows_out} out + {done.rows_merged} merged")
    return done.written
