"""Answer keys in shapes drawn at random: grids, series, lines, versions side by side, ticked boxes, coloured letters.

Unlike ``families/keysheet.py``, which prints how known bodies print, this draws every property by itself, so that
shapes come out that nobody had in mind. The truth says what a careful reader would: see ``Truth``.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Final

Truth = frozenset[frozenset[str]] | None
"""Sets of answers that a cell may be read as, by letters A, B, ...; the empty set is annulled, None is any answer but a
letter: a sign that nothing explains may be annulled or unknown."""

FORMS: Final = (
    "pairs", "across", "blocks", "runs", "lines", "versions", "ticked", "marked", "transposed", "sides", "spaced",
    "joined", "captions",
)  # fmt: skip
SERIES: Final = {
    "upper": "ABCDE", "lower": "abcde", "circled": "ⒶⒷⒸⒹⒺ", "wide": "ＡＢＣＤＥ", "cyrillic": "АБВГД",
    "digits": "12345",
    "circled digits": "①②③④⑤", "greek": "ΑΒΓΔΕ", "paren": "ABCDE",
}  # fmt: skip
WORDS: Final = {
    # question, answer, annulled, or, and, key
    "es": ("Pregunta", "Respuesta", "ANULADA", "o", "y", "Plantilla de respuestas"),
    "pt": ("Questão", "Gabarito", "ANULADA", "ou", "e", "Gabarito definitivo"),
    "en": ("Question", "Answer", "Void", "or", "and", "Answer key"),
    "fr": ("Question", "Réponse", "annulée", "ou", "et", "Grille de réponses"),
    "it": ("Domanda", "Risposta", "annullata", "o", "e", "Risposte corrette"),
    "de": ("Frage", "Antwort", "gestrichen", "oder", "und", "Lösungsschlüssel"),
    "pl": ("Pytanie", "Odpowiedź", "unieważnione", "lub", "i", "Klucz odpowiedzi"),
    "ru": ("Вопрос", "Ответ", "аннулирован", "или", "и", "Ключ ответов"),
}  # fmt: skip


@dataclass(frozen=True)
class Design:
    """One key: all that was drawn for it."""

    form: str
    language: str
    series: str
    count: int
    options: int
    per_row: int
    down: bool
    headers: bool
    ruled: bool
    number: str
    sign: str | None
    """What stands for an annulled question; None: the word."""
    legend: bool
    several: str | None
    """How two right answers are joined."""
    size: float
    titled: bool
    versions: int
    joint: str
    """Between number and answer in a run."""
    mark: str
    """In a ticked cell, or how the right letter of a row is set off."""
    seed: int
    cells: dict[int, tuple[str, ...]] = field(default_factory=dict, compare=False)


def draw_design(seed: int, **fixed: Any) -> Design:
    """Draw one design; `fixed` sets properties by name."""
    pick = random.Random(f"key design {seed}")
    form = fixed.get("form") or pick.choice(FORMS)
    series = pick.choice(tuple(SERIES))
    language = "ru" if series == "cyrillic" else pick.choice(tuple(name for name in WORDS if name != "ru"))
    if form in {"ticked", "marked"} and series in {"digits", "circled digits", "circled"}:
        series = "upper"
    drawn: dict[str, Any] = {
        "form": form,
        "language": language,
        "series": series,
        "count": pick.choice((20, 30, 40, 45, 60, 80, 100, 120, 180)),
        "options": pick.choice((4, 4, 5)),
        "per_row": pick.choice((2, 3, 4, 5, 6, 8, 10)) if form == "pairs" else pick.choice((5, 10, 15, 20, 25)),
        "down": pick.random() < 0.6,
        "headers": pick.random() < 0.55,
        "ruled": pick.random() < 0.5,
        "number": pick.choice(("{}", "{}", "{:02d}", "{:03d}", "{}.", "{})", "{}.-", "{}º")),
        "sign": pick.choice((None, None, "X", "*", "-", "—", "#")),
        "legend": pick.random() < 0.7,
        "several": pick.choice((None, None, "{} {or_} {}", "{}/{}", "{} / {}", "{}, {}", "{} {and_} {}", "{}-{}")),
        "size": pick.choice((7.5, 8.5, 10.0, 11.0)),
        "titled": pick.random() < 0.8,
        "versions": pick.choice((2, 3, 4)),
        "joint": pick.choice((". ", ".", ") ", "-", " - ", ": ", " ", " – ", "= ")),
        "mark": pick.choice(("X", "x", "●", "■", "✓", "✔") if form == "ticked" else ("bold", "red", "box", "blue")),
        "seed": seed,
    }
    if form == "runs" and series == "digits" and drawn["joint"] in {".", "-", " "}:
        drawn["joint"] = ") "  # 1.2 and 1-2 are other things
    if drawn["several"] == "{}-{}" and form in {"runs", "lines"}:
        drawn["several"] = "{}/{}"
    if form in {"ticked", "marked"}:
        drawn["several"] = None
    if form == "joined":
        drawn["joint"] = pick.choice((". ", ".", ") ", "-", " - ", ": ", " ", ""))
        if series in {"digits", "circled digits"} and drawn["joint"] in {"", ".", "-", " "}:
            drawn["joint"] = ") "
        drawn["sign"], drawn["several"] = None, None
    if form == "sides":
        drawn["several"] = None
    if series in {"digits", "circled digits"} and drawn["several"] == "{}-{}":
        drawn["several"] = "{}/{}"
    if series == "lower":  # a small e between small letters is an answer as well as a word
        drawn["several"] = drawn["several"] and "{}/{}"
    if form == "ticked" and drawn["sign"] == drawn["mark"].upper():
        drawn["sign"] = None
    drawn.update(fixed)
    return Design(**drawn, cells=_answers(pick, drawn))


def _answers(pick: random.Random, drawn: dict[str, Any]) -> dict[int, tuple[str, ...]]:
    letters = "ABCDE"[: drawn["options"]]
    cells: dict[int, tuple[str, ...]] = {n: (pick.choice(letters),) for n in range(1, drawn["count"] + 1)}
    for number in pick.sample(range(2, drawn["count"]), 2):
        cells[number] = ()
    if drawn["several"]:
        cells[pick.randrange(2, drawn["count"])] = tuple(sorted(pick.sample(letters, 2)))
    return cells


def printed(design: Design, number: int, version: int = 0) -> str:
    """What stands in the cell of a number."""
    words = WORDS[design.language]
    signs = SERIES[design.series]
    answers = answers_of(design, number, version)
    if not answers:
        return design.sign or words[2]
    texts = [signs["ABCDE".index(one)] for one in answers]
    texts = [f"({text})" for text in texts] if design.series == "paren" else texts
    if len(texts) == 1 or not design.several:
        return texts[0]
    return design.several.format(*texts, or_=words[3], and_=words[4])


def answers_of(design: Design, number: int, version: int = 0) -> tuple[str, ...]:
    """The answers of a version; further versions turn the letters by one place each."""
    letters = "ABCDE"[: design.options]
    return tuple(letters[(letters.index(one) + version) % len(letters)] for one in design.cells[number])


def truth_of(design: Design, version: int = 0) -> dict[int, Truth]:
    """What may be read, by number."""
    found: dict[int, Truth] = {}
    for number in design.cells:
        answers = answers_of(design, number, version)
        if answers:
            together = design.several in {"{} {and_} {}", "{}-{}"} and len(answers) > 1
            alternatives = frozenset(frozenset({one}) for one in answers)
            found[number] = frozenset({frozenset(answers)}) if together else alternatives
        else:
            explained = design.form != "marked" and (design.sign is None or design.legend)
            found[number] = frozenset() if explained else None
    return found


def version_name(design: Design, place: int) -> str:
    """The name of a version as its column has it."""
    return "ABCD"[place] if design.down else str(place + 1)
