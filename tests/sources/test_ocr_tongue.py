"""The language of a scan: told by its script, by words that were read with confidence, and by the other papers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image

from benchwright.sources import _looks
from benchwright.sources._language import language_of, most_usual
from benchwright.sources._look import Look
from benchwright.sources._looks import look_again
from benchwright.sources._ocr import OcrLine, OcrPage, OcrWord
from benchwright.sources._ocrtongue import Tongue, tongue_of

SPANISH = (
    "Varón de 42 años que acude a la consulta por dolor en la pierna desde hace tres días. En la exploración se "
    "encuentra una lesión de los reflejos con pérdida de fuerza. Cuál de las siguientes es la causa más probable del "
    "cuadro que presenta y que no se debe a la medicación"
)
GALICIAN = (
    "Home de 42 anos que acode á consulta por unha dor na perna desde hai tres días. Na exploración atopan os reflexos "
    "con perda da forza e unha lesión das articulacións. Cal das seguintes non é a causa máis probable do cadro, a que "
    "non se debe á medicación que toma o doente cun vaso de auga"
)
VIETNAMESE = "la của và có các trong không được một cho nào câu người bệnh nhân là một trong các không được có cho và"


class Engine:
    """An engine that reads one text with one confidence."""

    name = "fake"

    def __init__(
        self, text: str, confidence: float = 0.9, script: str | None = "en", data: Sequence[str] = ("en",)
    ) -> None:
        words = [OcrWord(word, (0.0, 0.0, 9.0, 9.0), confidence) for word in text.split()]
        self.page, self.script, self.data = OcrPage((OcrLine(tuple(words), 9.0, 12.0),)), script, data

    def signature(self) -> str:
        """Its name."""
        return "fake"

    def read(self, image: Image.Image, dpi: int, languages: Sequence[str]) -> OcrPage:
        """The text."""
        return self.page

    def guess_language(self, image: Image.Image) -> str | None:
        """A language of the script that it was told."""
        return self.script

    def has_language(self, language: str) -> bool:
        """Whether it was told to have the data."""
        return language in self.data


def tongue(engine: Engine, language: str | None = None) -> Tongue:
    """With which languages a paper of two pages is read."""
    picture = Image.new("L", (10, 10), 255)
    return tongue_of(engine, language, [1, 2], lambda number: picture, lambda image: engine.page)


def test_near_relatives_are_told_apart_only_where_the_words_leave_no_doubt() -> None:
    assert language_of(SPANISH) == "es"
    assert most_usual(SPANISH, "gl") == "es"
    assert language_of(GALICIAN) == "gl"
    assert most_usual(GALICIAN, "gl") == "gl"
    assert most_usual(SPANISH, "fr") == "fr"


def test_a_declared_language_and_one_that_the_script_tells_are_read_as_told() -> None:
    assert tongue(Engine(""), "es") == Tongue(("es",))
    assert tongue(Engine("", script="ja")) == Tongue(("ja",))
    assert tongue(Engine("", script="he")) == Tongue(("he", "en"))


def test_words_read_without_confidence_tell_no_language() -> None:
    found = tongue(Engine(VIETNAMESE * 3, 0.3, script=None))
    assert found.languages == ("en",)
    assert "could not be told" in (found.doubt or "")
    assert "--lang" in (found.doubt or "")


def test_a_language_without_data_is_named_and_is_no_error() -> None:
    found = tongue(Engine(VIETNAMESE * 3))
    assert found.languages == ("en",)
    assert "looks like vi" in (found.doubt or "")
    assert "vie" in (found.doubt or "")
    assert tongue(Engine(VIETNAMESE * 3, data=("en", "vi"))) == Tongue(("vi",))


def test_a_scan_of_a_language_that_was_not_told_is_read_again_as_the_others_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str | None]] = []

    def read(path: Path, file: str, sink: object = None, language: str | None = None) -> Look:
        asked.append((file, language))
        return Look(file, "booklet", language=language, read_as=("es",))

    monkeypatch.setattr(_looks, "look_at", read)
    looks = [
        Look("a.pdf", "booklet", language="es"),
        Look("b.pdf", "booklet", read_as=("en",)),
        Look("c.pdf", "booklet", language="gl", read_as=("es",)),
        Look("d.pdf", "booklet", language="fr", read_as=("fr",)),
        Look("e.pdf", "booklet", unread=True),
    ]
    found = look_again(tmp_path, looks)
    assert asked == [("b.pdf", "es"), ("e.pdf", "es")]
    assert [look.language for look in found] == ["es", "es", "es", "fr", "es"]
    assert "like the others" in found[1].doubts[0]
    assert "does not tell gl from es" in found[2].doubts[0]
    assert look_again(tmp_path, looks[1:2]) == looks[1:2]
