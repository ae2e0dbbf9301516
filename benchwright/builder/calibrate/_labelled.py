"""Translations that people labelled: files of error spans, rows of MQM, contrasts of right and wrong, and verdicts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchwright.builder.calibrate._records import first_of, read_records, told_language
from benchwright.schemas.errors import InputError, NotFoundError, Problem

__all__ = ["SEVERE", "Judged", "Labelled", "Segment", "read_labelled"]

SEVERE: Final = frozenset({"major", "critical"})
_MARKS: Final = re.compile(r"</?v>")
_NONE: Final = frozenset({"no-error", "no error", "none", "neutral", ""})

_SOURCE: Final = ("source", "src", "source_text", "original", "src_sent")
_TARGET: Final = ("target", "tgt", "translation", "hypothesis", "mt", "target_text")
_CLEAN: Final = ("mt_sent", "clean", "good", "good_translation")
_DAMAGED: Final = ("pert_sent", "damaged", "bad", "incorrect", "incorrect-translation")
_KIND: Final = ("pert_name", "kind", "phenomena", "category", "error_type")
_ERRORS: Final = ("target_errors", "errors", "esa_spans", "error_spans", "mqm_spans", "annotations", "spans")
_CATEGORY: Final = ("error_category", "category", "type", "label")
_FINER: Final = ("error_subcategory", "subcategory")
_RATER: Final = ("rater", "annotator", "Annotator_ID", "annotator_id")


@dataclass(frozen=True)
class Segment:
    """One translation; ``errors`` are the categories of its major and critical errors, each once.

    ``clean`` is the same translation without the error, where the file has it.
    """

    file: str
    source: str
    target: str
    source_language: str
    target_language: str
    errors: frozenset[str]
    clean: str | None = None


@dataclass(frozen=True)
class Judged:
    """What most reviewers said of one item: the categories of its major and critical errors."""

    item_id: str
    errors: frozenset[str]


@dataclass(frozen=True)
class Labelled:
    """What was read, and what of the files took no part."""

    segments: list[Segment]
    judged: list[Judged]
    notes: list[str]


@dataclass(frozen=True)
class _Languages:
    source: str | None
    target: str | None


def read_labelled(files: Sequence[Path], source_language: str | None, target_language: str | None) -> Labelled:
    """Read labelled files, whose layout is told by their columns.

    Args:
        files: JSON, JSON lines, CSV, TSV or Parquet.
        source_language: language of the sources of records that do not say theirs.
        target_language: language of the translations, likewise.

    Raises:
        NotFoundError: a file does not exist.
        InputError: a file cannot be read; ``labels-unknown``: its columns are those of no layout;
            ``language-unclear``: neither the records nor the user say a language.
    """
    languages = _Languages(source_language, target_language)
    segments: list[Segment] = []
    judged: list[Judged] = []
    notes: list[str] = []
    for path in files:
        if not path.is_file():
            raise NotFoundError(
                Problem("file-not-found", "there is no such labelled file", str(path), remedy="check the name")
            )
        records, broken = read_records(path)
        reader = _layout_of(records, path)
        if reader is None:
            judged += _verdicts(records)
            continue
        found = list(reader(records, path.name, languages))
        segments += found
        if broken:
            notes.append(f"{path.name}: {broken} records cannot be read")
        if not found:
            notes.append(f"{path.name}: no record has a source and a translation")
    return Labelled(segments, judged, notes)


Reader = Callable[[list[dict[str, Any]], str, _Languages], Iterator[Segment]]


def _layout_of(records: list[dict[str, Any]], path: Path) -> Reader | None:
    """Return the reader of the layout that the columns are those of; null for verdicts."""
    names = {name for record in records[:200] for name in record}
    if {"item_id", "axis", "value"} <= names:
        return None
    if names & {*_CLEAN} and names & {*_DAMAGED}:
        return _contrasts
    if names & {*_SOURCE} and names & {*_TARGET}:
        if names & {*_ERRORS}:
            return _spans
        if "severity" in names and names & {*_CATEGORY}:
            return _rows
    raise InputError(
        Problem(
            "labels-unknown",
            "the labels of this file cannot be told",
            path.name,
            found=", ".join(sorted(names)[:12]) or "no record",
            expected="error spans (source, target, errors), rows of MQM (source, target, category, severity), contrasts"
            " (source, clean, damaged, kind), or verdicts (item_id, axis, value)",
            remedy="rename the columns; docs/calibrate.md has the layouts",
        )
    )


def _spans(records: list[dict[str, Any]], file: str, languages: _Languages) -> Iterator[Segment]:
    """One record per translation, with a list of its errors: MQM in JSON, ESA."""
    for record in records:
        errors = first_of(record, _ERRORS) or ()
        yield from _segment(record, file, languages, frozenset(_severe(errors)))


def _severe(errors: Any) -> Iterator[str]:
    for one in errors if isinstance(errors, list) else ():
        if isinstance(one, dict) and str(one.get("severity", "")).strip().casefold() in SEVERE:
            yield _category(one)


def _category(record: dict[str, Any]) -> str:
    parts = [str(first_of(record, names) or "").strip() for names in (_CATEGORY, _FINER)]
    return "/".join(part for part in parts if part) or "error"


def _rows(records: list[dict[str, Any]], file: str, languages: _Languages) -> Iterator[Segment]:
    """One record per error and rater; an error counts where at least half of the raters of the translation have it."""
    firsts: dict[tuple[str, str], dict[str, Any]] = {}
    raters: dict[tuple[str, str], set[str]] = defaultdict(set)
    said: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for record in records:
        target = _MARKS.sub("", str(first_of(record, _TARGET) or ""))
        key = (str(first_of(record, _SOURCE) or ""), target)
        firsts.setdefault(key, {**record, "target": target})
        rater = str(first_of(record, _RATER) or "")
        raters[key].add(rater)
        if str(record.get("severity", "")).strip().casefold() in SEVERE:
            said[key][_category(record)].add(rater)
    for key, record in firsts.items():
        errors = {name for name, some in said[key].items() if 2 * len(some) >= len(raters[key])}
        yield from _segment(record, file, languages, frozenset(errors))


def _contrasts(records: list[dict[str, Any]], file: str, languages: _Languages) -> Iterator[Segment]:
    """One record per damaged translation beside the same without the error."""
    for record in records:
        clean, damaged = (str(first_of(record, names) or "") for names in (_CLEAN, _DAMAGED))
        if not clean.strip() or clean == damaged or record.get("pert_check") is False:
            continue
        kind = str(first_of(record, _KIND) or "error")
        yield from _segment({**record, "target": damaged}, file, languages, frozenset({kind}), clean)


def _segment(
    record: dict[str, Any], file: str, languages: _Languages, errors: frozenset[str], clean: str | None = None
) -> Iterator[Segment]:
    source, target = (str(first_of(record, names) or "").strip() for names in (_SOURCE, _TARGET))
    if source and target:
        tags = told_language(record, file, languages.source, languages.target)
        yield Segment(file, source, target, *tags, errors, clean)


def _verdicts(records: list[dict[str, Any]]) -> list[Judged]:
    """One record per reviewer, item and axis: an error counts where at least half of the item's reviewers say it.

    Of a reviewer the last round counts. Marked spans name their own categories; planted errors, repeats, corrections
    and what no person said are left out.
    """
    last: dict[tuple[str, str, str], dict[str, Any]] = {}
    for record in records:
        if record.get("role", "item") != "item" or record.get("reviewer_kind", "human") != "human":
            continue
        if str(record["axis"]).startswith("correction:"):
            continue
        key = (str(record["item_id"]), str(record.get("reviewer") or ""), str(record["axis"]))
        if key not in last or (record.get("round") or 1) >= (last[key].get("round") or 1):
            last[key] = record
    reviewers: dict[str, set[str]] = defaultdict(set)
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for (item, reviewer, _), record in last.items():
        reviewers[item].add(reviewer)
        for category in _said(record):
            said[item][category].add(reviewer)
    return [
        Judged(item, frozenset(name for name, some in said[item].items() if 2 * len(some) >= len(own)))
        for item, own in sorted(reviewers.items())
    ]


def _said(record: dict[str, Any]) -> set[str]:
    marked = {
        str(span.get("category") or record["axis"])
        for span in record.get("spans") or ()
        if str(span.get("severity") or "").casefold() in SEVERE
    }
    whole = str(record.get("severity") or "").casefold() in SEVERE
    return marked or ({f"{record['axis']}/{record['value']}"} if whole else set())
