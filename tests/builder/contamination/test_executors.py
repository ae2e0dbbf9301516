"""Through datatrove and Slurm the same search gives the same bytes."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from benchwright.builder.contamination import ContaminationWish, search_corpus
from benchwright.schemas.errors import DefectError, NotFoundError
from tests.builder.clean.test_cluster import SBATCH, SRUN
from tests.builder.contamination.corpus import filler_texts, full, items_of, write_items, write_lines

PROGRAM = "from benchwright.builder.cli import main; main()"
ITEMS = items_of(8)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_items(folder / "items.parquet", ITEMS)
    (folder / "crawl").mkdir()
    for number in range(3):
        write_lines(folder / "crawl" / f"c{number}.jsonl.gz", filler_texts(full(ITEMS[number]), number))
    search_corpus(folder / "items.parquet", ContaminationWish([folder / "crawl"], folder / "local" / "hits.parquet"))
    return folder


def run(made: Path, out: Path, *further: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    arguments = [str(made / "items.parquet"), "--corpus", str(made / "crawl"), "-o", str(out / "hits.parquet")]
    env = {**os.environ, "PATH": os.pathsep.join(filter(None, (path, os.environ["PATH"])))}
    command = [sys.executable, "-c", PROGRAM, "contamination", *arguments, *further]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=env, timeout=300)


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("hits*") if path.is_file()}


@pytest.mark.slow
def test_datatrove_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    done = run(made, tmp_path, "--executor", "datatrove", "--tasks", "2")
    assert done.returncode == 0, done.stderr
    assert "exposed" in done.stdout
    assert len(list((tmp_path / "hits.parts/logs/tasks/search").glob("*-of-00002.json"))) == 2
    assert tables(tmp_path) == tables(made / "local")


@pytest.mark.slow
def test_slurm_jobs_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    (tools / "scripts").mkdir(parents=True)
    for name, text in (
        ("sbatch", SBATCH.format(python=sys.executable)),
        ("srun", SRUN),
        ("scontrol", "#!/bin/bash\necho here\n"),
    ):
        (tools / name).write_text(text, encoding="utf-8")
        (tools / name).chmod(stat.S_IRWXU)
    path = os.pathsep.join([str(tools), str(Path(sys.executable).parent)])
    command = ["--executor", "slurm", "--tasks", "2", "--slurm", "partition=day"]
    first = run(made, tmp_path / "out", *command, path=path)
    assert first.returncode == 0, first.stderr
    assert "run the same command again" in first.stdout
    assert tables(tmp_path / "out") == {}
    again = run(made, tmp_path / "out", *command, path=path)
    assert again.returncode == 0, again.stderr
    assert tables(tmp_path / "out") == tables(made / "local")


def test_an_executor_that_loses_files_is_found_out(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchwright.builder.clean import _datatrove

    def forgetful(out: Path, step: str, tasks: int) -> None:
        list(_datatrove.UnitsStep(str(out), step).run(None, 1, tasks))

    monkeypatch.setattr(_datatrove, "on_machine", forgetful)
    wish = ContaminationWish([made / "crawl"], tmp_path / "hits.parquet", jobs=2, executor="datatrove")
    with pytest.raises(DefectError, match="step search is not complete"):
        search_corpus(made / "items.parquet", wish)
    search_corpus(made / "items.parquet", ContaminationWish([made / "crawl"], tmp_path / "hits.parquet"))
    assert tables(tmp_path) == tables(made / "local")


def test_an_unknown_executor_is_refused(made: Path, tmp_path: Path) -> None:
    wish = ContaminationWish([made / "crawl"], tmp_path / "hits.parquet", executor="cloud")  # type: ignore[arg-type]
    with pytest.raises(NotFoundError, match="no such executor"):
        search_corpus(made / "items.parquet", wish)
