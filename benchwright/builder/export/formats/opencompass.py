"""JSON lines as OpenCompass reads custom data sets, with the file beside them that says how."""

from __future__ import annotations

import json
from pathlib import Path

from benchwright.builder.export._exporter import lines, slug, written
from benchwright.builder.export._questions import Question, Questions
from benchwright.builder.export.formats._rows import full_prompt

__all__ = ["EXPORTER"]


class OpenCompass:
    """``NAME.jsonl`` with ``NAME.jsonl.meta.json``."""

    name = "opencompass"
    about = "JSON lines and .meta.json of an OpenCompass custom data set"
    holds = frozenset({"open", "shots"})

    def write(self, questions: Questions, folder: Path) -> list[Path]:
        """Write two files for each language."""
        files: dict[str, bytes | str] = {}
        choice = questions.wish.form == "mcq"
        for language, some in questions.by_language().items():
            letters = sorted({letter for one in some for letter, _, _ in one.options}) if choice else []
            rows = [_row(one, questions, letters) for one in some]
            name = f"{slug(questions.name, language)}.jsonl"
            # OpenCompass takes columns and options from the first row; others may have more options.
            meta = {
                "abbr": slug(questions.name, language),
                "data_type": "mcq" if choice else "qa",
                "infer_method": "gen",
                "input_columns": ["id", "question", *letters],
                "output_column": "answer",
                "options": letters,
                "human_prompt": "{question}",
                "bot_prompt": "{answer}",
            }
            files[name] = lines(rows)
            files[f"{name}.meta.json"] = json.dumps(meta, ensure_ascii=False, indent=2) + "\n"
        return list(written(folder, files))


def _row(one: Question, questions: Questions, letters: list[str]) -> dict[str, str | None]:
    """Return a row: ``question`` is the whole prompt, with its options under their letters and the solved examples."""
    texts = {letter: text for letter, _, text in one.options}
    answer = one.answers[0][0] if letters else one.accepted[0]
    options = {letter: texts.get(letter) for letter in letters}
    return {"id": one.id, "question": full_prompt(one, questions), **options, "answer": answer}


EXPORTER = OpenCompass()
