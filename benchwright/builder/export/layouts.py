"""Items in the layout of a published benchmark: written, read back, and compared before the file is handed over."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from benchwright.builder.export._cells import Cells
from benchwright.builder.export._files import SUFFIXES, uniform, write_records_as
from benchwright.builder.export._losses import lost_fields
from benchwright.builder.export._parts import UnwritableError, written_stem
from benchwright.builder.tables import items_table
from benchwright.schemas.errors import InputError, Problem
from benchwright.sources import IntakeOptions, layout_named, read_mapping, shipped_layouts, take_in

if TYPE_CHECKING:
    from benchwright.sources._layouts.model import Layout

__all__ = ["ExportRun", "Refused", "export_items", "writable_layouts"]

Row = dict[str, Any]
_SLICE: Final = 20_000


@dataclass(frozen=True)
class Refused:
    """An item that is not in the file, and why."""

    id: str
    reason: str


@dataclass(frozen=True)
class ExportRun:
    """What was written. ``losses`` counts, for each field, the items that have more than the layout holds."""

    path: Path
    layout: str
    items: int
    records: int
    refused: list[Refused] = field(default_factory=list)
    losses: dict[str, int] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    """Columns of the layout for which items have nothing."""
    checked: int = 0
    """Items that were read back from the file with the same question, options and key."""


def writable_layouts() -> list[str]:
    """Return the layouts that can be written: those that are plain tables."""
    return [name for name, layout in shipped_layouts().items() if _why_not(layout) is None]


def _why_not(layout: Layout) -> str | None:
    """Return why a layout cannot be written; null when it can."""
    if layout.unpack:
        return "its files are no table: only reading is known"
    if layout.inside or layout.turns:
        return "its records hold more than one question can say"
    pair = layout.pair
    if pair and None in (pair.source_language.column, pair.target_language.column):
        return "its languages stand in the name of the file"
    return None


def export_items(
    source: Path, out: Path, layout: str | None = None, *, mapping: Path | None = None, language: str | None = None
) -> ExportRun:
    """Write items in a layout; each is read back before the file is kept.

    An item that the layout cannot hold without becoming another question (too many options, a key that it cannot
    say, texts that would read back otherwise) is refused with its reason. What is only left behind (labels,
    explanations, pictures) is counted in ``losses``.

    Args:
        source: table of items, or the folder of a project or release.
        out: the file; its suffix says the form: CSV, TSV, JSONL, JSON or Parquet.
        layout: name of a layout; or ``mapping``, the user's own.
        mapping: YAML file of a layout.
        language: only the items of this language.

    Raises:
        NotFoundError: no such table or layout.
        InputError: the layout cannot be written, the suffix is not known, or the items are in several languages
            and the layout has no column that says which.
        OutputError: the file cannot be written.
    """
    chosen = read_mapping(mapping) if mapping else layout_named(layout or "")
    _check(chosen, out)
    rows = _ordered(items_table(source), chosen, language)
    units, refused = _units(rows, chosen)
    cells = Cells(chosen, _media_of(source))
    losses: Counter[str] = Counter()
    written: list[tuple[list[Row], Row]] = []
    for unit in units:
        try:
            written.append((unit, cells.pair(*unit) if chosen.pair else cells.record(unit[0])))
        except UnwritableError as error:
            refused.append(Refused(unit[-1]["id"], str(error)))
    written, changed = _kept(written, chosen, out)
    refused += changed
    for unit, _ in written:
        losses.update(set(lost_fields(unit[-1], chosen, cells.rationales(unit[-1]))))
    used = {name for _, record in written for name, value in record.items() if value is not None}
    return ExportRun(
        out,
        chosen.name,
        items=len(rows),
        records=len(written),
        refused=sorted(refused, key=lambda one: one.id),
        losses=dict(sorted(losses.items())),
        empty=[name for name in _columns(chosen, written) if name not in used],
        checked=sum(len(unit) for unit, _ in written),
    )


def _check(layout: Layout, out: Path) -> None:
    why = _why_not(layout)
    if why is not None:
        raise InputError(
            Problem(
                "layout-not-writable",
                f"the layout {layout.name} cannot be written",
                found=why,
                expected=", ".join(writable_layouts()),
                remedy="choose one of these, or write a mapping",
            )
        )
    if out.suffix.casefold() not in SUFFIXES:
        raise InputError(
            Problem(
                "file-unsupported",
                "no form of file has this suffix",
                str(out),
                found=out.suffix or "no suffix",
                expected=", ".join(SUFFIXES),
                remedy="give the file one of these suffixes",
            )
        )


def _ordered(items: pl.DataFrame, layout: Layout, language: str | None) -> list[Row]:
    """Return the items in the order of the file that they were read from; others by id."""
    if language is not None:
        items = items.filter(pl.col("language") == language)
    languages = items["language"].unique().sort().to_list()
    if len(languages) > 1 and layout.pair is None and (layout.language is None or layout.language.column is None):
        raise InputError(
            Problem(
                "language-unclear",
                f"the layout {layout.name} has no column for the language",
                found=", ".join(languages),
                expected="items of one language",
                remedy=f"write one file for each: --lang {languages[0]}",
            )
        )
    place = pl.col("provenance").list.first().struct
    ordered = items.sort(place.field("file"), place.field("row"), "id", nulls_last=True, maintain_order=True)
    # A loop over records: cells are nested values of mixed types, and JSON and CSV are written cell by cell anyway.
    return [row for part in ordered.iter_slices(_SLICE) for row in part.iter_rows(named=True)]


def _units(rows: Sequence[Row], layout: Layout) -> tuple[list[list[Row]], list[Refused]]:
    """Return the items of each record: one, or of a layout of pairs the source and its translation."""
    if layout.pair is None:
        return [[row] for row in rows], []
    sources = {row["group"]: row for row in rows if row["language"] == row["origin_language"]}
    units, refused, used = [], [], set()
    for row in rows:
        source = sources.get(row["group"])
        if source is None:
            refused.append(Refused(row["id"], "its source text is not in the table"))
        elif row is not source:
            used.add(row["group"])
            units.append([source, row])
    refused += [Refused(one["id"], "it has no translation") for group, one in sources.items() if group not in used]
    return units, refused


def _kept(written: list[tuple[list[Row], Row]], layout: Layout, out: Path) -> tuple[list[Any], list[Refused]]:
    """Write the records, read them back, and leave out those that come back as another question."""
    refused: list[Refused] = []
    while True:
        columns = _columns(layout, written)
        records = uniform([record for _, record in written], columns)
        write_records_as(out, records, columns, header=layout.header)
        _write_beside(out, layout, records)
        wrong = _changed(out, layout, [unit for unit, _ in written])
        if not wrong:
            return written, refused
        refused += [Refused(written[at][0][-1]["id"], f"read back otherwise: {what}") for at, what in wrong.items()]
        written = [one for at, one in enumerate(written) if at not in wrong]


def _columns(layout: Layout, written: Sequence[tuple[list[Row], Row]]) -> list[str]:
    """Return the columns of the file: as published, without optional ones for which there is nothing."""
    used = {name for _, record in written for name, value in record.items() if value is not None}
    skipped = set(layout.optional) - used
    columns = [name for name in layout.columns if name not in skipped]
    elsewhere = _beside_columns(layout, used)
    named = {name for _, record in written for name in record}
    more = [name for name in _in_order(layout, named) if name not in columns and name in used]
    every = [*columns, *(name for name in more if name not in elsewhere)]
    return [name for name in every if not any(other.startswith(f"{name}.") for other in every)]


def _in_order(layout: Layout, names: set[str]) -> list[str]:
    return [name for name in layout.columns if name in names] + sorted(names - set(layout.columns))


def _beside_columns(layout: Layout, used: set[str]) -> list[str]:
    return sorted(used - set(layout.columns)) if layout.beside else []


def _write_beside(out: Path, layout: Layout, records: Sequence[Row]) -> None:
    """Write the columns that a layout keeps in a second file."""
    import re

    used = {name for record in records for name, value in record.items() if value is not None}
    for one in layout.beside:
        columns = _beside_columns(layout, used)
        found = re.fullmatch(one.of, out.name)
        if columns and found:
            path = out.with_name(found.expand(one.file))
            write_records_as(path, uniform(records, columns), [one.on, *columns], header=True)


def _media_of(source: Path) -> Path | None:
    folder = source if source.is_dir() else source.parent
    return next((one for one in (folder / "media", folder / "build" / "media") if one.is_dir()), None)


def _changed(out: Path, layout: Layout, units: Sequence[list[Row]]) -> dict[int, str]:
    """Return what came back as another question, by its place."""
    if not units:
        return {}
    found: dict[int, list[Row]] = {}
    for row in _read_back(out, layout, units[0][-1]["language"]):
        found.setdefault(row["provenance"][0]["row"] - 1, []).append(row)
    wrong: dict[int, str] = {}
    for at, unit in enumerate(units):
        back = sorted(found.get(at, []), key=lambda row: row["origin"] != "native")
        if len(back) != len(unit):
            wrong[at] = "no such record"
            continue
        for old, new in zip(unit, back, strict=True):
            different = [name for name, value in _question(old, layout).items() if _question(new, None)[name] != value]
            if different:
                wrong[at] = ", ".join(different)
    return wrong


def _read_back(out: Path, layout: Layout, language: str) -> Iterator[Row]:
    base = layout.key.base or 0 if layout.key and layout.key.form == "index" else None
    constant = layout.pair is not None or (layout.language is not None and layout.language.column is not None)
    options = IntakeOptions(language=None if constant else language, key_base=base)
    with tempfile.TemporaryDirectory(prefix="benchwright-export-") as folder:
        intake = take_in(out, out.name, layout, options)
        for part in intake.parts((Path(folder) / f"{n}.arrow" for n in count()), 1, Path(folder) / "media"):
            yield from pl.read_ipc(part.path).iter_rows(named=True)


def _question(item: Row, layout: Layout | None) -> dict[str, Any]:
    """Return what makes the question: it must come back unchanged. With a layout, as that layout should give it."""
    key = item["key"]
    answers = {frozenset(one) for one in key["answers"]}
    places = {one["id"]: at for at, one in enumerate(item["options"])}
    context = item["context"]["text"] if item["context"] else None
    return {
        "stem": written_stem(item, layout) if layout else item["stem"],
        "context": context if layout is None or layout.context else None,
        "options": [one["text"] for one in item["options"]],
        "key": {frozenset(places[one] for one in answer) for answer in answers},
        "accepted": list(key["accepted"]),
    }
