"""The targets that people and CI call."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.house.checkout import ROOT

TARGETS = ("demo", "test", "test-services", "test-harnesses", "lint", "bench", "clean")


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
    assert re.findall(r"^step \d+ make (\S+)$", script, flags=re.MULTILINE) == ["demo", "test", "test-services"]
    assert {"chromium", "tesseract-ocr", "fonts-noto-cjk", "poppler-utils"} <= set(script.split())
    subprocess.run(["bash", "-n", ROOT / ".ci/run"], check=True)


def test_a_step_of_ci_that_hangs_is_a_failure_with_a_message() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    function = script[script.index("step() {") : script.index("\n}\n") + 3]
    for command, code, told in (
        ("step 0.005 sleep 60", 124, "sleep 60 was ended: it had not finished after 0.005 minutes"),
        ("step 1 false", 1, "=== false took"),
        ("step 1 true", 0, "=== true took"),
    ):
        program = f"set -euo pipefail\n{function}\n{command}\n"
        outcome = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=False, timeout=50)
        assert outcome.returncode == code
        assert told in outcome.stdout + outcome.stderr


def test_everything_that_a_service_test_starts_has_a_time_limit() -> None:
    for path in (ROOT / "tests/services").glob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        assert "subprocess" not in text, f"{path.name}: start programs by tests/services/running.py, which ends them"
