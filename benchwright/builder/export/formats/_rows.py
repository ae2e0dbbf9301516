"""Kit: a question as one row of JSON, shared by the formats that read JSON lines."""

from __future__ import annotations

from typing import Any

from benchwright.builder.export._questions import Question, Questions, prompt_of

__all__ = ["full_prompt", "media_files", "task_row"]


def full_prompt(one: Question, questions: Questions) -> str:
    """Return the prompt with its solved examples before it."""
    words = questions.words(one.language)
    shots = [prompt_of(shot, words, questions.wish, solved=True) for shot in questions.shots.get(one.language, [])]
    return "\n\n".join([*shots, prompt_of(one, words, questions.wish)])


def task_row(one: Question, questions: Questions) -> dict[str, Any]:
    """Return everything that a task needs of one question."""
    words = questions.words(one.language)
    return {
        "id": one.id,
        "group": one.group,
        "language": one.language,
        "exam": one.exam,
        "subject": one.subject,
        "kind": one.kind,
        "question": one.text,
        "prompt": prompt_of(one, words, questions.wish),
        "letters": [letter for letter, _, _ in one.options],
        "option_ids": [option for _, option, _ in one.options],
        "choices": [text for _, _, text in one.options],
        "answers": ["".join(response) for response in one.answers],
        "accepted": list(one.accepted),
        "points": one.points,
        "revision": one.revision,
        "images": [f"media/{picture.name}" for picture in one.pictures] if questions.wish.images else [],
        "canary": questions.canary,
    }


def media_files(questions: Questions) -> dict[str, bytes]:
    """Return the pictures of the questions by their name in the folder of the task."""
    if not questions.wish.images:
        return {}
    return {f"media/{picture.name}": picture.data for one in questions.asked for picture in one.pictures}
