"""Sample logs of an evaluation: JSON, or an archive of samples; one record for each sample, however often run."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from benchwright.schemas.errors import InputError
from benchwright.schemas.tables import Reject
from benchwright.sources._flatzip import Archive, open_archive
from benchwright.sources._layouts.batches import BATCH_ROWS, Batch, batch_of_rows, broken_record
from benchwright.sources._layouts.files import load_json, suffix_of
from benchwright.sources._layouts.unpack._peek import may_say

__all__ = ["looks_like", "rows"]

_HEADERS: Final = ("header.json", "_journal/start.json", "start.json")
"""What says that an archive is a log: of one that is finished, of one that broke off, and of the first version."""
_SAMPLE: Final = re.compile(r"samples/(?P<folder>.+_epoch_[0-9]+)(?:\.json|/sample\.json)$")
"""A sample is one part, or a folder with its beginning and lists of what is long in it."""
_KEPT_APART: Final = re.compile(r"(?:attachment|tc)://(.+)$")


def looks_like(path: Path, file: str) -> str | None:
    """Return the reason when the file is such a log."""
    suffix = suffix_of(path)
    if suffix == ".eval" and zipfile.is_zipfile(path):
        return "an archive of samples"
    if suffix != ".json" or not may_say(path, '"eval"'):
        return None
    value = load_json(path, file)
    there = isinstance(value, dict) and isinstance(value.get("eval"), dict) and isinstance(value.get("samples"), list)
    return "a log with eval and samples" if there else None


def rows(path: Path, file: str) -> Iterator[Batch]:
    """Yield one record for each sample; later runs of the same sample are not records."""
    records: list[dict[str, Any]] = []
    numbers: list[int] = []
    rejects: list[Reject] = []
    seen: set[str] = set()
    for number, (place, sample) in enumerate(_samples(path, file), 1):
        if not isinstance(sample, dict) or "id" not in sample or "input" not in sample:
            found = sample if isinstance(sample, str) else "no sample"
            rejects.append(
                broken_record(file, number, place, f"{place}; found: {found}; expected: a sample with id and input")
            )
            continue
        if str(sample["id"]) in seen:
            continue
        seen.add(str(sample["id"]))
        records.append(_record(sample))
        numbers.append(number)
    for start in range(0, max(1, len(records)), BATCH_ROWS):
        stop = start + BATCH_ROWS
        yield batch_of_rows(records[start:stop], numbers[start:stop], file, rejects if start == 0 else [])


def _samples(path: Path, file: str) -> Iterator[tuple[str, Any]]:
    if suffix_of(path) != ".eval":
        for place, sample in enumerate(load_json(path, file)["samples"]):
            yield f"samples[{place}]", sample
        return
    with open_archive(path, file, *_HEADERS) as archive:
        for part in sorted((one for one in archive.parts if _SAMPLE.match(one)), key=_in_order):
            try:
                yield part, _whole(archive, part)
            except (ValueError, RecursionError, zlib.error, InputError) as error:
                yield part, f"no JSON ({error})"


def _whole(archive: Archive, part: str) -> Any:
    """Return a sample with what is kept apart from it: texts that are long, and what is known of it."""
    sample = json.loads(archive.read(part))
    folder = part.removesuffix("/sample.json")
    if folder == part or not isinstance(sample, dict):
        return sample
    texts: list[Any] = []
    for other in sorted((one for one in archive.parts if one.startswith(f"{folder}/attachments/")), key=_in_order):
        texts += json.loads(archive.read(other))
    sample["attachments"] = {str(place): text for place, text in enumerate(texts)}
    if f"{folder}/metadata.json" in archive.parts:
        sample["metadata"] = json.loads(archive.read(f"{folder}/metadata.json"))
    return sample


def _in_order(part: str) -> list[tuple[int, str]]:
    """Return a key that sorts names by the numbers in them."""
    return [(int(one), "") if one.isdigit() else (0, one) for one in re.split(r"([0-9]+)", part)]


def _record(sample: dict[str, Any]) -> dict[str, Any]:
    metadata = sample.get("metadata")
    target = sample.get("target")
    return {
        "id": str(sample["id"]),
        "input": _asked(sample["input"], apart if isinstance(apart := sample.get("attachments"), dict) else {}),
        "choices": sample.get("choices") or None,
        "target": [str(one) for one in target]
        if isinstance(target, list)
        else target
        if target is None
        else str(target),
        **({"metadata": metadata} if isinstance(metadata, dict) and metadata else {}),
    }


def _asked(value: Any, apart: Mapping[str, Any]) -> str:
    """Return the text of the question: what the user says where it is a chat."""
    if isinstance(value, str):
        return _text(value, apart)
    messages = (
        [one for one in value if isinstance(one, dict) and one.get("role") == "user"] if isinstance(value, list) else []
    )
    return "\n".join(_content(one.get("content"), apart) for one in messages)


def _content(value: Any, apart: Mapping[str, Any]) -> str:
    if isinstance(value, list):
        texts = (str(one["text"]) for one in value if isinstance(one, dict) and one.get("text"))
        return "\n".join(_text(text, apart) for text in texts)
    return "" if value is None else _text(str(value), apart)


def _text(text: str, apart: Mapping[str, Any]) -> str:
    """Return a text, or the one that it refers to."""
    found = _KEPT_APART.match(text)
    return str(apart.get(found[1], text)) if found else text
