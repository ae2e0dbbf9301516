"""Items out to translators, with notes, drafts and counts, and a record of what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import regex

from benchwright.builder.store import write_bytes, write_table
from benchwright.builder.tables import items_table
from benchwright.builder.translate._glossary import Term, read_terms
from benchwright.builder.translate._people.formats import suffix_of, write_bundle
from benchwright.builder.translate._people.rows import Bundle, Row
from benchwright.builder.translate._protect import NOTHING, needs_words
from benchwright.builder.translate._sources import sources_of
from benchwright.builder.translate._units import fields_of
from benchwright.builder.translate._words import count_words
from benchwright.schemas.item import Item
from benchwright.schemas.rows import from_frame

__all__ = ["SENT", "Counts", "Exported", "export_items"]

SENT: Final = pl.Schema(
    {
        "item_id": pl.String,
        "text_hash": pl.String,
        "source_language": pl.String,
        "target_language": pl.String,
        "field": pl.String,
        "source": pl.String,
        "draft": pl.String,
        "draft_method": pl.String,
    }
)
"""What was sent: ids, hashes and texts against which the file is checked when it comes back."""
_MOST_TERMS: Final = 20


@dataclass(frozen=True)
class Counts:
    """What is to be translated into one language; words as translators count them."""

    language: str
    items: int
    fields: int
    words: int
    repeated: int
    """Words of texts that stand there a second time."""
    drafted: int
    """Words that have a draft."""
    cost: float | None


@dataclass(frozen=True)
class Exported:
    """What was written, and the counts by language."""

    counts: list[Counts]
    written: list[Path]


def export_items(
    files: Sequence[Path],
    out: Path,
    to: Sequence[str],
    form: str,
    *,
    source: str | None = None,
    drafts: Path | None = None,
    glossary: Path | None = None,
    only: Path | None = None,
    price: float | None = None,
    draft_price: float | None = None,
) -> Exported:
    """Write one file per language, the record of what was sent, and the count sheet, into a folder.

    Args:
        files: items, as for a translation.
        out: folder.
        to: BCP-47 tags.
        form: one of ``FORMATS``.
        source: language of the items that go out.
        drafts: translations that are given as drafts; a translation memory holds nothing else.
        glossary: terms for the notes.
        only: a text file with one item id or group a line; all others stay.
        price: of a new word.
        draft_price: of a word that has a draft.

    Raises:
        NotFoundError: a file or format does not exist, or nothing is left to send.
        InputError: a file cannot be read.
        OutputError: the folder cannot be written.
    """
    suffix = suffix_of(form)
    sources = sources_of(files, source)
    items = _wanted(from_frame(sources.frame, Item, checked=True), only)
    terms = read_terms(glossary) if glossary else []
    counts, written = [], []
    for language in to:
        known = _drafts(drafts, language)
        rows, sent = [], []
        for item in items:
            texts, method = known.get(item.id, ({}, None))
            for name, text in fields_of(item):
                if not needs_words(NOTHING.masked(text).text, NOTHING.placeholder):
                    continue
                draft = texts.get(name, "")
                notes = _notes(text, terms, sources.language, language)
                rows.append(Row(item.id, name, text, draft, notes))
                sent.append(
                    (
                        item.id,
                        item.hashes.text_hash,
                        sources.language,
                        language,
                        name,
                        text,
                        draft or None,
                        method if draft else None,
                    )
                )
        path = out / f"{language}.{suffix}"
        write_bundle(path, Bundle(rows, sources.language, language), form)
        record = out / f"{language}.sent.parquet"
        write_table(record, pl.DataFrame(sent, schema=SENT, orient="row"))
        counts.append(_counted(language, rows, price, draft_price))
        written += [path, record]
    sheet = out / "counts.csv"
    write_bytes(sheet, _sheet(counts).encode())
    return Exported(counts, [*written, sheet])


def _wanted(items: list[Item], only: Path | None) -> list[Item]:
    if only is None:
        return items
    names = {line.strip() for line in only.read_text(encoding="utf-8").splitlines()}
    return [item for item in items if names & {item.id, item.group}]


def _drafts(path: Path | None, language: str) -> dict[str, tuple[dict[str, str], str | None]]:
    """Return the fields of translations by the ids of their sources; of several the one that sorts first."""
    if path is None:
        return {}
    frame = items_table(path).filter((pl.col("language") == language) & pl.col("derived_from").is_not_null())
    found: dict[str, tuple[dict[str, str], str | None]] = {}
    for item in from_frame(frame.sort("id"), Item):
        if item.derived_from is not None:
            found.setdefault(item.derived_from.id, (dict(fields_of(item)), item.derived_from.method))
    return found


def _notes(text: str, terms: Sequence[Term], source: str, target: str) -> tuple[str, ...]:
    """Return what the glossary says of a text."""
    said = []
    for term in terms:
        if not term.holds(source, target):
            continue
        if regex.search(rf"(?<![\p{{L}}\p{{N}}]){regex.escape(term.source)}", text, regex.IGNORECASE):
            kind = "no accepted term: describe it" if term.open else "do not translate"
            said.append(f"{term.source} = {term.target}" if term.target is not None else f"{term.source}: {kind}")
    return tuple(dict.fromkeys(said[:_MOST_TERMS]))


def _counted(language: str, rows: Sequence[Row], price: float | None, draft_price: float | None) -> Counts:
    seen: set[str] = set()
    words = repeated = drafted = 0
    for row in rows:
        count = count_words(row.source)
        words += count
        if row.source in seen:
            repeated += count
        elif row.target:
            drafted += count
        seen.add(row.source)
    cost = None
    if price is not None:
        fresh = words - repeated - drafted
        cost = round(fresh * price + drafted * (price if draft_price is None else draft_price), 2)
    return Counts(language, len({row.item_id for row in rows}), len(rows), words, repeated, drafted, cost)


def _sheet(counts: Sequence[Counts]) -> str:
    lines = ["language,items,fields,words,repeated words,words with a draft,cost"]
    for one in counts:
        cells = (one.language, one.items, one.fields, one.words, one.repeated, one.drafted, one.cost)
        lines.append(",".join("" if cell is None else str(cell) for cell in cells))
    return "\r\n".join([*lines, ""])
