"""How numbers, option marks, answers and page numbers are written: names, templates, alphabets, digits."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from tests.typesetter.model import Responses

PRIVATE_USE_FIRST = 0xE18C
"""First code point of the private-use option marks; they look like the circled letters A, B, C ..."""

_LATIN = "ABCDEF"
_LOWER = "abcdef"
_DIGITS = "123456"
ALPHABETS: dict[str, str] = {
    "upper": _LATIN,
    "lower": _LOWER,
    "digit": _DIGITS,
    "circled": "①②③④⑤⑥",
    "katakana": "アイウエオカ",
    "hebrew": "אבגדהו",
    "cyrillic": "АБВГДЕ",
    "arabic": "أبجدهو",
    "greek": "ΑΒΓΔΕΖ",
    "thai": "กขคงจฉ",
    "devanagari": "कखगघङच",
    "hangul": "가나다라마바",
    "ideograph": "甲乙丙丁戊己",
    "filled": "❶❷❸❹❺❻",
    "ringed": "ⒶⒷⒸⒹⒺⒻ",
    "wide": "ＡＢＣＤＥＦ",
    "cyrlower": "абвгде",
}
_SERIES: dict[str, tuple[str, ...]] = {
    "persian": ("الف", "ب", "ج", "د", "ه", "و"),
    "roman": ("I", "II", "III", "IV", "V", "VI"),
    "lowroman": ("i", "ii", "iii", "iv", "v", "vi"),
    "box": ("□",) * 6,
    "ring": ("○",) * 6,
    "dash": ("–",) * 6,
    "boxupper": tuple(f"□ {letter}" for letter in _LATIN),
    "boxlower": tuple(f"□ {letter}" for letter in _LOWER),
}
"""Marks of more than one sign, or of the same sign for every option."""

NUMBER_STYLES: dict[str, tuple[str, ...]] = {
    "*": ("{}.", "{})", "{} -", "{}.-", "({})", "[{}]", "No. {}", "{}"),
    "en": ("Question {}", "Question {}.", "Q{}."),
    "es": ("Pregunta {}:", "Pregunta {}", "{}º"),
    "fr": ("Question n° {}", "Question {} :"),
    "pl": ("Nr {}.", "Zadanie {}."),
    "ru": ("Вопрос {}.", "№ {}"),
    "uk": ("Питання {}.", "№ {}"),
    "el": ("Ερώτηση {}",),
    "tr": ("Soru {}.",),
    "zh-Hant": ("第{}題", "{}、", "問題 {}"),
    "ja": ("問{}", "問題 {}"),
    "ko": ("문 {}.", "문제 {}"),
    "ar": ("السؤال {}:", "س{}:"),
    "fa": ("سؤال {}:",),
    "he": ("שאלה {}:", "שאלה מספר {}"),
    "hi": ("प्रश्न {}.",),
    "th": ("ข้อ {}.", "ข้อที่ {}"),
}

OPTION_STYLES: dict[str, tuple[str, ...]] = {
    "*": (
        "upper:{}.",
        "lower:{})",
        "upper:({})",
        "upper:{})",
        "lower:{}.",
        "lower:({})",
        "digit:{}.",
        "digit:{})",
        "digit:({})",
        "circled:{}",
        "upper:[{}]",
        "upper:{} -",
        "upper:{}.-",
        "private:{}",
    ),
    "ru": ("cyrillic:{}.", "cyrillic:{})"),
    "uk": ("cyrillic:{}.", "cyrillic:{})"),
    "el": ("greek:{}.", "greek:{})"),
    "zh-Hant": ("ideograph:{}、",),
    "ja": ("katakana:{}.", "katakana:{}．"),
    "ko": ("hangul:{}.",),
    "ar": ("arabic:{}-", "arabic:{})", "arabic:{}."),
    "fa": ("persian:{})", "persian:{}-"),
    "he": ("hebrew:{}.", "hebrew:{})"),
    "hi": ("devanagari:{}.",),
    "th": ("thai:{}.", "thai:{})"),
}

LOCAL_DIGITS = {"ar": "٠١٢٣٤٥٦٧٨٩", "fa": "۰۱۲۳۴۵۶۷۸۹", "hi": "०१२३४५६७८९"}

PAGE_STYLES = ("{page}", "- {page} -", "{page} / {pages}", "words")


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def word(language: str, name: str) -> str:
    """A fixed expression in the language, in English where the table has none."""
    words = _words()
    return words.get(language, words["en"])[name]


def choices(table: dict[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    """The styles that fit any language, then those of this one."""
    return table["*"] + table.get(language, ())


def printed_number(number: int, style: str, language: str, local_digits: bool) -> str:
    """The question number as it stands on the page."""
    if "{roman}" in style:
        return style.format(roman=roman(number))
    if "{:0" in style:
        return style.format(number)
    return style.format(digits(number, language, local_digits))


def roman(number: int) -> str:
    """A number below 400 in Roman figures."""
    signs = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    text = ""
    for value, sign in signs:
        text += sign * (number // value)
        number %= value
    return text


def digits(number: int, language: str, local_digits: bool) -> str:
    """A number in ASCII digits, or in the digits of the language."""
    text = str(number)
    local = LOCAL_DIGITS.get(language)
    return "".join(local[int(d)] for d in text) if local_digits and local else text


def option_label(position: int, style: str) -> str:
    """The label that a reader of the page would name: A, a, 1, ア ... (a private-use mark reads as A, B, C ...)."""
    alphabet = style.partition(":")[0]
    if alphabet == "private":
        return _LATIN[position]
    if alphabet in _SERIES:
        return _SERIES[alphabet][position]
    return ALPHABETS[alphabet][position]


def option_mark(position: int, style: str) -> str:
    """The mark as printed, with its brackets or dot."""
    alphabet, _, template = style.partition(":")
    if alphabet == "private":
        return template.format(chr(PRIVATE_USE_FIRST + position))
    return template.format(option_label(position, style))


def position_of(canonical: str) -> int:
    """The 0-based position of a canonical letter."""
    return ord(canonical) - ord("A")


def answer_text(key: Responses | None, style: str, language: str) -> str:
    """An answer as a key prints it: "B", "A or C", "AC" for a set, the word for annulled, a dash for no entry."""
    if key is None:
        return ""
    if not key:
        return word(language, "annulled")
    written = ["".join(option_label(position_of(one), style) for one in response) for response in key]
    return word(language, "or").join(written)


def page_label(style: str, page: int, pages: int, language: str) -> str:
    """The page number in the footer."""
    template = word(language, "page") if style == "words" else style
    return template.format(page=page, pages=pages)
