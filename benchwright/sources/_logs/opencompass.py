"""OpenCompass: predictions of one model on one set, a JSON object with one entry for each sample."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.sources._logs._model import RawAnswer, condition_of, head_of, in_frames, load, setting_text

__all__ = ["LOG"]

_HEAD: Final = re.compile(r'^\s*\{\s*"0"\s*:\s*\{')


class _OpenCompass:
    name = "opencompass"
    title = "OpenCompass predictions/MODEL/SET.json"

    def looks_like(self, path: Path) -> bool:
        if path.suffix != ".json":
            return False
        head = head_of(path)
        return bool(_HEAD.match(head)) and ('"prediction"' in head or '"pred"' in head)

    def frames(self, path: Path) -> Iterator[pl.DataFrame]:
        return in_frames(self._rows(path))

    def _rows(self, path: Path) -> Iterator[RawAnswer]:
        for sample, one in load(path).items():
            if isinstance(one, dict):
                prompt = _prompt(one.get("origin_prompt"))
                yield RawAnswer(
                    sample=sample,
                    model=path.parent.name,
                    answer=_said(one),
                    stem=prompt,
                    setting=setting_text(set=re.sub(r"_\d+$", "", path.stem)),
                    condition=condition_of(path.stem),
                    prompt=hashlib.sha256(prompt.encode()).hexdigest() if prompt else None,
                )


LOG: Final = _OpenCompass()


def _said(one: dict[str, Any]) -> str | None:
    told = one.get("prediction", one.get("pred"))
    if isinstance(told, list):
        told = told[0] if told else None
    return None if told is None else str(told)


def _prompt(value: Any) -> str | None:
    """Return the last turn of the user, or the text."""
    if isinstance(value, str):
        return value
    turns = [one.get("prompt") for one in value or [] if isinstance(one, dict) and one.get("role") == "HUMAN"]
    return str(turns[-1]) if turns else None
