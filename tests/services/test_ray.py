"""The same cleaning on a real local Ray, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchwright.builder.clean import CleanConfig, clean
from tests.builder.clean.dump import write_dump
from tests.builder.clean.tree import tree
from tests.house.checkout import ROOT

pytestmark = pytest.mark.services

RUN = """
import sys
import ray
from benchwright.builder.clean import CleanConfig, clean

ray.init(num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1")
config = CleanConfig(block_mib=0.05, partition_rows=700)
report = clean([sys.argv[1]], sys.argv[2], config, executor="ray", tasks=2)
print(report.ledger[-1].rows_out)
ray.shutdown()
"""


def test_ray_gives_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "env"], check=True)
    python = tmp_path / "env/bin/python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "ray>=2.50", "--editable", f"{ROOT}[scale]"], check=True)
    write_dump(tmp_path / "raw", 1_500)
    (tmp_path / "run.py").write_text(RUN, encoding="utf-8")
    done = subprocess.run(
        [python, tmp_path / "run.py", tmp_path / "raw", tmp_path / "ray"],
        env={**os.environ, "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    report = clean([tmp_path / "raw"], tmp_path / "local", CleanConfig(block_mib=0.05, partition_rows=700))
    assert int(done.stdout.split()[-1]) == report.ledger[-1].rows_out
    assert tree(tmp_path / "ray") == tree(tmp_path / "local")
