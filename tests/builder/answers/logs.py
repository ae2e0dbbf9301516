"""Logs of every kind that say the same: the answers of one model to one exam, written from the published columns.

Formats: lm-evaluation-harness 0.4 `--log_samples`, inspect_ai 0.3 logs, lighteval details (older and newer), HELM
`scenario_state.json`, OpenCompass predictions, and plain tables.
"""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from benchwright.schemas import Item

Answers = Mapping[str, str]
"""Id of the option that was chosen, by item id."""


def shown(item: Item, seed: int) -> list[tuple[str, str]]:
    """Return ids and texts of the options in another order."""
    order = [(option.id, option.text) for option in item.options]
    random.Random(f"{item.id}{seed}").shuffle(order)
    return order


def lm_eval(folder: Path, items: Sequence[Item], answers: Answers) -> Path:
    """Log-likelihoods of shuffled options; the document has the id of the item."""
    run = folder / "org__model-a"
    run.mkdir(parents=True)
    (run / "results_2026-01-02T03-04-05.000001.json").write_text(
        json.dumps(
            {"config": {"model": "hf", "model_args": "pretrained=org/model-a,dtype=float32"}, "n-shot": {"exam": 5}}
        )
    )
    lines = []
    for number, item in enumerate(items):
        order = shown(item, 1)
        values = [
            [str(-1.5 if name == answers[item.id] else -4.0 - place), "False"] for place, (name, _) in enumerate(order)
        ]
        doc = {"id": item.id, "question": item.stem, "choices": [text for _, text in order]}
        record = {
            "doc_id": number,
            "doc": doc,
            "target": "0",
            "resps": [[one] for one in values],
            "filtered_resps": values,
        }
        lines.append(json.dumps({**record, "doc_hash": "0", "prompt_hash": f"p{number}", "acc": 0.0}))
    path = run / "samples_exam_2026-01-02T03-04-05.000001.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def lm_eval_words(folder: Path, items: Sequence[Item], answers: Answers) -> Path:
    """Free text; the document has no id, and the answer is a letter of the options as shown."""
    run = folder / "org__model-a"
    run.mkdir(parents=True)
    lines = []
    for number, item in enumerate(items):
        order = shown(item, 2)
        letter = "ABCD"[[name for name, _ in order].index(answers[item.id])]
        doc = {"question": item.stem, "op1": order[0][1], "op2": order[1][1], "op3": order[2][1], "op4": order[3][1]}
        said = f"The answer is ({letter})."
        lines.append(
            json.dumps({"doc_id": number, "doc": doc, "target": "A", "resps": [[said]], "filtered_resps": [said]})
        )
    path = run / "samples_exam_gen_2026-01-02T03-04-05.000001.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def inspect_archive(folder: Path, items: Sequence[Item], answers: Answers) -> Path:
    """An `.eval` archive with one sample in each part."""
    path = folder / "2026-01-02T03-04-05_exam.eval"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("header.json", json.dumps({"eval": {"task": "exam", "model": "org/model-a", "task_args": {}}}))
        for number, item in enumerate(items):
            archive.writestr(f"samples/{number}_epoch_1.json", json.dumps(inspect_sample(item, answers[item.id])))
    return path


def inspect_json(folder: Path, items: Sequence[Item], answers: Answers) -> Path:
    """The same as one file of JSON."""
    path = folder / "2026-01-02T03-04-05_exam.json"
    samples = [inspect_sample(item, answers[item.id]) for item in items]
    about = {"task": "exam", "model": "org/model-a", "task_args": {}}
    path.write_text(json.dumps({"version": 2, "status": "success", "eval": about, "samples": samples}))
    return path


def inspect_sample(item: Item, answer: str) -> dict[str, Any]:
    """One sample; the letter speaks of the choices as listed."""
    order = shown(item, 3)
    letter = "ABCD"[[name for name, _ in order].index(answer)]
    return {
        "id": item.id,
        "epoch": 1,
        "input": item.stem,
        "choices": [text for _, text in order],
        "target": "A",
        "output": {
            "model": "org/model-a",
            "choices": [{"message": {"role": "assistant", "content": f"ANSWER: {letter}"}}],
        },
        "scores": {"choice": {"value": "C", "answer": letter}},
        "metadata": {},
    }


def helm(folder: Path, items: Sequence[Item], answers: Answers) -> Path:
    """The letter is mapped to a text by the log itself; the prompt holds more than the stem."""
    run = folder / "exam:model=org_model-a"
    run.mkdir(parents=True)
    states = []
    for number, item in enumerate(items):
        order = shown(item, 4)
        mapping = {"ABCD"[place]: text for place, (_, text) in enumerate(order)}
        letter = "ABCD"[[name for name, _ in order].index(answers[item.id])]
        states.append(
            {
                "instance": {
                    "input": {"text": f"Passage\n{item.stem}"},
                    "references": [],
                    "split": "test",
                    "id": f"id{number}",
                },
                "output_mapping": mapping,
                "train_trial_index": 0,
                "request": {"prompt": item.stem},
                "result": {"success": True, "completions": [{"text": f" {letter}", "logprob": -0.1}]},
            }
        )
    path = run / "scenario_state.json"
    path.write_text(
        json.dumps(
            {"adapter_spec": {"model": "org/model-a", "method": "multiple_choice_joint"}, "request_states": states}
        )
    )
    return path


def opencompass(folder: Path, items: Sequence[Item], answers: Answers) -> Path:
    """Prompts as turns; the options are those of the item, in its order."""
    run = folder / "model-a"
    run.mkdir(parents=True)
    told = {}
    for number, item in enumerate(items):
        listed = "\n".join(f"{option.id}. {option.text}" for option in item.options)
        prompt = [{"role": "HUMAN", "prompt": f"Choose one.\n{item.stem}\n{listed}\nAnswer:"}]
        told[str(number)] = {"origin_prompt": prompt, "prediction": answers[item.id], "gold": "A"}
    path = run / "exam_0.json"
    path.write_text(json.dumps(told, ensure_ascii=False))
    return path


def lighteval(folder: Path, items: Sequence[Item], answers: Answers) -> Path:
    """Newer columns: doc, metric and model_response."""
    run = folder / "details/org/model-a/2026-01-02T03-04-05"
    run.mkdir(parents=True)
    rows = []
    for number, item in enumerate(items):
        order = shown(item, 5)
        values = [-1.0 if name == answers[item.id] else -5.0 for name, _ in order]
        doc = {"query": item.stem, "choices": [text for _, text in order], "gold_index": [0], "id": str(number)}
        rows.append({"doc": doc, "metric": {"acc": 1.0}, "model_response": {"text": [""], "logprobs": values}})
    path = run / "details_exam_2026-01-02T03-04-05.parquet"
    pl.DataFrame(rows).write_parquet(path)
    return path


def lighteval_old(folder: Path, items: Sequence[Item], answers: Answers) -> Path:
    """Older columns: example, choices and predictions."""
    run = folder / "details/org/model-a/2026-01-02T03-04-05"
    run.mkdir(parents=True)
    rows = []
    for item in items:
        order = shown(item, 6)
        values = [[-1.0 if name == answers[item.id] else -5.0, 0.0] for name, _ in order]
        rows.append(
            {"example": item.stem, "choices": [f" {text}" for _, text in order], "gold": [0], "predictions": values}
        )
    path = run / "details_exam_2026-01-02T03-04-05.parquet"
    pl.DataFrame(rows).write_parquet(path)
    return path


def table_csv(folder: Path, items: Sequence[Item], answers: Answers) -> Path:
    """A table of ids, models and answers."""
    path = folder / "answers.csv"
    rows = [{"item_id": item.id, "model": "model-a", "answer": answers[item.id]} for item in items]
    pl.DataFrame(rows).write_csv(path)
    return path


WRITERS: Mapping[str, Callable[[Path, Sequence[Item], Answers], Path]] = {
    "lm_eval": lm_eval,
    "lm_eval_words": lm_eval_words,
    "inspect_archive": inspect_archive,
    "inspect_json": inspect_json,
    "helm": helm,
    "opencompass": opencompass,
    "lighteval": lighteval,
    "lighteval_old": lighteval_old,
    "table_csv": table_csv,
}
