"""Exported tasks run in lighteval, HELM and OpenCompass, each in an environment of its own: `make test-harnesses`.

The programs bring two gigabytes each, so that they are not part of `make test-services`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchwright.builder.export import TaskWish, export_task
from benchwright.builder.results.run import score_predictions
from tests.builder.export.exam import release_exam
from tests.services.harness_models import LIGHTEVAL, OPENCOMPASS
from tests.services.running import environment, run

pytestmark = [pytest.mark.services, pytest.mark.harnesses]

OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "PATH": "/usr/bin:/bin"}
# What each release of the program still runs with: they do not pin it themselves.
LIGHTEVAL_NEEDS = ["torch==2.13.0", "lighteval==0.13.0", "huggingface_hub<1", "transformers<5", "xxhash<4"]
HELM_NEEDS = ["torch==2.13.0", "crfm-helm==0.5.16"]
OPENCOMPASS_NEEDS = ["torch==2.13.0", "opencompass==0.5.4", "pyarrow<20"]


@pytest.fixture(scope="module")
def exam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release_exam(tmp_path_factory.mktemp("harness"))


def keyed(release: Path, item_ids: list[str]) -> dict[str, set[str]]:
    """Return the single options that the keys accept, by item."""
    frames = [pl.read_parquet(path) for path in release.glob("data/*/*.parquet")]
    rows = pl.concat(frames).filter(pl.col("id").is_in(item_ids)).select("id", "key").iter_rows()
    return {item: {one[0] for one in key["answers"] if len(one) == 1} for item, key in rows}


def asked(folder: Path) -> list[str]:
    """Return the ids of the questions in a file of JSON lines."""
    rows = [json.loads(line) for line in folder.read_text(encoding="utf-8").splitlines()]
    return [row["id"] for row in rows if row.get("split", "test") == "test"]


def there(folder: Path, *command: str) -> list[str]:
    """Return the command as run in a folder: the programs leave files of their own where they are started."""
    return ["env", "-C", str(folder), *command]


def right_of(release: Path, ids: list[str], answer: str = "A") -> int:
    return sum(answer in accepted for accepted in keyed(release, ids).values())


@pytest.mark.parametrize("shots", [0, 1])
def test_lighteval_runs_the_tasks(exam: Path, lighteval: Path, tmp_path: Path, shots: int) -> None:
    export = export_task(exam, "lighteval", tmp_path, TaskWish(shots=shots))
    (tmp_path / "model.py").write_text(LIGHTEVAL, encoding="utf-8")
    tasks = ",".join(f"xx_exam_{language}|{shots}" for language in ("es", "en"))
    command = [str(lighteval), "custom", "first", str(tmp_path / "model.py"), tasks, "--save-details"]
    command += ["--custom-tasks", str(tmp_path / "xx_exam.py"), "--output-dir", str(tmp_path / "out")]
    run(there(tmp_path, *command), seconds=300, env={**OFFLINE, "HF_HOME": str(tmp_path / "home")})
    (found,) = tmp_path.rglob("results_*.json")
    told: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))["results"]
    for language in ("es", "en"):
        ids = asked(tmp_path / f"data/{language}/test.jsonl")
        assert len(ids) == export.asked[language]
        assert told[f"xx_exam_{language}|{shots}"]["acc"] == pytest.approx(right_of(exam, ids) / len(ids))
    logs = list(tmp_path.rglob("details_*.parquet"))
    scored = score_predictions(str(exam), logs)
    assert scored.scored == sum(export.asked.values())


@pytest.fixture(scope="module")
def lighteval(tmp_path_factory: pytest.TempPathFactory) -> Path:
    python = environment(tmp_path_factory.mktemp("lighteval") / "env", *LIGHTEVAL_NEEDS)
    (tasks,) = python.parent.parent.rglob("lighteval/tasks/tasks")
    # The program fetches this file of another benchmark as soon as it starts; here it is there, and empty.
    (tasks / "tinyBenchmarks.pkl").touch()
    return python.parent / "lighteval"


@pytest.fixture(scope="module")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(tmp_path_factory.mktemp("helm") / "env", *HELM_NEEDS).parent / "helm-run"


def test_helm_runs_the_scenario(exam: Path, helm: Path, tmp_path: Path) -> None:
    export_task(exam, "helm", tmp_path / "task", TaskWish(shots=1))
    path = tmp_path / "task/xx_exam_es.jsonl"
    entry = f"custom_mcqa:path={path},num_train_instances=1,model=simple/model1"
    command = [str(helm), "--run-entries", entry, "--suite", "s", "--max-eval-instances", "1000", "--disable-cache"]
    env = {**OFFLINE, "HF_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}
    run(there(tmp_path, *command, "-o", str(tmp_path / "out")), seconds=300, env=env)
    (state,) = tmp_path.rglob("scenario_state.json")
    told: list[dict[str, Any]] = json.loads(state.read_text(encoding="utf-8"))["request_states"]
    ids = asked(path)
    assert sorted(one["instance"]["id"] for one in told) == sorted(ids)
    for one in told:
        prompt = one["request"]["prompt"]
        assert prompt.count("Answer:") == 2
        correct = {ref["output"]["text"] for ref in one["instance"]["references"] if "correct" in ref["tags"]}
        letters = {letter for letter, text in one["output_mapping"].items() if text in correct}
        assert letters == keyed(exam, [one["instance"]["id"]])[one["instance"]["id"]]
    assert score_predictions(str(exam), [state]).scored == len(ids)


@pytest.fixture(scope="module")
def opencompass(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(tmp_path_factory.mktemp("opencompass") / "env", *OPENCOMPASS_NEEDS).parent / "opencompass"


def test_opencompass_runs_the_data_sets(exam: Path, opencompass: Path, tmp_path: Path) -> None:
    export_task(exam, "opencompass", tmp_path / "plain")
    export_task(exam, "opencompass", tmp_path / "shown", TaskWish(shots=1))
    (tmp_path / "known_model.py").write_text(OPENCOMPASS, encoding="utf-8")
    files = [tmp_path / "plain/xx_exam_es.jsonl", tmp_path / "shown/xx_exam_en.jsonl"]
    model = {"type": "known_model.First", "abbr": "first", "path": "first", "max_out_len": 10, "batch_size": 8}
    config = {"datasets": [{"path": str(one)} for one in files], "models": [{**model, "run_cfg": {"num_gpus": 0}}]}
    text = "".join(f"{name} = {value!r}\n" for name, value in config.items())
    (tmp_path / "config.py").write_text(text, encoding="utf-8")
    env = {**OFFLINE, "HF_HOME": str(tmp_path / "home"), "PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)}
    out = tmp_path / "out"
    command = [str(opencompass), str(tmp_path / "config.py"), "-w", str(out), "--debug"]
    run(there(tmp_path, *command), seconds=300, env=env)
    for path in files:
        ids = asked(path)
        (results,) = out.rglob(f"results/first/{path.stem}.json")
        first = right_of(exam, ids)
        told = json.loads(results.read_text(encoding="utf-8"))
        assert told["accuracy"] == pytest.approx(100 * first / len(ids))
    (log,) = out.rglob("predictions/first/xx_exam_es.json")
    assert "\nA. Respuesta A" in json.loads(log.read_text(encoding="utf-8"))["0"]["origin_prompt"]
    assert score_predictions(str(exam), [log]).scored == len(asked(files[0]))
