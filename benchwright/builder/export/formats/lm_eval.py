"""A folder of tasks for lm-evaluation-harness: YAML, data, and a group over all languages."""

from __future__ import annotations

import json
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from benchwright.builder.export._exporter import lines, slug, written
from benchwright.builder.export._questions import Question, Questions
from benchwright.builder.export.formats._rows import task_row

__all__ = ["EXPORTER"]


class LmEval:
    """``lm_eval run --include_path FOLDER --tasks NAME``."""

    name = "lm-eval"
    about = "tasks of lm-evaluation-harness, with a group over all languages"
    holds = frozenset({"either", "several", "open", "shots"})

    def write(self, questions: Questions, folder: Path) -> list[Path]:
        """Write a task for each language, one more where responses name several options, the group, and the data."""
        made: dict[str, bytes | str] = {"utils.py": _code("lm_eval_utils.txt")}
        groups: dict[str, list[str]] = {}
        for language, some in questions.by_language().items():
            if questions.wish.form == "open":
                parts = {"open": some}
            else:
                parts = {"one": [q for q in some if not q.several], "several": [q for q in some if q.several]}
            for how, own in parts.items():
                if own:
                    task = slug(questions.name, language, None if how == "one" else how)
                    groups.setdefault(how, []).append(task)
                    shots = questions.shots.get(language, [])
                    made[f"{task}.yaml"] = _task(task, how, questions, shots)
                    made[f"data/{task}.jsonl"] = lines(task_row(one, questions) for one in own)
                    if shots:
                        made[f"data/{task}_shots.jsonl"] = lines(task_row(one, questions) for one in shots)
        for how, tasks in groups.items():
            group = slug(questions.name, None if how == "one" else how)
            made[f"{group}_group.yaml"] = _group(group, tasks, how, questions)
        return list(written(folder, made))


_METRICS = {"one": ["acc"], "several": ["exact", "partial"], "open": ["exact"]}


def _task(task: str, how: str, questions: Questions, shots: list[Question]) -> str:
    """Return the YAML of a task. Text values are JSON, which is YAML."""
    kind = "multiple_choice" if how == "one" else "generate_until"
    settings: list[tuple[str, Any]] = [("task", task), ("output_type", kind), ("test_split", "test")]
    if shots:
        settings += [
            ("fewshot_split", "shots"),
            ("num_fewshot", len(shots)),
            ("fewshot_config", {"sampler": "first_n"}),
        ]
    else:
        settings += [("num_fewshot", 0)]
    text = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in settings]
    text += ["custom_dataset: !function utils.load", 'doc_to_text: "{{prompt}}"']
    if how == "one":
        text += ["doc_to_choice: letters", "doc_to_target: !function utils.target"]
    else:
        text += [
            "doc_to_target: !function utils.written",
            'generation_kwargs: {"until": ["\\n\\n"], "do_sample": false}',
        ]
    text += [f"process_results: !function utils.score_{how}", "metric_list:"]
    for metric in _METRICS[how]:
        text += [f"  - metric: {metric}", "    aggregation: mean", "    higher_is_better: true"]
    metadata = {"version": questions.version or "0", "task_name": task, "canary": questions.canary}
    return "\n".join([*text, f"metadata: {json.dumps(metadata)}", ""])


def _group(group: str, tasks: list[str], how: str, questions: Questions) -> str:
    metrics = "".join(
        f"  - metric: {metric}\n    aggregation: mean\n    weight_by_size: true\n" for metric in _METRICS[how]
    )
    members = "".join(f"  - {task}\n" for task in tasks)
    version = json.dumps({"version": questions.version or "0"})
    return f"group: {group}\ntask:\n{members}aggregate_metric_list:\n{metrics}metadata: {version}\n"


def _code(name: str) -> str:
    return resources("benchwright.builder.export.formats").joinpath("code", name).read_text(encoding="utf-8")


EXPORTER = LmEval()
