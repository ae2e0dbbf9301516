"""Instances as HELM's scenario for custom multiple choice reads them: train.jsonl and test.jsonl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchwright.builder.export._exporter import lines, slug, written
from benchwright.builder.export._questions import Question, Questions

__all__ = ["EXPORTER"]


class Helm:
    """A folder for each language; the scenario is ``custom_mcqa_scenario.CustomMCQAScenario`` with its path."""

    name = "helm"
    about = "instances of HELM's custom multiple-choice scenario"
    holds = frozenset({"open", "shots"})

    def write(self, questions: Questions, folder: Path) -> list[Path]:
        """Write train.jsonl (the solved examples) and test.jsonl for each language."""
        files: dict[str, bytes | str] = {}
        for language, some in questions.by_language().items():
            place = slug(questions.name, language)
            shots = questions.shots.get(language, [])
            choice = questions.wish.form == "mcq"
            files[f"{place}/test.jsonl"] = lines(_instance(one, "test", choice=choice) for one in some)
            files[f"{place}/train.jsonl"] = lines(_instance(one, "train", choice=choice) for one in shots)
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
