"""A release to export: two languages, one and several right options, pictures, a vignette, an open question."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchwright.builder.release import make_release
from benchwright.schemas import Context, Exam, Item, Key, Media, PassRule, Rationale
from tests.builder.release.project import RECIPE, make_project, picture, pictured, say_current
from tests.schemas.strategies import plain_item

WHOLE = RECIPE.replace("expect: 4", "expect: 40") + "gate: {missing_numbers: null}\n"
BONES = "húmero fémur radio cúbito tibia peroné rótula escápula clavícula esternón sacro coxis"
ANATOMY = BONES.split()


def exam_items() -> list[Item]:
    """Twelve questions in Spanish, of which eight have an English version."""
    spanish = [
        plain_item(
            number,
            stem=f"¿Dónde está el {bone} ({number * 17})?",
            rationales=(Rationale(text=f"Porque {bone}.", language="es"),),
            exam=Exam(code="xx-exam", edition="2024", part="1", number=str(number), pass_rule=PassRule(share=0.5)),
        )
        for number, bone in enumerate(ANATOMY, 1)
    ]
    spanish[1] = spanish[1].replace(kind="multiple", key=Key(status="official", answers=(("A", "C"),)))
    spanish[2] = spanish[2].replace(key=Key(status="revised", answers=(("A",), ("B",))))
    spanish[3] = spanish[3].replace(key=Key(status="annulled"))
    spanish[4] = spanish[4].replace(
        kind="short_answer", options=(), key=Key(status="official", accepted=("Tibia", "la tibia"))
    )
    vignette = Context(id="v", text="Una mujer de 40 años. 中文 עברית")
    spanish[5], spanish[6] = (one.replace(context=vignette) for one in spanish[5:7])
    figure = pictured(8, picture())
    spanish[7] = spanish[7].replace(media=figure.media[:1], needs_image="yes")
    english = [
        one.replace(
            id=f"{one.group}@en", language="en", origin="official_translation", origin_language="es",
            stem=f"Where is bone {one.exam.number}?", context=None, rationales=(),
        )
        for one in spanish
        if one.exam.number in {"1", "2", "3", "9", "10", "11", "12"}
    ]  # fmt: skip
    media = Media(**{**figure.media[0].model_dump(), "caption": None})
    spanish[7] = spanish[7].replace(media=(media,))
    return [*spanish, *english]


def release_exam(folder: Path, *, recipe: str = WHOLE) -> Path:
    """Write the release and return its folder."""
    with pytest.MonkeyPatch.context() as patch:
        say_current(patch)
        return make_release(make_project(folder / "p", exam_items(), findings=[], recipe=recipe), "1.0.0")
