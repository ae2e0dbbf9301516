"""`show`: the item as text, and where on its pages it was read, with the boxes drawn and named."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

import benchwright
from benchwright.builder.cli import app
from benchwright.builder.show import find_item, page_crops
from benchwright.schemas.errors import NotFoundError
from benchwright.schemas.item import Item
from tests.typesetter.layout import Layout, settle
from tests.typesetter.press import print_exam
from tests.typesetter.raster import Scan, rasterise
from tests.typesetter.text import random_exam

QUESTIONS = 8
STEM, OPTION, KEY, FIGURE = (25, 90, 170), (20, 110, 60), (180, 20, 60), (150, 80, 0)


def project(folder: Path, language: str = "en", route: str = "reportlab", *, scan: bool = False, **layout: Any) -> Path:
    """Print an exam with a key file, and build it."""
    exam = random_exam(9, language, QUESTIONS, figures=route == "reportlab")
    printed = print_exam(exam, settle(Layout(**layout), language), folder / "papers", route=route)
    booklet = printed.booklet
    if scan:
        booklet = folder / "scan.pdf"
        rasterise(printed.booklet, booklet, Scan(dpi=200, seed=1))
    benchwright.new(folder / "p", [booklet, *printed.keys], language=language)
    benchwright.build(folder / "p", jobs=1, gate=False)
    return folder / "p"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A booklet in two columns with figures and a key of its own."""
    return project(tmp_path_factory.mktemp("plain"), columns=2, key_format="rows")


def items(built: Path) -> list[Item]:
    return benchwright.read_items(built)


def colours(png: bytes) -> set[object]:
    """Return the colours of a picture."""
    with Image.open(io.BytesIO(png)) as picture:
        found = picture.convert("RGB").getcolors(1 << 24) or []
    return {colour for _, colour in found}


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["show", *map(str, words)])


def test_stem_options_figure_and_key_are_drawn(plain: Path) -> None:
    for item in items(plain):
        crops = page_crops(plain, item)
        pages = {(place.file, place.page) for place in item.provenance}
        assert {(file, page) for file, page, _ in crops} == pages
        seen = set().union(*(colours(png) for _, _, png in crops))
        fields = {place.field.partition(":")[0] for place in item.provenance}
        assert {STEM, KEY} <= seen
        assert (OPTION in seen) == ("option" in fields)
        assert (FIGURE in seen) == bool(item.media)
        assert crops[-1][0].startswith("key")
        assert STEM not in colours(crops[-1][2])


def test_an_item_of_several_pages_or_columns_has_all_its_places(plain: Path) -> None:
    several = [item for item in items(plain) if len({p.page for p in item.provenance if p.field != "key"}) > 1]
    for item in several:
        assert len(page_crops(plain, item)) == len({(p.file, p.page) for p in item.provenance})


def test_the_command_writes_one_picture_for_each_page(plain: Path, tmp_path: Path) -> None:
    item = items(plain)[0]
    done = run(item.id, "-C", plain, "--source", "--png", tmp_path / "q.png")
    assert done.exit_code == 0, done.output
    assert item.stem[:20] in done.stdout
    assert (tmp_path / "q.png").is_file()
    assert (tmp_path / "q-2.png").is_file()


def test_right_to_left_items_are_drawn(tmp_path: Path) -> None:
    built = project(tmp_path, "he", "chromium")
    for item in items(built):
        first = page_crops(built, item)[0]
        assert {STEM, OPTION} <= colours(first[2])


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_items_read_by_ocr_are_drawn_where_they_stand(tmp_path: Path) -> None:
    built = project(tmp_path, scan=True)
    item = items(built)[0]
    assert any(place.ocr for place in item.provenance)
    with Image.open(io.BytesIO(page_crops(built, item)[0][2])) as picture:
        box = next(p for p in item.provenance if p.field == "stem")
        assert box.x0 is not None
        assert box.x1 is not None
        assert picture.width > 2 * (box.x1 - box.x0)
    assert {STEM, OPTION} <= colours(page_crops(built, item)[0][2])


def test_an_id_that_is_not_there_names_the_nearest(plain: Path) -> None:
    right = items(plain)[2].id
    done = run(right.replace("003", "0O3"), "-C", plain)
    assert done.exit_code == 2
    assert right in done.stderr
    assert "did you mean" in done.stderr


def test_an_item_without_a_page_says_what_names_its_place(plain: Path, tmp_path: Path) -> None:
    table = pl.read_parquet(plain / "build/items.parquet").head(1)
    (tmp_path / "build").mkdir()
    table.with_columns(
        pl.lit([], dtype=table.schema["provenance"]).alias("provenance"),
        pl.lit([], dtype=table.schema["media"]).alias("media"),
    ).write_parquet(tmp_path / "build/items.parquet")
    item = find_item(tmp_path, table["id"][0])
    with pytest.raises(NotFoundError, match="does not say from which page"):
        page_crops(tmp_path, item)
