"""Plain JSON lines and CSV: one row for each question, everything that a program of one's own needs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

from benchwright.builder.export._exporter import lines, slug, written
from benchwright.builder.export._questions import Questions
from benchwright.builder.export.formats._rows import full_prompt, media_files, task_row

__all__ = ["EXPORTER"]


class Plain:
    """JSON lines and CSV of the same rows."""

    name = "plain"
    about = "JSON lines and CSV, with the whole prompt in each row"
    holds = frozenset({"either", "several", "images", "open", "shots"})

    def write(self, questions: Questions, folder: Path) -> list[Path]:
        """Write a file of each kind for each language, and the pictures."""
        files: dict[str, bytes | str] = {}
        for language, some in questions.by_language().items():
            rows = [{**task_row(one, questions), "prompt": full_prompt(one, questions)} for one in some]
            stem = slug(questions.name, language)
            files[f"{stem}.jsonl"] = lines(rows)
            out = io.StringIO(newline="")
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(rows[0])
            writer.writerows([_cell(one) for one in row.values()] for row in rows)
            files[f"{stem}.csv"] = out.getvalue()
        return list(written(folder, {**files, **media_files(questions)}))


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


EXPORTER = Plain()
