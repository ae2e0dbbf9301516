"""Tesseract, as a program: a picture in, lines of words with character boxes and confidences out (hOCR)."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from benchwright.schemas.errors import InputError, MissingDependencyError, Problem
from benchwright.schemas.signature import signature
from benchwright.sources._ocr import OcrLine, OcrPage, OcrWord, PixelBox, engine_languages, languages_of_scripts

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["ENGINE", "Tesseract"]

_TIMEOUT: Final = 180.0
"""Seconds for one page."""
_MODE: Final = 6
"""Page segmentation: fully automatic. On two-column booklets the modes for one block mix the columns."""
_SPACE: Final = "{http://www.w3.org/1999/xhtml}"
_PICTURES: Final = frozenset({"ocr_photo"})
_LINES: Final = frozenset({"ocr_line", "ocr_caption", "ocr_textfloat", "ocr_header"})
_NUMBERS: Final = re.compile(r"-?\d+(?:\.\d+)?")


class Tesseract:
    """Tesseract 4 or later on the path."""

    name = "tesseract"

    def signature(self) -> str:
        """Name, version, segmentation mode.

        Raises:
            MissingDependencyError: Tesseract is not installed.
        """
        return signature(self.name, mode=_MODE, version=_version())

    def read(self, image: Image, dpi: int, languages: Sequence[str]) -> OcrPage:
        """Return the text of a picture.

        Raises:
            MissingDependencyError: Tesseract or the data of a language is not installed.
            InputError: Tesseract fails or takes longer than three minutes.
        """
        return read_hocr(self._run(image, dpi, languages, _MODE, ("-c", "hocr_char_boxes=1", "hocr")))

    def guess_language(self, image: Image) -> str | None:
        """Return an installed language in the script that Tesseract sees, or None without its script data."""
        if "osd" not in _installed():
            return None
        try:
            said = self._call(image, 150, ("osd",), 0, ())
        except InputError:
            return None
        found = re.search(rb"Script: (\w+)", said)
        tags = languages_of_scripts().get(found[1].decode("ascii"), ()) if found else ()
        return next((tag for tag in tags if engine_languages([tag])[0] in _installed()), next(iter(tags), None))

    def turn_of(self, image: Image) -> int:
        """Return by how many degrees clockwise a picture has to be turned; 0 without the data for orientation."""
        if "osd" not in _installed():
            return 0
        try:
            said = self._call(image, 150, ("osd",), 0, ())
        except InputError:
            return 0
        turn = re.search(rb"Rotate: (90|180|270)\b", said)
        return int(turn[1]) if turn else 0

    def has_language(self, language: str) -> bool:
        """Tell whether the data of a language is installed."""
        return engine_languages([language])[0] in _installed()

    def read_line(self, image: Image, dpi: int, languages: Sequence[str], letters: str | None = None) -> OcrLine | None:
        """Return the line in a picture of one line, or None when nothing is read; only ``letters`` may occur."""
        only = ("-c", f"tessedit_char_whitelist={letters}") if letters else ()
        hocr = (*only, "-c", "hocr_char_boxes=1", "hocr")
        lines = read_hocr(self._run(image, dpi, ("en",) if letters else languages, 7, hocr)).lines
        return lines[0] if len(lines) == 1 else None

    def read_signs(self, image: Image, letters: str) -> list[tuple[str, float, float]]:
        """Return single signs on a sheet of them, each with the middle of its box in pixels."""
        only = ("-c", f"tessedit_char_whitelist={letters}", "-c", "hocr_char_boxes=1", "hocr")
        page = read_hocr(self._call(image, 300, ("eng",), 6, only))
        return [
            (sign, (left + right) / 2, (word.box[1] + word.box[3]) / 2)
            for line in page.lines
            for word in line.words
            for sign, (left, right) in zip(word.text, word.edges, strict=False)
        ]

    def read_numbers(self, image: Image) -> list[tuple[str, float, float]]:
        """Return the numerals in a picture, each with its middle in pixels."""
        only = ("-c", "tessedit_char_whitelist=0123456789", "-c", "hocr_char_boxes=1", "hocr")
        page = read_hocr(self._call(image, 300, ("eng",), 6, only))
        return [
            (word.text, (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2)
            for line in page.lines
            for word in line.words
        ]

    def read_words(self, image: Image, letters: str) -> list[tuple[str, float, float]]:
        """Return words made of some signs, with their confidence and the middle of each from the top."""
        only = ("-c", f"tessedit_char_whitelist={letters}", "-c", "hocr_char_boxes=1", "hocr")
        page = read_hocr(self._call(image, 300, ("eng",), 6, only))
        return [
            (word.text, word.confidence, (word.box[1] + word.box[3]) / 2) for line in page.lines for word in line.words
        ]

    def _run(self, image: Image, dpi: int, languages: Sequence[str], mode: int, extra: Sequence[str]) -> bytes:
        codes = engine_languages(languages) or ("eng",)
        _need(codes)
        return self._call(image, dpi, codes, mode, extra)

    def _call(self, image: Image, dpi: int, codes: Sequence[str], mode: int, extra: Sequence[str]) -> bytes:
        picture = io.BytesIO()
        image.convert("L").save(picture, format="PNG", compress_level=1)
        command = [
            "tesseract", "-", "-", "-l", "+".join(codes), "--dpi", str(dpi), "--psm", str(mode), *extra,
        ]  # fmt: skip
        # One thread: pages are read by several processes, and more threads make each page slower, not faster.
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        try:
            done = subprocess.run(
                command, input=picture.getvalue(), capture_output=True, timeout=_TIMEOUT, env=environment, check=False
            )
        except FileNotFoundError as error:
            raise MissingDependencyError(_absent()) from error
        except subprocess.TimeoutExpired as error:
            raise InputError(_failed(f"no answer in {_TIMEOUT:.0f} s", image)) from error
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise InputError(_failed(f"exit status {done.returncode}: {said[-1] if said else ''}", image))
        return done.stdout


def _absent() -> Problem:
    return Problem(
        "dependency-missing",
        "pages without a usable text layer need Tesseract, which is not installed",
        place="OCR",
        found="no program `tesseract` on the path",
        expected="Tesseract 4 or later",
        remedy="apt-get install tesseract-ocr tesseract-ocr-eng (and tesseract-ocr-LANG for the papers)",
    )


@lru_cache(maxsize=1)
def _version() -> str:
    if shutil.which("tesseract") is None:
        raise MissingDependencyError(_absent())
    said = subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=False)
    words = (said.stdout or said.stderr).split()
    return words[1] if len(words) > 1 else "unknown"


@lru_cache(maxsize=1)
def _installed() -> frozenset[str]:
    _version()
    said = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
    return frozenset((said.stdout or said.stderr).split("\n")[1:]) - {""}


def _need(codes: Sequence[str]) -> None:
    missing = [code for code in codes if code not in _installed()]
    if missing:
        packages = " ".join(f"tesseract-ocr-{code.replace('_', '-')}" for code in missing)
        raise MissingDependencyError(
            Problem(
                "dependency-missing",
                f"Tesseract has no data for {', '.join(missing)}",
                place="OCR",
                found=", ".join(sorted(_installed())) or None,
                expected=", ".join(codes),
                remedy=f"apt-get install {packages}, or set ocr.languages of the layout in recipe.yaml",
            )
        )


def _failed(found: str, image: Image) -> Problem:
    return Problem(
        "file-unreadable",
        "Tesseract failed on a page",
        place="OCR",
        found=found,
        expected=f"the text of a picture of {image.width} x {image.height} pixels",
        remedy="set a lower ocr.dpi in the layout, or give the file the role ignore",
    )


def read_hocr(data: bytes) -> OcrPage:
    """Return the lines and picture areas of an hOCR document with character boxes."""
    root = ET.fromstring(data)  # noqa: S314 - written by Tesseract, on this machine, a moment ago
    lines, pictures = [], []
    for node in root.iter():
        kind = node.get("class")
        if kind in _PICTURES:
            pictures.append(_box(node.get("title", "")))
        elif kind in _LINES:
            line = _line(node)
            if line is not None:
                lines.append(line)
    return OcrPage(tuple(lines), tuple(pictures))


def _values(title: str, name: str) -> list[float]:
    for part in title.split(";"):
        if part.strip().startswith(name + " "):
            return [float(number) for number in _NUMBERS.findall(part.strip()[len(name) :])]
    return []


def _box(title: str) -> PixelBox:
    x0, y0, x1, y1 = (_values(title, "bbox") or _values(title, "x_bboxes"))[:4]
    return (x0, y0, x1, y1)


def _line(node: ET.Element) -> OcrLine | None:
    words = _undoubled([word for child in node if child.get("class") == "ocrx_word" for word in _words(child)])
    if not words:
        return None
    title = node.get("title", "")
    x0, y0, x1, y1 = _box(title)
    slope, offset = (_values(title, "baseline") or [0.0, 0.0])[:2]
    size = (_values(title, "x_size") or [y1 - y0])[0]
    return OcrLine(words, y1 + offset + slope * (x1 - x0) / 2, size)


def _words(node: ET.Element) -> Iterator[OcrWord]:
    characters = [c for c in node.iter() if c.get("class") == "ocrx_cinfo" and (c.text or "").strip()]
    title = node.get("title", "")
    confidence = max(0.0, min((_values(title, "x_wconf") or [0.0])[0] / 100, 1.0))
    text, edges = [], []
    for character in characters:
        box = _box(character.get("title", ""))
        text.append(character.text or "")
        edges.extend([(box[0], box[2])] * len(character.text or ""))
    if not characters:
        text.append("".join(node.itertext()).strip())
    joined = "".join(text)
    if joined.strip():
        yield OcrWord(joined, _box(title), confidence, tuple(edges))


def _undoubled(words: Sequence[OcrWord]) -> tuple[OcrWord, ...]:
    """Return words in which one letter that was read as capital and small letter, in one place, is one letter.

    It is the capital at the start of a sentence and where it stands alone, as in a mark.
    """
    result: list[OcrWord] = []
    for word in words:
        k = next((k for k in range(len(word.text) - 1) if _same_place(word, k)), None)
        if k is None:
            result.append(word)
            continue
        before = result[-1].text if result else "."
        alone = sum(c.isalpha() for c in word.text) == 2
        capital = alone or (k == 0 and before[-1] in ".?!:)]-")
        sign = word.text[k].upper() if capital else word.text[k].lower()
        place = (min(word.edges[k][0], word.edges[k + 1][0]), max(word.edges[k][1], word.edges[k + 1][1]))
        edges = (*word.edges[:k], place, *word.edges[k + 2 :])
        result.append(replace(word, text=word.text[:k] + sign + word.text[k + 2 :], edges=edges))
    return tuple(result)


def _same_place(word: OcrWord, k: int) -> bool:
    """Tell whether a letter and the next are the same letter in both cases, in one place."""
    a, b = word.text[k], word.text[k + 1]
    if a == b or a.casefold() != b.casefold() or len(word.edges) != len(word.text):
        return False
    (left, right), (other, end) = word.edges[k : k + 2]
    return min(right, end) - max(left, other) > 0.6 * min(right - left, end - other)


ENGINE: Final = Tesseract()
