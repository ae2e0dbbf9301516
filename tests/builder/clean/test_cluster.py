"""Through datatrove the same function gives the same bytes; what an executor says is not believed but counted."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchwright.builder.clean import CleanConfig, clean
from benchwright.builder.clean._steps import Job, load_job
from benchwright.builder.clean.pipeline import _sources
from benchwright.schemas.errors import DefectError, MissingDependencyError, RecipeError
from tests.builder.clean.dump import write_dump
from tests.builder.clean.tree import tree

PROGRAM = "from benchwright.builder.cli import main; main()"
# Like sbatch and srun, for one machine: every job of an array runs at once, one after the other.
SBATCH = """#!{python}
import os, re, subprocess, sys
script = open(sys.argv[-1]).read()
folder = os.path.dirname(os.path.abspath(__file__))
count = len(os.listdir(folder + "/scripts"))
open(f"{{folder}}/scripts/{{count:03d}}.sh", "w").write("# " + " ".join(sys.argv[1:-1]) + "\\n" + script)
print("Submitted batch job", 700 + count)
sys.stdout.flush()
if "launch_pickled_pipeline" in script:
    last = int(re.search(r"--array=0-(\\d+)", script).group(1))
    for index in range(last + 1):
        env = dict(os.environ, SLURM_ARRAY_TASK_ID=str(index), SLURM_NODELIST="here", RUN_OFFSET="0")
        log = open(f"{{folder}}/log", "a")
        subprocess.run(["bash", "-c", script], env=env, check=True, stdout=log, stderr=log)
"""
SRUN = '#!/bin/bash\nwhile [[ "$1" == -* ]]; do [[ "$1" == -n ]] && shift; shift; done\nexec "$@"\n'


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    write_dump(folder / "dump", 1_500)
    (folder / "clean.yaml").write_text("block_mib: 0.05\npartition_rows: 700\n", encoding="utf-8")
    clean([folder / "dump"], folder / "out", CleanConfig(block_mib=0.05, partition_rows=700))
    return folder


def run(raw: Path, out: Path, *further: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    arguments = ["clean", str(raw / "dump"), "-o", str(out), "--config", str(raw / "clean.yaml"), *further]
    env = {**os.environ, "PATH": os.pathsep.join(filter(None, (path, os.environ["PATH"])))}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], check=False, capture_output=True, text=True, env=env
    )


@pytest.mark.slow
def test_datatrove_gives_the_same_bytes(raw: Path, tmp_path: Path) -> None:
    done = run(raw, tmp_path / "out", "--executor", "datatrove", "--tasks", "2")
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "out") == tree(raw / "out")
    marks = {path.parent.name for path in (tmp_path / "out" / "logs" / "tasks").rglob("*.json")}
    assert marks == {"read", "ids", "exact", "write", "close"}


@pytest.mark.slow
def test_slurm_jobs_wait_for_each_other_and_give_the_same_bytes(raw: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    (tools / "scripts").mkdir(parents=True)
    for name, text in (
        ("sbatch", SBATCH.format(python=sys.executable)),
        ("srun", SRUN),
        ("scontrol", "#!/bin/bash\necho here\n"),
    ):
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(stat.S_IRWXU)
    # The environment's own programs, among them the one that a job starts.
    path = os.pathsep.join([str(tools), str(Path(sys.executable).parent)])
    settings = ["--slurm", "partition=day", "--slurm", "time=01:30:00", "--slurm", "mem_per_cpu_gb=3"]
    command = ["--executor", "slurm", "--tasks", "2", *settings]
    done = run(raw, tmp_path / "out", *command, path=path)
    assert done.returncode == 0, done.stderr + (tools / "log").read_text()
    assert "run the same command again" in done.stdout
    scripts = [one.read_text() for one in sorted((tools / "scripts").iterdir())]
    jobs = [text for text in scripts if "launch_pickled_pipeline" in text]
    names = ["read", "ids", "exact", "write", "close"]
    assert [text.split("--job-name=")[1].split("\n")[0] for text in jobs] == [f"benchwright-clean-{n}" for n in names]
    for text, name in zip(jobs, names, strict=True):
        assert "#SBATCH --partition=day\n" in text
        assert "#SBATCH --time=01:30:00\n" in text
        assert "#SBATCH --mem-per-cpu=3G\n" in text
        assert f"--array=0-{0 if name == 'close' else 1}" in text
        assert ("--dependency=afterok:" in text) == (name != "read")
    again = run(raw, tmp_path / "out", *command, path=path)
    assert again.returncode == 0, again.stderr
    assert "ledger" in again.stdout
    assert tree(tmp_path / "out") == tree(raw / "out")


def test_an_executor_that_returns_with_lost_tasks_is_found_out(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchwright.builder.clean import _datatrove

    def forgetful(out: Path, step: str, tasks: int) -> None:
        units = load_job(out).step(step).open_units()
        list(_datatrove.UnitsStep(str(out), step).run(None, 0, len(units) + 1 if step == "exact" else tasks))
        for rank in range(1, tasks if step != "exact" else 0):
            list(_datatrove.UnitsStep(str(out), step).run(None, rank, tasks))

    monkeypatch.setattr(_datatrove, "on_machine", forgetful)
    config = CleanConfig(block_mib=0.05, partition_rows=300)
    with pytest.raises(DefectError, match=r"step exact .*is not complete") as error:
        clean([raw / "dump"], tmp_path / "out", config, executor="datatrove", tasks=2)
    assert "of 2 ended" in str(error.value.problems[0])
    clean([raw / "dump"], tmp_path / "out", config, executor="local")
    clean([raw / "dump"], tmp_path / "whole", config)
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "recipe-missing-key"),
        ({"partition": "x", "tiem": "1"}, "recipe-unknown-key"),
        ({"partition": "x", "cpus_per_task": "two"}, "recipe-wrong-value"),
    ],
)
def test_settings_of_slurm_are_checked_before_anything_runs(
    settings: Mapping[str, str], told: str, raw: Path, tmp_path: Path
) -> None:
    with pytest.raises(RecipeError, match=told):
        clean([raw / "dump"], tmp_path / "out", executor="slurm", slurm=dict(settings))
    assert not list(tmp_path.rglob("*.arrow"))


def test_what_an_executor_needs_is_named(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingDependencyError, match="sbatch"):
        clean([raw / "dump"], tmp_path / "out", executor="slurm", slurm={"partition": "x"})
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingDependencyError, match=r"benchwright\[scale\]"):
        clean([raw / "dump"], tmp_path / "other", executor="ray")


def test_a_task_finds_its_work_by_the_folder_alone(raw: Path, tmp_path: Path) -> None:
    job = Job(tmp_path / "out", _sources([raw / "dump"], forum=False), CleanConfig(), 5)
    job.save()
    found = load_job(tmp_path / "out")
    assert (found.digest, found.sources, found.limit) == (job.digest, job.sources, 5)
