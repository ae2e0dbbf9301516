"""lighteval: ``details_TASK_DATE.parquet`` of a model, columns of older and newer versions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.schemas.errors import InputError, Problem
from benchwright.sources._logs._model import RawAnswer, condition_of, in_frames, setting_text

__all__ = ["LOG"]

_TASK: Final = re.compile(r"details_(?P<task>.+)_\d{4}-\d{2}-\d{2}T.*$")
_BATCH: Final = 5_000


class _Lighteval:
    name = "lighteval"
    title = "lighteval details_*.parquet"

    def looks_like(self, path: Path) -> bool:
        if path.suffix != ".parquet":
            return False
        try:
            columns = set(pl.read_parquet_schema(path))
        except (pl.exceptions.PolarsError, OSError):
            return False
        return {"doc", "model_response"} <= columns or {"example", "predictions", "choices"} <= columns

    def frames(self, path: Path) -> Iterator[pl.DataFrame]:
        return in_frames(self._rows(path))

    def _rows(self, path: Path) -> Iterator[RawAnswer]:
        named = _TASK.match(path.stem)
        task = named["task"] if named else path.stem
        # details/ORG/MODEL/DATE/details_TASK_DATE.parquet
        model = "/".join(path.parts[-4:-2]) if len(path.parts) >= 4 else path.parent.name
        try:
            frame = pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            remedy = "copy the file again, or leave it out"
            raise InputError(
                Problem(
                    "file-unreadable", "these details cannot be read", str(path), found=str(error)[:200], remedy=remedy
                )
            ) from error
        for start in range(0, frame.height, _BATCH):
            for number, row in enumerate(frame[start : start + _BATCH].iter_rows(named=True), start):
                yield (_new if "doc" in row else _old)(row, str(number), model, task)


LOG: Final = _Lighteval()


def _new(row: Mapping[str, Any], number: str, model: str, task: str) -> RawAnswer:
    doc, response = row["doc"] or {}, row["model_response"] or {}
    likelihoods = tuple(float(one) for one in response.get("logprobs") or [])
    texts = response.get("final_text") or response.get("text") or []
    options = tuple(str(one).strip() for one in doc.get("choices") or [])
    chosen = likelihoods if len(likelihoods) == len(options) and options else ()
    return RawAnswer(
        sample=str(doc.get("id") or number),
        model=model,
        answer=None if chosen or not texts else str(texts[0]),
        place=max(range(len(chosen)), key=chosen.__getitem__) if chosen else None,
        stem=doc.get("query"),
        options=options,
        setting=setting_text(task=task, shots=doc.get("num_asked_few_shots")),
        condition=condition_of(task),
        likelihoods=chosen,
    )


def _old(row: Mapping[str, Any], number: str, model: str, task: str) -> RawAnswer:
    options = tuple(str(one).strip() for one in row.get("choices") or [])
    told = row.get("predictions") or []
    likelihoods = tuple(float(one[0] if isinstance(one, list) else one) for one in told if not isinstance(one, str))
    chosen = likelihoods if len(likelihoods) == len(options) and options else ()
    text = next((one for one in told if isinstance(one, str)), None)
    return RawAnswer(
        sample=number,
        model=model,
        answer=text,
        place=max(range(len(chosen)), key=chosen.__getitem__) if chosen else None,
        stem=row.get("example"),
        options=options,
        setting=setting_text(task=task, shots=row.get("num_effective_few_shots")),
        condition=condition_of(task),
        likelihoods=chosen,
    )
