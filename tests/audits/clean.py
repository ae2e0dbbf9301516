"""Items without any defect, by hand and drawn at random; what every audit must be silent about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from hypothesis import strategies as st

from benchwright.schemas import Exam, Item, Key, Licence, Media, Option, Provenance
from benchwright.schemas.ids import make_group
from benchwright.schemas.rows import to_frame

STEMS = {
    "es": "¿Qué dosis de frenolina conviene a un adulto con {} mg/dl?",
    "en": "Which dose of frenoline suits an adult with {} mg/dl?",
    "zh-Hant": "關於成人之用藥，何者正確？({})",
    "ar": "ما الجرعة المناسبة لمريض بالغ لديه {} ملغ/دل؟",
    "hi": "वयस्क के लिए सही मात्रा {} मिग्रा/डेली?",
    "ru": "Какая доза подходит взрослому с {} мг/дл?",
}
TEXTS = ("10² mg", "102 mg", "ninguna", "5 mg cada 8 h", "α-bloqueo", "№ 7")


def item(number: int = 1, language: str = "es", *, stem: str | None = None, **changes: Any) -> Item:
    """One clean item with four options; `options` may be given as texts."""
    texts: Sequence[str] = changes.pop("texts", TEXTS[:4])
    labels = "ABCDEFGHIJ"
    fields: dict[str, Any] = {
        "group": make_group("ex", "2031", "1", str(number)),
        "language": language,
        "origin_language": "es",
        "origin": "native" if language == "es" else "official_translation",
        "stem": STEMS[language].format(number) if stem is None else stem,
        "options": tuple(Option(id=labels[n], label=f"{labels[n]}.", text=text) for n, text in enumerate(texts)),
        "key": Key(status="official", answers=(("A",),)),
        "exam": Exam(
            code="ex",
            edition="2031",
            part="1",
            number=str(number),
            profession="physician",
            specialty="general",
            release_date="2031-05-02",
        ),
        "licence": Licence(id="CC0-1.0", evidence="made for the tests"),
        "provenance": (Provenance(field="item", file="paper.pdf", page=1),),
    }
    return Item(**{**fields, **changes})


def exam(count: int = 5, languages: Sequence[str] = ("es", "en")) -> list[Item]:
    """A clean exam in some official editions."""
    return [item(number, language) for language in languages for number in range(1, count + 1)]


def figure(attached_to: str = "stem", **changes: Any) -> Media:
    """A picture that is there."""
    sha = changes.pop("sha256", "0" * 64)
    return Media(
        **{"sha256": sha, "media_type": "image/png", "attached_to": attached_to, "file": f"{sha}.png", **changes}
    )


def table(items: Sequence[Item]) -> pl.LazyFrame:
    """The items as the lazy table that audits take."""
    return to_frame(items, Item).lazy()


@st.composite
def clean_exams(draw: st.DrawFn) -> list[Item]:
    """A clean exam: any number of questions, one or more languages, distinct options, keys inside them."""
    languages = draw(st.lists(st.sampled_from(sorted(STEMS)), min_size=1, max_size=3, unique=True))
    width = draw(st.integers(2, 6))
    letters = st.characters(codec="ascii", categories=("Ll", "Nd"))
    word = st.text(letters, min_size=1, max_size=12).map(lambda text: f"t{text}")
    built: list[Item] = []
    for number in range(1, draw(st.integers(1, 6)) + 1):
        texts = draw(st.lists(word, min_size=width, max_size=width, unique_by=lambda text: text.casefold()))
        texts = [f"{place}{text}" for place, text in enumerate(texts)]
        answer = "ABCDEF"[draw(st.integers(0, width - 1))]
        key = Key(status="official", answers=((answer,),))
        built += [item(number, language, texts=texts, key=key) for language in languages]
    return built
