"""Directions that nothing parts from the question before but their words: tight, in plain type, at the same edge."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchwright.schemas.item import Item
from benchwright.schemas.tables import Reject
from benchwright.sources._ahead import names_part, names_questions, speaks_of_next
from tests.sources.printed import differences, read_printed
from tests.typesetter.layout import Layout, settle
from tests.typesetter.model import PrintExam
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam

TOLD = {
    "en": ["Judge the statements below as right or wrong.", "Answer the next questions about renal physiology."],
    "es": ["Indique si los siguientes enunciados son ciertos.", "Conteste las preguntas que siguen sobre el texto."],
    "pt": ["Acerca da anatomia, julgue os itens a seguir.", "Com base no caso, julgue os próximos itens."],
    "fr": ["Dites si les affirmations suivantes sont exactes.", "Répondez aux questions ci-dessous."],
    "de": ["Beurteilen Sie die folgenden Aussagen.", "Die nachstehenden Fragen betreffen die Niere."],
    "it": ["Indicare se le seguenti affermazioni sono vere.", "Rispondere alle domande che seguono."],
    "pl": ["Oceń prawdziwość poniższych stwierdzeń.", "Odpowiedz na następne pytania."],
    "ru": ["Оцените следующие утверждения.", "Ответьте на вопросы, приведённые ниже."],
    "tr": ["Aşağıdaki ifadelerin doğruluğunu belirtiniz.", "Sonraki soruları yanıtlayınız."],
    "el": ["Χαρακτηρίστε τις παρακάτω προτάσεις.", "Απαντήστε στις επόμενες ερωτήσεις."],
    "ja": ["次の記述の正誤を判断せよ。", "以下の問題に答えよ。"],
    "zh-Hant": ["請判斷下列敘述是否正確。", "請回答以下問題。"],
    "ko": ["다음 문장이 맞는지 판단하시오.", "아래 물음에 답하시오."],
}
HEADINGS = {
    "en": "Part two",
    "es": "Segunda parte",
    "pt": "Seção II",
    "fr": "Deuxième partie",
    "de": "Teil B",
    "it": "Parte seconda: chirurgia",
    "pl": "Część druga",
    "ru": "Часть вторая",
    "tr": "İkinci bölüm",
    "el": "Μέρος Β",
    "ja": "第二部",
    "zh-Hant": "第二部分",
    "ko": "제2부",
}
BEFORE = (3, 7)
"""Items whose last line the directions follow."""


def tight(language: str, told: tuple[str, ...], *, options: bool) -> PrintExam:
    exam = random_exam(5, language, 12, parts=1, figures=False, options=(4, 4))
    items = [item if options else replace(item, options=()) for item in exam.items]
    for place in BEFORE:
        items[place] = replace(items[place], below=told)
    return exam.with_items(tuple(items))


def check(exam: PrintExam, told: tuple[str, ...], folder: Path) -> None:
    layout = settle(Layout(option_style="upper:{})", number_style="{}.", key_format="csv", item_gap=4.0), exam.language)
    printed = print_exam(exam, layout, folder)
    read = read_printed(printed.booklet, exam.language)
    assert not differences(read, printed.truth)
    outside = [one.text for one in read if isinstance(one, Reject) and one.reason == "text-outside"]
    shared = [one.context.text for one in read if isinstance(one, Item) and one.context]
    plain = ["".join((text or "").split()) for text in (*outside, *shared)]
    held = [text for text in plain if all("".join(one.split()) in text for one in told)]
    assert len(held) >= len(BEFORE) or not told


@pytest.mark.parametrize("options", [True, False])
@pytest.mark.parametrize("language", TOLD)
def test_directions_are_in_no_stem_and_no_option(tmp_path: Path, language: str, options: bool) -> None:
    told = (TOLD[language][0],) if options else (TOLD[language][1],)
    check(tight(language, told, options=options), told, tmp_path)


@pytest.mark.parametrize("language", TOLD)
def test_headings_of_parts_are_in_no_stem(tmp_path: Path, language: str) -> None:
    told = (HEADINGS[language], TOLD[language][0])
    check(tight(language, told, options=False), told, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "Which drug is given next?",
        "The following morning she is better.",
        "Part of the small bowel is removed.",
        "Part of it",
        "Section I of the nerve is cut and the wound is closed.",
        "a part",
        "Las preguntas de la paciente",
        "Teil der Behandlung",
        "Ein Teil",
        "La parte derecha",
        "Часть тела",
        "Kısım",
        "以上皆非",
    ],
)
def test_texts_of_options_speak_of_nothing_ahead(text: str) -> None:
    assert not names_part(text)
    assert not speaks_of_next(text)
    assert not names_questions(text, 5)


def test_a_range_is_one_of_questions_only_with_a_word_for_them() -> None:
    assert names_questions("Questions 5 to 8 are about the kidney.", 5)
    assert names_questions("Las preguntas 5 a 8 se refieren al texto.", 5)
    assert not names_questions("A dose of 5 to 8 mg is usual.", 5)
    assert not names_questions("Questions 5 to 8 are about the kidney.", 6)


def test_statements_to_be_judged_in_the_question_itself_stay(tmp_path: Path) -> None:
    """A stem that speaks of statements below, and has them below."""
    exam = random_exam(5, "en", 12, parts=1, figures=False, options=(4, 4))
    stem = "A man has fever.\nConsider the following statements.\nHe has a cold.\nHe has pneumonia."
    items = [replace(item, options=(), stem=stem) if item.number in (4, 8) else item for item in exam.items]
    items = [replace(item, options=()) for item in items]
    check(exam.with_items(tuple(items)), (), tmp_path)
