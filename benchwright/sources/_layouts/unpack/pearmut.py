"""Annotations of a translation campaign: items with a source, a target for each system, and marked errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchwright.schemas.tables import Reject
from benchwright.sources._layouts.batches import Batch, batch_of_rows, broken_record
from benchwright.sources._layouts.files import load_json, suffix_of
from benchwright.sources._layouts.unpack._peek import may_say

__all__ = ["looks_like", "rows"]


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when records have a source, and a target for each system."""
    if suffix_of(path) not in {".json", ".jsonl"} or not may_say(path, '"src"', '"tgt"'):
        return None
    first = next(iter(_items(path, file)), None)
    return "items with src and a tgt for each system" if first and _is_item(first[1]) else None


def rows(path: Path, file: str) -> Iterator[Batch]:
    """Yield one record for each item and system, with ``score`` and ``errors`` (JSON) where they were given."""
    records: list[dict[str, Any]] = []
    numbers: list[int] = []
    rejects: list[Reject] = []
    for number, (place, item, languages) in enumerate(_items(path, file), 1):
        if not _is_item(item):
            rejects.append(
                broken_record(file, number, str(item)[:200], f"{place}; found: no item; expected: src and tgt")
            )
            continue
        targets = item["tgt"] if isinstance(item["tgt"], dict) else {"system": item["tgt"]}
        for system, target in targets.items():
            records.append(
                {
                    "id": str(item.get("item_id", place)),
                    "system": system,
                    "source": item["src"],
                    "target": target,
                    "source_language": item.get("src_lang") or languages[0],
                    "target_language": item.get("tgt_lang") or languages[1],
                    **_judged(item, system),
                }
            )
            numbers.append(number)
    yield batch_of_rows(records, numbers, file, rejects)


def _is_item(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("src"), str) and isinstance(value.get("tgt"), dict | str)


def _items(path: Path, file: str) -> Iterator[tuple[str, Any, tuple[Any, Any]]]:
    """Yield items with their place, from a campaign (its ``data``), from log lines (their ``item``), or a list."""
    if suffix_of(path) == ".jsonl":
        with path.open("rb") as handle:
            for number, line in enumerate(handle, 1):
                if line.strip():
                    try:
                        value = json.loads(line)
                    except (ValueError, RecursionError):
                        value = None
                    yield from _within(value, f"line {number}", (None, None))
        return
    yield from _within(load_json(path, file), "item", (None, None))


def _within(value: Any, place: str, languages: tuple[Any, Any]) -> Iterator[tuple[str, Any, tuple[Any, Any]]]:
    if isinstance(value, dict) and not _is_item(value):
        info = value.get("info") if isinstance(value.get("info"), dict) else value
        languages = (info.get("src_lang") or languages[0], info.get("tgt_lang") or languages[1]) if info else languages
        inner = next((value[name] for name in ("data", "item", "items") if isinstance(value.get(name), list)), None)
        if inner is not None:
            given = value.get("annotation") or value.get("annotations")
            marks = given if isinstance(given, list) and len(given) == len(inner) else [None] * len(inner)
            for number, (one, mark) in enumerate(zip(inner, marks, strict=True)):
                marked = isinstance(one, dict) and isinstance(mark, dict)
                whole = {**one, "annotation": mark} if marked else one
                yield from _within(whole, f"{place}, {number + 1}", languages)
            return
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _within(one, f"{place}, {number + 1}", languages)
        return
    yield place, value, languages


def _judged(item: dict[str, Any], system: str) -> dict[str, Any]:
    mark = item.get("annotation")
    mark = mark.get(system, mark) if isinstance(mark, dict) else {}
    spans = mark.get("error_spans", item.get("error_spans"))
    spans = spans.get(system, []) if isinstance(spans, dict) else spans
    errors = [_span(one) for one in spans or () if isinstance(one, dict)]
    score = mark.get("score", item.get("score"))
    score = score.get(system) if isinstance(score, dict) else score
    return {"score": score, "errors": json.dumps(errors, ensure_ascii=False) if spans is not None else None}


def _span(one: dict[str, Any]) -> dict[str, Any]:
    """Return a span with an end that is not part of it; there the end is the last sign."""
    end = one.get("end_i")
    return {
        "side": "target",
        "start": one.get("start_i"),
        "end": end + 1 if isinstance(end, int) else None,
        "category": one.get("category"),
        "severity": one.get("severity"),
    }
