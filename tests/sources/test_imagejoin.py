"""Pictures joined to items: which number a caption has is decided by what the items say."""

from __future__ import annotations

from typing import Any

import pytest

from benchwright.schemas import Item, Media
from benchwright.schemas.papers import PictureEntry
from benchwright.sources import attach_pictures
from tests.schemas.strategies import plain_item


def entry(number: int, *, kind: str = "pictures", file: str = "images.pdf", **changes: Any) -> PictureEntry:
    values: dict[str, Any] = {
        "file": file, "page": number, "x0": 1.0, "y0": 2.0, "x1": 3.0, "y1": 4.0, "caption": f"Imagen {number}",
        "sha256": f"{number:064d}", "media": f"{number}.png", "parser": "p", kind: (str(number),),
    }  # fmt: skip
    return PictureEntry(**{**values, **changes})


def asking(number: int, stem: str, **changes: Any) -> Item:
    return plain_item(number, stem=stem, **changes)


def pictures(item: Item) -> list[str | None]:
    return [one.file for one in item.media]


def test_picture_numbers_are_met_by_what_items_name() -> None:
    items = [asking(5, "Vea la imagen nº 2."), asking(6, "¿Qué muestra la Imagen 1?"), asking(7, "Sin nada que ver.")]
    found = attach_pictures(items, [entry(1), entry(2)])
    assert [pictures(item) for item in found.items] == [["2.png"], ["1.png"], []]
    assert [item.needs_image for item in found.items] == ["yes", "yes", "unknown"]
    assert (found.rejects, found.used) == ([], {"images.pdf": 2})
    assert found.how["images.pdf"].startswith("numbers taken as picture numbers")
    assert found.items[0].media[0].page == 2


def test_one_picture_for_several_items_and_several_for_one() -> None:
    items = [asking(1, "Imagen 1: ¿diagnóstico?"), asking(2, "Imagen 1: ¿tratamiento?"), asking(3, "Imágenes 2 y 3.")]
    found = attach_pictures(items, [entry(1), entry(2), entry(3)])
    assert [pictures(item) for item in found.items] == [["1.png"], ["1.png"], ["2.png", "3.png"]]


def test_question_numbers_are_met_by_the_questions_that_ask_for_a_picture() -> None:
    items = [asking(n, "Observe la imagen adjunta." if n in {5, 21} else "¿Qué es esto?") for n in range(1, 30)]
    found = attach_pictures(items, [entry(5), entry(21)])
    assert {item.exam.number: pictures(item) for item in found.items if item.media} == {
        "5": ["5.png"],
        "21": ["21.png"],
    }
    assert found.how["images.pdf"].startswith("numbers taken as question numbers")


def test_a_caption_that_names_its_question_needs_no_evidence() -> None:
    found = attach_pictures([plain_item(4, stem="¿Qué se ve?")], [entry(4, kind="questions")])
    assert pictures(found.items[0]) == ["4.png"]


def test_numbers_that_nothing_explains_are_not_guessed() -> None:
    items = [plain_item(n, stem="¿Qué es esto?") for n in (1, 2)]
    found = attach_pictures(items, [entry(1), entry(2)])
    assert [pictures(item) for item in found.items] == [[], []]
    assert [one.reason for one in found.rejects] == ["image-unattached"] * 2
    assert "may be of pictures or of questions" in found.how["images.pdf"]


def test_a_picture_that_no_item_names_is_rejected_with_its_place() -> None:
    found = attach_pictures([asking(1, "Imagen 1: ¿diagnóstico?")], [entry(1), entry(2)])
    (reject,) = found.rejects
    assert (reject.reason, reject.file, reject.page, reject.text) == ("image-unattached", "images.pdf", 2, "Imagen 2")
    assert found.used == {"images.pdf": 1}


def test_a_picture_that_is_not_there_is_missing() -> None:
    items = [asking(1, "Imagen 1: ¿diagnóstico?"), asking(2, "Pregunta vinculada a la imagen nº 9.")]
    found = attach_pictures(items, [entry(1)])
    (missing,) = found.items[1].media
    assert (missing.status, missing.caption, missing.sha256) == ("missing", "imagen nº 9", None)
    assert found.items[1].needs_image == "yes"
    assert [one.status for one in found.items[0].media] == ["present"]


def test_without_any_image_booklet_named_pictures_are_missing() -> None:
    found = attach_pictures([asking(1, "Véase la figura 3."), asking(2, "Un hallazgo en imagen.")], [])
    assert [[one.status for one in item.media] for item in found.items] == [["missing"], []]


def test_a_picture_in_the_booklet_itself_is_the_one_that_is_named() -> None:
    own = Media(sha256="a" * 64, media_type="image/png", file="own.png", source_file="booklet.pdf", page=1)
    items = [asking(1, "En la figura 3 se ve:", media=(own,)), asking(2, "También en la figura 3:")]
    found = attach_pictures(items, [])
    assert [pictures(item) for item in found.items] == [["own.png"], ["own.png"]]


def test_a_context_may_name_the_picture() -> None:
    from benchwright.schemas import Context

    item = asking(1, "¿Qué es?", context=Context(id="c", text="La imagen 4 es de un paciente."))
    (media,) = attach_pictures([item], [entry(4)]).items[0].media
    assert media.attached_to == "context"


@pytest.mark.parametrize(("changes", "served"), [({}, ["es", "pl"]), ({"language": "pl"}, ["pl"]), ({"part": "2"}, [])])
def test_a_booklet_serves_its_part_and_language(changes: dict[str, str], served: list[str]) -> None:
    items = [asking(1, "Imagen 1: ¿diagnóstico?"), asking(1, "Zdjęcie nr 1: rozpoznanie?", language="pl")]
    found = attach_pictures(items, [entry(1, **changes)])
    assert [item.language for item in found.items if any(m.status == "present" for m in item.media)] == served


def test_two_parts_with_one_number_are_told_apart_by_what_they_ask() -> None:
    exam = plain_item(5).exam.model_copy(update={"part": "2"})
    items = [asking(5, "¿Qué es?"), asking(5, "Observe la imagen.", group="xx-exam/2024/2/005", exam=exam)]
    found = attach_pictures(items, [entry(5, kind="questions")])
    assert [pictures(item) for item in found.items] == [[], ["5.png"]]
    neither = attach_pictures([item.replace(stem="¿Qué es?") for item in items], [entry(5, kind="questions")])
    assert [one.detail for one in neither.rejects] == ["parts 1, 2 have a question 5"]
