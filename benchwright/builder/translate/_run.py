"""Kit: a whole run: several languages, several engines, what stands there already, and the ledger."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from benchwright.builder.ledger import assert_balanced
from benchwright.builder.merging import merge_parts
from benchwright.builder.store import write_records, write_table, writing
from benchwright.builder.translate._assemble import assembled
from benchwright.builder.translate._cache import TranslationCache
from benchwright.builder.translate._choose import check_scores, chosen_by_order, chosen_by_score
from benchwright.builder.translate._earlier import Earlier, read_earlier
from benchwright.builder.translate._glossary import read_terms
from benchwright.builder.translate._protect import protection
from benchwright.builder.translate._registry import engine_named
from benchwright.builder.translate._session import Session
from benchwright.builder.translate._sources import SourceFiles, source_files
from benchwright.builder.translate._units import target_id
from benchwright.builder.translate._wish import EngineWish, TranslateWish, parse_languages
from benchwright.schemas.item import Item
from benchwright.schemas.plugins import Translator
from benchwright.schemas.rows import from_frame, table_schema, to_frame
from benchwright.schemas.tables import LedgerEntry, Reject

__all__ = ["TOLD", "TranslateRun", "beside", "opened", "translate_items"]

TOLD: Final = pl.Schema(
    {
        "item_id": pl.String,
        "field": pl.String,
        "what": pl.String,
        "outcome": pl.String,
        "start": pl.Int64,
        "end": pl.Int64,
    }
)
"""What became of spans (``kept``, ``moved``, ``lost``), and what is to be known of a text."""
Progress = Callable[[str, int, int, str], None]


@dataclass
class TranslateRun:
    """What was made."""

    items: int = 0
    """Rows of the table."""
    made: int = 0
    kept: int = 0
    """Versions that stood there and are not stale."""
    stale: int = 0
    """Versions made again since their source or their method changed."""
    rejects: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=table_schema(Reject)))
    told: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TOLD))
    ledger: list[LedgerEntry] = field(default_factory=list)
    asked: int = 0
    """Units that an engine was asked for."""
    known: int = 0
    """Units that were on disk."""
    said: list[str] = field(default_factory=list)
    """What engines said of the machine: a batch that had to be halved."""
    written: list[Path] = field(default_factory=list)


@dataclass
class _Work:
    """Parts of a run that are ready."""

    folder: Path
    file: str
    earlier: Earlier
    run: TranslateRun
    parts: list[Path] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    told: list[pl.DataFrame] = field(default_factory=list)

    def add(self, items: pl.DataFrame) -> None:
        """Keep some rows on disk."""
        if items.height:
            path = self.folder / f"{len(self.parts):06d}.arrow"
            items.sort("id").write_ipc(path, compression="uncompressed")
            self.parts.append(path)


def translate_items(
    files: Sequence[Path], out: Path, wish: TranslateWish, *, layout: str = "auto", progress: Progress | None = None
) -> TranslateRun:
    """Make versions of items in other languages and write them, what was refused, and the ledger.

    Versions that stand in ``out`` and whose source has not changed stay as they are, those of people always; a run that
    was stopped takes what is ready from the file of finished translations.

    Args:
        files: tables of items, folders of projects, or files that ``import`` reads.
        out: table of the versions.
        wish: languages, engines and what is protected.
        layout: of files that are imported.
        progress: called with stage, done, total and name.

    Raises:
        NotFoundError: a file, an engine or a pair of languages does not exist.
        InputError: a file, a model or a setting cannot be used.
        OutputError: the output cannot be written.
    """
    languages = parse_languages(wish.to)
    if wish.scores is not None:
        # Before the first text: what is made would be paid, and lost.
        check_scores(wish.scores, wish.choose[0])
    run = TranslateRun()
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".translate-") as made:
        folder = Path(made)
        sources = source_files(
            files, wish.source, out, folder, layout=layout, only=wish.only, limit=wish.limit, progress=progress
        )
        work = _Work(folder, sources.name, read_earlier(out), run)
        _make(sources, work, wish, languages, progress)
        _choose(work, wish)
        _finish(work, out)
    return run


def _make(
    sources: SourceFiles, work: _Work, wish: TranslateWish, languages: Sequence[str], progress: Progress | None
) -> None:
    """Make the versions by each engine and in each language."""
    run = work.run
    translators = opened(wish, sources.language, languages)
    terms = read_terms(wish.glossary) if wish.glossary else []
    chunks = sources.lay(work.folder, wish.chunk)
    with TranslationCache(wish.cache) as cache:
        for engine, language, translator in translators:
            with closing(translator):
                keep = [one.source for one in terms if one.stays(sources.language, language)]
                guard = protection(translator.placeholder, keep, numbers=wish.numbers)
                session = Session(translator, cache, guard, sources.language, language)
                _translate(work, sources.ids.height, chunks(), session, engine, progress)
                run.asked += session.asked
                run.known += session.known
                run.said += getattr(translator, "said", [])


def opened(wish: TranslateWish, source: str, languages: Sequence[str]) -> list[tuple[EngineWish, str, Translator]]:
    """Return a translator for each engine and language; all of them before the first text.

    Raises:
        NotFoundError: an engine or a pair does not exist.
        InputError: a setting or a model cannot be used.
    """
    return [
        (one, language, engine_named(one.name).open(source, language, _with_terms(one, wish)))
        for one in wish.engines
        for language in languages
    ]


def _with_terms(engine: EngineWish, wish: TranslateWish) -> dict[str, str]:
    """Return the settings of an engine, with the glossary where it wants to know it."""
    told = {"terms": str(wish.glossary)} if wish.glossary and "terms" in engine_named(engine.name).settings else {}
    return {**told, **engine.settings}


def method_of(session: Session) -> str:
    """Return the signature of what comes out: that of the engine, and what is protected beyond the usual."""
    own = session.translator.signature
    said = session.protection.signature
    head, _, version = own.rpartition("|version:")
    return f"{head}|protect:{said.replace('|', '%7C')}|version:{version}" if said and head else own


def _translate(
    work: _Work,
    total: int,
    chunks: Iterator[pl.DataFrame],
    session: Session,
    engine: EngineWish,
    progress: Progress | None,
) -> None:
    method = method_of(session)
    made = kept = rejected = done = 0
    name = f"{session.target} {engine.variant or engine.name}"
    edit = getattr(session.translator, "edit", None)
    for chunk in chunks:
        if progress:
            progress("translate", done, total, name)
        targets = {target_id(one, session.target, engine.variant): one for one in from_frame(chunk, Item, checked=True)}
        standing, stale = work.earlier.among(targets, method)
        work.run.ledger += [stale[one] for one in targets if one in stale]
        part = assembled(
            [one for target, one in targets.items() if target not in standing],
            session,
            variant=engine.variant,
            method=method,
            file=work.file,
            edit=edit,
        )
        work.add(to_frame(part.items, Item))
        work.earlier.replaced.update(one.id for one in part.items)
        # A version whose source changed is wrong even where it could not be made again.
        work.earlier.replaced.update(stale)
        work.rejects += part.rejects
        work.told.append(pl.DataFrame(part.told, schema=TOLD))
        made, kept, rejected = made + len(part.items), kept + len(standing), rejected + len(part.rejects)
        work.run.stale += len(stale)
        done += chunk.height
    if progress:
        progress("translate", total, total, name)
    work.run.made += made
    work.run.kept += kept
    work.run.ledger.append(
        LedgerEntry(
            stage="translate",
            subject=name,
            unit="item",
            rows_in=total,
            rows_out=made + kept,
            rows_rejected=rejected,
            detail=f"{made} made, {kept} kept|{method}",
        )
    )


def _choose(work: _Work, wish: TranslateWish) -> None:
    """Write into the ledger which of several versions is the choice."""
    if not wish.choose:
        return
    columns = ("id", "group", "language", "text_hash")
    made = [
        pl.scan_ipc(part).select("id", "group", "language", pl.col("hashes").struct.field("text_hash")).collect()
        for part in work.parts
    ]
    standing = work.earlier.staying().select(columns).cast(pl.String)
    versions = pl.concat([*made, standing]).unique("id")
    if wish.scores is None:
        work.run.ledger += chosen_by_order(versions, wish.choose)
        return
    entries, said = chosen_by_score(versions, wish.scores, wish.choose[0])
    work.run.ledger += entries
    work.run.said += said


def _finish(work: _Work, out: Path) -> None:
    run = work.run
    before = work.earlier.known.height
    stay = work.earlier.staying().height
    if before:
        run.ledger.append(
            LedgerEntry(
                stage="translate",
                subject=out.name,
                unit="earlier version",
                rows_in=before,
                rows_out=stay,
                rows_merged=before - stay,
            )
        )
    assert_balanced(run.ledger)
    for batch in work.earlier.batches():
        work.add(batch)
    if not work.parts:
        path = work.folder / "none.arrow"
        pl.DataFrame(schema=table_schema(Item)).write_ipc(path, compression="uncompressed")
        work.parts.append(path)
    with writing(out):
        temporary = work.folder / "merged.parquet"
        run.items = merge_parts(work.parts, temporary).rows
        temporary.replace(out)
    run.rejects = to_frame(_sorted(work.rejects), Reject)
    run.told = (
        pl.concat([pl.DataFrame(schema=TOLD), *work.told])
        .unique(maintain_order=True)
        .sort("item_id", "field", "what", "outcome")
    )
    write_table(beside(out, "rejects"), run.rejects)
    write_table(beside(out, "spans"), run.told)
    write_records(beside(out, "ledger"), run.ledger, LedgerEntry)
    run.written = [out, beside(out, "rejects"), beside(out, "spans"), beside(out, "ledger")]


def _sorted(rejects: Sequence[Reject]) -> Iterator[Reject]:
    yield from sorted(rejects, key=lambda one: (one.language or "", one.group or "", one.reason, one.detail or ""))


def beside(out: Path, name: str) -> Path:
    """Return the file of another table that belongs to an output."""
    return out.with_name(f"{name}.parquet" if out.name == "items.parquet" else f"{out.stem}.{name}.parquet")
