"""How many references to pictures the word lists find in real exams that say which of their items have one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchwright.audits._lexicon import lexicon
from benchwright.audits._texts import spans_of

pytestmark = pytest.mark.data

Row = tuple[str, bool]


def headqa(folder: Path, language: str) -> Iterator[Row]:
    for path in sorted(folder.glob(f"es_mir_headqa/headqa_{language}/*.json")):
        paper: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for question in paper["data"]:
            yield question["qtext"], bool(question["image"])


def igakuqa(folder: Path, _language: str) -> Iterator[Row]:
    for path in sorted(folder.glob("ja_igakuqa/*/*.jsonl")):
        if not path.stem.endswith(("_metadata", "_translate")):
            for line in path.read_text(encoding="utf-8").splitlines():
                question = json.loads(line)
                yield question["problem_text"], not question["text_only"]


@pytest.mark.parametrize(
    ("read", "language", "recall", "false_alarms"),
    [(headqa, "es", 0.98, 0.001), (headqa, "en", 0.98, 0.001), (igakuqa, "ja", 0.95, 0.001)],
    ids=["es", "en", "ja"],
)
def test_references_to_pictures_are_found(
    data_dir: Path, read: Any, language: str, recall: float, false_alarms: float
) -> None:
    rows: list[Row] = list(read(data_dir, language))
    pictured = {str(place) for place, (_, picture) in enumerate(rows) if picture}
    assert len(pictured) > 50
    frame = pl.LazyFrame(
        {"subject": [str(n) for n in range(len(rows))], "field": "stem", "text": [row[0] for row in rows]}
    )
    found = set(spans_of(frame, lexicon("figure_words")[language]).collect()["subject"])
    assert len(found & pictured) >= recall * len(pictured)
    assert len(found - pictured) <= false_alarms * (len(rows) - len(pictured))
