"""Logs of inspect_ai: ``.eval`` archives and JSON."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._flatzip import open_archive
from benchwright.sources._logs._model import RawAnswer, condition_of, head_of, in_frames, load, setting_text

__all__ = ["LOG"]

_HEADER: Final = "header.json"
_START: Final = "_journal/start.json"
_SAMPLE: Final = re.compile(r"samples/.+\.json$")


class _Inspect:
    name = "inspect_ai"
    title = "inspect_ai .eval and .json logs"

    def looks_like(self, path: Path) -> bool:
        if path.suffix == ".eval":
            return zipfile.is_zipfile(path)
        if path.suffix != ".json":
            return False
        head = head_of(path)
        return '"eval"' in head and '"task"' in head and '"model"' in head

    def frames(self, path: Path) -> Iterator[pl.DataFrame]:
        return in_frames(self._rows(path))

    def _rows(self, path: Path) -> Iterator[RawAnswer]:
        if path.suffix == ".eval":
            yield from _archive(path)
            return
        told = load(path)
        if isinstance(told, dict):
            yield from (
                _answer(one, told.get("eval") or {}) for one in told.get("samples") or [] if isinstance(one, dict)
            )


LOG: Final = _Inspect()


def _archive(path: Path) -> Iterator[RawAnswer]:
    name = path.name
    with zipfile.ZipFile(path) as outer:
        first = _HEADER if _HEADER in outer.namelist() else _START
    with open_archive(path, name, first) as archive:
        about = _json(archive.read(first), path, first)
        for part in sorted(one for one in archive.parts if _SAMPLE.match(one)):
            sample = _json(archive.read(part), path, part)
            if isinstance(sample, dict):
                yield _answer(sample, about.get("eval") or {})


def _json(data: bytes, path: Path, part: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError, zlib.error) as error:
        raise InputError(
            Problem(
                "file-unreadable",
                "a part of this log is no JSON",
                f"{path}!{part}",
                found=str(error)[:200],
                expected="a whole log",
                remedy="copy the file again, or leave it out",
            )
        ) from error


def _answer(sample: Mapping[str, Any], about: Mapping[str, Any]) -> RawAnswer:
    output = sample.get("output") or {}
    given = _scored(sample.get("scores"))
    metadata = sample.get("metadata") or {}
    options = sample.get("choices") or []
    return RawAnswer(
        sample=str(metadata.get("item_id") or sample.get("id")),
        model=str(about.get("model") or output.get("model") or "unknown"),
        answer=given if given is not None else output.get("completion") or _completion(output),
        stem=_asked(sample.get("input")),
        options=tuple(str(one) for one in options) if isinstance(options, list) else (),
        setting=setting_text(task=about.get("task"), arguments=about.get("task_args"), solver=about.get("solver")),
        condition=condition_of(str(about.get("task")), json.dumps(about.get("task_args") or {}, default=str)),
        repeat=max(0, int(sample.get("epoch") or 1) - 1),
        language=metadata.get("language") if isinstance(metadata.get("language"), str) else None,
        hash=metadata.get("text_hash") if isinstance(metadata.get("text_hash"), str) else None,
    )


def _scored(scores: Any) -> str | None:
    """Return the answer that a scorer read; of several scorers the first that read one."""
    if not isinstance(scores, dict):
        return None
    return next((str(one["answer"]) for one in scores.values() if isinstance(one, dict) and one.get("answer")), None)


def _completion(output: Mapping[str, Any]) -> str | None:
    for choice in output.get("choices") or []:
        content = (choice.get("message") or {}).get("content") if isinstance(choice, dict) else None
        if isinstance(content, str):
            return content
    return None


def _asked(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    texts = [one.get("content") for one in value or [] if isinstance(one, dict) and one.get("role") == "user"]
    return "\n".join(one for one in texts if isinstance(one, str)) or None
