"""One file of an existing benchmark -> items and rejects, batch by batch."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final, Literal

import polars as pl

from benchwright._version import __version__
from benchwright.schemas.errors import InputError, Problem
from benchwright.schemas.languages import known_language, parse_language
from benchwright.schemas.tables import Reject
from benchwright.sources._language import language_of
from benchwright.sources._layouts.batches import Batch
from benchwright.sources._layouts.beside import files_beside, joined
from benchwright.sources._layouts.convert import Part, Taken, convert_batches
from benchwright.sources._layouts.files import ReadOptions, read_batches
from benchwright.sources._layouts.heading import without_heading
from benchwright.sources._layouts.items import Placement, items_of, key_rejects
from benchwright.sources._layouts.keys import KeyForm, answers_of, key_form
from benchwright.sources._layouts.model import KeyIn, Layout
from benchwright.sources._layouts.narrow import inner, narrowed
from benchwright.sources._layouts.pictures import pictures_of
from benchwright.sources._layouts.sides import languages_told
from benchwright.sources._layouts.unpack import read_with, unpacked

__all__ = ["Intake", "IntakeOptions", "take_in"]

_YES_OR_NO: Final = frozenset({"true", "false", "1", "0", "yes", "no", "t", "f", "y", "n"})
_CHUNK: Final = 2**20
_SPLITS: Final = {"test": "test", "dev": "dev", "train": "train", "validation": "validation", "val": "validation"}
_WORD: Final = re.compile(r"[A-Za-z]+(?:[-_][A-Za-z]{2,4})?")


@dataclass(frozen=True, slots=True)
class IntakeOptions:
    """What the user says; null is found by evidence or taken from the layout."""

    dataset: str | None = None
    config: str | None = None
    split: str | None = None
    edition: str | None = None
    language: str | None = None
    key_form: Literal["letter", "label", "index", "text"] | None = None
    key_base: Literal[0, 1] | None = None
    delimiter: str | None = None
    encoding: str | None = None
    licence: str | None = None
    limit: int | None = None
    tell: Callable[[Sequence[str]], str | None] | None = None
    """Tells the language of texts where their most frequent words do not."""


@dataclass(frozen=True)
class Intake:
    """How one file is read: what was decided, and why."""

    file: str
    layout: Layout
    placement: Placement
    key: KeyForm
    unused: list[str]
    """Columns that the layout names nowhere: they are not in the items."""
    doubts: list[str]
    batches: Iterator[Batch]
    beside: list[Path] = field(default_factory=list)
    """Other files that were read with this one: they have no records of their own."""

    def parts(self, names: Iterable[Path], workers: int | None = None, media: Path | None = None) -> Iterator[Part]:
        """Write the items of each batch to a file of these names, in several processes; see convert_batches.

        ``media`` is the folder for pictures that travel inside the table; null leaves their bytes where they are.
        """
        work = partial(_one, layout=self.layout, place=self.placement, form=self.key, media=media)
        return convert_batches(self.batches, work, names, workers)


def take_in(path: Path, file: str, layout: Layout, options: IntakeOptions | None = None) -> Intake:
    """Open one file under a layout, decide what the data must decide, and return its batches.

    Raises:
        InputError: ``key-unclear``, ``language-unclear``, or the file cannot be read.
    """
    options = options or IntakeOptions()
    layout = _told(layout, options)
    source, seen = without_heading(_batches(path, file, layout, options), layout)
    first = next(source, Batch(pl.DataFrame({"_row": pl.Series(dtype=pl.Int64)})))
    layout, told = languages_told(first.frame, layout, _from_name(file, layout))
    narrow = narrowed(first.frame, layout)
    form = key_form(narrow, layout.key)
    if layout.key is not None and form.form is None and _has_keys(narrow):
        raise InputError(_key_unclear(file, form))
    _only_yes_and_no(file, layout, narrow)
    placement, doubts = _placement(path, file, layout, options, narrow)
    return Intake(
        file,
        layout,
        placement,
        form,
        _unused(first.frame, layout),
        seen + doubts + told + form.doubts,
        _limited(first, source, options.limit),
        [*(other for _, other in files_beside(path, layout)), *read_with(layout.unpack, path)],
    )


def _told(layout: Layout, options: IntakeOptions) -> Layout:
    changes: dict[str, Any] = {}
    if layout.key is not None and (options.key_form or options.key_base is not None):
        key: dict[str, Any] = layout.key.model_dump()
        key["form"] = options.key_form or key["form"]
        key["base"] = key["base"] if options.key_base is None else options.key_base
        changes["key"] = KeyIn.model_validate(key)
    return layout.model_copy(update=changes)


def _batches(path: Path, file: str, layout: Layout, options: IntakeOptions) -> Iterator[Batch]:
    if layout.unpack:
        return unpacked(layout.unpack, path, file)
    columns = () if layout.header else layout.columns
    batches = read_batches(path, file, ReadOptions(layout.header, columns, options.delimiter, options.encoding))
    if layout.inside:
        batches = (replace(batch, frame=inner(batch.frame, layout.inside)) for batch in _once(batches))
    return joined(batches, path, layout)


def _once(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Leave out what a log says again of a document: it has a record for each filter of the answers."""
    seen: set[Any] = set()
    for batch in batches:
        ids = batch.frame["doc_id"] if "doc_id" in batch.frame.columns else None
        if ids is None or ids.null_count():
            yield batch
            continue
        new = ids.is_first_distinct() & ~ids.is_in(list(seen))
        seen.update(ids.to_list())
        yield replace(batch, frame=batch.frame.filter(new))


def _has_keys(narrow: pl.DataFrame) -> bool:
    return bool((narrow["tokens"].list.len() > 0).any())


def _only_yes_and_no(file: str, layout: Layout, narrow: pl.DataFrame) -> None:
    """Refuse a column of annulments with words that nothing explains: they would all mean that nothing was annulled."""
    said = narrow["annulled"].str.strip_chars().str.to_lowercase().unique().drop_nulls().to_list()
    odd = sorted(set(said) - _YES_OR_NO)
    if odd and layout.key is not None and layout.key.annulled_column:
        taken = set(layout.key.annulled)
        if taken and len(odd) == 1:
            return
        raise InputError(
            Problem(
                "key-unclear",
                "the data do not tell which questions were annulled",
                file,
                f"column {layout.key.annulled_column}",
                found=", ".join(repr(one) for one in odd[:8]),
                expected="true and false, 1 and 0, yes and no",
                remedy="say which of them means annulled: `key: {annulled: [...]}` in the mapping",
            )
        )


def _key_unclear(file: str, form: KeyForm) -> Problem:
    return Problem(
        "key-unclear",
        "the data do not tell how the key is written",
        file,
        found="; ".join(form.doubts),
        expected="letters, labels, texts, or numbers from 0 or from 1",
        remedy="say it: --key-base 0, --key-base 1, or --key-form letter, label, index or text",
    )


def _unused(frame: pl.DataFrame, layout: Layout) -> list[str]:
    told = set(re.findall(r"[^\"]+", layout.model_dump_json()))
    roots = {name for name in frame.columns if name != "_row"}
    return sorted(name for name in roots if name not in told and name.split(".")[0] not in told)


def _placement(
    path: Path, file: str, layout: Layout, options: IntakeOptions, narrow: pl.DataFrame
) -> tuple[Placement, list[str]]:
    named = _from_name(file, layout)
    language, doubts = _language(file, layout, options, named, narrow)
    return (
        Placement(
            dataset=options.dataset or layout.dataset or layout.name,
            file=file,
            sha256=_sha256(path),
            parser=f"layout:{layout.name}|v:{__version__}",
            language=language,
            config=options.config or named.get("config") or _config(path, layout),
            split=options.split or named.get("split") or "all",
            edition=options.edition or named.get("edition"),
            licence=options.licence or layout.licence,
        ),
        doubts,
    )


def _config(path: Path, layout: Layout) -> str:
    """Return the file's own name where rows are known by their number only: two files must not share ids."""
    if layout.id is None and layout.config is None:
        return path.name.removesuffix("".join(path.suffixes[-2:])) or path.stem
    return "all"


def _from_name(file: str, layout: Layout) -> dict[str, str]:
    """Return what the path says: by the layout's own patterns, else the split by its usual names."""
    for pattern in layout.names:
        found = re.search(pattern, file)
        if found:
            return {name: text for name, text in found.groupdict().items() if text}
    words = [word.casefold() for word in _WORD.findall(Path(file).as_posix())]
    split = next((_SPLITS[word] for word in reversed(words) if word in _SPLITS), None)
    return {"split": split} if split else {}


def _language(
    file: str, layout: Layout, options: IntakeOptions, named: dict[str, str], narrow: pl.DataFrame
) -> tuple[str | None, list[str]]:
    if layout.pair is not None:
        return None, []
    if options.language:
        return parse_language(options.language), []
    if "language" in named:
        return parse_language(named["language"]), []
    if layout.language is not None and layout.language.value is not None:
        return layout.language.value, []
    if narrow.height and narrow["language"].null_count() == 0:
        return None, []
    stems = [text for text in narrow["stem"].head(500) if text]
    found = language_of("\n".join(stems))
    if found is None and options.tell is not None:
        found = options.tell(stems)
    if found is None and narrow.height:
        raise InputError(_language_unclear(file))
    return found, [f"the language {found} was told from the text; --lang says it for certain"]


def _language_unclear(file: str) -> Problem:
    return Problem(
        "language-unclear",
        "the language of this file is not known",
        file,
        found="no column and no name that says it, and text that does not tell",
        expected="a BCP-47 tag",
        remedy="say it: --lang es",
    )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _limited(first: Batch, rest: Iterator[Batch], limit: int | None) -> Iterator[Batch]:
    left = limit
    for batch in chain([first], rest):
        kept = batch if left is None else replace(batch, frame=batch.frame.head(left))
        yield kept
        if left is not None:
            left -= kept.frame.height
            if left <= 0:
                return


def _one(batch: Batch, layout: Layout, place: Placement, form: KeyForm, media: Path | None = None) -> Taken:
    narrow = narrowed(batch.frame, layout)
    records = narrow.height + len(batch.rejects)
    pictures, unreadable = pictures_of(batch.frame, layout, place.file, media)
    if pictures is not None:
        narrow = narrow.with_columns(pictures)
    empty = (narrow["stem"].fill_null("").str.strip_chars() == "") & (narrow["texts"].list.len().fill_null(0) == 0)
    rejects = list(batch.rejects)
    if empty.any():
        rejects += [
            Reject(
                file=place.file,
                reason="record-broken",
                number=str(row),
                detail=f"record {row}, column {_stem_column(layout)}; found: nothing; expected: a question",
                stage="import",
            )
            for row in narrow.filter(empty)["row"]
        ]
        narrow = narrow.filter(~empty)
    narrow, odd = _known_languages(narrow, place)
    answers = answers_of(narrow, form)
    items = items_of(narrow, answers, layout, place)
    columns = ", ".join(layout.key.columns) if layout.key else ""
    keys = [Reject.model_validate(row) for row in key_rejects(items, narrow, answers, place.file, columns)]
    return Taken(items, [*rejects, *odd, *keys, *unreadable, *batch.notes], records)


def _stem_column(layout: Layout) -> str:
    return ", ".join(layout.stem) or (f"{layout.pair.source}, {layout.pair.target}" if layout.pair else "text")


def _known_languages(narrow: pl.DataFrame, place: Placement) -> tuple[pl.DataFrame, list[Reject]]:
    """Reject the records whose language is none that is known."""
    bad = {name for name in narrow["language"].unique().drop_nulls() if not known_language(name)}
    unset = (
        narrow["language"].is_null() if place.language is None else pl.Series([False] * narrow.height, dtype=pl.Boolean)
    )
    odd = narrow["language"].is_in(list(bad)).fill_null(value=False) | unset
    if not odd.any():
        return narrow, []
    rejects = [
        Reject(
            file=place.file,
            reason="record-broken",
            number=str(row),
            detail=f"record {row}; found: language {name!r}; expected: a BCP-47 tag or a language's name",
            stage="import",
        )
        for row, name in narrow.filter(odd).select("row", "language").iter_rows()
    ]
    return narrow.filter(~odd), rejects
