"""YAML with places: plain values, and the line of every key path.

Values stay what is written: dates are texts, keys are texts. Repeated keys, tags of other languages and
documents that unfold to an unreasonable size are problems, all reported at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from ruamel.yaml import YAML, nodes
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from benchwright.schemas.errors import Problem

__all__ = ["MAX_NODES", "KeyPath", "Parsed", "parse_yaml", "place_of"]

KeyPath = tuple[str | int, ...]
MAX_NODES: Final = 200_000
"""Values a recipe may hold after its aliases are unfolded."""
_MAX_DEPTH: Final = 64
_PLAIN_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "null", "bool", "int", "float")}
_TIMESTAMP = "tag:yaml.org,2002:timestamp"
_MERGE = "tag:yaml.org,2002:merge"
_INT = re.compile(r"[-+]?\d+")


@dataclass
class Parsed:
    """Plain data, the line (1-based) of each key path, and what was wrong."""

    data: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def place_of(path: KeyPath, line: int | None) -> str:
    """Return ``line 12, exams[0].layout``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
    return ", ".join(part for part in (f"line {line}" if line else "", text) if part)


def parse_yaml(text: str, *, file: str) -> Parsed:
    """Return the data of one YAML document; what is wrong with it is in ``problems``, nothing is raised."""
    parsed = Parsed()
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else None
        found = " ".join(str(part) for part in (error.context, error.problem) if part)
        parsed.problems.append(_syntax(file, place, found))
        return parsed
    except (YAMLError, ReaderError, RecursionError) as error:
        parsed.problems.append(_syntax(file, None, " ".join(str(error).split())[:200]))
        return parsed
    if node is not None:
        parsed.data = _Walker(parsed, file).value(node, ())
    return parsed


def _syntax(file: str, place: str | None, found: str) -> Problem:
    return Problem(
        code="recipe-syntax",
        message="the file is not valid YAML",
        file=file,
        place=place,
        found=found,
        expected="one YAML 1.2 document",
        remedy="mend the line; a text with a colon, a # or a \\ goes in single quotes",
    )


class _Walker:
    def __init__(self, parsed: Parsed, file: str) -> None:
        self.parsed = parsed
        self.file = file
        self.count = 0
        self.too_large = False

    def problem(self, path: KeyPath, node: nodes.Node, message: str, found: str, expected: str, remedy: str) -> None:
        self.parsed.problems.append(
            Problem(
                code="recipe-syntax",
                message=message,
                file=self.file,
                place=place_of(path, node.start_mark.line + 1),
                found=found,
                expected=expected,
                remedy=remedy,
            )
        )

    def value(self, node: nodes.Node, path: KeyPath) -> Any:
        self.count += 1
        if self.count > MAX_NODES or len(path) > _MAX_DEPTH:
            if not self.too_large:
                self.too_large = True
                self.problem(
                    path,
                    node,
                    "the document unfolds to an unreasonable size",
                    f"more than {MAX_NODES} values, or {_MAX_DEPTH} levels",
                    "a recipe",
                    "look for aliases (*name) inside of each other",
                )
            return None
        self.parsed.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, nodes.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, nodes.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        return self.scalar(node, path)

    def mapping(self, node: nodes.MappingNode, path: KeyPath) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if str(key_node.tag) == _MERGE:
                many = value_node.value if isinstance(value_node, nodes.SequenceNode) else [value_node]
                for one in many:
                    value = self.value(one, path)
                    merged = {**(value if isinstance(value, dict) else {}), **merged}
                continue
            if not isinstance(key_node, nodes.ScalarNode):
                self.problem(path, key_node, "a key is not a text", "a list or mapping", "a text", "write a plain key")
                continue
            key = str(key_node.value)
            if key in own:
                self.problem(
                    (*path, key), key_node, f"the key {key!r} is written twice", key, "each key once", "delete one"
                )
                continue
            self.parsed.lines[(*path, key)] = key_node.start_mark.line + 1
            own[key] = self.value(value_node, (*path, key))
        return {**merged, **own}

    def scalar(self, node: nodes.Node, path: KeyPath) -> Any:
        tag, text = str(node.tag), str(node.value)
        if tag == _TIMESTAMP:
            return text
        if tag not in _PLAIN_TAGS:
            self.problem(path, node, "a tag is not allowed here", tag, "a plain value", "remove the tag")
            return text
        kind = tag.rpartition(":")[2]
        if kind == "null":
            return None
        if kind == "bool":
            return text.casefold() in {"true", "yes", "on"}
        if kind in {"int", "float"}:
            return _number(text)
        return text


def _number(text: str) -> int | float | str:
    """Return a number in decimal notation as such, anything else as the text that it is."""
    if _INT.fullmatch(text):
        return int(text) if len(text) < 300 else text
    try:
        return float(text.replace(".inf", "inf").replace(".nan", "nan").replace(".Inf", "inf").replace(".NaN", "nan"))
    except ValueError:
        return text
