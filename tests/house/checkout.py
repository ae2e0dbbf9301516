"""The files of the checkout as the tests of the house see them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGE: Final = ROOT / "benchwright"
ROOMS: Final = ("schemas", "sources", "audits", "builder")


def modules(*folders: str) -> list[Path]:
    """Return the Python files under folders of the checkout, links and fixtures of generated code left out."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    kept = (path for path in found if "__pycache__" not in path.parts)
    return [path for path in kept if path.relative_to(ROOT).parts[:2] != ("bench", "out")]


def name_of(path: Path) -> str:
    """Return a path as it is written in the documents: from the root, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and absolute name of each import, at any depth."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module


def declared_tests(path: Path) -> set[str]:
    """Return the names a coverage line may give: `test_x` and `TestY::test_z`."""
    names: set[str] = set()
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            names |= {f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return names


def table_rows(text: str, header: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the rows of every Markdown table with exactly this header, one dict a row."""
    rows: list[dict[str, str]] = []
    inside = False
    for line in text.splitlines():
        cells = tuple(cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split(" | "))
        if not line.startswith("|"):
            inside = False
        elif tuple(cell.strip() for cell in cells) == header:
            inside = True
        elif inside and not set(line) <= set("|-: "):
            if len(cells) != len(header):
                raise ValueError(f"{len(header)} cells expected, {len(cells)} found: {line}")
            rows.append(dict(zip(header, cells, strict=True)))
    return rows
