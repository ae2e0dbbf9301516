"""What texts call pictures and questions, in several scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.sources._imagenames import announces_picture, bare_number, names_in

WORDS = ("Figure", "Fig.", "imagen nº", "Imagen n.º", "foto", "Abbildung", "rycinie nr", "рисунке", "圖", "図", "그림",
         "תמונה", "בתמונה מס'", "الصورة", "شکل", "รูปที่", "εικόνα", "Hình")  # fmt: skip
QUESTIONS = ("Pregunta", "Question", "Frage", "Pytanie nr", "Вопрос", "שאלה", "السؤال", "問題", "문제", "Câu")
NATIVE = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def pairs(text: str) -> list[tuple[str, str]]:
    return [(name.kind, name.number) for name in names_in(text)]


@given(st.sampled_from(WORDS), st.integers(1, 999), st.booleans(), st.sampled_from(["", "(", "ver ", "«", "\n"]))
def test_a_numbered_picture_is_found_wherever_it_stands(word: str, number: int, native: bool, before: str) -> None:
    digits = str(number).translate(NATIVE) if native else str(number)
    text = f"{before}{word} {digits}"
    assert ("picture", str(number)) in pairs(text)
    assert announces_picture(text)
    first = names_in(text)[0]
    assert text[first.start : first.end].endswith(digits)


@given(st.sampled_from(QUESTIONS), st.integers(1, 999))
def test_a_numbered_question_is_found(word: str, number: int) -> None:
    assert pairs(f"{word} {number}") == [("question", str(number))]


@given(st.sampled_from(WORDS), st.integers(1, 99), st.sampled_from([" mm", " cm", ",5 cm", ".5", "%", " kg"]))
def test_a_quantity_is_no_picture(word: str, number: int, unit: str) -> None:
    assert pairs(f"{word} {number}{unit}") == []


@given(st.text(max_size=200))
def test_any_text_is_read_and_places_are_inside_it(text: str) -> None:
    for name in names_in(text):
        assert 0 <= name.start < name.end <= len(text)
        assert name.number[0].isdigit() or name.number in set("ABCDEFGH")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Figures 3 and 4", ["3", "4"]),
        ("Figure II", ["2"]),
        ("see Fig. IIa and Fig. XIVb", ["2a", "14b"]),
        ("Lámina IX", ["9"]),
        ("Figures A and B", ["A", "B"]),
        ("la figura a continuación", []),
        ("the figure in the text", []),
        ("Figure Illustrates", []),
        ("Abb. D", ["D"]),
        ("se muestra en la figura. A la exploración", []),
        ("se muestra en la figura\nA la exploración", []),
        ("Imágenes 3, 4 y 7", ["3", "4", "7"]),
        ("Figuras 1-3", ["1", "2", "3"]),
        ("figura 3, 4 días después", ["3"]),
        ("Fig. 3a y Fig. 3b", ["3a", "3b"]),
        ("如圖一所示", ["1"]),
        ("圖十二", ["12"]),
        ("圖二十三", ["23"]),
        ("第3圖", ["3"]),
        ("5. ábra", ["5"]),
        ("5번 그림", ["5"]),
        ("Cuadernillo de imágenes 2031", []),
        ("la imagen de un varón de 41 años", []),
        ("configura 3", []),
    ],
)
def test_forms(text: str, numbers: list[str]) -> None:
    assert [name.number for name in names_in(text) if name.kind == "picture"] == numbers


def test_the_further_numbers_of_a_list_are_not_sure() -> None:
    assert [name.sure for name in names_in("Figura 3 y 4 hermanos")] == [True, False]


@pytest.mark.parametrize(
    ("text", "number"), [(" 21. ", "21"), ("- ٣ -", "3"), ("(7)", "7"), ("7 de 12", None), ("a", None)]
)
def test_bare_numbers(text: str, number: str | None) -> None:
    found = bare_number(text)
    assert (found.number if found else None) == number
