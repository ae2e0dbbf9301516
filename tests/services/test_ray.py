"""The same cleaning on a real local Ray, in an environment of its own."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from benchwright.builder.clean import CleanConfig, clean
from benchwright.builder.contamination import ContaminationWish, search_corpus
from tests.builder.clean.dump import write_dump
from tests.builder.clean.tree import tree
from tests.builder.contamination.corpus import filler_texts, full, items_of, write_items, write_lines
from tests.house.checkout import ROOT
from tests.services.running import environment, run

pytestmark = pytest.mark.services

SECONDS = 240
RUN = """
import sys
import ray
from benchwright.builder.clean import CleanConfig, clean
from benchwright.schemas.errors import BenchwrightError

ray.init(num_cpus={cpus}, include_dashboard=False, _node_ip_address="127.0.0.1")
config = CleanConfig(block_mib=0.05, partition_rows=700)
try:
    report = clean([sys.argv[1]], sys.argv[2], config, executor="ray", tasks=2)
    print(report.ledger[-1].rows_out)
except BenchwrightError as error:
    print(type(error).__name__, *(one.code for one in error.problems))
ray.shutdown()
"""
SEARCH = """
import sys
from pathlib import Path
import ray
from benchwright.builder.contamination import ContaminationWish, search_corpus

ray.init(num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1")
items, corpus, out = map(Path, sys.argv[1:])
done = search_corpus(items, ContaminationWish([corpus], out, jobs=2, executor="ray"))
print(done.hits.height)
ray.shutdown()
"""
ENDS = ("ray", "local")
ENV = {**os.environ, "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0", "RAY_USAGE_STATS_ENABLED": "0"}


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with Ray and this package."""
    return environment(tmp_path_factory.mktemp("ray") / "env", "ray>=2.50", "--editable", f"{ROOT}[scale]")


def on_ray(python: Path, folder: Path, raw: Path, cpus: int = 2) -> str:
    """Clean a folder on a local Ray and return the last line that the program prints."""
    program = folder / "run.py"
    program.write_text(RUN.format(cpus=cpus), encoding="utf-8")
    return run([str(python), str(program), str(raw), str(folder / "ray")], seconds=SECONDS, env=ENV).splitlines()[-1]


def test_ray_gives_the_same_bytes(python: Path, tmp_path: Path) -> None:
    write_dump(tmp_path / "raw", 1_500)
    told = on_ray(python, tmp_path, tmp_path / "raw")
    report = clean([tmp_path / "raw"], tmp_path / "local", CleanConfig(block_mib=0.05, partition_rows=700))
    assert int(told) == report.ledger[-1].rows_out
    assert tree(tmp_path / "ray") == tree(tmp_path / "local")


def test_a_task_that_fails_on_ray_is_an_error_and_no_wait(python: Path, tmp_path: Path) -> None:
    write_dump(tmp_path / "raw", 300)
    packed = gzip.compress(b'{"id": "1", "question": "How much?", "answer": "Not much."}\n' * 50_000)
    (tmp_path / "raw/broken.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    assert on_ray(python, tmp_path, tmp_path / "raw") == "InputError file-unreadable"


def test_a_ray_without_room_is_an_error_and_no_wait(python: Path, tmp_path: Path) -> None:
    write_dump(tmp_path / "raw", 300)
    assert on_ray(python, tmp_path, tmp_path / "raw", cpus=0) == "MissingDependencyError dependency-missing"


def test_the_command_starts_a_ray_of_its_own_that_lives_through_all_steps(python: Path, tmp_path: Path) -> None:
    write_dump(tmp_path / "raw", 300)
    command = [str(python.parent / "benchwright"), "clean", str(tmp_path / "raw"), "-o", str(tmp_path / "out")]
    run([*command, "--executor", "ray"], seconds=SECONDS, env=ENV)
    assert (tmp_path / "out/manifest.json").is_file()


def test_a_search_on_ray_gives_the_same_bytes(python: Path, tmp_path: Path) -> None:
    items = items_of(4)
    table = write_items(tmp_path / "items.parquet", items)
    (tmp_path / "corpus").mkdir()
    for number in range(3):
        write_lines(tmp_path / "corpus" / f"c{number}.jsonl.gz", filler_texts(full(items[number]), number))
    program = tmp_path / "search.py"
    program.write_text(SEARCH, encoding="utf-8")
    command = [str(python), str(program), str(table), str(tmp_path / "corpus"), str(tmp_path / "ray" / "hits.parquet")]
    told = run(command, seconds=SECONDS, env=ENV).splitlines()[-1]
    local = search_corpus(table, ContaminationWish([tmp_path / "corpus"], tmp_path / "local" / "hits.parquet"))
    assert int(told) == local.hits.height >= 3
    made = [{one.name: one.read_bytes() for one in (tmp_path / name).glob("hits*") if one.is_file()} for name in ENDS]
    assert made[0] == made[1]
