"""A file of custom tasks for lighteval, with its data as a folder that `datasets` loads."""

from __future__ import annotations

from importlib.resources import files as resources
from pathlib import Path

from benchwright.builder.export._exporter import lines, slug, written
from benchwright.builder.export._questions import Questions
from benchwright.builder.export.formats._rows import task_row

__all__ = ["EXPORTER"]


class Lighteval:
    """``lighteval accelerate MODEL "NAME_TAG|0" --custom-tasks FOLDER/NAME.py``."""

    name = "lighteval"
    about = "custom tasks of lighteval, one for each language"
    holds = frozenset({"either", "shots"})

    def write(self, questions: Questions, folder: Path) -> list[Path]:
        """Write the task file, and the data with a card that names its configs."""
        name = slug(questions.name)
        made: dict[str, bytes | str] = {}
        configs, tasks = [], []
        for language, some in questions.by_language().items():
            config = slug(language)
            shots = questions.shots.get(language, [])
            made[f"data/{config}/test.jsonl"] = lines(task_row(one, questions) for one in some)
            splits = [f"  - split: test\n    path: {config}/test.jsonl"]
            if shots:
                made[f"data/{config}/shots.jsonl"] = lines(task_row(one, questions) for one in shots)
                splits.append(f"  - split: shots\n    path: {config}/shots.jsonl")
            configs.append(f"- config_name: {config}\n  data_files:\n" + "\n".join(splits))
            tasks.append((f"{name}_{config}", config, bool(shots)))
        made["data/README.md"] = "---\nconfigs:\n" + "\n".join(configs) + "\n---\n"
        code = resources("benchwright.builder.export.formats").joinpath("code", "lighteval_task.txt")
        text = code.read_text(encoding="utf-8").replace("THE_TASKS", repr(tasks))
        made[f"{name}.py"] = text.replace("THE_VERSION", (questions.version or "0").split(".", maxsplit=1)[0])
        return list(written(folder, made))


EXPORTER = Lighteval()
