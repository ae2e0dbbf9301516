"""Ways in which papers number their questions and mark their options, drawn in combination.

They are more than the layouts of :mod:`tests.typesetter.layout` draw: numbers in words of many languages, with the
number of all questions behind them, in Roman figures; options behind boxes, rings, Roman figures and dashes.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from tests.typesetter.layout import Layout, draw

NUMBERS: dict[str, tuple[str, ...]] = {
    "*": (
        "{}.", "{})", "({})", "[{}]", "<{}>", "{}.-", "{} –", "#{}", "№ {}", "§{}", "§ {}.", "{}:", "{roman}.",
        "{roman})", "{}/", "{:02}.", "{:03}", "»{}«", "{}.)", "Nº{}", "{} |", "【{}】",
    ),
    "en": (
        "Q{}.", "Q.{}", "Q {}:", "Question {} of {count}", "Question {}/{count}", "QUESTION {}", "Item {}",
        "Question No. {}:", "{} of {count}.", "Question #{}",
    ),
    "es": ("{}º", "{}º.-", "Pregunta {} de {count}", "PREGUNTA Nº {}", "P{}.", "Preg. {}", "Pregunta n.º {}:"),
    "pt": ("Questão {}", "QUESTÃO {:02}", "{}ª", "{}ª QUESTÃO", "Questão {} de {count}"),
    "fr": ("Question n° {}", "Question {}/{count}", "Q{} -", "{}° "),
    "de": ("Frage {}", "Aufgabe {}:", "{}. Frage", "Frage Nr. {}"),
    "it": ("Domanda {}", "Quesito n. {}", "{}° quesito"),
    "pl": ("Zadanie {}.", "Pytanie nr {}", "Nr {}."),
    "ru": ("Вопрос {}.", "Вопрос № {}", "{}-й вопрос."),
    "tr": ("Soru {}.", "SORU {}:", "{}. Soru"),
    "zh-Hant": ("第{}題", "第 {} 題", "{}、", "【{}】", "問題 {}", "（{}）"),
    "ja": ("第{}問", "第 {} 問", "問{}", "問 {}", "【{}】", "（{}）", "〔問題{}〕"),
    "ko": ("문 {}.", "문제 {}", "{}번", "[{}]", "{}번."),
}  # fmt: skip
"""Templates of question numbers; ``*`` fits any language."""

OPTIONS: dict[str, tuple[str, ...]] = {
    "*": (
        "upper:{}.", "upper:{})", "upper:({})", "upper:[{}]", "upper:{}-", "upper:{} -", "upper:{}.-",
        "upper:{}:", "upper:{} ", "lower:{}.", "lower:{})", "lower:({})", "lower:{}.)", "lower:{}-",
        "lower:{} )", "digit:{})", "digit:({})", "digit:{}.", "digit:{}-", "digit:[{}]", "circled:{}",
        "circled:{}.", "filled:{}", "ringed:{}", "roman:{}.", "roman:({})", "roman:{})", "lowroman:{}.",
        "lowroman:({})", "box:{}", "ring:{}", "dash:{}", "boxupper:{}.", "boxlower:{})", "upper:({}",
        "upper:{}/",
    ),
    "ja": ("katakana:{}", "katakana:{}.", "katakana:（{}）", "katakana:{}．", "wide:{}．"),
    "ko": ("hangul:{}.", "hangul:{})", "hangul:({})"),
    "zh-Hant": ("ideograph:{}、", "ideograph:({})", "wide:（{}）", "wide:{}."),
    "ru": ("cyrillic:{}.", "cyrillic:{})", "cyrillic:({})", "cyrlower:{})", "cyrlower:{}."),
}  # fmt: skip
"""Templates of option marks with the alphabet in front."""


@dataclass(frozen=True)
class Convention:
    """One drawn combination."""

    language: str
    layout: Layout


def draw_convention(seed: int, count: int) -> Convention:
    """Draw number style, option style and the layout around them, for a paper of so many questions."""
    generator = random.Random(f"convention {seed}")
    language = generator.choice(list(NUMBERS)[1:])
    number = generator.choice(NUMBERS["*"] + 2 * NUMBERS[language]).replace("{count}", str(count))
    option = generator.choice(OPTIONS["*"] + 3 * OPTIONS.get(language, ()))
    fixed: dict[str, Any] = {
        "number_style": number,
        "option_style": option,
        "key_format": "csv",
        "number_own_line": generator.random() < (0.6 if number.strip("{}.:02 ")[:1].isalpha() else 0.15),
        "watermark": None,
    }
    return Convention(language, draw(seed, language, **fixed))


def ambiguous(layout: Layout) -> bool:
    """Tell whether numbers and options are printed alike, so that no reader could tell them apart."""
    alphabet, _, template = layout.option_style.partition(":")
    numbers = layout.number_style.strip()
    same = {"digit": "{}", "roman": "{roman}", "lowroman": "{roman}"}.get(alphabet)
    return same is not None and template.replace("{}", same).strip() == numbers.replace("{:02}", "{}").replace(
        "{:03}", "{}"
    )
