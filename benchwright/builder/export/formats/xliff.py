"""XLIFF 2.0: each text of an item beside that of its source language, for translation programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lxml import etree

from benchwright.builder.export._exporter import slug, written
from benchwright.builder.export._questions import Question, Questions

__all__ = ["EXPORTER"]

_SPACE: Final = "urn:oasis:names:tc:xliff:document:2.0"
_BAD: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF], " ")
"""Characters that XML does not hold."""


class Xliff:
    """A file for each pair of languages: the language with most items is the source."""

    name = "xliff"
    about = "XLIFF 2.0, one unit for each text, with the text of the source language"
    holds = frozenset({"either", "several", "open"})

    def write(self, questions: Questions, folder: Path) -> list[Path]:
        """Write the files; a question without a version in the other language has units without a target."""
        by_language = questions.by_language()
        source = max(by_language, key=lambda language: (len(by_language[language]), language))
        originals = {one.group: one for one in by_language[source]}
        files: dict[str, bytes | str] = {}
        for language in [one for one in by_language if one != source] or [source]:
            versions = {one.group: one for one in by_language[language]} if language != source else {}
            groups = sorted({*originals, *versions})
            pairs = [(originals.get(group), versions.get(group)) for group in groups]
            files[f"{slug(questions.name, source, language)}.xlf"] = _document(pairs, source, language, questions)
        return list(written(folder, files))


def _document(
    pairs: list[tuple[Question | None, Question | None]], source: str, language: str, questions: Questions
) -> bytes:
    named = {"version": "2.0", "srcLang": source, "trgLang": language}
    root = etree.fromstring(f'<xliff xmlns="{_SPACE}"/>'.encode())
    for key, value in named.items():
        root.set(key, value)
    file = etree.SubElement(root, f"{{{_SPACE}}}file", {"id": slug(questions.name, language)})
    if questions.canary:
        notes = etree.SubElement(file, f"{{{_SPACE}}}notes")
        etree.SubElement(notes, f"{{{_SPACE}}}note").text = f"canary GUID {questions.canary}"
    for original, version in pairs:
        _group(file, original, version)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made


def _group(file: Any, original: Question | None, version: Question | None) -> None:
    """Add the units of one question: those of its source language, with the texts of its version as targets."""
    one = version or original
    if one is None:
        return
    before = dict(_fields(original)) if original else {}
    after = dict(_fields(version)) if version else {}
    group = etree.SubElement(file, f"{{{_SPACE}}}group", {"id": slug(one.id), "name": one.id})
    for name in dict.fromkeys([*before, *after]):
        unit = etree.SubElement(group, f"{{{_SPACE}}}unit", {"id": slug(one.id, name), "name": name})
        segment = etree.SubElement(unit, f"{{{_SPACE}}}segment")
        etree.SubElement(segment, f"{{{_SPACE}}}source").text = _plain(before.get(name, ""))
        if name in after:
            etree.SubElement(segment, f"{{{_SPACE}}}target").text = _plain(after[name])


def _fields(one: Question) -> Iterator[tuple[str, str]]:
    yield "stem", one.text
    for _, option, text in one.options:
        yield f"option:{option}", text


def _plain(text: str) -> str:
    return text.translate(_BAD)


EXPORTER = Xliff()
