"""The commands shown in the documents are run, and what they are said to print is compared."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.house.checkout import ROOT, name_of
from tests.house.console import Step, missing_lines, run, steps_of

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUNNABLE = [path for path in DOCUMENTS if any(True for _ in steps_of(path.read_text(encoding="utf-8")))]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.slow
@pytest.mark.parametrize("path", RUNNABLE, ids=name_of)
def test_document_runs(path: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    for step in steps_of(path.read_text(encoding="utf-8")):
        outcome = run(step, tmp_path)
        assert outcome.returncode == step.code, f"$ {step.command}\n{outcome.stdout}"
        assert missing_lines(step, outcome.stdout) == [], f"$ {step.command}\n{outcome.stdout}"


def test_links_between_documents_lead_somewhere() -> None:
    top = sorted(ROOT.glob("*.md"))
    dead = [
        f"{name_of(path)} -> {target}"
        for path in [*top, *sorted((ROOT / "docs").rglob("*.md")), ROOT / "bench/RESULTS.md"]
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert dead == []


def test_each_document_is_listed_in_the_index() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    documents = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")]
    listed = [name for name in documents if f"]({name})" in index or f"]({name.split('/')[0]}/index.md)" in index]
    assert sorted(set(documents) - set(listed) - {"index.md"}) == []


def test_blocks_are_read() -> None:
    text = "<!-- run exit=1 -->\n```console\n$ echo a \\\n  b\na b\n$ false\n```\n\n```console\n$ not run\n```\n"
    assert list(steps_of(text)) == [Step("echo a    b", ("a b",), 0), Step("false", (), 1)]


@pytest.mark.parametrize(
    ("prints", "output", "missing"),
    [
        (("a", "c"), "a\nb\nc\n", []),
        (("c", "a"), "a\nb\nc\n", ["a"]),
        (("a ... c",), "a  bbb c", []),
        (("1 + 1",), "1 + 2", ["1 + 1"]),
    ],
)
def test_output_is_compared(prints: tuple[str, ...], output: str, missing: list[str]) -> None:
    assert missing_lines(Step("x", prints, 0), output) == missing
