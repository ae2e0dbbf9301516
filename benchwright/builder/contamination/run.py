"""Contamination: which items stand in a corpus, where, and what was not searched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import polars as pl

from benchwright.builder.clean.executors import EXECUTORS, Executor, Progress, run_units
from benchwright.builder.contamination._corpus import Block, blocks_of, corpus_files
from benchwright.builder.contamination._job import SearchJob
from benchwright.builder.contamination._parts import open_part
from benchwright.builder.contamination._scan import scan_block
from benchwright.builder.contamination.canary import canary_of
from benchwright.builder.contamination.index import Index
from benchwright.builder.contamination.temporal import released
from benchwright.builder.tables import items_table
from benchwright.schemas.errors import InputError, NotFoundError, Problem
from benchwright.schemas.rows import table_schema
from benchwright.schemas.tables import Exposure

if TYPE_CHECKING:
    from benchwright.builder.clean._runs import Run
    from benchwright.builder.contamination.meaning import Meant

__all__ = ["ContaminationWish", "Searched", "search_corpus", "search_file"]

_COMMON_SHARE: Final = 1e-4
_COMMON_LEAST: Final = 20
"""A stem that stands alone in more documents than these is a common phrase."""
_SNIPPET: Final = 240
_CANARIES: Final = 20


@dataclass(frozen=True)
class ContaminationWish:
    """What the user says of a search."""

    corpus: Sequence[Path]
    out: Path
    jobs: int = 1
    """Processes of this machine, or tasks of the executor."""
    every: int = 64
    """Blocks after which the state is kept: a killed search continues there."""
    executor: Executor = "local"
    slurm: Mapping[str, str] = field(default_factory=dict)
    canary: str | None = None
    """What stands in every file of the dataset; null takes that of the release or project of the items."""
    cutoffs: Mapping[str, str] = field(default_factory=dict)
    """For each model the date at which its data end."""
    embed: str | None = None
    """Model of sentence-transformers, by name or folder, that also finds copies in other words; null searches words."""
    least: float | None = None
    """Least cosine of a passage and an item; null takes it from how alike other items are to the model."""


@dataclass(frozen=True)
class Searched:
    """What a search found. ``files`` has name, documents, bytes and what was wrong with each file."""

    hits: pl.DataFrame
    certificate: pl.DataFrame
    files: pl.DataFrame
    summary: dict[str, Any] = field(default_factory=dict)
    written: list[Path] = field(default_factory=list)
    submitted: tuple[str, ...] = ()
    """Jobs of a cluster that are still to run: the same command tells what they found."""


def search_corpus(items: Path, wish: ContaminationWish, *, progress: Progress | None = None) -> Searched:
    """Search files of a corpus for the items of a table and write hits, certificate and the files that were read.

    Each file is a unit with a state of its own: a search that was killed continues inside the file where it stood, and
    ends with the same bytes for any number of processes.

    Args:
        items: a table of items, or the folder of a project, build or release.
        wish: corpus, output, processes.
        progress: called with stage, files done, files and name.

    Raises:
        NotFoundError: the items or a part of the corpus do not exist.
        InputError: there is nothing to search.
        OutputError: the output cannot be written.
        MissingDependencyError: the executor or the model needs a library or a program that is not there.
        DefectError: an executor returned and files are not searched.
    """
    from benchwright.builder.contamination.certificate import CERTIFICATE, certificate_of, summary_of, written

    table = items_table(items)
    files = corpus_files([Path(one) for one in wish.corpus])
    folder = wish.out.with_name(f"{wish.out.stem}.parts")
    canary = canary_of(items, table) if wish.canary is None else wish.canary
    # A block takes minutes where its passages are encoded: the state is kept behind each.
    every = wish.every if wish.embed is None else 1
    job = SearchJob(folder, files, table, every, canary, wish.embed, wish.least)
    submitted = _run(job, wish, progress or (lambda *_: None))
    index = job.index
    if submitted:
        empty = pl.DataFrame(schema=table_schema(Exposure))
        return Searched(empty, pl.DataFrame(schema=CERTIFICATE), pl.DataFrame(schema=_FILES), submitted=submitted)
    parts = [open_part(folder, one, signature_of(index, one)) for one in files]
    facts = pl.DataFrame([part.facts() for part in parts], schema=_FILES)
    hits = pl.concat([pl.DataFrame(schema=table_schema(Exposure)), *(part.hits() for part in parts)])
    hits = _common(hits, int(facts["documents"].sum())).sort("item_id", "file", "document", "start")
    times = released(table, dict(wish.cutoffs))
    certificate = certificate_of(table, hits, index, facts, times)
    summary = {**summary_of(certificate, facts, hits, canary), "meaning": _meaning(job.meant)}
    seen = [[one.file, *canary] for one in parts for canary in one.canaries]
    summary["canary"]["where"] = [f"{file}:{name or number}" for file, number, name in seen][:_CANARIES]
    return Searched(hits, certificate, facts, summary, written(wish.out, hits, certificate, facts, summary))


def _meaning(meant: Meant | None) -> dict[str, Any] | None:
    if meant is None:
        return None
    return {"model": meant.encoder.name, "least": round(meant.least, 4), "sure": round(meant.sure, 4)}


_FILES: Final = {
    "file": pl.String,
    "documents": pl.Int64,
    "bytes": pl.Int64,
    "complete": pl.Boolean,
    "problem": pl.String,
    "canary_documents": pl.Int64,
}


def _run(job: SearchJob, wish: ContaminationWish, progress: Progress) -> tuple[str, ...]:
    """Search what is not searched yet; return the names of jobs that do it later."""
    if wish.executor not in EXECUTORS:
        raise NotFoundError(
            Problem("name-unknown", "there is no such executor", found=wish.executor, expected=", ".join(EXECUTORS))
        )
    (step,) = job.steps
    waiting = step.open_units()
    if wish.executor != "local" and waiting:
        from benchwright.builder.clean.cluster import run_cluster

        job.save()
        return tuple(run_cluster(cast("Run", job), wish.executor, wish.jobs, wish.slurm, progress))
    if wish.jobs == 1 or len(waiting) < 2:
        for done, unit in enumerate(waiting, 1):
            step.run(unit)
            progress("search", done, len(waiting), job.sources[int(unit)].name)
        return ()
    job.save()
    with ProcessPoolExecutor(wish.jobs, mp_context=get_context("spawn")) as pool:
        begun = [(unit, pool.submit(run_units, str(job.out), step.name, [unit])) for unit in waiting]
        for done, (unit, one) in enumerate(begun, 1):
            one.result()
            progress("search", done, len(waiting), job.sources[int(unit)].name)
    return ()


def search_file(index: Index, file: Path, folder: Path, every: int, meant: Meant | None = None) -> None:
    """Search one file, from where an earlier search of it stopped; what cannot be read is told in its facts."""
    part = open_part(folder, file, signature_of(index, file))
    if part.complete:
        return
    found: list[dict[str, Any]] = []
    number = -1
    try:
        for number, block in enumerate(blocks_of(file)):
            if number < part.blocks:
                continue
            found += list(_rows(index, file, block))
            if meant is not None:
                found += list(_rephrased(index, meant, file, block))
            part.passed(len(block.bounds) - 1 - block.continued, len(block.data))
            for document in _with_canary(index, block):
                part.saw_canary(block.first + document, block.name_of(document) or None)
            if (number + 1) % every == 0:
                part.keep(found, number + 1)
                found = []
    except InputError as error:
        part.problem = "; ".join(f"{one.message}: {one.found}" for one in error.problems)
    part.keep(found, number + 1, complete=True)


def _with_canary(index: Index, block: Block) -> Iterator[int]:
    """Yield the documents of a block that hold the canary."""
    at = block.data.find(index.canary) if index.canary else -1
    while at >= 0:
        document = int(np.searchsorted(block.bounds, at, side="right")) - 1
        yield document
        at = block.data.find(index.canary, int(block.bounds[document + 1]))


def _rows(index: Index, file: Path, block: Block) -> Iterator[dict[str, Any]]:
    for hit in scan_block(index, block.data, block.bounds, block.text_of, escapes=block.escapes):
        text = block.text_of(hit.document) or b""
        before = text[: hit.start].decode("utf-8", "replace")
        snippet = text[hit.start : hit.end].decode("utf-8", "replace")
        match = hit.match
        yield {
            "item_id": index.sought[hit.item].id,
            "file": file.name,
            "document": block.first + hit.document,
            "name": block.name_of(hit.document) or None,
            "start": block.base + len(before),
            "snippet": " ".join(snippet.split())[:_SNIPPET],
            "kind": match.kind,
            "stem_share": round(match.stem_share, 4),
            "option_share": None if match.option_share is None else round(match.option_share, 4),
            "key_share": None if match.key_share is None else round(match.key_share, 4),
            "common": False,
        }


def _rephrased(index: Index, meant: Meant, file: Path, block: Block) -> Iterator[dict[str, Any]]:
    for hit in meant.found_in(block):
        text = (block.text_of(hit.document) or b"").decode("utf-8", "replace")
        stem, options, key = hit.shares
        yield {
            "item_id": index.sought[hit.item].id,
            "file": file.name,
            "document": block.first + hit.document,
            "name": block.name_of(hit.document) or None,
            "start": block.base + hit.start,
            "snippet": " ".join(text[hit.start : hit.end].split())[:_SNIPPET],
            "kind": "rephrased",
            "stem_share": round(stem, 4),
            "option_share": None if options is None else round(options, 4),
            "key_share": None if key is None else round(key, 4),
            "common": False,
            "cosine": round(min(1.0, hit.cosine), 4),
            "evidence": hit.evidence,
        }


def _common(hits: pl.DataFrame, documents: int) -> pl.DataFrame:
    """Mark hits of stems, by their words or meaning, in so many documents that they are phrases of the language."""
    most = max(_COMMON_LEAST, int(_COMMON_SHARE * documents))
    alone = pl.col("kind").is_in(["stem", "rephrased"])
    return hits.with_columns((alone & (alone.sum().over("item_id") > most)).alias("common"))


def signature_of(index: Index, file: Path) -> str:
    from benchwright.builder.contamination import _words
    from benchwright.schemas.text import sha256_of

    stat = file.stat()
    grams = f"{len(index.grams)}/{int(index.grams[:1].sum())}/{int(index.grams[-1:].sum())}/{len(index.owners)}"
    return sha256_of(
        [
            json.dumps([str(file.resolve()), stat.st_size, stat.st_mtime_ns]),
            grams,
            _words.GRAM,
            index.canary.decode(),
            index.meaning,
        ]
    )[:24]
