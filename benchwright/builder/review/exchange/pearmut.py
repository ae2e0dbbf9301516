"""Campaign files of Pearmut (github.com/zouharvi/pearmut), and its annotations read back."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from benchwright.builder.review.form import CATEGORIES, FLAGGED
from benchwright.builder.review.taskdata import KEY
from benchwright.schemas.errors import InputError, Problem

__all__ = ["campaign_of", "read_annotations", "shown_text", "text_of"]

_MODEL: Final = "item"
"""Name under which the reviewed text stands; Pearmut compares models, and here there is one text."""
_TAGS: Final = r"(?=/?(?:br|strong|b|i|p|em|h1|h2|h3)>|(?:audio|video|img|iframe) )"
"""What stands behind a ``<`` that Pearmut reads as HTML; it shows all other signs as they are."""
_GAP: Final = "\u200b"
"""Put behind such a ``<``, it makes it a sign like others; it has no width."""
_INSTRUCTIONS: Final = (
    "Read the text against its source. Mark each error with its kind and how bad it is (minor, major, critical); "
    "a text without marks has no error. Places that are marked already were found by a program and may be right: "
    "then delete the mark. Confidence is how sure you are: 1 is a guess, 5 is certain."
)
_SEVERITIES: Final = {"minor": "minor", "major": "major", "critical": "critical", "neutral": None}


def campaign_of(name: str, by_reviewer: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """Return a campaign: each reviewer has the own list of tasks, errors are marked with category and severity.

    Places that the audit found are marked already; whoever reviews keeps, changes or deletes them. Texts are shown as
    text, whatever they hold: see :func:`shown_text`.

    Args:
        name: of the review.
        by_reviewer: tasks as a server would get them, by pseudonym.
    """
    return {
        "info": {
            "assignment": "task-based",
            "protocol": "MQM",
            "users": list(by_reviewer),
            "mqm_categories": {one.capitalize(): [] for one in CATEGORIES},
            "mqm_severities": ["Minor", "Major", "Critical"],
            "sliders": [{"name": "confidence", "min": 1, "max": 5, "step": 1}],
            "textfield": "visible",
            "instructions": _INSTRUCTIONS,
        },
        "campaign_id": name,
        "data": [[[_item(task)] for task in tasks] for tasks in by_reviewer.values()],
    }


def _item(task: Mapping[str, Any]) -> dict[str, Any]:
    data = task["data"]
    item: dict[str, Any] = {"item_id": data[KEY], "tgt": {_MODEL: shown_text(data["target"])}}
    if "original" in data:
        item["src"] = shown_text(data["original"])
    # Pearmut keeps other fields in its log: they lead back.
    item |= {name: data[name] for name in (KEY, "text_hash", "key_hash")}
    item["benchwright_item"] = data["item_id"]
    places = _places(data["target"])
    marks = [
        {
            "start_i": places[one["value"]["start"]],
            "end_i": places[one["value"]["end"]] - 1,
            "severity": None,
            "category": None,
        }
        for prediction in task.get("predictions", ())
        for one in prediction["result"]
        if FLAGGED in one["value"].get("labels", ())
    ]
    if marks:
        item["error_spans"] = {_MODEL: marks}
    return item


def shown_text(text: str) -> str:
    """Return a text as Pearmut gets it: a few tags would be read as HTML, and are parted by a sign without width."""
    return re.sub(f"<{_TAGS}", f"<{_GAP}", text)


def text_of(shown: str) -> str:
    """Return the text of :func:`shown_text`."""
    return re.sub(f"<{_GAP}{_TAGS}", "<", shown)


def _places(text: str) -> list[int]:
    """Return where each letter of a text begins in what Pearmut shows, and the end; letters count as browsers do."""
    widths = [1 + (ord(letter) > 0xFFFF) for letter in text]
    for found in re.finditer(f"<{_TAGS}", text):
        widths[found.start()] += 1
    return [0, *accumulate(widths)]


def read_annotations(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the annotations of a log of Pearmut as tasks of a review server.

    Marks become errors with category and severity; an item without marks has no error. The last entry of a user for an
    item comes last. Entries of tutorials and forms are passed over.

    Args:
        path: JSONL, one line for each document that somebody handed in.

    Raises:
        InputError: ``review-rows-wrong``, a line is none of Pearmut.
    """
    for number, line in enumerate(_lines(path), start=1):
        try:
            entry = json.loads(line)
            items, answers = entry["item"], entry["annotation"]
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(_wrong(path, number, str(error))) from error
        moments = [one["time"] for one in entry.get("actions", ()) if isinstance(one, dict) and "time" in one]
        for item, answer in zip(items, answers, strict=False):
            if not isinstance(item, dict) or KEY not in item or not isinstance(answer, dict) or _MODEL not in answer:
                continue
            yield {
                "id": number,
                "data": {
                    KEY: item[KEY],
                    "item_id": item.get("benchwright_item"),
                    "text_hash": item.get("text_hash"),
                    "key_hash": item.get("key_hash"),
                    "target": text_of(str(item.get("tgt", {}).get(_MODEL))),
                },
                "annotations": [
                    {
                        "id": f"{path.name} line {number}",
                        "completed_by": str(entry.get("user_id")),
                        "created_at": f"{moments[-1]:020.3f}" if moments else "",
                        "lead_time": moments[-1] - moments[0] if len(moments) > 1 else None,
                        "result": list(_results(answer[_MODEL], item)),
                    }
                ],
            }


def _results(answer: Mapping[str, Any], item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    worst = "none"
    places = _places(text_of(str(item["tgt"][_MODEL])))
    order = ("none", "minor", "major", "critical")
    for number, span in enumerate(answer.get("error_spans") or ()):
        told = str(span.get("severity") or "").lower()
        severity = _SEVERITIES.get(told, told or None)
        category = str(span.get("category") or "other").split("/")[0].lower()
        start, end = span.get("start_i"), span.get("end_i")
        worst = max(worst, severity or "minor", key=lambda one: order.index(one) if one in order else 0)
        # A mark behind the text says that something is missing.
        if isinstance(start, int) and isinstance(end, int) and 0 <= start <= end < places[-1]:
            # The last letter is part of the mark.
            value: dict[str, Any] = {
                "start": bisect_right(places, start) - 1,
                "end": bisect_left(places, end + 1),
                "labels": [category],
            }
            yield {"id": f"m{number}", "from_name": "marks", "type": "labels", "value": value}
            if severity:
                chosen = {**value, "choices": [severity]}
                yield {"id": f"m{number}", "from_name": "mark_severity", "type": "choices", "value": chosen}
    yield {"from_name": "errors", "type": "choices", "value": {"choices": [worst]}}
    sure = (answer.get("sliders") or {}).get("confidence")
    if sure is not None:
        yield {"from_name": "confidence", "type": "rating", "value": {"rating": sure}}
    if answer.get("textfield"):
        yield {"from_name": "comment", "type": "textarea", "value": {"text": [str(answer["textfield"])]}}


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(_wrong(path, None, str(error))) from error


def _wrong(path: Path, line: int | None, found: str) -> Problem:
    return Problem(
        "review-rows-wrong",
        "a line is no annotation of Pearmut",
        str(path),
        place=f"line {line}" if line else None,
        found=found,
        expected="JSON lines with item and annotation, as Pearmut keeps them",
        remedy="take the file of the campaign in the folder of outputs",
    )
