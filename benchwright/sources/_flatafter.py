"""What follows the options of a question without pages: the answer, and the text that explains it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import regex

from benchwright.sources._afterword import explanation_lead, is_blank_line, option_starts
from benchwright.sources._flat import FlatLine
from benchwright.sources._flatcolumns import is_answer
from benchwright.sources._flatcut import Question, answer_line
from benchwright.sources._series import statements_in
from benchwright.sources._words import fold, keywords

__all__ = ["by_option", "give_rest", "settle_explanations"]

_SEP: Final = r"\s*(?:[:：=】]|\s[–—-]\s)\s*"
_LABEL: Final = regex.compile(
    r"^[(\[]?(?P<label>[\p{L}\p{N}]{1,2})(?:[)\].:,;]+(?=\s|$)|\s[–—-](?=\s)|(?=\s[(\[]))\s*(?P<rest>.*)$"
)


def give_rest(question: Question, rest: Sequence[FlatLine], words: frozenset[str]) -> None:
    """Part what follows a question: before the answer line it belongs to nothing, after it it explains the answer.

    Args:
        question: the question; its answer, explanation and rest are set.
        rest: the lines after its last option.
        words: folded words that stand before the answer in this paper.
    """
    lines = [line for line in rest if not is_blank_line(line.text)]
    question.blank = question.blank or len(lines) < len(rest)
    for k, line in enumerate(lines):
        found = answer_line(line.text)
        if found and fold(found[0]) in words:
            _answered(question, found[1], line, lines, k)
            return
        told = _told(line.text, len(question.choices))
        if told is not None:
            answer, start = told
            _answered(question, answer, line, lines, k)
            if start is not None and line.text[start:].strip():
                question.explanation.insert(0, line.cut(start))
            return
        if explanation_lead(line.text) is not None:
            question.rest, question.explanation = lines[:k], lines[k:]
            return
    question.rest = lines


def _answered(question: Question, answer: str, line: FlatLine, lines: Sequence[FlatLine], at: int) -> None:
    question.answer, question.answer_line = answer, line
    question.rest, question.explanation = list(lines[:at]), list(lines[at + 1 :])


def _told(text: str, options: int) -> tuple[str, int | None] | None:
    """Return the answer of a line such as ``Answer: V F V``, ``Answer: C. Because ...``, ``Answer: 12.5 mg``."""
    start = _lead(text)
    if start is None:
        return None
    said = text[start:]
    series = statements_in(said)
    if series is not None and len(series.values) == options >= 2:
        return said[: series.end].strip(), start + series.end
    if not options:
        return (said.strip(), None) if said.strip() else None
    if is_answer(said.strip()):
        return said.strip(), None
    label = _LABEL.match(said)
    return (label["label"], start + label.start("rest")) if label else None


def _lead(text: str) -> int | None:
    plain = fold(text) if len(fold(text)) == len(text) else text.casefold()
    words = "|".join(
        regex.escape(word) for word in sorted(keywords()["key"] | keywords()["correct"], key=lambda w: (-len(w), w))
    )
    found = regex.match(
        rf"[\s*•【\[(]{{0,3}}(?:\p{{L}}+\s+){{0,2}}(?:{words})(?:\s+\p{{L}}{{1,12}}){{0,3}}?{_SEP}", plain
    )
    return found.end() if found else None


def settle_explanations(questions: Sequence[Question]) -> None:
    """Leave text after the answer an explanation where that is usual; the last question has no more than others."""
    answered = [question for question in questions if question.answer is not None]
    explained = [question for question in questions if question.explanation]
    rare = len(explained) < 0.3 * max(len(answered), len(questions) / 3)
    longest = max((len(question.explanation) for question in explained if question is not questions[-1]), default=0)
    for question in explained:
        led = any(explanation_lead(line.text) is not None for line in question.explanation[:1])
        keep = 0 if rare and not led else len(question.explanation)
        if question is questions[-1]:
            keep = min(keep, longest)
        question.rest += question.explanation[keep:]
        question.explanation = question.explanation[:keep]


def by_option(question: Question) -> list[tuple[int | None, list[FlatLine]]]:
    """Part the explanation of a question by the options that it goes through; None is the question as a whole."""
    lines = list(question.explanation)
    if lines and (lead := explanation_lead(lines[0].text)) is not None:
        lines[0] = lines[0].cut(lead)
    lines = [line for line in lines if line.text.strip()]
    starts = option_starts([line.text for line in lines], [choice.label for choice in question.choices])
    if not starts:
        return [(None, lines)] if lines else []
    order = sorted(starts)
    parts: list[tuple[int | None, list[FlatLine]]] = [(None, lines[: order[0]])] if order[0] else []
    for k, at in enumerate(order):
        option, after = starts[at]
        stop = order[k + 1] if k + 1 < len(order) else len(lines)
        parts.append((option, [lines[at].cut(after), *lines[at + 1 : stop]]))
    return parts
