"""A task file for inspect_ai, with its data and pictures beside it."""

from __future__ import annotations

from importlib.resources import files as resources
from pathlib import Path

from benchwright.builder.export._exporter import lines, slug, written
from benchwright.builder.export._questions import Questions
from benchwright.builder.export.formats._rows import full_prompt, media_files, task_row

__all__ = ["EXPORTER"]


class InspectAi:
    """``inspect eval FOLDER/NAME.py -T language=TAG``."""

    name = "inspect"
    about = "a task of inspect_ai for all languages, pictures included"
    holds = frozenset({"either", "several", "images", "open", "shots"})

    def write(self, questions: Questions, folder: Path) -> list[Path]:
        """Write the task file, the data and the pictures."""
        name = slug(questions.name)
        code = resources("benchwright.builder.export.formats").joinpath("code", "inspect_task.txt")
        text = (
            code.read_text(encoding="utf-8").replace("THE_NAME", name).replace("THE_VERSION", questions.version or "0")
        )
        rows = []
        for one in questions.asked:
            row = task_row(one, questions)
            rows.append({**row, "prompt": full_prompt(one, questions), "form": questions.wish.form})
        files: dict[str, bytes | str] = {f"{name}.py": text, f"{name}.jsonl": lines(rows)}
        return list(written(folder, {**files, **media_files(questions)}))


EXPORTER = InspectAi()
