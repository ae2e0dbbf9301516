"""The targets that people and CI call."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

TARGETS = ("demo", "test", "test-services", "lint", "bench", "clean")


def make(*arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({} if path is None else {"PATH": path})}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("target", TARGETS)
def test_target_exists(target: str) -> None:
    outcome = make("--dry-run", target)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout.strip()


@pytest.mark.parametrize(("absent", "package"), [("chromium", "chromium"), ("tesseract", "tesseract-ocr")])
def test_missing_program_is_a_failure_with_the_line_that_installs_it(tmp_path: Path, absent: str, package: str) -> None:
    for name in {"sh", "make", "python3", "chromium", "tesseract"} - {absent}:
        (tmp_path / name).symlink_to("/bin/sh" if name != "make" else "/usr/bin/make")
    outcome = make("check-tools", path=str(tmp_path))
    assert outcome.returncode != 0
    assert f"apt-get install {package}" in outcome.stdout


def test_make_test_leaves_out_services_alone() -> None:
    planned = make("--dry-run", "test").stdout
    assert "-m 'not services'" in planned
    assert all(tool in planned for tool in ("ruff check", "ruff format --check", "mypy", "pyright", "lint-imports"))


def test_ci_runs_every_target() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert re.findall(r"^step make (\S+)$", script, flags=re.MULTILINE) == ["demo", "test", "test-services"]
    assert {"chromium", "tesseract-ocr", "fonts-noto-cjk", "poppler-utils"} <= set(script.split())
    subprocess.run(["bash", "-n", ROOT / ".ci/run"], check=True)
