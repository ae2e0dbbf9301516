"""One task as the review server gets it: the texts, and what leads back to the item."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from benchwright.builder.review.blocks import Block, block_of, key_text
from benchwright.builder.review.form import FLAGGED, Shape

__all__ = ["KEY", "Material", "task_of"]

KEY: Final = "benchwright_task"
"""Field of a task that holds its key."""
_WIDEST: Final = 900
"""Pixels of the widest picture that is sent."""


@dataclass(frozen=True)
class Material:
    """What may be shown beside an item."""

    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Row of the source by id of the item."""
    back: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Row of the back-translation by id of the item."""
    findings: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """Open findings by id of the item."""
    media: Path | None = None
    """Folder with the pictures."""
    crops: Mapping[str, bytes] = field(default_factory=dict)
    """Picture of the printed page as PNG, by id of the item."""


def task_of(planned: Mapping[str, Any], item: Mapping[str, Any], shape: Shape, material: Material) -> dict[str, Any]:
    """Return a task for import: ``data``, and ``predictions`` where findings name places."""
    block = block_of(item)
    hashes = item["hashes"]
    source = material.sources.get(item["id"])
    findings = material.findings.get(item["id"], ()) if planned["role"] == "item" else ()
    data: dict[str, Any] = {
        KEY: planned["task"],
        "item_id": item["id"],
        "text_hash": hashes["text_hash"],
        "key_hash": hashes["key_hash"],
        "title": item["id"],
        "target": block.text,
        "fix_stem": item["stem"],
    }
    if shape.source_language:
        # "source" is a name of Label Studio's own: it would show the whole task.
        data["original"] = block_of(source).text if source else "(no source)"
    if shape.context:
        data["fix_context"] = item["context"]["text"] if item["context"] else ""
    if shape.back:
        back = material.back.get(item["id"])
        data["back"] = block_of(back).text if back else "(no back-translation)"
    if shape.keyed:
        data["key"] = key_text(item)
    if shape.flags:
        data["flags"] = "\n".join(f"{one['severity']} {one['code']}: {one['message']}" for one in findings) or "none"
    if shape.picture:
        data["picture"] = _picture(item, material)
    options = list(item["options"] or ())
    for number in range(1, shape.options + 1):
        option = options[number - 1] if number <= len(options) else None
        data[f"option_{number}_name"] = f"Option {option['label'] or option['id']}" if option else "(no such option)"
        data[f"fix_option_{number}"] = option["text"] if option else ""
    if shape.keyed and shape.options:
        data["proposals"] = [{"value": one["id"]} for one in options] + [{"value": "none"}]
    task: dict[str, Any] = {"data": data}
    marks = list(_marks(block, findings))
    if marks:
        task["predictions"] = [{"model_version": "audit", "result": marks}]
    return task


def _marks(block: Block, findings: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    seen: set[tuple[int, int]] = set()
    for finding in findings:
        for span in finding["spans"] or ():
            place = block.place(span["field"], span["start"], span["end"])
            if place is None or place in seen or place[0] == place[1]:
                continue
            seen.add(place)
            start, end = place
            yield {
                "id": f"audit-{len(seen)}",
                "from_name": "marks",
                "to_name": "target",
                "type": "labels",
                "value": {"start": start, "end": end, "text": block.text[start:end], "labels": [FLAGGED]},
            }


def _picture(item: Mapping[str, Any], material: Material) -> str:
    """Return the pictures of an item, one below the other, as a data address; a blank one where it has none.

    The bytes travel in the task, so that the server needs no access to our files.
    """
    from PIL import Image, UnidentifiedImageError

    pictures: list[Image.Image] = []
    streams: list[Any] = []
    if material.media is not None:
        names = [one["file"] for one in item["media"] or () if one["file"]]
        streams = [material.media / name for name in names if (material.media / name).is_file()]
    if item["id"] in material.crops:
        streams.append(io.BytesIO(material.crops[item["id"]]))
    for stream in streams:
        try:
            with Image.open(stream) as picture:
                shown = picture.convert("RGB")
        except (UnidentifiedImageError, OSError):
            continue
        shown.thumbnail((_WIDEST, 4 * _WIDEST))
        pictures.append(shown)
    width = max((one.width for one in pictures), default=1)
    whole = Image.new("RGB", (width, sum(one.height for one in pictures) or 1), "white")
    top = 0
    for one in pictures:
        whole.paste(one, (0, top))
        top += one.height
    buffer = io.BytesIO()
    whole.save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
