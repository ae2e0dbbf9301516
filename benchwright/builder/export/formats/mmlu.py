"""CSV as MMLU has it: question, four options, letter; no header; one file for each subject and split."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from pathlib import Path
from typing import Final

from benchwright.builder.export._exporter import slug, written
from benchwright.builder.export._questions import Question, Questions

__all__ = ["EXPORTER"]

_OPTIONS: Final = 4


class Mmlu:
    """CSV files in the folders ``test`` and ``dev``."""

    name = "mmlu-csv"
    about = "CSV as MMLU has it: four options, no header, a file for each subject"
    holds = frozenset({"shots"})

    def write(self, questions: Questions, folder: Path) -> list[Path]:
        """Write the files; questions with another number of options, or several right ones, are left out and named."""
        files: dict[str, list[Question]] = defaultdict(list)
        for one in questions.asked:
            if len(one.options) != _OPTIONS or len(one.answers) != 1:
                questions.left_out.setdefault("it has no four options with one right answer", []).append(one.id)
                continue
            files[f"test/{slug(one.language, one.subject or one.exam)}_test.csv"].append(one)
        for language, shots in questions.shots.items():
            fitting = [one for one in shots if len(one.options) == _OPTIONS]
            names = {name.split("/")[1].removesuffix("_test.csv") for name in files}
            for name in sorted(one for one in names if one.startswith(slug(language))):
                files[f"dev/{name}_dev.csv"] = fitting
        return list(written(folder, {name: _csv(rows) for name, rows in sorted(files.items())}))


def _csv(rows: list[Question]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    for one in rows:
        writer.writerow([one.text, *(text for _, _, text in one.options), one.answers[0][0]])
    return out.getvalue()


EXPORTER = Mmlu()
