"""Rules of the house that the linters do not know."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.checkout import PACKAGE, ROOT, modules, name_of, tree_of
from tests.house.names import COUNTRIES, EXAMS

MOST_LINES = 400
RUN_LOOPS = {"benchwright/builder/run.py", "benchwright/builder/_run.py", "benchwright/builder/engine.py"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|\b[Ff]or now\b|\b[Ss]implified (version|implementation)\b")
MACHINE = re.compile(r"/(work|tmp/brief|home|root)/")


def package_modules() -> list[Path]:
    return modules("benchwright")


def faults_of(path: Path) -> Iterator[str]:
    """Yield the places where package code breaks a rule."""
    where = name_of(path)
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.Assert():
                yield f"{where}:{node.lineno} assert"
            case ast.ExceptHandler(body=[*_, ast.Raise(exc=None)]):
                pass  # it cleans up and lets the error go on
            case ast.ExceptHandler(type=None):
                yield f"{where}:{node.lineno} bare except"
            case ast.ExceptHandler(type=ast.Name(id="Exception" | "BaseException")) if where not in RUN_LOOPS:
                yield f"{where}:{node.lineno} except Exception outside the run loop"
            case ast.Call(func=ast.Name(id="print" | "exit" | "quit" as name)) if "builder/cli" not in where:
                yield f"{where}:{node.lineno} {name}"
            case ast.Call(func=ast.Attribute(value=ast.Name(id="sys" | "os"), attr="exit" | "_exit")):
                if "builder/cli" not in where and not where.endswith("__main__.py"):
                    yield f"{where}:{node.lineno} exit in library code"
            case _:
                pass


def test_package_code_keeps_the_rules() -> None:
    assert [fault for path in package_modules() for fault in faults_of(path)] == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("assert x", "assert"),
        ("try:\n    f()\nexcept Exception:\n    pass", "except Exception"),
        ("try:\n    f()\nexcept:\n    pass", "bare except"),
        ("print(1)", "print"),
        ("import sys\nsys.exit(1)", "exit in library code"),
    ],
)
def test_the_rules_can_be_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, fault: str) -> None:
    monkeypatch.setattr("tests.house.checkout.ROOT", tmp_path)
    path = tmp_path / "module.py"
    path.write_text(source, encoding="utf-8")
    assert any(fault in line for line in faults_of(path))


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules("benchwright", "tests", "examples", "bench")
    }
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_nothing_is_left_unfinished() -> None:
    assert [
        f"{name_of(path)}:{number} {line.strip()}"
        for path in modules("benchwright", "examples", "bench")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ] == []


def test_no_path_of_one_machine() -> None:
    texts = [*modules("benchwright", "tests", "examples", "bench"), *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert [
        name_of(path) for path in texts if path != Path(__file__) and MACHINE.search(path.read_text(encoding="utf-8"))
    ] == []


def test_sources_name_no_country_and_no_exam() -> None:
    """Knowledge about one exam is data (`sources/profiles/*.yaml`), never code."""
    words = re.compile(rf"(?<![A-Za-z])({'|'.join(map(re.escape, [*COUNTRIES, *EXAMS]))})(?![A-Za-z])")
    hits = [
        f"{name_of(path)}:{number} {match[0]}"
        for path in sorted((PACKAGE / "sources").glob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for match in words.finditer(line)
    ]
    assert hits == []


def test_sources_name_no_file_of_the_real_papers(data_dir: Path) -> None:
    folders = [path.name for path in data_dir.iterdir() if path.is_dir()]
    stems = {path.stem for path in data_dir.rglob("*.pdf") if len(path.stem) > 4}
    text = "\n".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "sources").rglob("*.py"))
    assert [name for name in [*folders, *sorted(stems)] if name in text] == []
