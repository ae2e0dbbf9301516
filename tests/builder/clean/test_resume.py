"""A run that is killed, or shared by processes, ends with the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchwright.builder.clean import CleanConfig, clean
from benchwright.builder.clean._stages import clean_records
from benchwright.schemas.errors import OutputError
from tests.builder.clean.dump import write_dump
from tests.builder.clean.tree import tree

CONFIG = """
block_mib: 0.1
partition_rows: 2500
length: {answer: 12}
near: {threshold: 0.7}
"""


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    write_dump(folder / "dump", 12_000)
    (folder / "clean.yaml").write_text(CONFIG, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def undisturbed(raw: Path) -> dict[str, str]:
    assert subprocess.run(command(raw, raw / "out"), check=False, capture_output=True).returncode == 0
    return tree(raw / "out")


def command(raw: Path, out: Path, *further: str) -> list[str]:
    program = "from benchwright.builder.cli import main; main()"
    config = ["--config", str(raw / "clean.yaml"), "--quiet"]
    return [sys.executable, "-c", program, "clean", str(raw / "dump"), "-o", str(out), *config, *further]


def test_killed_three_times_it_ends_with_the_same_bytes(raw: Path, undisturbed: dict[str, str], tmp_path: Path) -> None:
    out, done = tmp_path / "out", []
    for share in (0.15, 0.5, 0.85):
        process = subprocess.Popen(command(raw, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wanted, limit = share * len(undisturbed) * 3, time.monotonic() + 60
        while process.poll() is None and time.monotonic() < limit and count(out) < wanted:
            time.sleep(0.005)
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        done.append(count(out))
        assert not (out / "manifest.json").exists()
    assert subprocess.run(command(raw, out), check=False, capture_output=True).returncode == 0
    assert tree(out) == undisturbed
    assert done[0] > 0


def count(out: Path) -> int:
    return sum(1 for _ in out.rglob("*")) if out.exists() else 0


def test_what_is_done_is_not_done_again(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchwright.builder.clean import _steps

    seen: list[int] = []
    whole = clean_records
    config = CleanConfig.model_validate({"block_mib": 0.1})

    def stopped(*args: object) -> object:
        seen.append(1)
        if len(seen) == 4:
            raise KeyboardInterrupt
        return whole(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(_steps, "clean_records", stopped)
    with pytest.raises(KeyboardInterrupt):
        clean([raw / "dump"], tmp_path / "out", config)
    first = len(seen) - 1
    clean([raw / "dump"], tmp_path / "out", config)
    resumed = len(seen) - first - 1
    seen[:] = [0] * 10
    clean([raw / "dump"], tmp_path / "other", config)
    assert first + resumed == len(seen) - 10
    assert tree(tmp_path / "out") == tree(tmp_path / "other")
    seen.clear()
    assert clean([raw / "dump"], tmp_path / "out", config).read().height
    assert seen == []


def test_processes_share_the_work_and_change_nothing(raw: Path, undisturbed: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(command(raw, tmp_path / "out", "--tasks", "2"), check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert tree(tmp_path / "out") == undisturbed


def test_another_run_is_not_written_over(raw: Path, tmp_path: Path) -> None:
    clean([raw / "dump"], tmp_path / "out", limit=50)
    with pytest.raises(OutputError, match="output-exists"):
        clean([raw / "dump"], tmp_path / "out", limit=60)
    report = clean([raw / "dump"], tmp_path / "out", limit=60, overwrite=True)
    assert report.ledger[0].rows_in == 3 * 60
