"""Exported tasks run in the programs that they are for: lm-evaluation-harness and inspect_ai, with stand-in models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchwright.builder.export import TaskWish, export_task
from tests.builder.export.exam import release_exam
from tests.conftest import ROOT
from tests.services.running import environment, run

pytestmark = pytest.mark.services

OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "PATH": "/usr/bin:/bin"}


@pytest.fixture(scope="module")
def exam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release_exam(tmp_path_factory.mktemp("harness"))


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with both programs and nothing of ours."""
    folder = tmp_path_factory.mktemp("harness-env") / "env"
    return environment(folder, "torch==2.13.0", "lm_eval==0.4.13", "inspect-ai", "datasets")


def lm_eval(python: Path, tasks: Path, names: str, out: Path) -> dict[str, Any]:
    """Run tasks with the dummy model; return the results, and the samples by task."""
    command = [str(python.parent / "lm_eval"), "run", "--model", "dummy", "--tasks", names]
    command += ["--include_path", str(tasks), "--output_path", str(out), "--log_samples"]
    run(command, seconds=600, env={**OFFLINE, "HF_HOME": str(out / "home")})
    (results,) = out.rglob("results_*.json")
    told: dict[str, Any] = json.loads(results.read_text(encoding="utf-8"))
    told["samples"] = {
        path.name.removeprefix("samples_").rsplit("_", 1)[0]: [
            json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line
        ]
        for path in out.rglob("samples_*.jsonl")
    }
    return told


def test_lm_eval_runs_the_group_with_solved_examples(exam: Path, python: Path, tmp_path: Path) -> None:
    export = export_task(exam, "lm-eval", tmp_path / "tasks", TaskWish(shots=1))
    told = lm_eval(python, tmp_path / "tasks", "xx_exam,xx_exam_several", tmp_path / "out")
    assert set(told["groups"]) == {"xx_exam", "xx_exam_several"}
    assert sum(len(some) for some in told["samples"].values()) == sum(export.asked.values())
    assert 0 <= told["results"]["xx_exam"]["acc,none"] <= 1
    assert {"exact,none", "partial,none"} <= set(told["results"]["xx_exam_several"])
    sample = told["samples"]["xx_exam_es"][0]
    asked = sample["arguments"]["gen_args_0"]["arg_0"]
    shown, question = asked.split("\n\n", 1)
    assert shown.startswith("Pregunta: ")
    assert shown.splitlines()[-1].startswith("Respuesta: ")
    assert question.startswith("Pregunta: ")
    assert question.endswith("Respuesta:")
    assert sample["arguments"]["gen_args_1"]["arg_1"] == " B"
    assert shown.splitlines()[0] not in question


def test_lm_eval_runs_the_open_form(exam: Path, python: Path, tmp_path: Path) -> None:
    export_task(exam, "lm-eval", tmp_path / "tasks", TaskWish(form="open", prompt="english"))
    told = lm_eval(python, tmp_path / "tasks", "xx_exam_open", tmp_path / "out")
    assert told["results"]["xx_exam_open"]["exact,none"] == 0
    asked = told["samples"]["xx_exam_es_open"][0]["arguments"]["gen_args_0"]["arg_0"]
    assert asked.endswith("Answer briefly.\nAnswer:")


@pytest.mark.parametrize("wish", [TaskWish(images=True), TaskWish(form="open")], ids=["pictures", "open"])
def test_inspect_runs_the_task_and_scores_what_is_right(
    exam: Path, python: Path, tmp_path: Path, wish: TaskWish
) -> None:
    export = export_task(exam, "inspect", tmp_path, wish)
    command = [str(python), "-m", "tests.services.harness_work", str(tmp_path), "xx_exam"]
    said = run(command, seconds=300, env={**OFFLINE, "HF_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)})
    told: dict[str, Any] = json.loads(said.splitlines()[-1])
    assert (told["status"], told["error"]) == ("success", None)
    n = sum(export.asked.values())
    assert len(told["ids"]) == len(set(told["ids"])) == n
    assert told["right"] == [1.0 if place % 2 == 0 else 0.0 for place in range(n)]
    assert told["pictures"] == (1 if wish.images else 0)
