"""The page on which two versions stand side by side, and its tasks; nothing on it says which version is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

from benchwright.builder.review.axes import Axis
from benchwright.builder.review.blocks import block_of, key_text
from benchwright.builder.review.comparing.pairs import pair_hash
from benchwright.builder.review.form import Shape, add_choices, add_column, add_text
from benchwright.builder.review.taskdata import KEY, Material
from benchwright.schemas.languages import language_name

__all__ = ["EMPTY", "PAIR_INSTRUCTION", "pair_config", "pair_sent", "pair_task"]

PAIR_INSTRUCTION: Final = (
    "Two versions of one question stand side by side; where they come from is not told. "
    "Read both against the source, then say which is better. Call it a tie where you would take either."
)
EMPTY: Final[Mapping[str, Any]] = {"context": None, "stem": "", "turns": (), "options": (), "rationales": ()}
"""The item of which a judgement of two versions marks and corrects nothing."""


def pair_config(shape: Shape, axes: Sequence[Axis]) -> str:
    """Return the labelling config: source, version a, version b, one question for each axis of pairs, comment."""
    page = ET.Element("View")
    ET.SubElement(page, "Header", value="$title", size="5")
    columns = ET.SubElement(page, "View", style="display: flex; gap: 1.5em; align-items: flex-start; flex-wrap: wrap")
    if shape.source_language:
        add_text(columns, "original", f"Source ({language_name(shape.source_language)})", shape.source_language)
    for side in "ab":
        add_text(columns, f"version_{side}", f"Version {side} ({language_name(shape.language)})", shape.language)
    if shape.keyed:
        add_text(page, "key", "Key", "en")
    for axis in axes:
        if axis.about == "pair":
            add_choices(add_column(page, axis.question), axis.name, axis.values, required=axis.required, of="version_a")
    box = add_column(page, "How sure are you? (1 = a guess, 5 = certain)")
    ET.SubElement(box, "Rating", name="confidence", toName="version_a", maxRating="5")
    box = add_column(page, "Comment")
    ET.SubElement(box, "TextArea", name="comment", toName="version_a", rows="2", showSubmitButton="false")
    ET.indent(page)
    return ET.tostring(page, encoding="unicode")


def pair_task(
    planned: Mapping[str, Any], first: Mapping[str, Any], second: Mapping[str, Any], shape: Shape, material: Material
) -> dict[str, Any]:
    """Return a task for import; ids of versions stay here."""
    name = f"{first['group']}@{first['language']}"
    data: dict[str, Any] = {KEY: planned["task"], "item_id": name, "title": name, **pair_sent(first, second)}
    if shape.source_language:
        source = material.sources.get(first["id"]) or material.sources.get(second["id"])
        data["original"] = block_of(source).text if source else "(no source)"
    if shape.keyed:
        data["key"] = key_text(first)
    return {"data": data}


def pair_sent(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, str]:
    """Return what a task must still hold for its judgement to count."""
    return {
        "text_hash": pair_hash(first["hashes"]["text_hash"], second["hashes"]["text_hash"]),
        "version_a": block_of(first).text,
        "version_b": block_of(second).text,
    }
