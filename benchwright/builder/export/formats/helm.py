"""Instances as HELM's scenario for custom multiple choice reads them: one file for each language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchwright.builder.export._exporter import lines, slug, written
from benchwright.builder.export._questions import Question, Questions

__all__ = ["EXPORTER"]


class Helm:
    """``helm-run --run-entries custom_mcqa:path=FOLDER/NAME.jsonl,model=MODEL``, the path from the root."""

    name = "helm"
    about = "instances of HELM's custom multiple-choice scenario"
    holds = frozenset({"either", "open", "shots"})

    def write(self, questions: Questions, folder: Path) -> list[Path]:
        """Write one file for each language: the solved examples as instances to train on, then the questions."""
        files: dict[str, bytes | str] = {}
        for language, some in questions.by_language().items():
            place = slug(questions.name, language)
            shots = questions.shots.get(language, [])
            choice = questions.wish.form == "mcq"
            rows = [_instance(one, "train", choice=choice) for one in shots]
            files[f"{place}.jsonl"] = lines([*rows, *(_instance(one, "test", choice=choice) for one in some)])
        return list(written(folder, files))


def _instance(one: Question, split: str, *, choice: bool) -> dict[str, Any]:
    right = {letter for response in one.answers if len(response) == 1 for letter in response}
    options = [(text, letter in right) for letter, _, text in one.options] if choice else []
    references = options or [(text, True) for text in one.accepted]
    return {
        "input": {"text": one.text},
        "references": [{"output": {"text": text}, "tags": ["correct"] if good else []} for text, good in references],
        "split": split,
        "id": one.id,
    }


EXPORTER = Helm()
