"""What came back from translators: checked against what was sent; then items, or rejects with their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl
import regex

from benchwright.builder.ledger import assert_balanced
from benchwright.builder.store import write_json, write_records, write_table
from benchwright.builder.translate._earlier import read_earlier
from benchwright.builder.translate._people.distance import distances
from benchwright.builder.translate._people.export import SENT
from benchwright.builder.translate._people.formats import read_bundle
from benchwright.builder.translate._people.rows import Bundle, Row, broken_file
from benchwright.builder.translate._protect import NOTHING
from benchwright.builder.translate._run import TOLD, beside
from benchwright.builder.translate._sources import sources_of
from benchwright.builder.translate._spans import SpanTask, carried_spans
from benchwright.builder.translate._units import fields_of, rebuilt, spans_of, target_id
from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.schemas.item import Item
from benchwright.schemas.rows import from_frame, to_frame
from benchwright.schemas.signature import signature
from benchwright.schemas.tables import LedgerEntry, Reject, Score
from benchwright.schemas.text import collapse

__all__ = ["NOTES", "Taken", "take_back"]

NOTES: Final = pl.Schema({"item_id": pl.String, "field": pl.String, "note": pl.String})
_PIECE: Final = regex.compile(r"⟦(\d+)⟧")


@dataclass(frozen=True)
class Taken:
    """Items of people, what was refused, what translators noted, how far they moved from the drafts."""

    items: list[Item]
    rejects: pl.DataFrame
    notes: pl.DataFrame
    scores: pl.DataFrame
    told: pl.DataFrame
    ledger: list[LedgerEntry]
    written: list[Path]


def take_back(
    file: Path,
    sent: Path,
    files: Sequence[Path],
    out: Path,
    *,
    form: str = "auto",
    variant: str | None = "human",
    by: str | None = None,
) -> Taken:
    """Return the items of a file that came back and write them beside the versions that stand in ``out``.

    An item comes whole or not at all: each of its fields must be there once, with the source that was sent, a
    translation, and all protected pieces; and the item itself must not have changed meanwhile.

    Args:
        file: what came back.
        sent: the record of what was sent, ``<language>.sent.parquet``.
        files: the items that were sent.
        out: table of versions; those of other origin stay.
        form: of the file; ``auto`` tells it by its suffix.
        variant: of the versions.
        by: who translated.

    Raises:
        NotFoundError: a file does not exist.
        InputError: ``exchange-broken``.
        OutputError: the output cannot be written.
    """
    record = _record(sent)
    source, target = str(record["source_language"][0]), str(record["target_language"][0])
    bundle = read_bundle(file, form, source, target)
    if bundle.target and bundle.target.casefold() != target.casefold():
        raise broken_file(file, f"translations into {bundle.target}", f"translations into {target}")
    items = {one.id: one for one in from_frame(sources_of(files, source).frame, Item, checked=True)}
    rows, strays = _sorted_out(bundle, record, file, target)
    made: list[Item] = []
    rejects = list(strays)
    told: list[dict[str, object]] = []
    scores: list[Score] = []
    for item_id, wanted in record.group_by("item_id", maintain_order=True):
        name = str(item_id[0])
        fields = list(wanted.iter_rows(named=True))
        faults = _faults(items.get(name), fields, rows, coded=bundle.coded)
        if faults:
            rejects.append(_reject(file, items.get(name), name, target, faults))
            continue
        texts = {row["field"]: _text(rows[name, row["field"]], row["source"], coded=bundle.coded) for row in fields}
        draft = next((row["draft_method"] for row in fields if row["draft_method"]), None)
        version, lines = _version(items[name], texts, target, variant, draft, by)
        made.append(version)
        told += lines
        drafts = {row["field"]: row["draft"] for row in fields if row["draft"]}
        scores += distances(version.id, drafts, texts, target)
    ids = {one.derived_from.id: one.id for one in made if one.derived_from}
    notes = [(ids.get(row.item_id, row.item_id), row.field, note) for row in bundle.rows for note in row.notes]
    ledger = LedgerEntry(
        stage="translate",
        subject=file.name,
        unit="item",
        rows_in=record["item_id"].n_unique(),
        rows_out=len(made),
        rows_rejected=record["item_id"].n_unique() - len(made),
        detail=f"{len(strays)} texts belong to no item",
    )
    return _written(
        out,
        Taken(
            made,
            to_frame(rejects, Reject),
            pl.DataFrame(notes, schema=NOTES, orient="row"),
            to_frame(scores, Score),
            pl.DataFrame(told, schema=TOLD),
            [ledger],
            [],
        ),
    )


def _record(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise NotFoundError(
            Problem("file-not-found", "the record of what was sent does not exist", str(path), remedy="name it: --sent")
        )
    try:
        record = pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        raise broken_file(path, str(error).splitlines()[0], "the table that `translate export` wrote") from error
    if record.schema != SENT or not record.height:
        raise broken_file(path, ", ".join(record.columns), "the table that `translate export` wrote")
    return record


def _sorted_out(
    bundle: Bundle, record: pl.DataFrame, file: Path, target: str
) -> tuple[dict[tuple[str, str], list[Row]], list[Reject]]:
    """Return the rows of each field that was sent, and a reject for each row that belongs to none.

    The rows of a memory have no ids: they belong to each field with their source.
    """
    wanted = {(one["item_id"], one["field"]): one["source"] for one in record.iter_rows(named=True)}
    rows: dict[tuple[str, str], list[Row]] = {place: [] for place in wanted}
    strays = []
    memory = {collapse(row.source): row for row in bundle.rows if not row.item_id and not row.field}
    for place, source in wanted.items():
        found = memory.get(collapse(source))
        if found is not None:
            rows[place].append(found)
    for row in bundle.rows:
        if (row.item_id, row.field) in rows:
            rows[row.item_id, row.field].append(row)
        elif row.item_id or row.field:
            said = f"{row.item_id or 'no item'}: {row.field or 'no field'}"
            strays.append(
                Reject(
                    file=file.name,
                    text=row.source[:300],
                    reason="unit-unknown",
                    detail=said,
                    language=target,
                    stage="translate",
                )
            )
    return rows, strays


def _faults(
    item: Item | None, fields: Sequence[dict[str, Any]], rows: dict[tuple[str, str], list[Row]], *, coded: bool
) -> list[tuple[str, str]]:
    """Return reason and place of everything that is wrong with an item."""
    if item is None:
        return [("source-stale", "the item is gone")]
    if item.hashes.text_hash != fields[0]["text_hash"]:
        return [("source-stale", "the item changed after it was sent")]
    return [fault for sent in fields for fault in _field_faults(sent, rows[item.id, sent["field"]], coded=coded)]


def _field_faults(sent: dict[str, Any], found: Sequence[Row], *, coded: bool) -> Iterator[tuple[str, str]]:
    name, source = sent["field"], sent["source"]
    if not found or not any(row.target.strip() for row in found):
        yield "target-missing", name
        return
    if len({collapse(row.target) for row in found}) > 1:
        yield "unit-repeated", name
    if any(collapse(_restored(row.source, source, coded=coded)) != collapse(source) for row in found):
        yield "source-changed", name
    text = _restored(found[0].target, source, coded=coded)
    lost = Counter(NOTHING.pieces(source)) - Counter(NOTHING.pieces(text))
    if lost:
        yield "protected-lost", f"{name}: {', '.join(lost)}"


def _restored(text: str, source: str, *, coded: bool) -> str:
    if not coded:
        return text
    pieces = NOTHING.masked(source).pieces
    return _PIECE.sub(lambda found: pieces[int(found[1])] if int(found[1]) < len(pieces) else found[0], text)


def _text(found: Sequence[Row], source: str, *, coded: bool) -> str:
    """Return a translation with the white space of the source at its ends."""
    masked = NOTHING.masked(source)
    return f"{masked.before}{_restored(found[0].target, source, coded=coded).strip()}{masked.behind}"


def _version(
    item: Item, texts: dict[str, str], target: str, variant: str | None, draft: str | None, by: str | None
) -> tuple[Item, list[dict[str, object]]]:
    field_texts = dict(fields_of(item))
    tasks = [
        SpanTask(item.id, name, field_texts[name], texts[name], tuple(spans))
        for name, spans in spans_of(item).items()
        if name in texts
    ]
    carried = carried_spans(tasks, lambda _: {}, NOTHING, marks=False)
    made = rebuilt(
        item,
        texts,
        {(one.task.field, one.name): one.place for one in carried},
        language=target,
        variant=variant,
        origin="post_edited" if draft else "human_translation",
        method=signature("people", version=1, by=by, draft=draft.replace("|", ";") if draft else None),
        contributor=by,
    )
    lines: list[dict[str, object]] = [
        {
            "item_id": target_id(item, target, variant),
            "field": one.task.field,
            "what": one.name,
            "outcome": one.outcome,
            "start": one.place[0] if one.place else None,
            "end": one.place[1] if one.place else None,
        }
        for one in carried
    ]
    return made, lines


def _reject(file: Path, item: Item | None, name: str, target: str, faults: Sequence[tuple[str, str]]) -> Reject:
    said = "; ".join(f"{reason}: {place}" for reason, place in faults)
    return Reject(
        file=file.name,
        text=item.stem[:300] if item else "",
        reason=faults[0][0],
        detail=f"{name}: {said}",
        group=item.group if item else None,
        number=item.exam.number if item else None,
        language=target,
        stage="translate",
    )


def _written(out: Path, taken: Taken) -> Taken:
    earlier = read_earlier(out)
    earlier.replaced = {one.id for one in taken.items} & set(earlier.known["id"])
    rest = earlier.rows()
    entries = list(taken.ledger)
    if earlier.known.height:
        entries.append(
            LedgerEntry(
                stage="translate",
                subject=out.name,
                unit="earlier version",
                rows_in=earlier.known.height,
                rows_out=rest.height,
                rows_merged=len(earlier.replaced),
            )
        )
    assert_balanced(entries)
    notes = _with_earlier(taken.notes, out, earlier.replaced)
    write_table(out, pl.concat([rest, to_frame(taken.items, Item)]).sort("id"))
    tables = {
        "rejects": taken.rejects,
        "spans": taken.told,
        "notes": notes,
        "distances": taken.scores,
    }
    for name, table in tables.items():
        write_table(beside(out, name), table)
    write_records(beside(out, "ledger"), entries, LedgerEntry)
    summary = out.with_name(f"notes-{_plain(out.stem)}.json")
    write_json(summary, _summary(notes))
    written = [out, *(beside(out, name) for name in (*tables, "ledger")), summary]
    return Taken(taken.items, taken.rejects, taken.notes, taken.scores, taken.told, entries, written)


def _with_earlier(notes: pl.DataFrame, out: Path, replaced: set[str]) -> pl.DataFrame:
    """Return the notes with those of earlier imports, of versions that still stand."""
    path = beside(out, "notes")
    before = pl.read_parquet(path) if path.is_file() else pl.DataFrame(schema=NOTES)
    kept = before.filter(~pl.col("item_id").is_in(sorted(replaced)))
    return pl.concat([kept, notes]).unique().sort("item_id", "field", "note")


def _summary(notes: pl.DataFrame) -> dict[str, Any]:
    """Return how many notes there are, for the card of a release: their texts could quote what is withheld."""
    told = notes.with_columns(
        pl.col("item_id").str.extract(r"@([^#]+)").alias("language"), pl.col("field").str.extract("^([a-z]+)")
    )
    by_language = told.group_by("language").agg(
        pl.len().alias("notes"),
        pl.col("item_id").n_unique().alias("items"),
        pl.col("field").value_counts(sort=True).alias("fields"),
    )
    languages = [
        {
            "language": row["language"],
            "notes": row["notes"],
            "items": row["items"],
            "fields": {one["field"]: one["count"] for one in sorted(row["fields"], key=lambda one: str(one["field"]))},
        }
        for row in by_language.sort("language").iter_rows(named=True)
    ]
    return {
        "command": "translate-import",
        "notes": notes.height,
        "items": notes["item_id"].n_unique(),
        "languages": languages,
    }


def _plain(name: str) -> str:
    """Return a name as a release takes it for a document: small letters, digits, dashes."""
    return regex.sub(r"[^a-z0-9_-]", "-", name.casefold())[:30]
