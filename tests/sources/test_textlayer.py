"""Text layers: good ones are used, absent and wrong ones are noticed, one wrong letter is put right."""

from __future__ import annotations

import json
import random
import unicodedata
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.sources._ocrpages import empty_page
from benchwright.sources._pdfium import Floats, PageChars, PagePicture, read_page
from benchwright.sources._textlayer import coverage, mended, usable
from tests.typesetter.layout import draw
from tests.typesetter.press import print_exam
from tests.typesetter.raster import Scan, rasterise
from tests.typesetter.text import random_exam

ENGLISH = "which of the following statements about the treatment of this patient is the most likely to be correct "
HEBREW = "מה מהבאים הוא הטיפול הנכון במטופל זה עם כאבים בבטן ונפיחות שנמשכים שלושה ימים ואין לו חום "
RUSSIAN = "какое из следующих утверждений о лечении этого больного является наиболее вероятным и правильным "
JAPANESE = "次の記述のうち正しいものを一つ選びなさい。この患者の治療として最も適切であるのはどれか。"


def page_of(text: str, number: int = 1) -> PageChars:
    """A page with a text in lines of 60 signs."""
    blank = empty_page(number, 595.0, 842.0)
    codes = np.array([ord(c) for c in text], dtype=np.uint32)
    at = np.arange(len(codes))
    x0: Floats = (50.0 + at % 60 * 8.0).astype(np.float64)
    base: Floats = (60.0 + at // 60 * 14.0).astype(np.float64)
    size = np.full(len(codes), 10.0)
    return PageChars(
        number, blank.width, blank.height, codes, x0, np.subtract(base, 8), np.add(x0, 8), np.add(base, 2), base, size,
        np.zeros(len(codes), dtype=np.uint8), np.zeros(len(codes), dtype=np.uint32), np.zeros(len(codes)), (),
    )  # fmt: skip


@pytest.mark.parametrize("text", [ENGLISH, HEBREW, RUSSIAN, JAPANESE], ids=["en", "he", "ru", "ja"])
def test_text_of_a_language_is_usable(text: str) -> None:
    assert usable(page_of(text * 8)).usable


@settings(max_examples=30)
@given(shift=st.integers(3, 22), text=st.sampled_from((ENGLISH, RUSSIAN)))
def test_shifted_letters_are_wrong(shift: int, text: str) -> None:
    first, count = (97, 26) if text is ENGLISH else (0x430, 32)
    shifted = "".join(chr(first + (ord(c) - first + shift) % count) if c != " " else c for c in text * 8)
    verdict = usable(page_of(shifted))
    letters = [unicodedata.normalize("NFKD", c)[0] for c in shifted if c != " "]
    common = sum(c in "eaionrstоеаинтрс" for c in letters) / len(letters)
    assert verdict.usable == (common >= (0.42 if text is ENGLISH else 0.40))


VIETNAMESE = "phát biểu nào sau đây về điều trị cho người bệnh này là đúng nhất và nên được thực hiện trước tiên "


@pytest.mark.parametrize(("text", "encoding"), [(RUSSIAN, "cp1251"), (HEBREW, "cp1255")], ids=["ru", "he"])
def test_another_script_decoded_as_latin_is_wrong_and_a_language_of_many_accents_is_not(
    text: str, encoding: str
) -> None:
    verdict = usable(page_of((text * 8).encode(encoding).decode("latin-1")))
    assert not verdict.usable
    assert "accents" in verdict.reason
    assert usable(page_of(VIETNAMESE * 8)).usable


@settings(max_examples=20)
@given(seed=st.integers(0, 1000))
def test_a_mix_of_scripts_is_wrong(seed: int) -> None:
    generator = random.Random(seed)
    text = "".join(
        chr(generator.choice((0x0700, 0x0840, 0x1400, 0x3100, 0x0D80)) + generator.randrange(40)) for _ in range(300)
    )
    verdict = usable(page_of(text))
    assert not verdict.usable
    assert verdict.reason.startswith("wrong")


def test_few_option_marks_from_a_private_font_are_right_and_a_private_alphabet_is_wrong() -> None:
    marks = "".join(f"{chr(0xE18C + k % 4)}{ENGLISH}" for k in range(12))
    assert usable(page_of(marks)).usable
    digits = "".join(f"{chr(0xE030 + k % 30)}{chr(0xE040 + k % 17)} {ENGLISH[:20]}" for k in range(40))
    assert not usable(page_of(digits)).usable


def test_the_letters_of_a_key_are_no_words() -> None:
    key = "".join(f"{k % 100:02} {'ABCD'[k % 4]}   " for k in range(150))
    assert usable(page_of(key)).usable


def test_a_picture_without_text_is_absent_and_an_empty_page_is_not() -> None:
    blank = empty_page(1, 595.0, 842.0)
    scanned = PageChars(**{**blank.__dict__, "pictures": (PagePicture((0, 0, 595, 842), "image"),)})
    assert coverage(scanned) == 1.0
    assert not usable(scanned).usable
    assert usable(blank).usable


def letters_at_their_usual_rate(seed: int) -> str:
    """Words of Hebrew letters, each as frequent as in a real text."""
    shares = {"א": 6, "ב": 5, "ג": 1, "ד": 3, "ה": 11, "ו": 10, "ז": 1, "ח": 2, "ט": 2, "י": 11, "כ": 3, "ל": 7, "מ": 5,
              "ם": 3, "נ": 3, "ן": 2, "ס": 2, "ע": 3, "פ": 2, "צ": 1, "ק": 2, "ר": 6, "ש": 4, "ת": 5}  # fmt: skip
    generator = random.Random(seed)
    words = ("".join(generator.choices(list(shares), list(shares.values()), k=5)) for _ in range(800))
    return " ".join(words)


def test_one_wrongly_mapped_letter_is_put_right_and_recorded() -> None:
    right = letters_at_their_usual_rate(4)
    pages, notes = mended([page_of(right.replace("נ", "ð"))], "he")
    assert "".join(map(chr, pages[0].code)) == right
    assert pages[0].note == "U+00F0=U+05E0"
    assert notes
    untouched, silent = mended([page_of(right)], "he")
    assert not silent
    assert untouched[0].note is None


def test_a_foreign_letter_is_left_where_no_letter_is_missing() -> None:
    text = letters_at_their_usual_rate(5).replace("ל", "לð", 90)
    pages, notes = mended([page_of(text)], "he")
    assert not notes
    assert "".join(map(chr, pages[0].code)) == text


@pytest.mark.parametrize("seed", range(4))
def test_printed_booklets_are_usable_and_their_scans_are_not(tmp_path: Path, seed: int) -> None:
    printed = print_exam(random_exam(seed, "es", 6), draw(seed, "es"), tmp_path, with_keys=False)
    assert all(usable(page).usable for page in pages_of(printed.booklet))
    scan = rasterise(printed.booklet, tmp_path / "scan.pdf", Scan(dpi=72, seed=seed, wrong_layer=seed % 2 == 1))
    verdicts = [
        usable(page) for page, full in zip(pages_of(scan), pages_of(printed.booklet), strict=True) if full.count > 300
    ]
    assert verdicts
    assert not any(verdict.usable for verdict in verdicts)


def pages_of(path: Path) -> list[PageChars]:
    """The characters of all pages."""
    document = pypdfium2.PdfDocument(path)
    pages = [read_page(document, index) for index in range(len(document))]
    document.close()
    return pages


BROKEN = ("jp_keiryoshi/",)


def development(data_dir: Path, root: Path) -> list[Path]:
    """The development papers that are PDF."""
    names = json.loads((root / "bench" / "split.json").read_text(encoding="utf-8"))["development"]
    return [data_dir / name for name in names if name.endswith(".pdf")]


def test_real_papers_are_judged_right(data_dir: Path, root: Path) -> None:
    wrong: list[str] = []
    for path in development(data_dir, root):
        name = path.relative_to(data_dir).as_posix()
        document = pypdfium2.PdfDocument(path)
        for index in range(1, min(len(document), 6)):
            verdict = usable(read_page(document, index))
            if verdict.usable == name.startswith(BROKEN):
                wrong.append(f"{name} page {index + 1}: {verdict.reason or 'usable'}")
        document.close()
    assert not wrong
