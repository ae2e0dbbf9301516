"""The labelling page of Label Studio, made from the shape of the items and the chosen axes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET

from benchwright.builder.review.axes import Axis
from benchwright.schemas.languages import is_rtl, language_name

__all__ = [
    "CATEGORIES",
    "FLAGGED",
    "MARK_SEVERITIES",
    "Shape",
    "add_choices",
    "add_column",
    "add_text",
    "config_of",
    "instruction_of",
    "shape_of",
]

CATEGORIES: Final = (
    "mistranslation",
    "omission",
    "addition",
    "untranslated",
    "number or unit",
    "terminology",
    "grammar",
    "style",
    "locale",
    "medical content",
    "other",
)
"""Kinds of marked errors: those of MQM that an exam has, and errors of content as in MEDEC."""
MARK_SEVERITIES: Final = ("minor", "major", "critical")
FLAGGED: Final = "flagged by the audit"
"""Label of places that the audit found; a reviewer gives them another one, or leaves them."""
_TEXT: Final = "white-space: pre-wrap; font-size: 1.05em; line-height: 1.6"
_COLOURS: Final = ("#c0392b", "#d35400", "#8e44ad", "#2c3e50", "#16a085", "#2980b9", "#7f8c8d", "#27ae60", "#f39c12")


@dataclass(frozen=True)
class Shape:
    """What the items of one project have in common."""

    language: str
    source_language: str | None
    options: int
    """Most options of an item."""
    context: bool
    back: bool
    picture: bool
    flags: bool
    keyed: bool


def shape_of(
    items: Sequence[Mapping[str, Any]], language: str, source_language: str | None, shown: Iterable[str]
) -> Shape:
    """Return the shape that holds all items of a project, given as rows."""
    wanted = set(shown)
    return Shape(
        language=language,
        source_language=source_language,
        options=max((len(one["options"] or ()) for one in items), default=0),
        context=any(one["context"] for one in items),
        back="back" in wanted,
        picture="image" in wanted and any(one["media"] for one in items),
        flags="findings" in wanted,
        keyed=any((one["key"] or {}).get("answers") for one in items),
    )


def config_of(shape: Shape, axes: Sequence[Axis]) -> str:
    """Return the labelling config: source beside the item, marks, one question for each axis, corrections, comment.

    All texts of items are values of ``Text`` tags, which Label Studio shows as text whatever they hold.
    """
    page = ET.Element("View")
    ET.SubElement(page, "Header", value="$title", size="5")
    columns = ET.SubElement(page, "View", style="display: flex; gap: 1.5em; align-items: flex-start; flex-wrap: wrap")
    if shape.source_language:
        add_text(columns, "original", f"Source ({language_name(shape.source_language)})", shape.source_language)
    column = add_column(columns, f"Item ({language_name(shape.language)})")
    labels = ET.SubElement(column, "Labels", name="marks", toName="target", showInline="true")
    for number, name in enumerate((*CATEGORIES, FLAGGED)):
        colour = "#bdc3c7" if name == FLAGGED else _COLOURS[number % len(_COLOURS)]
        ET.SubElement(labels, "Label", value=name, background=colour)
    target = ET.SubElement(column, "View", style=_direction(shape.language))
    ET.SubElement(target, "Text", name="target", value="$target", granularity="symbol")
    severity = add_choices(column, "mark_severity", MARK_SEVERITIES, required=False)
    severity.attrib |= {"perRegion": "true", "whenTagName": "marks"}
    if shape.back:
        add_text(page, "back", "Back-translation", shape.source_language or shape.language)
    if shape.picture:
        ET.SubElement(page, "Image", name="picture", value="$picture", maxWidth="640px", zoom="true")
    if shape.keyed:
        add_text(page, "key", "Key", "en")
    if shape.flags:
        add_text(page, "flags", "Findings of the audit", "en")
    for axis in axes:
        if axis.about == "pair" or (axis.about == "translated" and not shape.source_language):
            continue
        if axis.about == "keyed" and not shape.keyed:
            continue
        box = add_column(page, axis.question)
        add_choices(box, axis.name, axis.values, required=axis.required)
    if shape.keyed and shape.options:
        box = add_column(page, "If the key is wrong: which option is right?")
        ET.SubElement(box, "Choices", name="key_proposal", toName="target", choice="multiple", value="$proposals")
    _corrections(page, shape)
    box = add_column(page, "How sure are you? (1 = a guess, 5 = certain)")
    ET.SubElement(box, "Rating", name="confidence", toName="target", maxRating="5")
    box = add_column(page, "Comment")
    ET.SubElement(box, "TextArea", name="comment", toName="target", rows="2", showSubmitButton="false")
    ET.indent(page)
    return ET.tostring(page, encoding="unicode")


def instruction_of(axes: Sequence[Axis]) -> str:
    """Return the instruction of a project: what each question means, and what its values are."""
    lines = [
        "Mark each error in the text and say how bad it is; places in grey were found by a program and may be right."
    ]
    lines += [f"{axis.title}: {axis.question} ({', '.join(axis.values)})" for axis in axes]
    lines.append("A corrected text is the whole text of its field. Leave what is right as it is.")
    return "\n".join(lines)


def _corrections(page: ET.Element, shape: Shape) -> None:
    box = add_column(page, "Corrections: change the text where it is wrong")
    names = [("context", "Shared context")] if shape.context else []
    names.append(("stem", "Question"))
    for name, title in names:
        ET.SubElement(box, "Header", value=title, size="6")
        _area(box, name, shape.language)
    for number in range(1, shape.options + 1):
        ET.SubElement(box, "Header", value=f"$option_{number}_name", size="6")
        _area(box, f"option_{number}", shape.language)


def _area(box: ET.Element, name: str, language: str) -> None:
    inner = ET.SubElement(box, "View", style=_direction(language))
    ET.SubElement(
        inner,
        "TextArea",
        name=f"fix_{name}",
        toName="target",
        value=f"$fix_{name}",
        rows="2",
        editable="true",
        maxSubmissions="1",
        # What stands in the box is handed in with the rest: no button of its own.
        showSubmitButton="false",
    )


def add_column(parent: ET.Element, title: str) -> ET.Element:
    """Add a column with a title and return it."""
    box = ET.SubElement(parent, "View", style="flex: 1 1 0; min-width: 14em; margin-bottom: 0.8em")
    ET.SubElement(box, "Header", value=title, size="6")
    return box


def add_text(parent: ET.Element, name: str, title: str, language: str) -> None:
    """Add a text with a title, in the direction of its language."""
    box = add_column(parent, title)
    inner = ET.SubElement(box, "View", style=_direction(language))
    ET.SubElement(inner, "Text", name=name, value=f"${name}")


def add_choices(
    parent: ET.Element, name: str, values: Sequence[str], *, required: bool, of: str = "target"
) -> ET.Element:
    """Add a question with one answer about a text of the page."""
    told: dict[str, Any] = {"name": name, "toName": of, "choice": "single-radio", "showInline": "true"}
    if required:
        told |= {"required": "true", "requiredMessage": f"Please answer: {name}"}
    choices = ET.SubElement(parent, "Choices", told)
    for value in values:
        ET.SubElement(choices, "Choice", value=value)
    return choices


def _direction(language: str) -> str:
    side = "direction: rtl; text-align: right" if is_rtl(language) else "direction: ltr; text-align: left"
    return f"{_TEXT}; {side}"
