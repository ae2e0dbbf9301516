"""JSON lines as OpenCompass reads custom data sets, with the file beside them that says how."""

from __future__ import annotations

import json
from pathlib import Path

from benchwright.builder.export._exporter import lines, slug, written
from benchwright.builder.export._questions import Questions
from benchwright.builder.export.formats._rows import full_prompt

__all__ = ["EXPORTER"]


class OpenCompass:
    """``NAME.jsonl`` with ``NAME.jsonl.meta.json``."""

    name = "opencompass"
    about = "JSON lines and .meta.json of an OpenCompass custom data set"
    holds = frozenset({"open", "shots"})

    def write(self, questions: Questions, folder: Path) -> list[Path]:
        """Write two files for each language; a question that accepts several single answers has its first."""
        files: dict[str, bytes | str] = {}
        choice = questions.wish.form == "mcq"
        for language, some in questions.by_language().items():
            rows = []
            for one in some:
                letters = {letter: text for letter, _, text in one.options} if choice else {}
                answer = one.answers[0][0] if choice else one.accepted[0]
                asked = one.text if choice else full_prompt(one, questions)
                rows.append({"id": one.id, "question": asked, **letters, "answer": answer})
            words = questions.words(language)
            name = f"{slug(questions.name, language)}.jsonl"
            options = "".join(f"{{{letter}}}\n" for letter in _letters(rows)) if choice else ""
            meta = {
                "abbr": slug(questions.name, language),
                "data_type": "mcq" if choice else "qa",
                "infer_method": "gen",
                "human_prompt": f"{words.question}: {{question}}\n{options}{words.choose_one}\n{words.answer}:"
                if choice
                else "{question}",
                "bot_prompt": "{answer}",
            }
            files[name] = lines(rows)
            files[f"{name}.meta.json"] = json.dumps(meta, ensure_ascii=False, indent=2) + "\n"
        return list(written(folder, files))


def _letters(rows: list[dict[str, str]]) -> list[str]:
    return sorted({name for row in rows for name in row if len(name) == 1})


EXPORTER = OpenCompass()
