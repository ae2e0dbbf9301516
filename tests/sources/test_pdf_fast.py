"""Compiled calls into PDFium: the same as without them, kept on disk, and no cost for a short paper."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pypdfium2.raw
import pytest

from benchwright.sources import _kept, _pdffast, _pdffastcode, _pdfium
from benchwright.sources._pdffast import Calls
from benchwright.sources._pdfium import PageChars, open_pdf, read_page
from tests.typesetter.layout import draw
from tests.typesetter.press import print_exam
from tests.typesetter.text import random_exam

REAL = (
    "es_mir_headqa/MIR_2014.pdf",
    "ar_examen_unico/examen_unico_2016.pdf",
    "il_ima_internal/2021_jun_questions.pdf",
    "jp_keiryoshi/75_kannou.pdf",
    "kr_kice_math/202311-h3-math-dif.pdf",
)
COLUMNS = ("code", "x0", "y0", "x1", "y1", "base", "size", "style", "colour", "angle")


@pytest.fixture(scope="module")
def booklet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A booklet with pictures, bold and coloured text and a watermark."""
    exam = random_exam(3, "es", 12, options=(4, 5), parts=1)
    layout = draw(3, "es", columns=2, number_bold=True, watermark="MUESTRA")
    return print_exam(exam, layout, tmp_path_factory.mktemp("fast")).booklet


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of this test's own, and nothing remembered of another."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for remembered in (_pdffastcode.loops_on_disk, _pdffastcode.made_loops):
        remembered.cache_clear()
    yield tmp_path / "cache"
    for remembered in (_pdffastcode.loops_on_disk, _pdffastcode.made_loops):
        remembered.cache_clear()


def pages_of(path: Path, calls: Calls, monkeypatch: pytest.MonkeyPatch) -> list[PageChars]:
    monkeypatch.setattr(_pdfium, "shared_calls", lambda: calls)
    with open_pdf(path, path.name) as document:
        return [read_page(document, index) for index in range(len(document))]


def compare(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Check that a file reads the same both ways, and return how many characters it has."""
    loops = _pdffastcode.loops_on_disk() or _pdffastcode.made_loops()
    assert loops is not None
    fast = pages_of(path, Calls(pypdfium2.raw, loops), monkeypatch)
    slow = pages_of(path, Calls(pypdfium2.raw, None, wait=False), monkeypatch)
    for one, other in zip(fast, slow, strict=True):
        for column in COLUMNS:
            assert np.array_equal(getattr(one, column), getattr(other, column)), column
        assert one.pictures == other.pictures
    return sum(page.count for page in fast)


def test_a_printed_booklet_reads_the_same(booklet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("llvmlite")
    assert compare(booklet, monkeypatch) > 1000


@pytest.mark.data
@pytest.mark.parametrize("name", REAL)
def test_a_real_paper_reads_the_same(name: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("llvmlite")
    assert compare(data_dir / name, monkeypatch) > 1000


def test_without_the_extra_characters_are_where_pypdfium2_says(booklet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The boxes of characters lie inside the page and around the boxes that pypdfium2's own calls give."""
    [page, *_] = pages_of(booklet, Calls(pypdfium2.raw, None, wait=False), monkeypatch)
    with open_pdf(booklet, "b.pdf") as document:
        text = document[0].get_textpage()
        printed = [i for i in range(text.count_chars()) if pypdfium2.raw.FPDFText_GetTextObject(text.raw, i)]
        boxes = np.array([text.get_charbox(i, loose=True) for i in printed])
        codes = [pypdfium2.raw.FPDFText_GetUnicode(text.raw, i) for i in printed]
        text.close()
    assert page.code.tolist() == codes
    assert np.allclose(page.x0, boxes[:, 0])
    assert np.allclose(page.height - page.y1, boxes[:, 1])


def test_compiled_loops_are_kept_and_found_again(empty_cache: Path) -> None:
    pytest.importorskip("llvmlite")
    assert _pdffastcode.loops_on_disk() is None
    made = _pdffastcode.made_loops()
    _pdffastcode.loops_on_disk.cache_clear()
    kept = _pdffastcode.loops_on_disk()
    assert made is not None
    assert kept is not None
    assert set(made) == set(kept) == set(_pdffastcode.SHAPES)


@pytest.mark.parametrize("harm", ["cut", "changed", "open to others"])
def test_kept_code_that_cannot_be_trusted_is_not_run(harm: str, empty_cache: Path) -> None:
    pytest.importorskip("llvmlite")
    _pdffastcode.made_loops()
    path = _kept.kept_file(_pdffastcode.code_name())
    assert path is not None
    data = path.read_bytes()
    if harm == "cut":
        path.write_bytes(data[:-10])
    elif harm == "changed":
        path.write_bytes(data[:600] + bytes([data[600] ^ 1]) + data[601:])
    else:
        path.chmod(0o666)
    assert _pdffastcode.loops_on_disk() is None


def reads(path: Path, cache: Path, worth: int) -> list[str]:
    """Return what a fresh process loads and finds when it reads a booklet."""
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from benchwright.sources import _pdffast, _pdfium\n"
        f"_pdffast._WORTH = {worth}\n"
        f"path = Path({str(path)!r})\n"
        "with _pdfium.open_pdf(path, 'b.pdf') as document:\n"
        "    [_pdfium.read_page(document, i) for i in range(len(document))]\n"
        "print('llvmlite' in sys.modules, _pdffast.shared_calls().loops is not None)\n"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    call = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    return call.stdout.split()


def test_a_short_paper_never_waits_for_the_compiler(booklet: Path, tmp_path: Path) -> None:
    """Nothing is compiled for few calls; after many it is; a later process finds it and loads no compiler."""
    pytest.importorskip("llvmlite")
    assert reads(booklet, tmp_path, 10**9) == ["False", "False"]
    assert reads(booklet, tmp_path, 1000) == ["True", "True"]
    assert reads(booklet, tmp_path, 10**9) == ["False", "True"]


def test_without_the_extra_nothing_is_compiled(
    booklet: Path, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "llvmlite", None)
    monkeypatch.setitem(sys.modules, "llvmlite.binding", None)
    monkeypatch.setattr(_pdffast, "_WORTH", 0)
    calls = Calls(pypdfium2.raw)
    assert sum(page.count for page in pages_of(booklet, calls, monkeypatch)) > 1000
    assert calls.loops is None
