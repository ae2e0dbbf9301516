"""Keys of several printed versions: which column is whose, and when nothing says so."""

from __future__ import annotations

import pytest

from benchwright.schemas.errors import InputError
from benchwright.schemas.papers import PaperJob
from benchwright.sources._keys import find_tables
from benchwright.sources._lines import Line
from benchwright.sources._versionkeys import table_of_version, version_columns


def lines_of(text: str) -> list[Line]:
    """Return lines of a page as a reader gives them, ten points to a row."""
    return [
        Line(
            page=1, column=0, text=row, chars=tuple(range(len(row))), x0=50, y0=100 + 10 * k, x1=50 + 6 * len(row),
            y1=109 + 10 * k, base=108 + 10 * k, size=9, starts=(0,), lefts=(50.0,),
            spots=tuple(53.0 + 6 * i for i in range(len(row))),
        )
        for k, row in enumerate(text.splitlines())
    ]  # fmt: skip


def job(booklet: str | None, *, part: str = "1", shared: bool = False) -> PaperJob:
    return PaperJob(
        file="key.pdf", sha256="0", exam="x", edition="1", part=part, language="es", role="key", booklet=booklet,
        shared=shared,
    )  # fmt: skip


COLUMNS = "Clave\nPregunta X Y Z\n" + "\n".join(
    f"{n} {'ABCD'[n % 4]} {'BCDA'[n % 4]} {'CDAB'[n % 4]}" for n in range(1, 11)
)
SIMPLE = "Clave\nPregunta Respuesta\n" + "\n".join(f"{n} {'ABCD'[n % 4]}" for n in range(1, 11))


def answers(text: str, asked: PaperJob) -> str | None:
    lines = lines_of(text)
    table = table_of_version(find_tables(lines), lines, asked)
    return None if table is None else "".join(table.cells[number].printed for number in sorted(table.cells))


@pytest.mark.parametrize(("booklet", "first"), [("X", "BCDA"), ("y", "CDAB"), ("Z", "DABC")])
def test_a_version_has_its_own_column(booklet: str, first: str) -> None:
    found = answers(COLUMNS, job(booklet, shared=True))
    assert found is not None
    assert found.startswith(first)
    assert len(found) == 10


@pytest.mark.parametrize("asked", [job(None), job("V", shared=True), job("V", part="1+V", shared=True)])
def test_a_version_without_a_column_is_not_guessed(asked: PaperJob) -> None:
    with pytest.raises(InputError) as error:
        answers(COLUMNS, asked)
    assert error.value.problems[0].code == "key-ambiguous"


def test_a_simple_key_is_of_the_first_version() -> None:
    assert answers(SIMPLE, job("X", shared=True)) == "BCDABCDABC"
    assert answers(SIMPLE, job("Y", part="1+Y", shared=True)) is None
    assert answers(SIMPLE, job("Y", part="1+Y")) == "BCDABCDABC"


def test_points_beside_the_answers_are_no_version() -> None:
    text = "Clave\nPregunta Respuesta Puntos\n" + "\n".join(f"{n} {'ABCD'[n % 4]} 2" for n in range(1, 11))
    lines = lines_of(text)
    assert version_columns(find_tables(lines)[0], lines) == {}
