"""HELM: ``scenario_state.json`` of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.sources._logs._model import RawAnswer, condition_of, head_of, in_frames, load, setting_text

__all__ = ["LOG"]


class _Helm:
    name = "helm"
    title = "HELM scenario_state.json"

    def looks_like(self, path: Path) -> bool:
        return path.suffix == ".json" and '"adapter_spec"' in head_of(path)

    def frames(self, path: Path) -> Iterator[pl.DataFrame]:
        return in_frames(self._rows(path))

    def _rows(self, path: Path) -> Iterator[RawAnswer]:
        told = load(path)
        about = told.get("adapter_spec") or {}
        for state in told.get("request_states") or []:
            if isinstance(state, dict):
                yield _answer(state, about, path.parent.name)


LOG: Final = _Helm()


def _answer(state: Mapping[str, Any], about: Mapping[str, Any], run: str) -> RawAnswer:
    instance = state.get("instance") or {}
    mapping = state.get("output_mapping") or {}
    completions = (state.get("result") or {}).get("completions") or [{}]
    text = completions[0].get("text")
    letter = text.strip()[:1].upper() if isinstance(text, str) else ""
    return RawAnswer(
        sample=str(instance.get("id")),
        model=str(about.get("model") or about.get("model_deployment") or "unknown"),
        answer=mapping.get(letter, text) if mapping else text,
        stem=(instance.get("input") or {}).get("text"),
        # The mapping is in the order in which the options were shown.
        options=tuple(str(one) for one in mapping.values()),
        setting=setting_text(
            run=run.split(":", maxsplit=1)[0], method=about.get("method"), shots=about.get("max_train_instances")
        ),
        condition=condition_of(run),
        repeat=int(state.get("train_trial_index") or 0),
    )
