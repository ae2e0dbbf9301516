"""Annotations read as verdicts: values checked against the form, marks against the text that was shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from benchwright.builder.review.axes import CORRECTION, KEY_PROPOSAL, Axis
from benchwright.builder.review.blocks import Block, block_of
from benchwright.builder.review.form import CATEGORIES, FLAGGED, MARK_SEVERITIES
from benchwright.schemas.tables import ErrorSpan, Severity, Verdict

__all__ = ["Read", "read_annotation"]

_WORST: Final = {name: place for place, name in enumerate(MARK_SEVERITIES)}
_ERRORS: Final = "errors"


@dataclass
class Read:
    """What one annotation says, and what in it could not be taken."""

    values: dict[str, str] = field(default_factory=dict)
    spans: list[ErrorSpan] = field(default_factory=list)
    confidence: int | None = None
    comment: str | None = None
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Reason and what was found."""
    partial: bool = False
    """Whether a required question has no answer."""

    def verdicts(self, axes: Mapping[str, Axis], **told: Any) -> list[Verdict]:
        """Return one verdict for each axis that was answered, and one for each corrected field."""
        made = []
        for axis, value in sorted(self.values.items()):
            severity = axes[axis].severity.get(value) if axis in axes else None
            made.append(
                Verdict(
                    axis=axis,
                    value=value,
                    severity=severity,
                    comment=self.comment,
                    confidence=self.confidence,
                    spans=tuple(self.spans) if axis == _ERRORS else (),
                    **told,
                )
            )
        return made


def read_annotation(results: Sequence[Mapping[str, Any]], item: Mapping[str, Any], axes: Mapping[str, Axis]) -> Read:
    """Return what an annotation says.

    Unknown values, values of questions that were not asked, and marks whose text is not at their place are refused one
    by one; all else is taken.

    Args:
        results: the results of one annotation, as Label Studio writes them.
        item: row of the item as it was shown.
        axes: the questions that were asked, by name.
    """
    read = Read()
    block = block_of(item)
    marks: dict[str, dict[str, Any]] = {}
    for one in results:
        name, value = str(one.get("from_name", "")), one.get("value") or {}
        kind = one.get("type")
        if kind == "labels" and name == "marks":
            marks.setdefault(str(one.get("id")), {}).update(value)
        elif kind == "choices" and name == "mark_severity":
            marks.setdefault(str(one.get("id")), {}).update({**value, "severity": (value.get("choices") or [None])[0]})
        elif kind == "choices" and name == KEY_PROPOSAL:
            _proposal(read, [str(choice) for choice in value.get("choices") or ()], item)
        elif kind == "choices":
            _choice(read, name, [str(choice) for choice in value.get("choices") or ()], axes)
        elif kind == "textarea":
            _text(read, name, "\n".join(str(text) for text in value.get("text") or ()), item)
        elif kind == "rating":
            _confidence(read, value.get("rating"))
        else:
            read.refused.append(("unknown-result", f"{name}: {kind}"))
    for mark in marks.values():
        _mark(read, mark, block)
    if read.spans and _ERRORS in axes and _ERRORS not in read.values:
        worst = max((_WORST.get(span.severity or "minor", 0) for span in read.spans), default=0)
        read.values[_ERRORS] = MARK_SEVERITIES[worst]
    read.partial = any(axis.required and name not in read.values for name, axis in axes.items())
    return read


def _choice(read: Read, name: str, chosen: Sequence[str], axes: Mapping[str, Axis]) -> None:
    if name not in axes:
        read.refused.append(("unknown-question", name))
    elif len(chosen) != 1 or chosen[0] not in axes[name].values:
        read.refused.append(("unknown-value", f"{name}: {', '.join(chosen)}"))
    else:
        read.values[name] = chosen[0]


def _proposal(read: Read, chosen: Sequence[str], item: Mapping[str, Any]) -> None:
    known = [one["id"] for one in item["options"] or ()]
    if not chosen or any(one not in (*known, "none") for one in chosen) or ("none" in chosen and len(chosen) > 1):
        read.refused.append(("unknown-value", f"{KEY_PROPOSAL}: {', '.join(chosen)}"))
    else:
        read.values[KEY_PROPOSAL] = "+".join(sorted(chosen, key=lambda one: known.index(one) if one in known else 0))


def _text(read: Read, name: str, text: str, item: Mapping[str, Any]) -> None:
    if name == "comment":
        read.comment = text.strip() or None
        return
    fields = _fields(item)
    if name not in fields:
        # A slot for an option that this item does not have stays empty.
        if text.strip():
            read.refused.append(("unknown-question", name))
        return
    field_name, before = fields[name]
    if not text.strip() and before.strip():
        read.refused.append(("text-emptied", name))
    elif text != before and text.strip() != before.strip():
        read.values[f"{CORRECTION}{field_name}"] = text


def _fields(item: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    found = {"fix_stem": ("stem", item["stem"])}
    if item["context"]:
        found["fix_context"] = ("context", item["context"]["text"])
    for number, one in enumerate(item["options"] or (), start=1):
        found[f"fix_option_{number}"] = (f"option:{one['id']}", one["text"])
    return found


def _confidence(read: Read, rating: Any) -> None:
    if isinstance(rating, int) and 1 <= rating <= 5:
        read.confidence = rating
    else:
        read.refused.append(("unknown-value", f"confidence: {rating}"))


def _mark(read: Read, mark: Mapping[str, Any], block: Block) -> None:
    labels = [str(one) for one in mark.get("labels") or ()]
    if labels == [FLAGGED] or not labels:
        return
    category = next((one for one in labels if one != FLAGGED), labels[0])
    severity = mark.get("severity")
    if category not in CATEGORIES or severity not in (None, *MARK_SEVERITIES):
        read.refused.append(("unknown-value", f"mark: {category}, {severity}"))
        return
    place = _place(mark, block.text)
    if place is None:
        read.refused.append(("mark-misplaced", f"{mark.get('start')}-{mark.get('end')} {mark.get('text')!r}"))
        return
    given: Severity | None = severity
    read.spans += [one.model_copy(update={"category": category, "severity": given}) for one in block.split(*place)]


def _place(mark: Mapping[str, Any], text: str) -> tuple[int, int] | None:
    """Return the place of a mark in code points; browsers count letters outside the basic plane as two."""
    start, end, marked = mark.get("start"), mark.get("end"), mark.get("text")
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
        return None
    if end <= len(text) and (marked is None or text[start:end] == marked):
        return start, end
    raw = text.encode("utf-16-le")
    try:
        low = len(raw[: 2 * start].decode("utf-16-le"))
        high = low + len(raw[2 * start : 2 * end].decode("utf-16-le"))
    except UnicodeDecodeError:
        return None
    return (low, high) if high <= len(text) and text[low:high] == marked else None
