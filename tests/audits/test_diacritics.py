"""Marks that one file of a part lost."""

from __future__ import annotations

from benchwright.audits.diacritics import AUDIT
from benchwright.schemas import Item, Provenance
from benchwright.schemas.plugins import AuditContext
from tests.audits.clean import item, table
from tests.audits.planted.diacritics import BARE

WHOLE = (
    "La medicación no podía administrarse según el esquema habitual después de la operación quirúrgica del hígado {}"
)


def items_of(texts: dict[str, str], each: int = 40) -> list[Item]:
    return [
        item(
            each * place + number,
            stem=text.format(number),
            texts=(),
            provenance=(Provenance(field="item", file=file, page=1),),
        )
        for place, (file, text) in enumerate(texts.items())
        for number in range(1, each + 1)
    ]


def messages(items: list[Item]) -> list[str]:
    return AUDIT.run(table(items), AuditContext()).findings["message"].to_list()


def test_a_file_that_lost_its_marks_is_told_by_name() -> None:
    (message,) = messages(items_of({"a.pdf": WHOLE, "b.pdf": f"{BARE} {{}}", "c.pdf": WHOLE}))
    assert "file b.pdf" in message
    assert "in 40 items" in message


def test_a_part_that_lost_them_in_all_files_is_told_once() -> None:
    (message,) = messages(items_of({"a.pdf": f"{BARE} {{}}", "b.pdf": f"{BARE} {{}}"}))
    assert "file" not in message
    assert "in 80 items" in message


def test_files_that_have_their_marks_are_silent() -> None:
    assert messages(items_of({"a.pdf": WHOLE, "b.pdf": WHOLE})) == []
