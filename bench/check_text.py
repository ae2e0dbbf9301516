"""Says which transcribed questions are sure, without the parser: from plain page text, or from two transcriptions.

Where two transcriptions exist, a question is sure when both agree in stem and options. Where there is one, when its
stem and every option, without spaces and punctuation, stand in the plain text of one page and the next, and neither
begins or ends in the middle of something: before the stem stands a number, after each text a mark, a number, a blank
line or the end of the page. (Texts that read from right to left come out of a page in other orders: there the texts
alone count.)
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from benchwright.schemas.text import comparable

Row = dict[str, Any]
RADICALS = Path(__file__).resolve().parent.parent / "benchwright/sources/data/radicals.yaml"
TAG = re.compile(r"</?(?:sub|sup|b|i|u|em|strong|br|p|span)\b[^<>]*>", re.IGNORECASE)


@cache
def radicals() -> dict[int, str]:
    """Return radicals and the characters that they look like, as data of the package says."""
    lines = RADICALS.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(": ") for line in lines if not line.startswith("#") and ": " in line]
    return {ord(radical): character for radical, character in pairs}


def fold(text: str, fixes: dict[int, str] | None = None) -> str:
    """Return the form in which texts are compared: without markup, radicals as characters, then `comparable`."""
    plain = TAG.sub("", text).translate(radicals()).translate(fixes or {})
    return comparable(unicodedata.normalize("NFC", plain))


def page_texts(path: Path) -> list[str]:
    """Return the plain text of every page of a PDF file, or the text of a Word file as one page."""
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as parts:
            xml = parts.read("word/document.xml").decode("utf-8")
        runs = re.findall(r"<(?:w|m):t(?: [^>]*)?>([^<]*)<|<w:(?:br|tab|tc|p)[ />]", xml)
        return ["".join(run or "\n" for run in runs)]
    import pypdfium2

    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]


def same(one: Row, other: Row) -> bool:
    """Return whether two transcriptions of a question agree in stem and options."""
    texts = [[fold(option["text"]) for option in gold["options"]] for gold in (one, other)]
    return fold(one["stem"]) == fold(other["stem"]) and texts[0] == texts[1]


def agreed(rows: Iterable[Row], others: Iterable[Row]) -> set[tuple[str, str]]:
    """Return file and number of the questions on which two transcriptions agree."""
    by_place = {(gold["file"], gold["number"]): gold for gold in others}
    places = {(gold["file"], gold["number"]): gold for gold in rows}
    return {place for place, gold in places.items() if place in by_place and same(gold, by_place[place])}


BEFORE_STEM = re.compile(r"(?:\d{1,3}|_)\W*(?:\w+\W{1,4})?$")
AFTER = re.compile(
    r"[^\w\ue000-\uf8ff]*(?:$|\n\s*\n|[A-Ea-e1-5][.)\]:]|[\ue000-\uf8ff]|\d{1,3}\s*[.)\-ªº\]:]|\d{1,3}\s*$|[①-⑤]|[A-E]\s*(?:$|\n)"
    r"|(?:Câu|Question|Pregunta|Respuesta)\W)"
)
MERGED = re.compile(r"\s[B-Eb-e]\)\s")
"""A mark inside an option: two options that a transcription has as one."""


class Plain:
    """A plain text with its compared form and, for each character of that, its place in the plain text."""

    def __init__(self, text: str, fixes: dict[int, str]) -> None:
        self.text = text.replace("\r", "")
        self.folded, self.places = "", []
        for place, character in enumerate(self.text):
            folded = fold(character, fixes)
            self.folded += folded
            self.places += [place] * len(folded)

    def whole(self, wanted: str, *, stem: bool) -> bool:
        """Return whether a compared text stands here without a beginning or an end missing."""
        at = self.folded.find(wanted)
        while at >= 0:
            before, after = self.text[: self.places[at]], self.text[self.places[at + len(wanted) - 1] + 1 :]
            if AFTER.match(after) and (not stem or BEFORE_STEM.search(before[-20:])):
                return True
            at = self.folded.find(wanted, at + 1)
        return False


def stands(texts: Sequence[str], span: Plain, *, edges: bool, stem: bool) -> bool:
    """Return whether a stem and its options stand in a span of pages."""
    if not all(text and text in span.folded for text in texts):
        return False
    return not edges or all(span.whole(text, stem=stem and not place) for place, text in enumerate(texts))


def printed(
    rows: Sequence[Row], paths: dict[str, Path], fixes: dict[int, str], *, edges: bool = True
) -> set[tuple[str, str]]:
    """Return file and number of the questions whose texts stand on one page of their file or across two."""
    found: set[tuple[str, str]] = set()
    for file, path in paths.items():
        pages = page_texts(path)
        spans = [Plain(f"{one}\n\n{other}", fixes) for one, other in zip(pages, [*pages[1:], ""], strict=True)]
        for gold in (row for row in rows if row["file"] == file):
            texts = [fold(gold["stem"]), *(fold(option["text"]) for option in gold["options"])]
            texts = texts if gold["stem"] else texts[1:]
            merged = any(MERGED.search(option["text"]) for option in gold["options"])
            if not merged and any(stands(texts, span, edges=edges, stem=bool(gold["stem"])) for span in spans):
                found.add((file, gold["number"]))
    return found
