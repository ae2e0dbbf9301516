"""Numbers of the card that know where they come from: each is followed to a line of ``manifest.json``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from benchwright.schemas.manifest import Manifest

__all__ = ["NUMBERS", "marked", "numbers_table", "plain", "traced", "untraced_numbers"]

NUMBERS: Final = "numbers.tsv"
_MARK: Final = re.compile("\x02([^\x03]*)\x03([^\x04]*)\x04")
_NUMBER: Final = re.compile(r"(?<![\w.-])\d+(?:[.,]\d+)*(?![\w-])")


class _Int(int):
    pointer: str


class _Float(float):
    pointer: str


def traced(value: Any, pointer: str) -> Any:
    """Return a JSON value in which every number knows its JSON pointer."""
    if isinstance(value, dict):
        return {name: traced(inner, f"{pointer}/{_escaped(name)}") for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [traced(inner, f"{pointer}/{place}") for place, inner in enumerate(value)]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    made = _Int(value) if isinstance(value, int) else _Float(value)
    made.pointer = pointer
    return made


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def marked(value: Any) -> Any:
    """Return what a template prints for a value: a number with its pointer between control characters."""
    if isinstance(value, _Int | _Float):
        return f"\x02{value.pointer}\x03{value!r}\x04"
    return value


def plain(text: str) -> str:
    """Return a printed text without the pointers."""
    return _MARK.sub(r"\2", text)


def numbers_table(text: str, manifest: Manifest) -> str:
    """Return a table of every number of a printed card: line, number, pointer and line of the manifest.

    Args:
        text: the card as printed, with its pointers.
        manifest: the manifest that it was printed from.
    """
    from benchwright.builder.release.models import CARD, MANIFEST

    lines = _lines_of(manifest.model_dump(mode="json"))
    rows = [f"# canary GUID {manifest.facts['canary']}", "file\tline\tnumber\tfrom\tpointer\tat line"]
    for place, line in enumerate(text.splitlines(), 1):
        rows += [
            f"{CARD}\t{place}\t{number}\t{MANIFEST}\t{pointer}\t{lines[pointer]}"
            for pointer, number in _MARK.findall(line)
        ]
    return "\n".join(rows) + "\n"


def untraced_numbers(text: str) -> list[str]:
    """Return the numbers of a printed text that have no pointer: those that a template or a person typed."""
    return _NUMBER.findall(_MARK.sub(" ", text))


def _lines_of(document: Any) -> dict[str, int]:
    """Return the line of every value in a document as ``write_json`` writes it, by JSON pointer."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, indent=2, allow_nan=False)
    # str.splitlines would also part at separators inside a text.
    return dict(_walk(text.split("\n")))


def _walk(lines: list[str]) -> Iterator[tuple[str, int]]:
    path: list[str | int] = []
    for number, raw in enumerate(lines, 1):
        line = raw.strip()
        if line[:1] in {"}", "]"}:
            path.pop()
            continue
        if not path:
            path.append("")
            continue
        last, value = path[-1], line
        if isinstance(last, int):
            path[-1] = last + 1
        else:
            name, end = json.JSONDecoder().raw_decode(line)
            path[-1], value = str(name), line[end + 1 :].strip()
        yield "/" + "/".join(_escaped(str(part)) for part in path), number
        if value == "{":
            path.append("")
        elif value == "[":
            path.append(-1)
