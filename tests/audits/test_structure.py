"""What the structural audits must be silent about, and some of what they must see, as tables of cases."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchwright.audits import REPAIRS
from benchwright.audits._lexicon import lexicon
from benchwright.audits._statistics import chi_square_tail, normal_tail
from benchwright.schemas import Context, Item, Key, Label, Media, Rationale, Span
from tests.audits.clean import figure, item
from tests.audits.found import codes

B = Key(status="official", answers=(("B",),))
LEXICONS = ("above_words", "end_words", "table_words", "text_words", "assistant_words", "regional_words")


def in_language(language: str, stem: str, *texts: str) -> Item:
    one = item(stem=stem, texts=texts or ("uno", "dos", "tres"))
    return one.replace(language=language, id=f"{one.group}@{language}")


# Singular and plural, numbers, operators, genotypes, charges, marks of letters: they tell options apart.
DIFFERENT = [
    ("a kidney", "kidneys", "liver"),
    ("AA", "Aa", "aa"),
    ("HbS", "hbs", "HbC"),
    ("5 mg", "-5 mg", "50 mg"),
    ("p < 0.05", "p > 0.05", "p = 0.05"),
    ("Na+", "Na", "K+"),
    ("1,5", "15", "1.5 g"),
    ("año", "ano", "mes"),
    ("A'", "A", "B"),
    ("5!", "5", "6"),
    ("10:5", "105", "1:5"),
    ("K", "k", "L"),
    # The signs are what is asked: several pairs that differ in nothing else.
    ("However, he left", "However he left", "He, however, left", "He however left"),
    ("its", "it's", "Its"),
]


@pytest.mark.parametrize("texts", DIFFERENT)
def test_options_that_differ_are_not_near(texts: tuple[str, ...]) -> None:
    assert codes("optiontexts", [item(texts=texts)]) == set()


SOUND_OPTIONS = [
    ("None", "One", "Two"),  # an answer, once
    ("-", "+", "0"),
    ("E. coli", "A. fumigatus", "C. difficile", "D. melanogaster"),
    ("A. fumigatus", "B. fragilis", "Candida", "E. coli"),
    ("a) y c)", "b) y c)", "c) y d)"),
    ("(a) and (b)", "(b) and (c)", "(a) and (c)"),
    ("hepatitis (A, B, C)", "vitamin (B, C)", "none"),
    ("1) first 2) second", "1) second 2) first", "neither"),
    ("HLA-B*27", "HLA-B*57", "HLA-A*01"),
    ("correct the acidosis", "the answer is unclear", "keep the key"),
    ("fever *", "cough *", "pain *"),
    ("vitamin C and D", "vitamin A and E", "vitamin B"),
]


@pytest.mark.parametrize("texts", SOUND_OPTIONS)
def test_sound_options_are_left_alone(texts: tuple[str, ...]) -> None:
    assert codes("optiontexts", [item(texts=texts)]) == set()


def test_a_word_that_can_be_an_answer_is_a_stand_in_where_it_is_everywhere_and_never_right() -> None:
    often = [item(number, texts=(f"a{number}", f"b{number}", "None")) for number in range(1, 7)]
    assert codes("optiontexts", often) == {"S107"}
    once_right = [
        item(1, texts=("a1", "None", "c1"), key=B),
        *(item(number, texts=(f"a{number}", f"b{number}", "None")) for number in range(2, 8)),
    ]
    assert codes("optiontexts", once_right) == set()


SOUND_SETS = [
    (None, ("fever", "cough", "All of the above")),
    (None, ("fever", "All of the above", "None of the above")),
    (None, ("None of these", "fever", "cough")),
    (None, ("Above the knee", "below the knee", "at the knee")),
    (None, ("True", "False")),
    (None, ("Sí", "No", "No se sabe")),
    (None, ("नहीं", "हाँ")),
    ("Which?\n1. a\n2. b\n3. c", ("1 and 2", "2 and 3", "1, 2 and 3")),
    ("Solve x² - 4x + 3 = 0", ("1 and 3", "2 and 5", "4 and 9")),
    ("Which vitamins?", ("A and C", "D and K", "B and H")),
    ("Which vaccine?", ("B.C.G", "D.T.P", "M.M.R")),
    ("Which?", ("fever", "cough", "A and B", "none")),
    (None, ("1 mg", "2 mg", "3 mg")),
    (None, ("30 %", "20 %", "10 %")),
    (None, ("1 mg", "2 g", "1.5 kg")),
    ("At what time?", ("8:05", "9:15", "10:30")),
    ("What ratio?", ("1:3", "3:1", "2:1")),
    (None, ("2-methyl", "3-ethyl", "sep-2")),
]


@pytest.mark.parametrize(("stem", "texts"), SOUND_SETS)
def test_sound_option_sets_are_left_alone(stem: str | None, texts: tuple[str, ...]) -> None:
    assert codes("optionsets", [item(stem=stem, texts=texts)]) == set()


SOUND_STEMS = [
    "The nerve that innervates the deltoid is the",  # the options complete it
    "La causa más frecuente es:",
    "El antídoto de ____ es la frenolina",
    "La dosis (en mg) y el intervalo [h] son:",
    "Son verdaderas: a) la fiebre; b) la tos; c) el dolor?",
    "El dominio de f es [0, 1) o (0, 1]?",
    "¿Qué significa :) en el chat?",
    "pH de 7,2: ¿qué indica?",
    "Entre fiebre, tos y dolor, ¿cuál aparece primero?",
]


@pytest.mark.parametrize("stem", SOUND_STEMS)
def test_sound_stems_are_left_alone(stem: str) -> None:
    assert codes("stems", [item(stem=stem, texts=("fiebre", "tos", "dolor"))]) == set()


def test_a_set_whose_stems_are_completed_by_the_options_is_not_called_cut() -> None:
    asked = [item(number, stem=f"¿Qué conviene al caso {number}?") for number in range(1, 60)]
    completed = [item(number, stem=f"La causa del caso {number} es:") for number in range(60, 66)]
    assert codes("stems", [*asked, *completed, item(70, stem="El error se debe a la")]) == set()
    assert codes("stems", [*asked, item(70, stem="El error se debe a la")]) == {"S221"}


def test_stems_cut_at_one_length_are_found_and_equal_lengths_by_chance_are_not() -> None:
    cut = [item(number, stem=f"{number} " + "pala" * 24 + "bra") for number in range(1, 5)]
    assert codes("stems", [*cut, item(9)]) == {"S221"}
    whole = [item(number, stem=f"{number} " + "pala" * 24 + "br?") for number in range(1, 5)]
    assert codes("stems", [*whole, item(9)]) == set()


SOUND_TEXTS = {
    "runon": [
        "Sodium 140 mEq/L, Potassium 4 mEq/L",
        "Dr. Shaw, i.e. Ms. Lee, e.g. Mr. X",
        "CO2, H2O, 5HT3 and IL2Rα",
        "Vitamin B12. It is found in liver.",
        "El 42 % de los casos",
    ],
    "degenerate": [
        "CAG CAG CAG CAG CAG CAG CAG CAG CAG CAG",
        "La capital de ____________________________ es",
        "Ha ha ha, said the child of the house.",
        "1 000 000 000 000 000 000 000",
        "ア群とイ群とウ群とエ群の比較で正しいのはどれか。",
        "Sorry is a word that patients say.",
        "2 + 2 = ?",
    ],
    "markup": [
        "p < 0.05 and q > 0.1",
        "if a<b and b>c then a<b>c",
        "El precio sube de $5 a $10",
        "5 * 3 * 2 y HLA-B*27*05",
        "The phonemes [b] and [i] differ",
        "Question of the day: 5 mg?",
        "Refiere dolor en la pág. del codo",
        "C:\\texto\\datos",
    ],
}


@pytest.mark.parametrize(("audit", "text"), [(audit, text) for audit, texts in SOUND_TEXTS.items() for text in texts])
def test_sound_texts_are_left_alone(audit: str, text: str) -> None:
    assert codes(audit, [item(1, "en", stem=text)]) == set()


def test_references_are_silent_where_what_they_name_is_there() -> None:
    table_text = "Look at the table below:\n| a | b |\n| 1 | 2 |"
    values = "Según la siguiente tabla: Hb 12, Na 140, K 4, Cl 100, ¿qué falla?"
    long = "In this passage " + "the patient walks on. " * 30
    for stem in (table_text, values, long):
        assert codes("references", [in_language("en" if stem.isascii() else "es", stem)]) == set()
    with_context = item(stem="¿Y en el caso anterior?", context=Context(id="c", text="Un paciente con fiebre."))
    pictured = item(stem="¿Qué muestra la tabla siguiente?", media=(figure(),))
    assert codes("references", [with_context]) == codes("references", [pictured]) == set()


@pytest.mark.parametrize(
    ("language", "stem"),
    [
        ("en", "In the course of a routine examination, which drug is given?"),
        ("en", "According to the article 15 of the law, who decides?"),
        ("en", "The lesion lies above the periodic table of elements on the wall"),
        ("es", "El siguiente cuadro clínico sugiere:"),
        ("pt", "O quadro a seguir piora com:"),
        ("zh-Hant", "下表面活性劑何者正確？"),
        ("tlh", "see the table below"),
    ],
)
def test_words_that_only_look_like_references(language: str, stem: str) -> None:
    assert codes("references", [in_language(language, stem)]) == set()


def test_giveaways_need_numbers() -> None:
    short = [item(number, key=Key(status="official", answers=(("A",),))) for number in range(1, 15)]
    assert codes("giveaway", short) == set()
    fair = [item(number, key=Key(status="official", answers=(("ABCD"[number % 4],),))) for number in range(1, 201)]
    assert codes("giveaway", fair) == set()


@pytest.mark.parametrize(
    ("language", "stem", "texts"),
    [
        ("en", "The patient has an", ("ulcer", "abscess", "polyp")),  # two can follow
        ("en", "The organ is a", ("unit", "ear", "eye")),  # unit sounds like you
        ("en", "The finding is an", ("MRI lesion", "polyp", "cyst")),  # em-ar-eye
        ("es", "Lo más probable es una", ("fractura", "quiste", "tumor")),  # quiste does not tell
        ("de", "Es handelt sich um eine", ("Fraktur", "Zyste", "Abszess")),
    ],
)
def test_grammar_in_doubt_is_silent(language: str, stem: str, texts: tuple[str, ...]) -> None:
    assert "S503" not in codes("giveaway", [in_language(language, stem, *texts)])


def test_the_same_words_are_not_always_the_same_question() -> None:
    stem = "¿Cuál es el diagnóstico más probable aquí?"
    first = item(1, stem=stem, texts=("a1", "b1", "c1"), context=Context(id="c1", text="Fiebre."))
    others = [
        item(2, stem=stem, texts=("a1", "b1", "c1"), key=B, context=Context(id="c2", text="Tos.")),
        item(3, stem=stem + " 10²", texts=("a1", "b1", "c1"), key=B),
        item(4, stem=stem, texts=("a1", "b1", "c1"), key=Key(status="annulled")),
        item(5, stem=stem, texts=("a1", "b1", "c1"), key=B, needs_image="yes"),
        item(6, stem=stem, texts=("a1", "b1", "c1"), key=B, media=(Media(sha256="1" * 64, file="x.png"),)),
    ]
    for other in others:
        assert codes("contradictions", [first, other]) == set()


def test_one_version_for_each_language_is_no_contradiction() -> None:
    stem = "Which drug suits the second patient?"
    pair = [item(1, "en", stem=stem), item(1, "es", stem=stem, key=B)]
    assert codes("contradictions", pair) == set()


def test_labels_that_differ_on_purpose() -> None:
    def labelled(*values: str) -> list[Item]:
        return [
            item(n, labels=(Label(taxonomy="t", value=value, source="printed"),)) for n, value in enumerate(values, 1)
        ]

    assert codes("labels", labelled(*["grade 11"] * 9, "grade 12")) == set()
    assert codes("labels", labelled(*["oncology"] * 9, "urology")) == set()
    assert codes("labels", labelled(*["A1"] * 9, "B1")) == set()
    assert (
        codes("labels", labelled(*[f"https://example.org/{n % 2}/" for n in range(9)], "https://example.org/1"))
        == set()
    )


def test_a_small_set_has_no_thin_cells() -> None:
    assert codes("labels", [item(n, "es" if n % 2 else "ru") for n in range(1, 20)]) == set()


def test_rationales_that_agree_are_silent() -> None:
    sound = (
        Rationale(text="porque sí", language="es", option="A", stance="supports", spans=(Span(start=0, end=9),)),
        Rationale(text="no", language="es", option="B", stance="refutes"),
        Rationale(text="en general", language="es", stance="supports"),
        Rationale(text="quizá", language="es", option="B", stance="neutral"),
    )
    assert codes("rationales", [item(rationales=sound)]) == set()
    assert codes("rationales", [item(rationales=sound, key=Key(status="annulled"))]) == set()


def test_items_marked_as_regional_are_no_candidates() -> None:
    stem = "Según el Real Decreto, ¿qué dosis?"
    marked = item(stem=stem, labels=(Label(taxonomy="not_translatable", value="yes", source="human"),))
    assert codes("publishing", [item(stem=stem)]) == {"R102"}
    assert codes("publishing", [marked]) == set()


@pytest.mark.parametrize(
    ("language", "stem"),
    [
        ("en", "The nice patient called 911 times a year"),
        ("en", "The constitution of the patient is weak"),
        ("es", "El paciente tiene sis litros y eps"),
        ("fr", "Le patient a une loi de croissance"),
        ("pt", "Paciente com sus pais"),
    ],
)
def test_words_that_only_look_regional(language: str, stem: str) -> None:
    assert codes("publishing", [in_language(language, stem)]) == set()


def test_unused_pictures_are_told_by_name_and_hash(tmp_path: Path) -> None:
    (tmp_path / f"{'0' * 64}.png").touch()
    assert codes("media", [item(media=(figure(),))], media_dir=tmp_path) == set()
    (tmp_path / "left.png").touch()
    assert codes("media", [item(media=(figure(),))], media_dir=tmp_path) == {"S307"}


def test_a_picture_of_a_shared_context_is_shared_by_right() -> None:
    context = Context(id="c", text="Un caso.")
    both = [item(n, context=context, media=(figure("context"),)) for n in (1, 2)]
    assert codes("media", both) == set()
    versions = [item(1, language, media=(figure(),)) for language in ("es", "en")]
    assert codes("media", versions) == set()


# NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4, critical values of the chi-square distribution.
PUBLISHED = [
    (3.841, 1, 0.05),
    (6.635, 1, 0.01),
    (5.991, 2, 0.05),
    (11.345, 3, 0.01),
    (9.488, 4, 0.05),
    (13.277, 4, 0.01),
    (18.467, 4, 0.001),
    (18.307, 10, 0.05),
    (29.588, 10, 0.001),
    (43.773, 30, 0.05),
    (124.342, 100, 0.05),
]


@pytest.mark.parametrize(("statistic", "freedom", "tail"), PUBLISHED)
def test_chi_square_agrees_with_the_published_table(statistic: float, freedom: int, tail: float) -> None:
    assert chi_square_tail(statistic, freedom) == pytest.approx(tail, rel=2e-3)


def test_normal_tail_agrees_with_known_values() -> None:
    assert normal_tail(0) == pytest.approx(0.5)
    assert normal_tail(1.959964) == pytest.approx(0.025, rel=1e-5)
    assert normal_tail(3.090232) == pytest.approx(0.001, rel=1e-5)


@given(st.floats(0, 500), st.integers(1, 60))
def test_the_tail_is_a_probability_that_falls(statistic: float, freedom: int) -> None:
    here, further = chi_square_tail(statistic, freedom), chi_square_tail(statistic + 1, freedom)
    assert 0.0 <= further <= here <= 1.0


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("S108", "B) tos", "tos"),
        ("S108", "（ア）発熱", "発熱"),
        ("S108", "ب) سعال", "سعال"),
        ("S108", "B)", "B)"),
        ("S217", " a  b ", "a b"),
        ("S217", " a   b\n c   d ", "a   b\n c   d"),
    ],
)
def test_repairs_of_labels_and_spaces(code: str, before: str, after: str) -> None:
    assert REPAIRS[code](before) == after


@given(st.text(max_size=60))
def test_a_repair_never_empties_a_text_and_is_stable(text: str) -> None:
    spaced = REPAIRS["S217"](text)
    assert REPAIRS["S217"](spaced) == spaced
    assert not text.strip() or REPAIRS["S108"](text).strip()


@pytest.mark.parametrize("name", LEXICONS)
def test_no_lexicon_matches_the_empty_text(name: str) -> None:
    import polars as pl

    for language, pattern in lexicon(name).items():
        assert not pl.select(pl.lit("").str.contains(pattern)).item(), language
