"""Languages, scripts and varieties: bad input, languages nobody knows, and what must stay silent."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.audits import diacritics, language, residue, scripts, variety
from benchwright.audits._lid.identify import identifier
from benchwright.audits._lid.labels import accepted_labels, label_language, near
from benchwright.audits._lid.marks import expected_rates
from benchwright.audits._lid.units import words_only
from benchwright.audits._lid.words import data_words
from benchwright.audits._lid.writing import language_by_script
from benchwright.schemas import Item
from benchwright.schemas.plugins import AuditContext
from tests.audits.clean import item, table
from tests.audits.steps import is_linear

AUDITS = (language.AUDIT, scripts.AUDIT, residue.AUDIT, diacritics.AUDIT, variety.AUDIT)
ALARMS = ("L101", "L102", "L103")


def codes(*items: Item) -> set[str]:
    found = pl.concat([audit.run(table(items), AuditContext()).findings for audit in AUDITS])
    return set(found["code"])


@pytest.mark.parametrize(
    ("label", "tag"),
    [("eng_Latn", "en"), ("cmn", "zh"), ("zh-Hant", "zh"), ("iw", "he"), ("als", "als"), ("other", "other")],
)
def test_labels_of_any_model_mean_a_language(label: str, tag: str) -> None:
    assert label_language(label) == tag


def test_languages_that_a_model_does_not_tell_apart_accept_each_other() -> None:
    assert accepted_labels("sr-Latn", ["hr", "sr", "de"]) == {"hr", "sr"}
    assert accepted_labels("nb", ["no", "nn", "da"]) == {"no", "nn"}
    assert accepted_labels("zu", ["en", "de"]) == frozenset()
    assert near("cs", "sk")
    assert not near("cs", "de")


def test_a_language_that_the_model_lacks_is_listed_and_never_called_another() -> None:
    found = language.AUDIT.run(
        table([item(1, "zu", stem="Yimuphi umuthi okufanele ugwenywe ezigulini?")]), AuditContext()
    )
    assert found.findings["code"].to_list() == ["L105"]
    assert "zu" in found.findings["message"][0]


@pytest.mark.parametrize(
    "texts", [("5 mg", "10 mg"), ("Staphylococcus aureus", "Escherichia coli", "Candida albicans")]
)
def test_short_options_and_latin_terms_are_no_language(texts: tuple[str, ...]) -> None:
    for tag in ("es", "en", "ru", "ar", "hi", "zh-Hant"):
        assert not codes(item(1, tag, texts=texts)) & set(ALARMS)


def test_terms_in_latin_letters_stand_in_texts_of_other_scripts() -> None:
    stem = "下列何者是 irritable bowel syndrome 的特徵?"
    assert not codes(item(1, "zh-Hant", stem=stem, texts=("celiac disease", "Crohn's disease"))) & set(ALARMS)


@pytest.mark.parametrize("stem", ["", "\x00", "?" * 50, "a\x00b" * 20, "\u202e" * 3, "𐌰𐌱𐌲 𐌳𐌴𐌵", "x" * 200_000])
def test_bad_input_passes(stem: str) -> None:
    codes(item(stem=stem, texts=()), item(2, "ja", stem=stem, texts=("", "\x00")))


@pytest.mark.parametrize("piece", ["a", "аa", "the of ", "\u202b", "é", "漢a"])
def test_a_long_stem_takes_no_more_than_its_share_of_steps(piece: str) -> None:
    def read(text: str) -> None:
        codes(item(stem=text, texts=()), item(2, "ru", stem=text, texts=()))

    assert is_linear(read, (piece * 100_000)[:100_000])


def test_a_stem_of_a_megabyte_is_read() -> None:
    for piece in ("the of ", "漢a"):
        long = (piece * 1_000_000)[:1_000_000]
        codes(item(stem=long, texts=()), item(2, "ru", stem=long, texts=()))


@given(st.text(max_size=80), st.sampled_from(["es", "en", "ja", "ar", "sr-Latn"]))
@settings(max_examples=40, deadline=None)
def test_any_text_gives_words_without_signs(text: str, tag: str) -> None:
    words = pl.DataFrame({"text": [text]}).select(words_only(pl.col("text"))).item()
    assert words == words.strip()
    assert not any(sign.isdecimal() or sign in "\n\t?!." for sign in words)
    language_by_script(words, tag)


def test_lists_of_words_cover_twenty_languages() -> None:
    assert len(data_words("function_words")) >= 20
    assert len(expected_rates()) >= 20


def test_the_model_that_is_shipped_names_its_hash() -> None:
    assert identifier(AuditContext()).signature == "8f3472cf"
    assert "en" in identifier(AuditContext()).languages


def test_marks_that_are_there_are_no_loss() -> None:
    stem = "La medicación no podía administrarse según el esquema habitual después de la operación quirúrgica {}"
    assert not codes(*(item(number, stem=stem.format(number), texts=()) for number in range(1, 40))) & {"L131", "L132"}


CHINESE = "下列何者是乳癌病理組織報告中做為判斷輔助性化學治療的必要因子?"
JAPANESE = "乳癌の病理組織報告で、補助化学療法の適応を判断するのに必要な因子はどれか。"


@pytest.mark.parametrize(
    ("tag", "stem", "texts", "codes"),
    [
        ("ja", CHINESE, ("腫瘤大小", "淋巴轉移", "受體狀態", "病人年齡"), {"L101"}),
        ("zh-Hant", JAPANESE, ("腫瘍の大きさ", "リンパ節転移", "受容体の有無", "年齢である"), {"L101"}),
        # Options of Han alone are Japanese as well.
        ("ja", JAPANESE, ("静止時振戦", "眼球運動障害", "頸動脈雑音", "心基部拡張期雑音"), set()),
        ("zh-Hant", CHINESE, ("腫瘤大小", "淋巴轉移", "受體狀態", "病人年齡"), set()),
    ],
)
def test_letters_that_chinese_and_japanese_share_speak_for_neither(
    tag: str, stem: str, texts: tuple[str, ...], codes: set[str]
) -> None:
    found = language.AUDIT.run(table([item(1, tag, stem=stem, texts=texts)]), AuditContext()).findings
    assert set(found["code"]) == codes


@pytest.mark.parametrize(
    "terms",
    [
        ("Helicobacter pylori.", "Yersinia enterocolitica.", "Rickettsia prowazekii.", "Staphylococcus aureus."),
        ("Argentina.", "Cuba.", "Nicaragua.", "Costa Rica."),
    ],
)
def test_names_and_latin_terms_that_stand_as_in_the_source_are_no_options_left(terms: tuple[str, ...]) -> None:
    source = item(1, "es", stem="¿Cuál de estas causa úlceras?", texts=terms)
    made = item(1, "en", stem="Which of these causes ulcers?", texts=terms, origin_language="es")
    context = AuditContext(sources=table([source]))
    assert residue.AUDIT.run(table([made]), context).findings.filter(pl.col("code") == "L122").is_empty()
