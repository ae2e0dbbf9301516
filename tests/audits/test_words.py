"""The lexicons: every pattern compiles, matches something that is not empty, and stays quiet on ordinary prose."""

from __future__ import annotations

from importlib.resources import files

import polars as pl
import pytest

from benchwright.audits._lexicon import lexicon
from benchwright.audits._texts import spans_of

LEXICON = lexicon("figure_words")

NAMED = {
    "es": ["Pregunta vinculada a la imagen nº 5.", "en la siguiente figura", "véase la figura"],
    "en": ["as shown in the figure", "linked to image no 5", "image # 7", "Figure 3 shows", "the graph below"],
    "pt": ["observe a figura abaixo", "na imagem a seguir"],
    "fr": ["la figure ci-dessous", "voir la figure"],
    "it": ["la figura seguente", "figura 2"],
    "de": ["die folgende Abbildung", "Abb. 3"],
    "nl": ["zie de afbeelding", "onderstaande figuur"],
    "pl": ["na poniższym rysunku", "rycina 2"],
    "uk": ["на рисунку", "рис. 3"],
    "bg": ["на показаната снимка", "фиг. 2"],
    "sr": ["на слици", "na slici"],
    "zh": ["如附圖所示", "下图为", "圖一"],
    "ja": ["別冊No. 3", "図1に示す", "写真を別に示す。"],
    "ko": ["다음 그림", "그림 3"],
    "vi": ["như hình vẽ", "hình 2"],
    "th": ["ดังภาพ", "รูปที่ 3"],
    "ar": ["في الشكل التالي", "الصورة رقم 3"],
    "fa": ["شکل زیر", "در تصویر"],
    "he": ["באיור שלפניך", "התמונה הבאה"],
    "tr": ["aşağıdaki şekilde", "Şekil 2"],
    "el": ["στην παρακάτω εικόνα", "σχήμα 3"],
}
PLAIN = {
    "es": ["Una imagen en vidrio deslustrado es típica de", "La figura paterna", "¿Qué cifra"],
    "en": ["Imaging shows an enlarged kidney.", "A figure skater of 23 years", "Photographs of the retina are normal"],
    "pt": ["O diagnóstico por imagem é", "figura paterna"],
    "fr": ["L'imagerie est normale", "Une personne"],
    "de": ["Das klinische Bild passt zu", "Welche Aussage"],
    "pl": ["Obraz kliniczny odpowiada", "W badaniu obrazowym"],
    "zh": ["企圖自殺之病人", "心電圖呈現心房顫動", "地圖樣舌"],
    "ja": ["心電図は正常である", "異常を示す", "意図的に"],
    "ko": ["심전도는 정상이다"],
    "ru": ["Клиническая картина соответствует", "рисунок дыхания нарушен"],
    "vi": ["chẩn đoán hình ảnh", "điển hình"],
    "ar": ["الصورة السريرية", "التصوير الشعاعي"],
    "he": ["התמונה הקלינית"],
}


def hits(language: str, text: str) -> list[str]:
    frame = pl.LazyFrame({"subject": ["x"], "field": ["stem"], "text": [text]})
    spans = spans_of(frame, LEXICON[language]).collect()["spans"]
    return [span["text"] for one in spans for span in one]


def test_every_file_is_a_lexicon() -> None:
    names = {file.name for file in files("benchwright.audits").joinpath("_data", "figure_words").iterdir()}
    assert names == {f"{language}.txt" for language in LEXICON}


@pytest.mark.parametrize("language", sorted(LEXICON))
def test_patterns_compile_and_never_match_nothing(language: str) -> None:
    assert not pl.select(pl.lit("").str.contains(LEXICON[language])).item()
    assert not pl.select(pl.lit("xyz 123").str.contains(LEXICON[language])).item()


@pytest.mark.parametrize(("language", "text"), [(one, text) for one, texts in NAMED.items() for text in texts])
def test_reference_is_seen(language: str, text: str) -> None:
    assert hits(language, text), text


@pytest.mark.parametrize(("language", "text"), [(one, text) for one, texts in PLAIN.items() for text in texts])
def test_ordinary_prose_is_not(language: str, text: str) -> None:
    assert not hits(language, text)
